"""Regular expressions that meet a student's text: none takes more than its length to be applied."""

import ast
import importlib
import itertools
import re
import time
from pathlib import Path

import pytest

from autograder import safe_text
from autograder.reading.plain_spaces import plain_spaces
from autograder.reading.scripts import looks_like_python, plain_script
from autograder.reading.student_code import definitions, python_of, runnable_parts
from autograder.reading.submissions import read_submission
from checks.assignments import ASSIGNMENTS
from checks.student_source import has_placeholder, plain_code
from solutions.catalogue import load

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    *sorted((ROOT / "autograder" / "reading").glob("*.py")),
    *sorted((ROOT / "autograder" / "collecting").glob("*.py")),
    ROOT / "autograder" / "safe_text.py",
    ROOT / "autograder" / "recording" / "graded_notebook.py",
    *sorted((ROOT / "checks").glob("*.py")),
    *sorted((ROOT / "checks" / "rules").rglob("*.py")),
    *sorted((ROOT / "checks" / "lines").glob("*.py")),
    *sorted((ROOT / "checks" / "session").glob("*.py")),
    *sorted((ROOT / "autograder" / "repairing").glob("*.py")),
    *sorted((ROOT / "autograder" / "grading").glob("*.py")),
    ROOT / "autograder" / "sandbox" / "inside" / "shell.py",
)
SMALL, LARGE = 250, 4_000
# Of linear work 16, of quadratic 256.
MOST_TIMES = 64
UNMEASURED = 0.005
"""CPU seconds that are no measure yet."""

ATOMS = (" ", "\n", "a", "def ", "#", "'", '"', "\\", "%", "=", "?", ".", "-1", "(", "\x1b[")
ATOMS += ("\u00a0", "# START CODE HERE", "_1_")


CALLS = {
    f"re.{name}"
    for name in ("compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub")
}
ANCHORED = {"match", "fullmatch"}
MADE_LATER = set()
"""Patterns that only a run makes, of the catalogue's words or of names in the code."""


def patterns():
    """Yield (place, pattern) for each expression in the files, wherever it stands."""
    for path in FILES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        known = vars(module) | {"name": "zero_pad", "names": ("zero_pad", "conv_forward")}
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func) in CALLS
            ):
                continue
            flags = [k.value for k in node.keywords if k.arg == "flags"]
            if node.func.attr == "compile":
                flags += node.args[1:]
            elif node.func.attr in ("search", "match", "fullmatch", "findall", "split"):
                flags += node.args[2:]
            try:
                text = eval(compile(ast.Expression(node.args[0]), "x", "eval"), known)
            except NameError:
                MADE_LATER.add(ast.unparse(node.args[0]))
                continue
            flag = eval(compile(ast.Expression(flags[0]), "x", "eval"), known) if flags else 0
            yield f"{name}:{node.lineno}", re.compile(text, flag), how(node, tree, path)


def how(call, tree, path):
    """Return how a pattern meets a text: from its start alone, or wherever it is found."""
    if call.func.attr in ANCHORED:
        return call.func.attr
    names = [
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.value is call
    ]
    uses = {
        use for name in names for use in re.findall(rf"\b{name}\.(\w+)\(", path.read_text("utf-8"))
    }
    return uses.pop() if len(uses) == 1 and uses <= ANCHORED else "finditer"


def of_catalogue():
    """Yield the patterns by which the catalogues tell mistakes apart, and how they are used."""
    found = set()
    for assignment in ASSIGNMENTS:
        for misconception in load(assignment).misconceptions:
            found |= {(misconception.code, "search")}
            if failure := misconception.failure:
                found |= {(failure.type, "fullmatch"), (failure.message, "search")}
                found |= {(failure.source, "search")}
    for pattern, method in sorted(found):
        if pattern:
            yield "catalogue", re.compile(pattern), method


def text(a, b, size):
    """Return about `size` characters of the kind on which patterns go back and forth."""
    return a + b * (size // len(b)) + "!"


TEXTS = [text(a, b, LARGE) for a, b in itertools.product(("", *ATOMS), ATOMS)]


def cpu(action):
    """Return the CPU seconds of an action: the machine may be busy."""
    began = time.process_time()
    action()
    return time.process_time() - began


def is_linear(action):
    """Return whether ``action(size)`` grows no faster than its size, with much room."""
    large = cpu(lambda: action(LARGE))
    if large < UNMEASURED:
        return True
    # Once more, and the small one three times, only where once leaves a doubt.
    if large <= MOST_TIMES * max(cpu(lambda: action(SMALL)), UNMEASURED / 16):
        return True
    small = min(cpu(lambda: action(SMALL)) for _ in range(3))
    return min(large, cpu(lambda: action(LARGE))) <= MOST_TIMES * max(small, UNMEASURED / 16)


@pytest.mark.parametrize(("place", "pattern", "method"), [*patterns(), *of_catalogue()])
def test_pattern_is_linear(place, pattern, method):
    """Does a pattern take time in proportion to the text, on all pairs of what it may meet?"""
    for large in TEXTS:

        def search(size, large=large):
            found = getattr(pattern, method)(large, 0, size)
            for _ in found if method == "finditer" else ():
                pass

        assert is_linear(search), f"{place}: {pattern.pattern!r} on {large[:20]!r}…"


def test_what_is_made_later():
    """Are all patterns measured but those made of our own words, or of names that were read?"""
    ours = {"f'[{language.letters}]'", "cause.code", "self.message", "self.source", "self.type"}
    ours |= {"callee", "functions", "source", "type_", "words"}
    assert MADE_LATER - ours == {"starts"}


def test_the_measure_finds_a_quadratic_pattern():
    """Would the old pattern for magics, which goes back over blanks, be found?"""
    old = re.compile(r"^([ \t]*[\w, ]+=[ \t]*)[%!].*$", re.MULTILINE)
    assert not is_linear(lambda size: old.search(" " * size))


READERS = {
    "python_of": python_of,
    "plain_spaces": plain_spaces,
    "plain_script": plain_script,
    "looks_like_python": looks_like_python,
    "plain_text": safe_text.plain_text,
    "shown_code": safe_text.shown_code,
    "definitions": lambda text: definitions([text], ("zero_pad", "conv_forward")),
    "runnable_parts": lambda text: runnable_parts(text, ("zero_pad", "conv_forward")),
    "has_placeholder": has_placeholder,
    "plain_code": plain_code,
}
FUNCTION = "def zero_pad(X, pad):\n    return X\n"
AROUND = ("{}", FUNCTION + "{}", "def zero_pad(X, pad:\n{}", "%magic\n{}", "x = '''{}")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(
    "atom", [" ", "\t", "a ", "a=", "\n", "\u00a0", "#\n", "'", "(", "# START CODE HERE\n"]
)
def test_reader_is_linear(reader, around, atom):
    """Does each step of reading take time in proportion to the text?"""
    assert is_linear(lambda size: READERS[reader](around.format(atom * (size // len(atom)))))


@pytest.mark.parametrize("atom", [" ", "\u00a0", "\t", "a, ", "? "])
def test_a_long_line_beside_right_functions(tmp_path, atom):
    """Is the function found beside a line of 190,000 blanks, for little CPU?"""
    path = tmp_path / "x.py"
    path.write_text(FUNCTION + "!ls\n" + atom * (190_000 // len(atom)) + "\n", "utf-8")
    found = []
    used = cpu(lambda: found.append(read_submission(path)))
    used += cpu(lambda: definitions([found[0].cells[0].source], ("zero_pad",)))
    assert used < 20
    assert "zero_pad" in definitions([found[0].cells[0].source], ("zero_pad",))
