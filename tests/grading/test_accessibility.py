"""Can everybody read the pages: axe's rules, contrast in light and dark, and all of it on paper?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.pages.feedback import feedback_page
from autograder.pages.report import class_report
from autograder.status import Status
from autograder.texts import same_in_all
from checks.text import LANGUAGES
from tests.grading.conftest import cell_verdict, with_exercise

SCHEMES = ("light", "dark")
KINDS = ("mistakes", "right", "unreadable", "report")

each_page = pytest.mark.parametrize(
    ("kind", "language", "scheme"),
    [(kind, lang, scheme) for kind in KINDS for lang in LANGUAGES for scheme in SCHEMES],
)


@pytest.fixture
def page_of(tmp_path, verdict_of, samples):
    """Make the page of a kind in a language: its file."""
    file = tmp_path / "x.ipynb"
    file.write_text("x")

    def mistakes(language):
        verdict = verdict_of(
            file,
            "ada",
            {"zero_pad": 0.0, "pool_forward": 5.0},
            language=language,
            problems=["The file has a `fault`."],
        )
        verdict = with_exercise(verdict, "zero_pad", note=same_in_all("Write `zero_pad` first."))
        code = (
            "def zero_pad(X, pad):\n    # why "
            + "this line is long " * 12
            + "\n    return X + 1, 'a', None\n"
        )
        cell = cell_verdict(code, 0, ["1", {"png": samples.picture}])
        return replace(verdict, cells=(cell,))

    def unreadable(language):
        problem = ["The file is empty."]
        return verdict_of(file, "eve", language=language, status=Status.FAILED, problems=problem)

    def right(language):
        return verdict_of(file, "bob", language=language)

    def report(language):
        # As many with one cause as are folded.
        many = [replace(mistakes(language), student=f"student {n}") for n in range(9)]
        verdicts = [*many, right(language), unreadable(language)]
        return class_report(verdicts, language)

    def page_of(kind, language):
        makers = {"mistakes": mistakes, "right": right, "unreadable": unreadable}
        text = report(language) if kind == "report" else feedback_page(makers[kind](language))
        path = tmp_path / f"{kind}.html"
        path.write_text(text, "utf-8")
        return path

    return page_of


@pytest.fixture
def opened(browser) -> Iterator:
    """Open a page's file in light or dark, with everything on it unfolded."""
    contexts = []

    def opened(path: Path, scheme: str):
        # The page's own policy would keep axe out.
        contexts.append(browser.new_context(color_scheme=scheme, bypass_csp=True))
        page = contexts[-1].new_page()
        page.goto(path.as_uri())
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        return page

    yield opened
    for context in contexts:
        context.close()


FONTS = """() => [...document.querySelectorAll('body, code, pre, code *, pre *')]
  .map((e) => getComputedStyle(e).fontFamily.includes('monospace'))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_is_monospaced(page_of, opened, language):
    """Does all code line up in every language, and the prose not look like code?"""
    prose, *code = opened(page_of("mistakes", language), "light").evaluate(FONTS)
    assert (prose, set(code)) == (False, {True})
    assert len(code) > 20


@pytest.mark.slow
@each_page
def test_axe(page_of, opened, axe, kind, language, scheme):
    """Does axe find nothing against any of its rules?"""
    page = opened(page_of(kind, language), scheme)
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 25
    assert [
        (violation["id"], violation["impact"], [node["html"] for node in violation["nodes"]])
        for violation in found["violations"]
    ] == []


@each_page
def test_contrast(page_of, opened, kind, language, scheme):
    """Has all text a contrast of at least 4.5 to 1, that beside drawn marks too?"""
    # axe leaves such text undecided.
    assert opened(page_of(kind, language), scheme).evaluate(CONTRAST) == []


CONTRAST = """() => {
  const rgb = (s) => s.match(/[\\d.]+/g).map(Number);
  const light = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) =>
      v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const bad = [];
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.closest("svg")) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color).slice(0, 3)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(e.className + " " + e.textContent.slice(0, 30) + " " + ratio);
  }
  return bad;
}"""


# A4 less the margins, in CSS pixels (96 an inch); the report is printed across.
PAPER = {"report": 1031}
UPRIGHT = 703

ON_PAPER = """() => {
  const light = (s) => s.match(/[\\d.]+/g).slice(0, 3).every((v) => v > 225);
  const shown = [...document.querySelectorAll("details > :not(summary)")];
  const inside = [...document.querySelectorAll("table, tr, th, td, pre, code, svg, p, li")];
  const coloured = [document.documentElement, ...document.body.querySelectorAll("pre, section")]
    .map((e) => getComputedStyle(e).backgroundColor).filter((c) => !c.endsWith(", 0)"));
  return {
    folded: shown.filter((e) => !e.checkVisibility() || !e.getClientRects().length).length,
    unfolded: shown.length,
    beyond: inside.filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => e.outerHTML.slice(0, 80)),
    scrolled: inside.filter((e) => e.tagName === "PRE" && e.scrollWidth > e.clientWidth + 1).length,
    dark: coloured.filter((c) => !light(c)),
    pale: light(getComputedStyle(document.body).color),
  };
}"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper(page_of, browser, kind, language):
    """Is a page printed from a dark screen dark on white, unfolded, and as narrow as the paper?"""
    context = browser.new_context(
        color_scheme="dark", viewport={"width": PAPER.get(kind, UPRIGHT), "height": 1000}
    )
    page = context.new_page()
    page.goto(page_of(kind, language).as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    found = page.evaluate(ON_PAPER)
    context.close()
    assert (found.pop("unfolded") > 0) == (kind != "unreadable")
    assert found == {"folded": 0, "beyond": [], "scrolled": 0, "dark": [], "pale": False}
