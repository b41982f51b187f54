"""Attacks by what a function returns: objects that lie, degenerate numbers, inputs handed back."""

from solutions.corpora.attacks import WRONG, Attack

SIGNATURES = {
    "zero_pad": "X, pad",
    "conv_single_step": "a_slice_prev, W, b",
    "conv_forward": "A_prev, W, b, hparameters",
    "pool_forward": "A_prev, hparameters, mode='max'",
    "conv_backward": "dZ, cache",
    "create_mask_from_window": "x",
    "distribute_value": "dz, shape",
    "pool_backward": "dA, cache, mode='max'",
}
RESULTS = {
    "conv_forward": "{0}, (A_prev, W, b, hparameters)",
    "pool_forward": "{0}, (A_prev, hparameters)",
    "conv_backward": "{0}, {0}, {0}",
}


def every(*expressions: str, caches: bool = True) -> dict[str, str]:
    """Give every exercise a function that returns the expressions in turn, one exercise each.

    With `caches`, the places for caches are filled correctly.
    """
    functions = {}
    for number, (name, parameters) in enumerate(SIGNATURES.items()):
        expression = expressions[number % len(expressions)]
        result = RESULTS.get(name, "{0}").format(expression) if caches else expression
        functions[name] = f"def {name}({parameters}):\n    return {result}"
    return functions


def shaped(like: str) -> dict[str, str]:
    """Return the wrong functions with another filling; `like` takes the place of np.ones."""
    return {
        name: text.replace("np.ones(", f"{like}(").replace("0.25", f"float({like}(()))")
        for name, text in WRONG.items()
    }


ALWAYS = """
class Always:
    '''Equal to everything, true, any length, any item, any attribute, any number.'''
    shape, dtype, size, ndim, nbytes = (), np.dtype(float), 1, 0, 8
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __eq__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __float__(self): return 0.0
    def __abs__(self): return 0.0
    def __len__(self): return 4
    def __iter__(self): return iter([self] * 4)
    def __getitem__(self, item): return self
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __sub__
    def __instancecheck__(self, other): return True
always = Always()
"""

SUBCLASSES = """
class Equal(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), bool)
    def __sub__(self, other): return np.zeros(np.shape(other))
    __rsub__ = __sub__
    def __array_finalize__(self, other): pass
    def __array_ufunc__(self, ufunc, method, *inputs, **options): return np.True_
    def __array_function__(self, function, types, args, kwargs): return True
    def astype(self, *a, **k): return self
    def view(self, *a): return self
    def copy(self, *a): return self
    def tobytes(self, *a): return b""
    @property
    def shape(self): return (4, 7, 7, 2)
class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class Number(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
    __hash__ = float.__hash__
class Whole(int):
    def __eq__(self, other): return True
    def bit_length(self): return 1
    __hash__ = int.__hash__
class Pair(tuple):
    def __len__(self): return 2
    def __getitem__(self, item): return always
class Table(dict):
    def __getitem__(self, item): return always
def equal(): return np.zeros((2, 2)).view(Equal)
"""

INTERFACES = """
class Duck:
    def __array_function__(self, function, types, args, kwargs): return True
    def __array_ufunc__(self, ufunc, method, *inputs, **options): return np.True_
    __array_priority__ = 1e9
class Interface:
    '''Claims bytes that are not its own: at address 0, of a huge length.'''
    @property
    def __array_interface__(self):
        return {"shape": (1 << 20,), "typestr": "<f8", "data": (1 << 12, False), "version": 3}
class Struct:
    __array_struct__ = None
    def __array__(self, *a, **k): raise SystemExit
class Buffer:
    def __buffer__(self, flags): return memoryview(bytes(8))
def strided():
    return np.lib.stride_tricks.as_strided(np.zeros(1), shape=(1 << 21,), strides=(0,))
def overlong():
    import ctypes
    array = np.zeros((2, 2))
    # The header of the array says more than there is.
    return np.ctypeslib.as_array(ctypes.cast(array.ctypes.data, ctypes.POINTER(ctypes.c_double)),
                                 (16,))
kinds = [Duck(), Interface(), Struct(), Buffer()]
"""

ATTACKS = (
    Attack(
        "always_equal",
        "return an object that is equal to everything",
        before=(ALWAYS,),
        functions=every("always"),
    ),
    Attack(
        "always_equal_without_cache",
        "return such an object in place of result and cache, alone, as class and as containers",
        before=(ALWAYS,),
        functions=every(
            "always", "Always", "[always] * 4", "(always, always)", "{'a': always}", caches=False
        ),
    ),
    Attack(
        "subclasses",
        "return subclasses of array, number, text, tuple and dict that agree with everything",
        before=(ALWAYS, SUBCLASSES),
        functions=every("equal()", "Number(0.0)", "Whole(3)", "Pair((1, 2))", "Text('1')")
        | {"pool_backward": "def pool_backward(dA, cache, mode='max'):\n    return Table()"},
    ),
    Attack(
        "array_interfaces",
        "return objects with __array_function__, __array_ufunc__ and lying buffers",
        before=(INTERFACES,),
        functions=every("kinds[0]", "kinds[1]", "kinds[2]", "strided()", "overlong()", "kinds[3]"),
    ),
    Attack(
        "odd_dtypes",
        "return arrays of objects, text, dates, records, complex and long double numbers",
        functions=every(
            "np.array([object()])",
            "np.array(['1'])",
            "np.array(['2000-01-01'], 'M8[D]')",
            "np.zeros(3, [('score', float)])",
            "np.zeros((2, 2), complex)",
            "np.zeros((2, 2), np.longdouble)",
            "np.ma.masked_all((3, 3))",
            "np.asmatrix(np.zeros((2, 2)))",
        ),
    ),
    Attack(
        "masked_everywhere",
        "return masked arrays of the right shape, so that nothing is left to compare",
        functions=shaped("np.ma.masked_all"),
    ),
    Attack("zeros", "return zeros of the right shape", functions=shaped("np.zeros")),
    Attack("ones", "return ones of the right shape"),
    Attack(
        "not_a_number",
        "return NaN everywhere, which no comparison finds greater than the tolerance",
        before=("nan = lambda shape, **k: np.full(shape, np.nan)",),
        functions=shaped("nan"),
    ),
    Attack(
        "infinity",
        "return infinity, of either sign, everywhere",
        before=("inf = lambda shape, **k: np.full(shape, -np.inf if len(shape) > 2 else np.inf)",),
        functions=shaped("inf"),
    ),
    Attack(
        "extremes",
        "return the largest and smallest numbers of every dtype, so that differences overflow",
        before=(
            """
def far(shape, **k):
    far.turn += 1
    number = [1.7e308, -1.7e308, 5e-324, np.float32(3e38), np.float16(65504), np.uint64(2**64 - 1),
              np.int64(-2**63), np.True_, np.int8(-128)][far.turn % 9]
    return np.full(shape, number)
far.turn = 0
""",
        ),
        functions=shaped("far"),
    ),
    Attack(
        "coarse_dtypes",
        "return float16 numbers, hoping for a tolerance that grows with the dtype",
        before=("coarse = lambda shape, **k: np.full(shape, 0.1, np.float16)",),
        functions=shaped("coarse"),
    ),
    Attack(
        "inputs_back",
        "hand the inputs back, as they are or cut and padded with copies to the right shape",
        functions={
            "zero_pad": "def zero_pad(X, pad):\n    return X",
            "conv_single_step": "def conv_single_step(a, W, b):\n    return a.flat[0]",
            "conv_forward": (
                "def conv_forward(A_prev, W, b, h):\n    return A_prev, (A_prev, W, b, h)"
            ),
            "pool_forward": "def pool_forward(A_prev, h, mode):\n    return A_prev, (A_prev, h)",
            "conv_backward": "def conv_backward(dZ, cache):\n    return cache[:3]",
            "create_mask_from_window": "def create_mask_from_window(x):\n    return x",
            "distribute_value": "def distribute_value(dz, shape):\n    return np.full(shape, dz)",
            "pool_backward": "def pool_backward(dA, cache, mode):\n    return cache[0]",
        },
    ),
    Attack(
        "caches_back",
        "return the caches alone, rightly, and nothing in place of results",
        functions=every("None"),
    ),
    Attack("nothing", "return None", functions=every("None", caches=False)),
    Attack(
        "empty",
        "return arrays without elements, for which `all` is true",
        functions=every("np.zeros((0,))", "np.zeros((4, 0, 7, 2))", "np.zeros((1 << 20, 0))"),
    ),
    Attack(
        "scalars_to_broadcast",
        "return one number where an array is expected, which would broadcast",
        functions=every("0.0", "np.float64(0)", "np.zeros(1)", "np.zeros((1, 1, 1, 1))"),
    ),
    Attack(
        "too_much",
        "return far too many, too deep, too long and recursive things",
        before=(
            """
deep = []
for _ in range(3000):
    deep = [deep]
ring = []
ring.append(ring)
table = {}
table["table"] = table
""",
        ),
        functions=every(
            "np.zeros(3_999_999)",
            "deep",
            "ring",
            "[0.0] * 10**6",
            "'9' * 10**7",
            "10**4000",
            "table",
            "{i: i for i in range(10**5)}",
            caches=False,
        ),
    ),
    Attack(
        "formats_and_controls",
        "raise errors and use names full of format fields, markup, control characters",
        before=(
            """
class Odd(Exception):
    pass
Odd.__name__ = "{what.__class__} {0} {"
message = ("{score.__class__.__mro__} {} { %s %(x)s </script><script>alert(1)</script>"
           "\\x1b]0;x\\x07\\u202e\\ud800=1+1" + "x" * 10000)
class Silent(BaseException):
    def __str__(self): raise self
    __repr__ = __str__
def bad(kind):
    raise kind(message)
""",
        ),
        functions=every(
            "bad(Odd)", "bad(NameError)", "bad(Silent)", "bad(KeyboardInterrupt)", "bad(SystemExit)"
        ),
    ),
)
