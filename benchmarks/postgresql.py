"""A PostgreSQL server of our own, from Debian's package: for a test or a benchmark, then gone.

It listens on a socket in a folder that only its user and root can enter, and on no port.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql")
OWNER = "course"
PATIENCE = 30.0


def why_not() -> str:
    """Say what is missing for a server here; empty where nothing is."""
    if _programs() is None:
        return "PostgreSQL is not installed (Debian and Ubuntu: apt install postgresql)"
    try:
        import psycopg  # noqa: F401
    except ModuleNotFoundError:
        return "PostgreSQL's driver is not installed (pip install 'psycopg[binary]')"
    return ""


def _programs() -> Path | None:
    """Return the folder of the newest server's programs."""
    found = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@dataclass
class Server:
    """A running server; `folder` holds its files, its log and its socket."""

    programs: Path
    folder: Path
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        command = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder]
        command += ["-c", "listen_addresses="]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                list(map(str, command)), stdout=log, stderr=log, cwd=self.folder, **_user()
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.execute("SELECT 1")
                return
            except Exception:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server; who is connected is cut off."""
        if self.process is not None:
            self.process.send_signal(2)
            self.process.wait(PATIENCE)

    def url(self, database: str = "postgres", kind: str = "postgresql+psycopg") -> str:
        """Return the URL of a database, as nbgrader's db_url has it."""
        return f"{kind}://{OWNER}:{self.password}@/{database}?host={self.folder}"

    def fresh(self) -> str:
        """Make an empty database; return its URL."""
        name = f"course_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run one statement outside of a transaction; return its rows."""
        import psycopg

        with psycopg.connect(self.url(database, "postgresql"), autocommit=True) as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Run a new server with nothing in it."""
    programs = _programs()
    if programs is None:
        raise RuntimeError(why_not())
    # A socket's path has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    found = Server(programs, folder)
    try:
        (folder / "password").write_text(found.password)
        for path in (folder, folder / "password"):
            shutil.chown(path, *_owner()) if _owner() else None
        command = [programs / "initdb", "-D", folder / "data", "-U", OWNER, "-A", "scram-sha-256"]
        command += ["--pwfile", folder / "password", "-E", "UTF8", "--locale", "C.UTF-8"]
        done = subprocess.run(
            list(map(str, command)), cwd=folder, capture_output=True, text=True, **_user()
        )
        if done.returncode:
            raise RuntimeError(f"initdb ended with {done.returncode}: {done.stderr[-2000:]}")
        found.start()
        yield found
    finally:
        found.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[str, str] | None:
    """Return the user and group of a server that root starts: it refuses to run as root."""
    return ("nobody", "nogroup") if os.geteuid() == 0 else None


def _user() -> dict[str, Any]:
    owner = _owner()
    return {"user": owner[0], "group": owner[1], "extra_groups": []} if owner else {}
