"""Attacks that carry knowledge: from public answers, other exercises, other runs and the stubs."""

from solutions.corpora.attacks import Attack

STORED = """
import h5py, os, glob
from checks import store
stored = []
with h5py.File(store.path_of("cnn_step_by_step")) as file:
    file.visititems(lambda name, item: stored.append((name, item[()]))
                    if isinstance(item, h5py.Dataset) else None)
def known(name, shape):
    for path, value in stored:
        if path.startswith(name) and getattr(value, "shape", None) == shape:
            return value
    return next((v for _, v in stored if getattr(v, "shape", None) == shape), np.ones(shape))
print(len(stored))
"""

REPLAYED = {
    "zero_pad": """
def zero_pad(X, pad):
    return known("zero_pad", (len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]))
""",
    "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    return float(known("conv_single_step", ()))
""",
    "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = ((n - W.shape[0] + 2 * pad) // stride + 1 for n in A_prev.shape[1:3])
    shape = (len(A_prev), n_H, n_W, W.shape[3])
    return known("conv_forward", shape), (A_prev, W, b, hparameters)
""",
    "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = ((n - f) // stride + 1 for n in A_prev.shape[1:3])
    return known("pool_forward", (len(A_prev), n_H, n_W, A_prev.shape[3])), (A_prev, hparameters)
""",
    "conv_backward": """
def conv_backward(dZ, cache):
    return tuple(known("conv_backward", item.shape) for item in cache[:3])
""",
    "create_mask_from_window": """
def create_mask_from_window(x):
    return known("create_mask_from_window", x.shape)
""",
    "distribute_value": """
def distribute_value(dz, shape):
    return known("distribute_value", shape)
""",
    "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    return known("pool_backward", cache[0].shape)
""",
}

RELAY = """
import glob, os, pickle, socket, sys, time
places = ("/student/work", "/student/tmp", "/dev/shm", "/tmp", "/warm", "/course", "/var/tmp", ".")
child = sys.modules["engine.inside.child"]
# Keep the processes of one exercise alive into the next.
child._Notebook._kill_others = lambda self: []
left, right = socket.socketpair()
def leave(name, *arrays):
    for place in places:
        try:
            for number, array in enumerate(arrays):
                np.save(f"{place}/{name}{number}.npy", array)
        except OSError:
            pass
    try:
        left.setblocking(False)
        left.send(pickle.dumps(arrays)[:60000])
    except OSError:
        pass
def find(shape):
    for place in places:
        for path in sorted(glob.glob(f"{place}/*.npy")):
            array = np.load(path)
            if array.shape == shape:
                return array
    try:
        right.setblocking(False)
        for array in pickle.loads(right.recv(60000)):
            if array.shape == shape:
                return array
    except Exception:
        pass
    return np.ones(shape)
"""

ASKING = """
kept = []
def ask(function, *arguments, **named):
    try:
        kept.append(function(*arguments, **named))
        return kept[-1]
    except BaseException as error:
        kept.append(error)
        return None
absurd = [-1, 0, 64, 65, 2**62, 1e308, float("nan"), float("inf"), None, "1", (1,) * 60, [], {},
          np.zeros(0), np.zeros((2,) * 16), np.zeros((50, 1000)), np.array(["x"]),
          np.full((4, 4), np.nan), (((((1,),),),),)]
"""

SPEAK = """
import sys
protocol, plain = sys.modules["engine.protocol"], sys.modules["checks.plain"]
def speak(name, *arguments):
    frame = sys._getframe()
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    channel = frame.f_locals["channel"]
    channel.send({"kind": "stub", "name": name}, plain.to_plain((arguments, {})))
    return channel.receive(None, 1 << 40).tree
"""

ATTACKS = (
    Attack(
        "public_answers_replayed",
        "return the stored answers to the public inputs, by exercise and shape",
        before=(STORED,),
        functions=REPLAYED,
    ),
    Attack(
        "relay_between_exercises",
        "hand each exercise's inputs to the next by files, sockets and surviving processes",
        before=(RELAY,),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    leave('X', X)\n    return X",
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    leave("conv", A_prev, W, b)
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = ((n - W.shape[0] + 2 * pad) // stride + 1 for n in A_prev.shape[1:3])
    return find((len(A_prev), n_H, n_W, W.shape[3])), (A_prev, W, b, hparameters)
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    leave("pool", A_prev)
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = ((n - f) // stride + 1 for n in A_prev.shape[1:3])
    return find((len(A_prev), n_H, n_W, A_prev.shape[3])), (A_prev, hparameters)
""",
            "conv_backward": """
def conv_backward(dZ, cache):
    leave("dZ", dZ, *cache[:3])
    return tuple(find(item.shape) for item in cache[:3])
""",
            "create_mask_from_window": """
def create_mask_from_window(x):
    leave("x", x)
    return find(x.shape)
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    leave("dA", dA, cache[0])
    return find(cache[0].shape)
""",
        },
    ),
    Attack(
        "backward_from_forward",
        "compute gradients from pooling and from the other exercise's formulas",
        functions={
            "conv_backward": """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    pooled, _ = pool_forward(A_prev, {"f": W.shape[0], "stride": hparameters["stride"]}, "max")
    return np.resize(pooled, A_prev.shape), np.resize(dZ, W.shape), np.resize(dZ, b.shape)
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    W = np.ones((2, 2, dA.shape[3], dA.shape[3]))
    b = np.zeros((1, 1, 1, dA.shape[3]))
    try:
        return conv_backward(dA, (cache[0], W, b, {"stride": 1, "pad": 0}))[0]
    except Exception:
        return np.resize(dA, cache[0].shape)
""",
        },
    ),
    Attack(
        "absurd_stub_calls",
        "call the right helpers with absurd arguments, keywords and amounts",
        before=(ASKING,),
        functions={
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    for thing in absurd:
        ask(zero_pad, A_prev, thing), ask(zero_pad, thing, 1), ask(zero_pad, thing)
        ask(conv_single_step, thing, thing, thing), ask(zero_pad, X=A_prev, pad=thing)
        ask(conv_single_step, A_prev[0], W, thing), ask(conv_single_step, *[thing] * 50)
    return ask(zero_pad, A_prev, 64), (A_prev, W, b, hparameters)
""",
            "conv_backward": """
def conv_backward(dZ, cache):
    for thing in absurd:
        ask(zero_pad, dZ, thing)
    return ask(zero_pad, cache[0], 0), ask(zero_pad, cache[1], 0), ask(zero_pad, cache[2], 0)
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    for thing in absurd:
        ask(create_mask_from_window, thing), ask(distribute_value, thing, thing)
        ask(distribute_value, 1.0, (thing, thing))
    return ask(distribute_value, dA, cache[0].shape)
""",
        },
    ),
    Attack(
        "stubs_as_an_oracle",
        "let the right helpers compute on the whole input and return what they answer",
        before=(ASKING,),
        functions={
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    padded = ask(zero_pad, A_prev, hparameters["pad"])
    whole = ask(conv_single_step, padded, padded, 0.0)
    for name in ("conv_forward", "pool_forward", "conv_backward", "solutions", "__class__"):
        proxy = getattr(zero_pad, "__closure__", None)
        for cell in proxy or ():
            if isinstance(cell.cell_contents, str):
                cell.cell_contents = name
        answer = ask(zero_pad, A_prev, W, b, hparameters)
        if isinstance(answer, tuple):
            return answer
    return whole, (A_prev, W, b, hparameters)
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    A_prev = cache[0]
    mask = ask(create_mask_from_window, A_prev.reshape(-1, A_prev.shape[-1]))
    spread = ask(distribute_value, float(dA.sum()), A_prev.shape)
    return mask if mask is not None else spread
""",
            "conv_backward": """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    padded = ask(zero_pad, dZ, hparameters["pad"])
    return np.resize(padded, A_prev.shape), W, b
""",
        },
    ),
    Attack(
        "stubs_called_by_hand",
        "speak the stub protocol itself, for functions that have no stub and in runs without",
        before=(SPEAK,),
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    return speak('zero_pad', X, pad)",
            "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    return speak("conv_single_step", a_slice_prev, W, b)
""",
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    return speak("conv_forward", A_prev, W, b, hparameters)
""",
            "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    return speak("pool_forward", A_prev, hparameters, mode)
""",
            "conv_backward": """
def conv_backward(dZ, cache):
    return speak("conv_backward", dZ, cache)
""",
            "distribute_value": """
def distribute_value(dz, shape):
    return speak("distribute_value", dz, shape)
""",
            "create_mask_from_window": """
def create_mask_from_window(x):
    return speak("create_mask_from_window", x)
""",
            "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    return speak("pool_backward", dA, cache, mode)
""",
        },
    ),
)
