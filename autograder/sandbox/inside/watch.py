"""The process that stays outside the server's room and ends it when the starter is gone.

It is started as ``python -I -S watch.py SERVER STARTER FOLDER`` in place of the program that forked
the server, with the same process number, so that it holds a bare interpreter and no library.
"""

import contextlib
import os
import select
import signal
import sys

# How the server ends where the starter went without a word, and so without removing its files.
STARTER_GONE = 7
INTERVAL = 0.5


def watch(server: int, starter: int, folder: str) -> None:
    """Wait for the end of the `server`, or of the `starter`, and remove what is left. Ends itself.

    With nothing to separate them there is no room; then keepers end their jobs by themselves.
    """
    poll = select.poll()
    with contextlib.suppress(OSError, AttributeError):
        poll.register(os.pidfd_open(server), select.POLLIN)
    while True:
        done, status = os.waitpid(server, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status) & 0xFF
            if code == STARTER_GONE:
                _remove(folder)
            os._exit(code)
        if os.getppid() != starter:
            with contextlib.suppress(ProcessLookupError):
                os.kill(server, signal.SIGKILL)
            # It was killed and cannot have removed its files.
            _remove(folder)
        poll.poll(INTERVAL * 1000)


def _remove(folder: str) -> None:
    import shutil  # ten more modules, and most watchers never need them

    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    watch(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
