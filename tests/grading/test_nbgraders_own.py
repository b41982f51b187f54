"""nbgrader's own tests of zip_collect, which are installed with it, on this course's plugins."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = "nbgrader.tests.apps.test_nbgrader_zip_collect"
PLUGINS = """
c = get_config()
c.ZipCollectApp.extractor_plugin = "autograder.collecting.zip_collect.LimitedExtractor"
c.ZipCollectApp.collector_plugin = "autograder.collecting.zip_collect.PlatformCollector"
"""


@pytest.mark.slow
@pytest.mark.again
def test_zip_collect(repository, tmp_path):
    """Do all of them pass but those that docs/instructors.md names as different by design?"""
    (tmp_path / "nbgrader_config.py").write_text(PLUGINS, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"), "--pyargs", SUITE],
        cwd=tmp_path,
        env=os.environ
        | {"PATH": path, "PYTHONPATH": str(repository), "JUPYTER_CONFIG_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    failed = set(re.findall(r"^FAILED \S*::(\w+)", done.stdout, re.MULTILINE))
    page = (repository / "docs" / "instructors.md").read_text("utf-8")
    assert failed == set(re.findall(r"^\| `(test_\w+)` ", page, re.MULTILINE)), done.stdout
    assert re.search(r"\b24 passed", done.stdout), done.stdout[-500:]
