"""What a class did that nobody has named: clusters of it, each with an entry for the catalogue.

Two functions belong together where they give the same results on all inputs, or where the same
repair proves what is wrong with them. What a student wrote runs in a sandbox and nowhere else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.course import Course, CourseError, need_assignment
from autograder.grading import store
from autograder.grading.helpers import stub
from autograder.model import CauseVerdict, Repair, Verdict
from autograder.pages.repair_kinds import is_named_by_repair
from autograder.pages.terminal import padded
from autograder.repairing.code import Code
from autograder.repairing.dialogue import Dialogue
from autograder.repairing.doubts import reference_code
from autograder.repairing.entries import entry_text, patches_of
from autograder.repairing.explain import SECONDS, Explainer, Function, wrong_functions
from autograder.repairing.repair import ask
from autograder.safe_text import one_line
from autograder.sandbox import Cell, IsolationUnavailable, Sandbox, SandboxError
from autograder.sayings import AND_MORE, NOT_GRADED_YET
from checks.assignments import ASSIGNMENTS
from checks.causes import is_suspicion
from checks.fingerprint import NOTHING, Imprint, Slot
from checks.text import Text, listed
from solutions.catalogue import Patches, load, patched_source

_SUMMARY = Text(
    "{functions} wrong {noun} of {count} submissions without a name for the mistake, in "
    "{clusters} {groups}",
    "{count} 份提交中有 {functions} 个出错的函数没有诊断出错误，分为 {clusters} 组",
)
_CLUSTER = Text("{exercise}: {students} of {count}", "{exercise}：{count} 份中的 {students} 份")
_WHO = Text("who", "学生")
_EXAMPLE = Text("example", "例子")
_PLACE = Text("{student}, cell {cell}, line {line}", "{student}，第 {cell} 个单元格，第 {line} 行")
_PROOF = Text("proof", "依据")
_CHANGE = Text("with this change every check passes:", "改成下面这样就能通过所有检查：")
_NO_CHANGE = Text(
    "none: no small change makes every check pass", "没有：没有哪处小改动能通过所有检查"
)
_ENTRY = Text("entry", "条目")
_TO_PASTE = Text("for the misconceptions about {exercise}:", "用于 {exercise} 的常见错误目录：")
_NO_ENTRY = Text(
    "none: the mistake can't be made in the reference by a small patch",
    "没有：无法用小补丁在参考答案中造成这个错误",
)

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
    need_assignment(assignment)
    count = sum(1 for _ in store.load_all(course, assignment))
    if not count:
        raise CourseError(NOT_GRADED_YET.format(assignment=assignment))
    try:
        with Sandbox(level, course.engine_folder(assignment)) as sandbox:
            found = clusters(store.load_all(course, assignment), sandbox)
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(error.text) from None
    yield from told(found, count, course.language)


def told(found: Sequence[Cluster], count: int, language: str) -> Iterator[str]:
    """Yield the lines that tell of the clusters of `count` submissions."""
    functions = sum(len(cluster.students) for cluster in found)
    summary = _SUMMARY.format(
        functions=functions,
        noun="function" if functions == 1 else "functions",
        count=count,
        clusters=len(found),
        groups="cluster" if len(found) == 1 else "clusters",
    )
    yield summary.in_(language)
    for number, cluster in enumerate(found, 1):
        students = len(cluster.students)
        names = listed(one_line(student, 40) for student in cluster.students[:MOST_WHO])
        if students > MOST_WHO:
            names = AND_MORE.format(names=names, count=students - MOST_WHO)
        head = _CLUSTER.format(exercise=cluster.exercise, students=students, count=count)
        yield ""
        yield f"{number}. {head.in_(language)}"
        yield _row(_WHO, names, language)
        yield _row(_EXAMPLE, _place(cluster), language)
        yield from (f"      | {_shown(line)}" for line in cluster.example.shown.text.split("\n"))
        if cluster.repair:
            yield _row(_PROOF, _CHANGE, language)
            for line in cluster.repair:
                yield f"      {line.line:>4} - {_shown(line.text)}"
                for after in line.after.split("\n"):
                    yield f"           + {_shown(after)}"
        else:
            yield _row(_PROOF, _NO_CHANGE, language)
        if cluster.patches:
            yield _row(_ENTRY, _TO_PASTE.format(exercise=cluster.exercise), language)
            yield from (f"      {line}" for line in entry_text(cluster.patches).split("\n"))
        elif cluster.repair:
            yield _row(_ENTRY, _NO_ENTRY, language)


def _row(head: Text, text: Text, language: str) -> str:
    return f"   {padded(head[language], 8)} {text[language]}"


def _place(cluster: Cluster) -> Text:
    return _PLACE.format(
        student=one_line(cluster.students[0], 40),
        cell=cluster.example.cell.index + 1,
        line=cluster.example.shown.first_line,
    )


def _shown(line: str) -> str:
    """Return a student's line as a terminal may show it, its indentation kept."""
    text = line.expandtabs(4)
    return " " * (len(text) - len(text.lstrip())) + one_line(text.strip(), 120)
