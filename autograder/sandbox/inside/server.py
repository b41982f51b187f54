"""The fork server: a program of its own that imports everything once and forks a child per job.

It is started by :mod:`autograder.sandbox.outside.fork_server` as `python -I -S server.py FD`, with
one socket and a clean environment. It never sees a submission: a parent hands it the ends of two
sockets per job, and it passes them on to a fork. It never imports the solutions either: they are
not in its room.
"""

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import traceback
import types

MODULES = ("numpy", "IPython.core.interactiveshell")
OPTIONAL = ("checks", "public_tests")
# What reads files is imported where a notebook reads one.
READING = ("h5py",)
# What draws is imported where a notebook draws: see `_Drawing`.
DRAWING = ("matplotlib", "matplotlib.pyplot")
OPTIONAL_DRAWING = ("plots", "plots.training", "course_plots", "course_training")
# Names that must not be importable where students' code runs.
FORBIDDEN = ("solutions", "autograder")
# The two connections of a job, and what leads to its control group.
MOST_DESCRIPTORS = 8
# What its starter says before it closes the connection.
LAST_WORD = b"E"
# A job, and a job of a notebook that draws.
JOB, DRAWS = b"J", b"D"
SIZE_BYTES = 4
"""Of the size of the configuration, which stands before it."""


class Unusable(Exception):
    """The server can't be used here; it is said outside, in the course's language, `why`."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why, values)
        self.why, self.values = why, values


def main() -> None:
    # All that is imported stays: nothing of it is the collector's to find.
    gc.disable()
    connection = socket.socket(fileno=int(sys.argv[1]))
    try:
        size = int.from_bytes(_exactly(connection, SIZE_BYTES), "big")
        config = json.loads(_exactly(connection, size))
        _place_engine(config["engine"])
        _enter_room(config, connection)
        _place_engine(config["engine_inside"])
        ready = _prepare(config)
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        text = "".join(traceback.format_exception_only(error)).strip()
        answer = {"error": text[:2000], "trace": traceback.format_exc()[-4000:]}
        if isinstance(error, Unusable):
            answer |= {"unusable": error.why, "values": error.values}
        _say(connection, answer)
        os._exit(1)
    _say(connection, ready)
    _serve(connection, config)


def _exactly(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes and take no more: a request may stand behind them already."""
    data = b""
    while len(data) < size:
        part = connection.recv(min(size - len(data), 65536))
        if not part:
            os._exit(0)
        data += part
    return data


def _say(connection: socket.socket, message: dict) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def _place_engine(folder: str) -> None:
    """Make what the sandbox holds of the engine importable as the package `engine` in `folder`."""
    for name, path in (("engine", folder), ("engine.inside", os.path.join(folder, "inside"))):
        package = sys.modules.setdefault(name, types.ModuleType(name))
        package.__path__ = [path]


def _enter_room(config: dict, connection: socket.socket) -> None:
    from engine.inside import isolation

    isolated = config["level"] != "process"
    # The mounts stay: the watcher goes on seeing the folder that it is to remove.
    flags = isolation.ALL_NAMESPACES & ~isolation.CLONE_NEWNS
    if isolated and os.geteuid() == 0:
        isolation.unshare(flags)
    elif isolated:
        isolation.unshare_user(flags)
    starter = os.getppid()
    server = os.fork()
    if server:
        # Otherwise the parent could not see that the server is gone.
        connection.close()
        _watch(server, starter, config)
    if not isolated:
        return
    isolation.unshare(isolation.CLONE_NEWNS)
    isolation.enter_view(isolation.View(**config["view"]))
    isolation.drop_root(*config["user"])


def _watch(server: int, starter: int, config: dict) -> None:
    """Stay outside the room and end it, with all that runs in it, when the starter is gone."""
    from engine.inside import watch

    given = str(server), str(starter), config["folder"]
    with contextlib.suppress(OSError):
        # What this process has imported would be held twice: the server writes into all of it.
        os.execv(sys.executable, [sys.executable, "-I", "-S", "-B", watch.__file__, *given])
    watch.watch(server, starter, config["folder"])


def _prepare(config: dict) -> dict:
    sys.path[:] = [config["trusted"], *sys.path, *config["packages"]]
    _need_readable(config["packages"])
    for name in FORBIDDEN:
        if importlib.util.find_spec(name) is not None:
            raise Unusable("exposed", package=name)
    for name in MODULES:
        importlib.import_module(name)
    missing = [name for name in OPTIONAL if not _import_course(name)]
    from engine.inside import child, keeper, later, shell, watch  # noqa: F401  (imported before the fork)

    made = child.SHELL = shell.make_shell()
    absent = later.put_off(READING)
    absent += later.put_off((*DRAWING, *OPTIONAL_DRAWING), made.prepare_figures)
    missing += absent
    if absent := [name for name in absent if name in (*READING, *DRAWING)]:
        raise ModuleNotFoundError(f"No module named {absent[0]!r}")
    if config["level"] == "process" and os.geteuid() == 0:
        from engine.inside import isolation

        isolation.drop_root(*config["user"])
    return {"ready": True, "missing": missing, "python": sys.version.split()[0]}


def _need_readable(folders: list[str]) -> None:
    """Raise Unusable where packages were installed for their owner alone."""
    names = {module.partition(".")[0] for module in (*MODULES, *READING, *DRAWING)}
    for folder in folders:
        for path in (folder, *(os.path.join(folder, name) for name in sorted(names))):
            if os.path.isdir(path) and not os.access(path, os.R_OK | os.X_OK):
                raise Unusable("unreadable", path=path, folder=folder)


def _import_course(name: str) -> bool:
    if importlib.util.find_spec(name) is None:
        return False
    importlib.import_module(name)
    return True


def _serve(connection: socket.socket, config: dict) -> None:
    with open(os.devnull, "r+b") as nothing:
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)
    from engine.inside.watch import STARTER_GONE

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The kernel reaps finished keepers.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    drawing = _Drawing(connection, config)
    gc.enable()
    gc.collect()
    gc.freeze()
    while True:
        request, sockets, _, _ = socket.recv_fds(connection, 1, MOST_DESCRIPTORS)
        if not request:
            os._exit(STARTER_GONE)
        if request == LAST_WORD:
            os._exit(0)
        if request == DRAWS:
            drawing.pass_on(sockets)
        else:
            _fork_keeper(sockets, config["level"], connection, drawing)
        for number in sockets:
            os.close(number)


def _fork_keeper(
    sockets: list[int], level: str, connection: socket.socket, drawing: "_Drawing"
) -> None:
    from engine.inside import keeper

    # Whoever asked may have gone meanwhile; a lack of descriptors or processes costs this
    # request alone.
    with contextlib.suppress(OSError, ValueError):
        control, data, *cgroup = sockets
        os.write(control, b"A")
        if os.fork() == 0:
            try:
                connection.close()
                drawing.close()
                keeper.keep(control, data, cgroup, level)
            finally:
                os._exit(0)


class _Drawing:
    """A second server, with all that draws imported, for the notebooks that do draw.

    It is forked when the first of them comes, and ends with this one.
    """

    def __init__(self, connection: socket.socket, config: dict) -> None:
        self.outer, self.config = connection, config
        self.inner: socket.socket | None = None

    def pass_on(self, sockets: list[int]) -> None:
        """Hand a job over; a server that was lost is replaced, once."""
        for _ in range(2):
            try:
                if self.inner is None:
                    self._start()
                socket.send_fds(self.inner, [JOB], sockets)
                return
            except OSError:
                self.close()

    def close(self) -> None:
        """Let go of the second server."""
        if self.inner is not None:
            self.inner.close()
            self.inner = None

    def _start(self) -> None:
        self.inner, theirs = socket.socketpair()
        with theirs:
            if os.fork() == 0:
                try:
                    self.outer.close()
                    self.close()
                    _serve_drawing(theirs, self.config)
                finally:
                    os._exit(1)


def _serve_drawing(connection: socket.socket, config: dict) -> None:
    from engine.inside import child, isolation, later

    isolation.end_with_parent()
    later.load(DRAWING[0])
    child.SHELL.warm_figures()
    _serve(connection, config)


if __name__ == "__main__":
    main()
