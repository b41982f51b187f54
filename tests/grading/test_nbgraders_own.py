"""nbgrader's own tests, which are installed with it, on this course's plugins."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITES = "nbgrader.tests.apps.test_nbgrader_"
PLUGINS = {
    "zip_collect": """
c.ZipCollectApp.extractor_plugin = "autograder.collecting.zip_collect.LimitedExtractor"
c.ZipCollectApp.collector_plugin = "autograder.collecting.zip_collect.PlatformCollector"
""",
    "export": """
c.ExportApp.plugin_class = "autograder.recording.nbgrader_steps.StatusExport"
""",
}
COURSES = """
import pathlib, pytest

@pytest.fixture(autouse=True)
def course_folder(course_dir):
    (pathlib.Path(course_dir) / "nbgrader_config.py").write_text("c = get_config()")
"""
"""Makes a course folder of the folder that a test of theirs calls its course's."""


@pytest.mark.slow
@pytest.mark.again
@pytest.mark.parametrize(("suite", "passed"), [("zip_collect", 24), ("export", 2)])
def test_suite(repository, tmp_path, suite, passed):
    """Do all of them pass but those that docs/instructors.md names as different by design?"""
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config(){PLUGINS[suite]}", "utf-8")
    (tmp_path / "course_folders.py").write_text(COURSES, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-p", "course_folders"),
            *("--pyargs", f"{SUITES}{suite}"),
        ],
        cwd=tmp_path,
        env=os.environ
        | {
            "PATH": path,
            "PYTHONPATH": f"{repository}{os.pathsep}{tmp_path}",
            "JUPYTER_CONFIG_PATH": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    failed = set(re.findall(r"^FAILED \S*::(\w+)", done.stdout, re.MULTILINE))
    page = (repository / "docs" / "instructors.md").read_text("utf-8")
    (table,) = re.findall(
        rf"^\| nbgrader's test of `{suite}` .*\n((?:\|.*\n)+)", page, re.MULTILINE
    ) or [""]
    assert failed == set(re.findall(r"^\| `(test_\w+)` ", table, re.MULTILINE)), done.stdout
    assert re.search(rf"\b{passed} passed", done.stdout), done.stdout[-500:]
