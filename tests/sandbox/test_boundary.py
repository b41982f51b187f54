"""What student code cannot see, reach, shadow or forge from inside the sandbox."""

import os
import pwd
import secrets
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.sandbox import Call, Cell, Group, Job, Sandbox
from autograder.sandbox.outside import users
from tests.sandbox.conftest import SLEEPS

ROOT = Path(__file__).resolve().parents[2]
GOOD = "def good(x):\n    return x + 1"


def look(value, expression: str, **options):
    """What an expression is inside the sandbox, or the name of the exception that it raises."""
    return value(
        "import os, sys, socket, glob\ndef probe():\n    try:\n"
        f"        return {expression}\n"
        "    except BaseException as e:\n        return type(e).__name__",
        **options,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/etc/shadow",
        "/etc/hostname",
        "/root",
        "/var",
        "/sys",
        "/run",
        "/boot",
        "/usr/bin",
        "/usr/share",
        str(ROOT / "solutions"),
        str(ROOT / "autograder"),
        str(ROOT / ".git"),
        str(ROOT / "tests"),
        str(ROOT / "pyproject.toml"),
        str(Path(__file__)),
    ],
)
def test_cannot_see(value, path):
    """Are the answers, other people's files and the system's own out of sight?"""
    found = look(value, f"os.path.lexists({path!r})")
    if found:
        # A folder that leads to Python itself may be there, holding nothing else.
        assert look(value, f"[f for f in os.listdir({path!r}) if os.path.isfile(f)]") == []
        assert path not in map(str, (ROOT / "solutions", ROOT / ".git", ROOT / "tests"))


def test_of_the_engine_only_what_runs_inside_is_seen(value):
    """Are inside/, protocol.py and usage.py all that the sandbox sees of the engine?"""
    names = "[f'{folder}/{name}' for folder, _, files in os.walk('/engine') for name in files]"
    inside = (ROOT / "autograder" / "sandbox" / "inside").glob("*.py")
    wanted = {f"/engine/inside/{path.name}" for path in inside}
    found = {name for name in look(value, names) if "__pycache__" not in name}
    assert found == wanted | {"/engine/protocol.py", "/engine/usage.py"}


def test_other_students(value, tmp_path):
    """Is another student's folder invisible, by its path and through links in one's own?"""
    other, own = tmp_path / "other", tmp_path / "own"
    other.mkdir()
    own.mkdir()
    (other / "work.py").write_text("secret = 1")
    (own / "link.py").symlink_to(other / "work.py")
    (own / "folder").symlink_to(other)
    os.link(other / "work.py", own / "hard.py")
    os.mkfifo(own / "fifo")
    (own / "..\\..\\up").write_text("odd name")
    (own / "ok.txt").write_text("fine")
    assert look(value, f"os.path.exists({str(other / 'work.py')!r})", folder=own) is False
    seen = look(value, "sorted(os.listdir('.'))", folder=own)
    assert "ok.txt" in seen
    assert not {"link.py", "folder", "hard.py", "fifo"} & set(seen)


def test_folder_is_capped(run, tmp_path):
    """Is a folder of far too much copied only up to the caps, and said so?"""
    for index in range(30):
        (tmp_path / f"{index:02}.txt").write_text("x")
    with open(tmp_path / "00 big", "wb") as big:
        big.truncate(10 << 30)
    source = "import os\nprint(len([n for n in os.listdir('.') if n.endswith('.txt')]))"
    result = run(source, folder=tmp_path, limits={"folder_files": 10})
    assert result.cells[0].outputs == ["10\n"]
    (problem,) = result.problems
    assert "00 big" in problem["en"] and "16 more" in problem["en"]


CANARY = """
import gc, os, sys
def probe(canary_reversed):
    canary = canary_reversed[::-1].encode()
    found = []
    def search(name, data):
        if canary in data:
            found.append(name)
    search("environment", repr(dict(os.environ)).encode())
    search("arguments", repr(sys.orig_argv + sys.argv).encode())
    for folder, _, names in os.walk("/"):
        libraries = ("/dev", "/usr", "/lib", "/proc/self", "/proc/thread-self")
        if folder.startswith(libraries) or "/lib/python" in folder or "/task/" in folder:
            names.clear()
        if folder.startswith("/proc/") and folder.endswith(("/root", "/cwd", "/fd", "/map_files")):
            names.clear()
        for name in names:
            path = os.path.join(folder, name)
            try:
                with open(path, "rb") as file:
                    search(path, file.read(1 << 20))
            except OSError:
                pass
    with open("/proc/self/maps") as maps:
        ranges = [line.split()[:2] for line in maps if "[v" not in line]
    with open("/proc/self/mem", "rb", 0) as memory:
        for place, rights in ranges:
            start, end = (int(x, 16) for x in place.split("-"))
            if "r" not in rights or end - start > 1 << 28:
                continue
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue
            # The needle itself lies in this process: only what follows it tells, and the two
            # are never put together here.
            at = data.find(canary)
            while at >= 0:
                if data[at + len(canary):at + len(canary) + 4] == b"-end":
                    found.append("memory " + place)
                at = data.find(canary, at + 1)
    return found
"""


@pytest.mark.slow
def test_canary(run, tmp_path, monkeypatch):
    """Is a secret of the parent found nowhere: memory, environment, arguments, files, /proc?"""
    canary = secrets.token_hex(16)
    marked = canary + "-end"
    monkeypatch.setenv("CANARY", marked)
    (tmp_path / "secret").write_text(marked)
    holder = [marked, marked.encode()]
    (result,) = run(
        CANARY,
        groups={"g": [("probe", canary[::-1])]},
        limits={"call_cpu": 20.0, "group_cpu": 20.0, "memory_bytes": 1 << 30},
    ).groups["g"]
    assert (result.status, result.value) == ("ok", []), result.error
    assert holder


@pytest.mark.slow
def test_canary_search_finds(run):
    """Would the search of the test above find what is there?"""
    canary = secrets.token_hex(16)
    source = f"kept = ['{canary}' + '-end']\n" + CANARY
    (result,) = run(
        source,
        groups={"g": [("probe", canary[::-1])]},
        limits={"call_cpu": 20.0, "group_cpu": 20.0, "memory_bytes": 1 << 30},
    ).groups["g"]
    assert result.status == "ok" and any("memory" in name for name in result.value)


def test_processes(value):
    """Does /proc show the job's own processes only, with nothing of the parent?"""
    listed = look(value, "[p for p in os.listdir('/proc') if p.isdecimal()]")
    assert 1 <= len(listed) <= 3 and "1" in listed
    assert str(os.getpid()) not in listed or os.getpid() < 10


@pytest.mark.parametrize(
    "expression",
    [
        "socket.socket()",
        "socket.socket(socket.AF_INET6)",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socket(40, socket.SOCK_STREAM)",
        "os.execv('/usr/lib/ld-linux.so', ['x'])",
        "os.memfd_create('x')",
        "os.pidfd_open(1)",
        "os.chroot('/')",
        "os.setuid(0)",
        "os.mount" if hasattr(os, "mount") else "open('/proc/sysrq-trigger', 'w')",
        "open('/etc/passwd', 'a')",
        "open(os.__file__, 'a')",
        "open('/course/public_tests.py', 'a')",
        "open('/new', 'w')",
        "os.mkdir('/student/../new')",
        "os.unlink('/course/checks/plain.py')",
        "open('/dev/mem')",
        "os.mknod('disk', 0o60666, os.makedev(254, 0)) or open('disk')",
    ],
)
def test_refused(value, expression):
    """Are the network, other programs, devices and writing outside of one's folder refused?"""
    assert look(value, expression) in (
        "PermissionError",
        "OSError",
        "FileNotFoundError",
        "AttributeError",
    )


def test_no_privileges(value):
    """Is the child an unprivileged user without capabilities, unable to gain any?"""
    status = look(value, "open('/proc/self/status').read().replace('\\t', ' ')")
    if isinstance(status, str) and "Cap" in status:
        fields = dict(line.split(": ", 1) for line in status.splitlines() if ": " in line)
        assert set(fields["Uid"].split()) != {"0"}
        assert all(int(fields[f"Cap{kind}"], 16) == 0 for kind in ("Inh", "Prm", "Eff", "Bnd"))
        assert fields["NoNewPrivs"] == "1" and fields["Seccomp"] == "2"


def test_descriptors(value):
    """Does the child inherit nothing but its own connection and /dev/null?"""
    links = "[f'/proc/self/fd/{n}' for n in range(30)]"
    expression = f"sorted({{os.readlink(f) for f in {links} if os.path.lexists(f)}})"
    targets = look(value, expression)
    assert all(t.startswith(("socket:", "/dev/null")) for t in targets), targets
    assert sum(t.startswith("socket:") for t in targets) <= 1


SHADOWS = ["numpy.py", "h5py.py", "public_tests.py", "checks.py", "sitecustomize.py"]
SHADOWS += [
    "usercustomize.py",
    "conftest.py",
    "course_plots.py",
    "plots.py",
    "json.py",
    "IPython.py",
]


def test_shadowing(run, tmp_path):
    """Do files named like libraries, and profiles, in the student's folder change nothing?"""
    for name in SHADOWS:
        (tmp_path / name).write_text("print('shadow')\nshadow = True\n")
    (tmp_path / "evil.pth").write_text("import os; print('shadow')\n")
    profile = tmp_path / ".ipython" / "profile_default" / "startup"
    profile.mkdir(parents=True)
    (profile / "00.py").write_text("shadow = True")
    (tmp_path / "ipython_config.py").write_text("c.InteractiveShellApp.exec_lines = ['1/0']")
    source = (
        "import numpy, h5py, json, IPython, checks\n"
        "modules = (numpy, h5py, json, IPython, checks)\n"
        "print([hasattr(m, 'shadow') for m in modules], 'shadow' in globals())"
    )
    result = run(source, folder=tmp_path)
    assert result.cells[0].outputs == ["[False, False, False, False, False] False\n"]


def test_course_files_win(run, tmp_path):
    """Do a student's own expected values, settings and data not replace the course's?"""
    names = ("checks/data/cnn_step_by_step.h5", "course.json", "digits.h5", "checks/store.py")
    (tmp_path / "checks" / "data").mkdir(parents=True)
    for name in names:
        (tmp_path / name).write_bytes(b"forged")
    source = (
        "import public_tests\nfrom checks import store\n"
        "stored = store.read(store.path_of('cnn_step_by_step'))\n"
        "print(public_tests.LANGUAGE, len(stored.expected))\n"
        "print(open('digits.h5', 'rb').read(4))"
    )
    result = run(source, folder=tmp_path)
    assert result.cells[0].outputs == ["en 8\nb'\\x89HDF'\n"]


def test_network_of_the_host(run):
    """Is a server on this machine unreachable, by address and by abstract socket?"""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0" + secrets.token_hex(8))
    listener.listen()
    name = listener.getsockname()
    source = (
        "import socket\ndef probe(name):\n    try:\n        a, b = socket.socketpair()\n"
        "        a.connect(name.encode('latin1'))\n"
        "    except OSError as e:\n        return 'refused'\n"
        "    return 'connected'"
    )
    (result,) = run(source, groups={"g": [("probe", name.decode("latin1"))]}).groups["g"]
    listener.close()
    assert result.value == "refused"


TAKE_OVER = """
import gc, socket, os
def sockets():
    # The descriptor that leads to the parent, whatever it is called inside.
    found = []
    for number in range(3, 256):
        try:
            found.append(socket.socket(fileno=os.dup(number)))
        except OSError:
            pass
    return found
"""

GARBAGE = {
    "random bytes": "os.urandom(1 << 16)",
    "text": "b'GET / HTTP/1.0\\r\\n\\r\\n' * 100",
    "a huge header": "b'CNN1' + (2**31).to_bytes(4, 'little') + bytes(8)",
    "a huge body": "b'CNN1' + (2).to_bytes(4, 'little') + (2**62).to_bytes(8, 'little') + b'{}'",
    "a lying body": (
        "(lambda h: b'CNN1' + len(h).to_bytes(4, 'little') + (8).to_bytes(8, 'little') + h)"
        '(b\'{"kind":"result","status":"ok","tree":{"a":["float64",[1000000]]}}\')'
    ),
    "an object array": (
        "(lambda h: b'CNN1' + len(h).to_bytes(4, 'little') + (8).to_bytes(8, 'little')"
        " + h + bytes(8))"
        '(b\'{"kind":"result","status":"ok","tree":{"a":["object",[1]]}}\')'
    ),
    "deep JSON": (
        "(lambda h: b'CNN1' + len(h).to_bytes(4, 'little') + bytes(8) + h)(b'[' * 500000)"
    ),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_from_a_function(run, name):
    """Does garbage on a group's connection cost that group, and only that group, its results?"""
    source = TAKE_OVER + (
        f"def bad():\n    data = {GARBAGE[name]}\n    for s in sockets():\n"
        "        s.setblocking(True)\n        s.sendall(data)\n    return 1"
    )
    result = run(source, GOOD, groups={"a": [("good", 1), ("bad",)], "b": [("good", 1)]})
    assert {r.status for r in result.groups["a"]} == {"protocol"}
    assert [r.status for r in result.groups["b"]] == ["ok"]


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_from_a_cell(run, name):
    """Does garbage on the notebook's connection lead to a run with definitions only?"""
    source = TAKE_OVER + (
        f"data = {GARBAGE[name]}\nfor s in sockets():\n    s.setblocking(True)\n    s.sendall(data)"
    )
    result = run(source, GOOD, groups={"a": [("good", 1)]})
    assert result.notebook == "definitions only"
    assert [r.status for r in result.groups["a"]] == ["ok"]


def test_slow_drip(run):
    """Does an answer that trickles in byte by byte end at the deadline?"""
    source = TAKE_OVER + (
        "import time\ndef bad():\n    s = sockets()[-1]\n    for b in b'CNN1' + bytes(1000):\n"
        "        s.send(bytes([b])); time.sleep(0.05)"
    )
    result = run(source, GOOD, groups={"a": [("bad",)], "b": [("good", 1)]}, limits=SLEEPS)
    assert result.groups["a"][0].status in ("timeout", "protocol")
    assert result.groups["b"][0].status == "ok"


@pytest.mark.slow
def test_flood_of_the_connection(run):
    """Does an endless stream of well-formed frames end without filling the parent's memory?"""
    source = TAKE_OVER + (
        "import json\nh = json.dumps({'kind': 'stub', 'name': 'x'}).encode()\n"
        "frame = b'CNN1' + len(h).to_bytes(4, 'little') + bytes(8) + h\n"
        "def bad():\n    s = sockets()[-1]\n    s.setblocking(True)\n"
        "    while True: s.sendall(frame * 1000)"
    )
    result = run(source, GOOD, groups={"a": [("bad",)], "b": [("good", 1)]})
    assert result.groups["a"][0].status in ("timeout", "protocol", "crashed")
    assert result.groups["b"][0].status == "ok"


SABOTAGE = {
    "builtins": "import builtins\nfor n in ('len', 'print', 'open', 'isinstance', 'type', 'abs'):\n"
    "    setattr(builtins, n, lambda *a, **k: 1)",
    "os": "import os\nfor n in ('fork', '_exit', 'kill', 'getpid'):\n"
    "    setattr(os, n, lambda *a: 1)",
    "streams": "import sys\nsys.stdout = sys.stderr = sys.__stdout__ = None",
    "IPython": "ip = get_ipython()\nip.run_cell = lambda *a, **k: None\n"
    "ip.input_transformers_post.append(lambda lines: [])",
    "the shell": "get_ipython().user_ns.clear()",
    "display hook": "import sys\nsys.displayhook = 1\nget_ipython().display_trap.hook = 1",
    "numpy": "import numpy as np\n"
    "np.array = np.asarray = np.frombuffer = np.allclose = lambda *a, **k: 1",
    "modules": "import sys\nfor n in list(sys.modules): sys.modules.pop(n)",
    "the engine": "import sys\nfor n, m in list(sys.modules.items()):\n"
    "    if n.startswith(('inside', 'checks')): vars(m).clear()",
    "audit hook": "import sys\ndef hook(*a): raise RuntimeError\nsys.addaudithook(hook)",
    "tracing": "import sys\nsys.settrace(lambda *a: 1/0)\nsys.setprofile(lambda *a: 1/0)",
    "garbage collector": "import gc\nfor o in gc.get_objects():\n"
    "    if isinstance(o, dict) and 'channel' in o: o.clear()",
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_sabotage_costs_only_its_own_submission(run, name):
    """Does a notebook that breaks its own process leave the server sound for the next one?"""
    result = run(GOOD, SABOTAGE[name], groups={"a": [("good", 1)]})
    assert result.notebook in ("ok", "definitions only", "failed")
    assert len(result.groups["a"]) == 1
    after = run(GOOD, groups={"a": [("good", 1)]})
    assert [(r.status, r.value) for r in after.groups["a"]] == [("ok", 2)]


def test_nothing_is_left(sandbox, run):
    """Are all processes of a job gone when `run` returns, even if a daemon was left behind?"""

    def descendants():
        listed = subprocess.run(["ps", "-eo", "ppid=,pid=,stat="], capture_output=True, text=True)
        table = [line.split() for line in listed.stdout.splitlines()]
        known = {str(sandbox.server.pid)}
        for _ in range(6):
            known |= {pid for parent, pid, state in table if parent in known and state[0] != "Z"}
        return len(known)

    before = descendants()
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)"
    run(source, GOOD, groups={"a": [("good", 1)]})
    # The keeper, who is none of theirs, takes a moment to leave.
    for _ in range(50):
        if descendants() <= before:
            break
        time.sleep(0.1)
    assert descendants() <= before


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_server_ends_with_its_parent(tmp_path):
    """Is nothing left when the grading process is killed outright?"""
    script = (
        "import os, sys\nfrom autograder.sandbox import Sandbox\n"
        "s = Sandbox()\nprint(s.server.pid, flush=True)\nos.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    server = int(done.stdout)
    gone = threading.Event()
    for _ in range(50):
        if (
            not Path(f"/proc/{server}/cmdline").exists()
            or not Path(f"/proc/{server}/cmdline").read_bytes()
        ):
            gone.set()
            break
        gone.wait(0.1)
    assert gone.is_set()


def test_no_memory_beside_the_count(value):
    """Is memory refused that stays when no process has it any more?"""
    source = (
        "import mmap\n"
        "def probe():\n"
        "    try:\n        mmap.mmap(-1, 4096)\n"
        "    except OSError as error:\n        return type(error).__name__\n"
        "    return 'given'"
    )
    assert value(source) == "PermissionError"
    private = source.replace("4096", "4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS")
    assert value(private) == "given"


def test_device_times_are_no_channel(value):
    """Can no job pass anything to others by the time stamps of a device that all of them see?"""
    source = """
import os
def probe():
    told = []
    for name in os.listdir("/dev"):
        path = f"/dev/{name}"
        if os.path.isdir(path):
            continue
        before = os.stat(path)
        try:
            os.utime(path)
            told.append(name)
        except OSError: pass
        with open(path, "r+b", buffering=0) as file:
            file.read(1)
            if name == "null": file.write(b"x")
        after = os.stat(path)
        if (before.st_atime_ns, before.st_mtime_ns) != (after.st_atime_ns, after.st_mtime_ns):
            told.append(name)
    return sorted(os.listdir("/dev")), told
"""
    devices, told = value(source)
    assert devices == ["null", "random", "shm", "urandom"]
    assert told == []


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has one id")
def test_a_user_of_its_own(value, sandbox):
    """Does the code run as a user that owns nothing on the machine, and another sandbox's not?"""
    source = """
import os
def probe():
    owners = {os.stat(p).st_uid for p in ("/course", "/course/public_tests.py", "/engine", "/usr")}
    return os.getuid(), os.getgid(), os.getgroups(), os.getuid() in owners
"""
    first = value(source)
    user = first[0]
    assert user not in (0, 65534) and first == (user, user, [], False)
    with pytest.raises(KeyError):
        pwd.getpwuid(user)
    with Sandbox() as other:
        result = other.run(Job((Cell(source, 0),), (Group("g", (Call("probe", ()),)),)))
    assert result.groups["g"][0].value[0] != user


def test_choice_of_the_user(tmp_path):
    """Is the id taken from the upper half of what a small container offers, else from far away?"""
    whole, small = tmp_path / "whole", tmp_path / "small"
    whole.write_text("         0          0 4294967295\n")
    small.write_text("         0       1000          1\n         1     100000      65536\n")
    assert users._range(whole, whole) == (1 << 30, (1 << 31) - 1)
    assert users._range(small, whole) == (32769, 65536)
    assert users._range(tmp_path / "absent") == (1 << 30, (1 << 31) - 1)
