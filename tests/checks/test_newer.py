"""A newer zip over a notebook that was begun: is what the student wrote kept?"""

import json

import pytest

from autograder.course import Course
from checks.session.newer import NotTakenOver, main, take_over

NAME = "cnn_step_by_step"
MINE = "def zero_pad(X, pad):\n    # 我写的\n    return X\n"


@pytest.fixture(params=["en", "zh"])
def folder(request, tmp_path):
    """A new folder, just unpacked."""
    built = Course().notebook_folder(request.param, NAME)
    for name in (f"{NAME}.ipynb", "course.json"):
        (tmp_path / name).write_bytes((built / name).read_bytes())
    return tmp_path


def _filled(path, **sources):
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] in sources:
            cell["source"] = sources[cell["id"]]
    return json.dumps(notebook)


def _sources(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def test_what_jupyter_kept_is_taken_over(folder):
    """Are functions found that the new zip was unpacked over, and is all else the new notebook?"""
    new = folder / f"{NAME}.ipynb"
    before = _sources(new)
    kept = folder / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb"
    kept.parent.mkdir()
    kept.write_text(_filled(new, zero_pad=MINE), "utf-8")
    assert "zero_pad" in take_over(folder) and "conv_forward" not in take_over(folder)
    assert _sources(new) == before | {"zero_pad": MINE}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [".ipynb_checkpoints", new.name, "course.json"]
    )


def test_newer_code_is_left_alone(folder):
    """Is a function that the new notebook already has never replaced by an older one?"""
    new, old = folder / f"{NAME}.ipynb", folder / "old.ipynb"
    old.write_text(_filled(new, zero_pad=MINE), "utf-8")
    new.write_text(_filled(new, zero_pad="def zero_pad(X, pad):\n    return 1\n"), "utf-8")
    content = new.read_bytes()
    take_over(folder, old)
    assert new.read_bytes() == content


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook(folder, content, monkeypatch, capsys):
    """Is an old file that is absent or broken one line, exit code 2, and nothing written?"""
    new, old = folder / f"{NAME}.ipynb", folder / "old.ipynb"
    before = new.read_bytes()
    if content is not None:
        old.write_bytes(content)
    with pytest.raises(NotTakenOver):
        take_over(folder, old)
    monkeypatch.chdir(folder)
    assert main(["old.ipynb"]) == 2
    assert "old.ipynb" in capsys.readouterr().out and new.read_bytes() == before
