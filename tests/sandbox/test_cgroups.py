"""Does the kernel count and limit each job, where control groups can be had?"""

import os
import time
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox
from autograder.sandbox.outside import client
from autograder.sandbox.outside.cgroups import Cgroups, find, find_here
from autograder.sandbox.usage import cpu_seconds, oom_kills

FOUND = find_here()
with_cgroups = pytest.mark.skipif(FOUND is None, reason="no control groups for this user")


# --- version 2, over a tree of files: no machine that these tests run on has delegated one ------

MOUNT_2 = "30 23 0:26 / {top} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"


@pytest.fixture
def tree(tmp_path):
    """A user's slice as systemd makes it, with this process in a scope of its own."""
    folder = tmp_path / "cgroup v2"
    for name, control in {
        "": "cpu memory pids",
        "user.slice": "cpu memory pids",
        "user.slice/app.slice": "memory pids",
        "user.slice/app.slice/run-1.scope": "",
    }.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "cgroup.subtree_control").write_text(control + "\n")
        (folder / name / "cgroup.procs").write_text("")
    return folder


def _find(tree, own="/user.slice/app.slice/run-1.scope"):
    mounts = MOUNT_2.format(top=str(tree).replace(" ", r"\040"))
    return find("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + mounts, f"0::{own}\n")


def test_version_2_is_found_beside_ones_own_group(tree):
    """Are groups for jobs made in the nearest folder above whose controllers are given on?"""
    place = tree / "user.slice" / "app.slice"
    assert _find(tree) == Cgroups(2, dict.fromkeys(("memory", "pids", "cpuacct"), place))
    (place / "cgroup.subtree_control").write_text("pids\n")
    assert _find(tree).places["memory"] == tree / "user.slice"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_version_2_that_was_not_delegated(tree):
    """Is there no control group where the folders above belong to somebody else?"""
    for folder in (tree, tree / "user.slice", tree / "user.slice" / "app.slice"):
        folder.chmod(0o555)
    assert _find(tree) is None


def test_version_2_without_controllers(tree):
    """Is a hierarchy that gives no controller on, or one that holds us at its top, none?"""
    for file in tree.rglob("cgroup.subtree_control"):
        file.write_text("cpu\n")
    assert _find(tree) is None
    assert _find(tree, "/") is None


def test_version_2_of_a_job(tree, monkeypatch):
    """Are limits written, is usage read, and is the group gone in the end?"""
    place = tree / "user.slice" / "app.slice"
    make = Path.mkdir

    def make_with_files(folder, *arguments, **options):
        # What the kernel puts into a folder of its own.
        make(folder, *arguments, **options)
        (folder / "cgroup.procs").write_text("")
        (folder / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1400000\n")
        (folder / "memory.events").write_text("low 0\nmax 9\noom 3\noom_kill 2\n")

    monkeypatch.setattr(Path, "mkdir", make_with_files)
    group = _find(tree).of_job(123_456, 48)
    (folder,) = place.glob("autograder-*")
    written = {name: (folder / name).read_text() for name in ("memory.max", "pids.max")}
    assert written == {"memory.max": "123456", "pids.max": "48"}
    assert (folder / "memory.swap.max").read_text() == "0"
    assert (folder / "memory.oom.group").read_text() == "1"
    assert (group.cpu_seconds(), group.oom_kills()) == (1.5, 2)
    cpu, _, join = group.descriptors
    os.write(join, b"0")
    assert (folder / "cgroup.procs").read_text() == "0"
    assert os.pread(cpu, 100, 0).startswith(b"usage_usec")
    for file in folder.iterdir():
        file.unlink()
    group.close()
    assert not folder.exists()
    with pytest.raises(OSError):
        os.write(join, b"0")


def test_forgotten_groups(tree):
    """Are groups of graders that were killed long ago removed, and nobody else's?"""
    place = tree / "user.slice" / "app.slice"
    names = ("autograder-999999999-0", f"autograder-{os.getpid()}-0", "autograder-x-1", "app.scope")
    for name in (*names, "autograder-999999998-7"):
        (place / name).mkdir()
    for name in names:
        os.utime(place / name, (time.time() - 3600,) * 2)
    _find(tree).remove_forgotten()
    left = {folder.name for folder in place.iterdir() if folder.is_dir()}
    assert left == {*names, "autograder-999999998-7", "run-1.scope"} - {names[0]}


def test_what_the_kernel_tells():
    """Are the files of both versions read alike?"""
    assert cpu_seconds("2500000000\n") == 2.5
    assert cpu_seconds("usage_usec 2500000\nuser_usec 1\n") == 2.5
    assert oom_kills("oom_kill_disable 0\nunder_oom 0\noom_kill 4\n") == 4
    assert oom_kills("low 0\noom 1\noom_kill 0\n") == 0


def test_version_1(tmp_path):
    """Are the three hierarchies of version 1 found, below the groups that this process is in?"""
    mounts, own = "", "0::/\n"
    for number, name in enumerate(("memory", "pids", "cpu,cpuacct")):
        (tmp_path / name / "jobs").mkdir(parents=True)
        mounts += f"3{number} 23 0:2{number} / {tmp_path}/{name} rw - cgroup cgroup rw,{name}\n"
        own += f"{number}:{name}:/jobs\n"
    found = find(mounts, own)
    assert found.version == 1
    assert found.places["cpuacct"] == tmp_path / "cpu,cpuacct" / "jobs"
    assert find(mounts.replace("pids", "blkio"), own) is None


# --- the real thing ------------------------------------------------------------------------------

WAYS = {
    "files": """
def take():
    for n in range(40):
        with open(f"/dev/shm/f{n}", "wb") as file:
            file.write(b"x" * (4 << 20))
    time.sleep(100)
""",
    "buffers of sockets": """
import socket
def fill(kept):
    for _ in range(100):
        pair = socket.socketpair()
        kept.append(pair)
        pair[0].setblocking(False)
        try:
            while True: pair[0].send(b"x" * 65536)
        except OSError: pass
def take():
    for _ in range(12):
        if os.fork() == 0: break
    fill(kept := [])
    time.sleep(100)
""",
    "buffers of pipes": """
def fill(kept):
    for _ in range(100):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True: os.write(writer, b"x" * 65536)
        except OSError: pass
def take():
    for _ in range(12):
        if os.fork() == 0: break
    fill([])
    time.sleep(100)
""",
    "many processes": """
def take():
    for _ in range(12):
        if os.fork() == 0: break
    kept = b"x" * (10 << 20)
    time.sleep(100)
""",
}
LIMITS = {
    # Less than the 64 MiB that Linux grants the pipes of one user.
    "total_memory_bytes": 60 << 20,
    "scratch_bytes": 1 << 30,
    "call_cpu": 5.0,
    "group_cpu": 8.0,
}


@pytest.fixture(params=["control groups", "by process"])
def counted(request, sandbox, monkeypatch):
    """The sandbox with control groups where there are any, and without."""
    if request.param == "by process":
        monkeypatch.setattr(sandbox, "_cgroups", None)
    elif FOUND is None:
        pytest.skip("no control groups for this user")
    return request.param


@pytest.mark.parametrize("way", WAYS)
def test_memory_beside_the_processes(way, counted, run):
    """Is memory limited that no process holds, and are the other functions untouched?"""
    if counted == "by process" and way == "files":
        pytest.skip("the size of the scratch space limits it there")
    source = "import os, time\ndef good(): return 1.0\n" + WAYS[way]
    groups = {"take": [("take",)], "good": [("good",)]}
    result = run(source, groups=groups, limits=LIMITS)
    assert result.groups["take"][0].status == "memory", result.problems
    assert result.groups["good"][0].value == 1.0


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/full", "/dev/mem", "/dev/kmsg"])
def test_devices_that_are_not_there(value, path):
    """Is there no device that a shared mapping could take memory from?"""
    assert value(f"import os\ndef probe(): return os.path.exists({path!r})") is False


@with_cgroups
def test_cpu_time_is_exact(run):
    """Is the CPU time counted of processes that nobody waits for?"""
    source = """
import os, time
def work():
    for _ in range(10):
        if os.fork() == 0:
            if os.fork() == 0:
                while time.process_time() < 0.05: pass
            os._exit(0)
        os.wait()
    time.sleep(1)
"""
    result = run(source, groups={"g": [("work",)]}, limits={"call_cpu": 3.0})
    assert result.cpu_seconds > 0.45


@with_cgroups
def test_no_group_is_left(sandbox, run):
    """Is every job's control group gone when its result is there?"""
    run("import os\nos.fork()\nos._exit(1)", groups={})
    left = [f for place in FOUND.places.values() for f in place.glob(f"autograder-{os.getpid()}-*")]
    assert left == []


@with_cgroups
def test_the_code_cannot_reach_its_group(value):
    """Has the child no descriptor and no file of its control group?"""
    source = """
import os
def probe():
    found = []
    for number in range(3, 64):
        try: found.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError: pass
    return [f for f in found if "cgroup" in f], os.path.exists("/sys/fs/cgroup")
"""
    assert value(source) == ([], False)


def test_level_names_the_accounting(monkeypatch):
    """Does the line that says which isolation is active say who counts the memory?"""
    from autograder.sandbox.outside import levels

    monkeypatch.setattr(levels, "find_here", lambda: None)
    assert "memory counted by process" in levels.describe_level("namespaces")
    monkeypatch.setattr(levels, "find_here", lambda: Cgroups(2, {}))
    assert "cgroup v2" in levels.describe_level("namespaces")
    assert "cgroup" not in levels.describe_level("process")


def test_group_that_cannot_be_made(tmp_path, monkeypatch, sandbox):
    """Is a sandbox whose control group cannot be made an error of its own, and no mark lost?"""
    from autograder.sandbox import Job, SandboxError

    places = dict.fromkeys(("memory", "pids", "cpuacct"), tmp_path / "gone")
    monkeypatch.setattr(client, "find_cgroups", lambda: Cgroups(2, places))
    with Sandbox() as made, pytest.raises(SandboxError, match="control group"):
        made.run(Job())
