"""Is code in which something outlives a call told from code in which nothing does?"""

import pytest

from autograder.reading.stateless import is_stateless
from checks.assignments import ASSIGNMENTS
from solutions.gallery import styles

FIRST = """%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
from public_tests import *
import plots
plt.rcParams["figure.figsize"] = (5.0, 4.0)
np.random.seed(1)"""

KEEPING = {
    "a global": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n",
    "a list of the notebook": "seen = []\ndef f(x):\n    seen.append(x)\n    return seen",
    "a list of another cell": "def f(x):\n    kept.append(x)",
    "an alias of data": "(a, b) = [], {}\ndef f(x):\n    b[0] = x",
    "an attribute of a function": "def f(x):\n    f.calls = 1",
    "an attribute, among others": "def f(x):\n    f.calls, y = 1, 2",
    "a default that is shared": "def f(x, memory={}):\n    memory[0] = x",
    "a default by name": "def f(x, *, memory=list()):\n    memory.append(x)",
    "a decorator": "import functools\n@functools.cache\ndef f(x):\n    return x",
    "a class": "class Layer:\n    calls = 0\ndef f(x):\n    Layer.calls += 1",
    "a closure": "def make():\n    n = [0]\n    return lambda x: n.append(x)\ng = make()\n"
    "def f(x):\n    return g(x)",
    "a library patched at the top": "import numpy as np\nnp.pad = lambda *a: 0",
    "a library patched by name": "import numpy as np\ndef f(x):\n    setattr(np, 'pad', x)",
    "a setting of NumPy's": "import numpy as np\ndef f(x):\n    np.seterr(all='raise')",
    "names made at run time": "def f(x):\n    exec('y = 1', globals())",
    "a way around all this": "def f(x):\n    return f.__globals__",
    "a thread": "import threading\ndef f(x):\n    threading.Thread().start()",
    "a process": "def f(x):\n    import os\n    os.fork()",
    "a file": "def f(x):\n    open('kept', 'a').write('x')",
    "a module of their own": "from mine import f",
    "a relative module": "from . import mine",
    "a magic that runs something": "%run mine.py\ndef f(x):\n    return x",
    "a cell that can't be read": "def f(x:\n    return x",
}


@pytest.mark.parametrize("name", KEEPING)
def test_what_is_kept_is_seen(name):
    """Is each way to keep something from one call to the next noticed?"""
    assert not is_stateless([FIRST, "kept = []", KEEPING[name]])


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_plain_code_is_stateless(assignment):
    """Is ordinary code, in whatever style it is written, taken for what it is?"""
    for name, functions in styles(assignment).items():
        assert is_stateless([FIRST, *functions.values()]), name
