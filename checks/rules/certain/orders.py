"""Rules that find numbers, or arguments, that come in another order than they are taken in."""

import ast
from collections.abc import Iterator

from checks.assignments.functions import HELPERS
from checks.evidence import Evidence, Found
from checks.rules.certain.values import argument, called, calls, values_of
from checks.rules.inlined import helpers_of
from checks.rules.trees import at, short

MADE = ("zeros", "empty", "ones")
LISTS = ("array", "asarray", "stack")
LEAST = 3
"""From how many known axes on their order can be another one."""


def counted_off_anew(evidence: Evidence) -> Found:
    """Find a reshape to the lengths that an array has, or a list comes in, in another order."""
    for node in evidence.nodes:
        if not (isinstance(node, ast.Call) and called(node, "reshape")):
            continue
        array = argument(node)
        sizes = _texts([each for each in node.args if each is not array])
        for own in _orders(evidence, array) if array is not None else ():
            if _is_moved(own, sizes):
                return at(node, code=short(node), made=", ".join(own))
    return None


def _texts(items: list[ast.expr]) -> list[str]:
    """Return the lengths that stand one by one, or in a tuple, as texts."""
    tuples = [each for each in items if isinstance(each, (ast.Tuple, ast.List))]
    return [ast.unparse(each) for each in (tuples[0].elts if tuples else items)]


def _orders(evidence: Evidence, array: ast.expr) -> Iterator[list[str]]:
    """Yield the lengths of an array's axes in the order in which it was made or listed."""
    values = values_of(evidence).get(array.id, []) if isinstance(array, ast.Name) else [array]
    made = values[0] if len(values) == 1 else None
    if not isinstance(made, ast.Call) or not made.args:
        return
    if called(made, *MADE) and isinstance(made.args[0], ast.Tuple):
        yield _texts(made.args)
    elif called(made, *LISTS) and isinstance(made.args[0], ast.ListComp) and not _has_axis(made):
        loops = made.args[0].generators
        yield [
            ast.unparse(loop.iter.args[0])
            if called(loop.iter, "range") and len(loop.iter.args) == 1  # type: ignore[attr-defined]
            else ast.unparse(loop.iter)
            for loop in loops
        ]


def _has_axis(call: ast.Call) -> bool:
    """Return whether a call says which axis is a new one."""
    return len(call.args) > 1 or any(each.arg == "axis" for each in call.keywords)


def _is_moved(own: list[str], sizes: list[str]) -> bool:
    """Return whether several lengths that are in both stand there in another order."""
    both = [each for each in own if each in sizes]
    apart = len({*own}) == len(own) and len({*sizes}) == len(sizes)
    alike = len(own) == len(sizes) and len(both) >= max(LEAST, len(own) - 1)
    return apart and alike and both != [each for each in sizes if each in both]


def arguments_in_each_others_place(evidence: Evidence) -> Found:
    """Find a call that passes a name in the place of another one that it passes, too.

    That is one of the student's own functions, or of the tasks'.
    """
    for node in evidence.nodes:
        name = node.func.id if isinstance(node, ast.Call) and _is_name(node.func) else ""  # type: ignore[attr-defined]
        own = helpers_of(evidence).get(name)
        every = (*own.args.posonlyargs, *own.args.args) if own else ()
        wanted = [each.arg for each in every] if own else HELPERS.get(name, ())
        given = [ast.unparse(each) for each in getattr(node, "args", ())] if wanted else []
        for place, text in enumerate(given):
            # Each of the two stands where the other one belongs.
            other = wanted.index(text) if text in wanted else place
            exchanged = place < other < len(given) and given[other] == wanted[place]
            # Beside a call in the usual order this one may be meant as it is.
            if exchanged and len(list(calls(evidence.function or node, name))) == 1:
                head = f"{name}({', '.join(wanted)})"
                return at(node, code=short(node), one=text, other=given[other], head=head)
    return None


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)
