"""What a child's messages say, as results: every field is checked, and nothing in it can act."""

from typing import Any

import numpy as np

from ..jobs import CallResult, Cell, CellResult, ErrorInfo
from ..limits import Limits
from ..protocol import Message, ProtocolError

_CALL_STATUSES = ("ok", "error", "timeout", "memory", "missing")
_PNG = b"\x89PNG\r\n\x1a\n"


def call_result(message: Message) -> CallResult:
    """Return what a group says of a call. Raises ProtocolError where it is no result."""
    status = message.text("status")
    if message.text("kind") != "result" or status not in _CALL_STATUSES:
        raise ProtocolError("no result")
    return CallResult(
        status=status,
        value=message.tree if status == "ok" else None,
        error=error_info(message) if status in ("error", "timeout", "memory") else None,
        arguments_changed=message.flag("changed"),
        cpu_seconds=message.number("cpu", 0, 3600),
    )


def error_info(message: Message) -> ErrorInfo:
    """Return a message's error with everything that could act on a page or a terminal removed."""
    line = message.fields.get("line")
    return ErrorInfo(
        type=clean(message.text("type", 100)) or "Error",
        message=clean(message.text("message", 500), keep="\n\t"),
        line=line if type(line) is int and 0 < line < 1_000_000 else None,
        source=clean(message.text("source", 500), keep="\t"),
        function=clean(message.text("function", 100)),
    )


def clean(text: str, keep: str = "") -> str:
    """Return `text` without control, bidirectional and other invisible characters."""
    return "".join(c for c in text if c.isprintable() or c in keep)


def refused(cell: Cell, message: str) -> CellResult:
    """Return the result of a cell that was not run."""
    return CellResult(cell.index, "error", ErrorInfo(type="Refused", message=message))


def outputs(tree: Any, limits: Limits) -> list[str | bytes]:
    """Return the texts and pictures among what a cell showed."""
    kept: list[str | bytes] = []
    for item in tree if isinstance(tree, list) else []:
        if isinstance(item, str):
            kept.append(item[: limits.text_bytes])
        elif isinstance(item, np.ndarray) and item.dtype == np.uint8:
            png = item.tobytes()
            # Whether it is a sound picture shows when it is decoded.
            if png.startswith(_PNG):
                kept.append(png)
    return kept
