"""What a class did that nobody has named: clusters of it, each with an entry for the catalogue.

Two functions belong together where they give the same results on all inputs, or where the same
repair proves what is wrong with them. What a student wrote runs in a sandbox and nowhere else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.course import Course, CourseError
from autograder.grading import store
from autograder.grading.helpers import stub
from autograder.model import CauseVerdict, Repair, Verdict
from autograder.pages.repair_kinds import is_named_by_repair
from autograder.repairing.code import Code
from autograder.repairing.dialogue import Dialogue
from autograder.repairing.entries import entry_text, patches_of
from autograder.repairing.explain import SECONDS, Explainer, Function, wrong_functions
from autograder.repairing.hints import reference_code
from autograder.repairing.repair import ask
from autograder.safe_text import one_line
from autograder.sandbox import Cell, IsolationUnavailable, Sandbox, SandboxError
from checks.assignments import ASSIGNMENTS
from checks.causes import is_suspicion
from checks.fingerprint import NOTHING, Imprint, Slot
from solutions.catalogue import Patches, load, patched_source

MOST_WHO = 12
"""How many students of a cluster are listed."""


@dataclass
class Cluster:
    """Functions with one mistake: whose they are, an example, and what proves the mistake.

    `patches` make the same mistake in the reference; None where no such patch was found.
    """

    exercise: str
    fingerprint: dict[Slot, Imprint]
    example: Function
    repair: tuple[Repair, ...] = ()
    patches: Patches | None = None
    students: list[str] = field(default_factory=list)

    def holds(
        self, exercise: str, fingerprint: dict[Slot, Imprint], patches: Patches | None
    ) -> bool:
        """Tell whether a function of another student has the same mistake."""
        if exercise != self.exercise:
            return False
        same_repair = patches is not None and patches == self.patches
        return same_repair or _agree(fingerprint, self.fingerprint)


def _agree(left: dict[Slot, Imprint], right: dict[Slot, Imprint]) -> bool:
    if all(imprint.failed for imprint in left.values()):
        # Nothing came back: that says nothing of why.
        return False
    return left.keys() == right.keys() and all(
        imprint.agrees(right.get(slot, NOTHING)) for slot, imprint in left.items()
    )


def clusters(verdicts: Iterable[Verdict], sandbox: Sandbox) -> list[Cluster]:
    """Return the clusters of what is not named in the verdicts on one assignment, large ones first.

    No verdict is held. Raises SandboxError where the sandbox fails.
    """
    miner = _Miner(sandbox)
    for verdict in verdicts:
        for function in wrong_functions(verdict):
            if all(map(_is_in_no_catalogue, function.verdict.diagnosis)):
                miner.add(verdict, function)
    return sorted(miner.found, key=lambda c: (-len(c.students), c.exercise, c.students))


def _is_in_no_catalogue(cause: CauseVerdict) -> bool:
    """Return whether only a repair or the function's text has named a mistake."""
    return is_named_by_repair(cause) or is_suspicion(cause.id)


class _Miner:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._explainer = Explainer(sandbox, SECONDS)
        self._known: dict[tuple[str, str], Cluster] = {}
        self.found: list[Cluster] = []

    def add(self, verdict: Verdict, function: Function) -> None:
        """Put a student's function into the cluster that it belongs to."""
        cluster = self._known.get(function.key)
        if cluster is None:
            cluster = self._cluster(verdict, function)
            if cluster is None:
                return
            self._known[function.key] = cluster
        if verdict.student not in cluster.students:
            cluster.students.append(verdict.student)

    def _cluster(self, verdict: Verdict, function: Function) -> Cluster | None:
        """Return the cluster of a function; None where the function can't be searched."""
        searches = self._explainer.search(verdict, [function])
        if not searches:
            return None
        exercise = function.verdict.name
        fingerprint = searches[0].signature()
        patches = None
        if searches[0].repaired is not None:
            patches = self._patches(verdict, function, searches[0])
        for cluster in self.found:
            if cluster.holds(exercise, fingerprint, patches):
                return cluster
        better = self._explainer.with_known(verdict, [function])
        repair = next(e.repair for e in better.exercises if e.name == exercise)
        self.found.append(Cluster(exercise, fingerprint, function, repair, patches))
        return self.found[-1]

    def _patches(self, verdict: Verdict, function: Function, search: Dialogue) -> Patches | None:
        """Return the patch of the reference that gives what the student's function gives."""
        catalogue = load(verdict.assignment)
        reference = reference_code(catalogue.reference, function.verdict.name)
        repaired = getattr(search, "repaired", None)
        patches = patches_of(reference, search.code, Code(repaired)) if repaired else None
        source = patched_source(reference.text, patches) if patches else None
        if source is None:
            return None
        exercise = ASSIGNMENTS[verdict.assignment].exercise(function.verdict.name)
        helpers = {name: stub(catalogue.functions[name]) for name in exercise.helpers}
        try:
            tried = Dialogue(source, search.inputs, SECONDS)
        except (SyntaxError, ValueError):
            return None
        # The sandbox calls only what it has: the function's name is enough.
        cell = Cell(f"import numpy as np\ndef {exercise.name}(): pass", 0)
        ask(self._sandbox, [tried], (cell,), helpers, SECONDS)
        return patches if _same(tried.signature(), search.signature()) else None


def _same(left: dict[Slot, Imprint], right: dict[Slot, Imprint]) -> bool:
    return left.keys() == right.keys() and all(
        imprint.agrees(right[slot]) for slot, imprint in left.items()
    )


def mine(course: Course, assignment: str, level: str) -> Iterator[str]:
    """Yield the lines that tell of an assignment's clusters.

    Raises CourseError, in one line, where nothing was graded or no sandbox can start.
    """
    if assignment not in ASSIGNMENTS:
        raise CourseError(f"no assignment {assignment!r}; there is: {', '.join(ASSIGNMENTS)}")
    count = sum(1 for _ in store.load_all(course, assignment))
    if not count:
        raise CourseError(f"{assignment} was not graded yet: autograder grade {assignment}")
    try:
        with Sandbox(level, Course().notebook_folder(course.language, assignment)) as sandbox:
            found = clusters(store.load_all(course, assignment), sandbox)
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(str(error)) from None
    yield from told(found, count)


def told(found: Sequence[Cluster], count: int) -> Iterator[str]:
    """Yield the lines that tell of the clusters of `count` submissions."""
    functions = sum(len(cluster.students) for cluster in found)
    noun = "function" if functions == 1 else "functions"
    yield (
        f"{functions} wrong {noun} of {count} submissions without a name for the mistake, in "
        f"{len(found)} {'cluster' if len(found) == 1 else 'clusters'}"
    )
    for number, cluster in enumerate(found, 1):
        who = [one_line(student, 40) for student in cluster.students[:MOST_WHO]]
        more = len(cluster.students) - len(who)
        yield ""
        yield f"{number}. {cluster.exercise}: {len(cluster.students)} of {count}"
        yield f"   who      {', '.join(who)}{f' and {more} more' if more else ''}"
        yield f"   example  {_place(cluster)}"
        yield from (f"      | {_shown(line)}" for line in cluster.example.shown.text.split("\n"))
        if cluster.repair:
            yield "   proof    with this change every check passes:"
            for line in cluster.repair:
                yield f"      {line.line:>4} - {_shown(line.text)}"
                for after in line.after.split("\n"):
                    yield f"           + {_shown(after)}"
        else:
            yield "   proof    none: no small change makes every check pass"
        if cluster.patches:
            yield f"   entry    for the misconceptions about {cluster.exercise}:"
            yield from (f"      {line}" for line in entry_text(cluster.patches).split("\n"))
        elif cluster.repair:
            yield "   entry    none: the mistake can't be made in the reference by a small patch"


def _place(cluster: Cluster) -> str:
    student = one_line(cluster.students[0], 40)
    return (
        f"{student}, cell {cluster.example.cell.index + 1}, line {cluster.example.shown.first_line}"
    )


def _shown(line: str) -> str:
    """Return a student's line as a terminal may show it, its indentation kept."""
    text = line.expandtabs(4)
    return " " * (len(text) - len(text.lstrip())) + one_line(text.strip(), 120)
