"""Refuses the nbgrader_config.py of a course begun with an older version, which names this module.

nbgrader would end in a traceback that says only that something could not be imported.
"""

from pathlib import Path

from autograder.course import Course
from checks.text import Text

_OLD = Text(
    "nbgrader_config.py belongs to an older version of this course: take the file that came with "
    "this version, and repeat in it what you had changed. Submissions, gradebook and marks stay.",
    "nbgrader_config.py 属于本课程的旧版本：请换上随新版本提供的文件，"
    "并在其中重新写入你改过的设置。提交、成绩册和成绩都会保留。",
)

raise SystemExit(_OLD.in_(Course(Path.cwd()).spoken))
