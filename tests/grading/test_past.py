"""Submissions of past years among the similar code of the class report."""

import shutil

import pytest

from autograder.course import CourseError
from autograder.grading import store
from autograder.recording.recorder import record
from autograder.run_class import write_report
from tests.grading.conftest import NAME


def test_past_years_are_compared(course, tmp_path, submit, verdict_of):
    """Is code of a past year named where a student of this year has it, and only there?"""
    unusual = """def pool_forward(A_prev, hparameters, mode):
    total = np.einsum("abc,cd->abd", A_prev, A_prev[0])
    answer = np.flip(np.cumsum(total, axis=1)[::-1], axis=0)
    weird = np.lib.stride_tricks.sliding_window_view(answer, 3)
    kept = weird.swapaxes(1, 2).ravel()[::2]
    again = np.where(kept > 17, kept, np.roll(kept, 5))
    final = np.add.reduceat(again, [0, 3, 7])
    return final.astype(np.float32), (A_prev, hparameters)
"""
    for student, code in (("ada", unusual), ("bob", "def pool_forward(A, h, m): return A")):
        verdict = verdict_of(submit(student, {"pool_forward": code}), student)
        store.save(course, verdict)
        record([verdict], course)
    past = tmp_path / "2025"
    for student in ("old-eve", "old-fay"):
        (past / student).mkdir(parents=True)
        file = course.step("submitted") / "ada" / NAME / f"{NAME}.ipynb"
        shutil.copy(file, past / student)
    for number in range(30):
        (past / f"s{number}").mkdir()
        other = f"def pool_forward(A, h, m):\n    return A + {number}, h\n"
        (past / f"s{number}" / "x.py").write_text(other)
    page = write_report(course, NAME, past=[past]).read_text("utf-8")
    assert "2025/old-eve" in page and "2025/old-fay" in page
    assert "2025/s1" not in page
    with pytest.raises(CourseError, match="no such folder"):
        write_report(course, NAME, past=[tmp_path / "nowhere"])
