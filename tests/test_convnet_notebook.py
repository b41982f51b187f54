"""Are the numbers of the second notebook right, and does its story hold when it is filled?"""

import ast
import inspect
import itertools
import re
from math import log, sqrt
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.building.notebooks import DEMO, build_notebook
from autograder.building.pictures import alt_texts
from autograder.course import copy_course
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES
from plots import reasons, training
from plots.reasons import REASONS
from solutions.cnn_step_by_step import reference as loops
from solutions.convnet_application import reference

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "notebooks" / "source" / "convnet_application.py"
ASSIGNMENT = ASSIGNMENTS[SOURCE.stem]
EXERCISES = [exercise.name for exercise in ASSIGNMENT.exercises]
ALT_TEXTS = alt_texts(ROOT)
FIRST = "cnn_step_by_step"

HAN = "[\u4e00-\u9fff]"
WRONG_GUESS = -12345
ANSWERS = {
    **{"averages": pytest.approx(90.8, abs=0.1), "half": pytest.approx(50, abs=0.5), "blocked": 0},
    **{"row": 64, "bias_stays": 10.5, "dense": 8, "differences": 0, "softmax": -1},
    **{"forgotten_factor": pytest.approx(1 / 3, abs=0.001), "remainder": 100},
    "mean_for_sum": pytest.approx(0.5, abs=0.001),
    **{"kink": 0.5, "near_kink": 0.25, "shares": 3},
    **{"valley": pytest.approx(88, abs=0.5), "variance": 0.5, "first_layer": 1024},
    **{"untrained": 2, "second_column": 5, "columns": 32, "overlaps": 9, "corner": -1, "bias": 2},
    **{"last_row": 3, "handed_on": 30},
    # Losses and accuracies of trained networks: they differ a little from machine to machine.
    **{"right_but_unsure": pytest.approx(1.8, abs=0.1)},
    **{"background": 2, "practised": pytest.approx(3, abs=0.5)},
    **{"accuracy": pytest.approx(98, abs=1), "diagonal": pytest.approx(7, abs=3)},
    **{"same_signs": pytest.approx(60, abs=6), "maps": 128},
    **{"fixed_places": pytest.approx(52, abs=0.5), "last_layer": pytest.approx(68, abs=4)},
    **{"augmented": pytest.approx(98, abs=1), "their_axes": 8},
}
"""What a learner should predict, by its reason, in the notebook's order.

The speed of the machine is left out.
"""


@pytest.fixture(scope="module")
def text() -> str:
    return SOURCE.read_text("utf-8")


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


# Whether the source is fit to be read


@pytest.mark.parametrize(
    ("language", "exercise", "hint", "question"),
    [("en", "Exercise", "Hint", "Question"), ("zh", "练习", "提示", "思考题")],
)
def test_each_exercise_has_three_hints_and_each_section_few_questions(
    notebooks, language: str, exercise: str, hint: str, question: str
):
    """Are hints graded in three steps, and are there at most two questions in a section?"""
    words = markdown(notebooks[language])
    for number, name in enumerate(EXERCISES, 1):
        (section,) = re.findall(
            rf"^### {exercise} {number} – {name}\n(.*?)(?=^#|\Z)", words, re.M | re.S
        )
        assert re.findall(rf"{hint} (\d)", section) == ["1", "2", "3"]
    for section in re.split(r"^##+ (?=\d)", words, flags=re.MULTILINE):
        assert re.findall(rf">{question} (\d)", section) in ([], ["1"], ["1", "2"])


@pytest.mark.parametrize(("language", "unit", "most"), [("en", r"\S+", 500), ("zh", HAN, 800)])
def test_the_learner_does_something_soon(notebooks, language: str, unit: str, most: int):
    """Is there something to predict and look at within 500 words, code included, or 800 signs?"""
    before = itertools.takewhile(
        lambda cell: "plots.predict(" not in cell.source, notebooks[language].cells
    )
    assert 100 < sum(len(re.findall(unit, cell.source)) for cell in before) <= most


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_to_play_with_has_an_answer_that_unfolds(notebooks, language: str):
    """Does an answer that unfolds follow where a cell asks something that it does not compare?"""
    cells = notebooks[language].cells
    play = re.compile(r"^# (?:Play: |玩一玩：)((?:.*\n(?=#))*.*)", re.M)
    asked = 0
    for place, cell in enumerate(cells):
        found = play.search(cell.source) if cell.cell_type == "code" else None
        if found and re.search("[?？]", found[1]):
            below = next(c.source for c in cells[place + 1 :] if c.cell_type == "markdown")
            assert re.search("[?？]</summary>", below.partition("\n#")[0]), cell.id
            asked += 1
    assert asked >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_prediction_has_its_reason(notebooks, language: str):
    """Is it said after each guess why, with the number where it can be worked out?"""
    names = []
    for cell in code_cells(notebooks[language]):
        if "plots.predict(" in cell.source:
            names += re.findall(r"plots\.predict\(.*, why=\"(\w+)\"", cell.source)
    assert [name for name in names if name != "speed"] == list(ANSWERS)
    for name, answer in ANSWERS.items():
        if isinstance(answer, int | float):
            shown = f"{answer:g}".replace("-", "−")
            assert re.search(rf"(?<![\d.−]){shown}(?![\d.]*\d)", REASONS[name][language]), name


def test_a_cell_that_is_played_with_is_known_by_its_answer():
    """Does the table have each answer, but for those that differ from machine to machine?"""
    released = {name: answer for name, answer in reasons.ANSWERS.items() if name in ANSWERS}
    assert ANSWERS.keys() - released.keys() == {"diagonal"}
    assert all(released[name] == ANSWERS[name] for name in released)


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=EXERCISES)
def test_stubs_hold_no_solution(notebooks, exercise):
    """Does a stub only describe, raise, and return the variables that it names?"""
    (cell,) = (c for c in code_cells(notebooks["en"]) if c.id == exercise.name)
    (function,) = ast.parse(cell.source).body
    assert tuple(argument.arg for argument in function.args.args) == exercise.parameters
    _, error, *rest = function.body
    assert ast.unparse(error) == f"raise NotImplementedError('{exercise.name}')"
    *caches, returned = (ast.unparse(statement) for statement in rest)
    assert all(statement.startswith("cache = (") for statement in caches)
    assert returned.removeprefix("return ").strip("()") == ", ".join(exercise.outputs)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_line_of_the_solution_is_given_away(text: str, name: str):
    """Does no hint and no demo hold a line of the correct function as it stands?"""
    source = inspect.getsource(getattr(reference, name))
    docstring = getattr(reference, name).__doc__
    body = source.split("\n", 1)[1].replace(docstring, "")
    lines = {line.strip() for line in body.splitlines()}
    # Reading sizes and settings, the returned tuple and bare loops give nothing away.
    told = re.compile(r"cache = |return |for \w+ in range|\w+ = hparameters|.*\.shape$|if |elif ")
    lines = {line for line in lines if len(line) > 12 and not told.match(line)}
    values = {line.split(" = ", 1)[1] for line in lines if " = " in line}
    for line in lines | {value for value in values if len(value) > 14}:
        assert line not in text, line


def test_demo_cells_leave_the_names_of_the_exercises_alone(notebooks):
    """Could a function that forgets to define a name find it as a global of a demo cell?"""
    local = {name for exercise in ASSIGNMENT.exercises for name in exercise.parameters}
    local |= {name for exercise in ASSIGNMENT.exercises for name in exercise.outputs}
    for name in EXERCISES:
        local |= set(getattr(reference, name).__code__.co_varnames)
    local.discard("_")
    for cell in code_cells(notebooks["en"]):
        if DEMO in cell.metadata.get("tags", []):
            tree = ast.parse(cell.source)
            inner = {
                id(node)
                for function in ast.walk(tree)
                if isinstance(function, ast.FunctionDef)
                for node in ast.walk(function)
            }
            names = {
                node.id
                for node in ast.walk(tree)
                if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Store)
                and id(node) not in inner
            }
            assert not names & local, (cell.id, names & local)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_outline_lead_to_their_sections(notebooks, language: str):
    """Does each link in the outline name the cell that starts with the linked heading?"""
    headings = {cell.id: cell.source.split("\n")[0] for cell in notebooks[language].cells}
    links = re.findall(r"\[([^\]]+)\]\(#cell-id=([^)]+)\)", markdown(notebooks[language]))
    assert len(links) == 11
    for words, cell_id in links:
        assert headings[cell_id] == f"## {words}"
    assert notebooks[language].cells[0].source.startswith(f"# {ASSIGNMENT.title.in_(language)}\n")


# Whether the numbers of the worked examples are correct: each stands in both languages


def pmatrix(values: object, digits: int = 4) -> str:
    """Write a matrix as the source does."""
    rows = (
        " & ".join(f"{round(value, digits) + 0.0:g}" for value in row)
        for row in np.atleast_2d(np.asarray(values, dtype=float))
    )
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def assert_in_both(text: str, *formulas: str) -> None:
    for formula in formulas:
        assert text.count(formula) >= 2, formula


def test_sums_and_products_are_right(text: str):
    """Do the plain equations in the text come out?"""
    expression = r"(?<=\$)\(?\d[\d.]*(?: ?(?:\\cdot|[+/-]) ?\(?-?\d[\d.]*\)?)+"
    equations = re.findall(rf"({expression}) = (-?\d[\d.]*)\$", text)
    assert len(equations) >= 2 * 6
    for expression, result in equations:
        value = eval(expression.replace(r"\cdot", "*"))  # digits, dots and +-*() only
        assert value == pytest.approx(float(result)), expression


def test_relu_example_is_right(text: str):
    """Are the ReLU's output and gradient those of the correct functions?"""
    Z, dA = np.array([[-2, 0.5], [3, -1]]), np.array([[10, -20], [30, 40]])
    A, dZ = reference.relu_forward(Z), reference.relu_backward(dA, Z)
    assert_in_both(text, rf"Z = {pmatrix(Z)} \;\to\; A = {pmatrix(A)}")
    assert_in_both(text, rf"Z = {pmatrix(Z)} \qquad dA = {pmatrix(dA)} \;\to\; dZ = {pmatrix(dZ)}")


TWO_CHANNELS = np.stack([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], axis=-1)[np.newaxis]


def test_flatten_example_is_right(text: str):
    """Do the channels of a pixel stay together?"""
    row = reference.flatten(TWO_CHANNELS)
    first, second = (pmatrix(TWO_CHANNELS[0, :, :, channel]) for channel in (0, 1))
    assert_in_both(text, rf"{first}, {second} \;\to\; {pmatrix(row)}")


def test_dense_example_is_right(text: str):
    """Are output and gradients of the fully connected layer right?"""
    A_prev, W = np.array([[1, 2], [0, 3]]), np.array([[1, 0, -1], [2, 1, 0]])
    b, dZ = np.array([[0.5, 0, 1]]), np.array([[1, 0, 2], [-1, 1, 0]])
    Z, cache = reference.dense_forward(A_prev, W, b)
    dA_prev, dW, db = reference.dense_backward(dZ, cache)
    given = rf"A^{{\mathrm{{prev}}}} = {pmatrix(A_prev)} \qquad W = {pmatrix(W)} \qquad "
    assert_in_both(text, rf"{given}b = {pmatrix(b)} \qquad Z = {pmatrix(Z)}")
    results = rf"dA^{{\mathrm{{prev}}}} = {pmatrix(dA_prev)} \qquad dW = {pmatrix(dW)}"
    assert_in_both(text, rf"dZ = {pmatrix(dZ)} \qquad {results} \qquad db = {pmatrix(db)}")


def test_softmax_example_is_right(text: str):
    """Are probabilities, loss and gradient of the two examples right, and those of 1000?"""
    Z, labels = np.array([[0, log(2), log(5)], [2, 2, 2]]), np.array([1, 0])
    loss, dZ = reference.softmax_cross_entropy(Z, labels)
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    assert_in_both(text, rf"Z = {pmatrix(Z)} \qquad P = {pmatrix(P)}", rf"dZ = {pmatrix(dZ)}")
    parts = f"{-log(P[0, 1]):.4f} + {-log(P[1, 0]):.4f}"
    assert_in_both(text, rf"\frac{{{parts}}}{{2}} = {loss:.4f}")
    assert_in_both(text, rf"\ln 10 \approx {log(10):.3f}", rf"\ln 10 = {log(10):.4f}")
    pair = np.exp([-1, 0]) / np.exp([-1, 0]).sum()
    assert_in_both(text, rf"P = ({pair[0]:.4f},\; {pair[1]:.4f})")
    one_sided = np.array([[-900.0, 0.0]])
    assert reference.softmax_cross_entropy(one_sided, np.array([0]))[0] == 900
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(710.0)) and np.isfinite(np.exp(709.0))


def test_gradient_check_example_is_right(text: str):
    """Are the two differences for x^3 right, and the error of the wrong gradient?"""
    assert pytest.approx((3.31, 3.01)) == ((1.1**3 - 1) / 0.1, (1.1**3 - 0.9**3) / 0.2)
    numeric, error = reference.gradient_check(
        lambda x: np.array([x[0] * x[1], x[0] + x[1]]),
        np.array([2.0, 3.0]),
        np.array([13.0, 10.0]),
        np.array([1.0, 10.0]),
    )
    assert numeric == pytest.approx([13, 12])
    norms = f"{sqrt(13**2 + 12**2):.3f} + {sqrt(13**2 + 10**2):.3f}"
    assert_in_both(text, rf"\frac{{2}}{{{norms}}} = {error:.4f}")


def test_momentum_example_is_right(text: str):
    """Do two steps lead to 0.04, and does a steady gradient speed up tenfold?"""
    place, speed = reference.sgd_momentum_step(np.array(1.0), 4.0, 0.0, 0.1, 0.9)
    assert (place, speed) == pytest.approx((0.6, 4.0))
    place, speed = reference.sgd_momentum_step(place, 2.0, speed, 0.1, 0.9)
    assert (place, speed) == pytest.approx((0.04, 5.6))
    assert_in_both(text, r"$0.9 \cdot 4 + 2 = 5.6$ | $0.6 - 0.1 \cdot 5.6 = 0.04$")
    speed = 0.0
    for _ in range(200):
        _, speed = reference.sgd_momentum_step(0.0, 1.0, speed, 0.1, 0.9)
    assert speed == pytest.approx(10)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_way_back_by_hand_is_right(text: str, mode: str):
    """Are the numbers from two logits back to a filter of one number right?"""
    X, last = np.array([[3.0, 1.0], [0.0, 2.0]]).reshape(1, 2, 2, 1), np.array([[1.0, -1.0]])
    one_number = np.array(2.0).reshape(1, 1, 1, 1), np.array(-3.0).reshape(1, 1, 1, 1)
    Z, conv = reference.conv_forward_fast(X, *one_number, {"stride": 1, "pad": 0})
    R = reference.relu_forward(Z)
    A, pool = reference.pool_forward_fast(R, {"f": 2, "stride": 2}, mode)
    logits, dense = reference.dense_forward(A.reshape(1, 1), last, np.zeros((1, 2)))
    given = np.array([[-0.5, 0.5]])
    dA, dW3, _ = reference.dense_backward(given, dense)
    dR = reference.pool_backward_fast(dA.reshape(1, 1, 1, 1), pool, mode)
    dZ = reference.relu_backward(dR, Z)
    _, dw, db = reference.conv_backward_fast(dZ, conv)
    steps = r" \;\to\; "
    square, dR, dZ = (pmatrix(x.reshape(2, 2)) for x in (R, dR, dZ))
    if mode == "average":
        assert (A.item(), dA.item()) == (1, -1)
        assert_in_both(text, f"$dZ = {dZ}$", f"= {dw.item():g}$", f"$db = {db.item():g}$")
        return
    forward = steps.join((pmatrix(X.reshape(2, 2)), f"Z = {pmatrix(Z.reshape(2, 2))}", square))
    assert_in_both(text, f"X = {forward}{steps}A = {A.item():g}{steps}{pmatrix(logits)}")
    assert_in_both(text, f"W_3 = {pmatrix(last)}", f"{pmatrix(given)} = {pmatrix(dW3)}")
    back = steps.join(
        (f"dA = {dA.item():g}", dR, f"dZ = {dZ}", rf"dw = 3 \cdot (-1) = {dw.item():g}")
    )
    assert_in_both(text, rf"{back}, \quad db = {db.item():g}")


PIXELS = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]], dtype=float)
FILTER = np.array([[1, 2], [0, -1]], dtype=float)


def test_im2col_example_is_right(text: str):
    """Are rows, product and output those of the correct functions, and as in the first notebook?"""
    columns = reference.im2col(PIXELS.reshape(1, 3, 3, 1), 2, 1).reshape(4, 4)
    product = columns @ FILTER.reshape(4, 1)
    given = (PIXELS.reshape(1, 3, 3, 1), FILTER.reshape(2, 2, 1, 1), np.zeros((1, 1, 1, 1)))
    Z, cache = loops.conv_forward(*given, {"stride": 1, "pad": 0})
    assert_in_both(text, rf"X = {pmatrix(PIXELS)} \qquad W = {pmatrix(FILTER)}")
    shown = rf"{pmatrix(columns)} {pmatrix(FILTER.reshape(4, 1))} = {pmatrix(product)}"
    assert_in_both(text, rf"{shown} \;\to\; Z = {pmatrix(Z[0, :, :, 0])}")

    dZ = np.array([1.0, 0, 2, -1]).reshape(4, 1)
    dA_prev, dW, _ = loops.conv_backward(dZ.reshape(1, 2, 2, 1), cache)
    product = rf"dW = {pmatrix(columns)}^\top {pmatrix(dZ)} = {pmatrix(dW.reshape(4, 1))}"
    dcolumns = dZ @ FILTER.reshape(1, 4)
    assert_in_both(text, rf"{product} \qquad dC = {pmatrix(dcolumns)}")
    back = reference.col2im(dcolumns.reshape(1, 2, 2, 4), (1, 3, 3, 1), 2, 1)
    np.testing.assert_array_equal(back, dA_prev)
    assert_in_both(text, rf"dP = {pmatrix(back[0, :, :, 0])}")


def test_col2im_example_is_right(text: str):
    """Do ones count the windows of each pixel?"""
    counts = reference.col2im(np.ones((1, 2, 2, 4)), (1, 3, 3, 1), 2, 1)
    assert_in_both(text, rf"{pmatrix(np.ones((4, 4)))} \;\to\; {pmatrix(counts[0, :, :, 0])}")


def test_slice_of_the_hint_is_right(text: str):
    """Does the slice with a step take 1, 4 and 7?"""
    assert np.arange(10)[1 : 1 + 3 * 3 : 3].tolist() == [1, 4, 7]
    assert_in_both(text, "`x[1 : 1 + 3 * 3 : 3]`")


def test_pooling_example_is_right(text: str):
    """Are maximum, mean and both gradients of the one window right?"""
    settings, dA = {"f": 2, "stride": 2}, np.array([10.0, 20.0]).reshape(1, 1, 1, 2)
    for mode, name in (("max", "max"), ("average", "mean")):
        A, cache = reference.pool_forward_fast(TWO_CHANNELS, settings, mode)
        gradient = reference.pool_backward_fast(dA, cache, mode).reshape(4, 2)
        assert_in_both(text, rf"\text{{{name}: }} {pmatrix(A[0, 0])}")
        assert_in_both(text, rf"\text{{{name}: }} {pmatrix(gradient)}")
    assert_in_both(text, pmatrix(TWO_CHANNELS.reshape(4, 2)))


def test_counts_in_the_text_are_right(text: str):
    """Are parameters, windows per step, and the machine's stored digits as many as it says?"""
    h5py = pytest.importorskip("h5py")
    network = (3 * 3 * 1 + 1) * 8, (3 * 3 * 8 + 1) * 16, (64 + 1) * 10
    assert_in_both(text, " + ".join(map(str, network)) + f" = {sum(network)}")
    assert len(EXERCISES) == 15
    assert re.findall(r"(\w+teen|twenty) functions", text) == ["fifteen"] * 2
    assert re.findall("(十.)个函数", text) == ["十五"] * 2
    assert_in_both(text, rf"2 \cdot {sum(network)} = {2 * sum(network)}")
    assert pytest.approx(15_000, rel=0.05) == 20 * (8 * 8 * 8 + 4 * 4 * 16)
    assert pytest.approx(115, abs=0.5) == 40 * 1437 / (25 * 20)
    with h5py.File(ROOT / "datasets" / "digits.h5") as file:
        stored = len(file["svm/support"])
        sizes = [file[f"svm/{name}"].size for name in ("dual_coefficients", "intercepts")]
    assert len(re.findall(rf"(?<!\d){stored}(?!\d)", text)) == 6
    assert sizes == [9 * stored, 45]
    assert_in_both(text, rf"${stored} \cdot (64 + 9) + 45 = {stored * 64 + sum(sizes)}$")


def test_a_move_costs_as_much_ink_as_the_text_says(text: str):
    """Do digits lose about 12% of their ink up and down, and almost nothing left and right?"""
    images = training.read_digits(ROOT / "datasets" / "digits.h5").test_images

    def lost(*move: int) -> float:
        ink, left = (x.sum(axis=(1, 2, 3)) for x in (images, training.shifted(images, *move)))
        return float(np.mean(1 - left / ink))

    assert np.mean([lost(-1, 0), lost(1, 0)]) == pytest.approx(0.12, abs=0.005)
    assert max(lost(0, -1), lost(0, 1)) < 0.003
    assert_in_both(text, "12%")


def test_as_many_digits_are_moved_as_the_text_says(text: str):
    """Are six of ten digits moved? Seven are drawn, and one of their nine moves is none."""
    source = next(
        c.source
        for c in code_cells(build_notebook(SOURCE, "en", ALT_TEXTS))
        if "def move_some" in c.source
    )
    names = {"np": np, "training": training}
    exec(source.partition("augmented =")[0], names)
    images = np.random.RandomState(1).rand(2000, 8, 8, 1)
    moved = names["move_some"](images, np.random.RandomState(0))
    share = np.mean(np.any(moved != images, axis=(1, 2, 3)))
    assert share == pytest.approx(0.7 * 8 / 9, abs=0.03) and round(10 * share) == 6
    assert "about six of ten digits" in text and "十个数字中约有六个" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_thread_is_asked_for_first(notebooks, language: str):
    """Is the setting that NumPy reads when it is imported in the first cell of section 1?"""
    first, *others = (cell.source for cell in code_cells(notebooks[language]))
    assert "OMP_NUM_THREADS" in first
    assert not any("OMP_NUM_THREADS" in other for other in others)


@pytest.mark.slow(10)
def test_the_tables_of_rates_and_decays_are_right(notebooks, text: str):
    """Do short trainings choose as the text says: a rate too small, one too large, one decay?

    One seed is within two points of the mean of four, which the tables hold.
    """
    fast = training.Layers(
        reference.conv_forward_fast,
        reference.conv_backward_fast,
        reference.pool_forward_fast,
        reference.pool_backward_fast,
    )
    names = {**vars(reference), "training": training, "fast": fast}
    begins = ("SAME = ", "def all_gradients", "def predict(")
    sources = [c.source for c in code_cells(notebooks["en"]) if c.source.startswith(begins)]
    assert len(sources) == len(begins)
    for source in sources:
        exec(source.replace("decay=0.002", "decay=decay"), names)
    digits = training.read_digits(ROOT / "datasets" / "digits.h5")
    order = np.random.RandomState(2).permutation(len(digits.train_labels))
    images, answers = digits.train_images[order], digits.train_labels[order]
    rows = re.findall(
        r"^# \| (?:rate|decay)[^|]*\| (.*) \|\n# \|[-|]*\n# \| \w+ \| (.*) \|$", text, re.M
    )
    rates, decays = (
        {
            float(key): float(share[:-1])
            for key, share in zip(*(r.split(" | ") for r in row), strict=True)
        }
        for row in rows
    )
    assert rates[0.03] == decays[0.002]
    for rate, decay, said in (
        (0.003, 0.002, rates[0.003]),
        (0.3, 0.002, rates[0.3]),
        (0.03, 0.05, decays[0.05]),
    ):
        names["decay"] = decay
        with np.errstate(all="ignore"):
            network = names["train"](
                names["new_network"](seed=0), images[237:], answers[237:], 20, rate, 16
            )
        right = np.mean(names["predict"](network, images[:237]) == answers[:237])
        assert 100 * right == pytest.approx(said, abs=2), (rate, decay)


def test_the_answer_on_digits_that_are_hard_to_read_is_right(text: str):
    """Do the ten averages of section 1 get a 9 and both 2s wrong, and the other 27 right?"""
    digits = training.read_digits(ROOT / "datasets" / "digits.h5")
    images, labels = digits.train_images, digits.train_labels
    averages = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    distances = np.sum((images[30:60, np.newaxis] - averages) ** 2, axis=(2, 3, 4))
    wrong = np.flatnonzero(np.argmin(distances, axis=1) != labels[30:60])
    assert labels[30:60][wrong].tolist() == [2, 2, 9] and np.sum(labels[30:60] == 2) == 2
    assert labels[32] == 8 and wrong[-1] == 28
    assert_in_both(text, "`[30:60]`")


def test_the_answer_on_ties_is_right(text: str):
    """Does a mask that marks all winners make 80 of 30 in the suggested window?"""
    window = TWO_CHANNELS.reshape(4, 2) // 3
    winners = np.sum(window == window.max(axis=0), axis=0)
    assert winners.tolist() == [2, 3] and winners @ [10, 20] == 80
    assert_in_both(text, "two_channels // 3", r"$2 \cdot 10 + 3 \cdot 20 = 80$")


def test_a_filter_of_one_pixel_is_a_fully_connected_layer():
    """Are the columns the channels of each pixel, and is each output that of a dense layer?"""
    random = np.random.RandomState(0)
    volume, kernels = random.randn(2, 3, 4, 5), random.randn(1, 1, 5, 6)
    offsets = random.randn(1, 1, 1, 6)
    np.testing.assert_array_equal(reference.im2col(volume, 1, 1), volume)
    Z, _ = reference.conv_forward_fast(volume, kernels, offsets, {"stride": 1, "pad": 0})
    pixels = volume.reshape(-1, 5), kernels[0, 0], offsets.reshape(1, 6)
    np.testing.assert_allclose(Z.reshape(-1, 6), reference.dense_forward(*pixels)[0])


def test_suggestions_to_play_with_im2col_and_col2im_work(text: str):
    """Do stride 2 and two channels give what the comments promise?"""
    assert reference.im2col(np.ones((1, 3, 3, 2)), 2, 1).shape[-1] == 8
    assert "np.ones((1, 2, 2, 9))" in text
    assert reference.col2im(np.ones((1, 2, 2, 9)), (1, 6, 6, 1), 3, 2).max() == 4


def test_the_answer_on_the_dense_layers_gradients_is_right():
    """Does a number of dZ change one row, one column and one entry, but for products with 0?"""
    given = np.array([[1, 2], [0, 3]]), np.array([[1, 0, -1], [2, 1, 0]]), np.array([[0.5, 0, 1]])
    _, cache = reference.dense_forward(*given)
    for row, column in np.ndindex(2, 3):
        one = np.zeros((2, 3))
        one[row, column] = 1
        dA_prev, dW, db = reference.dense_backward(one, cache)
        assert not np.any(np.delete(dA_prev, row, 0)) and not np.any(np.delete(dW, column, 1))
        assert np.flatnonzero(db).tolist() == [column]
        assert np.any(dW[0]) == (row == 0)


def test_the_error_of_the_correct_gradient_is_as_small_as_the_answer_says(text: str):
    """Is the error in the play cell about 10^-11 once its gradient is correct?"""
    _, error = reference.gradient_check(
        lambda x: np.array([x[0] * x[1], x[0] + x[1]]),
        np.array([2.0, 3.0]),
        np.array([13.0, 12.0]),
        np.array([1.0, 10.0]),
    )
    assert 10**-11.5 < error < 10**-10.5
    assert_in_both(text, "$10^{-11}$", "$(13, 12)$")


@pytest.mark.parametrize("stride", [1, 2])
def test_the_answer_on_the_windows_of_a_pixel_is_right(text: str, stride: int):
    """Is a pixel in as many windows as the product of its row's and its column's says?"""
    rows = {1: [1, 2, 3, 3, 2, 1], 2: [1, 1, 2, 1, 1, 0]}[stride]
    places = (6 - 3) // stride + 1
    counts = reference.col2im(np.ones((1, places, places, 9)), (1, 6, 6, 1), 3, stride)
    np.testing.assert_array_equal(counts[0, :, :, 0], np.outer(rows, rows))
    for words in (f"{', '.join(map(str, rows[:5]))} and {rows[5]}", "、".join(map(str, rows))):
        assert text.count(words) == 1


def test_the_answer_on_the_seeds_is_right(text: str):
    """Are worst and best of twelve seeds as far apart in percent as in digits?"""
    for pattern in (
        r"(\d+) to (\d+) of the 360 .*, ([\d.]+)% to ([\d.]+)%: six ",
        r"(\d+) 到 (\d+) 个，也就是 ([\d.]+)% 到 ([\d.]+)%：.*六个",
    ):
        ((worst, best, low, high),) = re.findall(pattern, text)
        assert (low, high) == (f"{100 * int(worst) / 360:.1f}", f"{100 * int(best) / 360:.1f}")
        assert int(best) - int(worst) == 6
        assert f"{worst} to {best} digits right" in text and f"认对 {worst} 到 {best} 个" in text


def test_heights_in_the_valley_are_right():
    """Does momentum end a hundred times lower in the play cell, as its caption shows?"""
    steepness, heights = np.array([1.0, 25.0]), []
    for share in (0.0, 0.8):
        place, speed = np.array([-10.0, 1.5]), np.zeros(2)
        for _ in range(30):
            place, speed = reference.sgd_momentum_step(place, steepness * place, speed, 0.03, share)
        heights.append(f"{0.5 * np.sum(steepness * place**2):.2g}")
    assert heights == ["8", "0.091"]


def test_the_answer_on_the_valleys_factor_is_right(text: str):
    """Are the two ways that are left after 30 steps, and the ratio of the heights, as it says?"""
    assert round(0.97**30, 1) == 0.4 and round(sqrt(0.8), 3) == 0.894
    assert round(sqrt(0.8) ** 30, 3) == 0.035 and round((0.4 / 0.035) ** 2, -1) == 130
    # The way along the valley swings, as that of a ball does: no real factor solves it.
    assert (1 + 0.8 - 0.03) ** 2 < 4 * 0.8
    assert_in_both(text, r"$0.97^{30} \approx 0.4$", r"$(0.4/0.035)^2 \approx 130$")


def test_the_answer_on_the_valleys_rates_is_right(text: str):
    """Is the way across multiplied as the answer says, and is it lost only without momentum?"""
    far = {}
    for rate in (0.07, 0.09):
        for share in (0.0, 0.8):
            place, speed = np.array(1.5), np.array(0.0)
            for _ in range(30):
                place, speed = reference.sgd_momentum_step(place, 25 * place, speed, rate, share)
            far[rate, share] = abs(float(place))
    assert far[0.09, 0.0] == pytest.approx(1.5 * 1.25**30) and round(far[0.09, 0.0], -2) == 1200
    assert max(far[0.07, 0.0], far[0.07, 0.8], far[0.09, 0.8]) < 0.1
    assert_in_both(text, r"1.5 \cdot 1.25^{30} \approx 1200", "$-0.75$", "$-1.25$")


def test_a_machine_that_sees_moved_digits_is_as_good_as_the_text_says():
    """Does an SVM get about 99% in both tests with nine shifts, and keep almost 4000 digits?"""
    svm = pytest.importorskip("sklearn.svm")
    digits = training.read_digits(ROOT / "datasets" / "digits.h5")
    nine = [(rows, columns) for rows in (-1, 0, 1) for columns in (-1, 0, 1)]
    images = np.concatenate([training.shifted(digits.train_images, *move) for move in nine])
    machine = svm.SVC(C=10.0, gamma=0.05)
    machine.fit(images.reshape(-1, 64), np.tile(digits.train_labels, 9))
    for move in ((0, 0), (1, 0), (0, -1)):
        moved = training.shifted(digits.test_images, *move).reshape(-1, 64)
        assert machine.score(moved, digits.test_labels) > 0.98
    assert 3700 < len(machine.support_) < 4100


# Whether the built notebook runs


def fill(notebook: nbformat.NotebookNode, right: object) -> None:
    for cell in code_cells(notebook):
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("solution"):
            cell.source = inspect.getsource(getattr(right, nbgrader["grade_id"]))


def run_built(
    language: str,
    folder: Path,
    filled: bool,
    first: bool = False,
    left_out: str = "",
    trained: bool = True,
    predicted: float | None = None,
) -> nbformat.NotebookNode:
    """Run the built notebook with what a student has beside it, the filled first one, too, or not.

    The first notebook lacks the cell of the exercise `left_out`. Networks that need not be
    `trained` well go through their digits twice. `predicted` is the learner's answer everywhere.
    """
    from nbclient import NotebookClient

    here = folder / SOURCE.stem
    copy_course(ROOT / "notebooks" / language / SOURCE.stem, here)
    notebook = build_notebook(SOURCE, language, ALT_TEXTS)
    if filled:
        fill(notebook, reference)
    for cell in code_cells(notebook):
        cell.source = cell.source.replace("prediction = None", f"prediction = {predicted}")
    if not trained:
        trainings = [cell for cell in code_cells(notebook) if "epochs=" in cell.source]
        assert len(trainings) == 3
        for cell in trainings:
            cell.source = re.sub(r"epochs=\d+", "epochs=2", cell.source)
    if first:
        path = ROOT / "notebooks" / language / FIRST / f"{FIRST}.ipynb"
        other = nbformat.read(path, as_version=4)
        fill(other, loops)
        other.cells = [cell for cell in other.cells if cell.id != left_out]
        (folder / FIRST).mkdir()
        nbformat.write(other, folder / FIRST / path.name)
    resources = {"metadata": {"path": str(here)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    return notebook


def printed(cell: nbformat.NotebookNode) -> str:
    return "".join(o.text for o in cell.outputs if o.output_type == "stream")


def all_printed(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(printed(cell) for cell in code_cells(notebook))


def assert_no_trace(notebook: nbformat.NotebookNode) -> None:
    for cell in code_cells(notebook):
        assert cell.execution_count
        assert not any(o.get("name") == "stderr" for o in cell.outputs), cell.id
        if not cell.id.startswith("test_"):
            assert not any(o.output_type == "error" for o in cell.outputs), cell.id


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_unfilled_notebook_runs_to_the_end(language: str, tmp_path: Path):
    """Does Run All reach the last cell, with one short line where something is not written yet?"""
    notebook = run_built(language, tmp_path, filled=False)
    assert_no_trace(notebook)
    for cell in code_cells(notebook):
        if cell.id.startswith("test_"):
            (error,) = (o for o in cell.outputs if o.output_type == "error")
            assert cell.id.removeprefix("test_") in error.evalue and "\n" not in error.evalue
        elif "with needs(" in cell.source:
            assert len(printed(cell).splitlines()) == 1, printed(cell)


@pytest.mark.slow(15)
def test_filled_notebook_without_the_first_one_still_tells_its_story(tmp_path: Path):
    """Does a student without loops see everything else, and one line where loops are missing?"""
    notebook = run_built("zh", tmp_path, filled=True, trained=False)
    assert_no_trace(notebook)
    for cell in code_cells(notebook):
        if "(loops" in cell.source:
            assert len(printed(cell).splitlines()) == 1 and "第一个 notebook" in printed(cell)
            assert "3.3" in printed(cell) and "实现" not in printed(cell)


@pytest.mark.slow(15)
def test_one_missing_loop_leaves_the_others_to_be_seen(tmp_path: Path):
    """Are checks and comparisons of the other loops shown, and one line where one is missing?"""
    notebook = run_built(
        "en", tmp_path, filled=True, first=True, left_out="conv_backward", trained=False
    )
    assert_no_trace(notebook)
    words = all_printed(notebook)
    assert "7 of 8 functions. Not finished: conv_backward. " in words
    assert words.count("This cell needs conv_backward of the first notebook") == 2
    compared = re.findall(r"^(\w+) +largest difference ", words, re.M)
    assert compared[:3] == ["conv_forward", "pool_forward", "pool_backward"]
    drawn = [o.data["text/plain"] for c in code_cells(notebook) for o in c.outputs if "data" in o]
    (speeds,) = (caption for caption in drawn if caption.startswith("Seconds per call"))
    assert "conv_backward" not in speeds and "pool_backward" in speeds


@pytest.mark.slow(40)
def test_story_of_the_filled_notebook_holds(tmp_path: Path):
    """Are all checks passed, and does what is measured agree with what the text says of it?"""
    notebook = run_built("en", tmp_path, filled=True, first=True, predicted=WRONG_GUESS)
    assert_no_trace(notebook)
    assert not any(o.output_type == "error" for c in code_cells(notebook) for o in c.outputs)
    words = all_printed(notebook)
    assert "all eight functions" in words and "look here" not in words

    # What a learner should have predicted.
    compared = [c for c in code_cells(notebook) if "plots.predict(" in c.source]
    answers = [
        float(answer)
        for cell in compared
        if "training.speedups(" not in cell.source
        for answer in re.findall(rf"^You predicted {WRONG_GUESS}, .* (\S+)\. ", printed(cell), re.M)
    ]
    assert answers == list(ANSWERS.values()) and len(compared) == len(ANSWERS) + 1

    # Both gradient checks of all layers, and the two experiments that break them.
    errors = re.findall(r"^(?:relu|dense|softmax|convolution|pooling).*? (\S+e\S+)$", words, re.M)
    assert len(errors) == 5 + 2 * 5
    assert all(float(error) < 1e-7 for error in errors)
    assert "measured [0.5 1. ], error 0.24" in words
    assert re.findall(r"^(?:mark all|mark one|share) .* error (\S+)$", words, re.M)[2] == "0.00"

    # The loss at the start, and twenty digits learned by heart, with the loops and the fast layers.
    starts = re.findall(r"loss at the start (\S+), log\(10\) = 2\.3026", words)
    assert len(starts) == 2 and len(set(starts)) == 1
    assert float(starts[0]) == pytest.approx(log(10), abs=0.05)
    assert words.count("20 of 20 right") == 2
    gaps = re.findall(r"largest difference (\S+)$", words, re.M)[:4]
    assert len(gaps) == 4 and all(float(gap) < 1e-10 for gap in gaps)

    # The whole network: only b1 fails, and only on real digits.
    checked = re.findall(r"^([Wb]\d) +(\S+) +(\S+)$", words, re.M)
    assert [name for name, _, _ in checked] == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert all(float(on_random) < 1e-7 for _, on_random, _ in checked)
    assert [name for name, _, on_digits in checked if float(on_digits) > 1e-7] == ["b1"]

    # Rounding and remainder meet where the text says, and He's rule keeps the signal's variance.
    drawn = [o.data["text/plain"] for c in code_cells(notebook) for o in c.outputs if "data" in o]
    assert any("smallest at h = 1e-05" in caption for caption in drawn)
    kept, faded = (
        float(re.findall(rf"^{variance}/n: .* (\S+)$", words, re.M)[0]) for variance in (2, 1)
    )
    assert 0.5 < kept < 2 and faded < 0.01

    # The validation digits come out well, and worse than those that the network has learned.
    (curves,) = (caption for caption in drawn if caption.startswith("After each epoch"))
    learned, others = map(float, re.findall(r": loss ([\d.]+),", curves))
    assert 2 * learned < others < 0.1 and others == pytest.approx(0.05, abs=0.015)

    (accuracy,) = re.findall(r"^test +accuracy (\S+)%$", words, re.M)
    assert float(accuracy) >= 97.5

    # The comparison: the machine ahead on the plain digits, lost on moved ones; shifts win back.
    (final,) = (
        o.data["text/plain"]
        for cell in code_cells(notebook)
        for o in cell.outputs
        if o.output_type == "display_data" and "ConvNet + shifts" in o.data.get("text/plain", "")
    )
    shares = {
        name: (float(plain), float(shifted))
        for name, plain, shifted in re.findall(
            r"(SVM|ConvNet|ConvNet \+ shifts): plain (\S+)%, shifted ([\d.]+)%", final
        )
    }
    # About four digits of 360 ahead, and about three of them won back.
    assert 2 <= (shares["SVM"][0] - shares["ConvNet"][0]) * 3.6 < 6.5
    assert shares["ConvNet + shifts"][0] > shares["ConvNet"][0]
    assert shares["SVM"][1] < 60 and shares["ConvNet"][1] < 80
    assert min(shares["ConvNet + shifts"]) > 96
    assert shares["ConvNet + shifts"][0] > shares["SVM"][0] - 1.5


@pytest.mark.slow
def test_pytorch_gives_the_same_numbers(tmp_path: Path):
    """Where PyTorch is installed: do its network and the student's agree?"""
    pytest.importorskip("torch")
    words = all_printed(run_built("en", tmp_path, filled=True))
    for what in ("logits, largest difference:", "loss, difference: ", "dW3, largest difference: "):
        (gap,) = re.findall(rf"{what} *(\S+)", words)
        assert float(gap) < 1e-10
