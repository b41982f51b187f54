"""A server on this machine, and the folders of students that it serves."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.course import ROOT, copy_course

START_SECONDS = 90


def put_notebook(
    folder: Path, language: str, assignment: str, functions: Mapping[str, str] | None = None
) -> Path:
    """Put what a student has into a folder, anew, and return the notebook with these functions."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    built = ROOT / "notebooks" / language / assignment
    copy_course(built, folder)
    path = folder / f"{assignment}.ipynb"
    notebook = json.loads((built / path.name).read_text("utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = (functions or {}).get(name, cell["source"])
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path, ready: str
) -> Iterator[None]:
    """Run a server in a folder; `ready` is an address that it answers once it has started."""
    with log.open("wb") as written:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(ready, server, log)
        yield
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")
