"""Are the causes that every function can have named on certain signs only?"""

import pytest

from checks.causes import all_causes, is_final, misspelt_name
from checks.evidence import Evidence
from checks.model import Failure, Observation
from checks.student_source import (
    MOST_SEARCHED,
    global_names_read,
    has_placeholder,
    names_assigned,
    names_left_none,
    plain_code,
)


def named(status="error", source=None, failure=None, unparsable=None):
    observations = {"case": Observation("error", failure=failure)} if failure else {}
    evidence = Evidence(status, observations, source, unparsable=unparsable)
    return [cause.id for cause in all_causes("scale", evidence, lambda: ())]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("y = None\n    return y", ("y",)),
        ("y = None", ()),
        ("y[0] = None", ("y",)),
        ("if x:\n        y[0, 1] = x\n    else:\n        y[0, 1] = None", ("y",)),
        ("y[0] += None\n    z += None", ("y", "z")),
        ("(a, b) = (None, None)\n    b = 3\n    return a, b", ("a",)),
        ("y.z[0] = None", ("y",)),
        ("y = None\n    y = x", ()),
        ("y = None\n    for y in x:\n        pass", ()),
        ("y = None\n    with x as y:\n        pass", ()),
        ("y: int = 3\n    y = None", ()),
        ("y = None\n    z = (y := x)", ()),
        ("y = x[None]\n    return None", ()),
        ("y = f(x, None)", ()),
    ],
)
def test_what_is_left_none(body, names):
    """Is a name reported as unfinished only where it certainly is?"""
    assert names_left_none(f"def scale(x):\n    {body}\n") == names


def test_unreadable_source_has_nothing_left():
    """Is a source that does not parse passed over?"""
    assert names_left_none("def scale(x:\n    y = None") == ()


def test_unfinished_part_is_named_and_final():
    """Is an unfinished part named in both languages, and nothing else looked for?"""
    source = "def scale(x):\n    y[0] = None\n    z += None\n"
    (cause,) = all_causes("scale", Evidence("wrong", {}, source), lambda: ())
    assert cause.id == "scale/unfinished_part"
    assert "`y`, `z`" in cause.message["en"] and "`y`, `z`" in cause.message["zh"]
    assert is_final([cause])


@pytest.mark.parametrize(
    ("name", "functions", "meant"),
    [
        ("zero_pad", ("zero_pda",), "zero_pda"),
        ("zero_pad", ("zeropad", "helper"), "zeropad"),
        ("conv_forward", ("Conv_Forward",), "Conv_Forward"),
        ("conv_forward", ("forward", "convolve"), ""),
        ("pool_forward", ("conv_backwards",), ""),
    ],
)
def test_a_misspelt_name(name, functions, meant):
    """Is a missing function looked for under a name that is almost its own, and no other?"""
    causes = misspelt_name(name, functions)
    assert [c.id for c in causes] == ([f"{name}/misspelt_name"] if meant else [])
    assert all(meant in text for c in causes for text in (c.message["en"], c.message["zh"]))


@pytest.mark.parametrize("status", ["right", "timeout", "missing"])
def test_unfinished_part_only_where_something_is_wrong(status):
    """Is nothing said of a None where the result does not ask for it?"""
    assert named(status, "def scale(x):\n    y = None\n") == []


@pytest.mark.parametrize(
    ("cause", "type_", "message"),
    [
        ("undefined_name", "NameError", "name 'y' is not defined"),
        (
            "used_before_assigned",
            "UnboundLocalError",
            "cannot access local variable 'y' where it is not associated with a value",
        ),
        ("used_before_assigned", "UnboundLocalError",
         "local variable 'y' referenced before assignment"),
        ("missing_module", "ModuleNotFoundError", "No module named 'torch.nn'"),
        ("integer_needed", "TypeError", "'float' object cannot be interpreted as an integer"),
        ("integer_needed", "TypeError",
         "slice indices must be integers or None or have an __index__ method"),
        ("number_of_arguments", "TypeError",
         "zero_pad() missing 1 required positional argument: 'pad'"),
        ("number_of_arguments", "TypeError",
         "zero_pad() takes 2 positional arguments but 3 were given"),
        ("none_used", "TypeError", "'NoneType' object is not subscriptable"),
        ("none_used", "AttributeError", "'NoneType' object has no attribute 'shape'"),
        ("removed_numpy_name", "AttributeError", "module 'numpy' has no attribute 'float'"),
    ],
)  # fmt: skip
def test_exceptions_with_one_cause(cause, type_, message):
    """Is the exception named by exactly this cause, in the words of each Python?"""
    assert named(failure=Failure(type_, message)) == [f"scale/{cause}"]


@pytest.mark.parametrize(
    ("type_", "message"),
    [
        ("NameError", "y"),
        ("TypeError", "unsupported operand type(s) for +: 'int' and 'str'"),
        ("ValueError", "'float' object cannot be interpreted as an integer"),
        ("ImportError", "No module named 'torch'"),
        ("IndexError", "index 3 is out of bounds for axis 0 with size 3"),
    ],
)
def test_other_exceptions_are_left_alone(type_, message):
    """Is nothing said where the exception may have another cause?"""
    assert named(failure=Failure(type_, message)) == []


def test_nothing_beside_a_syntax_error():
    """Does a text that Python refuses have this one cause?"""
    source = "def scale(x):\n    y = None\n"
    assert named("error", source, unparsable="invalid syntax") == ["scale/syntax_error"]


def test_annotations_are_no_data():
    """Is what a signature is annotated with not taken for data that the function reads?"""
    source = (
        "def f(x: Array, n: Count = 2) -> Array:\n    y: list[Array] = x * factor\n    return y[:n]"
    )
    assert global_names_read(source, "f") == ("factor",)


def test_second_names_of_functions():
    """Is a second name of a function no data of the notebook, and one of data still data?"""
    cells = [
        "from functools import partial\nimport numpy as np\ndef scale(x): return x",
        "_s = scale\nlog = np.log\nhalf = lambda x: x / 2\ntwice = partial(scale, 2)",
        "x = np.ones(3)\ny = x.T\nz = y\ntotal = sum(x)\nagain = _s",
        "_t = scale\n_t = 3",
    ]
    assert names_assigned(cells) == {"x", "y", "z", "total", "_t"}


def test_plain_code():
    """Is a function's text without comments and docstring, in one style, whatever was handed in?"""
    source = 'def f( x ):\n\t"""It is\n\tx[0]."""\n\t# x = x[0]\n\treturn  x [1:3] == "a"'
    assert plain_code(source) == "def f(x):\n    return x[1:3] == 'a'"
    assert plain_code('def f():\n    """Nothing."""') == "def f():\n    pass"
    assert plain_code("def f(:") is None
    assert plain_code("x = 1\n" * MOST_SEARCHED) is None


MARKED = """def f(x, n):
    # Make the result
    y = np.zeros(n)
    {begin}
    # for i in range(None):
    #     y[i] = None
{code}
    {end}
    return y
"""


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("# YOUR CODE STARTS HERE", "# YOUR CODE ENDS HERE"),
        ("### START CODE HERE ### (≈ 2 lines)", "### END CODE HERE ###"),
    ],
)
@pytest.mark.parametrize(("code", "unfilled"), [("", True), ("    y = y + x", False)])
def test_marks_with_nothing_between(begin, end, code, unfilled):
    """Is a stub of the original notebook distinguished from one with code between its marks?"""
    assert has_placeholder(MARKED.format(begin=begin, end=end, code=code)) is unfilled


@pytest.mark.parametrize(
    ("line", "unfilled"),
    [
        ("y = np.zeros(n)", True),
        ("pass", True),
        ("y = x + n", False),
        ("y = np.zeros(n)\n    y[:] = x / n", False),
        ("y = np.zeros(n)\n    y += x", False),
        ("y: list = x + n", False),
        ("(y := x + n)", False),
        ("with x as y: pass", False),
        ("y = np.zeros(n)\n    for i in x: n += i", False),
    ],
)
def test_code_beside_the_marks(line, unfilled):
    """Is work above empty marks an attempt, too, and a name without a value none?"""
    source = MARKED.format(begin="# START CODE HERE", end="# END CODE HERE", code="")
    assert has_placeholder(source.replace("y = np.zeros(n)", line)) is unfilled


@pytest.mark.parametrize("body", ["pass", "return None", "'Text'\n    return"])
def test_a_function_that_does_nothing(body):
    """Is a body that does nothing, whatever it is written with, taken for unfilled?"""
    assert has_placeholder(f"def f(x):\n    {body}") is True
    assert has_placeholder(f"def f(x):\n    x = x + 1\n    {body}") is False


def test_parameters_in_another_order_are_named_alone() -> None:
    """Is nothing else said of a function whose arguments arrive in the wrong places?"""
    source = "def scale(factor, x):\n    return np.pad(x, factor), None"
    failure = Failure("TypeError", "`pad_width` must be of integral type.", 2, "np.pad(x, factor)")
    seen = {"three": Observation("error", failure=failure)}
    evidence = Evidence("error", seen, source, parameters=("x", "factor"))
    (cause,) = all_causes("scale", evidence, tuple)
    assert cause.id == "scale/other_parameters" and cause.lines == (1,)
