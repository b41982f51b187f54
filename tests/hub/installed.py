"""JupyterHub and its proxy from their registries, kept under .cache/ for the next time."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.hub.accounts import Account

ROOT = Path(__file__).resolve().parent.parent.parent
PROXY = "configurable-http-proxy@5"
NAMES = ("python3.13", "python3.12", "python3.11")
NEW_ENOUGH = "import sqlite3, ssl, sys; sys.exit(sys.version_info < (3, 11))"
UV = Path(sys.executable).with_name("uv")


def python_for_all(account: Account) -> Path:
    """Return a Python of this machine that other accounts may run, too; or skip."""
    names = (sys._base_executable, *map(shutil.which, ("python3", *NAMES)), "/usr/bin/python3")
    for name in dict.fromkeys(filter(None, names)):
        if account.can_run(name, "-c", NEW_ENOUGH):
            return Path(name)
    pytest.skip("no Python here, 3.11 or newer, may be run by other accounts")


def hub_python(account: Account) -> Path:
    """Return the Python of an environment with the engine's packages and JupyterHub; or skip."""
    base = python_for_all(account)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [*project["project"]["dependencies"]]
    needed += [*project["dependency-groups"]["student"], *project["dependency-groups"]["hub"]]
    folder = ROOT / ".cache" / "hub"
    python, finished = folder / "bin" / "python", folder / "finished"
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    made_for = "\n".join([str(folder), str(base), *needed, locked])
    if not finished.is_file() or finished.read_text("utf-8") != made_for:
        shutil.rmtree(folder, ignore_errors=True)
        _run(UV, "venv", "--quiet", "--python", base, folder)
        options = ("--quiet", "--python", python, "--constraints", ROOT / "requirements.lock")
        _run(UV, "pip", "install", *options, *needed)
        finished.write_text(made_for, "utf-8")
    if not account.can_run(python, "-c", ""):
        pytest.skip(f"other accounts may not enter {folder}")
    return python


def proxy() -> Path:
    """Return npm's configurable-http-proxy, as a program; or skip."""
    folder = ROOT / ".cache" / PROXY.replace("@", "-")
    program = folder / "node_modules" / ".bin" / "configurable-http-proxy"
    if not program.exists():
        if shutil.which("npm") is None:
            pytest.skip("npm is not installed (Debian and Ubuntu: apt install npm)")
        folder.mkdir(parents=True, exist_ok=True)
        _run("npm", "install", "--no-audit", "--no-fund", "--prefix", folder, PROXY)
    return program


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        pytest.skip(f"{command[0]} can't install a hub: {done.stderr.strip()[-300:]}")
