"""What went wrong with a whole file, in the language of the notebook that was handed in."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Iterator

import pytest

from autograder.grading.grader import Grader
from autograder.model import Verdict
from autograder.sandbox import Limits, Sandbox, probe
from checks.text import LANGUAGES
from tests.grading.conftest import NAME, code_cell, source_notebook

QUICK = Limits(
    cell_cpu=0.6, notebook_cpu=2.0, call_cpu=0.5, group_cpu=1.5, wall_retries=0, source_bytes=2_000
)
STUB = "def zero_pad(X, pad):\n    raise NotImplementedError\n"
DISTURBING = """
import gc
notebook = next(x for x in gc.get_objects() if type(x).__name__ == "_Notebook")
def send(fields, *more, own=notebook.channel.send):
    return own(fields | ({"kind": "forged"} if fields["kind"] == "KIND" else {}), *more)
notebook.channel.send = send
"""
CELLS = {
    "interrupted": "while True: pass",
    "time": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\n"
    "while True: pass",
    "crashed": "import os\nos.abort()",
    "left out": "import os\ndef f(x=os._exit(1)):\n    return x",
    "disturbed by a cell": DISTURBING.replace("KIND", "cell"),
    "disturbed by what was left": DISTURBING.replace("KIND", "forked"),
    "too long": "x = 1\n" * (QUICK.source_bytes // 6 + 1),
}


class Quick(Sandbox):
    """A sandbox with limits that a test can wait for."""

    def run(self, job, folder=None):
        return super().run(dataclasses.replace(job, limits=QUICK), folder)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    if not any(name == "namespaces" and available for name, available, _ in probe()):
        pytest.skip("no namespaces on this machine")
    with Quick() as sandbox:
        yield Grader(sandbox, 1)


def said(verdict: Verdict, language: str) -> list[str]:
    """Return the sentences that the verdict's page shows about the file and its cells."""
    problems = [problem[language] for problem in verdict.problems]
    return problems + [cell.error for cell in verdict.cells if cell.status in ("timeout", "error")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", CELLS)
def test_problems_with_a_cell(grader, tmp_path, language, cell):
    """Is what a cell did to the run told in the notebook's language, and nothing in another?"""
    cells = [code_cell(STUB, "stub"), code_cell(CELLS[cell], "cell")]
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(source_notebook(language) | {"cells": cells}), "utf-8")
    os.mkfifo(tmp_path / "pipe")
    verdict = grader.grade_file(path, NAME, folder=tmp_path)
    assert verdict.language == language
    sentences = said(verdict, language)
    assert any("pipe" in sentence for sentence in sentences)
    assert len(sentences) > 1
    chinese = [bool(re.search("[\u4e00-\u9fff]", sentence)) for sentence in sentences]
    assert set(chinese) == {language == "zh"}, sentences
    assert any(re.search("Cell 2|第 2 个|cells|单元格", sentence) for sentence in sentences)


def test_what_validate_says_is_a_note(grader, tmp_path):
    """Is a notebook without grading marks graded like any other, with a note and no problem?"""
    verdicts = []
    for name in ("marked", "unmarked"):
        notebook = source_notebook("en")
        for cell in notebook["cells"] if name == "unmarked" else ():
            cell["metadata"] = {}
        (tmp_path / name).mkdir()
        path = tmp_path / name / f"{NAME}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        verdicts.append(grader.grade_file(path, NAME))
    marked, unmarked = verdicts
    assert unmarked.problems == marked.problems
    assert [e.status for e in unmarked.exercises] == [e.status for e in marked.exercises]
    assert "Validate" in unmarked.note["en"] and not marked.note["en"]
