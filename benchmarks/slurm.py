"""A Slurm cluster of our own on one machine, from Debian's package: for a test or a benchmark.

``python -m benchmarks slurm`` grades a class with docs/examples/shards.sbatch on it while tasks are
killed and requeued at random, and compares the rows with those of a run that nobody disturbed.
"""

import contextlib
import json
import os
import pwd
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import ROOT, Course
from benchmarks.bench_gradebook import rows_of
from benchmarks.class_folder import ASSIGNMENT, engine_course, handed_in

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel")
SCRIPT = ROOT / "docs" / "examples" / "shards.sbatch"
SUBMISSIONS = 24
DISTURBANCES = 8
PATIENCE = 600.0

# Two tasks of the example at a time, whatever this machine has. A task that is requeued waits for
# its old credential to end: two minutes by default.
CONFIG = """\
ClusterName=course
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=1
SchedulerParameters=sched_interval=2,bf_interval=2
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory=8192
PartitionName=all Nodes=node Default=YES State=UP
"""


class SlurmFailed(RuntimeError):
    """The cluster, or a program on it, did not do what it should; the message says what it said."""


def why_not() -> str:
    """Say what is missing for a cluster here; empty where nothing is."""
    if missing := [name for name in PROGRAMS if _program(name) is None]:
        install = "Debian and Ubuntu: apt install slurm-wlm munge"
        return f"Slurm is not installed, {missing[0]} is missing ({install})"
    return ""


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


@dataclass
class Cluster:
    """A controller and one node on loopback; `folder` holds their files and logs."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self) -> None:
        """Start the key service, the controller and the node, and wait for the node."""
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        key = self.folder / "key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        config = CONFIG.format(
            folder=self.folder,
            ports=_free_ports(2),
            user=pwd.getpwuid(os.getuid()).pw_name,
            host=socket.gethostname().partition(".")[0],
        )
        self.config.write_text(config)
        places = {"key-file": "key", "socket": "munge.socket", "pid-file": "munge.pid"}
        places |= {"log-file": "munge.log", "seed-file": "munge.seed"}
        files = [f"--{option}={self.folder / name}" for option, name in places.items()]
        self._start("munged", "--foreground", "--force", *files)
        self._wait_for(lambda: (self.folder / "munge.socket").exists())
        self._start("slurmctld", "-D", "-f", str(self.config))
        self._start("slurmd", "-D", "-f", str(self.config), "-N", "node")
        self._wait_for(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%T", check=False))

    def end(self) -> None:
        """Stop what was started, the node first."""
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def config(self) -> Path:
        """The file that every command of Slurm reads."""
        return self.folder / "slurm.conf"

    def ask(self, *command: str, folder: Path | None = None, check: bool = True) -> str:
        """Run one of Slurm's commands; return what it printed. Raises SlurmFailed."""
        done = subprocess.run(
            command,
            cwd=folder or self.folder,
            env=os.environ | {"SLURM_CONF": str(self.config)},
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise SlurmFailed(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def tasks(self) -> dict[str, str]:
        """Return the state of each task that has not ended."""
        lines = self.ask("squeue", "-h", "-r", "-o", "%i %T").splitlines()
        return dict(line.split() for line in lines)

    def _start(self, name: str, *arguments: str) -> None:
        program = _program(name)
        assert program is not None
        with open(self.folder / f"{name}.out", "wb") as log:
            self.processes.append(
                subprocess.Popen([program, *arguments], stdout=log, stderr=log, cwd=self.folder)
            )

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not ready():
            gone = [process for process in self.processes if process.poll() is not None]
            if gone or time.monotonic() > deadline:
                logs = [path.read_text("utf-8", "replace") for path in self.folder.glob("*.out")]
                raise SlurmFailed("\n".join(log[-1000:] for log in logs))
            time.sleep(0.1)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a cluster with nothing to do."""
    found = Cluster(Path(tempfile.mkdtemp(prefix="slurm-", dir="/tmp")))
    try:
        found.begin()
        yield found
    finally:
        found.end()
        shutil.rmtree(found.folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


def command_in(root: Path) -> Path:
    """Write ``.venv/bin/autograder`` into a course folder: this engine's, for that folder."""
    program = root / ".venv" / "bin" / "autograder"
    program.parent.mkdir(parents=True)
    code = (
        "import sys; from pathlib import Path; from autograder.course import Course; "
        f"Course.__init__.__defaults__ = (Path({str(root)!r}),); Course.has_solutions = True; "
        "from autograder.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -c "{code}" "$@"\n')
    program.chmod(0o755)
    return program


def run(program: Path, *arguments: str) -> tuple[int, str]:
    """Run autograder in its course folder; return its exit code and what it said."""
    done = subprocess.run(
        [program, *arguments],
        cwd=program.parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@dataclass
class Outcome:
    """What became of a disturbed array: how often what was done, and what merge said at last."""

    did: Counter[str]
    merged: str


def grade_disturbed(cluster: Cluster, root: Path, seed: int, most: int = DISTURBANCES) -> Outcome:
    """Grade a course folder with the example's array, killing and requeuing tasks at random.

    Shards that merge names are submitted again, until it records the class. Raises SlurmFailed.
    """
    draw, did = random.Random(seed), Counter[str]()
    program = root / ".venv" / "bin" / "autograder"
    (root / "build" / "slurm").mkdir()
    chosen: list[str] = []
    for attempt in range(5):
        cluster.ask("sbatch", *chosen, str(SCRIPT), folder=root)
        _disturb(cluster, draw, did, most if attempt == 0 else 0)
        code, said = run(program, "merge", ASSIGNMENT)
        if code != 2:
            return Outcome(did, said)
        missing = re.findall(r"shard ([0-9]+)/[0-9]+ \(", said)
        if not missing:
            break
        did["submitted again"] += len(missing)
        chosen = [f"--array={','.join(missing)}"]
    raise SlurmFailed(f"merge says: {said}")


def _disturb(cluster: Cluster, draw: random.Random, did: Counter[str], most: int) -> None:
    """Wait until no task is left; meanwhile kill one and requeue one, `most` in all, at random."""
    deadline = time.monotonic() + PATIENCE
    while tasks := cluster.tasks():
        if time.monotonic() > deadline:
            raise SlurmFailed(f"these did not end: {tasks}")
        running = sorted(task for task, state in tasks.items() if state == "RUNNING")
        if running and did["killed"] + did["requeued"] < most:
            # A shard is killed anywhere between its start and its end.
            time.sleep(draw.uniform(0, 2))
            task, kill = draw.choice(running), (did["killed"] + did["requeued"]) % 2 == 0
            command = ["scancel", "--signal=KILL", "--full"] if kill else ["scontrol", "requeue"]
            # It may have ended by itself since.
            if cluster.tasks().get(task) == "RUNNING":
                cluster.ask(*command, task, check=False)
                did["killed" if kill else "requeued"] += 1
        time.sleep(0.2)


def undisturbed(root: Path, other: Path) -> None:
    """Grade a copy of a course folder in the same round, as one part that nobody disturbs."""
    shutil.copytree(root, other, ignore=shutil.ignore_patterns(".venv"))
    for name in ("verdicts", "autograded", "feedback", "gradebook.db"):
        path = other / "build" / name
        path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    # The round has ended; in a copy that nobody has seen a page of, it is open again.
    path = other / "build" / "rounds" / f"{ASSIGNMENT}.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"feedback_given": False}))
    program = command_in(other)
    for command in (("grade", ASSIGNMENT, "--shard", "1/1"), ("merge", ASSIGNMENT)):
        code, said = run(program, *command)
        if code == 2:
            raise SlurmFailed(said)


def report(folder: Path, count: int, seed: int) -> bool:
    """Grade a class of `count` on a cluster that is disturbed; print what came of it."""
    root = folder / "course"
    engine_course(root, handed_in(count))
    command_in(root)
    began = time.monotonic()
    with cluster() as found:
        outcome = grade_disturbed(found, root, seed)
    took = time.monotonic() - began
    told = ", ".join(f"{number} {what}" for what, number in sorted(outcome.did.items()))
    print(f"Slurm, {count} submissions in 20 shards, seed {seed}: {told}; {took:.0f} s")
    print(outcome.merged.splitlines()[-1])
    undisturbed(root, folder / "undisturbed")
    same = rows_of(Course(root)) == rows_of(Course(folder / "undisturbed"))
    print("the same rows as an undisturbed run" if same else "OTHER ROWS than an undisturbed run")
    return same
