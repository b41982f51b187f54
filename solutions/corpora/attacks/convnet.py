"""Attacks on the grader by way of this assignment: a function as an argument, correct helpers."""

from solutions.corpora.attacks import Attack
from solutions.corpora.attacks.relays import ASKING, SPEAK

WRONG = {
    "relu_forward": "def relu_forward(Z):\n    return np.ones(Z.shape)",
    "relu_backward": "def relu_backward(dA, Z):\n    return np.ones(Z.shape)",
    "flatten": "def flatten(A):\n    return np.ones((A.shape[0], A[0].size))",
    "dense_forward": """
def dense_forward(A_prev, W, b):
    return np.ones((A_prev.shape[0], W.shape[1])), (A_prev, W, b)
""",
    "dense_backward": """
def dense_backward(dZ, cache):
    return tuple(np.ones(array.shape) for array in cache)
""",
    "softmax_cross_entropy": """
def softmax_cross_entropy(Z, labels):
    return 1.0, np.ones(Z.shape)
""",
    "gradient_check": """
def gradient_check(f, x, dx, dZ, h=1e-5):
    return np.ones(x.shape), 0.5
""",
    "sgd_momentum_step": """
def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    return np.ones(parameter.shape), np.ones(parameter.shape)
""",
    "network_backward": """
def network_backward(dlogits, memory, conv_backward, pool_backward):
    _, conv1, _, _, conv2, _, _, dense = memory
    return tuple(np.ones(array.shape) for cache in (conv1, conv2, dense) for array in cache[1:3])
""",
    "im2col": """
def im2col(X, f, stride):
    m, n_H, n_W, n_C = X.shape
    return np.ones((m, (n_H - f) // stride + 1, (n_W - f) // stride + 1, f * f * n_C))
""",
    "col2im": "def col2im(columns, shape, f, stride):\n    return np.ones(shape)",
    "conv_forward_fast": """
def conv_forward_fast(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = ((n - W.shape[0] + 2 * pad) // stride + 1 for n in A_prev.shape[1:3])
    return np.ones((A_prev.shape[0], n_H, n_W, W.shape[3])), (A_prev, W, b, hparameters)
""",
    "conv_backward_fast": """
def conv_backward_fast(dZ, cache):
    return tuple(np.ones(array.shape) for array in cache[:3])
""",
    "pool_forward_fast": """
def pool_forward_fast(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = ((n - f) // stride + 1 for n in A_prev.shape[1:3])
    return np.ones((A_prev.shape[0], n_H, n_W, A_prev.shape[3])), (A_prev, hparameters)
""",
    "pool_backward_fast": """
def pool_backward_fast(dA, cache, mode="max"):
    return np.ones(cache[0].shape)
""",
}
"""Wrong functions whose results have the right shapes."""

HEADERS = {name: text.strip().split("\n")[0] for name, text in WRONG.items()}


def _every(body: str) -> dict[str, str]:
    """Return every function with the same `body`, which finds its arguments in `given`."""
    return {
        name: f"{header}\n    given = list(locals().values())\n    {body}"
        for name, header in HEADERS.items()
    }


EQUAL = """
class Equal(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), dtype=bool)
    def __array_function__(self, *arguments, **named): return True
    def __array_ufunc__(self, *arguments, **named): return True
    def __abs__(self): return 0.0
equal = np.ones((2, 3)).view(Equal)
"""

STORED = """
import h5py
from checks import store
stored = []
with h5py.File(store.path_of("convnet_application")) as file:
    file.visititems(lambda name, item: stored.append(item[()])
                    if isinstance(item, h5py.Dataset) and "expected" in name else None)
def known(array):
    return next((v for v in stored if getattr(v, "shape", None) == np.shape(array)), array)
print(len(stored))
"""

ATTACKS = (
    Attack("arguments_back", "hand the arguments back", functions=_every("return tuple(given)")),
    Attack("first_back", "hand the first argument back", functions=_every("return given[0]")),
    Attack("nothing_back", "return nothing", functions=_every("return None")),
    Attack(
        "zeros_back",
        "return zeros of the arguments' shapes",
        functions=_every("return tuple(np.zeros(np.shape(a)) for a in given)"),
    ),
    Attack(
        "equal_to_all",
        "return arrays that compare equal to everything",
        before=(EQUAL,),
        functions=_every("return equal, (equal, equal, equal)"),
    ),
    Attack(
        "stored_answers",
        "return stored public answers of the arguments' shapes",
        before=(STORED,),
        functions=_every("return tuple(known(a) for a in given)"),
    ),
    Attack(
        "by_hand",
        "speak the stub protocol itself for every function",
        before=(SPEAK,),
        functions={
            name: f"{header}\n    return speak({name!r}, *locals().values())"
            for name, header in HEADERS.items()
        },
    ),
    Attack(
        "formula_taken_over",
        "replace what makes functions out of data, and see if the grader calls it",
        before=(
            """
import checks.formulas as formulas
formulas.Formula.__call__ = lambda self, x: np.zeros(np.shape(x))
formulas.Formula.__post_init__ = lambda self: None
formulas.FORMULAS.update({name: lambda *a, **k: 0.0 for name in formulas.FORMULAS})
""",
        ),
        functions={
            "gradient_check": """
def gradient_check(f, x, dx, dZ, h=1e-5):
    for parameter in f.parameters:
        if isinstance(parameter, np.ndarray):
            parameter[...] = 0.0
    return f(x), 0.0
"""
        },
    ),
    Attack(
        "formula_back",
        "return functions, formulas and their data in place of numbers",
        functions={
            "gradient_check": """
def gradient_check(f, x, dx, dZ, h=1e-5):
    return {"formula": "sine", "parameters": (0.0, 0.0)}, f
""",
            "relu_forward": """
def relu_forward(Z):
    return {"formula": "mixed", "parameters": (Z,)}
""",
        },
    ),
    Attack(
        "absurd_windows",
        "ask the right helpers for absurd windows, batches and strides",
        before=(ASKING,),
        functions={
            "conv_forward_fast": """
def conv_forward_fast(A_prev, W, b, hparameters):
    for thing in absurd:
        ask(im2col, A_prev, thing, 1), ask(im2col, A_prev, 2, thing), ask(im2col, thing, 2, 1)
    big = np.zeros((1, 200, 200, 1))
    for f in (64, 63, 2, 1, 0, -1, -64):
        for stride in (64, 1, 0, -1, -64):
            ask(im2col, big, f, stride), ask(im2col, A_prev, f, stride)
    return ask(im2col, A_prev, 1, 1), (A_prev, W, b, hparameters)
""",
            "pool_backward_fast": """
def pool_backward_fast(dA, cache, mode="max"):
    for thing in absurd:
        ask(col2im, thing, cache[0].shape, 2, 1), ask(col2im, dA, thing, 2, 1)
        ask(col2im, dA, (thing,) * 4, 2, 1), ask(col2im, dA, cache[0].shape, thing, thing)
    ask(col2im, dA, (64, 64, 64, 64), 1, 1), ask(col2im, dA, [10**9] * 4, 1, 1)
    return ask(col2im, dA, dA.shape, 1, 1)
""",
        },
    ),
    Attack(
        "windows_as_an_oracle",
        "return what the right helpers answer to the whole input",
        before=(ASKING,),
        functions={
            "conv_forward_fast": """
def conv_forward_fast(A_prev, W, b, hparameters):
    columns = ask(im2col, A_prev, W.shape[0], hparameters["stride"])
    return columns, (A_prev, W, b, hparameters)
""",
            "conv_backward_fast": """
def conv_backward_fast(dZ, cache):
    A_prev, W, b, hparameters = cache
    return ask(col2im, dZ, dZ.shape, 1, 1), ask(im2col, W, 1, 1), b
""",
            "pool_forward_fast": """
def pool_forward_fast(A_prev, hparameters, mode="max"):
    return ask(im2col, A_prev, hparameters["f"], hparameters["stride"]), (A_prev, hparameters)
""",
            "pool_backward_fast": """
def pool_backward_fast(dA, cache, mode="max"):
    columns = ask(im2col, cache[0], cache[1]["f"], cache[1]["stride"])
    return ask(col2im, columns, cache[0].shape, cache[1]["f"], cache[1]["stride"])
""",
        },
    ),
)
