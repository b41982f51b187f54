"""Whether anything in a submission's code outlives a call of one of its functions.

Where nothing does, a function can't tell whether others were called before it in its process. So
the answer may spare time, and never decides a mark: code that is taken for such and is not can
harm its own submission alone, and right answers to fresh inputs are right.
"""

import ast
import dis
import re
from collections.abc import Iterable, Iterator
from types import CodeType

from autograder.reading.student_code import parse

# Of these nothing that a function may call changes what another one sees.
MODULES = frozenset(
    {
        *("math", "itertools", "typing", "time", "copy", "numpy", "h5py", "matplotlib"),
        *("public_tests", "plots", "course_plots", "course_training"),
    }
)
# What reaches around the checks below, and settings of NumPy's that hold until they are changed.
NAMES = frozenset(
    {
        *("exec", "eval", "compile", "globals", "locals", "vars", "open", "input", "breakpoint"),
        *("setattr", "delattr", "getattr"),
        *("seterr", "seterrcall", "setbufsize", "set_printoptions"),
    }
)
HARMLESS_MAGIC = re.compile(
    r"^%(?:matplotlib|load_ext|reload_ext|autoreload|config)\b.*$", re.MULTILINE
)
_STORES = frozenset(
    dis.opmap[name] for name in ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "DELETE_ATTR")
)
_IMPORT = dis.opmap["IMPORT_NAME"]


def is_stateless(cells: Iterable[str]) -> bool:
    """Return whether code is of functions that keep nothing: no globals, no attributes, no files.

    Code that can't be read is not.
    """
    data: set[str] = set()
    read: set[str] = set()
    for source in cells:
        tree = parse(source)
        if not isinstance(tree, ast.Module):
            tree = parse(HARMLESS_MAGIC.sub("pass", source))
        if not isinstance(tree, ast.Module) or not all(map(_is_plain, tree.body)):
            return False
        try:
            whole, *functions = _codes(compile(tree, "<cell>", "exec"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        if _keeps_something(whole) or any(map(_keeps_something, functions)):
            return False
        if any(_IMPORT in code.co_code[::2] for code in functions):
            return False
        data |= _bound_to_data(tree)
        read.update(*(code.co_names for code in functions))
    return not data & read


def _is_plain(statement: ast.stmt) -> bool:
    """Return whether a statement at the top is no class, no odd import and no odd function."""
    if isinstance(statement, ast.FunctionDef):
        defaults = (*statement.args.defaults, *filter(None, statement.args.kw_defaults))
        return not statement.decorator_list and all(map(_is_constant, defaults))
    if isinstance(statement, ast.Import):
        return all(alias.name.partition(".")[0] in MODULES for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and (statement.module or "").partition(".")[0] in MODULES
    return not isinstance(statement, (ast.ClassDef, ast.AsyncFunctionDef))


def _is_constant(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp):
        return _is_constant(value.operand)
    return isinstance(value, ast.Constant)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _keeps_something(code: CodeType) -> bool:
    return (
        not _STORES.isdisjoint(code.co_code[::2])
        or not NAMES.isdisjoint(code.co_names)
        or any(name.startswith("__") for name in code.co_names)
    )


def _bound_to_data(tree: ast.Module) -> set[str]:
    """Return the names that statements at the top give to anything but functions and modules."""
    kept = (ast.FunctionDef, ast.Import, ast.ImportFrom)
    return {
        node.id
        for statement in tree.body
        if not isinstance(statement, kept)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
