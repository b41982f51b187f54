"""A newer zip over a notebook that was begun: is what the student wrote kept?"""

import json
import re

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


def _without_marks(notebook, **sources):
    """Return a notebook as a tool leaves it that keeps no metadata and no ids."""
    found = json.loads(_filled(notebook, **sources))
    for cell in found["cells"]:
        cell.pop("id")
        cell["metadata"] = {}
    return found | {"metadata": {}, "nbformat_minor": 4}


def test_functions_are_found_without_marks(folder):
    """Are a student's functions found by their `def` where a tool has dropped the marks?"""
    new, old = folder / f"{NAME}.ipynb", folder / "old.ipynb"
    before = _sources(new)
    step = "@traced\ndef conv_single_step(a, W, b):\n    return float((a * W).sum() + b.item())"
    old.write_text(json.dumps(_without_marks(new, zero_pad=f"import x\n{MINE}\n{step}\n")))
    told = take_over(folder, old)
    assert re.search("zero_pad(, |、)conv_single_step", told)
    mine = {"zero_pad": f"import x\n{MINE}".rstrip(), "conv_single_step": step}
    assert _sources(new) == before | mine


def test_a_function_in_a_cell_of_ones_own(folder):
    """Is a function found beside its stub, too, and the last one of several?"""
    new, old = folder / f"{NAME}.ipynb", folder / "old.ipynb"
    before = _sources(new)
    notebook = json.loads(new.read_text("utf-8"))
    for source in ("def zero_pad(X, pad):\n    return 1", MINE):
        notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": source})
    old.write_text(json.dumps(notebook))
    take_over(folder, old)
    assert _sources(new) == before | {"zero_pad": MINE.rstrip()}


HELPED = "def zero_pad(X, pad):\n    total = own_widths(pad)\n    return np.pad(X, total)\n"
OWN = (
    "%matplotlib inline\nfrom math import floor",
    "def own_widths(pad):\n    return ((0, 0), *2 * ((edge(pad), edge(pad)),), (0, 0))",
    "def edge(pad):\n    return floor(pad)",
    "def unused(total):\n    np = total\n    return np",
)


@pytest.mark.parametrize("own", [OWN, ()], ids=["left behind", "nothing left behind"])
def test_what_the_functions_use_is_named(folder, own):
    """Is it said which names of a student's own cells are left behind, and of no others?"""
    new, old = folder / f"{NAME}.ipynb", folder / "old.ipynb"
    notebook = json.loads(_filled(new, zero_pad=HELPED if own else f"import copy\n{MINE}"))
    notebook["cells"] += [{"cell_type": "code", "metadata": {}, "source": s} for s in own]
    old.write_text(json.dumps(notebook))
    taken, *left, again = take_over(folder, old).splitlines()
    assert "zero_pad" in taken and new.name in again
    assert len(left) == bool(own) and all("old.ipynb" in line for line in left)
    for name in ("own_widths", "edge", "floor"):
        assert all(name in line for line in left)
    for name in ("unused", "total", "np", "pad"):
        assert not any(re.search(rf"\b{name}\b", line) for line in left)


@pytest.mark.parametrize("marks", [True, False])
def test_no_function_is_found(folder, marks, monkeypatch, capsys):
    """Is an old notebook without a finished function a sentence, exit code 2, no change?"""
    new, old = folder / f"{NAME}.ipynb", folder / "old.ipynb"
    before = new.read_bytes()
    old.write_bytes(before if marks else json.dumps(_without_marks(new)).encode())
    monkeypatch.chdir(folder)
    assert main(["old.ipynb"]) == 2
    said = capsys.readouterr().out
    assert "old.ipynb" in said and f"{NAME}.ipynb" in said and new.read_bytes() == before


def test_where_nothing_was_kept(folder, monkeypatch, capsys):
    """Is it said what to do where Jupyter has kept nothing, and where the folder is another?"""
    monkeypatch.chdir(folder)
    assert main([]) == 2 and "OLD.ipynb" in capsys.readouterr().out.replace("旧文件", "OLD")
    (folder / "course.json").unlink()
    assert main([]) == 2 and "course.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b'{"cells": 3}', b'{"cells": [3]}', b"\xff\xfe"]
)
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
