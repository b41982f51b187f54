"""Nothing that arrives makes the reader raise anything else, hang, or grow."""

import contextlib
import json
import socket
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import protocol
from autograder.sandbox.protocol import Channel, DeadlineExceeded, ProtocolError
from checks.plain import Odd, same_plain

quick = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


def read(data: bytes, frame_bytes: int = 1 << 20, close: bool = True):
    """What the parent makes of `data`: a message, or the exception's type."""
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 21)
    theirs.setblocking(False)
    try:
        theirs.send(data)
        if close:
            theirs.close()
        return Channel(ours, Odd).receive(time.monotonic() + 0.2, frame_bytes)
    finally:
        ours.close()
        theirs.close()


def frame(header: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    announced = len(body) if length is None else length
    return protocol.PREFIX.pack(protocol.MAGIC, len(header), announced) + header + body


@quick
@given(st.binary(max_size=400))
def test_any_bytes(data):
    """Are arbitrary bytes refused with a ProtocolError or a deadline, never anything else?"""
    with pytest.raises((ProtocolError, DeadlineExceeded)):
        read(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from("atldox") | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=30,
)
shapes = st.lists(st.integers(-2, 2**70) | st.floats() | st.none() | st.booleans(), max_size=20)
array_nodes = st.fixed_dictionaries(
    {"a": st.tuples(st.sampled_from([*sorted(protocol.DTYPES), "object", "U1", "", "<f8"]), shapes)}
)


@quick
@given(json_values | array_nodes, st.binary(max_size=100), json_values)
@example({"a": ["float64", [0, 2**39, 2**39]]}, b"", None)
@example({"a": ["float64", [2**62]]}, b"12345678", None)
@example({"a": ["float64", [True]]}, b"12345678", None)
@example({"a": ["bool", [3]]}, b"\x00\x02\xff", None)
def test_any_header(tree, body, other):
    """Is a well-formed frame with any JSON either refused or turned into plain data?"""
    header = json.dumps({"kind": "result", "tree": tree, "other": other}).encode()
    try:
        message = read(frame(header, body))
    except (ProtocolError, DeadlineExceeded):
        return
    assert isinstance(message.text("other"), str)
    assert message.number("other", 0, 10) <= 10
    assert message.flag("other") in (True, False)
    assert_plain(message.tree)


def assert_plain(value):
    if isinstance(value, np.ndarray):
        assert type(value) is np.ndarray and value.dtype.name in protocol.DTYPES
        if value.dtype == bool:
            assert set(np.unique(value.view(np.uint8))) <= {0, 1}
    elif isinstance(value, dict):
        assert all(isinstance(key, str) for key in value)
        for item in value.values():
            assert_plain(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            assert_plain(item)
    else:
        assert value is None or isinstance(value, (bool, int, float, str, Odd))


@quick
@given(json_values, st.binary(max_size=60), st.integers(0, 400), st.integers(0, 255))
def test_flipped_byte(tree, body, position, byte):
    """Is a valid frame with one byte changed refused or read, without other harm?"""
    data = bytearray(b"".join(protocol.pack({"kind": "x"}, [1.5, np.arange(3.0), "text"])))
    data[position % len(data)] = byte
    with contextlib.suppress(ProtocolError, DeadlineExceeded):
        assert_plain(read(bytes(data)).tree)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.builds(Odd, st.text(max_size=10))
    | hnp.arrays(
        st.sampled_from(["bool", "int32", "uint8", "float16", "float64"]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@quick
@given(plain)
def test_round_trip(tree):
    """Does every plain tree arrive as it was sent?"""
    data = b"".join(bytes(part) for part in protocol.pack({"kind": "x"}, tree, Odd))
    got = read(data).tree
    assert type(got) is type(tree)
    assert same_plain(got, tree)


@pytest.mark.parametrize(
    "data",
    [
        frame(b"{}", length=2**63),
        frame(b'{"tree":{"a":["float64",[1000000000]]}}', length=8_000_000_000),
        frame(b'{"tree":{"a":["float64",[100000]]}}', b"", length=8),
        frame(b'{"tree":{"l":[' + b",".join([b'{"a":["int8",[0]]}'] * 50_000) + b"]}}"),
        frame(b'{"tree":' + b'{"l":[' * 50_000 + b"]}" * 50_000 + b"}"),
        frame(b'{"tree":' + b"[" * 400_000),
        frame(b'{"n":' + b"9" * 500_000 + b"}"),
        frame(b'{"kind":1,"kind":2}'),
        frame(b"[]"),
        frame("{\u2028}".encode()),
        protocol.PREFIX.pack(b"PK\x03\x04", 4, 0) + b"{}  ",
    ],
    ids=lambda data: repr(data[16:40]),
)
def test_refused_small(data):
    """Are lying, deep and huge headers refused without setting much memory aside?"""
    tracemalloc.start()
    with pytest.raises(ProtocolError):
        read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 << 20


def test_truncated():
    """Does a frame that stops in the middle end with the connection, or at the deadline?"""
    data = b"".join(bytes(part) for part in protocol.pack({"kind": "x"}, np.ones(100)))
    for cut in (0, 3, 16, 20, len(data) - 1):
        with pytest.raises(protocol.ConnectionEnded):
            read(data[:cut])
        with pytest.raises(DeadlineExceeded):
            read(data[:cut], close=False)


def test_sending_ends_too():
    """Does sending to a side that never reads end at the deadline?"""
    ours, theirs = socket.socketpair()
    with pytest.raises(DeadlineExceeded):
        Channel(ours).send({}, np.ones(1_000_000), time.monotonic() + 0.1)
    theirs.close()


@pytest.mark.parametrize("tree", [object(), np.array([None]), 2**70, [0] * 5000, np.zeros(2, "c8")])
def test_not_plain(tree):
    """Is a value that is no data refused before anything is sent?"""
    with pytest.raises(ValueError):
        protocol.pack({}, tree)
