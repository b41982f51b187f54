"""The checks in Pyodide without a browser: do they say there what they say in CPython?"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.again, pytest.mark.slow]
HERE = Path(__file__).parent
FEWEST = 300


def answered(command: list[object], functions: list[dict[str, str]]) -> dict[str, list]:
    """Return the ids that a command finds for functions."""
    done = subprocess.run(
        list(map(str, command)),
        input=json.dumps(functions),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def in_cpython(student_folder: Path, functions: list[dict[str, str]]) -> dict[str, list]:
    """What the same files say in the Python of these tests."""
    return answered([sys.executable, HERE / "ids_of.py", student_folder], functions)


def test_ids_are_those_of_cpython(pyodide, student_folder, functions, in_cpython):
    """Are at least 300 entries of the catalogue named in Node's Pyodide as in CPython?"""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed (Debian and Ubuntu: apt install nodejs)")
    command = [node, HERE / "run.mjs", pyodide, student_folder, HERE / "ids_of.py"]
    said = answered(command, functions)
    assert len(said) >= FEWEST
    assert sum(bool(ids) for _, ids in said.values()) >= FEWEST
    assert {key: (said[key], in_cpython[key]) for key in said if said[key] != in_cpython[key]} == {}
