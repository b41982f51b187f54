"""An appeal: the old verdict, the same work graded again, and what is different."""

from dataclasses import replace

import pytest

from autograder.course import CourseError
from autograder.desk.appeal import appeal
from autograder.grading import store
from autograder.recording.gradebook import Writer
from autograder.run_class import grade_and_record
from tests.grading.conftest import with_exercise

NAME = "cnn_step_by_step"
WRONG = "def zero_pad(X, pad):\n    return X"
CORRECT = "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"


@pytest.fixture
def graded(course, submit):
    """A class of one, graded by the engine without isolation, which a test's own code needs not."""
    submit("ada", {"zero_pad": WRONG}, language="zh")
    grade_and_record(course, NAME, level="process", quiet=True)
    return course


def again(course, exercise=None):
    return appeal(course, NAME, "ada", exercise, level="process")


def test_an_appeal_that_changes_nothing(graded):
    """Are verdict, replay lines and two gradings told, in the student's language, unrecorded?"""
    before = store.load(graded, NAME, "ada")
    found = again(graded, "zero_pad")
    assert not found.differs
    assert not found.changed
    assert found.same.seed == before.seed != found.fresh.seed
    text = found.text()
    for seed in (before.seed, found.fresh.seed):
        assert f"seed = {seed}" in text
    assert "没有：得分相同。" in text
    assert "conv_forward：" not in text
    assert "conv_forward：0 / 25 分" in again(graded).text()
    assert store.load(graded, NAME, "ada") == before


def test_an_appeal_that_is_justified(graded):
    """Is it told, by exercise, where the old verdict gave other points?"""
    wrong = with_exercise(store.load(graded, NAME, "ada"), "zero_pad", score=4.0)
    store.save(graded, replace(wrong, language="en"))
    found = again(graded)
    assert found.differs
    line = "zero_pad: 4 points before, 0 on the same inputs, 0 on fresh ones"
    assert found.text().split("\n")[-1].strip() == line


def test_another_file_is_told(graded, submit):
    """Is it told that the file is not the one that was graded?"""
    submit("ada", {"zero_pad": CORRECT})
    found = again(graded, "zero_pad")
    assert found.changed
    assert found.differs
    assert "现在的文件与评分时的文件不同。" in found.text()
    with Writer(graded, NAME) as writer:
        assert writer.marks("ada").score == 0.0


@pytest.mark.parametrize("names", [("bob", None), ("ada", "no_exercise"), ("..", None)])
def test_what_was_not_graded_is_refused(graded, names):
    """Is a student without a verdict, or an exercise that is none, refused in one line?"""
    with pytest.raises(CourseError) as error:
        appeal(graded, NAME, *names, level="process")
    assert "\n" not in str(error.value)
