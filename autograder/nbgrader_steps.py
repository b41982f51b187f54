"""Refuses the nbgrader_config.py of a course begun with an older version, which names this module.

nbgrader would end in a traceback that says only that something could not be imported.
"""

raise SystemExit(
    "nbgrader_config.py belongs to an older version of this course: take the file that came with "
    "this version, and repeat in it what you had changed. Submissions, gradebook and marks stay."
)
