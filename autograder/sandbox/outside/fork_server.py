"""The fork server seen from outside: its files, its process, and how to have it fork a child."""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from autograder.course import copy_course
from autograder.texts import TextError, message_of, same_in_all
from checks.plain import Odd
from checks.text import Text

from ..errors import SandboxError
from ..inside.server import DRAWS, JOB, LAST_WORD, SIZE_BYTES
from ..protocol import Channel
from .users import whom_to_run_as

START_SECONDS = 120.0
_ENGINE = Path(__file__).resolve().parents[1]
# What the server and the trusted side share.
_SHARED = ("protocol.py", "usage.py")
"""The package `sandbox`."""

_NO_FOLDER = Text(
    "no temporary folder can be made ({error}); set TMPDIR to a folder that this user can write to",
    "无法建立临时文件夹（{error}）；请把 TMPDIR 设为当前用户可以写入的文件夹",
)
_NO_START = Text("the sandbox server did not start: {why}", "沙箱服务没有启动：{why}")
_ENDED = Text("it has ended", "它已经结束")
_AT_ONCE = Text("it ended at once", "它立即结束了")
_UNUSABLE = {
    "exposed": Text(
        "the package {package!r} is installed where students' code could read it: install the "
        "project with `pip install --editable`",
        "软件包 {package!r} 安装在学生代码可以读取的位置：请用 `pip install --editable` 安装本项目",
    ),
    "unreadable": Text(
        "{path} can be read by its owner alone, and students' code runs as another user (it was "
        "installed under umask 077?); run: chmod -R go+rX {folder}",
        "{path} 只有所有者能读取，而学生的代码以另一个用户运行（安装时 umask 是不是 077？）；"
        "请运行：chmod -R go+rX {folder}",
    ),
}
"""Why the server finds that it can't be used, by what it answers."""


class ServerEnded(TextError):
    """The server is gone."""


class ForkServer:
    """A process with the libraries imported, which forks a child for each job it is asked for.

    One serves all workers of a machine: forks of the process that started it, and processes that
    multiprocessing hands it to, ask it in the same way. Only the process that started it ends it,
    and it ends with that process.

    Raises SandboxError when it does not start. Without `wait` the caller can do something
    else while it starts, and may ask for children already; it then calls wait_until_ready, which
    raises the error.
    """

    def __init__(self, level: str, student_folder: Path | None = None, wait: bool = True) -> None:
        self.level = level
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        except OSError as error:
            raise SandboxError(_NO_FOLDER.format(error=error)) from error
        self._owner = os.getpid()
        self._process: subprocess.Popen | None = None
        self._connection: socket.socket | None = None
        self._errors: IO[bytes] | None = None
        try:
            copy_course(student_folder, self.course)
            (self.folder / "room").mkdir()
            self._copy_engine()
            self._errors = self._start()
            if wait:
                self.wait_until_ready()
        except BaseException:
            self.close()
            raise

    def __getstate__(self) -> dict[str, Any]:
        # Another process only gets what it needs to ask for a child.
        return vars(self) | {"_process": None, "_errors": None}

    def __del__(self) -> None:
        # When the interpreter ends, modules may be gone already, contextlib among them.
        try:  # noqa: SIM105
            self.close()
        except Exception:
            pass

    @property
    def course(self) -> Path:
        """The course's files, as the child sees them."""
        return self.folder / "course"

    @property
    def pid(self) -> int | None:
        """The process that was started; None where the server was sent to, by multiprocessing."""
        return self._process and self._process.pid

    def connect(
        self, config: dict[str, Any], cgroup: Sequence[int] = (), draws: bool = False
    ) -> tuple[Channel, Channel]:
        """Have a child forked; return the channels to its keeper and its notebook.

        `cgroup` are descriptors of the control group that it is to join. One that `draws` has
        everything for that imported.

        Raises ServerEnded, OSError or ProtocolError where it has ended or does not answer.
        """
        control, their_control = socket.socketpair()
        data, their_data = socket.socketpair()
        try:
            with their_control, their_data:
                theirs = their_control.fileno(), their_data.fileno()
                self._hand_over(DRAWS if draws else JOB, control, *theirs, *cgroup)
            keeper = Channel(control)
            keeper.send(config, deadline=time.monotonic() + 30)
        except BaseException:
            control.close()
            data.close()
            raise
        return keeper, Channel(data, Odd)

    def _hand_over(self, request: bytes, control: socket.socket, *theirs: int) -> None:
        """Send the server its ends of two connections, and wait until it has them.

        macOS loses descriptors that are closed here before they have arrived.
        """
        if self._connection is None:
            raise ServerEnded(_ENDED)
        # Several workers ask at once: a request of one byte cannot be mixed up with another.
        socket.send_fds(self._connection, [request], list(theirs))
        answer = select.poll()
        answer.register(control, select.POLLIN)
        # It shows when the other side is gone.
        answer.register(self._connection, select.POLLHUP)
        if control.fileno() not in dict(answer.poll(START_SECONDS * 1000)) or not control.recv(1):
            raise ServerEnded(_ENDED)

    def close(self) -> None:
        """Let go of the server; its starter ends it, with all that runs in it and its files."""
        owner = os.getpid() == self._owner
        if self._connection is not None:
            if owner:
                # Where the connection ends without a word, the watcher removes the files: we
                # were killed.
                with contextlib.suppress(OSError):
                    self._connection.sendall(LAST_WORD)
            self._connection.close()
            self._connection = None
        if not owner:
            return
        if self._process is not None:
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        with contextlib.suppress(OSError):
            shutil.rmtree(self.folder)

    def _copy_engine(self) -> None:
        """Copy what runs in the sandbox, and nothing of what stands outside."""
        target = self.folder / "engine"
        for folder in (target, target / "inside"):
            folder.mkdir()
            folder.chmod(0o755)
        shared = [_ENGINE / name for name in _SHARED]
        for source in (*shared, *(_ENGINE / "inside").glob("*.py")):
            copy = target / source.relative_to(_ENGINE)
            shutil.copyfile(source, copy)
            copy.chmod(0o644)

    def _start(self) -> IO[bytes]:
        """Start the process; return the file to which it writes why it ended."""
        ours, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed once it is ready)
        inside = self.level != "process"
        user = whom_to_run_as()
        config = {
            "level": self.level,
            # Where the engine lies before the room is entered, and within it.
            "engine": str(self.folder / "engine"),
            "engine_inside": "/engine" if inside else str(self.folder / "engine"),
            "trusted": "/course" if inside else str(self.course),
            "packages": _package_folders(),
            "user": user,
            "view": self._view(*user),
            "folder": str(self.folder),
        }
        server = self.folder / "engine" / "inside" / "server.py"
        command = [sys.executable, "-I", "-S", "-B", str(server)]
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
            cwd="/",
            env=_environment(inside, self.folder),
            start_new_session=True,
            # Another user than this one has to read what is placed in the room.
            umask=0o022,
        )
        theirs.close()
        self._connection = ours
        ours.settimeout(START_SECONDS)
        text = json.dumps(config).encode()
        # Where it has ended already, that shows when it is waited for.
        with contextlib.suppress(OSError):
            ours.sendall(len(text).to_bytes(SIZE_BYTES, "big") + text)
        return errors

    def wait_until_ready(self) -> None:
        """Wait until it has imported the libraries; raise SandboxError where that fails."""
        assert self._connection is not None and self._errors is not None
        errors, self._errors = self._errors, None
        try:
            answer = json.loads(_line(self._connection))
        except (ServerEnded, OSError, ValueError) as error:
            errors.seek(0)
            told = errors.read(4000).decode("utf-8", "replace").strip()
            raise SandboxError(_NO_START.format(why=told or message_of(error))) from error
        finally:
            errors.close()
        if "error" in answer:
            raise SandboxError(_NO_START.format(why=_why(answer)))

    def _view(self, user: int, group: int) -> dict[str, Any]:
        return {
            "user": user,
            "group": group,
            "staging": str(self.folder / "room"),
            "read_only": _readable_paths(),
            "placed": {
                "/engine": str(self.folder / "engine"),
                "/course": str(self.course),
            },
        }


def _why(answer: dict) -> Text:
    """Return why a server has not started: what it knows to be wrong, or its exception."""
    known = _UNUSABLE.get(answer.get("unusable", ""))
    return known.format(**answer["values"]) if known else same_in_all(answer["error"])


def _line(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n"):
        part = connection.recv(65536)
        if not part:
            raise ServerEnded(_AT_ONCE)
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
    # The same folders are added by their real names, should a prefix be a link.
    wanted += [os.path.realpath(path) for path in wanted]
    kept: list[str] = []
    for path in sorted(dict.fromkeys(wanted)):
        inside = any(path.startswith(parent + "/") for parent in kept if not os.path.islink(parent))
        if os.path.exists(path) and not inside:
            kept.append(path)
    return kept
