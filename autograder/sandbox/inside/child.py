"""The student's side: runs the cells and calls the functions. Everything here may be taken over.

From the first cell on, student code shares this process and can change anything in it. So nothing
here decides anything: the parent sets the deadlines, checks what arrives and draws the
conclusions, and the keeper ends the job. This process holds inputs only, one call at a time.
"""

import contextlib
import gc
import inspect
import os
import resource
import signal
import socket
import sys
from typing import Any

import numpy as np

from checks.formulas import from_data
from checks.plain import Odd, copy_plain, same_plain, to_plain

from ..protocol import Channel, ConnectionEnded, Message
from . import isolation
from .clock import Clock, cpu_seconds
from .shell import Shell, Stream
from .versions import call_versions

# Made by the server before the fork.
SHELL: Shell = None  # type: ignore[assignment]

UNLIMITED = 1 << 40


class HelperRefused(ValueError):
    """A correct helper was called with inputs that it can't work with; the message is its name."""


def run(channel: Channel, config: dict, level: str) -> None:
    """Serve one job: cells first, then groups of calls, each in a fork. It ends the process."""
    with contextlib.suppress(ConnectionEnded):
        _Notebook(channel, config, level).serve()
    os._exit(0)


class _Notebook:
    def __init__(self, channel: Channel, config: dict, level: str) -> None:
        self.channel = channel
        channel.odd = Odd
        self.limits = config["limits"]
        self.level = level
        self.clock = Clock()
        self.stubs: list[str] = []
        self.shown_left = self.limits["output_bytes"]
        self.group: int | None = None
        self.own = os.getpid()
        folder = self._enter_folder(config)
        SHELL.use_figures(bool(config["figures"]))
        isolation.limit_memory(self.limits["memory_bytes"], hard_factor=2)
        # Process 1 of a namespace receives only what it has a handler for: with none, the groups
        # forked from it cannot disturb it by any signal.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # It comes last: a module in the student's folder never shadows another.
        sys.path.append(folder)
        channel.send({"kind": "ready"})

    def _enter_folder(self, config: dict) -> str:
        folder = config["folder"] or f"{isolation.HOME}/work"
        os.chdir(folder)
        os.environ["HOME"] = os.path.dirname(folder)
        return folder

    def serve(self) -> None:
        actions = {"file": self.file, "cell": self.cell, "group": self.fork_group, "end": self.end}
        while True:
            message = self.channel.receive(None, UNLIMITED)
            action = message.text("do")
            if action == "exit":
                return
            actions[action](message)

    def file(self, message: Message) -> None:
        """Write one file of the student's folder."""
        path = message.fields["path"]
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            if message.fields.get("link"):
                os.symlink(message.fields["link"], path)
            else:
                with open(path, "wb") as file:
                    file.write(message.tree.tobytes())

    def cell(self, message: Message) -> None:
        """Run one cell and report how it ended."""
        source, index = message.tree.tobytes().decode(), int(message.fields["index"])
        # The parts of a cell are files of their own: each has its own lines.
        name = f"<cell {index}, part {len(SHELL.sources)}>"
        run = SHELL.run_definitions if message.flag("definitions") else SHELL.run
        SHELL.outputs.begin(self.limits["text_bytes"], self.shown_left)
        error: BaseException | None = None
        try:
            with self.clock.limit(message.fields["cpu"]):
                error = run(source, name, int(message.fields["above"]))
        except BaseException as raised:
            error = raised
        if os.getpid() != self.own:
            # A process that the cell forked came back here with it.
            os._exit(0)
        status = "timeout" if self.clock.rang else "error" if error else "ok"
        outputs = SHELL.outputs.joined()
        self.shown_left -= sum(len(item) for item in outputs)
        tree = [np.frombuffer(x, np.uint8) if isinstance(x, bytes) else x for x in outputs[:500]]
        self.channel.send({"kind": "cell", "status": status, **describe(error)}, tree)

    def fork_group(self, message: Message) -> None:
        """Fork a process for one exercise, with a connection of its own."""
        _, sockets, _, _ = socket.recv_fds(self._blocking(), 1, 1)
        # What the cells left running must not take the group's share of processes.
        self._kill_others()
        gc.freeze()
        self.group = os.fork()
        if self.group == 0:
            try:
                self.channel.close()
                os.setsid()
                self.call_functions(socket.socket(fileno=sockets[0]))
            finally:
                os._exit(0)
        os.close(sockets[0])
        self.channel.socket.setblocking(False)
        self.channel.send({"kind": "forked"})

    def _blocking(self) -> socket.socket:
        # The parent sends the descriptor right behind the frame.
        self.channel.socket.setblocking(True)
        return self.channel.socket

    def end(self, message: Message) -> None:
        """End the group's process and all that it left behind; report how it had ended."""
        ended, usage = 0, 0.0
        for number, status, used in self._kill_others():
            if number == self.group:
                ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                usage = used.ru_utime + used.ru_stime
        self.group = None
        self.channel.send({"kind": "ended", "signal": ended, "cpu": usage})

    def _kill_others(self) -> list[tuple[int, int, resource.struct_rusage]]:
        """End every process of the job but this one; return what each of them leaves."""
        ended: list[tuple[int, int, resource.struct_rusage]] = []
        if self.level == "process":
            # Without a process namespace, only the group's own processes are known.
            if self.group is not None:
                with contextlib.suppress(OSError):
                    os.killpg(self.group, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    ended.append(os.wait4(self.group, 0))
            return ended
        # This must happen nowhere else: as process 1, "all" means the job's namespace.
        if os.getpid() == 1:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while True:
                    ended.append(os.wait4(-1, 0))
        return ended

    def call_functions(self, connection: socket.socket) -> None:
        """In the group's own process: answer calls until the parent hangs up."""
        limits = self.limits
        with contextlib.suppress(OSError, ValueError):
            cpu = int(limits["group_cpu"] * 1.5) + 2
            # The limits are one second apart: the first signal shows that it was the time.
            resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        isolation.limit_memory(limits["memory_bytes"])
        channel = Channel(connection, Odd)
        SHELL.outputs.begin(limits["text_bytes"], limits["text_bytes"])
        sys.stdout = sys.stderr = Stream(SHELL.outputs.text)
        own = os.getpid()
        with contextlib.suppress(ConnectionEnded):
            while True:
                call = channel.receive(None, UNLIMITED)
                if "seed" in call.fields:
                    np.random.seed(call.fields["seed"])
                fields, value = self.call(call, channel)
                if os.getpid() != own:
                    # A process that the function forked came back here with it.
                    os._exit(0)
                fields["call"] = call.fields["call"]
                try:
                    channel.send(fields, value)
                except ValueError:
                    channel.send(fields, Odd("too large"))

    def call(self, message: Message, channel: Channel) -> tuple[dict, Any]:
        """Make one call; return the reply's fields and the plain value."""
        name = message.fields["function"]
        function = SHELL.namespace.get(name)
        if not callable(function):
            return {"kind": "result", "status": "missing"}, None
        self._bind_stubs(message.fields.get("stubs") or [], function, channel)
        arguments = from_data(message.tree)
        if message.fields.get("versions"):
            return call_versions(self.clock, message.fields, arguments, SHELL.namespace)
        pristine = copy_plain(arguments)
        before = cpu_seconds()
        value, error, status = None, None, "ok"
        try:
            with self.clock.limit(message.fields["cpu"]):
                value = to_plain(function(*arguments))
        except BaseException as raised:
            error = raised
            status = "memory" if isinstance(raised, MemoryError) else "error"
        if self.clock.rang:
            status, value = "timeout", None
        try:
            changed = not same_plain(pristine, arguments)
        except BaseException:
            changed = True
        used = cpu_seconds() - before
        fields = {"kind": "result", "status": status, "changed": changed, "cpu": used}
        if _size(value) > self.limits["reply_bytes"] // 2:
            value = Odd("too large")
        return {**fields, **describe(error)}, value

    def _bind_stubs(self, names: list[str], function: Any, channel: Channel) -> None:
        if not names:
            return
        namespaces = [SHELL.namespace]
        with contextlib.suppress(Exception):
            own = inspect.unwrap(function).__globals__
            if own is not SHELL.namespace:
                namespaces.append(own)
        for name in names:
            for namespace in namespaces:
                namespace[name] = _proxy(name, channel)


def _proxy(name: str, channel: Channel) -> Any:
    def ask(*args: Any, **kwargs: Any) -> Any:
        try:
            channel.send({"kind": "stub", "name": name}, to_plain((args, kwargs)))
            answer = channel.receive(None, UNLIMITED)
        except ValueError:
            raise HelperRefused(name) from None
        if answer.text("kind") != "answer":
            raise HelperRefused(name)
        return answer.tree

    ask.__name__ = ask.__qualname__ = name
    return ask


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (tuple, list)):
        return sum(map(_size, value))
    return sum(map(_size, value.values())) if isinstance(value, dict) else 8


def describe(error: BaseException | None) -> dict[str, Any]:
    """Return the fields of an ErrorInfo: the last line of the student's own code, not ours."""
    if error is None:
        return {}
    told: dict[str, Any] = {"type": type(error).__name__[:100]}
    with contextlib.suppress(BaseException):
        # No more is sent than will be shown: a message may be a whole array.
        syntax = isinstance(error, SyntaxError) and error.msg
        told["message"] = str(syntax or error)[:500]
    with contextlib.suppress(BaseException):
        told.update(_place(error))
    return told


def _place(error: BaseException) -> dict[str, Any]:
    name, line, function = "", None, ""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in SHELL.sources:
            name, line, function = code.co_filename, trace.tb_lineno, code.co_name
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and not name:
        name, line = SHELL.name, error.lineno
    lines, above = SHELL.sources.get(name, ([], 0))
    source = lines[line - 1].strip() if line and 0 < line <= len(lines) else ""
    function = "" if function == "<module>" else function
    return {"line": line and line + above, "source": source[:500], "function": function[:100]}
