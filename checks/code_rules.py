"""Rules on a function's syntax tree that find what no correct function contains."""

import ast
import re
from collections.abc import Callable, Iterator

from checks.assignments.functions import HELPERS
from checks.evidence import AT, Evidence, Found
from checks.rules.certain.values import values_of
from checks.rules.positions import begins_before
from checks.rules.shapes import unpacked_shapes

HYPERPARAMETERS = re.compile(r"(?i)h(yper)?_?param\w*|hp")
START = re.compile(r"(?i)\w*(start|begin)\w*")
END = re.compile(r"(?i)\w*(_|vert|horiz|h|v|row|col)end\w*|\w*_stop|end_\w*")
EXAMPLES = re.compile(r"range\((m|\w+\.shape\[0\]|len\(\w+\))\)")
BOUND = re.compile(r"m|n_[HWC](_prev)?")
MODES = ("max", "average")
OF_BATCH = ("A_prev", "A_prev_pad", "X", "Z", "A", "dA_prev", "dZ", "dA")
OF_LAYER = ("W", "b", "dW", "db")
SINGLE_STEP = ("a_slice_prev", "W", "b")
"""The parameters of a single step of a convolution: a window, one filter and its bias."""


def _at(node: ast.AST, **values: str) -> dict[str, str]:
    """Return what to fill into a message, and the line of the function's text that shows it."""
    return {**values, AT: str(getattr(node, "lineno", ""))}


def _targets(statement: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield target, statement.value


def _assigned(evidence: Evidence) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in evidence.nodes:
        yield from _targets(node)


def _times_bound(evidence: Evidence, name: str) -> int:
    return sum(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in evidence.nodes
    )


def _loaded(evidence: Evidence) -> set[str]:
    return {
        node.id
        for node in evidence.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _parameters(evidence: Evidence) -> set[str]:
    function = evidence.function
    return {each.arg for each in function.args.args} if function else set()


def _returned_in_loop(evidence: Evidence) -> tuple[str, ast.AST] | None:
    """Return what a loop runs over that ends the function at its first step, and the return."""
    for node in evidence.nodes:
        is_loop = isinstance(node, (ast.For, ast.While)) and isinstance(node.body[-1], ast.Return)
        # What goes on to the next step before that has not ended at the first one.
        if is_loop and not any(isinstance(leaf, ast.Continue) for leaf in ast.walk(node)):
            over = ast.unparse(node.iter) if isinstance(node, ast.For) else "while"
            return over, node.body[-1]
    return None


def returned_after_example(evidence: Evidence) -> Found:
    found = _returned_in_loop(evidence)
    return _at(found[1]) if found and EXAMPLES.fullmatch(found[0]) else None


def returned_inside_loop(evidence: Evidence) -> Found:
    found = _returned_in_loop(evidence)
    return _at(found[1]) if found and not EXAMPLES.fullmatch(found[0]) else None


def count_as_index(evidence: Evidence) -> Found:
    """Find an index that is a count: a name that only stands in range or comes from a shape."""
    loops = {
        leaf.id
        for node in evidence.nodes
        if isinstance(node, (ast.For, ast.comprehension))
        for leaf in ast.walk(node.target)
        if isinstance(leaf, ast.Name)
    }
    counts = {
        node.args[0].id
        for node in evidence.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "range"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Name)
    }
    counts |= {name for _, names, _ in unpacked_shapes(evidence) for name in names}
    # A name that has another meaning in an inner function, or another value later, may be a place.
    loops |= {leaf.arg for leaf in evidence.nodes if isinstance(leaf, ast.arg)}
    loops |= {name for name, values in values_of(evidence).items() if len(values) > 1}
    for node in evidence.nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if HYPERPARAMETERS.fullmatch(node.value.id):
                continue
            index = node.slice
            for each in index.elts if isinstance(index, ast.Tuple) else [index]:
                if isinstance(each, ast.Name) and each.id in counts - loops and each.id != "_":
                    return _at(node, name=each.id, code=ast.unparse(node))
    return None


def _is_callers(evidence: Evidence, name: str) -> bool:
    """Return whether a name always stands for what was passed in, alone or in the cache."""
    values = values_of(evidence).get(name, [])
    if name in _parameters(evidence):
        return not values
    return len(values) == 1 and (
        values[0] is None or re.fullmatch(r"hparameters|cache\[[^\]]*\]", ast.unparse(values[0]))
    )


def hyperparameters_unpacked(evidence: Evidence) -> Found:
    for target, value in _assigned(evidence):
        if (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Name)
            and HYPERPARAMETERS.fullmatch(value.id)
            and _is_callers(evidence, value.id)
        ):
            return _at(target)
    return None


def hyperparameters_changed(evidence: Evidence) -> Found:
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changed = node.func.value if node.func.attr in ("pop", "popitem", "clear") else None
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed = node.value
        else:
            continue
        if (
            isinstance(changed, ast.Name)
            and HYPERPARAMETERS.fullmatch(changed.id)
            and _is_callers(evidence, changed.id)
        ):
            return _at(node, code=ast.unparse(node))
    return None


def fixed(name: str) -> Callable[[Evidence], Found]:
    """Return the rule that finds a hyperparameter `name` that is a number and nothing else."""

    def rule(evidence: Evidence) -> Found:
        given = {"hparameters", "cache"} & {*evidence.parameters}
        if any(isinstance(n, ast.Constant) and n.value == name for n in evidence.nodes):
            # It is read by its key: the number is a default, or stands for something else.
            return None
        if name == "pad" and "mode" in evidence.parameters:
            # Pooling has no padding, so stating that it is 0 is no mistake.
            return None
        for target, value in _assigned(evidence) if given else ():
            if (
                isinstance(target, ast.Name)
                and target.id == name
                and isinstance(value, ast.Constant)
                and type(value.value) is int
                and _times_bound(evidence, target.id) == 1
                and target.id not in _parameters(evidence)
                and target.id in _loaded(evidence)
            ):
                return _at(target, name=target.id, number=str(value.value))
        return None

    return rule


def mode_name(evidence: Evidence) -> Found:
    """Find a word that `mode` is compared with in the place of one of its two names."""
    words = [
        (side.value, node)
        for node in evidence.nodes
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and _is_about_mode(node)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and isinstance(side.value, str)
    ]
    others = [each for each in words if each[0] not in MODES]
    if "mode" not in evidence.parameters or not others or set(MODES) <= {w for w, _ in words}:
        return None
    # Beside the right word, or where another one is put in its place, it does no harm.
    either = [ast.unparse(n) for n in evidence.nodes if isinstance(n, ast.BoolOp)]
    if "mode" in values_of(evidence) or any(f"'{w}'" in text for text in either for w in MODES):
        return None
    return _at(others[0][1], word=others[0][0])


def _is_about_mode(node: ast.Compare) -> bool:
    sides = (node.left, *node.comparators)
    return any(isinstance(side, ast.Name) and side.id == "mode" for side in sides)


def starts_at_one(evidence: Evidence) -> Found:
    """Find a loop from 1 to a count whose variable is an index by itself."""
    for node in evidence.nodes:
        if not (isinstance(node, ast.For) and isinstance(node.target, ast.Name)):
            continue
        call = node.iter
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "range"
            and len(call.args) == 2
            and isinstance(call.args[0], ast.Constant)
            and call.args[0].value == 1
            and _is_size(evidence, call.args[1])
            and not begins_before(node, node.target.id, evidence)
            and f"{node.target.id} - 1" not in ast.unparse(node)
            and any(
                isinstance(each, ast.Name) and each.id == node.target.id
                for inner in ast.walk(node)
                if isinstance(inner, ast.Subscript)
                for each in (
                    inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]
                )
            )
        ):
            return _at(node, name=node.target.id)
    return None


def _is_size(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether an expression is the length of an axis, or has the name of one."""
    is_named = isinstance(node, ast.Name) and BOUND.fullmatch(node.id) is not None
    given = _origin(evidence, node)
    is_read = isinstance(given, ast.Subscript) and getattr(given.value, "attr", "") == "shape"
    unpacked = {name for _, names, _ in unpacked_shapes(evidence) for name in names}
    return is_named or is_read or (isinstance(node, ast.Name) and node.id in unpacked)


def filter_cut_by_window(evidence: Evidence) -> Found:
    """Find a filter that is cut from where a window of the image begins."""
    cuts = [
        (node, each.lower.id)
        for node in evidence.nodes
        if isinstance(node, ast.Subscript)
        for each in (node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice])
        if isinstance(each, ast.Slice) and isinstance(each.lower, ast.Name)
    ]
    filters = [(node, start) for node, start in cuts if _name(node.value) in OF_LAYER]
    # Where only a part of the window lies in the image, that part of the filter has its own start.
    others = {start for node, start in cuts if _name(node.value) not in OF_LAYER}
    for node, start in filters:
        if START.fullmatch(start) and start in others:
            return _at(node, name=_name(node.value))
    return None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def bias_of_filter(evidence: Evidence) -> Found:
    """Find a single step of a convolution that is given b whole, or cut along its first axis."""
    if _times_bound(evidence, "b") != ("b" not in _parameters(evidence)):
        # The name b is assigned something else.
        return None
    for node in evidence.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and HELPERS.get(node.func.id) == SINGLE_STEP
            and len(node.args) == len(SINGLE_STEP)
        ):
            given = _origin(evidence, node.args[2])
            whole = isinstance(given, ast.Name) and given.id == "b"
            first = (
                isinstance(given, ast.Subscript)
                and isinstance(given.value, ast.Name)
                and given.value.id == "b"
                and isinstance(given.slice, (ast.Name, ast.Constant))
            )
            filters = _origin(evidence, node.args[1])
            all_filters = isinstance(filters, ast.Name) and filters.id == "W"
            # If a function passes on all filters, that is named first.
            if (whole or first) and not all_filters:
                return _at(given, code=ast.unparse(given), name=node.func.id)
    return None


def _origin(evidence: Evidence, node: ast.expr) -> ast.expr:
    """Return what a name is assigned, where it is assigned one thing only."""
    if isinstance(node, ast.Name) and _times_bound(evidence, node.id) == 1:
        for target, value in _assigned(evidence):
            if isinstance(target, ast.Name) and target.id == node.id:
                return value
    return node


def weight_decay(evidence: Evidence) -> Found:
    """Find a multiple of W that is added to dW."""
    for node in evidence.nodes:
        if isinstance(node, ast.AugAssign):
            target, added = node.target, node.value
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            target = node.targets[0]
            added = node.value.right if isinstance(node.value.op, ast.Add) else None
        else:
            continue
        if isinstance(added, ast.BinOp) and isinstance(added.op, ast.Mult):
            sides = {ast.unparse(added.left), ast.unparse(added.right)}
            factors = [side for side in (added.left, added.right) if ast.unparse(side) != "W"]
            number = factors and _is_setting(evidence, factors[0])
            if "W" in sides and number and ast.unparse(target) == "dW":
                return _at(node, code=ast.unparse(added))
    return None


def _is_setting(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether a factor is a number from outside, and no part of a gradient."""
    own = isinstance(node, ast.Name) and node.id not in evidence.parameters
    made = _origin(evidence, node)
    return isinstance(made, ast.Constant) or (own and _times_bound(evidence, _name(node)) == 0)


def window_length(evidence: Evidence) -> Found:
    """Find the end of a window that is its start and the size of an array."""
    sizes = {"n_H", "n_W", "n_H_prev", "n_W_prev"}
    for array, names, _ in unpacked_shapes(evidence):
        if array in OF_BATCH:
            sizes.update(names[1:])
    for target, value in _assigned(evidence):
        if (
            isinstance(target, ast.Name)
            and END.fullmatch(target.id)
            and isinstance(value, ast.BinOp)
            and isinstance(value.op, ast.Add)
            and isinstance(value.left, ast.Name)
            and START.fullmatch(value.left.id)
            and isinstance(value.right, ast.Name)
            and value.right.id in sizes - {"f", "_", ""}
        ):
            return _at(target, name=value.right.id)
    return None
