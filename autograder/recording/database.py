"""The gradebook's database, SQLite or another one: what it says when it can't be used, and then."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.course import Course, CourseError
from autograder.safe_text import one_line
from checks.text import Text

Result = TypeVar("Result")

LOCKED_SECONDS = 60.0
LOCK_SECONDS = 5
"""How long one statement waits for another program's lock: SQLite's driver does by itself."""

LOOKED_UP = {
    "grade": "notebook_id",
    "comment": "notebook_id",
    "submitted_notebook": "assignment_id",
}
"""The columns that nbgrader looks rows up by, and has no index on, by table."""

# What databases say, in small letters: while another program holds what we need ...
LOCKED = ("locked", "busy", "lock timeout", "deadlock detected")
# ... and while a server is started again or has too much to do.
AWAY = (
    "server closed the connection",
    "terminating connection",
    "connection is lost",
    "connection refused",
    "no such file or directory",
    "is starting up",
    "is shutting down",
    "too many clients",
    "remaining connection slots",
)
# What else they say, and what to do about it; the first that fits counts. "{again}" is the command.
ADVICE = (
    (
        ("disk is full", "no space"),
        Text(
            "make room on the disk, then go on with: {again}",
            "请在磁盘上腾出空间，然后继续执行：{again}",
        ),
    ),
    (
        ("disk i/o error",),
        Text(
            "see that the disk works and has room, then go on with: {again}",
            "请检查磁盘是否正常、是否还有空间，然后继续执行：{again}",
        ),
    ),
    (
        ("read-only transaction",),
        Text(
            "it is a copy that is only read: name the server it is a copy of",
            "这是一个只读副本：请改用它所复制的那台服务器",
        ),
    ),
    (
        ("readonly", "unable to open"),
        Text(
            "let this user write to it and its folder, then: {again}",
            "请让当前用户能写入它和它所在的文件夹，然后：{again}",
        ),
    ),
    (
        ("malformed", "not a database"),
        Text(
            "put a copy that is whole in its place, then: {again}",
            "请换上一份完好的备份，然后：{again}",
        ),
    ),
    (
        ("no such column", "no such table", "has no column", 'relation "', 'column "'),
        Text(
            "its tables are not this nbgrader's; back it up and run: nbgrader db upgrade",
            "其中的表不属于这个版本的 nbgrader；请先备份，再运行：nbgrader db upgrade",
        ),
    ),
    (
        ('database "',),
        Text(
            "make it with createdb, or name another one as c.CourseDirectory.db_url",
            "请用 createdb 建立它，或者在 c.CourseDirectory.db_url 中改用另一个",
        ),
    ),
    (
        ("permission denied",),
        Text(
            "let this user write to it: it has to own nbgrader's tables",
            "请让当前用户能写入它：nbgrader 的表必须归这个用户所有",
        ),
    ),
    (
        ("password", "pg_hba.conf", 'role "'),
        Text(
            "see the user in c.CourseDirectory.db_url, and the password there or in ~/.pgpass",
            "请检查 c.CourseDirectory.db_url 中的用户，以及写在那里或 ~/.pgpass 中的密码",
        ),
    ),
    (
        AWAY,
        Text(
            "see that the server runs and is the one in c.CourseDirectory.db_url, then: {again}",
            "请检查服务器是否在运行，以及是不是 c.CourseDirectory.db_url 中的那一台，然后：{again}",
        ),
    ),
)

_SAID = Text("{place}: {said}", "{place}：{said}")
_ADVISED = Text("{place}: {said}; {advice}", "{place}：{said}；{advice}")
_THE_SAME = Text("the same command", "同一条命令")
_IS_LOCKED = Text(
    "The gradebook is locked by another program; waiting up to {seconds:.0f} s.",
    "成绩册被另一个程序锁住了；最多等待 {seconds:.0f} 秒。",
)
_IS_AWAY = Text(
    "The gradebook can't be reached; waiting up to {seconds:.0f} s.",
    "无法连接成绩册；最多等待 {seconds:.0f} 秒。",
)
_STAYED_LOCKED = Text(
    "{place} stayed locked for {seconds:.0f} s; close the program that holds it, then go on with: "
    "{again}",
    "{place} 在 {seconds:.0f} 秒内一直被锁；请关闭占用它的程序，然后继续执行：{again}",
)
_STAYED_AWAY = Text(
    "{place} could not be reached for {seconds:.0f} s ({said}); go on with: {again}",
    "{place} 在 {seconds:.0f} 秒内一直无法连接（{said}）；请继续执行：{again}",
)
_NO_DRIVER = Text(
    "c.CourseDirectory.db_url needs the package {name}; for PostgreSQL write it as "
    "postgresql+psycopg://USER@HOST/DATABASE and run: pip install 'psycopg[binary]'",
    "c.CourseDirectory.db_url 需要软件包 {name}；PostgreSQL 请写成 "
    "postgresql+psycopg://USER@HOST/DATABASE，并运行：pip install 'psycopg[binary]'",
)
_NO_URL = Text(
    "c.CourseDirectory.db_url is no database's URL; write sqlite:///FILE or "
    "postgresql+psycopg://USER@HOST/DATABASE",
    "c.CourseDirectory.db_url 不是数据库的 URL；请写成 sqlite:///FILE 或 "
    "postgresql+psycopg://USER@HOST/DATABASE",
)


class GradebookError(CourseError):
    """The gradebook cannot be used; the message is one line that says what to do."""


@dataclass
class Patience:
    """How long a course's database is waited for; `again` is the command that goes on."""

    course: Course
    say: Callable[[str], None]
    seconds: float
    again: str

    def __call__(
        self, work: Callable[[], Result], roll_back: Callable[[], None], opened: bool = True
    ) -> Result:
        """Do `work`; while it can't be done yet, say so once and try again.

        A server that is not there when the gradebook is `opened` is not waited for. Raises
        GradebookError, in one line, where it takes too long or is not what is wrong.
        """
        deadline = time.monotonic() + self.seconds
        told = False
        while True:
            try:
                return work()
            except _failures() as error:
                # Where even that fails, the first error is the one to report.
                with contextlib.suppress(Exception):
                    roll_back()
                said = _said(error)
                locked = _has(said, LOCKED)
                if not locked and not (opened and _has(said, AWAY)):
                    raise GradebookError(advice(self.course, error, self.again)) from error
                if time.monotonic() > deadline:
                    raise self._too_long(locked, said) from error
                if not told:
                    told = True
                    waiting = (_IS_LOCKED if locked else _IS_AWAY).format(seconds=self.seconds)
                    self.say(waiting.in_(self.course.spoken))
                time.sleep(0.2)

    def _too_long(self, locked: bool, said: str) -> GradebookError:
        values = {"place": self.course.gradebook_place, "said": one_line(said)}
        text = _STAYED_LOCKED if locked else _STAYED_AWAY
        return GradebookError(text.format(**values, seconds=self.seconds, again=self.again))


def _failures() -> tuple[type[Exception], ...]:
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import DatabaseError

    return DatabaseError, InvalidEntry


def _said(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)


def _has(said: str, words: tuple[str, ...]) -> bool:
    return any(word in said.lower() for word in words)


def advice(course: Course, error: Exception, again: str | Text) -> Text:
    """Return what the database said and what to do about it, in one line."""
    text = _said(error)
    said = {"place": course.gradebook_place, "said": one_line(text)}
    for words, what in ADVICE:
        if _has(text, words):
            return _ADVISED.format(**said, advice=what.format(again=again))
    return _SAID.format(**said)


def open_engine(db_url: str) -> Any:
    """Return SQLAlchemy's engine for a database; raise GradebookError where it has no driver."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError

    try:
        return create_engine(db_url)
    except ModuleNotFoundError as error:
        raise GradebookError(_NO_DRIVER.format(name=error.name)) from None
    except ArgumentError:
        # The URL itself may hold a password.
        raise GradebookError(_NO_URL) from None


@contextlib.contextmanager
def looked_into(course: Course) -> Iterator[Any]:
    """Give a connection to the gradebook as it is, None where there is none yet.

    Raises GradebookError, in one line, where it can't be used.
    """
    if course.gradebook_file is not None and not course.gradebook_file.is_file():
        yield None
        return
    from sqlalchemy import inspect
    from sqlalchemy.exc import DatabaseError

    engine = open_engine(course.db_url)
    try:
        with engine.connect() as database:
            yield database if inspect(database).has_table("student") else None
    except DatabaseError as error:
        raise GradebookError(advice(course, error, _THE_SAME)) from error
    finally:
        engine.dispose()


def add_indexes(gradebook: Any) -> None:
    """Have the rows of one submission found without reading those of the whole class.

    nbgrader's tables have no index on the columns by which it looks them up itself; it takes no
    notice of ours, and its migrations leave them alone.
    """
    from sqlalchemy import inspect
    from sqlalchemy.exc import DatabaseError

    known = inspect(gradebook.engine)
    for table in LOOKED_UP:
        if _index_of(table) not in {index["name"] for index in known.get_indexes(table)}:
            # Who may not change the tables, or finds them locked, does without.
            with contextlib.suppress(DatabaseError), gradebook.engine.begin() as database:
                _limit_waiting(database)
                _create_index(database, table)


def create_tables(database: Any) -> None:
    """Create nbgrader's tables and our indexes on them, with what the transaction does else.

    Where the database is SQLite, it waits for its disk once and not for every table.
    """
    from nbgrader.api import Base

    if database.dialect.name == "sqlite":
        # Python's driver begins a transaction for rows alone. This one waits for another writer.
        database.exec_driver_sql("BEGIN IMMEDIATE")
    missing = [table for table in LOOKED_UP if not database.dialect.has_table(database, table)]
    Base.metadata.create_all(bind=database)
    for table in missing:
        _create_index(database, table)


def _index_of(table: str) -> str:
    return f"autograder_{table}"


def _create_index(database: Any, table: str) -> None:
    statement = f"CREATE INDEX {_index_of(table)} ON {table} ({LOOKED_UP[table]})"
    database.exec_driver_sql(statement)


def _limit_waiting(database: Any) -> None:
    if database.dialect.name == "postgresql":
        database.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")


def wait_for_locks(gradebook: Any) -> None:
    """Have a server's statements give up waiting for a lock in time, so that it can be reported."""
    from sqlalchemy import event

    @event.listens_for(gradebook.db.session_factory, "after_begin")
    def limit(session: Any, transaction: Any, connection: Any) -> None:
        _limit_waiting(connection)


def purge(gradebook: Any) -> None:
    """Have the database rewrite nbgrader's tables, so that removed rows leave its file, too."""
    from nbgrader.api import Base

    dialect = gradebook.engine.dialect.name
    tables = ", ".join(sorted(Base.metadata.tables))
    statements = {"sqlite": "VACUUM", "postgresql": f"VACUUM (FULL) {tables}"}
    if dialect in statements:
        gradebook.db.close()
        with gradebook.engine.connect() as database:
            alone = database.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql(statements[dialect])
