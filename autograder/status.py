"""How submissions, exercises and cells ended, for machines and in words."""

from enum import StrEnum

from checks.text import Text


class Status(StrEnum):
    """How a submission as a whole stands."""

    GRADED = "graded"
    FAILED = "failed"
    """Nothing of the file could be graded."""
    MISSING = "missing"
    """There is no file."""

    @property
    def text(self) -> Text:
        """The status in words."""
        return _STATUS[self]


class ExerciseStatus(StrEnum):
    """How one exercise ended."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_IMPLEMENTED = "not_implemented"
    ERROR = "error"
    TIMEOUT = "timeout"
    MISSING = "missing"

    @property
    def text(self) -> Text:
        """The status in words."""
        return _EXERCISE_STATUS[self]

    @property
    def is_absent(self) -> bool:
        """Whether the student has not written the function."""
        return self in (ExerciseStatus.NOT_IMPLEMENTED, ExerciseStatus.MISSING)


class CellStatus(StrEnum):
    """How a submitted cell ended."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    """It was not run: it is there to play in, or the notebook ended before it."""


_STATUS = {
    Status.GRADED: Text("graded", "已评分"),
    Status.FAILED: Text("failed", "无法评分"),
    Status.MISSING: Text("missing", "未提交"),
}
_EXERCISE_STATUS = {
    ExerciseStatus.RIGHT: Text("right", "正确"),
    ExerciseStatus.WRONG: Text("wrong", "有误"),
    ExerciseStatus.NOT_IMPLEMENTED: Text("not implemented", "未实现"),
    ExerciseStatus.ERROR: Text("stopped with an error", "运行出错"),
    ExerciseStatus.TIMEOUT: Text("ran out of time", "运行超时"),
    ExerciseStatus.MISSING: Text("not found in the file", "未找到"),
}
