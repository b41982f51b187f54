"""What commands say when they can't go on, in a Chinese course and in one of a third language."""

import re

import pytest

from autograder import __main__ as main_module
from autograder.course import Course, CourseError
from autograder.course_lock import holder, locked
from autograder.grading import store
from autograder.grading.rounds import round_to_grade_in
from autograder.recording.nbgrader_steps import spoken_errors
from autograder.sandbox import SandboxError
from checks import text

NAME = "cnn_step_by_step"
COMMANDS = re.compile(r"(?:autograder|nbgrader|pip)(?: [\w./'<>=*-]+)*")
ENGLISH = re.compile(r"[A-Za-z']{2,} [a-z']{2,} [a-z']{2,}")
CHINESE = "[\u4e00-\u9fff]"


@pytest.fixture
def told(course, monkeypatch, capsys):
    """Run a command in a course; return its exit code and the lines that it printed."""
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    # The commands take the course that they stand in.
    monkeypatch.setattr(Course.__init__, "__defaults__", (course.root,))
    monkeypatch.setattr(Course, "has_solutions", True)

    def run(*words: str) -> tuple[int, list[str]]:
        code = main_module.main(words)
        printed = capsys.readouterr()
        return code, [*printed.out.splitlines(), *printed.err.splitlines()]

    return run


def in_english(lines: list[str]) -> list[str]:
    """Return the lines that have English sentences, or nothing of Chinese but paths."""
    plain = [COMMANDS.sub("", line) for line in lines]
    return [line for line in plain if ENGLISH.search(line) or not re.search(CHINESE, line)]


REFUSED = [
    ("grade", "unknown"),
    ("grade", NAME),
    ("grade", NAME, "--student", "nobody"),
    ("grade", NAME, "--stale", "--resume"),
    ("grade", NAME, "--section", "A"),
    ("grade", NAME, "--shard", "3/2"),
    ("grade", NAME, "--shard", "1/2", "--json"),
    ("grade", NAME, "--dask", "tcp://nowhere:1"),
    ("merge", "unknown"),
    ("merge", NAME),
    ("watch", "unknown"),
    ("mine", NAME),
    ("report", NAME),
    ("report", NAME, "--past", "absent"),
    ("collect", "canvas", "absent.zip", "--assignment", NAME),
    ("collect", "moodle", "{table}", "--assignment", NAME, "--times", "{table}"),
    ("collect", "files", "{root}", "--assignment", NAME, "--roster", "{table}"),
    ("export", "canvas", "{table}", "--assignment", NAME),
    ("export", "moodle", "{table}", "--assignment", NAME, "--feedback"),
    ("export", "canvas", "{table}", "--assignment", NAME, "--feedback", "--scale"),
    ("due", "unknown"),
    ("due", NAME, "next week"),
    ("due", NAME, "2026-01-01 20:00 EST"),
    ("extend", NAME, "ada", "soon"),
    ("extend", NAME, "ada", "400d"),
    ("extend", NAME, "nobody", "1d"),
    ("appeal", NAME, "nobody"),
    ("appeal", NAME, "ada", "conv_sideways"),
    ("forget", "nobody"),
    ("forget", "a/b"),
    ("release", "--assignment", "unknown"),
    ("demo", "--assignment", "unknown"),
]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_is_refused_is_refused_in_chinese(told, course, words):
    """Is the one line that says why nothing was done Chinese in a Chinese course, with code 2?"""
    (course.root / "grades.csv").write_text("name\nada\n")
    places = {"{table}": str(course.root / "grades.csv"), "{root}": str(course.root)}
    code, lines = told(*(places.get(word, word) for word in words))
    assert code == 2
    assert in_english(lines) == []
    assert lines[-1].startswith("autograder: ")


def test_what_is_done_is_said_in_chinese(told, course, submit, verdict_of):
    """Do the commands that look and repair speak Chinese in every line, too?"""
    round_to_grade_in(course, NAME)
    for student in ("ada", "bob"):
        store.save(course, verdict_of(submit(student), student))
    submit("eve")
    code, lines = told("verify", NAME)
    assert code == 1 and in_english(lines) == []
    assert {line.split()[0] for line in lines} == {"已修复"} | {"需查看"}
    roster = course.build / "roster.csv"
    roster.write_text("student,canvas_id\nada,1\n")
    source = course.root / "download"
    for name in ("ada_1_2_work.ipynb", "eve_7_8_work.ipynb", "odd.txt"):
        source.mkdir(exist_ok=True)
        (source / name).write_text("{}")
    collected = told("collect", "canvas", str(source), "--assignment", NAME)
    assert collected[0] == 1
    assert in_english([line.partition("->")[2] for line in collected[1] if "->" in line]) == []
    assert in_english(collected[1][-2:]) == []
    table = (course.build / f"{NAME}.collected.csv").read_text().splitlines()[1:]
    notes = [note for row in table if (note := row.rpartition(",")[2])]
    assert len(notes) == 2 and in_english(notes) == []
    for words in (("due", NAME, "2026-01-01 20:00 +0800"), ("extend", NAME, "ada", "2d")):
        code, lines = told(*words)
        assert (code, in_english(lines)) == (0, [])
    code, lines = told("forget", "ada")
    assert code == 2 and in_english(lines) == []


def test_locks_speak_the_courses_language(told, course, monkeypatch):
    """Does a lock say in each language who holds it, and is its file the same in all?"""
    with locked(course, f"autograder grade {NAME}"):
        who = holder(course)
        assert re.fullmatch(rf"autograder grade {NAME} \(process \d+, since .*\)", who["en"])
        assert re.fullmatch(rf"autograder grade {NAME}（进程 \d+，始于 .*）", who["zh"])
        assert (course.build / "lock").read_text() == who["en"]
        code, lines = told("verify", NAME)
    assert code == 2 and in_english(lines) == [] and "--wait" in lines[0]


def test_how_to_go_on_is_said_in_chinese(told, course, monkeypatch):
    """Are an interrupt and a full disk followed by the command that goes on, in Chinese?"""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.run_class.grade_and_record", interrupted)
    code, lines = told("grade", NAME, "--student", "ada")
    ending = f"已停止；继续执行：autograder grade {NAME} --student ada --resume"
    assert (code, lines) == (130, ["", f"autograder: {ending}"])


def test_a_third_language_falls_back_to_english(told, monkeypatch):
    """Does a course in a language without these texts get the English ones?"""
    table = {**text.TABLE, "eo": text.Language("eo")}
    monkeypatch.setattr(text, "LANGUAGES", tuple(table))
    monkeypatch.setattr("autograder.course.LANGUAGES", tuple(table))
    monkeypatch.setenv("COURSE_LANGUAGE", "eo")
    code, lines = told("grade", "unknown")
    assert code == 2
    assert lines[0].startswith("autograder: no assignment 'unknown'; there is: cnn_step_by_step")


def test_nbgrader_logs_our_errors_in_the_courses_language(course, monkeypatch):
    """Is what an error says inside nbgrader's commands, which log it as it is, Chinese, too?"""
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    with pytest.raises(SandboxError, match="沙箱") as error, spoken_errors(course):
        raise SandboxError(text.Text("the sandbox is lost", "沙箱丢失了"))
    assert error.value.__cause__ is None
    with pytest.raises(CourseError, match=r"^no Text$"), spoken_errors(course):
        raise CourseError("no Text")
