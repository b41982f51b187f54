"""Is the line of a mistake found after the marks, and what it becomes shown to nobody else?"""

import contextlib
import shutil
from dataclasses import replace

import pytest

from autograder.course import ROOT, Course
from autograder.grading import store
from autograder.grading.grader import Grader
from autograder.pages.feedback import feedback_page
from autograder.pages.repair_kinds import is_named_by_repair
from autograder.pages.report import class_report
from autograder.pages.terminal import verdict_text
from autograder.repairing import of_class
from autograder.repairing.explain import Explainer, without_repair
from autograder.repairing.of_class import budget_of, explained_class
from autograder.sandbox import Sandbox
from checks.assignments import FIRST
from solutions.gallery import styles

LOOPS = styles(FIRST)["loops"]
SEED = 20_26

STRIDE = ("vert_start = h * stride", "vert_start = h")
MEAN = ("np.mean(a_prev_slice)", "np.max(a_prev_slice)")
HELPER = ("A_prev_pad = zero_pad(A_prev, pad)", "A_prev_pad = zero_pad(A_prev, 2 * pad)")


def _file(folder, changes, name="student.py"):
    """Write the functions of a style, with fragments of them replaced."""
    texts = dict(LOOPS)
    for exercise, (old, new) in changes.items():
        assert old in texts[exercise], (exercise, old)
        texts[exercise] = texts[exercise].replace(old, new, 1)
    path = folder / name
    path.write_text("import numpy as np\n\n\n" + "\n\n".join(texts.values()), "utf-8")
    return path


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as made:
        yield made


@pytest.fixture(scope="module")
def graded(sandbox, tmp_path_factory):
    """A verdict with three wrong functions, before and after it was explained."""
    changes = {"conv_forward": HELPER, "pool_forward": MEAN, "pool_backward": STRIDE}
    path = _file(tmp_path_factory.mktemp("file"), changes)
    verdict = Grader(sandbox, SEED).grade_file(path, FIRST)
    return verdict, Explainer(sandbox).explained(verdict)


def _of(verdict, name):
    return next(exercise for exercise in verdict.exercises if exercise.name == name)


@pytest.mark.slow
def test_the_line_is_that_of_the_mistake(graded):
    """Does each wrong function get the line that was changed, as it stands in the file?"""
    before, after = graded
    for name, (_, wrong) in {"conv_forward": HELPER, "pool_forward": MEAN}.items():
        (line,) = _of(after, name).lines
        assert wrong in line.text
        assert before.cells[0].source.split("\n")[line.line - 1].strip() == line.text
    assert [line.text for line in _of(after, "pool_backward").lines] == [STRIDE[1]]


@pytest.mark.slow
def test_marks_and_right_exercises_stay(graded):
    """Is nothing of a verdict changed but lines, the sentence about them, and the repair?"""
    before, after = graded
    for old, new in zip(before.exercises, after.exercises, strict=True):
        same = replace(new, lines=old.lines, where=old.where, repair=(), diagnosis=old.diagnosis)
        assert same == old
        if old.status == "right":
            assert new == old
    assert replace(after, exercises=before.exercises) == before


@pytest.mark.slow
def test_who_sees_what(graded):
    """Do students see the line alone, and instructors what it becomes, too?"""
    _, after = graded
    edit = _of(after, "pool_backward").repair[0].after.strip()
    assert "stride" in edit
    (line,) = _of(after, "pool_backward").lines
    page = feedback_page(after)
    assert f"line {line.line}" in page and edit not in page
    code = page.split('id="pool_backward"')[1]
    assert f'class="line at" data-n="{line.line}"' in code
    assert edit not in str(after.contract_json())
    assert edit in verdict_text(after, "en")
    assert edit in class_report([replace(after, student="ada")], "en")


@pytest.mark.slow
def test_it_survives_the_file(graded):
    """Is a repair read back from a verdict's JSON as it was written?"""
    _, after = graded
    assert type(after).from_json(after.to_json()) == after


@pytest.mark.slow
def test_inputs_are_none_of_the_marks(sandbox, tmp_path, monkeypatch):
    """Is everything that a repair sends drawn for it alone, and nothing of it a right answer?"""
    sent = []

    def watched(job, folder=None):
        sent.append(job)
        return run(job, folder)

    run = sandbox.run
    monkeypatch.setattr(sandbox, "run", watched)
    grader = Grader(sandbox, SEED)
    verdict = grader.grade_file(_file(tmp_path, {"pool_forward": MEAN}), FIRST)
    for_marks = {
        str(call.arguments) for job in sent for group in job.groups for call in group.calls
    }
    sent.clear()
    calls = []
    explainer = Explainer(sandbox)
    searches = explainer.search(verdict, without_repair(verdict))
    for search in searches:
        calls += map(str, search.inputs.arguments.values())
    (job,) = sent
    assert job.definitions_only and not job.figures
    assert calls and not set(calls) & for_marks


@pytest.mark.slow
def test_functions_of_one_syntax_tree_are_repaired_once(sandbox, tmp_path, monkeypatch):
    """Is a function searched once, whose text differs in comments and spaces alone?"""
    verdicts = []
    for number, comment in enumerate(("", "  # the corner")):
        changes = {"pool_forward": (STRIDE[0], STRIDE[1] + comment)}
        path = _file(tmp_path, changes, f"s{number}.py")
        verdicts.append(Grader(sandbox, SEED).grade_file(path, FIRST))
    explainer = Explainer(sandbox)
    first = explainer.explained(verdicts[0])
    used = explainer.cpu_seconds
    second = explainer.explained(verdicts[1])
    assert explainer.cpu_seconds == used > 0
    lines = [_of(v, "pool_forward").lines for v in (first, second)]
    assert [line.text for line in lines[0]] == [STRIDE[1]]
    assert [line.text for line in lines[1]] == [STRIDE[1] + "  # the corner"]


@pytest.mark.slow
def test_a_class_gets_its_lines(sandbox, tmp_path, monkeypatch):
    """Are verdicts saved with their lines, and none searched for again, or without a budget?"""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    course = Course(tmp_path)
    students = {"ada": {"pool_forward": MEAN}, "emil": {"pool_backward": STRIDE}}
    for student, changes in students.items():
        verdict = Grader(sandbox, SEED).grade_file(_file(tmp_path, changes), FIRST)
        store.save(course, replace(verdict, student=student))
    monkeypatch.setattr(of_class, "Sandbox", lambda *_: contextlib.nullcontext(sandbox))
    chosen = (course, FIRST, students, "auto")
    assert list(explained_class(*chosen, budget=0.0)) == []
    found = {v.student: v for v in explained_class(*chosen, budget=float("inf"))}
    assert set(found) == {"ada", "emil"}
    for student, verdict in found.items():
        assert store.load(course, FIRST, student) == verdict
        assert any(exercise.repair for exercise in verdict.exercises)
    assert list(explained_class(*chosen, budget=float("inf"))) == []


def test_budget():
    """Is it a tenth of the run's CPU time, nothing where that is too little, and all if asked?"""
    assert budget_of("some", 100.0) == 10.0
    assert budget_of("some", 5.0) == budget_of("none", 1e6) == 0.0
    assert budget_of("all", 0.0) == float("inf")


@pytest.mark.slow
def test_the_repair_names_what_nothing_else_names(sandbox, tmp_path):
    """Is a mistake that no entry describes named by its repair, with the student's own part?"""
    path = _file(tmp_path, {"pool_forward": ("np.mean(a_prev_slice)", "np.mean(a_prev_slice) + f")})
    verdict = Grader(sandbox, SEED).grade_file(path, FIRST)
    assert _of(verdict, "pool_forward").diagnosis == ()
    explained = Explainer(sandbox).explained(verdict)
    exercise = _of(explained, "pool_forward")
    (cause,) = exercise.diagnosis
    assert cause.id == "pool_forward/part_too_much" and is_named_by_repair(cause)
    assert "`+ f`" in cause.message["en"] and "`+ f`" in cause.message["zh"]
    assert cause.lines == exercise.lines and cause.lines[0].text.endswith("+ f")
    assert "does not belong there" in feedback_page(explained)
    assert "In <code>…</code>" in class_report([replace(explained, student="ada")], "en")


@pytest.mark.slow
def test_a_quoted_line_is_the_line(sandbox, tmp_path):
    """Does the line that a message quotes stay, where a change of another line helps as well?"""
    unstored = ("a = np.ones(shape) * average", "a = np.zeros(shape)\n    a + average")
    path = _file(tmp_path, {"distribute_value": unstored})
    explained = Explainer(sandbox).explained(Grader(sandbox, SEED).grade_file(path, FIRST))
    exercise = _of(explained, "distribute_value")
    (cause,) = exercise.diagnosis
    assert cause.id == "distribute_value/result_not_stored"
    assert [line.text for line in cause.lines] == ["a + average"] and cause.lines == exercise.lines


@pytest.mark.slow
def test_work_done_anew_is_no_repair(sandbox, tmp_path):
    """Is the wrong line found, and not one in which all of a loop's work could be done again?"""
    loop = "s = 0.0\n    for i in range(len(W)):\n        s = np.sum(a_slice_prev[i] * W[i])\n"
    text = (
        f"def conv_single_step(a_slice_prev, W, b):\n    {loop}    return s + float(b[0, 0, 0])\n"
    )
    path = tmp_path / "student.py"
    path.write_text("import numpy as np\n\n\n" + text, "utf-8")
    explained = Explainer(sandbox).explained(Grader(sandbox, SEED).grade_file(path, FIRST))
    (line,) = _of(explained, "conv_single_step").lines
    assert line.text == "s = np.sum(a_slice_prev[i] * W[i])"


@pytest.mark.slow
def test_what_a_later_line_does_is_not_done_before_it(sandbox, tmp_path):
    """Is the wrong line found, and not the one above it in which its work could be done as well?"""
    path = tmp_path / "student.py"
    text = "def relu_forward(Z):\n    A = Z.copy()\n    A[A < -1] = 0\n    return A\n"
    path.write_text("import numpy as np\n\n\n" + text, "utf-8")
    verdict = Grader(sandbox, SEED).grade_file(path, "convnet_application")
    (line,) = _of(Explainer(sandbox).explained(verdict), "relu_forward").lines
    assert line.text == "A[A < -1] = 0"
