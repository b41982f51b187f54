"""Attacks on the connection to the trusted side: forged, malformed, endless and late messages."""

from solutions.corpora.attacks import Attack

CONNECTION = """
import os, socket, struct, json, time, sys
def connections():
    found = []
    for number in range(3, 256):
        try:
            found.append(socket.socket(fileno=os.dup(number)))
        except OSError:
            pass
    return found
def frame(header, body=b"", header_length=None, body_length=None, magic=b"CNN1"):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    lengths = header_length or len(text), len(body) if body_length is None else body_length
    return struct.pack("<4sIQ", magic, *lengths) + text + body
def everywhere(data):
    for connection in connections():
        try:
            connection.setblocking(True)
            connection.settimeout(1)
            connection.sendall(data)
        except OSError:
            pass
def result(call, tree=None, **more):
    return frame({"kind": "result", "status": "ok", "call": call, "cpu": 0, "tree": tree, **more})
"""

FORGED = {
    "zero_pad": """
def zero_pad(X, pad):
    # Every call's answer at once, with a score of its own.
    everywhere(b"".join(result(n, 1.0, score=5, status="right", passed=True) for n in range(9)))
    return X
""",
    "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    everywhere(frame({"kind": "ended", "reason": "exit", "cpu": 0}))
    everywhere(frame({"kind": "ended", "signal": 0}) * 5)
    return 0.5
""",
    "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    everywhere(frame({"kind": "verdict", "score": 100, "exercises": []}))
    return 0, (A_prev, W, b, hparameters)
""",
    "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    everywhere(result(1, {"o": "right"}) + result(2, {"x": []}) + result(3, {"a": ["O", [1]]}))
    return A_prev, (A_prev, hparameters)
""",
    "create_mask_from_window": """
def create_mask_from_window(x):
    # Pickles, programs and paths where data is expected.
    everywhere(b"\\x80\\x04\\x95cos\\nsystem\\n(S'id'\\ntR." + b"\\x93NUMPY" + b"PK\\x03\\x04")
    return x
""",
    "distribute_value": """
def distribute_value(dz, shape):
    everywhere(frame({"kind": "stub", "name": "zero_pad",
                      "tree": {"t": [{"t": [1.0, 2]}, {"d": []}]}}))
    return np.ones(shape)
""",
}

HEADERS = """
bad_frames = [
    frame(b"", header_length=(1 << 32) - 1),
    frame({}, body_length=(1 << 64) - 1),
    frame({"tree": {"a": ["float64", [1 << 39, 0]]}}),
    frame({"kind": "result", "call": 1, "tree": {"a": ["float64", [-1]]}}),
    frame({"kind": "result", "call": 1, "tree": {"a": ["float64", [2.5]]}}),
    frame({"kind": "result", "call": 1, "tree": {"a": ["float64", [1 << 62, 1 << 62]]}}),
    frame({"kind": "result", "call": 1, "tree": {"a": ["float64", [2]]}}, bytes(8)),
    frame({"kind": "result", "call": 1, "tree": {"a": ["O", [1]]}}, bytes(8)),
    frame({"kind": "result", "call": 1, "tree": {"a": [["f8"], [1]]}}, bytes(8)),
    frame({"kind": "result", "call": 1, "tree": {"a": ["datetime64", [1]]}}, bytes(8)),
    frame({"kind": ["result"], "call": {}, "status": None, "cpu": "1e999", "tree": [1]}),
    frame(b"[" * 100000), frame(b'{"a":' * 50000), frame(b"9" * 100000), frame(b"\\xff" * 99),
    frame(b'{"kind":"result","kind":"result"}'), frame(b'{"cpu":NaN,"call":-Infinity}'),
    frame(b'{"kind":"result","status":"ok","call":1,"tree":{"t":[' + b"null," * 9000 + b"null]}}"),
    frame({}, magic=b"CNN2"), b"\\x00" * 64, b"GET / HTTP/1.1\\r\\n\\r\\n",
]
"""


def _sends(name: str, parameters: str, start: int) -> str:
    return f"""
def {name}({parameters}):
    for data in bad_frames[{start}::8]:
        everywhere(data)
    return 1.0
"""


ATTACKS = (
    Attack(
        "forged_messages",
        "send results, ends, verdicts and pickles of its own on every open descriptor",
        before=(CONNECTION,),
        functions=FORGED,
    ),
    Attack(
        "forged_messages_from_a_cell",
        "send forged cell results and group results from the notebook's own process",
        before=(
            CONNECTION,
            """
everywhere(frame({"kind": "ready"}) + frame({"kind": "cell", "status": "ok", "score": 100})
           + b"".join(result(n, 1.0) for n in range(20)) + frame({"kind": "ended", "signal": 0}))
""",
        ),
        survives=False,
    ),
    Attack(
        "malformed_headers",
        "send oversized, mistyped, contradictory and nested headers",
        before=(CONNECTION, HEADERS),
        functions={
            name: _sends(name, parameters, start)
            for start, (name, parameters) in enumerate(
                {
                    "zero_pad": "X, pad",
                    "conv_single_step": "a, W, b",
                    "conv_forward": "A_prev, W, b, h",
                    "pool_forward": "A_prev, h, mode",
                    "conv_backward": "dZ, cache",
                    "create_mask_from_window": "x",
                    "distribute_value": "dz, shape",
                    "pool_backward": "dA, cache, mode",
                }.items()
            )
        },
    ),
    Attack(
        "truncated",
        "send half a frame and leave, or announce a body that never comes",
        before=(CONNECTION,),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    everywhere(result(1, {"a": ["float64", [1000]]})[:-7])
    os._exit(0)
""",
            "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    everywhere(b"CN")
    os._exit(0)
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    everywhere(frame({"kind": "result", "status": "ok", "call": 1,
                      "tree": {"a": ["float64", [1000]]}}, bytes(10), body_length=8000))
    os._exit(0)
""",
        },
    ),
    Attack(
        "flood",
        "write without end: garbage, well-formed frames, stub calls, huge bodies",
        before=(CONNECTION,),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    while True:
        everywhere(bytes(1 << 20))
""",
            "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    while True:
        everywhere(result(0) * 1000)
""",
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    while True:
        everywhere(frame({"kind": "stub", "name": "zero_pad", "tree": None}) * 1000)
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    while True:
        everywhere(frame({"tree": {"a": ["uint8", [1 << 23]]}}, bytes(1 << 23)))
""",
        },
        limits={"call_cpu": 0.5, "group_cpu": 1.0, "wall_retries": 0},
        slow=True,
    ),
    Attack(
        "slow_drip",
        "send an answer byte by byte, and sleep",
        before=(CONNECTION,),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    for byte in result(1, "x" * 100000):
        everywhere(bytes([byte]))
        time.sleep(0.05)
""",
            "pool_forward": "def pool_forward(A_prev, h, mode):\n    time.sleep(1000)",
        },
        limits={"call_cpu": 0.2, "group_cpu": 0.4, "wall_retries": 0},
        slow=True,
    ),
)
