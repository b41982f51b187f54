"""Functions that the parent answers for, in the jobs that allow it."""

import numpy as np

SOURCE = """
def zero_pad(X, pad):
    return "the student's own, wrong"
def conv(x):
    return zero_pad(x, 1)
def keyword(x):
    return zero_pad(X=x, pad=2)
def many(n):
    return [zero_pad(i, 0) for i in range(n)][-1]
def absurd():
    out = []
    for a in (object(), [[[[[[[[[[1]]]]]]]]]], lambda: 0, float('nan'), 'x' * 10**6):
        try:
            out.append(str(zero_pad(a, 1)))
        except RuntimeError as e:
            out.append(str(e))
    return out
"""


def zero_pad(X, pad):
    if not isinstance(X, np.ndarray):
        raise TypeError("a secret detail")
    return np.pad(X, pad)


def test_proxy(run):
    """Does a stub answer in place of the student's function, by position and by keyword?"""
    groups = {"a": [("conv", np.ones(2)), ("keyword", np.ones(1))]}
    one, two = run(SOURCE, groups=groups, stubs={"zero_pad": zero_pad}).groups["a"]
    np.testing.assert_array_equal(one.value, [0, 1, 1, 0])
    np.testing.assert_array_equal(two.value, [0, 0, 1, 0, 0])


def test_no_stub_unasked(run):
    """Is the student's own function used where the job has no stub?"""
    (result,) = run(SOURCE, groups={"a": [("conv", np.ones(2))]}).groups["a"]
    assert result.value == "the student's own, wrong"


def test_no_stub_in_cells(run):
    """Is a stub bound after the cells have run, so that no cell can use it?"""
    result = run(SOURCE, "print(conv(1))", stubs={"zero_pad": zero_pad})
    assert result.cells[1].outputs == ["the student's own, wrong\n"]


def test_stub_in_a_module(run, tmp_path):
    """Is the stub bound where the function looks names up, be it an imported module?"""
    (tmp_path / "mine.py").write_text(SOURCE)
    groups = {"a": [("conv", np.ones(2))]}
    source = "from mine import conv"
    (result,) = run(source, groups=groups, stubs={"zero_pad": zero_pad}, folder=tmp_path).groups[
        "a"
    ]
    np.testing.assert_array_equal(result.value, [0, 1, 1, 0])


def test_error_without_details(run):
    """Does an exception of the stub reach the child without its text?"""
    (result,) = run(SOURCE, groups={"a": [("conv", 5)]}, stubs={"zero_pad": zero_pad}).groups["a"]
    assert result.status == "error" and result.error.type == "HelperRefused"
    assert result.error.message == "zero_pad"
    assert "secret" not in result.error.message
    assert result.error.source == "return zero_pad(x, 1)"


def test_calls_are_capped(run):
    """Is the number of stub calls limited for a group, and not the next group's loss?"""
    stubs = {"zero_pad": lambda X, pad: X}
    groups = {"a": [("many", 10), ("many", 200), ("many", 1)], "b": [("many", 50)]}
    result = run(SOURCE, groups=groups, stubs=stubs, limits={"stub_calls": 100, "call_cpu": 5.0})
    assert [r.status for r in result.groups["a"]] == ["ok", "error", "error"]
    assert [r.status for r in result.groups["b"]] == ["ok"]


def test_bytes_are_capped(run):
    """Are the bytes sent to stubs limited?"""
    stubs = {"zero_pad": lambda X, pad: X}
    groups = {"a": [("conv", np.ones(1000)), ("conv", np.ones(100_000))]}
    result = run(SOURCE, groups=groups, stubs=stubs, limits={"stub_bytes": 100_000})
    assert [r.status for r in result.groups["a"]] == ["ok", "error"]


def test_absurd_arguments(run):
    """Do arguments that are no data reach the stub as harmless values, or not at all?"""
    seen = []

    def stub(X, pad):
        seen.append(type(X).__name__)
        return 1.0

    (result,) = run(SOURCE, groups={"a": [("absurd",)]}, stubs={"zero_pad": stub}).groups["a"]
    assert result.status == "ok"
    assert set(seen) <= {"Odd", "list", "float", "str"}
