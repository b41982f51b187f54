"""formgrader: what needs a look, marks by hand and their turn, late and renamed submissions."""

import csv
import inspect
import json
import threading
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from http.cookiejar import CookieJar

import pytest
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import apihandlers

from autograder import course_lock
from autograder.course_lock import locked
from autograder.grading import store
from autograder.recording import formgrader as turns
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import record
from autograder.run_class import write_marks
from tests.grading.conftest import NAME

RIGHT = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
DUE = datetime(2026, 11, 20, 18)
PENALTY = """
c.AssignLatePenalties.plugin_class = "autograder.recording.late_percent.PercentPerDay"
c.PercentPerDay.percent = 10
"""


@pytest.fixture
def page(browser, formgrader) -> Iterator[object]:
    """A page that asks no other machine; `goto` takes what stands behind formgrader's address."""
    page = browser.new_page(base_url=f"{formgrader}/formgrader/")
    page.route(lambda address: not address.startswith(formgrader), lambda route: route.abort())
    yield page
    page.close()


@pytest.fixture
def keep(course, submit, verdict_of):
    """Hand in, and record the verdict as a run does: ``keep(student, time, scores, ...)``."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(PENALTY)

    def keep(student, moment, scores=None, **more):
        path = submit(student, timestamp=f"{moment} UTC")
        verdict = verdict_of(path, student, scores, timestamp=moment, **more)
        store.save(course, verdict)
        assert record([verdict], course) == []

    return keep


def listed(page) -> dict[str, tuple[str, str, str]]:
    """What *Manage Submissions* shows of each student: time, status, score."""
    page.goto(f"manage_submissions/{NAME}")
    page.wait_for_selector("td.student-id >> nth=0")
    rows = page.locator("#main-table tr").all()
    cells = ("student-id", "timestamp", "status", "score")
    shown = [[row.locator(f"td.{name}").inner_text() for name in cells] for row in rows]
    return {student: tuple(rest) for student, *rest in shown}


def open_submission(page, course, student):
    """Open a student's notebook where one marks it."""
    with Gradebook(course.db_url, course.course_id) as book:
        number = book.find_submission_notebook(NAME, NAME, student).id
    page.goto(f"submissions/{number}")
    page.wait_for_selector("#test_zero_pad[placeholder]")


def enter(page, field, text):
    """Write into a field as a person does, and wait until formgrader has saved it."""
    with page.expect_response(lambda answer: answer.request.method == "PUT") as answer:
        page.locator(field).fill(text)
        page.locator(field).dispatch_event("change")
    assert answer.value.ok


def press(page, student, button):
    """Press a button of a student's row, and return what formgrader says then."""
    page.locator("#main-table tr", has_text=student).locator(f"td.{button} a").click()
    title = page.locator(".modal-title")
    title.wait_for(timeout=120_000)
    return title.inner_text(), page.locator(".modal-body").inner_text()


@pytest.mark.slow
def test_what_one_sees_and_marks(course, keep, page):
    """Does formgrader show what needs a look and what is late, and does a mark by hand stay?"""
    odd = "The file is named `final.ipynb`, not `cnn_step_by_step.ipynb`"
    keep("ada", "2026-11-20 17:00:00")
    keep("bob", "2026-11-20 17:30:00", problems=[odd])
    with Writer(course, NAME) as writer:
        writer.set_duedate(DUE)
    late = "2026-11-22 06:00:00"
    keep("cleo", late, {"zero_pad": 0.0})

    shown = listed(page)
    assert shown["ada"][1:] == ("graded", "100 / 100")
    assert shown["bob"][1:] == ("needs manual grading", "100 / 100")
    assert shown["cleo"][0].startswith(late)
    assert shown["cleo"][1:] == ("graded", "95 / 100")

    open_submission(page, course, "bob")
    assert odd in page.inner_text("#notebook-container")
    assert "needs_manual_grade" in page.locator("#test_zero_pad").get_attribute("class")

    open_submission(page, course, "cleo")
    assert page.locator("#test_zero_pad").get_attribute("placeholder") == "0"
    enter(page, "#test_zero_pad", "3")
    enter(page, "textarea.comment >> nth=0", "Nearly: **look** at the axes. 差一点。")
    keep("cleo", late, {"zero_pad": 0.0})  # graded again
    open_submission(page, course, "cleo")
    assert page.locator("#test_zero_pad").input_value() == "3"
    assert "Nearly" in page.locator("textarea.comment >> nth=0").input_value()
    assert listed(page)["cleo"][1:] == ("needs manual grading", "98 / 100")

    title, said = press(page, "cleo", "generate-feedback")
    assert title == "Success", said
    text = (course.folder("feedback", "cleo", NAME) / f"{NAME}.html").read_text("utf-8")
    assert "3 / 5" in text and "<strong>look</strong>" in text
    rows = csv.DictReader(write_marks(course, NAME, print).open(encoding="utf-8"))
    row = next(row for row in rows if row["student"] == "cleo")
    assert (float(row["score"]), float(row["late_submission_penalty"])) == (78.4, 19.6)


@pytest.mark.slow
def test_lightning(course, submit, page):
    """Does formgrader's lightning grade a renamed file, and a late one, to a mark with a reason?"""
    with Writer(course, NAME):
        pass  # as `autograder release` leaves it
    renamed = submit("ada", {"zero_pad": RIGHT}, timestamp="2026-11-20 18:00:00 UTC")
    renamed.rename(renamed.with_name("final version.ipynb"))
    assert listed(page)["ada"][1] == "needs autograding"
    title, said = press(page, "ada", "autograde")
    assert title == "Success" and "Traceback" not in said, said
    assert listed(page)["ada"][1:] == ("needs manual grading", "5 / 100")
    open_submission(page, course, "ada")
    assert "final version.ipynb" in page.inner_text("#notebook-container")


@pytest.mark.slow
def test_a_mark_waits_for_a_run(course, keep, formgrader):
    """Are marks saved after the run that holds the lock, in their order, as the server goes on?"""
    keep("ada", "2026-11-20 17:00:00")

    def grade():
        with Gradebook(course.db_url, course.course_id) as book:
            return book.find_grade("test_zero_pad", NAME, NAME, "ada").to_dict()

    session = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(cookies := CookieJar())
    )
    session.open(f"{formgrader}/formgrader/api/status").read()
    token = next(cookie.value for cookie in cookies if cookie.name == "_xsrf")
    answers = []

    def mark(points):
        request = urllib.request.Request(
            f"{formgrader}/formgrader/api/grade/{number}",
            json.dumps({"manual_score": points}).encode(),
            {"X-XSRFToken": token, "Content-Type": "application/json"},
            method="PUT",
        )
        answers.append(session.open(request, timeout=60).status)

    number = grade()["id"]
    marks = [threading.Thread(target=mark, args=(points,)) for points in (3.0, 4.0, 5.0)]
    with locked(course, "autograder grade"):
        for each in marks:
            each.start()
            each.join(0.7)
        assert session.open(f"{formgrader}/formgrader/api/students").status == 200
        assert (answers, grade()["manual_score"]) == ([], None)
    for each in marks:
        each.join(60)
    assert (answers, grade()["manual_score"]) == ([200] * 3, 5.0)


def test_a_lock_is_taken_at_once_or_not_at_all(course):
    """Is a lock that is held, or waited for, left to the others, without any waiting?"""
    with course_lock.at_once(course, "formgrader") as held:
        assert held and "formgrader" in str(course_lock.holder(course))
        with course_lock.at_once(course, "another") as also:
            assert not also
    with open(course.build / course_lock.TURN, "a+") as turn:
        assert course_lock._taken(turn)  # as by a run with --wait
        with course_lock.at_once(course, "formgrader") as held:
            assert not held
    with course_lock.at_once(course, "formgrader") as held:
        assert held


def test_every_writer_takes_a_turn():
    """Does each of formgrader's handlers that writes to the gradebook itself take the lock?"""
    writes = {
        (handler, method)
        for _, handler in apihandlers.default_handlers
        for method in ("post", "put", "delete", "patch")
        if "self.gradebook" in inspect.getsource(getattr(handler, method))
    }
    assert writes == set(turns.WRITERS)
