"""nbgrader's gradebook without most of its start: one CPU second instead of five for a new one.

nbgrader itself is unchanged; only what the course never uses is left out of its start.
"""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

UNUSED = "rfc3987_syntax"
"""The module with which jsonschema checks the format `iri`: its grammar takes a second to build.

jsonschema does without where it is missing, and no notebook's schema has that format.
"""

CREATE_VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"
SET_VERSION = "INSERT INTO alembic_version (version_num) VALUES (:version)"


def import_nbgrader() -> None:
    """Import nbgrader; later imports of it are free."""
    with _missing(UNUSED):
        import nbgrader.api  # noqa: F401


def open_gradebook(db_url: str, course_id: str) -> Any:
    """Return nbgrader's Gradebook; raises what it raises where the database can't be used."""
    from nbgrader.api import Gradebook

    _state_version(db_url)
    return Gradebook(db_url, course_id)


@contextlib.contextmanager
def _missing(module: str) -> Iterator[None]:
    """Have imports of a module that was not imported before fail for a while."""
    # None is Python's own mark for a module that is not to be found.
    blocked = sys.modules.setdefault(module, None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if blocked:
            del sys.modules[module]


def _state_version(db_url: str) -> None:
    """Write the schema's version into an empty database, as Gradebook does.

    Gradebook runs the program `alembic` to learn the version, which imports nbgrader once more;
    it does not where there is a table already.
    """
    import nbgrader
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(db_url)
    try:
        with engine.begin() as database:
            if inspect(database).get_table_names():
                return
            versions = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
            database.execute(text(CREATE_VERSION))
            database.execute(text(SET_VERSION), {"version": versions.get_current_head()})
    finally:
        engine.dispose()
