"""The limits of a submission as a course's settings."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from autograder.course import ROOT, Course, CourseError
from autograder.grading.grade_class import setting_of
from autograder.grading.grader import Grader
from autograder.grading.guard import course_limits
from autograder.grading.rounds import Round
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.limits import limits_of
from checks.assignments import FIRST

PAGE = (ROOT / "docs" / "instructors.md").read_text("utf-8")


@pytest.fixture
def course_with(tmp_path):
    """Make a course folder whose settings end with some lines."""

    def course_with(lines: str) -> Course:
        settings = (ROOT / "nbgrader_config.py").read_text("utf-8")
        (tmp_path / "nbgrader_config.py").write_text(f"{settings}\n{lines}\n", "utf-8")
        return Course(tmp_path)

    return course_with


def test_settings_reach_every_worker(course_with):
    """Do workers get the limits that a course sets, and the usual ones for the rest?"""
    course = course_with("c.Limits.call_cpu = 10.0\nc.Limits.total_memory_bytes = 3 << 30")
    wanted = replace(Limits(), call_cpu=10.0, total_memory_bytes=3 << 30)
    assert setting_of(course, FIRST, "process", Round(1, 7)).limits == wanted
    assert course_limits(course_with("")) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("c.Limits.cpu = 3", "no limit 'cpu'; there are: cell_cpu"),
        ("c.Limits.call_cpu = 0", "call_cpu is 0; it has to be a positive number"),
        ("c.Limits.call_cpu = '5 s'", "positive number"),
        ("c.Limits.call_cpu = float('inf')", "positive number"),
        ("c.Limits.processes = 2.5", "processes is 2.5; it has to be a positive whole number"),
        ("c.Limits.processes = True", "positive whole number"),
    ],
)
def test_what_is_no_limit_is_refused(course_with, line, said):
    """Is a wrong name or value refused in one line that names the file?"""
    with pytest.raises(CourseError) as error:
        course_limits(course_with(line))
    assert said in str(error.value) and "nbgrader_config.py" in str(error.value)


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_a_shorter_limit_ends_a_call_sooner(tmp_path):
    """Does a function that takes a while run out of time under a shorter limit, and not else?"""
    path = tmp_path / "work.py"
    path.write_text(
        "import time\n\n\ndef create_mask_from_window(x):\n"
        "    end = time.process_time() + 0.4\n"
        "    while time.process_time() < end:\n        pass\n"
        "    return x == x.max()\n"
    )
    found = {}
    with Sandbox() as sandbox:
        for call_cpu in (0.1, 3.0):
            grader = Grader(sandbox, 7, limits=limits_of({"call_cpu": call_cpu, "group_cpu": 6.0}))
            verdict = grader.grade_file(path, FIRST)
            (exercise,) = (e for e in verdict.exercises if e.name == "create_mask_from_window")
            found[call_cpu] = exercise.status
    assert found == {0.1: "timeout", 3.0: "right"}


def test_the_page_tells_the_usual_values():
    """Does every limit that docs/instructors.md names exist, with the value that it tells?"""
    table = PAGE[PAGE.index("## Time and memory") :]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]+) \|", table, re.MULTILINE)
    units = {"": 1, "s": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
    told = {}
    for names, values in rows[:7]:
        numbers = [value.split() for value in values.split(", ")]
        amounts = [int(n) * units[unit[0] if unit else ""] for n, *unit in numbers]
        told |= dict(zip(re.findall(r"\w+", names), amounts, strict=True))
    assert len(told) == 15
    usual = {each.name: each.default for each in fields(Limits)}
    assert told == {name: usual[name] for name in told}
