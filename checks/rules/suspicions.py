"""Rules on a function's text that find what is likely to be the mistake of a wrong function."""

import ast
import re
from collections.abc import Iterator

from checks.evidence import AT, Evidence, Found
from checks.rules.trees import at, name_of, names_in, returned_names, short, times_bound
from checks.student_source import nodes_of

ZEROS = ("zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full")
CACHES = (
    ("A_prev", "W", "b", "hparameters"),
    ("A_prev", "hparameters"),
    ("A_prev", "W", "b"),
)
"""What the layers keep for the way back."""

KEYS = {"conv": ("stride", "pad"), "pool": ("stride", "f")}
"""Which hyperparameters a layer has, by what its function's name begins with."""

NUMBERS = ("f", "pad", "stride", "h", "mode", "learning_rate", "momentum")
"""Arguments that are no arrays: to give them another value changes nothing of the caller's."""

EMPTY = ("zeros", "zeros_like", "empty", "empty_like")
LISTS = ("arange", "repeat", "tile", "indices", "meshgrid", "ix_", "mgrid", "ogrid")
LEAST_SIZE = 2


def _loads(evidence: Evidence, name: str) -> list[ast.Name]:
    return [
        node
        for node in evidence.nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]


def assignments(evidence: Evidence) -> Iterator[ast.Assign]:
    return (node for node in evidence.nodes if isinstance(node, ast.Assign))


def unread_argument(evidence: Evidence) -> Found:
    """Find an argument of the task that the function never looks at."""
    if evidence.function is None:
        return None
    own = [each.arg for each in evidence.function.args.args]
    for name in evidence.parameters:
        if name in own and not _loads(evidence, name):
            return {"name": name}
    return None


def unread_hyperparameter(evidence: Evidence) -> Found:
    """Find a hyperparameter of the layer that is not read, or read and never used."""
    function = evidence.function
    if function is None or not {"hparameters", "cache"} & {*evidence.parameters}:
        return None
    keys = next((v for k, v in KEYS.items() if function.name.startswith(k)), ())
    words = {n.value for n in evidence.nodes if isinstance(n, ast.Constant)}
    passed_on = any(
        isinstance(arg, ast.Name) and arg.id == "hparameters"
        for node in evidence.nodes
        if isinstance(node, ast.Call)
        for arg in (*node.args, *(k.value for k in node.keywords))
    )
    for key in keys:
        if key not in words and not passed_on:
            if "values" in {getattr(n, "attr", "") for n in evidence.nodes}:
                return None
            return {"name": key}
    for node in assignments(evidence):
        target = node.targets[0]
        is_key = any(
            isinstance(leaf, ast.Constant) and leaf.value in keys for leaf in nodes_of(node.value)
        )
        if is_key and isinstance(target, ast.Name) and not _loads(evidence, target.id):
            return at(node, name=target.id)
    return None


def running_half(evidence: Evidence) -> Found:
    """Find a mean that is made pairwise: each number is averaged with what was there before."""
    for loop in evidence.nodes:
        for node in nodes_of(loop) if isinstance(loop, (ast.For, ast.While)) else ():
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
                continue
            value = node.value
            halved = isinstance(value.op, ast.Div) and ast.unparse(value.right) in ("2", "2.0")
            added = isinstance(value.left, ast.BinOp) and isinstance(value.left.op, ast.Add)
            target = ast.unparse(node.targets[0])
            if halved and added and target in map(ast.unparse, (value.left.left, value.left.right)):
                return at(node, code=short(node))
    return None


def resized(evidence: Evidence) -> Found:
    """Find np.resize; the method of an array repeats nothing."""
    for node in evidence.nodes:
        is_numpys = isinstance(node, ast.Call) and _is_numpys(node)
        if name_of(node) == "resize" and is_numpys:
            return at(node, code=short(node))
    return None


def made_here(node: ast.AST) -> str:
    """Return the name that a new array of zeros is given, "" where this is no such statement."""
    if isinstance(node, ast.Assign) and name_of(node.value) in EMPTY:
        target = node.targets[-1]
        return target.id if isinstance(target, ast.Name) else ""
    return ""


def _is_stored(name: ast.Name) -> bool:
    return not isinstance(name.ctx, ast.Load)


def result_made_in_loop(evidence: Evidence) -> Found:
    """Find a result that each step of a loop begins anew with zeros and that nothing else sets."""
    stored = [n.id for n in evidence.nodes if isinstance(n, ast.Name) and _is_stored(n)]
    made = [made_here(node) for node in evidence.nodes]
    whole = {name for name in returned_names(evidence) if stored.count(name) == made.count(name)}
    for loop in evidence.nodes:
        for node in nodes_of(loop) if isinstance(loop, (ast.For, ast.While)) else ():
            if made_here(node) in whole - {""}:
                head = short(loop)
                return at(node, name=made_here(node), code=head)
    return None


def never_filled(evidence: Evidence) -> Found:
    """Find results that are made of zeros and that no further line mentions but `return`."""
    found: dict[str, int] = {}
    given_back = [
        _array(part)
        for node in evidence.nodes
        if isinstance(node, ast.Return)
        for part in (node.value.elts if isinstance(node.value, ast.Tuple) else [node.value])
    ]
    for node in evidence.nodes:
        name = made_here(node)
        # By another name of the array something may be stored in it.
        if name and name in given_back and len(node.targets) == 1:  # type: ignore[attr-defined]
            uses = [n for n in evidence.nodes if isinstance(n, ast.Name) and n.id == name]
            if len(uses) == given_back.count(name) + 1:
                found[name] = node.lineno
    lines = " ".join(map(str, found.values()))
    return {"name": "`, `".join(found), AT: lines} if found else None


def list_never_filled(evidence: Evidence) -> Found:
    """Find a list that begins empty and that is read, while no line puts anything into it."""
    changed = [
        node.value.id
        for node in evidence.nodes
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.value, ast.Name)
    ]
    for node in evidence.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.List):
            continue
        target = node.targets[0]
        if node.value.elts or not isinstance(target, ast.Name) or target.id in changed:
            continue
        if len(node.targets) > 1:
            continue
        uses = [n for n in evidence.nodes if isinstance(n, ast.Name) and n.id == target.id]
        # A call may fill what it is given, and so may whoever has another name for it.
        passed_on = any(_is_passed_on(each, target.id) for each in evidence.nodes)
        if len(uses) > 1 and not passed_on and [_is_stored(n) for n in uses].count(True) == 1:
            return {"name": target.id, AT: str(node.lineno)}
    return None


def _is_passed_on(node: ast.AST, name: str) -> bool:
    """Return whether something else may fill a list that it is given, or knows as its own."""
    if isinstance(node, ast.Call) and not _is_numpys(node):
        parts = [*node.args, *(keyword.value for keyword in node.keywords)]
    elif isinstance(node, (ast.For, ast.comprehension)):
        parts = getattr(node.iter, "elts", [])
    elif isinstance(node, (ast.Assign, ast.Dict)):
        values = node.values if isinstance(node, ast.Dict) else [node.value]
        parts = [part for value in values for part in getattr(value, "elts", [value])]
    else:
        parts = []
    return any(isinstance(each, ast.Name) and each.id == name for each in parts)


def _is_numpys(call: ast.Call) -> bool:
    return ast.unparse(call.func).startswith(("np.", "numpy."))


def _array(node: ast.AST | None) -> str:
    """Return the array of which an expression is a part, or another layout; "" where none is."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def fixed_border(evidence: Evidence) -> Found:
    """Find a slice of a border whose width is a number, such as `1:-1`."""
    if "pad" not in ast.unparse(evidence.function or ast.Pass()):
        return None
    for node in evidence.nodes:
        if not isinstance(node, ast.Subscript):
            continue
        # One slice alone cuts a shape, a list, or the examples.
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
        for item in items:
            if isinstance(item, ast.Slice) and _is_fixed_border(item):
                return at(node, code=short(node), part=ast.unparse(item))
    return None


def _is_fixed_border(item: ast.Slice) -> bool:
    lower, upper = item.lower, item.upper
    if not isinstance(lower, ast.Constant) or not isinstance(lower.value, int) or lower.value < 1:
        return False
    number = str(lower.value)
    if isinstance(upper, ast.UnaryOp):
        return ast.unparse(upper) == f"-{number}"
    if isinstance(upper, ast.BinOp) and isinstance(upper.op, (ast.Add, ast.Sub)):
        return number in (ast.unparse(upper.left), ast.unparse(upper.right))
    return False


def fixed_size(evidence: Evidence) -> Found:
    """Find a number where the size of an array is given, that is neither widths nor a few sums."""
    padded = [n for n in evidence.nodes if name_of(n) == "pad" and isinstance(n, ast.Call)]
    widths = {leaf.id for call in padded for arg in call.args[1:] for leaf in names_in(arg)}
    back = returned_names(evidence)
    beside = {
        id(leaf)
        for node in assignments(evidence)
        for target in node.targets
        if isinstance(target, ast.Name)
        if target.id in widths or (_is_line(node.value) and target.id not in back)
        for leaf in nodes_of(node.value)
    }
    beside |= {id(leaf) for call in padded for arg in call.args[1:] for leaf in nodes_of(arg)}
    for node in evidence.nodes:
        if not isinstance(node, ast.Call) or name_of(node) not in (*ZEROS, "eye", "reshape"):
            continue
        if id(node) in beside:
            continue
        sizes = [
            leaf
            for arg in node.args
            for leaf in (arg.elts if isinstance(arg, (ast.Tuple, ast.List)) else [arg])
        ]
        if name_of(node) == "full":
            sizes = sizes[:-1]
        for size in sizes:
            whole = isinstance(size, ast.Constant) and type(size.value) is int
            if whole and size.value >= LEAST_SIZE:  # type: ignore[attr-defined]
                return at(node, code=short(node), number=ast.unparse(size))
    return None


def _is_line(node: ast.AST) -> bool:
    """Return whether an array of zeros has one axis only."""
    size = node.args[0] if isinstance(node, ast.Call) and node.args else None
    return name_of(node) in ZEROS and isinstance(size, ast.Constant)


def cache_parts(evidence: Evidence) -> Found:
    """Find a cache that holds other parts than the task asks for, or these in another order."""
    if "cache" not in evidence.outputs or times_bound(evidence, "cache") != 1:
        return None
    asked = tuple(name for name in evidence.parameters if name != "mode")
    for node in assignments(evidence):
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and target.id == "cache" and isinstance(value, ast.Tuple):
            own = tuple(e.id if isinstance(e, ast.Name) else "" for e in value.elts)
            moved = own != asked and sorted(own) == sorted(asked)
            if moved or (len(own) != len(asked) and "" not in own):
                return at(node, own=", ".join(own), task=", ".join(asked))
    return None


def cache_order(evidence: Evidence) -> Found:
    """Find a cache that is unpacked in another order than the forward function packs it."""
    for node in assignments(evidence):
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and ast.unparse(value) == "cache":
            own = tuple(e.id if isinstance(e, ast.Name) else "" for e in target.elts)
            for kept in CACHES:
                if sorted(own) == sorted(kept) and own != kept:
                    return at(node, own=", ".join(own))
    return None


def changed_argument(evidence: Evidence) -> Found:
    """Find the line that changes an array which belongs to the caller, where that was seen."""
    if not any(seen.arguments_changed for seen in evidence.observations.values()):
        return None
    given = {each.arg for each in evidence.function.args.args} if evidence.function else set()
    given -= {*NUMBERS}
    own: dict[str, int] = {}
    for node in assignments(evidence):
        target, value = node.targets[0], node.value
        while isinstance(value, ast.Subscript):
            value = value.value
        if isinstance(target, ast.Name) and isinstance(value, ast.Name) and value.id in given:
            given.add(target.id)
        elif isinstance(target, ast.Name) and target.id in given:
            # From here on the name has an array that the function has made.
            own[target.id] = min(own.get(target.id, node.lineno), node.lineno)
    for node in evidence.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets if isinstance(node, (ast.Assign, ast.AugAssign)) else ():
            base = target
            while isinstance(base, (ast.Subscript, ast.Attribute)):
                base = base.value
            inside = isinstance(node, ast.AugAssign) or base is not target
            before = isinstance(base, ast.Name) and node.lineno <= own.get(base.id, node.lineno)
            if inside and before and base.id in given:
                return at(node, code=short(node), name=base.id)
    return None


def added_once(evidence: Evidence) -> Found:
    """Find `x[rows, cols] += …` with lists of indices, in which a place may occur twice."""
    lists = {
        leaf.id
        for node in assignments(evidence)
        if any(name_of(part) in LISTS for part in nodes_of(node.value))
        for target in node.targets
        for leaf in names_in(target)
    }
    if not any(_repeats(node, lists) for node in evidence.nodes):
        # No place occurs twice in the rows and columns of one window.
        return None
    # What is made of a list of indices is one.
    for node in assignments(evidence):
        if any(leaf.id in lists for leaf in names_in(node.value)):
            lists |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    for node in evidence.nodes:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
            index = node.target.slice
            items = index.elts if isinstance(index, ast.Tuple) else [index]
            plain = [i for i in items if not isinstance(i, ast.Slice)]
            base = node.target.value
            own = isinstance(base, ast.Name) and base.id not in lists
            if own and sum(any(n.id in lists for n in names_in(i)) for i in plain) > 1:
                return at(node, code=short(node))
    return None


def _repeats(node: ast.AST, lists: set[str]) -> bool:
    """Return whether a list of indices may have a place twice, as starts plus steps may."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return all(
            any(n.id in lists for n in names_in(side))
            or any(name_of(part) in LISTS for part in nodes_of(side))
            for side in (node.left, node.right)
        )
    return name_of(node) in ("repeat", "tile")


def counted_over_input(evidence: Evidence) -> Found:
    """Find a loop over the input's rows or columns whose variable picks an entry of the output."""
    outputs = {"Z", "A", "dZ", "dA"} & {*evidence.parameters, *returned_names(evidence)}
    sizes = re.compile(r"n_?[HW]_?prev|h_?prev|w_?prev", re.IGNORECASE)
    for loop in evidence.nodes:
        if not (isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)):
            continue
        if name_of(loop.iter) != "range" or not isinstance(loop.iter, ast.Call):
            continue
        bound = loop.iter.args[min(1, len(loop.iter.args) - 1)]
        if not (isinstance(bound, ast.Name) and sizes.fullmatch(bound.id)):
            continue
        # Whatever its name is, a size of the output counts positions of the output.
        read_from = {
            _array(node.value)
            for node in assignments(evidence)
            if any(leaf.id == bound.id for t in node.targets for leaf in names_in(t))
        }
        for node in nodes_of(loop):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
                items = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
                named = [i.id for i in items if isinstance(i, ast.Name)]
                is_output = node.value.id in outputs - read_from
                if is_output and loop.target.id in named:
                    return at(loop, code=short(loop), name=loop.target.id, of=ast.unparse(node))
    return None
