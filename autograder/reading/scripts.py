"""Code in files that other tools write: marimo's notebooks, nbconvert's scripts, Markdown."""

import ast
import re
import textwrap

from autograder.reading.student_code import parse

_DEFINITION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(", re.MULTILINE)
_NBCONVERT = re.compile(r"^# In\[[ \d]{0,12}\]:", re.MULTILINE)
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
_PYTHON = re.compile(r"\{?\.?(?:i?python3?|py|code-cell)\b", re.IGNORECASE)
_OPTION = re.compile(r":[\w-]+:")
_MARIMO = re.compile(r"^(?:import marimo\b|from marimo import)", re.MULTILINE)


def looks_like_python(text: str) -> bool:
    """Return whether text under any name is code: it defines a function, or nbconvert wrote it."""
    start = text[:200_000]
    if start.lstrip()[:1] in ("{", "<"):
        return False
    return bool(_DEFINITION.search(start) or _NBCONVERT.search(start))


def code_of_markdown(text: str) -> str:
    """Return the code in the fences of Markdown, line for line; text without any as it is."""
    lines = text.split("\n")
    kept = [""] * len(lines)
    opened: re.Match[str] | None = None
    start, found = 0, False
    # A fence that is not closed ends with the text.
    for number, line in enumerate([*lines, None]):
        fence = _FENCE.fullmatch(line.rstrip()) if line is not None else None
        if opened is None:
            if fence is not None:
                opened, start = fence, number + 1
        elif line is None or _closes(opened, fence):
            if _PYTHON.match(opened["info"]):
                found = True
                first = _after_options(lines, start, number)
                kept[first:number] = lines[first:number]
            opened = None
    return "\n".join(kept) if found else text


def _closes(opened: re.Match[str], fence: re.Match[str] | None) -> bool:
    return fence is not None and not fence["info"] and fence["fence"].startswith(opened["fence"])


def _after_options(lines: list[str], start: int, end: int) -> int:
    """Return where a cell's code begins: MyST puts options before it, `:tags: [a]` or YAML."""
    if start < end and lines[start] == "---" and "---" in lines[start + 1 : end]:
        return lines.index("---", start + 1) + 1
    while start < end and _OPTION.match(lines[start]):
        start += 1
    return start


def plain_script(text: str) -> str:
    """Return a .py file's code at the top level, line for line, out of marimo's cells.

    marimo puts each cell into a function of its own, which ends by returning what it defined. Any
    other file is returned as it is.
    """
    if not _MARIMO.search(text):
        return text
    tree = parse(text)
    app = _app_name(tree) if isinstance(tree, ast.Module) else None
    if app is None:
        return text
    lines = text.split("\n")
    kept = lines.copy()
    for node in tree.body:
        _unfold(node, app, lines, kept)
    return "\n".join(kept)


def _app_name(tree: ast.Module) -> str | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and _is_attribute(node.value, "App"):
            target = node.targets[0]
            return target.id if isinstance(target, ast.Name) else None
    return None


def _is_attribute(node: ast.AST, *names: str) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return isinstance(called, ast.Attribute) and called.attr in names


def _unfold(node: ast.stmt, app: str, lines: list[str], kept: list[str]) -> None:
    """Replace the lines of one statement of a marimo file by what a notebook's cell would hold."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    last = node.end_lineno or node.lineno

    def blank(start: int, end: int) -> None:
        kept[start - 1 : end] = [""] * (end - start + 1)

    decorators = getattr(node, "decorator_list", [])
    if any(_is_attribute(d, "function", "class_definition") for d in decorators):
        blank(first, node.lineno - 1)
    elif isinstance(node, ast.FunctionDef) and any(_is_attribute(d, "cell") for d in decorators):
        returns = isinstance(node.body[-1], ast.Return)
        body = node.body[:-1] if returns else node.body
        blank(first, last)
        if body:
            _dedent(body, lines, kept)
    elif isinstance(node, ast.With) and _is_attribute(node.items[0].context_expr, "setup"):
        blank(first, last)
        _dedent(node.body, lines, kept)
    elif isinstance(node, ast.Expr) and _is_attribute(node.value, "_unparsable_cell"):
        blank(first, last)
        _unparsable(node, kept)
    elif _MARIMO.match(lines[first - 1]) or app in {
        leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)
    }:
        blank(first, last)  # the app itself


def _dedent(body: list[ast.stmt], lines: list[str], kept: list[str]) -> None:
    first = min([body[0].lineno, *(d.lineno for d in getattr(body[0], "decorator_list", []))])
    last = body[-1].end_lineno or body[-1].lineno
    block = textwrap.dedent("\n".join(lines[first - 1 : last])).split("\n")
    kept[first - 1 : last] = block


def _unparsable(node: ast.Expr, kept: list[str]) -> None:
    """Keep the text of a cell that marimo could not parse, as far as its lines have room."""
    call = node.value
    argument = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        block = textwrap.dedent(argument.value.strip("\n")).split("\n")
        room = (node.end_lineno or node.lineno) - node.lineno + 1
        if len(block) <= room:
            start = node.lineno - 1
            kept[start : start + len(block)] = block
