"""Accounts of the test's own, with which processes are started; they go when it ends."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwnam

import pytest


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    number: int
    group: int
    home: Path

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the account's home, and return what it printed, errors included."""
        process = self.start(*command, **environment)
        printed, _ = process.communicate(timeout=300)
        return subprocess.CompletedProcess(command, process.returncode, printed)

    def can_run(self, *command: str | Path) -> bool:
        """Tell whether a command runs, and succeeds."""
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False

    def start(
        self, *command: str | Path, cwd: Path | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """Start a command; what it prints, errors included, is its `stdout`."""
        return subprocess.Popen(
            command,
            cwd=cwd or self.home,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
            | {"HOME": str(self.home), "USER": self.name, "PYTHONUNBUFFERED": "1"}
            | environment,
            user=self.number,
            group=self.group,
            extra_groups=[],
            umask=0o022,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@contextmanager
def accounts(homes: Path, *names: str) -> Iterator[list[Account]]:
    """Make an account for each name, its home closed to others; skip where that can't be done."""
    if os.geteuid() != 0:
        pytest.skip("only root makes accounts, and a hub that starts servers of several users")
    if shutil.which("useradd") is None:
        pytest.skip("useradd is not installed (Debian and Ubuntu: apt install passwd)")
    ending = secrets.token_hex(3)
    made: list[Account] = []
    try:
        for name in names:
            full, home = f"{name}-{ending}", homes / name
            options = ("--create-home", "--home-dir", home, "-K", "HOME_MODE=0700")
            subprocess.run(["useradd", *options, full], check=True, capture_output=True)
            entry = getpwnam(full)
            made.append(Account(full, entry.pw_uid, entry.pw_gid, home))
        yield made
    finally:
        for account in made:
            _end_processes(account)
            subprocess.run(["userdel", "--remove", account.name], check=True, capture_output=True)


def _end_processes(account: Account) -> None:
    """End what still runs under an account, which nobody but this test uses."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        left = [
            int(path.name)
            for path in Path("/proc").iterdir()
            if path.name.isdigit() and _owner(path) == account.number
        ]
        if not left:
            return
        for number in left:
            with suppress(ProcessLookupError):
                os.kill(number, 9)
        time.sleep(0.1)
    print(f"{account.name} still runs {left}", file=sys.stderr)


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None
