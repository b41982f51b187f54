"""The trusted parent's side: hands jobs to the fork server, one at a time."""

import dataclasses
import os
import threading
from pathlib import Path
from typing import Any

from autograder.texts import message_of
from checks.text import Text

from ..errors import SandboxError
from ..jobs import Job, JobResult
from ..protocol import Channel
from . import student_files
from .cgroups import find_here as find_cgroups
from .fork_server import ForkServer
from .levels import choose_level, describe_level
from .quiet import QuietLock
from .runner import Runner
from .session import Connection

_NO_GROUP = Text("no control group could be made: {error}", "无法建立 cgroup：{error}")
_NO_ANSWER = Text("the sandbox server does not answer: {error}", "沙箱服务没有应答：{error}")


class Sandbox:
    """Runs students' notebooks and functions in isolated processes.

    `level` is "auto" or a name of :data:`levels.LEVELS`; "process" separates nothing but crashes
    and must be asked for by name. `student_folder` is the folder of a built notebook: the
    child has what a student has beside it, or without one what goes with any of the notebooks.
    Sandboxes that are given the same file as `quiet_lock` leave each other alone
    where a wall-clock timeout is tried again. `server` is the fork server of all workers of a
    machine, at the same level; without one the sandbox starts its own. A Sandbox belongs to the
    process that made it and runs one job at a time.

    Raises IsolationUnavailable, or SandboxError when the server does not start.
    """

    def __init__(
        self,
        level: str = "auto",
        student_folder: Path | str | None = None,
        quiet_lock: Path | str | None = None,
        server: ForkServer | None = None,
    ) -> None:
        self._level = choose_level(level) if server is None else server.level
        self._quiet = QuietLock(None if quiet_lock is None else Path(quiet_lock))
        self._student_folder = Path(student_folder) if student_folder is not None else None
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._owns_server = server is None
        self._cgroups = find_cgroups() if self._level != "process" else None
        self.server = server or self._start()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    @property
    def isolation(self) -> str:
        """What isolation is active, in words."""
        return describe_level(self._level)

    def run(self, job: Job, folder: Path | str | None = None) -> JobResult:
        """Run `job` with a private copy of the student's `folder` as its working directory.

        It never raises for anything that the child does. It raises SandboxError when the sandbox
        itself fails, so that no submission is marked down for it.
        """
        if os.getpid() != self._owner:
            raise RuntimeError("a Sandbox cannot be used in a fork of the process that made it")
        files, problems = self._read(job, folder)
        with self._lock, self._quiet.together():
            return Runner(job, self._connect, files, problems, self._quiet.alone).run()

    def close(self) -> None:
        """End the server, if it is this sandbox's own, with everything that runs in it."""
        if os.getpid() != self._owner:
            return
        self._quiet.close()
        if self._owns_server:
            self.server.close()

    def _read(self, job: Job, folder: Path | str | None) -> tuple[list, list[Text]]:
        problems: list[Text] = []
        links = [(name, f"/course/{name}") for name in student_files.data_links(self.server.course)]
        if self._level == "process":
            links = [(name, str(self.server.course / name)) for name, _ in links]
        files: list[tuple[str, bytes | str]] = list(links)
        if folder is not None:
            limits = job.limits
            caps = limits.folder_bytes, limits.folder_files
            taken = {name for name, _ in links}
            for name, content in student_files.read_folder(Path(folder), *caps, problems):
                if name.partition("/")[0] not in taken:
                    files.append((name, content))
        return files, problems

    def _start(self) -> ForkServer:
        return ForkServer(self._level, self._student_folder)

    def _connect(self, job: Job) -> Connection:
        """Have a child started; a server that was lost is replaced once, by one of our own."""
        limits = job.limits
        config = {"limits": dataclasses.asdict(limits), "figures": job.figures}
        group = None
        if self._cgroups is not None:
            try:
                group = self._cgroups.of_job(limits.total_memory_bytes, limits.processes)
            except OSError as error:
                raise SandboxError(_NO_GROUP.format(error=error)) from error
        try:
            keeper, data = self._ask(config, [] if group is None else group.descriptors, job.draws)
        except BaseException:
            if group is not None:
                group.close()
            raise
        if group is not None:
            group.handed_over()
        return Connection(keeper, data, group)

    def _ask(
        self, config: dict[str, Any], cgroup: list[int], draws: bool
    ) -> tuple[Channel, Channel]:
        try:
            return self.server.connect(config, cgroup, draws)
        except Exception:
            if self._owns_server:
                self.server.close()
            self.server, self._owns_server = self._start(), True
        try:
            return self.server.connect(config, cgroup, draws)
        except Exception as error:
            raise SandboxError(_NO_ANSWER.format(error=message_of(error))) from error
