"""Rules that find mistakes in single lines of a loop, and in what a function begins with."""

import ast
from collections.abc import Iterator

from checks.code_rules import HYPERPARAMETERS
from checks.evidence import Evidence, Found
from checks.rules.certain.values import called, indices, origin, values_of
from checks.rules.certain.windows import IMAGES
from checks.rules.trees import at, names_in, returned_names, short
from checks.student_source import nodes_of


def bias_in_each_step(evidence: Evidence) -> Found:
    """Find `total += products + b` in a loop that neither the total nor b has a part in."""
    for loop in evidence.nodes:
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
            continue
        for node in loop.body:
            value = node.value if isinstance(node, ast.AugAssign) else None
            if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add):
                continue
            if not isinstance(node.op, ast.Add):  # type: ignore[attr-defined]
                continue
            for bias, rest in ((value.left, value.right), (value.right, value.left)):
                own, others = ({n.id for n in names_in(each)} for each in (bias, rest))
                target = {n.id for n in names_in(node.target)}  # type: ignore[attr-defined]
                step = loop.target.id
                # A part of the bias at each step may add up to all of it.
                whole = not any(isinstance(leaf, ast.BinOp) for leaf in nodes_of(bias))
                if whole and "b" in own and step in others and step not in own | target:
                    return at(node, code=short(node), name=step)
    return None


def counter_overwritten(evidence: Evidence) -> Found:
    """Find a loop's counter that gets another value, and is an index of one place after that."""
    for loop in evidence.nodes:
        if not isinstance(loop, ast.For):
            continue
        inside = [node for part in loop.body for node in nodes_of(part)]
        for name in {leaf.id for leaf in names_in(loop.target)}:
            given = [
                node
                for node in inside
                if isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == [name]
            ]
            if len(given) != 1 or isinstance(given[0].value, ast.Constant):
                continue
            if called(given[0].value, "int") or f"- {name}" in ast.unparse(given[0].value):
                # It is the same number, or the steps are only counted backwards.
                continue
            for use in inside:
                places = indices(use) if isinstance(use, ast.Subscript) else []
                named = [each for each in places if isinstance(each, ast.Name) and each.id == name]
                if named and len(places) > 2 and use.lineno > given[0].lineno:  # type: ignore[attr-defined]
                    return at(given[0], code=short(given[0]), name=name, of=short(use))
    return None


def sorted_in_place(evidence: Evidence) -> Found:
    """Find a part of an argument that is sorted where it lies."""
    for node in evidence.nodes:
        call = node.value if isinstance(node, ast.Expr) else None
        func = call.func if isinstance(call, ast.Call) else None
        if not isinstance(func, ast.Attribute) or func.attr != "sort":
            continue
        part = origin(evidence, func.value)
        base = part.value if isinstance(part, ast.Subscript) else None
        # What a call makes, a copy or a padded image, is the function's own.
        given = isinstance(base, ast.Name) and isinstance(origin(evidence, base), ast.Name)
        if isinstance(part, ast.Subscript) and given and ast.unparse(part.value) in IMAGES:
            return at(node, code=short(node), name=ast.unparse(part.value))
    return None


def tensordot_without_axes(evidence: Evidence) -> Found:
    """Find np.tensordot for one step of a convolution that is not told how many axes go."""
    for node in evidence.nodes if evidence.outputs == ("Z",) else ():
        if called(node, "tensordot") and isinstance(node, ast.Call):
            whole = {"a_slice_prev", "W"} == {ast.unparse(each) for each in node.args}
            if whole and not node.keywords:
                return at(node, code=short(node))
    return None


def no_larger_than_input(evidence: Evidence) -> Found:
    """Find a zero_pad whose result is made in the size of its input."""
    results = returned_names(evidence)
    for statement in evidence.nodes if evidence.outputs == ("X_pad",) else ():
        name = ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ""
        # Beside X it may be joined to it, as its border, under whatever name.
        if name not in results or len(values_of(evidence).get(name, [])) > 1:
            continue
        node = statement.value  # type: ignore[attr-defined]
        if called(node, "zeros_like", "empty_like", "zeros", "empty") and isinstance(
            node, ast.Call
        ):
            given = [ast.unparse(each) for each in node.args[:1]]
            if given in (["X"], ["X.shape"]):
                return at(node, code=short(node))
    return None


def _taken_by_order(evidence: Evidence) -> Iterator[ast.expr]:
    """Yield what is taken apart into names, or of which a number picks one."""
    for node in evidence.nodes:
        apart = isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List))
        picked = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        if not apart and not picked:
            continue
        taken = origin(evidence, node.value)  # type: ignore[attr-defined]
        is_list = called(taken, "list", "tuple", "map")
        yield from taken.args if is_list else [taken]  # type: ignore[attr-defined]


def settings_by_order(evidence: Evidence) -> Found:
    """Find hyperparameters that are taken out of their dictionary by the order of its entries."""
    for node in _taken_by_order(evidence):
        is_values = called(node, "values", "items") and isinstance(node, ast.Call) and not node.args
        owner = getattr(getattr(node, "func", None), "value", None)
        if is_values and isinstance(owner, ast.Name) and HYPERPARAMETERS.fullmatch(owner.id):
            return at(node, code=short(node))
    return None
