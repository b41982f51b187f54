"""The table of formats in docs/platforms.md: every form of it is graded, and is counted there."""

import re
from pathlib import Path

import pytest

from autograder.grading.grader import Grader
from autograder.reading.folder import find_submitted_file
from autograder.reading.scripts import code_of_markdown
from autograder.reading.submissions import read_submission
from autograder.reading.work import finished
from autograder.sandbox import Sandbox, probe
from checks.text import ENGLISH
from tests.grading.formats import KINDS, NAME, Kind

CASES = [
    pytest.param(kind, name, id=f"{kind.title}: {name}") for kind in KINDS for name in kind.cases
]


def hand_in(folder: Path, kind: Kind, name: str) -> tuple[Path, list[str]]:
    """Write the files of a case; returns the one that is graded, and what is said about it."""
    for file, content in kind.cases[name].items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
    path, told = find_submitted_file(folder, NAME)
    assert path is not None
    return path, [text[ENGLISH] for text in (*told, *read_submission(path).problems)]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_form(tmp_path, kind, name):
    """Is the work found in this form, or is said what was handed in instead?"""
    path, said = hand_in(tmp_path, kind, name)
    amount = finished(cell.source for cell in read_submission(path).cells)
    assert amount == (2 if kind.graded else 0)
    if kind.graded and not kind.said:
        assert said == []
    else:
        assert any(kind.said in text for text in said), said


def test_who_is_told_of_validate(tmp_path):
    """Is what Validate says told of notebooks without any mark, and of nothing else?"""
    told = set()
    for number, (kind, name) in enumerate(case.values for case in CASES):
        path, _ = hand_in(tmp_path / str(number), kind, name)
        if note := read_submission(path).note[ENGLISH]:
            assert "Validate" in note
            told.add(name)
    assert told == {"format 3", "without metadata"}


@pytest.mark.slow
@pytest.mark.skipif(
    not any(works for level, works, _ in probe() if level != "process"), reason="no isolation"
)
def test_marks(tmp_path):
    """Does the same work get the same marks in each form, and what is no work none?"""
    wrong = {}
    with Sandbox() as sandbox:
        grader = Grader(sandbox, seed=4711)
        for number, (kind, name) in enumerate(case.values for case in CASES):
            path, _ = hand_in(tmp_path / str(number), kind, name)
            verdict = grader.grade_file(path, NAME)
            scores = {one.name: one.score for one in verdict.exercises if one.score}
            if scores != ({"zero_pad": 5.0, "conv_single_step": 5.0} if kind.graded else {}):
                wrong[f"{kind.title}: {name}"] = scores
    assert wrong == {}


def table() -> list[str]:
    """Return the rows of the table: what is handed in, its forms, how many, what comes of them."""
    return [
        f"| {kind.title} | {', '.join(kind.cases)} | {len(kind.cases)} of {len(kind.cases)} "
        f"| {outcome(kind)} |"
        for kind in KINDS
    ]


def outcome(kind: Kind) -> str:
    if not kind.graded:
        return "`failed`, with what it is"
    return "graded, to look at" if kind.said else "graded"


def test_table(repository):
    """Does docs/platforms.md list exactly these forms?"""
    page = (repository / "docs" / "platforms.md").read_text("utf-8")
    section = page.partition("## What a class can hand in")[2].partition("\n## ")[0]
    assert re.findall(r"^\|.*\|$", section, re.MULTILINE)[2:] == table()
    assert f"{sum(len(kind.cases) for kind in KINDS)} forms" in section


MARKDOWN = """\
# `def zero_pad` ```no fence```
```{code-cell} ipython3
---
tags: [x]
---
a = 1
```
```{code-cell}
:tags: [x]
b = 1
```
```text
no
```
~~~~{.python .input}
c = '''
```
'''
~~~~
```python
```
``` py
d = 1"""


def test_fences():
    """Is the code of each kind of fence kept in its line, without options and other text?"""
    kept = code_of_markdown(MARKDOWN).split("\n")
    assert [line for line in kept if line] == ["a = 1", "b = 1", "c = '''", "```", "'''", "d = 1"]
    assert all(new in ("", old) for new, old in zip(kept, MARKDOWN.split("\n"), strict=True))
    assert code_of_markdown("no fence\n") == "no fence\n"
