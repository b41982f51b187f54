"""Which way imports run, and how large the parts may be."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from checks.assignments import ASSIGNMENTS

ROOT = Path(__file__).resolve().parent.parent

CONTENT = {
    "checks": 0,
    "public_tests": 1,
    "plots": 2,
    "course_plots": 3,
    "course_training": 3,
    "solutions": 4,
    "autograder": 5,
}
"""checks <- solutions <- autograder; what students import stands below the solutions."""

ENGINE = {
    "files": 0,
    "safe_text": 0,
    "sayings": 0,
    "scheme": 0,
    "spool": 0,
    "texts": 0,
    "course": 1,
    "model": 1,
    "status": 0,
    "course_lock": 2,
    "reading": 2,
    "sandbox": 2,
    "nbgrader_steps": 2,
    "receipts": 3,
    "early_start": 3,
    "grading": 4,
    "pages": 4,
    "recording": 5,
    "repairing": 5,
    "late_start": 6,
    "run_class": 7,
    "collecting": 8,
    "desk": 9,
    "verify": 8,
    "cluster": 8,
    "watching": 8,
    "building": 8,
    "__main__": 10,
}
"""Inside autograder: a higher module may import a lower one, never the other way or sideways."""

MOST_LINES, MOST_IN_A_FUNCTION, MOST_IN_A_FOLDER, MOST_UNTYPED = 400, 60, 20, 30
LARGE = ("autograder", "checks", "plots")

CALLED_BY_OTHERS = {
    "clear_output": "IPython.display",
    "create_module": "importlib",
}
"""Functions that a library calls by their names, and which; beside visit_* and __names__."""


def _files(*folders: str) -> list[Path]:
    """The Python files of the repository's folders, without tests."""
    found = (path for name in folders for path in (ROOT / name).rglob("*.py"))
    return sorted(path for path in found if "tests" not in path.relative_to(ROOT).parts)


def _imports(path: Path) -> Iterator[str]:
    """Yield the full names of all modules that a file imports, inside functions too."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*start, *filter(None, [node.module])))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _against(path: Path, levels: dict[str, int], place: int) -> Iterator[str]:
    """Yield "file imports module" for each import of a part that does not stand below."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    own = parts[place] if len(parts) > place else "__init__"
    for name in _imports(path):
        other = name.split(".")
        if other[:place] != list(parts[:place]) or len(other) <= place or other[place] == own:
            continue
        if other[place] in levels and levels[other[place]] >= levels.get(own, 0):
            yield f"{'/'.join(parts)}.py imports {name}"


def test_arrows_of_the_course():
    """Does no import run against checks <- solutions <- autograder?"""
    files = [*_files("checks", "plots", "solutions", "autograder"), *sorted(ROOT.glob("*.py"))]
    files = [path for path in files if path.relative_to(ROOT).parts[0] in CONTENT]
    assert [line for path in files for line in _against(path, CONTENT, 0)] == []


def test_arrows_of_the_engine():
    """Does no part of autograder import one that stands above or beside it?"""
    files = [path for path in _files("autograder") if path.name != "__init__.py"]
    assert {path.relative_to(ROOT).parts[1].removesuffix(".py") for path in files} == set(ENGINE)
    assert [line for path in files for line in _against(path, ENGINE, 1)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from autograder.pages import report", True),
        ("def f():\n    import autograder.recording.gradebook", True),
        ("from ..grading import pool", True),
        ("from autograder.model import Verdict", False),
        ("from autograder.reading import similarity", False),
    ],
)
def test_arrows_are_found(tmp_path, monkeypatch, text, found):
    """Is an import that runs upwards named, whatever its form?"""
    monkeypatch.setattr("tests.test_house.ROOT", tmp_path)
    path = tmp_path / "autograder" / "reading" / "x.py"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    lines = list(_against(path, ENGINE, 1))
    assert bool(lines) == found
    assert all(line.startswith("autograder/reading/x.py imports autograder.") for line in lines)


def test_sizes():
    """Is no module longer than 400 lines, no function longer than 60, no folder fuller than 20?"""
    large = []
    for path in _files(*LARGE):
        name, text = path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        if text.count("\n") > MOST_LINES:
            large.append(f"{name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > MOST_IN_A_FUNCTION:
                    large.append(f"{name}: {node.name} has {length} lines")
    folders = {path.parent for path in _files(*LARGE)}
    large += [
        f"{folder.relative_to(ROOT).as_posix()}: more than {MOST_IN_A_FOLDER} modules"
        for folder in folders
        if len(list(folder.glob("*.py"))) - (folder / "__init__.py").exists() > MOST_IN_A_FOLDER
    ]
    assert large == []


def test_untyped_mappings():
    """Are at most 30 mappings of anything left in the engine, for notebooks, JSON and the like?"""
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}"
        for path in _files("autograder")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\b(dict|Mapping)\[str, Any\]", line)
    ]
    assert len(found) <= MOST_UNTYPED, found


def _defaults(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield (name, default) of every parameter in a module that has one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            own = [*node.posonlyargs, *node.args]
            pairs = [*zip(own[::-1], node.defaults[::-1], strict=False)]
            pairs += [*zip(node.kwonlyargs, node.kw_defaults, strict=True)]
            yield from ((each.arg, value) for each, value in pairs if value is not None)


def test_no_language_by_default():
    """Does every function of the engine that writes in a language have to be given it?"""
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{value.lineno}"
        for path in _files("autograder")
        for name, value in _defaults(ast.parse(path.read_text("utf-8")))
        if name == "language" and ast.unparse(value) != "None"
    ]
    assert found == []


def _words() -> Counter[str]:
    """Count the words of everything in the repository that may name a function, but for this."""
    kinds = {".py", ".md", ".toml", ".js", ".html", ".css", ".yml", ".json"}
    derived = {"build", "en", "zh", "findings", "node_modules"}
    words: Counter[str] = Counter()
    for folder in (path for path in ROOT.iterdir() if path.name not in derived):
        if folder.name.startswith("."):
            continue
        for path in folder.rglob("*") if folder.is_dir() else [folder]:
            parts = set(path.relative_to(ROOT).parts)
            if path.suffix in kinds and not parts & derived and path != Path(__file__):
                words.update(re.findall(r"\w+", path.read_text("utf-8")))
    return words


def test_every_function_is_named_elsewhere():
    """Does each function's and method's name occur beside its definition, as one in use does?"""
    words = _words()
    unused = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
        for path in _files(*LARGE)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and words[node.name] < 2
        and node.name not in CALLED_BY_OTHERS
        and not re.fullmatch(r"visit_\w+|__\w+__", node.name)
    ]
    assert unused == []


def test_what_students_receive_is_listed_once():
    """Does one list, in one module, name the modules that students receive?"""
    holders = []
    for path in _files("autograder"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
                values = {one.value for one in node.elts if isinstance(one, ast.Constant)}
                if {"public_tests.py", "checks"} <= values:
                    holders.append(path.relative_to(ROOT).as_posix())
    assert holders == ["autograder/course.py"]


def _constants(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every name and every string in a module but its docstrings."""
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value
        for field in ("id", "attr", "arg", "name"):
            if isinstance(text := getattr(node, field, None), str):
                yield getattr(node, "lineno", 0), text


def _named_content(path: Path) -> Iterator[str]:
    """Yield where a module names an assignment or exercise, but for names that NumPy has, too."""
    names = {e.name for a in ASSIGNMENTS.values() for e in a.exercises} | {*ASSIGNMENTS}
    words = "|".join(sorted(name for name in names if not hasattr(np.ndarray, name)))
    for line, text in _constants(ast.parse(path.read_text("utf-8"))):
        for found in re.findall(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", text):
            yield f"{path.relative_to(ROOT).as_posix()}:{line} {found}"


def test_content_stands_with_its_assignment():
    """Does no module of checks or autograder but the assignments' own name one of them?"""
    files = [*_files("checks", "autograder"), ROOT / "public_tests.py"]
    general = [path for path in files if "assignments" not in path.parts]
    assert [line for path in general for line in _named_content(path)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('HELPERS = {"zero_pad": 2}', True),
        ('MESSAGE = "conv_single_step is given b"', True),
        ("def conv_forward_test_1(mean): pass", True),
        ('"""Check zero_pad, as an example."""', False),
        ('METHODS = "copy|flatten|ravel"', False),
    ],
)
def test_content_in_a_general_module_is_found(tmp_path, monkeypatch, text, found):
    """Is an exercise named in a table, a message or a function found, and in prose let be?"""
    monkeypatch.setattr("tests.test_house.ROOT", tmp_path)
    path = tmp_path / "rules.py"
    path.write_text(text)
    assert bool(list(_named_content(path))) == found
