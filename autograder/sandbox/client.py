"""The trusted parent's side: starts the fork server and hands jobs to it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from checks.plain import Odd

from . import course
from .errors import SandboxError
from .jobs import Job, JobResult
from .levels import choose_level, describe_level
from .protocol import Channel
from .quiet import QuietLock
from .session import Runner

START_SECONDS = 120.0
_ENGINE = Path(__file__).resolve().parent


class Sandbox:
    """Runs students' notebooks and functions in isolated processes.

    `level` is "auto" or a name of :data:`levels.LEVELS`; "process" separates nothing but crashes
    and must be asked for by name. `student_folder` is the folder as students receive it
    (public_tests.py, checks/, expected_values.h5, images/); what it lacks comes from the
    repository. Sandboxes that are given the same file as `quiet_lock` leave each other alone
    where a wall-clock timeout is tried again. A Sandbox belongs to the process that made it and
    runs one job at a time.

    Raises IsolationUnavailable, or SandboxError when the server does not start.
    """

    def __init__(
        self,
        level: str = "auto",
        student_folder: Path | str | None = None,
        quiet_lock: Path | str | None = None,
    ) -> None:
        self._level = choose_level(level)
        self._quiet = QuietLock(None if quiet_lock is None else Path(quiet_lock))
        self._student_folder = Path(student_folder) if student_folder is not None else None
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._server: subprocess.Popen | None = None
        self._connection: socket.socket | None = None
        try:
            course.copy_course(self._student_folder, self._folder / "course")
            (self._folder / "room").mkdir()
            self._copy_engine()
            self._start()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    @property
    def level(self) -> str:
        """What isolation is active, for people to read."""
        return describe_level(self._level)

    def run(self, job: Job, folder: Path | str | None = None) -> JobResult:
        """Run `job` with a private copy of the student's `folder` as its working directory.

        Never raises for anything the child does. Raises SandboxError when the sandbox itself
        fails, so that no submission is marked down for it.
        """
        if os.getpid() != self._owner:
            raise RuntimeError("a Sandbox cannot be used in a fork of the process that made it")
        files, problems = self._read(job, folder)
        with self._lock, self._quiet.together():
            return Runner(job, self._connect, files, problems, self._quiet.alone).run()

    def close(self) -> None:
        """End the server with everything that runs in it, and remove its files."""
        if os.getpid() != self._owner:
            return
        self._stop()
        self._quiet.close()
        with contextlib.suppress(OSError):
            shutil.rmtree(self._folder)

    def __del__(self) -> None:
        # When the interpreter ends, modules may be gone already, contextlib among them.
        try:  # noqa: SIM105
            self.close()
        except Exception:
            pass

    def _read(self, job: Job, folder: Path | str | None) -> tuple[list, list[str]]:
        problems: list[str] = []
        links = [(name, f"/course/{name}") for name in course.data_links(self._folder / "course")]
        if self._level == "process":
            links = [(name, str(self._folder / "course" / name)) for name, _ in links]
        files: list[tuple[str, bytes | str]] = list(links)
        if folder is not None:
            limits = job.limits
            caps = limits.folder_bytes, limits.folder_files
            taken = {name for name, _ in links}
            for name, content in course.read_folder(Path(folder), *caps, problems):
                if name.partition("/")[0] not in taken:
                    files.append((name, content))
        return files, problems

    def _copy_engine(self) -> None:
        target = self._folder / "engine"
        target.mkdir(mode=0o755)
        for source in _ENGINE.glob("*.py"):
            shutil.copyfile(source, target / source.name)
            (target / source.name).chmod(0o644)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed below)
        inside = self._level != "process"
        config = {
            "level": self._level,
            # Where the engine lies before the room is entered, and within it.
            "engine": str(self._folder / "engine"),
            "engine_inside": "/engine" if inside else str(self._folder / "engine"),
            "trusted": "/course" if inside else str(self._folder / "course"),
            "packages": _package_folders(),
            "view": self._view(),
            "folder": str(self._folder),
        }
        command = [sys.executable, "-I", "-S", "-B", str(self._folder / "engine" / "server.py")]
        self._server = subprocess.Popen(
            [*command, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
            cwd="/",
            env=_environment(inside, self._folder),
            start_new_session=True,
        )
        theirs.close()
        self._connection = ours
        ours.settimeout(START_SECONDS)
        try:
            ours.sendall(json.dumps(config).encode() + b"\n")
            answer = json.loads(_line(ours))
        except (OSError, ValueError) as error:
            errors.seek(0)
            told = errors.read(4000).decode("utf-8", "replace").strip()
            raise SandboxError(f"the sandbox server did not start: {told or error}") from error
        finally:
            errors.close()
        if "error" in answer:
            raise SandboxError(f"the sandbox server did not start: {answer['error']}")

    def _view(self) -> dict[str, Any]:
        return {
            "staging": str(self._folder / "room"),
            "read_only": _readable_paths(),
            "placed": {
                "/engine": str(self._folder / "engine"),
                "/course": str(self._folder / "course"),
            },
        }

    def _stop(self) -> None:
        if self._connection is not None:
            # The server ends when its connection does; where that comes without a word, it also
            # removes the files, for we were killed.
            with contextlib.suppress(OSError):
                self._connection.sendall(b"E")
            self._connection.close()
            self._connection = None
        if self._server is not None:
            try:
                self._server.wait(10)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def _connect(self, config: dict[str, Any]) -> tuple[Channel, Channel]:
        """Have the server start a child; return the channels to its keeper and its notebook."""
        for attempt in (1, 2):
            control, their_control = socket.socketpair()
            data, their_data = socket.socketpair()
            try:
                with their_control, their_data:
                    fds = [their_control.fileno(), their_data.fileno()]
                    socket.send_fds(self._connection, [b"J"], fds)
                    # macOS loses descriptors that are closed here before they have arrived.
                    if not self._connection.recv(1):
                        raise OSError("it has ended")
                keeper = Channel(control)
                keeper.send(config, deadline=time.monotonic() + 30)
                return keeper, Channel(data, Odd)
            except Exception as error:
                control.close()
                data.close()
                if attempt == 2:
                    raise SandboxError(f"the sandbox server does not answer: {error}") from error
                self._stop()
                self._start()
        raise AssertionError("unreachable")


def _line(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n"):
        part = connection.recv(65536)
        if not part:
            raise OSError("it ended at once")
        data += part
    return data


def _environment(inside: bool, folder: Path) -> dict[str, str]:
    home = "/student" if inside else str(folder)
    threads = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
    return {
        "PATH": "/nowhere",
        "HOME": home,
        **({"TMPDIR": "/student/tmp"} if inside else {}),
        "IPYTHONDIR": "/warm/ipython" if inside else f"{folder}/ipython",
        "MPLCONFIGDIR": "/warm/matplotlib" if inside else f"{folder}/matplotlib",
        "MPLBACKEND": "agg",
        # On macOS, libraries that NumPy and matplotlib load would end every fork of the server.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HDF5_USE_FILE_LOCKING": "FALSE",
        **{f"{name}_NUM_THREADS": "1" for name in threads},
    }


def _package_folders() -> list[str]:
    """The folders that NumPy and the other libraries are imported from, in the parent's order."""
    import site

    known = {*site.getsitepackages(), site.getusersitepackages()}
    known |= {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    real = {os.path.realpath(path) for path in known}
    found = [os.path.realpath(path) for path in sys.path if os.path.realpath(path) in real]
    return [path for path in dict.fromkeys(found) if os.path.isdir(path)]


def _readable_paths() -> list[str]:
    """The allow-list of the room: Python's library folders and the system's shared libraries."""
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    wanted = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/nix/store"]
    wanted += [os.path.join(prefix, name) for prefix in prefixes for name in ("lib", "lib64")]
    wanted += _package_folders()
    # The same folders again by their real names, should a prefix be a link.
    wanted += [os.path.realpath(path) for path in wanted]
    kept: list[str] = []
    for path in sorted(dict.fromkeys(wanted)):
        inside = any(path.startswith(parent + "/") for parent in kept if not os.path.islink(parent))
        if os.path.exists(path) and not inside:
            kept.append(path)
    return kept
