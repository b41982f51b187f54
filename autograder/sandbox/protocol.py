"""Messages between the trusted parent and a child that nobody trusts.

A frame is a fixed prefix (magic, header length, body length), a JSON header and the raw bytes of
the arrays. Nothing in it is ever executed or unpickled. Lengths, dtypes and shapes are checked
against the caps and against each other before memory is set aside, so a hostile child can make a
frame be refused, and nothing else.
"""

import contextlib
import json
import math
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAGIC = b"CNN1"
PREFIX = struct.Struct("<4sIQ")
DTYPES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
    ]
)
# In this machine's byte order, as most arrays are.
_NAMES = {np.dtype(name): name for name in DTYPES}
_SIZES = {name: dtype.itemsize for dtype, name in _NAMES.items()}
MAX_DIMENSIONS = 16
MAX_HEADER = 1 << 20
# What is sent, and set aside to receive, in one piece.
SMALL = 1 << 16
MAX_DEPTH = 12
MAX_ITEMS = 1024
MAX_NODES = 8192
MAX_TEXT = 1 << 17
MAX_INT = 1 << 64


class ProtocolError(Exception):
    """The other side sent something that is no valid frame."""


class ConnectionEnded(ProtocolError):
    """The other side closed the connection."""


class DeadlineExceeded(Exception):
    """No complete frame arrived, or could be sent, in time."""


@dataclass(frozen=True)
class Message:
    """A frame's content: JSON fields and, where there is one, a plain tree."""

    fields: dict[str, Any]
    tree: Any = None
    size: int = 0

    def text(self, name: str, limit: int = 500) -> str:
        """Return a text field, shortened to `limit`; "" where it is absent or no text."""
        value = self.fields.get(name)
        return value[:limit] if isinstance(value, str) else ""

    def number(self, name: str, low: float = 0.0, high: float = 1e9) -> float:
        """Return a finite number within [low, high]; `low` where it is absent or no number."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return low
        # It is compared first: a huge int would not fit into a float.
        return low if value != value else float(min(max(value, low), high))

    def flag(self, name: str) -> bool:
        """Return whether a field is true (the JSON value, not just something truthy)."""
        return self.fields.get(name) is True


@dataclass
class TreeCodec:
    """How trees turn into JSON and arrays. `odd` builds and recognises values that are no data."""

    odd: type | None = None
    arrays: list[np.ndarray] = field(default_factory=list)
    nodes: int = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return the JSON form of a plain tree; arrays are collected in `arrays`.

        Raises ValueError for a tree that the other side would refuse.
        """
        self._count(depth)
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, int):
            if abs(value) >= MAX_INT:
                raise ValueError("integer too large for a frame")
            return value
        if isinstance(value, str):
            # A lone surrogate cannot be sent as UTF-8.
            return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, np.ndarray):
            return self._encode_array(value)
        if isinstance(value, np.generic) and value.dtype.name in DTYPES:
            return self.encode(value.item(), depth)
        if isinstance(value, (tuple, list)):
            tag = "t" if isinstance(value, tuple) else "l"
            return {tag: [self.encode(item, depth + 1) for item in self._few(value)]}
        if isinstance(value, dict):
            pairs = [[str(k), self.encode(v, depth + 1)] for k, v in self._few(value.items())]
            return {"d": pairs}
        if self.odd is not None and isinstance(value, self.odd):
            return {"o": str(value.kind)[:200].encode("utf-8", "replace").decode("utf-8")}
        raise ValueError(f"no plain value: {type(value).__name__}")

    def _encode_array(self, value: np.ndarray) -> Any:
        name = _NAMES.get(value.dtype)
        if name and value.flags.c_contiguous and value.ndim <= MAX_DIMENSIONS:
            self.arrays.append(value)
            return {"a": [name, value.shape]}
        if value.dtype.name not in DTYPES or value.ndim > MAX_DIMENSIONS:
            raise ValueError(f"array of dtype {value.dtype} cannot be sent")
        native = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
        self.arrays.append(native)
        # ascontiguousarray makes a 0-dimensional array 1-dimensional: keep the shape it had.
        return {"a": [native.dtype.name, list(value.shape)]}

    def decode(self, node: Any, depth: int = 0) -> Any:
        """Check the JSON form and return the tree, with `_Slot` in place of arrays.

        Raises ProtocolError. Nothing is allocated for arrays yet.
        """
        self._count(depth, ProtocolError)
        if node is None or isinstance(node, (bool, float)):
            return node
        if isinstance(node, int):
            if abs(node) >= MAX_INT:
                raise ProtocolError("integer too large")
            return node
        if isinstance(node, str):
            if len(node) > MAX_TEXT:
                raise ProtocolError("text too long")
            return node
        if not isinstance(node, dict) or len(node) != 1:
            raise ProtocolError("malformed tree")
        ((tag, content),) = node.items()
        if tag == "o":
            if not isinstance(content, str) or self.odd is None:
                raise ProtocolError("malformed odd value")
            return self.odd(content[:200])
        if not isinstance(content, list) or len(content) > MAX_ITEMS:
            raise ProtocolError("malformed container")
        if tag == "a":
            return _Slot.checked(content)
        if tag in ("t", "l"):
            items = [self.decode(item, depth + 1) for item in content]
            return tuple(items) if tag == "t" else items
        if tag == "d":
            return {self._key(pair): self.decode(pair[1], depth + 1) for pair in content}
        raise ProtocolError("unknown tag")

    @staticmethod
    def _key(pair: Any) -> str:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise ProtocolError("malformed pair")
        return pair[0][:MAX_TEXT]

    def _count(self, depth: int, error: type[Exception] = ValueError) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise error("tree too large")

    @staticmethod
    def _few(items: Any) -> Any:
        if len(items) > MAX_ITEMS:
            raise ValueError("container too large")
        return items


@dataclass(frozen=True)
class _Slot:
    """An array that was announced: its bytes follow in the body."""

    dtype: str
    shape: tuple[int, ...]
    size: int

    @classmethod
    def checked(cls, content: list) -> "_Slot":
        if len(content) != 2:
            raise ProtocolError("malformed array")
        dtype, shape = content
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise ProtocolError("dtype not allowed")
        if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
            raise ProtocolError("malformed shape")
        for n in shape:
            if type(n) is not int or not 0 <= n < 1 << 40:
                raise ProtocolError("malformed shape")
        # The product of the other axes of an empty array can overflow what NumPy can index.
        if math.prod(n for n in shape if n) >= 1 << 40:
            raise ProtocolError("array too large")
        return cls(dtype, tuple(shape), math.prod(shape) * _SIZES[dtype])


def pack(fields: dict[str, Any], tree: Any = None, odd: type | None = None) -> list[Any]:
    """Return the buffers of one frame: prefix and header, then each array's memory.

    Raises ValueError where the tree is no plain value or beyond the caps of this module.
    """
    codec = TreeCodec(odd)
    header = dict(fields)
    if tree is not None:
        header["tree"] = codec.encode(tree)
    data = _TO_JSON.encode(header).encode("ascii")
    if len(data) > MAX_HEADER:
        raise ValueError("header too large")
    arrays = [array for array in codec.arrays if array.size]
    length = 0
    # Not `sum`: in the child a student's code may have replaced it, and the parent would wait.
    for array in arrays:
        length += array.nbytes
    start = PREFIX.pack(MAGIC, len(data), length) + data
    if length <= SMALL:
        # One piece wakes the other side once.
        return [b"".join([start, *(array.tobytes() for array in arrays)])]
    return [start, *(array.reshape(-1).view(np.uint8).data for array in arrays)]


def parse_prefix(prefix: bytes, frame_bytes: int) -> tuple[int, int]:
    """Return the lengths of header and body. Raises ProtocolError where they exceed the caps."""
    magic, header_length, body_length = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise ProtocolError("not a frame")
    if header_length > MAX_HEADER or header_length + body_length > frame_bytes:
        raise ProtocolError("frame too large")
    return header_length, body_length


def parse_header(data: bytes, body_length: int, odd: type | None) -> tuple[dict, Any, list[_Slot]]:
    """Return fields, tree with slots, and the slots in order, which fill the body exactly.

    Raises ProtocolError for anything else.
    """
    try:
        header = _FROM_JSON.decode(data.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError("header is not JSON") from error
    if not isinstance(header, dict):
        raise ProtocolError("header is no object")
    tree = TreeCodec(odd).decode(header.pop("tree", None))
    slots = list(_slots(tree))
    if sum(slot.size for slot in slots) != body_length:
        raise ProtocolError("body length differs from what the header announces")
    return header, tree, slots


def fill(tree: Any, body: bytearray) -> Any:
    """Return the tree with arrays in place of slots. The arrays own their memory."""
    view = memoryview(body)
    offset = 0

    def build(node: Any) -> Any:
        nonlocal offset
        if isinstance(node, _Slot):
            part = view[offset : offset + node.size]
            offset += node.size
            if node.dtype == "bool":
                # Any byte but 0 and 1 is an invalid bool to NumPy.
                return (np.frombuffer(part, np.uint8) != 0).reshape(node.shape)
            return np.frombuffer(part, node.dtype).reshape(node.shape).copy()
        if isinstance(node, (tuple, list)):
            return type(node)(build(item) for item in node)
        if isinstance(node, dict):
            return {key: build(item) for key, item in node.items()}
        return node

    return build(tree)


def _slots(node: Any) -> Any:
    if isinstance(node, _Slot):
        yield node
    elif isinstance(node, (tuple, list)):
        for item in node:
            yield from _slots(item)
    elif isinstance(node, dict):
        for item in node.values():
            yield from _slots(item)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate key")
    return result


_TO_JSON = json.JSONEncoder(separators=(",", ":"))
_FROM_JSON = json.JSONDecoder(object_pairs_hook=_unique)


class Channel:
    """Frames over a stream socket, each sent or received before a deadline or not at all.

    `deadline` is a time of `time.monotonic()`, or None to wait for ever (the child's side).
    """

    def __init__(self, sock: socket.socket, odd: type | None = None) -> None:
        self.socket = sock
        self.odd = odd
        sock.setblocking(False)

    def close(self) -> None:
        """Close the connection; what the other side still sends is lost."""
        with contextlib.suppress(OSError):
            self.socket.close()

    def send(self, fields: dict[str, Any], tree: Any = None, deadline: float | None = None) -> int:
        """Send one frame and return its size in bytes.

        Raises ValueError (the tree is not plain), ConnectionEnded or DeadlineExceeded.
        """
        sent = 0
        for part in pack(fields, tree, self.odd):
            view = memoryview(part).cast("B")
            while view:
                count = self._attempt(self.socket.send, view[: 1 << 20], select.POLLOUT, deadline)
                sent += count
                view = view[count:]
        return sent

    def receive(self, deadline: float | None = None, frame_bytes: int = 1 << 20) -> Message:
        """Receive one frame of at most `frame_bytes`.

        Raises ProtocolError (ConnectionEnded where the other side left) or DeadlineExceeded.
        """
        prefix = self._exactly(PREFIX.size, deadline)
        header_length, body_length = parse_prefix(prefix, frame_bytes)
        if header_length + body_length <= SMALL:
            both = self._exactly(header_length + body_length, deadline)
            header, body = both[:header_length], both[header_length:]
            fields, tree, _ = parse_header(header, body_length, self.odd)
        else:
            header = self._exactly(header_length, deadline)
            fields, tree, _ = parse_header(header, body_length, self.odd)
            body = self._exactly(body_length, deadline)
        return Message(fields, fill(tree, body), PREFIX.size + header_length + body_length)

    def _exactly(self, length: int, deadline: float | None) -> bytearray:
        data = bytearray(length)
        view = memoryview(data)
        while view:
            count = self._attempt(self.socket.recv_into, view, select.POLLIN, deadline)
            if count == 0:
                raise ConnectionEnded("connection closed")
            view = view[count:]
        return data

    def _attempt(
        self, action: Callable[..., int], view: memoryview, event: int, deadline: float | None
    ) -> int:
        while True:
            # This is checked on every turn: a slow drip must not outlive the deadline either.
            if deadline is not None and time.monotonic() > deadline:
                raise DeadlineExceeded
            try:
                return action(view)
            except (BlockingIOError, InterruptedError):
                pass
            except (OSError, ValueError) as error:
                raise ConnectionEnded(str(error)) from error
            poll = select.poll()
            poll.register(self.socket, event)
            left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000 + 1
            poll.poll(left)
