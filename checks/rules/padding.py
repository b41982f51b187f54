"""A rule on what np.pad does not take, shown by an exception."""

import ast

from checks.evidence import Evidence, Found, first_that_says
from checks.text import Text


def pad_call(evidence: Evidence) -> Found:
    """Find what np.pad does not take."""
    inner = {node.name for node in evidence.nodes if isinstance(node, ast.FunctionDef)}
    own = "pad" in (*evidence.helpers, *inner)
    for type_, words, what in PAD_WORDS:
        # A function of the student's own may have the same name.
        called = r"\b(np|numpy)\.pad\s*\(" if own else r"\bpad\s*\("
        found = first_that_says(type_, words, called)(evidence)
        if found:
            values = {key: str(value) for key, value in found.items()}
            return {"what": what.format(**values)}
    return None


PAD_WORDS = (
    (
        "ValueError",
        r"unsupported keyword arguments for mode .*: \{'(?P<name>\w+)'",
        Text("it has no argument `{name}`", "它没有名为 `{name}` 的参数"),
    ),
    (
        "TypeError",
        r"unexpected keyword argument '(?P<name>\w+)'",
        Text("it has no argument `{name}`", "它没有名为 `{name}` 的参数"),
    ),
    (
        "ValueError",
        r"mode '(?P<name>.*)' is not supported",
        Text("`{name}` is none of its modes", "它不支持 `{name}` 这种 mode"),
    ),
    (
        "ValueError",
        r"remapped shapes .*: \(\d+,\)\s+and requested shape",
        Text("it wants one pair (before, after) for each axis", "每个轴都需要一对数 (前, 后)"),
    ),
    (
        "ValueError",
        r"inhomogeneous shape",
        Text(
            "it wants one pair (before, after) for each axis, and nothing else",
            "每个轴都需要一对数 (前, 后)，不能混入其他内容",
        ),
    ),
    (
        "TypeError",
        r"`?pad_width`? must be of integral type",
        Text(
            "its widths must be whole numbers, and no `...` or None may be left in it",
            "宽度必须是整数，里面不能还留着 `...` 或 None",
        ),
    ),
    (
        "TypeError",
        r"\bpad\(\) (takes|missing|got multiple values)",
        Text(
            "the widths of all axes belong in one pair of brackets",
            "所有轴的宽度要放在同一对括号里",
        ),
    ),
)
