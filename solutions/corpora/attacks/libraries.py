"""Attacks by replacing what a comparison would use: NumPy, built-in functions, our own modules."""

from solutions.corpora.attacks import Attack

ATTACKS = (
    Attack(
        "numpy_says_equal",
        "make every NumPy comparison say that all is equal",
        before=(
            """
yes = lambda *a, **k: True
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "equal", "isfinite"):
    setattr(np, name, yes)
for name in [n for n in dir(np.testing) if n.startswith("assert")]:
    setattr(np.testing, name, lambda *a, **k: None)
np.abs = np.absolute = lambda *a, **k: np.zeros(1)
""",
        ),
    ),
    Attack(
        "builtins_say_equal",
        "replace abs, max, sum, round and AssertionError",
        before=(
            """
import builtins
builtins.abs = lambda x: 0
builtins.max = lambda *a, **k: 100
builtins.sum = lambda *a, **k: 100
builtins.round = lambda *a: 100
builtins.AssertionError = type("AssertionError", (BaseException,), {})
print("done")
""",
        ),
        survives=False,
    ),
    Attack(
        "engine_modules",
        "replace public_tests, checks and the solutions in sys.modules by modules that agree",
        before=(
            """
import sys, types
class Agrees(types.ModuleType):
    def __getattr__(self, name):
        return lambda *a, **k: True
for name in ("public_tests", "checks", "checks.compare", "checks.judge", "checks.plain",
             "solutions", "solutions.catalogue", "autograder", "autograder.grading.grader", "h5py"):
    sys.modules[name] = Agrees(name)
""",
        ),
        after=("from public_tests import zero_pad_test\nzero_pad_test(zero_pad)",),
    ),
    Attack(
        "import_hooks",
        "put a finder in front of sys.meta_path that serves a module of its own for any name",
        before=(
            """
import sys, importlib.abc, importlib.machinery
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in ("checks", "solutions", "autograder", "public_tests"):
            return importlib.machinery.ModuleSpec(name, self)
    def exec_module(self, module):
        module.compare = module.judge = lambda *a, **k: None
        module.score = 100
sys.meta_path.insert(0, Finder())
for name in [n for n in sys.modules if n.split(".")[0] in ("checks", "public_tests")]:
    del sys.modules[name]
import solutions, checks
print(solutions.score)
""",
        ),
    ),
    Attack(
        "random_state",
        "freeze NumPy's random numbers, hoping that inputs are drawn in this process",
        before=(
            """
class Same:
    def __init__(self, *a): pass
    def randn(self, *shape): return np.zeros(shape)
    def uniform(self, *a): return 1.0
np.random.RandomState = Same
np.random.randn = Same().randn
np.random.seed = lambda *a: None
""",
        ),
        functions={
            "zero_pad": """
def zero_pad(X, pad):
    return np.zeros((X.shape[0], X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]))
""",
            "conv_single_step": "def conv_single_step(a_slice_prev, W, b):\n    return 0.0",
        },
    ),
    Attack(
        "memory_of_arrays",
        "write into the bytes of every array in the process by ctypes and gc",
        before=("import ctypes, gc",),
        functions={
            "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    for item in gc.get_objects():
        if type(item) is np.ndarray and item.dtype == np.float64 and item.size:
            ctypes.memset(item.ctypes.data, 0, item.nbytes)
    return np.zeros((2, 3, 4, 2)), (A_prev, W, b, hparameters)
""",
        },
    ),
)
