"""Which system calls do submissions make, and what does the sandbox's table say of each?

Debian's strace watches the grading of three classes of each assignment: every style of
correct functions, the generated class, and the attacks. What a process calls counts from when it
takes the filter, its children included.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import ROOT, Course
from autograder.sandbox.inside.syscalls import ALLOW, KILL, RULES, TABLE
from benchmarks.class_folder import engine_course
from checks.assignments import ASSIGNMENTS
from checks.text import ENGLISH, LANGUAGES
from solutions import gallery
from solutions.catalogue import load
from solutions.corpora.attacks import Places, attacks, convnet, write

STYLES, CLASS, ATTACKS = "correct styles", "generated class", "attacks"
CLASSES = (STYLES, CLASS, ATTACKS)
GOOD_WILL = (STYLES, CLASS)

LIMITS = """
c.Limits.cell_cpu = 5.0
c.Limits.call_cpu = 2.0
c.Limits.group_cpu = 4.0
"""
"""What never ends need not be watched for long."""

GRADE = """
import sys
from pathlib import Path
from autograder.course import Course
from autograder.run_class import grade_and_record
grade_and_record(Course(Path(sys.argv[1])), sys.argv[2], jobs=1, explain="none")
"""

_LINE = re.compile(r"(?P<process>\d+) +(?P<what>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<rest>.*)")
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)")
_CHILD = re.compile(r"\) += (?P<here>\d+)(?: /\* (?P<outside>\d+) in strace's PID NS \*/)?$")
_MAKE_PROCESSES = ("clone", "clone3", "fork", "vfork")
_FILTER = "PR_SET_SECCOMP, SECCOMP_MODE_FILTER"


@dataclass
class Log:
    """Reads strace's lines one by one; `calls` counts those behind a filter, by name.

    `behind` tells of each living process whether it has the filter; what a child calls before
    its parent's call has returned waits in `early`.
    """

    calls: Counter[str] = field(default_factory=Counter)
    behind: dict[int, bool] = field(default_factory=dict)
    early: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def read(self, lines: Iterable[str]) -> Counter[str]:
        """Return how often each call was made behind a filter."""
        for line in lines:
            if not (match := _LINE.match(line)):
                continue
            process, what = int(match["process"]), match["what"].rstrip()
            if not self.behind:
                self.behind[process] = False
            if process in self.behind:
                self._take(process, what)
            else:
                self.early[process].append(what)
        # Their parents ended before the call returned; only a job's processes do.
        for process in list(self.early):
            self._begin(process, True)
        return self.calls

    def _begin(self, process: int, behind: bool) -> None:
        self.behind[process] = behind
        for what in self.early.pop(process, ()):
            self._take(process, what)

    def _take(self, process: int, what: str) -> None:
        if what.startswith("+++"):
            self.behind.pop(process, None)
            return
        call, resumed = _CALL.match(what), _RESUMED.match(what)
        match = call or resumed
        if not match:
            return
        behind = self.behind.get(process, True)
        if call and behind:
            self.calls[match["name"]] += 1
        if match["name"] in _MAKE_PROCESSES and (child := _CHILD.search(what)):
            self._begin(int(child["outside"] or child["here"]), behind)
        if match["name"] == "prctl" and _FILTER in what and what.endswith(" = 0"):
            self.behind[process] = True


def why_not() -> str:
    """Return what is missing for this measurement, or ""."""
    return "" if shutil.which("strace") else "strace is missing; run: apt-get install strace"


def report(folder: Path) -> bool:
    """Print the table; return whether all that was called in good will may be called.

    Raises RuntimeError where a run did not end as a run does.
    """
    found: dict[str, Counter[str]] = {name: Counter() for name in CLASSES}
    for assignment in ASSIGNMENTS:
        for name in CLASSES:
            root = folder / f"{assignment} {name}"
            count = _hand_in(root, assignment, name)
            print(f"{assignment}: {name}, {count} submissions ...", file=sys.stderr, flush=True)
            found[name] += _watched(root, assignment)
    print("\n".join(table(found)))
    ending = {name for calls in TABLE if calls.action == KILL for name in calls.numbers()}
    return not any(ending & found[name].keys() for name in GOOD_WILL)


def table(found: dict[str, Counter[str]]) -> Iterator[str]:
    """Yield the lines of the report: the table's groups, what none called, what is refused."""
    yield f"{'may be called':52}{'names':>6}" + "".join(f"{name:>17}" for name in CLASSES)
    groups = [(c.reason, list(c.numbers())) for c in TABLE if c.action == ALLOW]
    groups.append(("by argument", list(dict.fromkeys(rule.name for rule in RULES))))
    for reason, names in groups:
        seen = [sum(1 for name in names if found[kind][name]) for kind in CLASSES]
        yield f"{reason[:50]:52}{len(names):>6}" + "".join(f"{count:>17}" for count in seen)
    allowed = [name for _, names in groups for name in names]
    unseen = [name for name in allowed if not any(found[kind][name] for kind in CLASSES)]
    yield f"\n{len(unseen)} that nobody called here: {', '.join(unseen)}"
    refused = {name: calls for calls in TABLE for name in calls.numbers() if name not in allowed}
    yield f"\n{'answered otherwise':52}{'':6}" + "".join(f"{name:>17}" for name in CLASSES)
    for name in sorted({n for kind in CLASSES for n in found[kind]} - set(allowed)):
        calls = refused.get(name)
        answer = "ENOSYS" if not calls else "ends the process" if calls.action == KILL else "EPERM"
        counts = "".join(f"{found[kind][name]:>17}" for kind in CLASSES)
        yield f"{name + ': ' + answer:58}{counts}"


def _hand_in(root: Path, assignment: str, name: str) -> int:
    """Make a course with one of the classes handed in; return how many submissions it has."""
    course = engine_course(root, ())
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8") + LIMITS, "utf-8")
    submitted = root / "build" / "submitted"
    if name == ATTACKS:
        secrets = root / "secrets"
        secrets.mkdir()
        for file in ("gradebook.db", "other.ipynb", "verdict.json", "round.json"):
            (secrets / file).write_text("secret")
        second = assignment == "convnet_application"
        every = [*attacks(), *(convnet.ATTACKS if second else ())]
        wrong = {"wrong": convnet.WRONG} if second else {}
        for attack in every:
            path = write(attack, submitted / attack.id / assignment, Places(secrets, root), **wrong)
            path.rename(path.with_name(f"{assignment}.ipynb"))
        return len(every)
    catalogue, texts = load(assignment), gallery.styles(assignment)
    released = {language: _released(course, language, assignment) for language in LANGUAGES}
    students = list(gallery.students(assignment))
    if name == STYLES:
        students = [gallery.Student(style, "correct", style=style) for style in texts]
    for student in students:
        path = submitted / student.id / assignment / (student.file_name or f"{assignment}.ipynb")
        path.parent.mkdir(parents=True)
        language = student.language if student.language in released else ENGLISH
        path.write_bytes(gallery.submission(student, released[language], catalogue, texts))
    return len(students)


def _released(course: Course, language: str, assignment: str) -> gallery.Notebook:
    return json.loads(course.notebook(language, assignment).read_text("utf-8"))


def _watched(root: Path, assignment: str) -> Counter[str]:
    """Grade the class under strace; return what its jobs called."""
    reading, writing = os.pipe()
    command = ["strace", "-f", "-q", "--pidns-translation", "-e", "signal=none"]
    command += [
        "-o",
        f"/proc/self/fd/{writing}",
        sys.executable,
        "-c",
        GRADE,
        str(root),
        assignment,
    ]
    with open(root / "log", "w+") as log:
        run = subprocess.Popen(
            command,
            cwd=ROOT,
            pass_fds=[writing],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        os.close(writing)
        with open(reading, encoding="utf-8", errors="replace") as lines:
            calls = Log().read(lines)
        code = run.wait()
        if code or not calls:
            log.seek(0)
            raise RuntimeError(f"the grader ended with {code}: {log.read()[-2000:]}")
    return calls
