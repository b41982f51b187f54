"""What the commands of the engine print to a person: a text in each language, never an English one.

Sentences are found in the syntax trees, so that a new message in English alone is named here.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HELP = ("add_parser", "add_argument", "ArgumentParser", "ArgumentTypeError")
"""Calls whose sentences argparse prints, which speaks English throughout."""

SAY = ("print", "say", "_say", "tell", "_tell", "_complain", "info", "warning", "error")
"""Functions and methods that print what they are given."""

# Four words, or two that begin a text: less is a name, a key or a column.
SENTENCE = re.compile(r"[A-Za-z']{2,},? (?:[a-z']+,? )+[a-z]{2,}|^[a-z]{3,} [a-z]{2,}")
COMMAND = re.compile(r"(?:auto|nb)grader [a-z_]+ ?")
CODE = re.compile(r"\s*(?:SELECT|INSERT|import|from|def) |share AS |\^|# ?")

INSIDE = "says how code behaved or how two of our processes failed to talk, not what to do"
OF_DATABASES = "is looked for in what a database says"
NEVER_SHOWN = "is caught, and decides alone"

ALLOWED = {
    "autograder/sandbox/inside/": INSIDE,
    "autograder/sandbox/protocol.py": INSIDE,
    "autograder/sandbox/outside/stub_answers.py": INSIDE,
    "autograder/sandbox/outside/group_run.py": INSIDE,
    "autograder/sandbox/outside/session.py": INSIDE,
    "autograder/sandbox/outside/client.py": "is a fault of who calls it",
    "autograder/sandbox/outside/runner.py": "is the name of a way to run",
    "autograder/sandbox/jobs.py": "is the name of a way to run",
    "autograder/recording/database.py": OF_DATABASES,
    "autograder/pages/comments.py": NEVER_SHOWN,
    "autograder/repairing/code.py": NEVER_SHOWN,
    "autograder/grading/helpers.py": NEVER_SHOWN,
    "autograder/model.py": NEVER_SHOWN,
    "autograder/reading/student_code.py": "stands for what Python says of code",
    "autograder/safe_text.py": "is a fault of who calls it; or a comment in a student's code",
    "autograder/collecting/people.py": "is a column of Canvas",
    "autograder/course_lock.py": "is what a lock's file holds, in English in every course",
    "autograder/building/demo.py": "is a comment in settings, or the name of a verdict's field",
    "autograder/recording/late_percent.py": "is nbgrader's help",
    "autograder/recording/nbgrader_steps.py": "is the line of nbgrader's own export",
}
"""Where English sentences stand that are not for who runs a command, and why."""


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def _within(nodes: Iterable[ast.AST]) -> set[int]:
    return {id(each) for node in nodes for each in ast.walk(node)}


def _sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the sentences in a module that are neither texts nor prose about it."""
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    others = _within(call for call in calls if _name(call) in ("Text", *HELP))
    others |= _within(node for node in nodes if isinstance(node, ast.Expr) and _is_text(node.value))
    for node in nodes:
        if _is_text(node) and id(node) not in others:
            plain = COMMAND.sub("", node.value)
            if SENTENCE.search(plain) and not CODE.match(plain):
                yield node.lineno, node.value


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the words that a call prints as they stand there."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call) in SAY:
            for text in (text for argument in call.args for text in _parts(argument)):
                if re.search("[A-Za-z]{2}", re.sub(r"\{[^}]*\}|autograder:", "", text)):
                    yield call.lineno, text


def _parts(node: ast.expr) -> Iterator[str]:
    """Yield the strings that an expression puts together; those in calls belong to the calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.FormattedValue)):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and child is not getattr(node, "format_spec", None):
                yield from _parts(child)


def _raised(tree: ast.AST, errors: set[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, code) where an error for a person is given a string in place of a text."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call) in errors and call.args:
            message = call.args[0]
            is_string = isinstance(message, (ast.JoinedStr, ast.BinOp)) or _is_text(message)
            if is_string or (isinstance(message, ast.Call) and _name(message) in ("str", "repr")):
                yield call.lineno, ast.unparse(call)


def _errors(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names of TextError and of all that derive from it."""
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    bases = {node.name: {getattr(base, "id", "") for base in node.bases} for node in nodes}
    found = {"TextError"}
    while more := {name for name, own in bases.items() if own & found} - found:
        found |= more
    return found


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """The modules of the engine by their path."""
    files = sorted((ROOT / "autograder").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in files}


def _allowing(path: str) -> str | None:
    return next((place for place in ALLOWED if path.startswith(place)), None)


def test_sentences_are_texts(trees):
    """Is every sentence a Text, but for those that no person is told, and is no exception idle?"""
    found = {path: list(_sentences(tree)) for path, tree in trees.items()}
    alone = [f"{p}:{n} {text!r}" for p, told in found.items() for n, text in told]
    assert [line for line in alone if _allowing(line) is None] == []
    assert {_allowing(path) for path, told in found.items() if told} == set(ALLOWED)


def test_words_that_are_printed_are_texts(trees):
    """Does no call print a word of a language that stands in it?"""
    said = [f"{path}:{line} {text!r}" for path, tree in trees.items() for line, text in _said(tree)]
    ours = [line for line in said if not line.startswith("autograder/sandbox/")]
    assert [line for line in ours if "Exporting grades to" not in line] == []


def test_errors_are_texts(trees):
    """Is every error that a person is told of made of a Text?"""
    errors = _errors(trees.values())
    assert {"CourseError", "GradebookError", "SandboxError", "Refused", "SourceError"} <= errors
    found = [(path, *each) for path, tree in trees.items() for each in _raised(tree, errors)]
    assert found == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise CourseError(f"{path} is missing")', _raised),
        ("raise CourseError(str(error))", _raised),
        ('raise CourseError("no " + name)', _raised),
        ('print(f"table: {path}")', _said),
        ('self.say("stopped" if ended else "")', _said),
        ('print("removed", line)', _said),
        ('yield f"{name}: not graded yet, or gone"', _sentences),
        ('NOTE = "this id is not in the roster"', _sentences),
    ],
)
def test_english_is_found(code, found):
    """Is a sentence in English alone found, whatever says it?"""
    tree = ast.parse(code)
    assert list(found(tree, {"CourseError"}) if found is _raised else found(tree))


@pytest.mark.parametrize(
    "code",
    [
        'NOTE = Text("this id is not in the roster", "名单中没有这个 id")',
        "print(NOTE.format(name='a').in_(language))",
        'print(f"{head:8} {line}")',
        'raise CourseError(NOTE.format(name="--feedback"))',
        'parser.add_argument("--jobs", help="how many workers there are")',
    ],
)
def test_a_text_is_not_found(code):
    """Are texts, names and argparse's help let be?"""
    tree = ast.parse(code)
    assert [*_sentences(tree), *_said(tree), *_raised(tree, {"CourseError"})] == []
