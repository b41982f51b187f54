"""Answers what a child asks of correct helpers, within caps."""

import time
from typing import Any

from ..jobs import Job
from ..protocol import Message, ProtocolError

# Refused stub calls until a group is taken for one that floods the parent.
_PATIENCE = 1000


class StubAnswers:
    """Answers a group's stub calls in the parent, within the caps; says nothing about errors."""

    def __init__(self, job: Job) -> None:
        self.stubs = job.stubs
        self.calls_left = job.limits.stub_calls
        self.bytes_left = job.limits.stub_bytes
        self.seconds_left = job.limits.stub_seconds

    def answer(self, message: Message) -> tuple[dict[str, Any], Any]:
        stub = self.stubs.get(message.text("name", 100))
        self.calls_left -= 1
        if not self.stubs or self.calls_left < -_PATIENCE:
            raise ProtocolError("stub calls that nobody asked for")
        self.bytes_left -= message.size
        if stub is None or min(self.calls_left, self.bytes_left, self.seconds_left) < 0:
            return {"kind": "refused"}, None
        tree = message.tree
        if not (isinstance(tree, tuple) and len(tree) == 2 and isinstance(tree[1], dict)):
            return {"kind": "refused"}, None
        started = time.monotonic()
        try:
            answer = stub(*tree[0], **tree[1])
        except Exception:
            return {"kind": "refused"}, None
        finally:
            self.seconds_left -= time.monotonic() - started
        return {"kind": "answer"}, answer
