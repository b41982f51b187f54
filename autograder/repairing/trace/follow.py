"""Where a function's trace leaves the right way: right values in, a wrong one out.

The right values are those of the reference, which is traced in the trusted process. No line is
told rather than a doubtful one.
"""

import ast
import builtins
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from autograder.repairing.code import renamed, same_as
from autograder.repairing.trace import values
from autograder.repairing.trace.events import Event, Reference, Traced, events
from autograder.repairing.trace.names import NUMPY, kin, plain_targets
from autograder.repairing.trace.odd import odd_names
from autograder.repairing.trace.sharing import shared_names, sources_of
from autograder.repairing.trace.values import Places, Room, same, same_places, same_turns
from autograder.repairing.trace.writer import Site

MOST_LINES = 2
MOST_LOOKED_AT = 50
MOST_TRIES = 4
"""How many values are found to be meant otherwise before no line is told."""

RIGHT, WRONG, NEITHER, PARTLY = "right", "wrong", "neither", "partly"


@dataclass
class State:
    """What is known of a name's value: `lines` are those of statements that can't be judged."""

    known: str
    lines: frozenset[int] = frozenset()
    site: int = -1
    """The statement that made it wrong."""


@dataclass
class FirstWrong:
    """Follows a student's trace beside the reference's; `lines` is what it tells.

    Raises TooMuch where that takes too long.
    """

    student: Traced
    reference: Reference
    helpers: Collection[str]
    outputs: int
    excused: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._room = Room(values.MOST_PLACES, values.MOST_SECONDS)
        reference, student = self.reference.traced.code, self.student.code
        self._names = shared_names(reference, student, self.outputs)
        self._kin = kin(student.function)
        self._odd = odd_names(student, self.helpers)
        self._conditions = {
            same_as(renamed(node.test, {}))
            for node in ast.walk(reference.function)
            if isinstance(node, ast.If)
        }
        back = {own: ast.Name(theirs, ast.Load()) for own, theirs in self._names.items()}
        self._back: dict[str, ast.expr] = dict(back)
        self._others: dict[int, bool] = {}
        self._tests: dict[ast.expr, bool] = {}
        self._globals = {*NUMPY, *self.helpers, *dir(builtins)}
        self._bound: dict[str, list[int]] = {}
        for number in dict.fromkeys(number for number, _ in self.student.records):
            site = self.student.made.sites[number]
            if site.kind in ("bind", "loop") and site.name:
                self._bound.setdefault(site.name, []).append(number)
        self._follow(self._names)
        doubtful = {s.name for s in self.student.made.sites if s.kind == "each"}
        doubtful = (doubtful - self._loops_meant_so()) | self._loops_turned_round()
        self._follow({own: r for own, r in self._names.items() if own not in doubtful})
        self._odd |= self._left_alone()

    def _follow(self, names: dict[str, str]) -> None:
        self._names = names
        self._events = list(events(self.student, names))
        self._judged: dict[int, tuple[bool | None, bool]] = {}
        self._writes = Counter(
            (e.site.name, e.point) for e in self._events if e.site.kind == "write"
        )

    def _loops_meant_so(self) -> set[str]:
        """Return the loops' variables that mean what those of the same name mean.

        That shows where the loops go through the same, or something right is worked out of them.
        """
        found = set()
        for event in self._events:
            site = event.site
            if site.kind in ("loop", "bind", "write") and self.right(event)[0]:
                if site.kind == "loop":
                    found.add(site.name)
                else:
                    within = {n for loop in site.loops for n in plain_targets(loop.target)}
                    found |= within & site.reads
        return found

    def _loops_turned_round(self) -> set[str]:
        """Return the variables of loops whose likes are the other way round in the reference.

        Either may be meant by either then, where the names don't say it.
        """
        order = [s.name for s in self.reference.traced.made.sites if s.kind == "each"]
        found = set()
        for site in self.student.made.sites:
            if site.kind != "each" or self._names.get(site.name) not in order:
                continue
            for outer in (n for loop in site.loops[:-1] for n in plain_targets(loop.target)):
                pair = (outer, site.name)
                roles = [self._names.get(name, "") for name in pair]
                if roles[0] in order and order.index(roles[0]) > order.index(roles[1]):
                    found |= {*pair} if [*pair] != roles else set()
        return found

    def _left_alone(self) -> set[str]:
        """Return the arrays of which the reference writes elements, and the student none."""
        theirs = kin(self.reference.traced.code.function)
        written = {name for kind, name in self.reference.of if kind == "write"}
        written = {each for name in written for each in theirs.get(name, {name})}
        own = {name for name, _ in self._writes}
        own = {each for name in own for each in self._kin.get(name, {name})}
        return {name for name, role in self._names.items() if role in written} - own

    def lines(self) -> tuple[int, ...]:
        """Return the line of the first wrong value, two where one of them must be; else none."""
        for _ in range(MOST_TRIES):
            run = _Run(self)
            found = run.first()
            if found is None:
                return ()
            site, lines = found
            if run.is_confirmed(site):
                return lines
            self.excused.add(site)
        return ()

    def reads_known(self, site: Site) -> bool:
        """Return whether every condition around a statement is one that the reference has."""
        for test, _ in site.conditions:
            if test not in self._tests:
                self._tests[test] = same_as(renamed(test, self._back)) in self._conditions
        return all(self._tests[test] for test, _ in site.conditions)

    def means_another(self, event: Event) -> bool:
        """Return whether a value is that of a name of the reference that the student has not."""
        kind = event.site.kind
        if kind in ("bind", "loop") and event.number not in self._others:
            agree = same_turns if kind == "loop" else same
            missing = {name for of, name in self.reference.of if of == kind}
            self._others[event.number] = any(
                agree(event.value, other.value) is True
                for name in missing - {*self._names.values(), "_"}
                for other in self.reference.of[kind, name][:MOST_LOOKED_AT]
            )
        return self._others.get(event.number, False)

    def is_of_all(self, site: Site) -> bool:
        """Return whether a statement's name and all that goes into its value are the reference's.

        What is left out, such as a factor, may come later.
        """
        role = self._names.get(site.name, "")
        if site.kind != "bind":
            return role == site.name or site.kind == "return"
        theirs, own = self.reference.traced, self.student
        needed = sources_of(theirs.made.sites, theirs.code.parameters, {role})
        given = sources_of(own.made.sites, own.code.parameters, site.reads)
        places = [theirs.code.parameters.index(name) for name in needed]
        has_all = {own.code.parameters.index(name) for name in given} >= {*places}
        return role == site.name and has_all

    def other_branch(self, site: Site) -> frozenset[int]:
        """Return the line of the condition of a statement of which another branch has a like one.

        Where the branches have changed places, the condition may be what is wrong.
        """
        here = dict(site.conditions)
        for other in self.student.made.sites if here else ():
            swapped = any(here.get(test, is_true) != is_true for test, is_true in other.conditions)
            if swapped and (other.kind, other.name) == (site.kind, site.name):
                return frozenset([site.conditions[-1][0].lineno])
        return frozenset()

    def right(self, event: Event) -> tuple[bool | None, bool]:
        """Return whether a record is right (None: can't be said), and whether it has a role."""
        self._room.take()
        if event.point is None or event.number in self.excused or event.site.name in self._odd:
            return None, False
        # The events are kept, so that no other has the same id.
        if id(event) not in self._judged:
            self._judged[id(event)] = self._judge(event)
        return self._judged[id(event)]

    def _judge(self, event: Event) -> tuple[bool | None, bool]:
        assert event.point is not None
        site = event.site
        if site.kind == "return":
            return self._returned(event), True
        role = self._names.get(site.name)
        if role is None:
            return None, False
        if site.kind == "write":
            return self._wrote(event, role), True
        if site.kind == "each":
            return (True if self.reference.at("each", role, event.point) else None), True
        twin = self._twin(event, role)
        if site.kind != "after" and twin is None:
            return None, False
        wanted = self.reference.at(site.kind, role, event.point, twin)
        if site.kind == "after":
            wanted = [e for e in wanted if e.point == event.point]
        if not wanted:
            return None, True
        return self._agrees(event, wanted), True

    def _agrees(self, event: Event, wanted: list[Event]) -> bool | None:
        first = wanted[0].value
        for each in wanted[1:]:
            self._room.take()
            if same(each.value, first) is not True:
                return None
        if event.site.kind == "loop":
            return same_turns(event.value, first)
        return same(event.value, first)

    def _twin(self, event: Event, role: str) -> Site | None:
        """Return the reference's statement that a student's stands for, by their order."""
        own, theirs = self._bound.get(event.site.name, []), self.reference.sites(role)
        if len(own) != len(theirs) or event.number not in own:
            return None
        twin = theirs[own.index(event.number)]
        return twin if twin.kind == event.site.kind else None

    def _returned(self, event: Event) -> bool | None:
        theirs = self.reference.of.get(("return", ""), [])
        if not theirs:
            return None
        if self.outputs == 1 and not isinstance(theirs[0].value, tuple):
            return same(event.value, theirs[0].value)
        got, wanted = event.value, theirs[0].value
        if not (isinstance(got, tuple) and isinstance(wanted, tuple) and len(got) == len(wanted)):
            return None
        parts = [same(*pair) for pair in zip(got, wanted, strict=True)][: self.outputs]
        # What a name holds is worked out elsewhere.
        return False if False in parts else None if None in parts else True

    def _wrote(self, event: Event, role: str) -> bool | None:
        assert event.point is not None
        if self._writes[event.site.name, event.point] != 1:
            return None
        theirs = self.reference.at("write", role, event.point)
        if len({e.site for e in theirs}) != 1:
            return None
        got = Places.of(event.value, event.site.node, self._room)
        wanted = [self.reference.places(each) for each in theirs]
        if got is not None:
            self._room.take(sum(len(each.at) for each in wanted if each))
        return same_places(got, wanted)


def _passes_on(site: Site) -> bool:
    """Return whether a statement only returns names; what they hold is worked out elsewhere."""
    if site.kind != "return":
        return False
    value = site.node.value.args[1]  # type: ignore[attr-defined]
    items = value.elts if isinstance(value, ast.Tuple) else [value]
    return any(isinstance(item, ast.Name) for item in items)


class _Run:
    """One way through a trace: what is known of each name, and what is the first to be wrong."""

    def __init__(self, follow: FirstWrong) -> None:
        self._follow = follow
        self._states = {
            name: State("" if name in follow._odd else RIGHT)
            for name in follow.student.code.parameters
        }
        self._tally: dict[int, dict[bool, int]] = {}
        self._agreed: set[str] = set()
        self._found: list[tuple[int, Site, frozenset[int]]] = []
        for event in follow._events:
            self._take(event)

    def first(self) -> tuple[int, tuple[int, ...]] | None:
        """Return the first statement that makes a right value wrong, with its lines."""
        for number, site, lines in self._found:
            is_sure = site.name in self._agreed or self._follow.is_of_all(site)
            return (number, tuple(sorted(lines))) if len(lines) <= MOST_LINES and is_sure else None
        return None

    def is_confirmed(self, number: int) -> bool:
        """Return whether what reads the value is wrong for it, and not meant for such a value."""
        tally = self._tally.get(number, {})
        kind = self._follow.student.made.sites[number].kind
        if kind == "return" or (kind != "bind" and not tally):
            return True
        return tally.get(False, 0) > tally.get(True, 0)

    def _take(self, event: Event) -> None:
        site, name = event.site, event.site.name
        right, _ = self._follow.right(event)
        reads, lines = self._reads(site)
        self._count(site, right)
        if right is True and name:
            self._agreed.add(name)
        lines |= {site.line, *self._follow.other_branch(site)}
        sure = reads in (RIGHT, NEITHER) and self._follow.reads_known(site)
        sure = sure and not _passes_on(site)
        if (
            right is False
            and site.kind != "after"
            and sure
            and not self._follow.means_another(event)
        ):
            self._found.append((event.number, site, lines))
        if site.kind == "write":
            self._write(event, right)
        elif site.kind == "after":
            known = {True: RIGHT, False: WRONG}.get(right)
            self._set(name, State(known) if known else None)
        elif site.kind == "each":
            self._set(name, State(RIGHT) if right else None)
        elif site.kind == "bind":
            if right is True:
                self._set(name, State(RIGHT))
            elif right is False:
                self._set(name, State(WRONG, lines, event.number))
            else:
                known = reads in (RIGHT, NEITHER)
                self._set(name, State(NEITHER, lines) if known else None)

    def _set(self, name: str, state: State | None) -> None:
        if state is None or name in self._follow._odd:
            # A parameter that is bound again is none any more.
            self._states[name] = State("")
        else:
            self._states[name] = state

    def _reads(self, site: Site) -> tuple[str, frozenset[int]]:
        lines: frozenset[int] = frozenset()
        known = RIGHT
        for name in site.reads:
            state = self._states.get(name)
            if state is None and name in self._follow._globals:
                continue
            if state is None or state.known not in (RIGHT, NEITHER):
                return "", lines
            if state.known == NEITHER:
                known, lines = NEITHER, lines | state.lines
        if site.kind == "write":
            root = self._states.get(site.name)
            if root is None or root.known not in (RIGHT, PARTLY):
                return "", lines
        return known, lines

    def _count(self, site: Site, right: bool | None) -> None:
        if right is None or site.kind == "each":
            return
        names = {*site.reads, *([site.name] if site.kind == "write" else [])}
        for name in names:
            state = self._states.get(name)
            if state is not None and state.known == WRONG and state.site >= 0:
                tally = self._tally.setdefault(state.site, {})
                tally[right] = tally.get(right, 0) + 1

    def _write(self, event: Event, right: bool | None) -> None:
        for name in self._follow._kin.get(event.site.name, {event.site.name}):
            state = self._states.get(name)
            if right is False:
                self._states[name] = State(WRONG, frozenset(), event.number)
            elif right is None:
                self._states[name] = State("")
            elif state is not None and state.known == RIGHT and event.site.loops:
                self._states[name] = State(PARTLY)
