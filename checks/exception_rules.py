"""Rules on an exception and the student's own line that find why a function ended."""

import ast
import builtins
import difflib
import re
from collections.abc import Iterator

import numpy as np

from checks.assignments.functions import HELPERS
from checks.code_rules import HYPERPARAMETERS
from checks.evidence import AT, Evidence, Found, first_that_says
from checks.rules.inlined import helpers_of
from checks.rules.trees import times_bound
from checks.student_source import parsed
from checks.text import Text

ONE_NUMBER = r"only (0-dimensional|length-1|size-1) arrays"
"""The message about an array with axes that is converted to a number."""

KEYS = r"(?:stride|pad|f)(?='?$)"
"""The keys that the layers have: where one of them is missing, it is another layer's."""

KINDS = {
    "tuple": Text("a tuple", "元组"),
    "numpy.ndarray": Text("an array", "数组"),
    "dict": Text("a dictionary", "字典"),
    "list": Text("a list", "列表"),
    "str": Text("a text", "字符串"),
}


OBJECTS = {
    "tuple": Text("A tuple", "元组"),
    "list": Text("A list", "列表"),
    "numpy.ndarray": Text("A NumPy array", "NumPy 数组"),
}


def unknown_attribute(evidence: Evidence) -> Found:
    """Find an attribute that a tuple, a list or an array does not have."""
    words = r"'(?P<type>tuple|list|numpy\.ndarray)' object has no attribute '(?P<key>\w+)'"
    found = first_that_says("AttributeError", words)(evidence)
    return found and {"kind": OBJECTS[str(found["type"])], "key": found["key"]}


def undefined_name(evidence: Evidence) -> Found:
    """Find a name that is defined nowhere; one that the notebook holds is reported as such."""
    found = first_that_says("NameError", r"name '(?P<name>[^']+)' is not defined")(evidence)
    return None if found and found["name"] in evidence.globals_read else found


def _no_numpy_name(evidence: Evidence) -> str:
    words = r"module 'numpy' has no attribute '(?P<name>[^']+)'"
    removed = r"`np\.(?P<name>\w+)` was (?:a deprecated alias|removed)"
    for each in (removed, words):
        found = first_that_says("AttributeError", each)(evidence)
        if found:
            return found["name"]
    return ""


def _like_numpy_name(name: str) -> str:
    close = difflib.get_close_matches(name, dir(np), 1, cutoff=0.8)
    return close[0] if close else ""


REMOVED = (
    "int",
    "float",
    "bool",
    "object",
    "str",
    "long",
    "complex",
    "float_",
    "product",
    "Inf",
    "asscalar",
)
"""Names that old notebooks use and that NumPy had."""


def removed_numpy_name(evidence: Evidence) -> Found:
    name = _no_numpy_name(evidence)
    return {"name": name} if name and (name in REMOVED or not _like_numpy_name(name)) else None


def misspelt_numpy_name(evidence: Evidence) -> Found:
    name = _no_numpy_name(evidence)
    close = "" if name in REMOVED else _like_numpy_name(name)
    return {"name": name, "close": close} if close else None


def called(evidence: Evidence) -> Found:
    """Find something that is no function but is called like one."""
    words = r"'(?P<kind>tuple|numpy\.ndarray|dict|list|str)' object is not callable"
    found = first_that_says("TypeError", words)(evidence)
    if not found:
        return None
    tree = parsed(found["line"].rstrip(":") if "for " not in found["line"] else "")
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
    names = [ast.unparse(func) for func in calls]
    wanted = [
        name
        for name in names
        if (name.endswith(".shape") if found["kind"] == "tuple" else "." not in name)
        # A name of Python's own is a function, unless the student gives it to something else.
        and (not hasattr(builtins, name) or times_bound(evidence, name))
    ]
    name = wanted[0] if len(wanted) == 1 else found["line"]
    return {"name": name, "kind": KINDS[found["kind"]]}


def integer_needed(evidence: Evidence) -> Found:
    """Find a float in the place of an integer, and the line that divided to make it."""
    words = (
        r"(?P<words>float\w*' object cannot be interpreted as an integer"
        r"|can't multiply sequence by non-int of type '[\w.]*float\w*'"
        r"|slice indices must be integers)"
    )
    found = first_that_says("TypeError", words)(evidence)
    if found is None:
        return None
    if "multiply" in found["words"] and not re.search(r"\]\s*\*|\*\s*\[", found["line"]):
        # It may be a tuple that is taken for a number.
        return None
    known = evidence.function is not None
    if known and "slice" in found["words"] and not any(map(_makes_float, evidence.nodes)):
        # A tuple or a text is no integer either.
        return None
    found = {key: value for key, value in found.items() if key != "words"}
    made = [
        node
        for node in evidence.nodes
        if isinstance(node, ast.Assign)
        and any(
            re.search(rf"\b{name}\b", found["line"]) and _is_quotient(value)
            for name, value in _named_values(node)
        )
    ]
    return found | ({AT: str(made[0].lineno)} if made else {})


def _makes_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    name = getattr(node, "attr", getattr(node, "id", ""))
    return isinstance(node, ast.Div) or name in ("float", "floor", "ceil", "divide", "mean", "sqrt")


def _named_values(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that an assignment gives values to, each with its own."""
    target, value = node.targets[0], node.value
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=False))
    yield from ((left.id, right) for left, right in pairs if isinstance(left, ast.Name))


def _is_quotient(value: ast.expr) -> bool:
    """Return whether a value is a division by /, with what is added to it, and not made whole."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)):
        value = value.left if not isinstance(value.left, ast.Constant) else value.right
    return isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div)


def tuple_in_arithmetic(evidence: Evidence) -> Found:
    """Find a tuple that is used as a number, and not put together with what is no tuple."""
    found = first_that_says("TypeError", TUPLE_USED)(evidence)
    line = found["line"] if found else ""
    if "'tuple'" in (found or {}).get("words", "") or not found:
        has_tuple = bool(found)
    else:
        # Of a sequence Python does not say which kind it is.
        has_tuple = "shape" in line and not re.search(r"\[[^\[\]]*\]\s*\*", line)
    joined = re.search(r"shape\s*\[[^\]]*:|\(\s*[\w.\[\]]+\s*,[^()]*\)\s*\+|\+\s*\([^()]*,", line)
    if not found or not has_tuple or joined:
        return None
    return {key: value for key, value in found.items() if key != "words"}


TUPLE_USED = (
    r"(?P<words>can't multiply sequence by non-int of type|for [-+*/]+: '[\w.]+' and 'tuple'"
    r"|for [-+*/]+: 'tuple' and '[\w.]+'|can only concatenate tuple)"
)


LOOKED_UP = re.compile(r"\b(\w+)\[['\"]([^'\"]*)['\"]\]")
"""A dictionary, and the key by which a line looks something up in it."""


def key_of_hyperparameters(evidence: Evidence) -> Found:
    """Find a key that the failing line looks up in hparameters, and in no other dictionary."""
    found = first_that_says("KeyError", rf"^'?(?!{KEYS})(?P<key>[^']*)'?$", r"(param|hp)\w*\s*\[")(
        evidence
    )
    line = found["line"] if found else ""
    looked_up = LOOKED_UP.findall(line)
    named = [name for name, key in looked_up if found and key == found["key"]]
    if named and not any(HYPERPARAMETERS.fullmatch(each) for each in named):
        return None
    return found


def endless_recursion(evidence: Evidence) -> Found:
    """Find the function that calls itself: the exercise, or a helper of the student's own."""
    found = first_that_says("RecursionError", r"recursion")(evidence)
    if not found:
        return None
    texts = {name: ast.unparse(node) for name, node in helpers_of(evidence).items()}
    if evidence.function is not None and evidence.source:
        texts[evidence.function.name] = evidence.source
    by_itself = [name for name, text in texts.items() if _calls(text, name)]
    # Where the text is not known, the line that failed is in the function that is called too often.
    names = by_itself or [each.function for each in evidence.failures if not texts]
    names = list(dict.fromkeys(names))
    return {"name": names[0]} if len(names) == 1 else None


def _calls(text: str, name: str) -> bool:
    tree = parsed(text)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
    return any(isinstance(func, ast.Name) and func.id == name for func in calls)


def own_assert(evidence: Evidence) -> Found:
    return first_that_says("AssertionError", "", r"^assert\b")(evidence)


def own_refusal(evidence: Evidence) -> Found:
    """Find an exception that the student's own `raise` has raised."""
    return first_that_says(r"\w+", "", r"(^|:\s*)raise\b")(evidence)


OF_LOOP = re.compile(r"\bfor [\w\s,()]{1,60} in\b")
PYTHONS_OWN = re.compile(r"(?<![\w.])(?P<name>max|min|any|all|sorted|abs|round)\s*\(")


def truth_of_an_array(evidence: Evidence) -> Found:
    """Find a comparison of single numbers that is given arrays, and who makes it."""
    words = r"[Tt]ruth value of an array with more than one element is ambiguous"
    found = first_that_says("ValueError", words)(evidence)
    own = PYTHONS_OWN.search(found["line"]) if found else None
    # The `in` of a loop or a comprehension asks nothing.
    asked = OF_LOOP.sub("", found["line"]) if found else ""
    condition = re.search(r"\b(if|elif|while|and|or|not|in)\b", asked)
    if own and found:
        what = EITHER if condition else OWN_FUNCTION
        return found | {"what": what.format(name=own["name"])}
    return found | {"what": ONE_CONDITION} if found else None


OWN_FUNCTION = Text(
    "Python's own `{name}` works on whole arrays or rows, not on single numbers",
    "Python 自带的 `{name}` 处理的是整个数组或整行，而不是一个个数",
)
EITHER = Text(
    "neither a condition nor Python's own `{name}` works number by number",
    "无论是条件，还是 Python 自带的 `{name}`，都不会逐个数判断",
)
ONE_CONDITION = Text(
    "a condition is one True or False, but here it is a whole array of them",
    "条件只能是一个 True 或 False，而这里是整个数组",
)

METHODS = "item|sum|max|min|mean|copy|flatten|ravel|transpose|reshape|any|all|argmax|squeeze|values"


def method_not_called(evidence: Evidence) -> Found:
    """Find a method that is used without its brackets, so that it is not called."""
    words = r"builtin_function_or_method|'method'|'function'|bound method"
    return first_that_says(
        "TypeError|ValueError|AttributeError",
        words,
        rf"(?P<code>[\w.\])]+\.(?P<name>{METHODS}))\b(?!\s*\()",
    )(evidence)


def shape_as_arguments(evidence: Evidence) -> Found:
    """Find np.zeros(a, b), where the shape is one argument."""
    words = r"[Cc]annot interpret .* as a data type|data type .* not understood|takes .* positional"
    source = (
        r"(?P<code>\b(?:np|numpy)\.(?P<name>zeros|ones|empty|full)\s*"
        r"\((?!\s*[(\[])[^()]*,(?![^()]*['\"]|[^()]*\bdtype\b)[^()]*\))"
    )
    return first_that_says("TypeError", words, source)(evidence)


def parameters(evidence: Evidence) -> Found:
    """Find a number of parameters other than the task's, or the task's in another order."""
    if evidence.function is None or not evidence.parameters or not evidence.failed:
        return None
    arguments = evidence.function.args
    own = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    asked = len(evidence.parameters)
    fits = len(own) - len(arguments.defaults) <= asked <= len(own) or arguments.vararg
    moved = tuple(own) != evidence.parameters and sorted(own) == sorted(evidence.parameters)
    if fits and not moved and not any(d is None for d in arguments.kw_defaults):
        return None
    return {
        "own": ", ".join(own),
        "task": ", ".join(evidence.parameters),
        AT: str(evidence.function.lineno),
    }


def arguments_of_another(evidence: Evidence) -> Found:
    if parameters(evidence):
        return None
    words = r"(?P<name>\w+)\(\) (?:missing \d+ required|takes .* positional argument)"
    found = first_that_says("TypeError", words)(evidence)
    if found:
        return found if found["name"] != "pad" else None
    return _arguments_of_helper(evidence)


def _arguments_of_helper(evidence: Evidence) -> Found:
    """Find a call of an earlier function with another number of arguments than it takes."""
    inner = {node.name for node in evidence.nodes if isinstance(node, ast.FunctionDef)}
    for node in evidence.nodes:
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name in (*evidence.helpers, *inner):
            # The student's own function of that name has parameters of its own.
            continue
        if name in HELPERS and isinstance(node, ast.Call) and evidence.failures:
            starred = any(isinstance(argument, ast.Starred) for argument in node.args)
            starred = starred or any(keyword.arg is None for keyword in node.keywords)
            if not starred and len(node.args) + len(node.keywords) != len(HELPERS[name]):
                return {"name": name, AT: str(node.lineno)}
    return None


_pieces_differ = first_that_says(
    "ValueError",
    r"along dimension (?P<axis>\d+), the array at index \d+ has size (?P<one>\d+) and the "
    r"array at index \d+ has size (?P<other>\d+)",
)


def pieces_differ(evidence: Evidence) -> Found:
    """Find pieces that can't be joined, and the lines that make the pieces of zeros among them."""
    found = _pieces_differ(evidence)
    line = found and next(
        (f.line for f in evidence.failures if f.source.strip() == found["line"]), 0
    )
    if not found or not line:
        return found
    stopped = line - evidence.first_line + 1
    statements = [n for n in evidence.nodes if isinstance(n, ast.Assign)]
    joined = [n for n in evidence.nodes if isinstance(n, ast.stmt) and n.lineno == stopped]
    leaves = [leaf for node in joined for leaf in ast.walk(node)]
    names = {leaf.id for leaf in leaves if isinstance(leaf, ast.Name)}
    zeros = [
        node.lineno
        for node in statements
        if node.lineno < stopped
        and {ast.unparse(target) for target in node.targets} & names
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).rpartition(".")[2] in ("zeros", "ones", "full", "empty")
    ]
    # Of several pieces any may be the one whose size is wrong.
    return {**found, AT: f"{zeros[0]} {stopped}"} if len(zeros) == 1 else found


def like_an_exercise(name: str, functions: tuple[str, ...]) -> str:
    """Return the function that is probably meant to be the exercise `name`, "" where none is."""
    plain = {re.sub(r"[\W_]+", "", own).lower(): own for own in functions}
    wanted = re.sub(r"[\W_]+", "", name).lower()
    close = difflib.get_close_matches(wanted, plain, 1, cutoff=0.84)
    return plain[close[0]] if close else ""
