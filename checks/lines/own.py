"""The statements of a student's function as the rules of names look at them."""

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from checks.evidence import Evidence
from checks.lines.statements import base_of, head_nodes, own_statements
from checks.rules.inlined import helpers_of
from checks.rules.trees import returned

OF_A_FUNCTION = ("reduce", "accumulate", "reduceat", "outer")
"""Methods of NumPy's functions: `np.minimum.reduce` takes minima."""


class Own:
    """The statements of a student's function, and what its names stand for."""

    def __init__(self, function: ast.FunctionDef, evidence: Evidence) -> None:
        self.pairs = list(own_statements(function))
        self.statements = [node for node, _ in self.pairs]
        self.calls = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and _is_call(n)]
        self.given = [each.arg for each in function.args.args]
        self.outputs = evidence.outputs
        self.helpers = helpers_of(evidence)
        self.loops = [n for n in ast.walk(function) if isinstance(n, (ast.For, ast.While))]

    @cached_property
    def counters(self) -> set[str]:
        """The names that the loops give a value to."""
        targets = [loop.target for loop in self.loops if isinstance(loop, ast.For)]
        return {leaf.id for t in targets for leaf in ast.walk(t) if isinstance(leaf, ast.Name)}

    def in_mode(self, mode: str) -> list[ast.stmt]:
        """Return what is run in one mode only; a line that is for both says what each does."""
        both = [
            node
            for node in self.statements
            for leaf in head_nodes(node)
            if isinstance(leaf, ast.IfExp) and "mode" in names_used(leaf.test)
        ]
        return [node for node, of in self.pairs if of == mode] or (both if len(both) == 1 else [])

    def with_call(
        self, names: Iterable[str], among: Iterable[ast.stmt] | None = None
    ) -> list[ast.stmt]:
        """Return the statements that call a function of one of these names."""
        names = tuple(names)
        among = self.statements if among is None else among
        return [s for s in among if any(c in names for c in calls_in(s))]

    @cached_property
    def strides(self) -> set[str]:
        """The names that the stride has."""
        found = {"stride"}
        for target, value in self._given:
            if "'stride'" in ast.unparse(value):
                found.add(ast.unparse(target))
        return found

    @cached_property
    def _given(self) -> list[tuple[ast.expr, ast.expr]]:
        """What is given which value; several that are given theirs in one line, one by one."""
        found: list[tuple[ast.expr, ast.expr]] = []
        for node in self.statements:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)  # type: ignore[attr-defined]
                if several and len(target.elts) == len(node.value.elts):  # type: ignore[attr-defined]
                    found += zip(target.elts, node.value.elts, strict=True)  # type: ignore[attr-defined]
                else:
                    found.append((target, node.value))  # type: ignore[attr-defined]
        return found

    def sizes(self, axis: int) -> set[str]:
        """Return the texts that stand for the length of an axis of an array that is given."""
        found: set[str] = set()
        for node in self.statements:
            value = node.value if isinstance(node, ast.Assign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            text = ast.unparse(value) if value is not None else ""
            if isinstance(target, ast.Tuple) and text.endswith(".shape"):
                found |= {ast.unparse(each) for each in target.elts[axis : axis + 1]}
            elif isinstance(target, ast.Name) and is_length(text, axis):
                found.add(target.id)
        return found

    def sizes_of(self, arrays: Iterable[str], axes: Iterable[int]) -> set[str]:
        """Return the texts that stand for the length of one of these axes of these arrays."""
        found = {f"{array}.shape[{axis}]" for array in arrays for axis in axes}
        for node in self.statements:
            if not isinstance(node, ast.Assign) or len(node.targets) != 1:
                continue
            target, text = node.targets[0], ast.unparse(node.value)
            if isinstance(target, ast.Tuple) and text.removesuffix(".shape") in arrays:
                found |= {ast.unparse(e) for n, e in enumerate(target.elts) if n in axes}
            elif isinstance(target, ast.Name) and text in found:
                found.add(target.id)
        return found

    def in_loop(self, node: ast.stmt) -> bool:
        """Return whether a statement is run at each step of a loop."""
        return any(each is node for loop in self.loops for each in ast.walk(loop))

    def last_made(self, output: str) -> list[ast.stmt]:
        """Return the last statement that gives an output its value, in whole or in part."""
        found = returned(self.statements, self.outputs, output)
        if found is None:
            return []
        statement, part = found
        if not isinstance(part, ast.Name):
            return [statement]
        return [n for n in self.statements if part.id in {base_of(t) for t in targets_of(n)}][-1:]


def _is_call(node: ast.AST) -> bool:
    """Return whether a statement calls something; what it returns may be stored."""
    return isinstance(node, (ast.Expr, ast.Assign)) and isinstance(node.value, ast.Call)


def is_own_call(node: ast.stmt) -> bool:
    """Return whether a statement gives a name to what a function, with no module, returns."""
    value = node.value if isinstance(node, ast.Assign) else None
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name)


def is_length(text: str, axis: int) -> bool:
    return text.endswith(f".shape[{axis}]") or (axis == 0 and text.startswith("len("))


def targets_of(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign) else []


def calls_in(node: ast.AST) -> Iterator[str]:
    for leaf in head_nodes(node):
        if isinstance(leaf, ast.Call):
            name = getattr(leaf.func, "attr", getattr(leaf.func, "id", ""))
            yield name
            if name in OF_A_FUNCTION and isinstance(leaf.func, ast.Attribute):
                yield getattr(leaf.func.value, "attr", "")


def names_used(node: ast.AST) -> set[str]:
    return {leaf.id for leaf in head_nodes(node) if isinstance(leaf, ast.Name)}
