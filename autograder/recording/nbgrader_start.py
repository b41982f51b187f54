"""nbgrader's gradebook without most of its start: one CPU second instead of five for a new one.

nbgrader itself is unchanged; only what the course never uses is left out of its start.
"""

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import CourseError
from autograder.recording.database import add_indexes, open_engine, wait_for_locks
from checks.text import Text

_NO_HOME = Text(
    "this user has no home folder, which nbgrader needs; set HOME to a folder that this user can "
    "write to",
    "当前用户没有主目录，而 nbgrader 需要它；请把 HOME 设为当前用户可以写入的文件夹",
)
PACKAGE = "nbgrader"
UNUSED = "rfc3987_syntax"
"""The module with which jsonschema checks the format `iri`: its grammar takes a second to build.

jsonschema does without where it is missing, and no notebook's schema has that format.
"""

VERSION = "alembic_version"
CREATE_VERSION = "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"
COUNT_VERSIONS = "SELECT COUNT(*) FROM alembic_version"
SET_VERSION = "INSERT INTO alembic_version (version_num) VALUES (:version)"


def import_nbgrader() -> None:
    """Import nbgrader; later imports of it are free. Raises CourseError where there is no home."""
    need_home()
    if PACKAGE not in sys.modules and (spec := importlib.util.find_spec(PACKAGE)):
        # Its own first lines import Jupyter's server with all of nbgrader's extensions for it.
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    with _missing(UNUSED):
        import nbgrader.api  # noqa: F401


def need_home() -> None:
    """Raise CourseError where this user has no home folder, which nbgrader asks for."""
    try:
        Path.home()
    except RuntimeError:
        raise CourseError(_NO_HOME) from None


def open_gradebook(db_url: str, course_id: str) -> Any:
    """Return nbgrader's Gradebook; raises what it raises where the database can't be used."""
    from nbgrader.api import Gradebook

    _state_version(db_url)
    gradebook = Gradebook(db_url, course_id)
    add_indexes(gradebook)
    wait_for_locks(gradebook)
    return gradebook


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
    it does not where there is a table already. SQLite keeps the new table even where this
    process is killed before the version is in it; the next one then writes the version.
    """
    import nbgrader
    from alembic.script import ScriptDirectory
    from sqlalchemy import inspect, text

    engine = open_engine(db_url)
    try:
        with engine.begin() as database:
            if inspect(database).get_table_names() not in ([], [VERSION]):
                return
            versions = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
            database.execute(text(CREATE_VERSION))
            if database.execute(text(COUNT_VERSIONS)).scalar():
                return
            database.execute(text(SET_VERSION), {"version": versions.get_current_head()})
    finally:
        engine.dispose()
