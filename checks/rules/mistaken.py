"""Rules on a function's text that find what is taken for something else: an axis, a key, a side."""

import ast
import re
from collections.abc import Iterator

from checks.assignments.functions import ELEMENTWISE, HELPERS
from checks.code_rules import HYPERPARAMETERS
from checks.evidence import AT, Evidence, Found
from checks.rules.suspicions import KEYS
from checks.rules.trees import at, name_of, names_in, returned_names, short, times_bound

BATCH_AXES = 4
LAID_OUT = 5
"""From how many axes on a reshape takes rows of windows apart."""

IN_PLACE = ("fill", "sort", "append", "extend", "itemset", "shuffle")
IN_PLACE_OF_NUMPY = ("fill_diagonal", "copyto", "place", "putmask", "put")
"""Methods, and functions of NumPy, that change an array or a list and return None."""

AXES_TOLD = r"truth value of an array|out of range|values to unpack|too many indices|scalar"
"""What Python says where an array has more axes than a line works with, or fewer."""

INPUTS = ("A_prev", "X", "dZ", "dA", "A")
WINDOWED = {"stride", "hparameters"}
"""The parameters of functions that take windows out of an input, or put them back."""

SAME_NUMBERS = ("reshape", "transpose", "copy", "astype", "swapaxes")
"""Methods that only give the numbers of an array another order, or another place."""

MEASURES = ("shape", "size", "dtype", "ndim")
REDUCING = ("max", "min", "mean", "sum", "argmax", "argmin")

ZEROS = ("zeros", "zeros_like", "empty", "empty_like")


def _base(node: ast.AST) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, (ast.AugAssign, ast.For)) else []


def _assigns(evidence: Evidence) -> Iterator[tuple[ast.Assign, ast.expr]]:
    """Yield every assignment to one target, with this."""
    for node in evidence.nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield node, node.targets[0]


def entry_missing(evidence: Evidence) -> Found:
    """Find `hparameters.get("…")` with a key that the layer's dictionary does not have."""
    name = evidence.function.name if evidence.function else ""
    keys = next((v for k, v in KEYS.items() if name.startswith(k)), ())
    words = {node.value for node in evidence.nodes if isinstance(node, ast.Constant)}
    for node in evidence.nodes if keys else ():
        # Without a default, a None that nobody needs does no harm.
        if isinstance(node, ast.Call) and len(node.args) < 2 and not evidence.failures:
            continue
        if name_of(node) == "get" and isinstance(node, ast.Call) and node.args:
            owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            key = getattr(node.args[0], "value", None)
            if len(node.args) > 1 and words >= {*keys}:
                # The layer's own keys are all read: a default for one more does no harm.
                continue
            if HYPERPARAMETERS.fullmatch(owner) and isinstance(key, str) and key not in keys:
                return at(node, key=key, code=short(node))
    return None


def fixed_number_of_axes(evidence: Evidence) -> Found:
    """Find an element by element function whose loops go through a fixed number of axes."""
    if evidence.function is None or evidence.function.name not in ELEMENTWISE:
        return None
    if not any(re.search(AXES_TOLD, failure.message) for failure in evidence.failures):
        return None
    if any(name_of(n) in ("reshape", "ravel", "flatten") for n in evidence.nodes):
        return None
    if any(getattr(n, "attr", "") == "ndim" or _is_rank(n) for n in evidence.nodes):
        # The function asks how many axes there are: the loops may be for this number only.
        return None
    for array in evidence.parameters:
        axes = {f"{array}.shape[{axis}]": axis for axis in range(BATCH_AXES)}
        axes |= {f"len({array})": 0}
        for node, target in _assigns(evidence):
            if isinstance(target, ast.Tuple) and ast.unparse(node.value) == f"{array}.shape":
                axes |= {ast.unparse(each): n for n, each in enumerate(target.elts)}
            elif isinstance(target, ast.Name) and ast.unparse(node.value) in axes:
                axes[target.id] = axes[ast.unparse(node.value)]
        loops = [
            node
            for node in evidence.nodes
            if isinstance(node, ast.For)
            and isinstance(node.iter, ast.Call)
            and name_of(node.iter) == "range"
            and len(node.iter.args) == 1
            and ast.unparse(node.iter.args[0]) in axes
        ]
        counted = {axes[ast.unparse(loop.iter.args[0])] for loop in loops}  # type: ignore[attr-defined]
        if counted and counted == set(range(len(counted))) and len(loops) == len(counted):
            lines = " ".join(str(loop.lineno) for loop in loops)
            return {"name": array, "number": str(len(counted)), AT: lines}
    return None


def _is_rank(node: ast.AST) -> bool:
    return name_of(node) in ("len", "ndim") and "shape" in ast.unparse(node)


def stored_the_wrong_way(evidence: Evidence) -> Found:
    """Find `given[…] = result[…]`, where the result is zeros that nothing else is stored in."""
    stored = [
        _base(target)
        for node in evidence.nodes
        if name_of(getattr(node, "value", node)) not in SAME_NUMBERS
        for target in _targets(node)
    ]
    # What is passed on may be filled elsewhere.
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) not in SAME_NUMBERS:
            stored += map(_base, (*node.args, node.func))
    for made, name in _assigns(evidence):
        if name_of(made.value) not in ZEROS or not isinstance(name, ast.Name):
            continue
        if name.id not in returned_names(evidence) or stored.count(name.id) != 1:
            continue
        for node in evidence.nodes:
            if not isinstance(node, (ast.Assign, ast.AugAssign)) or node is made:
                continue
            target = _targets(node)[0]
            filled = isinstance(target, ast.Subscript) and _base(target) != name.id
            if filled and isinstance(node.value, ast.Subscript) and _base(node.value) == name.id:
                return at(node, code=short(node), name=name.id, other=_base(target))
    return None


def works_in_place(evidence: Evidence) -> Found:
    """Find the result of a call that changes an array in place, which is None."""
    for node in evidence.nodes:
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return)) else None
        func = value.func if isinstance(value, ast.Call) else None
        if not isinstance(func, ast.Attribute):
            continue
        of_numpy = isinstance(func.value, ast.Name) and func.value.id in ("np", "numpy")
        names = IN_PLACE_OF_NUMPY if of_numpy else IN_PLACE
        if func.attr in names and func.attr not in evidence.helpers:
            return at(node, code=short(node), name=func.attr)
    return None


def input_for_windows(evidence: Evidence) -> Found:
    """Find the input's height and width where the numbers of windows belong, never worked out."""
    text = ast.unparse(evidence.function) if evidence.function else ""
    if "/" in text or "columns.shape" in text or not WINDOWED & {*evidence.parameters}:
        return None
    back = returned_names(evidence)
    results = [node.value for node, name in _assigns(evidence) if ast.unparse(name) in back]
    for node, target in _assigns(evidence):
        value = ast.unparse(node.value)
        is_shape = value in ("shape", "X.shape", "A_prev.shape", "A_prev_pad.shape")
        if not (is_shape and isinstance(target, ast.Tuple) and len(target.elts) == BATCH_AXES):
            continue
        sides = [ast.unparse(each) for each in target.elts[1:3]]
        for other in evidence.nodes:
            if name_of(other) not in ("reshape", *ZEROS) or not isinstance(other, ast.Call):
                continue
            sizes = [
                ast.unparse(leaf)
                for arg in other.args
                for leaf in (arg.elts if isinstance(arg, (ast.Tuple, ast.List)) else [arg])
            ]
            made = name_of(other) in ZEROS
            # An array of the input's size may be a step on the way; the result is none.
            windows = len(sizes) > LAID_OUT or (value != "shape" and (not made or other in results))
            if windows and any(sizes[n : n + 2] == sides for n in range(len(sizes))):
                return at(node, names="`, `".join(sides), code=short(node), of=short(other))
    return None


def fixed_stride(evidence: Evidence) -> Found:
    """Find a call that puts windows back with a number for the stride."""
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and HELPERS.get(name_of(node), ())[:1] == ("columns",):
            values = [*node.args, *(k.value for k in node.keywords if k.arg == "stride")]
            last = values[-1] if values else None
            if isinstance(last, ast.Constant) and type(last.value) is int and len(values) > 1:
                return at(node, code=short(node), number=ast.unparse(last))
    return None


def overwritten_by_loop(evidence: Evidence) -> Found:
    """Find a result that begins as zeros and that each step of a loop gives a new value."""
    for made, name in _assigns(evidence):
        if name_of(made.value) not in ZEROS or not isinstance(name, ast.Name):
            continue
        stores = [
            (node, target)
            for node in evidence.nodes
            if node is not made
            for target in _targets(node)
            if name.id in [leaf.id for leaf in names_in(target)]
        ]
        loops = [n for n in evidence.nodes if isinstance(n, ast.For) and n.lineno > made.lineno]
        inside = {id(each) for loop in loops for each in ast.walk(loop)}
        whole = all(
            isinstance(node, ast.Assign)
            and isinstance(target, ast.Name)
            and name.id not in [leaf.id for leaf in names_in(node.value)]
            and id(node) in inside
            for node, target in stores
        )
        read = any(
            isinstance(each, ast.Name) and each.id == name.id and isinstance(each.ctx, ast.Load)
            for loop in loops
            for each in ast.walk(loop)
        )
        if read:
            # What a step has left goes on into the next one by another name.
            continue
        if name.id in returned_names(evidence) and len(stores) == 1 and whole:
            node = stores[0][0]
            return at(node, code=short(node), name=name.id)
    return None


def side_never_read(evidence: Evidence) -> Found:
    """Find a width that is never read, where the height is used for both sides, or the other."""
    read = {
        node.id
        for node in evidence.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for node, target in _assigns(evidence):
        value = ast.unparse(node.value)
        is_shape = value.endswith(".shape") or value == "shape"
        if not (is_shape and isinstance(target, ast.Tuple) and len(target.elts) == BATCH_AXES):
            continue
        sides = [each.id if isinstance(each, ast.Name) else "_" for each in target.elts[1:3]]
        for unread, used in (sides, sides[::-1]):
            if unread in read or "_" in (unread, used):
                continue
            twice = [
                each
                for each, _ in _assigns(evidence)
                if used in [leaf.id for leaf in names_in(each.value)]
                and isinstance(each.value, ast.BinOp)
            ]
            alike = len({ast.unparse(each.value) for each in twice}) == 1
            if len(twice) == 2 and alike:
                wrong = twice[1 if unread == sides[1] else 0]
                return at(wrong, code=short(wrong), name=unread, other=used)
    return None


def example_fixed(evidence: Evidence) -> Found:
    """Find `X[0, …]`, which takes one example, where all of them are stored at once."""
    arrays = [n for n in INPUTS if n in evidence.parameters and times_bound(evidence, n) == 1]
    measured = {
        id(leaf)
        for node in evidence.nodes
        if getattr(node, "attr", "") in MEASURES or name_of(node) in ("len", "print")
        for leaf in ast.walk(node)
    }
    for node in evidence.nodes:
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
            continue
        if id(node) in measured or len(node.slice.elts) < 2:
            continue
        first = node.slice.elts[0]
        is_number = isinstance(first, ast.Constant) and type(first.value) is int
        picks = is_number and len(node.slice.elts) > 2 and ast.unparse(node.value) in arrays
        if picks and not _goes_on(evidence, node):
            return at(node, code=short(node), number=ast.unparse(first))
    return None


def _goes_on(evidence: Evidence, entry: ast.Subscript) -> bool:
    """Return whether a loop takes other examples of an array, of which this is the first one."""
    loops = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
    inside = [leaf for n in evidence.nodes if isinstance(n, loops) for leaf in ast.walk(n)]
    for node in inside if entry not in inside else ():
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == ast.unparse(entry.value):
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if items and isinstance(items[0], ast.Name):
                return True
    return False


def kept_between_calls(evidence: Evidence) -> Found:
    """Find a parameter whose default is a dictionary, list or array that the function fills."""
    function = evidence.function
    if function is None:
        return None
    arguments = function.args
    own = [*arguments.args, *arguments.kwonlyargs]
    defaults = [*arguments.defaults, *(d for d in arguments.kw_defaults)]
    for argument, default in zip(own[len(own) - len(defaults) :], defaults, strict=True):
        made = isinstance(default, (ast.Dict, ast.List, ast.Set)) or name_of(
            default or ast.Pass()
        ) in (*ZEROS, "dict", "list", "set", "defaultdict")
        used = [n for n in evidence.nodes if isinstance(n, ast.Name) and n.id == argument.arg]
        filled = any(_fills(node, argument.arg) for node in evidence.nodes)
        if made and used and filled and default is not None:
            return at(argument, code=f"{argument.arg}={ast.unparse(default)}", name=argument.arg)
    return None


def _fills(node: ast.AST, name: str) -> bool:
    """Return whether a node may change what a name stands for, in its place."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load) and _base(node) == name
    if isinstance(node, ast.AugAssign):
        return _base(node.target) == name
    func = node.func if isinstance(node, ast.Call) else None
    owner = func.value if isinstance(func, ast.Attribute) else None
    own = _base(owner) == name if owner is not None else False
    return own and name_of(node) not in ("get", "keys", "values", "items", "copy")


def never_called(evidence: Evidence) -> Found:
    """Find `x == x.max`, which compares numbers with a method that nobody calls."""
    for node in evidence.nodes:
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        for side in sides:
            of_numpy = isinstance(side, ast.Attribute) and _base(side) in ("np", "numpy")
            if isinstance(side, ast.Attribute) and side.attr in REDUCING and not of_numpy:
                return at(side, code=short(side), name=side.attr)
    return None


def norm_with_order(evidence: Evidence) -> Found:
    """Find np.linalg.norm with an order, where it then refuses the number of axes."""
    said = "Improper number of dimensions to norm"
    if not any(said in failure.message for failure in evidence.failures):
        return None
    calls = [
        node
        for node in evidence.nodes
        if isinstance(node, ast.Call)
        and name_of(node) == "norm"
        and (len(node.args) > 1 or any(k.arg == "ord" for k in node.keywords))
    ]
    lines = sorted({call.lineno for call in calls})
    return {"code": short(calls[0]), AT: " ".join(map(str, lines))} if calls else None
