"""Choosing the isolation, saying which is active, and the sandbox's own life."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from autograder.sandbox import (
    Call,
    Cell,
    ForkServer,
    Group,
    IsolationUnavailable,
    Job,
    Limits,
    Sandbox,
    SandboxError,
    probe,
)
from autograder.sandbox.inside import server
from autograder.sandbox.outside import fork_server, levels
from autograder.sandbox.outside.quiet import QuietLock
from tests.sandbox.conftest import SLEEPS

ROOT = Path(__file__).resolve().parents[2]
ADD = Job((Cell("def f(x):\n    return x + 1", 0),), (Group("g", (Call("f", (1,)),)),))


def test_probe():
    """Does the probe name every level with a reason, best first?"""
    found = probe()
    assert [level for level, _, _ in found] == ["namespaces", "process"]
    assert all(reason for _, _, reason in found)


def test_command():
    """Does `python -m autograder.sandbox` print one line per level?"""
    command = [sys.executable, "-m", "autograder.sandbox"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["namespaces", "process"]


def test_nothing_better(monkeypatch):
    """Is "auto" refused, with the missing piece and the flag named, where isolation is missing?"""
    missing = [("namespaces", False, "unshare: not permitted"), ("process", True, "none")]
    monkeypatch.setattr(levels, "probe", lambda: missing)
    with pytest.raises(IsolationUnavailable, match=r"not permitted.*--isolation process"):
        Sandbox()
    with pytest.raises(IsolationUnavailable, match="not permitted"):
        Sandbox(level="namespaces")


def test_unknown_level():
    """Is a misspelt level refused?"""
    with pytest.raises(ValueError, match="namespaces"):
        Sandbox(level="strong")


@pytest.mark.slow
def test_process_level(tmp_path):
    """Does the level without isolation work, say what it is, and clean up behind itself?"""
    source = (
        "import os, time\nif os.fork() == 0:\n    time.sleep(1000)\n"
        "open('left', 'w').write('x')\nprint(os.getcwd())"
    )
    job = Job((*ADD.cells, Cell(source, 1)), ADD.groups)
    with Sandbox(level="process") as sandbox:
        assert "NO ISOLATION" in sandbox.isolation
        result = sandbox.run(job)
        hang = Job(
            (Cell("def f(): sum(range(10 ** 13))\ndef g(): return 1", 0),),
            (Group("f", (Call("f", ()), Call("g", ()))),),
            limits=Limits(call_cpu=0.3, wall_factor=20.0),
        )
        hung = sandbox.run(hang)
    assert [r.value for r in result.groups["g"]] == [2]
    assert not os.path.exists(result.cells[1].outputs[0].strip())
    assert [r.status for r in hung.groups["f"]] == ["timeout", "ok"]


def test_level_is_said(sandbox):
    """Can the active isolation be shown to people?"""
    assert sandbox.isolation.startswith("namespaces (")


def _use(sandbox, queue):
    try:
        sandbox.run(ADD)
    except Exception as error:
        queue.put(type(error).__name__)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_not_in_a_fork(sandbox):
    """Is a sandbox refused in a forked worker, and still there for its owner afterwards?"""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    worker = context.Process(target=_use, args=(sandbox, queue))
    worker.start()
    assert queue.get(timeout=10) == "RuntimeError"
    worker.join()
    assert sandbox.run(ADD).groups["g"][0].value == 2


def test_threads_take_turns(sandbox):
    """Do two threads that share a sandbox get their own answers?"""
    results = {}

    def work(number):
        job = Job(ADD.cells, (Group("g", (Call("f", (number,)),)),))
        results[number] = sandbox.run(job).groups["g"][0].value

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: n + 1 for n in range(4)}


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_server_is_replaced():
    """Does the next job run when the server was killed, and the present one come to an end?"""
    with Sandbox() as sandbox:
        assert sandbox.run(ADD).groups["g"][0].value == 2
        first = sandbox.server
        os.kill(_room(first), signal.SIGKILL)
        assert sandbox.run(ADD).groups["g"][0].value == 2
        assert sandbox.server is not first
    assert not first.folder.exists()
    assert not sandbox.server.folder.exists()


@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_what_of_the_engine_is_in_the_room():
    """Are inside/, protocol.py and usage.py all that the room holds of the engine?"""
    server = ForkServer("namespaces")
    try:
        engine = server.folder / "engine"
        found = {path.relative_to(engine) for path in engine.rglob("*") if path.is_file()}
    finally:
        server.close()
    sandbox = ROOT / "autograder" / "sandbox"
    inside = {path.relative_to(sandbox) for path in (sandbox / "inside").glob("*.py")}
    assert found == inside | {Path("protocol.py"), Path("usage.py")}


def _room(server):
    """Return the server's own process, below the watcher that was started."""
    return int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0])


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_closing_leaves_a_shared_server_alone():
    """Does a sandbox end with its own server only, in the process that started the shared one?"""
    server = ForkServer("namespaces")
    try:
        for _ in range(2):
            with Sandbox(server=server) as sandbox:
                assert sandbox.run(ADD).groups["g"][0].value == 2
                assert sandbox.server is server
        assert server.folder.exists()
    finally:
        server.close()
    assert not server.folder.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_server_dies_in_a_job():
    """Is a submission not marked down when its sandbox is killed from outside while it runs?"""
    slow = Cell("import time\ntime.sleep(0.6)", 1)
    with Sandbox() as sandbox:
        threading.Timer(0.3, os.kill, (_room(sandbox.server), signal.SIGKILL)).start()
        result = sandbox.run(Job((*ADD.cells, slow), ADD.groups))
    assert result.notebook == "ok"
    assert result.groups["g"][0].value == 2


def _ask(server, number, answers):
    with Sandbox(server=server) as sandbox:
        for turn in range(3):
            job = Job(ADD.cells, (Group("g", (Call("f", (10 * number + turn,)),)),))
            answers.put(sandbox.run(job).groups["g"][0].value)
        answers.put(sandbox.server.folder)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_workers_share_a_server(method, killed):
    """Do processes that ask one server at once get their answers, and others where it is lost?"""
    context = multiprocessing.get_context(method)
    answers = context.Queue()
    server = ForkServer("namespaces")
    try:
        if killed:
            os.kill(_room(server), signal.SIGKILL)
        workers = [context.Process(target=_ask, args=(server, n, answers)) for n in range(3)]
        for worker in workers:
            worker.start()
        found = [answers.get(timeout=60) for _ in range(4 * len(workers))]
        for worker in workers:
            worker.join()
        # It is not theirs to end.
        assert server.folder.exists()
    finally:
        server.close()
    folders = {answer for answer in found if isinstance(answer, Path)}
    numbers = sorted(answer for answer in found if not isinstance(answer, Path))
    assert numbers == sorted(10 * n + turn + 1 for n in range(3) for turn in range(3))
    assert (server.folder in folders) != killed
    assert len(folders) == (len(workers) if killed else 1)
    assert not any(folder.exists() for folder in folders)


STARTER = """
import time
from autograder.sandbox import Cell, Job, Sandbox
sandbox = Sandbox({level!r})
print(sandbox.server.folder, flush=True)
sandbox.run(Job(({cells})))
time.sleep(1000)
"""


@pytest.mark.slow
@pytest.mark.parametrize("cells", ["", "(Cell('while True: pass', 0),)"])
@pytest.mark.parametrize("level", ["auto", "process"])
def test_starter_is_killed(level, cells):
    """Are the files gone soon after whoever started the sandbox was killed outright?"""
    command = [sys.executable, "-c", STARTER.format(cells=cells, level=level)]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=path) as starter:
        folder = Path(starter.stdout.readline().strip())
        assert (folder / "engine").is_dir()
        time.sleep(0.5)
        starter.kill()
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()


@pytest.mark.slow
def test_close_twice():
    """Can a sandbox be closed twice, and does it remove its files?"""
    sandbox = Sandbox(level="process")
    sandbox.close()
    sandbox.close()
    assert not sandbox.server.folder.exists()


def test_quiet_lock(tmp_path):
    """Does a job that is repeated have the machine to itself, and wait for those at work?"""
    order = []
    inside = threading.Event()

    def neighbour():
        lock = QuietLock(tmp_path / "lock")
        with lock.together():
            inside.set()
            time.sleep(0.3)
            order.append("neighbour done")
        with lock.together():
            order.append("neighbour again")
        lock.close()

    lock = QuietLock(tmp_path / "lock")
    thread = threading.Thread(target=neighbour)
    with lock.together():
        thread.start()
        inside.wait()
        with lock.alone():
            order.append("alone")
            time.sleep(0.3)
            order.append("alone done")
    thread.join()
    lock.close()
    assert order == ["neighbour done", "alone", "alone done", "neighbour again"]


@pytest.mark.slow
def test_wall_timeout_is_retried(run, tmp_path):
    """Is a function that was slow by the clock alone tried again, and only then given up?"""
    source = (
        "import os, time\n"
        "def f(x):\n    if not os.path.exists('/dev/shm/slow'):\n"
        "        open('/dev/shm/slow', 'w').close()\n        time.sleep(100)\n    return x"
    )
    result = run(source, groups={"a": [("f", 1)]}, limits=SLEEPS)
    assert [r.status for r in result.groups["a"]] == ["ok"]


@pytest.mark.slow
def test_umask(sandbox):
    """Does a sandbox that is started under umask 077 let its user read what it needs?"""
    before = os.umask(0o077)
    try:
        with Sandbox() as made:
            (result,) = made.run(ADD).groups["g"]
    finally:
        os.umask(before)
    assert (result.status, result.value) == ("ok", 2)


@pytest.mark.parametrize("name", ["packages", "packages/numpy"])
def test_packages_for_their_owner_alone(tmp_path, monkeypatch, name):
    """Is it said what to do where packages were installed under umask 077?"""
    packages, unreadable = tmp_path / "packages", str(tmp_path / name)
    (packages / "numpy").mkdir(parents=True)
    # Root may read everything: what another user may read is not to be had from here.
    monkeypatch.setattr(server.os, "access", lambda path, mode: path != unreadable)
    with pytest.raises(server.Unusable) as told:
        server._need_readable([str(packages)])
    said = fork_server._why({"unusable": told.value.why, "values": told.value.values})
    assert said["en"].startswith(f"{unreadable} can be read")
    assert said["en"].endswith(f"umask 077?); run: chmod -R go+rX {packages}")
    assert said["zh"].startswith(f"{unreadable} 只有所有者")
    monkeypatch.setattr(server.os, "access", lambda path, mode: True)
    server._need_readable([str(packages)])


def test_no_temporary_folder(monkeypatch):
    """Is TMPDIR named where no temporary folder can be made?"""
    monkeypatch.setattr(tempfile, "tempdir", "/proc")
    with pytest.raises(SandboxError, match=r"no temporary folder can be made .*set TMPDIR"):
        Sandbox(level="process")
