"""nbgrader's gradebook without most of its start: one CPU second instead of five for a new one.

nbgrader itself is unchanged; only what the course never uses is left out of its start.
"""

import re
from pathlib import Path
from typing import Any

from autograder.course import CourseError
from autograder.recording.database import add_indexes, create_tables, open_engine, wait_for_locks
from autograder.recording.lean_imports import announce, missing, put_off
from checks.text import Text

_NO_HOME = Text(
    "this user has no home folder, which nbgrader needs; set HOME to a folder that this user can "
    "write to",
    "当前用户没有主目录，而 nbgrader 需要它；请把 HOME 设为当前用户可以写入的文件夹",
)
FORMATS = (
    "fqdn",
    "idna",
    "isoduration",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "rfc3987",
    "rfc3987_syntax",
    "uri_template",
    "webcolors",
)
"""The modules with which jsonschema checks formats such as `iri`, whose grammar takes a second.

jsonschema does without those that are missing, and no notebook's schema has a format.
"""

VERSION = "alembic_version"
CREATE_VERSION = "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"
COUNT_VERSIONS = "SELECT COUNT(*) FROM alembic_version"
SET_VERSION = "INSERT INTO alembic_version (version_num) VALUES (:version)"


def import_nbgrader() -> None:
    """Import nbgrader; later imports of it are free. Raises CourseError where there is no home."""
    need_home()
    # Its own first lines import Jupyter's server with all of nbgrader's extensions for it ...
    announce("nbgrader")
    announce(
        "nbgrader.preprocessors",
        NbGraderPreprocessor="base",
        AssignLatePenalties="latesubmissions",
        ComputeChecksums="computechecksums",
        SaveCells="savecells",
    )
    # ... and of these we need two classes of the second, and nothing of the others.
    announce("nbconvert")
    announce("nbconvert.preprocessors", Preprocessor="base")
    announce("nbconvert.exporters", ResourcesDict="exporter")
    announce("requests")
    unpack = "unpack_archive", "unpack_tarfile", "unpack_zipfile"
    with missing(*FORMATS), put_off("setuptools.archive_util", *unpack):
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


def _state_version(db_url: str) -> None:
    """Write tables and their version into an empty database, as Gradebook does.

    Gradebook runs the program `alembic` to learn the version, which imports nbgrader once more;
    it does not where there is a table already. One that has the version's table and nothing in it
    was begun by a process that was killed.
    """
    from sqlalchemy import inspect, text

    engine = open_engine(db_url)
    try:
        with engine.begin() as database:
            if inspect(database).get_table_names() not in ([], [VERSION]):
                return
            create_tables(database)
            database.execute(text(CREATE_VERSION))
            if database.execute(text(COUNT_VERSIONS)).scalar():
                return
            database.execute(text(SET_VERSION), {"version": _latest_version()})
    finally:
        engine.dispose()


def _latest_version() -> str:
    """Return the version that no migration of nbgrader's comes after.

    Alembic imports each of them to learn that, and five databases' dialects for itself; it is
    asked where their texts do not tell.
    """
    from nbgrader import dbutil

    folder = Path(dbutil.ALEMBIC_DIR)
    texts = [path.read_text("utf-8") for path in (folder / "versions").glob("*.py")]
    there, passed = (
        {found for text in texts for found in re.findall(rf"^{word} = '(\w+)'$", text, re.M)}
        for word in ("revision", "down_revision")
    )
    if len(there) == len(texts) and len(there - passed) == 1:
        return (there - passed).pop()
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory(str(folder)).get_current_head())
