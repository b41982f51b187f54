"""A real JupyterHub: students fetch, submit and read feedback while the instructor's watch runs."""

import secrets
import threading
from collections.abc import Iterator

import pytest

from tests.hub.conftest import COURSE, NAME, Class, Student, wait_for

pytestmark = [pytest.mark.server, pytest.mark.slow]

RIGHT = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
WRONG = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, (p, p, p, p))\n"


@pytest.fixture(scope="module")
def watched(classroom: Class) -> Iterator[Class]:
    """`autograder watch` runs for the instructor."""
    process = classroom.start("autograder", "watch", NAME)
    reader = threading.Thread(target=lambda: classroom.watched.extend(process.stdout))
    reader.start()
    try:
        wait_for("the watch", lambda: any("watching" in line for line in classroom.watched))
        yield classroom
    finally:
        process.terminate()
        process.wait(60)
        reader.join()


@pytest.fixture(scope="module")
def handed_in(watched: Class) -> Class:
    """Both students have fetched, filled in and submitted.

    ada is right; bob pads every axis, and has a copy of the notebook beside it.
    """
    for name, code in (("ada", RIGHT), ("bob", WRONG)):
        student = watched.students[name]
        (shown,) = student.act("fetch")
        assert shown["status"] == "fetched"
        student.edit(zero_pad=code)
    # The list of assignments looks for a page for each notebook.
    bob = watched.students["bob"].account
    assert bob.can_run("cp", f"{NAME}/{NAME}.ipynb", f"{NAME}/{NAME}-Copy1.ipynb")
    for student in watched.students.values():
        student.act("submit")
    return watched


def page_of(student: Student) -> str:
    """Fetch the feedback as soon as the list of assignments shows it, and return the page."""
    wait_for(
        f"feedback for {student.account.name}",
        lambda: all(one["has_exchange_feedback"] for one in student.submissions()),
    )
    student.act("fetch_feedback")
    newest = student.submissions()[-1]
    path = f"{newest['local_feedback_path']}/{NAME}.html"
    return student.ask(f"/api/contents/{path}").json()["content"]


def test_there_and_back(handed_in: Class) -> None:
    """Does each student's *Fetch feedback* bring the page of that student's own work?"""
    ada, bob = (page_of(handed_in.students[name]) for name in ("ada", "bob"))
    assert "5 / 5" in ada and "5 / 5" not in bob
    assert "every axis" in bob and "every axis" not in ada
    assert not any("needs a look" in line for line in handed_in.watched), handed_in.watched


def test_validate(handed_in: Class) -> None:
    """Does *Validate* run the notebook in the student's server, and name what is not done yet?"""
    ada = handed_in.students["ada"]
    path = {"path": f"{NAME}/{NAME}.ipynb"}
    found = ada.ask("/assignments/validate", "POST", path).json()
    assert found["success"], found["value"]
    failed = [cell["source"] for cell in found["value"]["failed"]]
    assert failed and not any("check(zero_pad)" in source for source in failed)


def test_nobody_reads_anothers_work(handed_in: Class) -> None:
    """Can a student neither list nor read what others handed in, their pages, or the course?"""
    ada, bob = handed_in.students["ada"], handed_in.students["bob"]
    inside = handed_in.exchange / COURSE
    (feedback, *_) = (inside / "feedback").iterdir()
    assert not bob.account.can_run("ls", inside / "inbound")
    assert not bob.account.can_run("ls", inside / "feedback")
    for folder in (ada.account.home, handed_in.course):
        assert not bob.account.can_run("ls", folder)
    assert bob.account.can_run("ls", inside / "outbound" / NAME)
    assert feedback.stem not in bob.account.run("find", handed_in.exchange).stdout
    assert ada.account.name not in bob.account.run("find", inside).stdout


def test_nobody_takes_anothers_place(handed_in: Class) -> None:
    """Can a student neither hand in for another, nor put something in the course's place?"""
    ada, bob = handed_in.students["ada"], handed_in.students["bob"]
    inside = handed_in.exchange / COURSE
    for name in (inside / "outbound" / NAME, inside / "outbound", inside):
        assert not bob.account.can_run("mv", name, name.with_name("away"))
    assert not bob.account.can_run("touch", inside / "outbound" / NAME / "public_tests.py")
    moment = "2036-01-01 00:00:00.000000 UTC"
    forged = inside / "inbound" / f"{ada.account.name}+{NAME}+{moment}+{secrets.token_hex(6)}"
    mine = bob.account.home / NAME
    assert bob.account.can_run("cp", "-r", mine, forged)
    said = f"printf %s {secrets.token_hex(64)} > '{forged}/submission_secret.txt'"
    assert bob.account.can_run("sh", "-c", f"printf %s '{moment}' > '{forged}/timestamp.txt'")
    assert bob.account.can_run("sh", "-c", f"{said} && chmod 777 '{forged}'")
    refused = f"belongs to {bob.account.name}, so it is not collected"
    name = ada.account.name
    wait_for(
        "the refusal",
        lambda: [line for line in handed_in.watched if name in line and refused in line],
    )


def test_one_students_server_is_closed_to_another(handed_in: Class) -> None:
    """Does the hub keep a student out of another's server, and from starting one as another?"""
    ada, bob = handed_in.students["ada"], handed_in.students["bob"]
    as_bob = Student(bob.account, ada.address, bob.token)
    assert as_bob.ask(f"/api/contents/{NAME}").code == 403
    assert as_bob.ask(f"/files/{NAME}/{NAME}.ipynb").code in (403, 404)


def test_rights_of_the_exchange(handed_in: Class) -> None:
    """Has the exchange the rights that the instructors' page names and doctor looks at?"""
    inside = handed_in.exchange / COURSE
    rights = {
        name: f"{(inside / name).stat().st_mode & 0o7777:04o}"
        for name in (".", "outbound", "inbound", "feedback")
    }
    assert rights == {".": "0755", "outbound": "0755", "inbound": "2733", "feedback": "0711"}
    said = handed_in.command("autograder", "doctor").stdout
    assert "rights are as nbgrader gives them" in said
    handed_in.exchange.chmod(0o777)
    try:
        assert "chmod 1777" in handed_in.command("autograder", "doctor").stdout
    finally:
        handed_in.exchange.chmod(0o1777)
