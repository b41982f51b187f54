"""Tests of what a run does before and beside its imports, so that it begins sooner."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from autograder.early_start import starting_server
from autograder.grading import grade_class
from autograder.recording.lean_imports import announce, missing, put_off
from autograder.run_class import grade_and_record
from autograder.sandbox import IsolationUnavailable
from checks.text import Text
from tests.grading.formats import NAME


def test_server_that_starts_early(course, submit, monkeypatch):
    """Is a run graded by the server that was started early, which is then gone with its files?"""
    submit("ada")
    monkeypatch.setattr(grade_class, "start_server", None)
    with starting_server(course, NAME, "process") as server:
        assert server is not None
        summary = grade_and_record(course, NAME, jobs=1, quiet=True, server=server)
        assert summary.count == 1
    assert not server.folder.exists()


def test_nothing_starts_early(course, monkeypatch):
    """Is what is wrong with a run left to the run to say?"""

    def refuse(level):
        raise IsolationUnavailable(Text("nothing works here", "在这里都行不通"))

    with starting_server(course, "unknown", "process") as server:
        assert server is None
    monkeypatch.setattr("autograder.sandbox.choose_level", refuse)
    with starting_server(course, NAME, "auto") as server:
        assert server is None


@pytest.fixture
def package(tmp_path, monkeypatch) -> ModuleType:
    """A package that is announced; its own lines import all of it."""
    folder = tmp_path / "roomy"
    folder.mkdir()
    (folder / "__init__.py").write_text("from .used import Used\nfrom . import unused\nwhole = 1\n")
    (folder / "used.py").write_text("class Used: pass\ndef half(n): return n / 2\n")
    (folder / "unused.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    announce("roomy", Used="used")
    yield sys.modules["roomy"]
    for name in ("roomy", "roomy.used", "roomy.unused"):
        sys.modules.pop(name, None)


def test_announced(package):
    """Are modules and what they hold there without the package's own lines?"""
    from roomy import Used, used

    assert Used is used.Used is package.Used
    assert "roomy.unused" not in sys.modules and "whole" not in vars(package)


def test_announced_is_completed(package):
    """Is the rest of the package there as soon as somebody asks, and what was there the same?"""
    used = package.Used
    assert package.whole == 1
    assert "roomy.unused" in sys.modules and package.Used is used
    assert not hasattr(package, "nothing")
    announce("roomy")
    assert sys.modules["roomy"] is package


def test_announced_that_fails(package):
    """Does a package whose own lines fail, fail again for the next one who asks, and not half?"""
    lines = Path(package.__file__)
    lines.write_text(f"raise OSError('no room')\n{lines.read_text()}")
    for _ in range(2):
        with pytest.raises(OSError, match="no room"):
            _ = package.whole


def test_put_off_and_missing(package):
    """Do functions that are put off import their module, and are modules missing for a while?"""
    with put_off("roomy.used", "half"):
        from roomy.used import half
    assert "roomy.used" not in sys.modules
    assert half(4) == 2 and "roomy.used" in sys.modules
    with missing("roomy.unused"), pytest.raises(ModuleNotFoundError):
        importlib.import_module("roomy.unused")
    importlib.import_module("roomy.unused")
