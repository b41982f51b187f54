"""Does a correct function get its marks whatever kind of value holds its numbers?"""

import re

import pytest

from autograder.grading.grader import Grader
from autograder.sandbox import Sandbox, probe
from solutions.gallery import styles
from solutions.tests.naming import KNOWN

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not probe()[0][1], reason="no namespaces on this machine"),
]
SEED = 2**63 + 20_261
"""That of test_attacks.py: what is known of wrong answers serves both."""
ASSIGNMENTS = {"cnn_step_by_step": "loops", "convnet_application": "vectorised"}

HEAD = """
import collections
import numpy as np

def on_arrays(change):
    return lambda x: change(x) if isinstance(x, np.ndarray) else x

def on_numbers(change):
    return lambda x: change(x) if np.ndim(x) == 0 else x

def named(values):
    return collections.namedtuple("Result", [f"v{i}" for i in range(len(values))])(*values)

def of_dicts(change):
    return lambda x: tuple(change(y) if isinstance(y, dict) else y for y in x)

def changed(value, leaf=lambda x: x, whole=lambda x: x, cache=lambda x: x):
    if not isinstance(value, tuple):
        return leaf(value)
    return whole(tuple(cache(x) if isinstance(x, tuple) else leaf(x) for x in value))
"""

KINDS = {
    "long double arrays": "leaf=on_arrays(lambda x: x.astype(np.longdouble))",
    "long double numbers": "leaf=on_numbers(np.longdouble)",
    "complex arrays": "leaf=on_arrays(lambda x: x + 1e-17j)",
    "complex numbers": "leaf=on_numbers(np.complex128)",
    "single precision": "leaf=on_arrays(np.float32)",
    "numbers in single precision": "leaf=on_numbers(np.float32)",
    "arrays of objects": "leaf=on_arrays(lambda x: x.astype(object))",
    "arrays without axes": "leaf=np.asarray",
    "masked arrays": "leaf=on_arrays(np.ma.array)",
    "a subclass of float": "leaf=on_numbers(type('Loss', (float,), {}))",
    "a list": "whole=list",
    "a namedtuple": "whole=named",
    "a cache that is a list": "cache=list",
    "a cache that is a namedtuple": "cache=named",
    "hyperparameters in an OrderedDict": "cache=of_dicts(collections.OrderedDict)",
}

REFUSED = {
    "half precision": ("leaf=on_arrays(np.float16)", "float16"),
    "nested lists": ("leaf=on_arrays(np.ndarray.tolist)", "return an array"),
    "complex numbers for good": ("leaf=lambda x: np.asarray(x) + 1e-3j", "real number"),
    "a generator": ("whole=lambda x: (y for y in x)", "expected"),
    "a cache that is a dict": ("cache=lambda x: dict(enumerate(x))", "must be the tuple"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the correct functions of an assignment with what they return changed."""
    path = tmp_path_factory.mktemp("values") / "work.py"
    with Sandbox() as sandbox:
        grader = Grader(sandbox, SEED, KNOWN)

        def graded(assignment, change):
            functions = styles(assignment)[ASSIGNMENTS[assignment]]
            text = HEAD + "\n\n".join(functions.values())
            for name in functions:
                # They call each other as they are; what is graded stands around them.
                text = re.sub(rf"\b{name}\b", f"own_{name}", text)
            for name in functions:
                text += f"\ndef {name}(*given):\n    return changed(own_{name}(*given), {change})\n"
            path.write_text(text)
            return grader.grade_file(path, assignment)

        yield graded


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_right_numbers_in_another_kind(kind, assignment, graded):
    """Does each kind of value that holds the correct numbers earn every point?"""
    verdict = graded(assignment, KINDS[kind])
    lost = [e.name for e in verdict.exercises if e.score < e.max_score]
    assert (verdict.score, lost) == (100.0, [])


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("kind", REFUSED)
def test_kind_that_is_refused(kind, assignment, graded):
    """Is a value that is not accepted whole reported, with what to return in its place?"""
    change, told = REFUSED[kind]
    verdict = graded(assignment, change)
    assert verdict.score < 100.0
    for exercise in verdict.exercises:
        assert exercise.status != "error"
        details = " ".join(c.detail["en"] for c in exercise.checks if not c.passed)
        assert exercise.score == exercise.max_score or told in details


def test_softmax_computed_in_single_precision(tmp_path):
    """Does a softmax that computes with 32 bits throughout earn every point?"""
    name = "softmax_cross_entropy"
    text = styles("convnet_application")["vectorised"][name]
    head, body = text.split("\n", 1)
    path = tmp_path / "work.py"
    path.write_text(f"import numpy as np\n\n\n{head}\n    Z = Z.astype(np.float32)\n{body}")
    with Sandbox() as sandbox:
        verdict = Grader(sandbox, SEED).grade_file(path, "convnet_application")
    (exercise,) = (e for e in verdict.exercises if e.name == name)
    assert (exercise.score, exercise.status) == (exercise.max_score, "right")
