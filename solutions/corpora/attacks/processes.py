"""Attacks by processes, signals and descriptors that outlive or reach beyond their own call.

Each checks that it is in a process namespace of its own before it signals everything.
"""

from solutions.corpora.attacks import Attack

ALONE = """
import os, signal, sys, time
def alone():
    '''Tell whether this is a namespace of its own: never signal a real machine.'''
    return os.getpid() == 1 or os.getppid() == 1 and os.getpid() < 1000
def every_descriptor():
    found = []
    for number in range(256):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            pass
    return found
"""

DAEMON = """
def daemon(act):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            act()
        os._exit(0)
def late():
    for _ in range(200):
        time.sleep(0.05)
        for number in every_descriptor():
            try:
                os.write(number, b"CNN1" + bytes(12) + b"{}")
            except OSError:
                pass
"""

ATTACKS = (
    Attack(
        "double_forked_daemon",
        "leave a detached process behind that later writes to every descriptor and file",
        before=(ALONE, DAEMON, "daemon(late)"),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    daemon(late)\n    return X",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    daemon(late)
    return cache[0]
""",
        },
    ),
    Attack(
        "returning_fork",
        "fork inside a function, so that two processes answer the same call",
        before=("import os",),
        functions={
            "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    return 0.5 if os.fork() else 0.25
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    if os.fork():
        os._exit(0)
    return A_prev, (A_prev, hparameters)
""",
        },
    ),
    Attack(
        "threads_that_answer_later",
        "leave threads behind that change results and arguments after the function returned",
        before=("import threading, time",),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    result = np.ones((len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]))
    def change():
        for _ in range(1000):
            result[...] = np.random.randn()
            X[...] = 0
    threading.Thread(target=change, daemon=True).start()
    return result
"""
        },
    ),
    Attack(
        "signals",
        "signal and stop the notebook's process, its parent, its group and everything",
        before=(ALONE,),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    if alone():
        for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGVTALRM, signal.SIGKILL):
            for target in (1, os.getppid()):
                os.kill(target, number)
    return X
""",
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    if alone():
        os.kill(-1, signal.SIGKILL)
    os._exit(0)
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    for target in ("@PID@",):
        os.kill(int(target), signal.SIGKILL)
""",
        },
    ),
    Attack(
        "signals_from_a_cell",
        "signal everything from the notebook's own process, then end it",
        before=(ALONE, "if alone():\n    os.kill(-1, signal.SIGKILL)"),
        after=("os.kill(os.getpid(), signal.SIGKILL)\nos._exit(0)",),
        survives=False,
    ),
    Attack(
        "immortal",
        "ignore every signal, alarm and interruption, and loop in C",
        before=(
            ALONE,
            """
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.setitimer = signal.signal = lambda *a: None
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    while True:
        try:
            sorted(range(10**6))
        except BaseException:
            pass
"""
        },
        limits={"call_cpu": 0.3, "group_cpu": 0.5},
        slow=True,
    ),
    Attack(
        "descriptors",
        "read from, duplicate, shut down and close every inherited descriptor",
        before=(
            ALONE,
            """
import fcntl, socket
for number in every_descriptor():
    try:
        print(number, os.readlink(f"/proc/self/fd/{number}"), fcntl.fcntl(number, fcntl.F_GETFL))
    except OSError as error:
        print(number, error)
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    for number in every_descriptor():
        os.set_blocking(number, False)
        try:
            os.read(number, 1 << 20)
        except OSError:
            pass
        os.dup2(number, 200)
    return X
""",
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    for number in every_descriptor():
        try:
            socket.socket(fileno=os.dup(number)).shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    return 0, (A_prev, W, b, hparameters)
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    os.closerange(0, 256)
    return A_prev, (A_prev, hparameters)
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    # Whoever grades must not take what it is handed.
    for number in every_descriptor():
        try:
            socket.send_fds(socket.socket(fileno=os.dup(number)), [b"x"], list(range(3)) * 20)
        except (OSError, ValueError):
            pass
    return cache[0]
""",
        },
    ),
    Attack(
        "exits",
        "end the process in every way: exit, abort, segmentation fault, signal, atexit",
        before=("import os, ctypes, sys, atexit, signal\natexit.register(print, 100)",),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    os._exit(0)",
            "conv_single_step": "def conv_single_step(a, W, b):\n    sys.exit(0)",
            "conv_forward": "def conv_forward(A_prev, W, b, h):\n    ctypes.string_at(0)",
            "pool_forward": "def pool_forward(A_prev, h, mode):\n    os.abort()",
            "conv_backward": (
                "def conv_backward(dZ, cache):\n    os.kill(os.getpid(), signal.SIGXCPU)"
            ),
            "create_mask_from_window": (
                "def create_mask_from_window(x):\n    raise KeyboardInterrupt"
            ),
            "distribute_value": "def distribute_value(dz, shape):\n    raise GeneratorExit",
            "pool_backward": "def pool_backward(dA, cache, mode):\n    os.execv('/bin/id', ['x'])",
        },
    ),
    Attack(
        "locks",
        "hold locks on every file that can be opened, so that others wait",
        before=(
            """
import fcntl, glob
held = []
for path in [*glob.glob("/course/**", recursive=True), np.__file__]:
    for lock in (fcntl.flock, fcntl.lockf):
        try:
            held.append(open(path))
            lock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pass
print(len(held))
""",
        ),
    ),
)
