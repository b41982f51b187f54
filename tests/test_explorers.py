"""The explorers of the notebook, used as a learner does: with sliders, mouse and keys."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter

from checks.text import LANGUAGES
from plots.explorers import (
    CONVOLUTION,
    FIRST_CASE,
    GRADIENT,
    convolution_page,
    first_gradient,
    first_input,
    gradient_page,
)

MOST_BYTES = 25_000
WIDTHS = {"wide": 900, "narrow": 400}
BACKGROUNDS = {"light": "#ffffff", "dark": "#111111"}


def conv_forward(A_prev, W, b, hparameters):
    """One example, one channel, stride 1, no padding: what the first setting asks for."""
    f, n = W.shape[0], A_prev.shape[1] - W.shape[0] + 1
    picture, weights = A_prev[0, :, :, 0], W[:, :, 0, 0]
    Z = [[(picture[h : h + f, w : w + f] * weights).sum() for w in range(n)] for h in range(n)]
    return np.array(Z)[np.newaxis, :, :, np.newaxis], None


def conv_backward(dZ, cache):
    """The first gradient of such a layer."""
    A_prev, W, _, _ = cache
    dA_prev, f = np.zeros(A_prev.shape), W.shape[0]
    for h, w in np.ndindex(dZ.shape[1:3]):
        dA_prev[0, h : h + f, w : w + f, 0] += W[:, :, 0, 0] * dZ[0, h, w, 0]
    return dA_prev, None, None


@pytest.fixture
def explore(browser, tmp_path):
    """Open both explorers on a page, with the learner's functions that they compare."""
    pages = []

    def open_page(language="en", background="light", width="wide", function=None, backward=None):
        html = (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            "<title>Explorers</title></head>"
            f'<body style="background:{BACKGROUNDS[background]};color:#888888">'
            "<main><h1>Explorers</h1>"
            f"{convolution_page(language, function)}{gradient_page(language, backward)}"
            "</main></body></html>"
        )
        path = tmp_path / "page.html"
        path.write_text(html, "utf-8")
        page = browser.new_page(viewport={"width": WIDTHS[width], "height": 800})
        page.errors, page.asked = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.errors == []
        # Offline: nothing but the page itself and its pictures, which it carries.
        assert [url for url in page.asked[1:] if not url.startswith("data:")] == []
        page.close()


def explorer(page, number):
    return page.locator(".explorer").nth(number)


def cells(explorer, group):
    return explorer.locator("figure").nth(group).locator("[data-at]")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page_of", "function"), [(convolution_page, conv_forward), (gradient_page, conv_backward)]
)
def test_each_explorer_is_small(page_of, function, language):
    """Does an explorer, with its still picture and a learner's output, add at most 25 KB?"""
    assert len(page_of(language, function).encode()) <= MOST_BYTES


@pytest.mark.parametrize("texts", [CONVOLUTION, GRADIENT], ids=["convolution", "gradient"])
def test_scripts_find_their_texts(texts):
    """Does every text that a script asks for exist, with the same places to fill in?"""
    folder = Path(__file__).resolve().parent.parent / "plots" / "explorers"
    name = "convolution" if texts is CONVOLUTION else "gradient"
    script = "".join((folder / f"{part}.js").read_text("utf-8") for part in ("kit", name))
    assert set(re.findall(r"\bt\.(\w+)", script)) <= set(texts)
    for text in texts.values():
        places = {frozenset(re.findall(r"\{(\w+)\}", text.in_(lang))) for lang in LANGUAGES}
        assert len(places) == 1, text


def test_sizes_move_the_window(explore):
    """Do stride, pad and dilation give the output size of the formula and the right window?"""
    page = explore()
    first = explorer(page, 0)
    for place, value in ((2, 2), (3, 1), (4, 2)):
        first.locator("input").nth(place).fill(str(value))
    assert "(6 + 2·1 − 5) / 2⌋ + 1 = 2" in first.locator(".formula").inner_text()
    assert cells(first, 2).count() == 4
    cells(first, 2).nth(3).click()
    marked = first.locator(".window").evaluate_all("found => found.map(cell => cell.dataset.at)")
    assert marked == [f"{i},{j}" for i in (2, 4, 6) for j in (2, 4, 6)]
    assert "rows 2 to 6, columns 2 to 6" in first.locator(".sum").inner_text()


def test_a_window_that_does_not_fit(explore):
    """Does the page say so where the filter is larger than the input?"""
    first = explorer(explore(), 0)
    for place, value in ((0, 3), (1, 5)):
        first.locator("input").nth(place).fill(str(value))
    assert "there is no output" in first.inner_text()
    assert cells(first, 2).count() == 0


def test_outputs_are_those_of_numpy(explore):
    """Does the page compute what NumPy computes for the first setting?"""
    first = explorer(explore(), 0)
    X, W = first_input()
    assert [int(text) for text in cells(first, 0).all_text_contents()] == X.ravel().tolist()
    Z = conv_forward(X[None, :, :, None], W[:, :, None, None], 0, FIRST_CASE)[0].ravel()
    shown = [int(text.replace("−", "-")) for text in cells(first, 2).all_text_contents()]
    assert shown == Z.tolist()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (conv_forward, "gives the same 16 numbers"),
        (lambda *given: (conv_forward(*given)[0] + 1, None), "gives Z[0, 0] = −13, here it is −14"),
        (lambda *given: (conv_forward(*given)[0][:, 1:], None), "gives 3 × 4 numbers"),
        (lambda *given: (conv_forward(*given)[0] * np.nan, None), "Z[0, 0] = nan"),
    ],
    ids=["right", "other numbers", "other shape", "not a number"],
)
def test_own_function_is_compared(explore, function, words):
    """Does the page say whether the learner's function agrees with what it computes?"""
    assert words in explorer(explore(function=function), 0).locator(".own").inner_text()


def test_gradients_are_those_of_numpy(explore):
    """Does the second page begin with what NumPy computes of the arrays that are given?"""
    second = explorer(explore(), 1)
    A_prev, W, dZ = first_gradient()
    cache = (A_prev[None, :, :, None], W[:, :, None, None], None, None)
    dA_prev = conv_backward(dZ[None, :, :, None], cache)[0]
    for group, values in enumerate((dA_prev, W, dZ)):
        texts = cells(second, group).locator("text:not(.note)").all_text_contents()
        shown = [int(text.replace("−", "-")) for text in texts]
        assert shown == values.ravel().tolist()
    second.locator("button").nth(1).click()
    assert [int(text) for text in cells(second, 1).all_text_contents()] == A_prev.ravel().tolist()


def without_zeros(*given):
    """Not a number where the gradient is 0."""
    dA_prev = conv_backward(*given)[0]
    return (np.where(dA_prev, dA_prev, np.nan),)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (conv_backward, "gives the same 25 numbers"),
        (lambda *given: (-conv_backward(*given)[0],), "gives dA_prev[0, 0] = −1, here it is 1"),
        (lambda *given: (conv_backward(*given)[0][:, 1:],), "gives 4 × 5 numbers"),
        (without_zeros, "= nan, here it is 0"),
    ],
    ids=["right", "other numbers", "other shape", "not a number"],
)
def test_own_gradient_is_compared(explore, function, words):
    """Does the second page say whether the learner's gradient agrees with its own?"""
    assert words in explorer(explore(backward=function), 1).locator(".own").inner_text()


def test_function_that_fails_is_not_compared(explore):
    """Is nothing said of a function that is not written yet?"""
    page = explore(function=lambda *given: 1 / 0, backward=lambda *given: 1 / 0)
    assert page.locator(".own").count() == 0


@pytest.mark.parametrize("number", [0, 1], ids=["convolution", "gradient"])
def test_a_mouse_shows_what_it_moves_over_and_leaves_the_keys_alone(explore, number):
    """Does hovering choose, and does a mouse that rests there not undo what keys choose?"""
    page = explore()
    one = explorer(page, number)
    grid = one.locator("figure").last
    for place in ("1,1", "2,1"):
        grid.locator(f"[data-at='{place}']").hover()
    assert "[2, 1]" in one.locator(".sum").inner_text()
    grid.locator("[data-at='2,1']").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert "[2, 2]" in one.locator(".sum").inner_text()


def test_keys_alone_are_enough(explore):
    """Can outputs be chosen and sliders be moved without a mouse, and does focus stay?"""
    page = explore()
    first = explorer(page, 0)
    first.locator('[role="radio"][tabindex="0"]').focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.dataset.at") == "0,1"
    assert first.locator('[role="radio"][tabindex="0"]').count() == 1
    first.locator("input").nth(3).focus()
    page.keyboard.press("ArrowRight")
    assert first.locator("output").nth(3).inner_text() == "1"


def test_the_pages_own_keys_reach_it(explore):
    """Do plain keys stay in an explorer, or they would edit cells, and do menus and saving work?"""
    page = explore()
    page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push(e.key))")
    for place in ("input", '[role="radio"][tabindex="0"]'):
        explorer(page, 0).locator(place).first.focus()
        for key in ("ArrowDown", "d", "Shift+A", "Control+e", "Meta+e", "F9", "Escape"):
            page.keyboard.press(key)
    assert page.evaluate("heard.filter(key => !['Control', 'Meta'].includes(key))") == [
        *("e", "e", "F9", "Escape"),
        *("e", "e", "F9", "Escape"),
    ]


@pytest.mark.parametrize(
    ("mode", "stamp"),
    [
        (0, ["1", "−2", "2", "1"]),
        (1, ["0", "0", "0", "1"]),
        (2, ["0.25"] * 4),
    ],
    ids=["convolution", "max pooling", "average pooling"],
)
def test_an_output_stamps_its_window(explore, mode, stamp):
    """Does an output's gradient reach the pixels of its window, each with its factor?"""
    second = explorer(explore(), 1)
    second.locator("button").nth(mode).click()
    second.locator("figure").last.locator("[data-at='1,1']").click()
    places = [cells(second, 0).nth(5 * i + j).text_content() for i in (1, 2) for j in (1, 2)]
    assert places == stamp
    others = [text for text in cells(second, 0).all_text_contents() if text != "0"]
    assert len(others) == len([text for text in stamp if text != "0"])


def test_a_pixel_lights_its_outputs(explore):
    """Are exactly the outputs marked whose window holds the pixel, and does the sum add up?"""
    second = explorer(explore(), 1)
    cells(second, 0).nth(0).click()
    marked = second.locator(".window").evaluate_all("found => found.map(cell => cell.dataset.at)")
    assert marked == ["0,0"]
    assert "1 of the outputs: dA_prev[0, 0] = 1·dZ[0, 0] = 1" in second.inner_text()


@pytest.mark.parametrize(
    ("mode", "place", "wanted"),
    [
        (0, "2,2", ["×1", "×2", "×−2", "×1"]),
        (1, "1,3", ["×1", "×1", "×1"]),
        (2, "0,0", ["×0.25"]),
    ],
    ids=["convolution", "max pooling", "average pooling"],
)
def test_each_output_shows_its_factor(explore, mode, place, wanted):
    """Does each marked output, and no other, say by what the chosen pixel is multiplied there?"""
    second = explorer(explore(), 1)
    second.locator("button").nth(mode).click()
    second.locator("figure").first.locator(f"[data-at='{place}']").click()
    marked = second.locator("figure").last.locator(".window")
    assert marked.locator(".note").all_text_contents() == wanted
    assert second.locator(".note").count() == marked.count() == len(wanted)
    total, numbers = 0.0, second.locator(".sum").inner_text().replace("−", "-")
    for heard in marked.evaluate_all("found => found.map(cell => cell.ariaLabel)"):
        number, factor = re.findall(r"-?[\d.]+", heard.replace("−", "-").partition("=")[2])
        total += float(number) * float(factor)
    assert numbers.rstrip(".").endswith(f"= {total:g}")
    second.locator("figure").last.locator("[data-at='0,0']").click()
    assert second.locator(".note").count() == 0


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe(explore, axe, language, width, background):
    """Does axe find nothing, in light and dark, wide and narrow, and does nothing stick out?"""
    page = explore(language, background, width, conv_forward, conv_backward)
    assert page.locator(".explorer").first.get_attribute("data-theme") == background
    page.evaluate(axe)
    violations = page.evaluate("axe.run()")["violations"]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]


def test_theme_of_a_page_without_a_background(explore):
    """Do the explorers go by the words' colour where nothing has a background, as in VS Code?"""
    page = explore()
    # As VS Code's two standard themes have it; the page stays open when its theme changes.
    for colour, theme in (("#cccccc", "dark"), ("#3b3b3b", "light")):
        page.evaluate("colour => document.body.setAttribute('style', `color: ${colour}`)", colour)
        assert page.locator(f".explorer[data-theme={theme}]").count() == 2


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_axe_in_nbconverts_page(browser, axe, tmp_path, theme):
    """Does axe find nothing in what a notebook shows, where nbconvert has made a page of it?"""
    pages = (convolution_page("en", conv_forward), gradient_page("en", conv_backward))
    cells = [
        nbformat.v4.new_code_cell(
            "plots.explore()",
            outputs=[nbformat.v4.new_output("display_data", {"text/html": page})],
        )
        for page in pages
    ]
    exporter = HTMLExporter(theme=theme, mathjax_url="", require_js_url="", jquery_url="")
    html, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    path = tmp_path / "notebook.html"
    path.write_text(html, "utf-8")
    page = browser.new_page(viewport={"width": WIDTHS["wide"], "height": 800})
    page.goto(path.as_uri())
    assert page.locator(f".explorer[data-theme={theme}] svg").count() == 6
    page.evaluate(axe)
    violations = page.evaluate("axe.run('.jp-OutputArea-output')")["violations"]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in violations] == []
    page.close()


def test_still_picture_stays_without_scripts(browser, tmp_path):
    """Is there a picture with a text for it where no script runs?"""
    path = tmp_path / "page.html"
    path.write_text(f"<meta charset='utf-8'>{gradient_page('zh')}", "utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    image = page.locator(".explorer img")
    assert image.is_visible()
    assert "输入" in image.get_attribute("alt")
    context.close()
