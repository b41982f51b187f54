"""The records of a trace in their order, each with the turn of the loops that it was made in."""

import ast
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.repairing.code import Code
from autograder.repairing.trace.names import plain_targets
from autograder.repairing.trace.values import Places, Room
from autograder.repairing.trace.writer import Instrumented, Site

Turn = float | tuple[float, ...] | None
"""What a loop's variable holds; None where it is nothing simple."""

Point = tuple[tuple[str, Any], ...]
"""The loops' variables around a statement, outermost first, in the reference's names."""

MOST_OF_TURN = 64
"""The largest array that tells the turn of a loop."""

Records = list[tuple[int, Any]]


@dataclass(frozen=True)
class Traced:
    """A function with what is recorded of it."""

    code: Code
    made: Instrumented
    records: Records


@dataclass(frozen=True)
class Event:
    """A record: where, at which point of the loops, and what; `point` is None where not known."""

    number: int
    site: Site
    point: Point | None
    value: Any


def events(traced: Traced, names: Mapping[str, str]) -> Iterator[Event]:
    """Yield the records with the points at which they were made; `names` are those of loops."""
    turns: dict[ast.For, dict[str, Turn]] = {}
    keys: dict[ast.For, list[str | None]] = {}
    for number, value in traced.records:
        site = traced.made.sites[number]
        if site.kind == "each":
            turns.setdefault(site.loops[-1], {})[site.name] = _hashable(value)
        point: list[tuple[str, Any]] | None = [] if site.is_sure else None
        for loop in site.loops:
            if loop not in keys:
                keys[loop] = [names.get(name) for name in plain_targets(loop.target)]
            turn = turns.get(loop, {})
            for name, own in zip(keys[loop], plain_targets(loop.target), strict=True):
                if name is None or point is None or turn.get(own) is None:
                    point = None
                else:
                    point.append((name, turn[own]))
        yield Event(number, site, None if point is None else tuple(point), value)


def _hashable(value: Any) -> Turn:
    if isinstance(value, float):
        return value
    if isinstance(value, np.ndarray):
        return tuple(value.ravel().tolist()) if value.size <= MOST_OF_TURN else None
    return value if isinstance(value, tuple) and all(isinstance(v, float) for v in value) else None


class Reference:
    """The trace of the reference, to look up what is right at a point."""

    def __init__(self, traced: Traced) -> None:
        self.traced = traced
        names = {n for s in traced.made.sites for n in [s.name] if n}
        self.events = list(events(traced, {name: name for name in names}))
        self.of: dict[tuple[str, str], list[Event]] = {}
        for event in self.events:
            self.of.setdefault((event.site.kind, event.site.name), []).append(event)
        self._found: dict[Any, dict[Point, list[Event]]] = {}
        self._places: dict[int, Places | None] = {}
        self._room = Room(math.inf)

    def sites(self, name: str) -> list[Site]:
        """Return the sites at which a name was bound."""
        found = [e.site for kind in ("bind", "loop") for e in self.of.get((kind, name), ())]
        return list(dict.fromkeys(found))

    def at(self, kind: str, name: str, point: Point, site: Site | None = None) -> list[Event]:
        """Return the records of a name at a point, as far as it has the same loops."""
        known = self.of.get((kind, name), ())
        if not known:
            return []
        order = tuple(key for key, _ in point)
        key = (kind, name, site, order)
        if key not in self._found:
            table: dict[Point, list[Event]] = {}
            for event in known:
                if event.point is not None and site in (None, event.site):
                    table.setdefault(_shared(event.point, order), []).append(event)
            self._found[key] = table
        keys = {key for key, _ in known[0].point or ()}
        return self._found[key].get(tuple(sorted(p for p in point if p[0] in keys)), [])

    def places(self, event: Event) -> Places | None:
        """Return where one of its records writes, and what."""
        # The events are kept, so that no other has the same id.
        if id(event) not in self._places:
            self._places[id(event)] = Places.of(event.value, event.site.node, self._room)
        return self._places[id(event)]


def _shared(point: Point, order: tuple[str, ...]) -> Point:
    return tuple(sorted(part for part in point if part[0] in order))
