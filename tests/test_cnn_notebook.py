"""Are the first notebook's predictions and the answers that unfold correct, with correct code?"""

import ast
import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import nbformat
import numpy as np
import pytest
from markdown_it import MarkdownIt
from numpy.lib.stride_tricks import sliding_window_view

import plots
from autograder.building.notebooks import DEMO
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES
from plots.explorers import STILLS
from plots.reasons import ANSWERS, REASONS
from solutions.cnn_step_by_step import reference

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "notebooks" / "source" / "cnn_step_by_step.py"
EXERCISES = [exercise.name for exercise in ASSIGNMENTS[SOURCE.stem].exercises]

SOBEL = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
DIAGONAL = np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]])


@pytest.fixture(scope="module")
def text() -> str:
    return SOURCE.read_text("utf-8")


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    return plots.house()[np.newaxis, :, :, np.newaxis]


def convolved(scene: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, tuple]:
    settings = {"stride": 1, "pad": 1}
    no_bias = np.zeros((1, 1, 1, 1))
    return reference.conv_forward(scene, kernel.reshape(3, 3, 1, 1), no_bias, settings)


def demo_with(notebook: nbformat.NotebookNode, words: str) -> str:
    (cell,) = (
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and words in cell.source and DEMO in cell.metadata["tags"]
    )
    return cell


@contextmanager
def needs(*_: object) -> Iterator[None]:
    yield


# Predictions


@pytest.mark.slow
def test_predictions_have_the_answers_of_the_text(notebooks, monkeypatch):
    """Does each cell compare with the number that the theory gives, where all code is correct?"""
    found: dict[str, float] = {}

    def compared(guess, answer, why=""):
        found[why] = float(answer)
        assert all(f"{answer:g}".replace("-", "−") in text for text in REASONS[why].values())

    monkeypatch.setattr(plots, "predict", compared)
    names = {name: getattr(reference, name) for name in EXERCISES}
    given = {"np": np, "plots": plots, "needs": needs, **names}
    elsewhere = r"google\.colab|summary\(globals"  # the first cell and the last
    for cell in notebooks["en"].cells:
        if DEMO in cell.metadata.get("tags", ()) and not re.search(elsewhere, cell.source):
            exec(cell.source, given)
    assert len(found) == 23
    assert found == pytest.approx({name: ANSWERS[name] for name in found}, abs=1e-9)


def test_the_measured_gradient_shows_a_forgotten_border(notebooks, capsys):
    """Do all 40 numbers agree for a correct function, and not for one that loses the border?"""
    code = demo_with(notebooks["en"], "def loss_when_moved_by")

    def without_border(dZ, cache):
        dA_prev, dW, db = reference.conv_backward(dZ, cache)
        dA_prev[:, -1] = 0
        return dA_prev, dW, db

    largest = []
    for backward in (reference.conv_backward, without_border):
        exec(
            code,
            {
                "np": np,
                "plots": plots,
                "needs": needs,
                **vars(reference),
                "conv_backward": backward,
            },
        )
        printed = capsys.readouterr().out
        assert "shapes: (1, 4, 5, 2) (1, 4, 5, 2)" in printed
        largest.append(float(re.search(r"all 40: +(\S+)", printed)[1]))
    assert largest[0] < 1e-8 and largest[1] > 0.1


# The finished function of section 4.4


def test_walk_through_a_finished_function_fits_its_code(notebooks):
    """Does each line that the list explains stand in the function, in this order?"""
    code = demo_with(notebooks["en"], "def running_median")
    for language in LANGUAGES:
        (walk,) = (c.source for c in notebooks[language].cells if "### 4.4 " in c.source)
        lines = [
            line.removesuffix("...")
            for item in re.findall(r"^\d\. (.+?)\*\*", walk, re.M)
            for line in re.findall("`([^`]+)`", item)
        ]
        places = [code.index(line) for line in lines]
        assert len(lines) == 8 and places == sorted(places)


def test_claims_about_the_running_median_hold(notebooks):
    """Do widths of 1 and 2 keep the wrong number, and does `start` as a place run out?"""
    code = demo_with(notebooks["en"], "def running_median")
    given = {"np": np, "plots": plots}
    exec(code, given)
    signal, median = given["temperatures"], given["running_median"]
    assert max(median(signal, 1, 1)) == 90 and 24 < max(median(signal, 2, 1)) < 90
    assert all(max(median(signal, width, 1)) <= 24 for width in range(3, 10))
    wrong = code.replace("medians[place] =", "medians[start] =")
    with pytest.raises(IndexError):
        exec(wrong, {"np": np, "plots": plots})


@pytest.mark.parametrize("name", EXERCISES)
def test_the_finished_function_gives_no_line_of_a_solution_away(notebooks, name: str):
    """Does neither the function nor its explanation hold a line of a correct answer?"""
    code = demo_with(notebooks["en"], "def running_median")
    walks = [c.source for n in notebooks.values() for c in n.cells if "### 4.4 " in c.source]
    tree = ast.parse(inspect.getsource(getattr(reference, name))).body[0]
    lines = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign) and len(ast.unparse(node)) > 8
    }
    assert lines
    for shown in (code, *walks):
        assert [line for line in lines if line in shown] == []


# The answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_mixed_questions_close_the_notebook(notebooks, language: str):
    """Do three questions with answers stand in the last cell, after the last heading?"""
    last = notebooks[language].cells[-1].source
    word = {"en": "Recall", "zh": "回顾"}[language]
    assert re.findall(rf">{word} (\d)", last) == ["1", "2", "3"]
    answers = re.findall(r"</summary>\n\n(.+?)\n\n</details>", last, re.S)
    assert len(answers) == 3 and not re.search("^#", last, re.M)


def test_shape_of_the_closing_question():
    """Is the output of its two layers the one that its answer names?"""
    A = np.zeros((1, 32, 32, 3))
    Z, _ = reference.conv_forward(
        A, np.zeros((5, 5, 3, 16)), np.zeros((1, 1, 1, 16)), {"stride": 1, "pad": 2}
    )
    pooled, _ = reference.pool_forward(Z, {"f": 2, "stride": 2})
    assert pooled.shape[1:] == (16, 16, 16)


def test_what_is_left_over_is_the_remainder():
    """Does the last window leave as many rows as the division does?"""
    for n, f, pad, stride in np.ndindex(9, 5, 3, 5):
        if 1 <= f <= n and stride:
            seen = (plots.count_windows(n, f, pad, stride) - 1) * stride + f
            assert n + 2 * pad - seen == (n + 2 * pad - f) % stride


def test_two_strides_give_the_sizes_of_the_text(text: str):
    """Does each side of 5 x 7 follow the formula with a stride of its own?"""
    rows, columns = (plots.count_windows(n, 3, 0, s) for n, s in ((5, 2), (7, 1)))
    for formula in (rf"(5 - 3)/2 \rfloor + 1 = {rows}$", rf"(7 - 3)/1 \rfloor + 1 = {columns}$"):
        assert text.count(rf"$\lfloor {formula}") >= 2


def test_diagonal_filter_finds_one_slope_of_the_roof(scene, text: str):
    """Is its answer positive on the left slope and next to nothing on the right one?"""
    rows = (" & ".join(map(str, row)) for row in DIAGONAL)
    assert text.count(r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}") == 2
    for kernel, strong, weak in ((DIAGONAL, "left", "right"), (DIAGONAL[:, ::-1], "right", "left")):
        row = convolved(scene, kernel)[0][0, 15, :, 0]
        slopes = {"left": row[13:20], "right": row[28:36]}
        assert slopes[strong].max() > 2 and abs(slopes[weak]).max() < 0.1


def test_what_survives_pooling(scene):
    """Do door and trunk vanish from the maximum, and do roof, crown and the mean keep them?"""
    largest, _ = reference.pool_forward(scene, {"f": 4, "stride": 4}, mode="max")
    mean, _ = reference.pool_forward(scene, {"f": 4, "stride": 4}, mode="average")
    finer, _ = reference.pool_forward(scene, {"f": 3, "stride": 1}, mode="max")
    door, trunk = (0, slice(8, 10), slice(6, 8), 0), (0, slice(8, 10), 12, 0)
    assert np.all(largest[door] == 0.9) and np.all(largest[trunk] > 0.6)
    assert np.all(mean[door] < 0.5) and np.all(mean[trunk] < 0.4)
    roof, crown, sun = largest[0, 3:5, 4:8, 0], largest[0, 5:7, 11:14, 0], largest[0, 1:4, 11:15, 0]
    assert (roof == 0.15).sum() > 3 and (crown == 0.25).sum() > 3 and (sun == 1).sum() > 8
    assert finer.shape[1:3] == (46, 62)
    for picture, width in ((scene, 6), (finer, 4)):
        assert (picture[0, 35, :, 0] == 0.2).sum() == width
    assert (scene[0, 35, :, 0] == 0.1).sum() == 2 and not np.any(finer[0, 33:38, :, 0] == 0.1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STILLS)
def test_explorer_has_its_still_in_the_text(notebooks, name, language):
    """Does who runs nothing, as on GitHub, see each explorer, folded, just before its cell?"""
    cells = notebooks[language].cells
    made = f"plots.explore_{Path(name).stem}("
    place = next(i for i, c in enumerate(cells) if c.cell_type == "code" and made in c.source)
    assert cells[place - 1].cell_type == "markdown"
    folded = re.findall(r"<details>.*?</details>", cells[place - 1].source, re.S)[-1]
    # Markdown reads what stands inside HTML only after an empty line, as MarkdownIt does.
    page = MarkdownIt("commonmark", {"html": True}).render(folded.replace("\u00a0", " "))
    alt = escape(STILLS[name].in_(language), quote=False)
    assert f'</summary>\n<p><img src="images/{name}" alt="{alt}" /></p>\n</details>' in page
    assert (ROOT / "notebooks" / language / SOURCE.stem / "images" / name).is_file()


def test_windows_of_the_gradient_explorer():
    """Does it begin with the sizes of the answer, and do as many windows hold its pixels?"""
    script = (ROOT / "plots" / "explorers" / "gradient.js").read_text("utf-8")
    n, f, s = map(int, re.search(r"n: (\d), f: (\d), s: (\d)", script).groups())
    assert (n, f, s) == (5, 2, 1)
    counts = np.zeros((n, n), int)
    for h, w in np.ndindex(n - f + 1, n - f + 1):
        counts[h : h + f, w : w + f] += 1
    assert np.all(counts[1:-1, 1:-1] == 4) and np.all(counts[0, 1:-1] == 2) and counts[0, 0] == 1


def test_rate_of_two_diverges(text: str):
    """Is 1.81 what a step of rate 1 takes off the error at most, for the pictures of the cell?"""
    noise = np.random.RandomState(0).randn(2, 9, 9, 1)
    windows = sliding_window_view(noise[..., 0], (3, 3), axis=(1, 2)).reshape(-1, 9)
    steepest = np.linalg.eigvalsh(windows.T @ windows / len(windows))[-1]
    assert round(steepest, 2) == 1.81 and text.count(r"$1 - 1.81 \cdot \text{rate}$") == 2
    assert round(1 - 0.5 * steepest, 1) == 0.1 and round(1 - 2 * steepest, 1) == -2.6
    assert round(2 / steepest, 1) == 1.1
    # The error of a filter moves as the answer says, with the course's own functions.
    wanted, settings = SOBEL.reshape(3, 3, 1, 1), {"stride": 1, "pad": 0}
    no_bias = np.zeros((1, 1, 1, 1))
    target, _ = reference.conv_forward(noise, wanted, no_bias, settings)
    for rate, falls in ((1.0, True), (1.2, False)):
        learned = wanted + np.random.RandomState(1).randn(3, 3, 1, 1)
        errors = []
        for _ in range(40):
            output, memory = reference.conv_forward(noise, learned, no_bias, settings)
            errors.append(np.mean((output - target) ** 2))
            gradient = reference.conv_backward((output - target) / output.size, memory)[1]
            learned = learned - rate * gradient
        assert (errors[-1] < errors[0]) == falls


@pytest.mark.parametrize("kernel", [SOBEL, SOBEL.T], ids=["vertical", "horizontal"])
def test_patch_that_one_number_depends_on(scene, kernel):
    """Is it 4 x 4 pixels with both filters, of opposite sign across the filter's edge?"""
    Z, memory = convolved(scene, kernel)
    pooled, memory_pool = reference.pool_forward(
        np.maximum(0, Z), {"f": 2, "stride": 2}, mode="average"
    )
    inside = pooled[0, 1:-1, 1:-1, 0]
    row, column = np.add(np.unravel_index(np.argmax(inside), inside.shape), 1)
    gradient = np.zeros(pooled.shape)
    gradient[0, row, column, 0] = 1
    gradient = reference.pool_backward(gradient, memory_pool, mode="average") * (Z > 0)
    gradient = reference.conv_backward(gradient, memory)[0][0, :, :, 0]
    patch = gradient[2 * row - 1 : 2 * row + 3, 2 * column - 1 : 2 * column + 3]
    assert np.count_nonzero(gradient) == np.count_nonzero(patch) == 16
    if kernel is SOBEL:
        assert np.all(patch[:, :2] > 0) and np.all(patch[:, 2:] < 0)
    else:
        assert np.all(patch[:2] > 0) and np.all(patch[2:] < 0)
        # The foot of the wall: bright above, dark ground below.
        assert (
            scene[0, 2 * row, 2 * column, 0] == 0.9 and scene[0, 2 * row + 1, 2 * column, 0] < 0.4
        )
