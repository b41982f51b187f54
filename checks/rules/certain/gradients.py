"""Rules that find gradients which do not have the shape, or the border, of what they belong to."""

import ast

from checks.assignments.functions import HELPERS, like
from checks.evidence import Evidence, Found
from checks.rules.certain.values import calls, in_branches, indices, values_of
from checks.rules.trees import at, name_of, names_in, returned, short

ZEROS = ("zeros", "zeros_like", "empty", "empty_like")
AXES_OF_FILTERS = 4
SIDES = 2
PUT_BACK = tuple(name for name, own in HELPERS.items() if own[:1] == ("columns",))
LIKE_INPUT = ("A_prev", "A_prev.shape", "np.shape(A_prev)")


def filters_in_other_order(evidence: Evidence) -> Found:
    """Find where dW is brought to the lengths of W's axes in an order that is not W's."""
    given = [
        [ast.unparse(each) for each in node.targets[0].elts]
        for node in evidence.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)
        and ast.unparse(node.value) in ("W.shape", "np.shape(W)")
    ]
    own = given[0] if len(given) == 1 and len({*given[0]}) == AXES_OF_FILTERS else []
    end = returned(evidence.nodes, evidence.outputs, "dW") if own else None
    name = end[1].id if end and isinstance(end[1], ast.Name) else ""
    made = [
        node
        for node in evidence.nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name != ""
    ]
    last = max(made, key=lambda node: node.lineno, default=None)
    if last is None or name_of(last.value) != "reshape":
        return None
    sizes = [ast.unparse(arg) for arg in last.value.args]  # type: ignore[attr-defined]
    sizes = [each.strip() for each in ", ".join(sizes).strip("()").split(",")]
    if sorted(sizes) != sorted(own) or sizes == own:
        return None
    return at(last, code=short(last), order=", ".join(sizes), own=", ".join(own))


def put_back_unpadded(evidence: Evidence) -> Found:
    """Find windows of the padded image that are put back into one of the shape of A_prev."""
    if "dZ" not in evidence.parameters or "A_prev" not in _padded(evidence):
        return None
    if values_of(evidence).get("A_prev", [None])[1:]:
        # The padded image may have taken the name.
        return None
    branches = in_branches(evidence)
    for call in calls(evidence.function or ast.Pass(), *PUT_BACK):
        if id(call) in branches:
            # Without padding there is no border.
            continue
        shape = call.args[1] if len(call.args) > 1 else None
        if name_of(call) not in evidence.helpers and shape and _is_like(shape, evidence):
            return at(call, code=short(call))
    return None


def _padded(evidence: Evidence) -> set[str]:
    """Return the names in what np.pad, or zero_pad, is given."""
    return {
        name.id
        for call in calls(evidence.function or ast.Pass(), *like("pad"))
        for argument in call.args[:1]
        for name in names_in(argument)
    }


def gradient_unpadded(evidence: Evidence) -> Found:
    """Find what is added to dA_prev as it is made, at places of windows of the padded image."""
    padded = _padded(evidence)
    end = returned(evidence.nodes, evidence.outputs, "dA_prev")
    name = end[1].id if end and isinstance(end[1], ast.Name) else ""
    if "dZ" not in evidence.parameters or "A_prev" not in padded:
        return None
    values: dict[str, list[ast.expr]] = {}
    for node in evidence.nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values.setdefault(node.targets[0].id, []).append(node.value)
    for node in evidence.nodes:
        target = node.target if isinstance(node, ast.AugAssign) else None
        base = target.value if isinstance(target, ast.Subscript) else None
        if not isinstance(base, ast.Name) or base.id in padded:
            continue
        # With places that are moved by the padding this may be right.
        near = _depends_on_padding(evidence, target)  # type: ignore[arg-type]
        cut = [each for each in indices(target) if isinstance(each, ast.Slice) and each.lower]  # type: ignore[arg-type]
        made = [_is_like_input(each, evidence) for each in values.get(base.id, ())]
        is_result = made == [True] and base.id == name and "A_prev" not in values
        if is_result and len(cut) == SIDES and not near:
            return at(node, code=short(node), name=base.id)
    return None


def _depends_on_padding(evidence: Evidence, place: ast.Subscript) -> bool:
    """Return whether a place is worked out from the padding, under whatever name."""
    seen: set[str] = set()
    parts: list[ast.AST] = [*indices(place)]
    while parts:
        part = parts.pop()
        if "pad" in ast.unparse(part):
            return True
        new = {leaf.id for leaf in names_in(part)} - seen
        seen |= new
        parts += [value for name in new for value in values_of(evidence).get(name, []) if value]
    return False


def _is_like_input(value: ast.expr, evidence: Evidence) -> bool:
    """Return whether an array is made as large as the image, which has no border."""
    argument = value.args[0] if isinstance(value, ast.Call) and value.args else None
    return argument is not None and name_of(value) in ZEROS and _is_like(argument, evidence)


def _is_like(argument: ast.expr, evidence: Evidence) -> bool:
    """Return whether something is A_prev, its shape, or the parts of that."""
    sizes = {
        ast.unparse(node.targets[0]).strip("()")
        for node in evidence.nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.value) in LIKE_INPUT
    }
    return ast.unparse(argument) in LIKE_INPUT or ast.unparse(argument).strip("()") in sizes
