"""What nbgrader's exchange needs beside a graded notebook and a feedback page: time and secret.

A student fetches feedback by the secret that ``nbgrader submit`` put beside the submission.
"""

import secrets
from pathlib import Path

from autograder.course import Course
from autograder.files import write_atomically
from autograder.reading.times import read_secret, read_timestamp

TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"


def write_receipts(course: Course, step: str, student: str, assignment: str) -> set[str]:
    """Write both files into the folder of a step, "autograded" or "feedback"; return their names.

    ``nbgrader release_feedback`` stops for the whole class where one of them is missing, so a
    submission that came without a secret gets one that nobody knows. Raises OSError where the
    folder can't be written to.
    """
    submitted = course.folder("submitted", student, assignment)
    moment, _ = read_timestamp(submitted)
    files = {SECRET: read_secret(submitted) or secrets.token_hex(64)}
    if moment is not None:
        files[TIMESTAMP] = f"{moment.isoformat(' ')} UTC\n"
    elif step == "feedback":
        files[TIMESTAMP] = "\n"
    folder: Path = course.folder(step, student, assignment)
    for name, text in files.items():
        write_atomically(folder / name, text.encode())
    return set(files)
