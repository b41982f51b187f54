"""A submission made to act in the browser of whoever opens its pages: nothing of it may."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from nbgrader.api import Gradebook

from autograder.model import CauseVerdict, Line
from autograder.pages.feedback import feedback_page
from autograder.pages.report import class_report
from autograder.recording.recorder import record
from autograder.texts import same_in_all
from tests.grading.conftest import cell_verdict, with_exercise

NAME = "cnn_step_by_step"
# A folder may be called so.
EVE = "eve '\"+window.__pwned=1+\"' &lt;img src=x onerror=window.__pwned=1&gt; `x`"
ACTING = "eve <img src=x onerror=window.__pwned=1>"
ENEMY = "enemy.invalid"
ACT = f"window.__pwned=1;new Image().src='http://{ENEMY}/called'"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{ACT}"><script>{ACT}</script></svg>'
MARKUP = (
    f"<script>{ACT}</script>",
    f'<img src="http://{ENEMY}/picture.png" onerror="{ACT}">',
    SVG,
    f'<iframe srcdoc="<script>parent.__pwned=1</script>" src="javascript:{ACT}"></iframe>',
    f'<style>@import url("http://{ENEMY}/style.css");</style>',
    f'<link rel="stylesheet" href="http://{ENEMY}/style.css">',
    f'<details open ontoggle="{ACT}">x</details><input autofocus onfocus="{ACT}">',
    f'<video><source onerror="{ACT}" src="http://{ENEMY}/film"></video>',
    f'<a href="javascript:{ACT}">x</a><base href="http://{ENEMY}/">',
    f'<meta http-equiv="refresh" content="0;url=http://{ENEMY}/">',
)
# What a page may hold a text in: each is closed first.
ENDS = ("", "</code></pre>", "</script>", "</style>", "</title>", "</textarea>", '">', "'>", "-->")
RAW = "\n".join(end + markup for end in ENDS for markup in MARKUP)
MARKDOWN = (
    f"![x](http://{ENEMY}/markdown.png) [x](javascript:{ACT}) ![x](attachment:x.svg)\n\n"
    f"$\\href{{javascript:{ACT}}}{{x}}$ $$\\unicode{{<img src=x onerror={ACT}>}}$$\n\n{RAW}"
)
OUTPUTS = [
    {"output_type": "display_data", "metadata": {}, "data": {kind: content}}
    for kind, content in {
        "text/html": RAW,
        "text/markdown": MARKDOWN,
        "text/latex": MARKDOWN,
        "image/svg+xml": SVG,
        "application/javascript": ACT,
        "text/plain": RAW,
    }.items()
] + [
    {"output_type": "stream", "name": "stdout", "text": f"\x1b[31m{RAW}"},
    {"output_type": "error", "ename": RAW, "evalue": RAW, "traceback": [f"\x1b[0;31m{RAW}"]},
]


@pytest.fixture
def hostile(submit, verdict_of):
    """A submission with all of it in every place that a notebook has, and its verdict."""
    path = submit(EVE, {"zero_pad": f"def zero_pad(X, pad):\n    '''{RAW}'''\n"}, extra=(RAW,))
    notebook = json.loads(path.read_text("utf-8"))
    picture = base64.b64encode(SVG.encode()).decode()
    for cell in notebook["cells"]:
        cell["metadata"] |= {"tags": [RAW], "name": RAW, "collapsed": RAW}
        if cell["cell_type"] == "markdown":
            cell["source"] = MARKDOWN
            cell["attachments"] = {"x.svg": {"image/svg+xml": picture}}
        else:
            cell["outputs"] = OUTPUTS
    mark = {"grade": False, "grade_id": RAW, "locked": False, "schema_version": 3}
    notebook["cells"].append(
        {
            "cell_type": "markdown",
            "id": "more",
            "metadata": {"nbgrader": mark | {"solution": True, "task": False}},
            "source": MARKDOWN,
        }
    )
    notebook["metadata"] |= {
        "title": RAW,
        "authors": [{"name": RAW}],
        "kernelspec": {"display_name": RAW, "name": RAW, "language": RAW},
        "language_info": {"name": RAW, "codemirror_mode": RAW, "pygments_lexer": RAW},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {RAW: RAW}}},
    }
    path.write_text(json.dumps(notebook), "utf-8")
    text = same_in_all(RAW)
    verdict = verdict_of(path, EVE, {"zero_pad": 0.0}, problems=[RAW])
    cause = CauseVerdict(RAW, text, same_in_all(f"`{RAW}`"), (Line(1, 1, RAW),))
    for exercise in verdict.exercises:
        checks = tuple(replace(check, detail=text) for check in exercise.checks)
        more = {"note": text, "where": text, "diagnosis": (cause,), "checks": checks}
        verdict = with_exercise(verdict, exercise.name, **more)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shown = (cell_verdict(cell["source"], i, [RAW], RAW) for i, cell in enumerate(cells))
    return replace(verdict, cells=tuple(shown))


class Watched:
    """A page, and what it asked for on other machines."""

    def __init__(self, page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.route("**/*", self._route)

    def _route(self, route) -> None:
        address = route.request.url
        if address.startswith(("http://127.0.0.1", "file:", "data:", "about:")):
            route.continue_()
        else:
            # Not there: MathJax and the like, too.
            self.asked.append(address)
            route.abort()

    def acted(self) -> bool:
        """Touch everything on the page, and return whether anything of the submission acted."""
        from playwright.sync_api import Error

        try:
            return self._acted(self.page)
        except Error as error:
            # It has gone elsewhere meanwhile, which is an act.
            if "navigation" in str(error):
                return True
            raise

    def _acted(self, page: Any) -> bool:
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        page.evaluate("for (const e of document.querySelectorAll('input, textarea')) e.focus()")
        page.wait_for_timeout(500)
        links = "[...document.querySelectorAll('a')].filter((a) => /^javascript:./.test(a.href)"
        links += " && a.href.includes('__pwned')).length"
        ran = any(frame.evaluate("window.__pwned !== undefined") for frame in page.frames)
        return ran or page.evaluate(links) > 0 or any(ENEMY in address for address in self.asked)


@pytest.fixture
def watched(browser) -> Iterator[Watched]:
    """A fresh page that is watched."""
    page = browser.new_page()
    yield Watched(page)
    page.close()


@pytest.mark.parametrize("markup", MARKUP)
def test_the_attack_works_where_nothing_stops_it(watched, markup, tmp_path):
    """Would each piece act, were it ever on a page as markup?"""
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><body>{markup}", "utf-8")
    watched.page.goto((tmp_path / "page.html").as_uri(), wait_until="commit")
    watched.page.wait_for_timeout(300)
    assert watched.acted()


@pytest.mark.parametrize("kind", ["feedback", "report"])
def test_our_pages(hostile, watched, tmp_path, kind):
    """Does nothing act in the feedback page and the report, which show the text all the same?"""
    text = feedback_page(hostile) if kind == "feedback" else class_report([hostile], "en")
    (tmp_path / "page.html").write_text(text, "utf-8")
    watched.page.goto((tmp_path / "page.html").as_uri())
    assert "__pwned" in watched.page.inner_text("body")
    assert not watched.acted()
    assert watched.asked == []


def test_a_name_that_acts(course, submit, verdict_of):
    """Is a student's id that formgrader would take for markup refused with a message?"""
    path = submit(ACTING)
    (line,) = record([verdict_of(path, ACTING)], course, lambda line: None)
    assert "cannot be a student's id" in line
    with Gradebook(course.db_url, course.course_id) as book:
        assert book.students == []


@pytest.mark.slow
def test_formgrader(course, hostile, formgrader, watched):
    """Does nothing act in formgrader's view of the submission and in the lists that lead there?"""
    assert record([hostile], course, lambda line: None) == []
    with Gradebook(course.db_url, course.course_id) as book:
        number = book.find_submission_notebook(NAME, NAME, EVE).id
    pages = (
        f"submissions/{number}",
        f"gradebook/{NAME}/{NAME}",
        f"manage_submissions/{NAME}",
        "manage_students",
        f"manage_students/{quote(EVE)}/{NAME}",
    )
    for place in pages:
        response = watched.page.goto(f"{formgrader}/formgrader/{place}", wait_until="load")
        assert response.status == 200, place
        if place.startswith("submissions"):
            # The mark can be entered: this is the page on which one grades.
            watched.page.wait_for_selector(".score", state="attached")
            assert "__pwned" in watched.page.inner_text("body")
        assert not watched.acted(), place
