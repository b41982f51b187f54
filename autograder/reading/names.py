"""What the names of handed-in files show: which may hold work, and what a platform added."""

import re
from pathlib import PurePosixPath

from autograder.course import RELEASED_BEFORE, SHIPPED
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES

MARKDOWN = (".md", ".rmd", ".qmd", ".myst")
SUFFIXES = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json", ".zip", ".py", ".txt", *MARKDOWN)
"""Endings of files that may hold the work, the likeliest first; reading shows what they hold."""

RECEIPTS = frozenset({"timestamp.txt", "submission_secret.txt"})
LATE = "late.txt"
"""What collect leaves where a platform marks a file as late, and tells no time."""

OURS = frozenset(
    {*SHIPPED, *RELEASED_BEFORE, *RECEIPTS, LATE, "course.json", "environment.yml"}
    | {"requirements.txt", "images", "datasets", "plots", "data", "LICENSE", "README.md"}
    | {"__pycache__", "__MACOSX"}
)
"""Names of what students were given, or of what systems add: never their work."""

Rank = tuple[int, bool, int]


def is_ours(name: str) -> bool:
    """Return whether a file or folder of this name is what students were given, or hidden."""
    return name.startswith(".") or name in OURS or name.endswith((".h5", ".pyc", "~"))


def likelihood(path: str) -> Rank | None:
    """Return how likely a file holds the work, the likeliest least; None where it can't.

    `path` is relative, with slashes, as in an archive.
    """
    pure = PurePosixPath(path)
    if any(map(is_ours, pure.parts)):
        return None
    place = next((i for i, end in enumerate(SUFFIXES) if pure.name.lower().endswith(end)), None)
    if place is None:
        return None
    # ".ipynb.json" ends in ".json", too: the longest ending that fits is meant.
    lower = pure.name.lower()
    place = max((i for i, end in enumerate(SUFFIXES) if lower.endswith(end)), key=_length)
    return place, assignment_in(pure.name) is None, len(pure.parts)


def _length(place: int) -> int:
    return len(SUFFIXES[place])


def assignment_in(name: str) -> str | None:
    """Return the assignment that a file's name speaks of, or None."""
    return next((known for known in ASSIGNMENTS if known in name.lower()), None)


# Canvas: name, LATE, the numbers of user and attachment; Moodle: name, number of the participant.
# JupyterLite, under either: the notebook's folders on the course's site, with _ for /.
_ADDED = (
    re.compile(r"[^_/\\]{1,200}(?:_LATE)?_\d{1,19}_\d{1,19}_(?P<own>.+)", re.DOTALL),
    re.compile(r"[^/\\]{1,200}?_\d{1,19}_assignsubmission_file_(?P<own>.+)", re.DOTALL),
    re.compile(rf"(?:{'|'.join(LANGUAGES)})_(?P<folder>\w+?)_(?P<own>(?P=folder)\b.*)", re.DOTALL),
)
_REPEATED = re.compile(r"(?:-\d{1,3}| ?\(\d{1,3}\))(?=\.\w{1,10}\Z)")


def own_name(name: str) -> str:
    """Return the name that a student gave, without what a platform or the site put before it."""
    for pattern in _ADDED:
        if match := pattern.fullmatch(name[:300]):
            name = match["own"]
    return name


def only_renamed_by_platform(name: str, expected: str) -> bool:
    """Return whether a platform alone made another name of the expected one."""
    own = own_name(name)
    return expected in (own, _REPEATED.sub("", own))
