"""The calls of one exercise, in as many forks as its crashes make necessary."""

import time
import zlib
from typing import TYPE_CHECKING

from checks.formulas import to_data
from checks.text import Text

from ..jobs import Call, CallResult, Group
from ..protocol import Channel, ConnectionEnded, DeadlineExceeded, ProtocolError
from .results import call_result
from .session import GRACE, SIGNALS_OF_TIME, ChildLost, is_from_outside
from .stub_answers import StubAnswers

if TYPE_CHECKING:
    from .runner import Runner

# What surrounds a call's result in a frame.
RESULT_HEADER = 1 << 16

_KILLED = Text(
    "{name}: its process was ended from outside, and again alone.",
    "{name}：它的进程被外部终止，单独重试时又被终止。",
)
_DISTURBED = Text(
    "What the cells left running disturbed the connection",
    "单元格留在后台的程序干扰了与评分程序的通信",
)

RETURNED = ("ok", "error", "missing")
"""How a call ends that leaves its process as it was."""

_STATUS_WHEN_LOST = {
    "cpu": "timeout",
    "wall": "timeout",
    "memory": "memory",
    "crashed": "crashed",
    "killed": "crashed",
    "lost": "crashed",
    "protocol": "protocol",
}


def run_together(runner: "Runner") -> dict[str, list[CallResult]]:
    """Run groups one after another in one process; return those whose calls all returned.

    The first that does not, and those behind it, are left to run in processes of their own.
    """
    results: dict[str, list[CallResult]] = {}
    cpu, share = min(runner.limits.together_cpu, runner.budget.cpu), runner.seconds_left() / 2
    for group in runner.job.groups:
        run = GroupRun(runner, group, share, cpu)
        calls = run.run_once()
        if calls is None:
            break
        results[group.name] = calls
        cpu, share = run.cpu_left, run.deadline - time.monotonic()
    run.close()
    return results


class GroupRun:
    """The calls of one group; `share` are the wall-clock seconds that it may take.

    `cpu` are CPU seconds, where it is to take fewer than a group may.
    """

    def __init__(
        self, runner: "Runner", group: Group, share: float, cpu: float | None = None
    ) -> None:
        self.runner = runner
        self.group = group
        self.limits = runner.limits
        self.cpu_left = min(runner.limits.group_cpu if cpu is None else cpu, runner.budget.cpu)
        wall = self.cpu_left * runner.limits.wall_factor + GRACE
        self.deadline = time.monotonic() + min(wall, share)
        self.retried = False
        self.calls = 0
        self.seeded = False
        self.stubs = StubAnswers(runner.job)

    def run(self) -> list[CallResult]:
        """Make every call; one that may have ended by no fault of its own is made again, alone.

        Once for each excuse: what the cells disturbed may then be ended from outside.
        """
        results = []
        for call in self.group.calls:
            result, excuse = self._call(call)
            seen: set[str] = set()
            while excuse not in seen and self._may_retry(excuse):
                seen.add(excuse)
                with self.runner.undisturbed() as waited:
                    self.deadline += waited
                    result, excuse = self._call(call)
            if seen and excuse == "killed":
                self.runner.result.problems.append(_KILLED.format(name=self.group.name))
            if result.status == "protocol":
                results = [CallResult("protocol") for _ in self.group.calls]
                break
            results.append(result)
            self.group.answered(result)
        self.close()
        return results

    def run_once(self) -> list[CallResult] | None:
        """Make every call in the process that is there; None where one does not return.

        An end of all processes is no fault of the group's: it may have been the one before.
        """
        results = []
        for call in self.group.calls:
            restarts, child = self.runner.restarts_left, self.runner.session
            result, excuse = self._call(call)
            if excuse or result.status not in RETURNED:
                if self.runner.session is not child:
                    self.runner.restarts_left = restarts + 1
                return None
            results.append(result)
        return results

    def _may_retry(self, excuse: str) -> bool:
        budget = self.runner.budget
        if excuse == "killed" and budget.kill_retries > 0:
            budget.kill_retries -= 1
            self.runner.restarts_left += 1
        elif excuse == "wall" and budget.wall_retries > 0 and not self.retried:
            budget.wall_retries -= 1
            self.retried = True
        elif excuse != "disturbed":
            return False
        again = self.limits.call_cpu * self.limits.wall_factor + GRACE
        self.deadline += again
        # The groups that follow must not pay for it.
        self.runner.deadline += again
        return True

    def _call(self, call: Call) -> tuple[CallResult, str]:
        """Make one call; return its result and what may excuse its end.

        The excuse is "wall", "killed", "disturbed" (by the notebook's cells) or "".
        """
        if self.cpu_left <= 0 or time.monotonic() >= self.deadline:
            return CallResult("timeout"), ""
        if not self.runner.have_child():
            return CallResult("crashed"), ""
        session = self.runner.session
        cpu = min(self.limits.call_cpu, self.cpu_left)
        wall = time.monotonic() + cpu * self.limits.wall_factor + GRACE
        started = time.monotonic()
        excuse = ""
        try:
            if session.group is None:
                session.allow(self.cpu_left * 1.2 + 2.0)
                session.open_group()
                self.seeded = False
            result = self._converse(session.group, call, cpu, min(wall, self.deadline))
        except ChildLost as lost:
            result, excuse = self._lost(lost)
        except DeadlineExceeded:
            self.close()
            result, excuse = CallResult("timeout"), "wall"
        except ConnectionEnded:
            result, excuse = self._how_it_ended()
        except (ProtocolError, ValueError):
            self.close()
            result = CallResult("protocol")
        if result.status in ("timeout", "memory"):
            self.close()
        used = cpu if result.status == "timeout" else result.cpu_seconds
        self.cpu_left -= min(used, max(time.monotonic() - started, 0.001) * 2)
        return result, excuse

    def _converse(self, channel: Channel, call: Call, cpu: float, deadline: float) -> CallResult:
        """Send one call and answer stubs until its result is there."""
        self.calls += 1
        command = {"call": self.calls, "function": call.function, "cpu": cpu}
        command["stubs"] = list(self.runner.job.stubs)
        if call.versions is not None:
            command["versions"] = vars(call.versions)
        if not self.seeded:
            command["seed"] = zlib.crc32(self.group.name.encode())
            self.seeded = True
        channel.send(command, to_data(call.arguments), deadline)
        while True:
            most = min(self.limits.reply_bytes, max(0, self.runner.results_left))
            message = channel.receive(deadline, most + RESULT_HEADER)
            if message.text("kind") != "stub":
                if message.fields.get("call") != self.calls:
                    raise ProtocolError("the answer to another call")
                self.runner.results_left -= message.size
                return call_result(message)
            fields, tree = self.stubs.answer(message)
            channel.send(fields, tree, deadline)

    def _how_it_ended(self) -> tuple[CallResult, str]:
        try:
            number = self.runner.session.close_group()
        except ChildLost as lost:
            return self._lost(lost)
        if number in SIGNALS_OF_TIME:
            return CallResult("timeout"), ""
        if self.runner.session.ran_out_of_memory():
            # Its memory may still be held by files, so the calls that follow get a new child.
            self.runner.drop()
            return CallResult("memory"), ""
        return CallResult("crashed"), "killed" if is_from_outside(number) else ""

    def _lost(self, lost: ChildLost) -> tuple[CallResult, str]:
        self.runner.drop()
        if lost.reason == "protocol" and self.runner.run_definitions_only(_DISTURBED):
            return CallResult("protocol"), "disturbed"
        excuse = {"wall": "wall", "lost": "killed", "killed": "killed"}.get(lost.reason, "")
        return CallResult(_STATUS_WHEN_LOST[lost.reason]), excuse

    def close(self) -> None:
        """End the group's processes."""
        session = self.runner.session
        if session is not None:
            try:
                session.close_group()
            except ChildLost:
                self.runner.drop()
