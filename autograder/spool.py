"""Rows of a class of any size, kept and put in order on disk instead of in memory."""

import contextlib
import sqlite3
from collections.abc import Iterator


def open_spool(schema: str) -> sqlite3.Connection:
    """Return an empty database with these tables, which is gone when it is closed.

    SQLite keeps it in memory as far as it is small, and else in a file without a name.
    """
    database = sqlite3.connect("", isolation_level=None)
    # Nothing is kept, so nothing has to be taken back.
    database.execute("PRAGMA journal_mode = OFF")
    database.executescript(schema)
    return database


@contextlib.contextmanager
def spool(schema: str) -> Iterator[sqlite3.Connection]:
    """Give a spool for as long as the block runs."""
    with contextlib.closing(open_spool(schema)) as database:
        yield database
