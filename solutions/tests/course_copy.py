"""A copy of the course that follows the pages on adding something, and commands run in it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.course import ROOT

DOCS = ROOT / "docs"
NAME = "global_pooling"
FILES = dict(
    re.findall(
        r"^```python\n# (\S+)\n(.*?)^```",
        (DOCS / "adding-an-assignment.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
"""The files of the assignment that docs/adding-an-assignment.md adds, by their paths."""

_LEFT_OUT = shutil.ignore_patterns(".*", "build", "__pycache__", "*.egg-info", "en", "zh")


def copy_with_assignment(root: Path) -> Path:
    """Copy the course to `root` with the page's assignment in place of the notebooks it has."""
    shutil.copytree(ROOT, root, ignore=_LEFT_OUT)
    for source in (root / "notebooks" / "source").glob("*.py"):
        source.unlink()
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    registry = root / "checks" / "assignments" / "__init__.py"
    text = registry.read_text("utf-8")
    text = re.sub(r"(?m)^(from checks.assignments import .*)$", rf"\1, {NAME}", text, count=1)
    text = re.sub(r"in \(([^)]*?),?\)", rf"in (\1, {NAME})", text, count=1)
    registry.write_text(text, encoding="utf-8")
    return root


def run(root: Path, *arguments: str, code: int = 0, folder: str = ".", **environment: str) -> str:
    """Run Python in a folder of the copy, expect its exit code, and return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root / folder,
        env=os.environ | {"PYTHONPATH": str(root)} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr
