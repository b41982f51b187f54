"""Does plots.training read the digits, take over only correct code, and draw for every reader?"""

import inspect
import json
import re
import string
import sys
import warnings
from pathlib import Path

import h5py
import matplotlib
import numpy as np
import pytest
from matplotlib.font_manager import fontManager

import public_tests
from checks.text import LANGUAGES
from datasets import make
from plots import curves, gradients, kit, take_over, training
from plots import digits as reading
from solutions.cnn_step_by_step import reference

ROOT = Path(__file__).resolve().parent.parent.parent
DIGITS = ROOT / "datasets" / "digits.h5"
FUNCTIONS = tuple(take_over._TRIALS)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What the drawings display, in English unless a test says otherwise."""
    bundles: list[dict[str, str]] = []

    class Handle:
        def update(self, bundle: dict[str, str], raw: bool) -> None:
            bundles.append(bundle)

    def display(bundle: dict[str, str], raw: bool, display_id: bool = False) -> Handle:
        bundles.append(bundle)
        return Handle()

    monkeypatch.setattr(kit, "display", display)
    # Not setattr, which reads the old value first, and that needs the data file.
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", "en")
    return bundles


@pytest.fixture(scope="module")
def digits() -> reading.Digits:
    return training.read_digits(DIGITS)


# The data


def test_digits_are_what_the_notebook_says(digits):
    """Are there 1437 and 360 digits of 8 x 8 pixels from 0 to 1, each as often in both parts?"""
    assert digits.train_images.shape == (1437, 8, 8, 1) and digits.test_images.shape == (
        360,
        8,
        8,
        1,
    )
    for images in (digits.train_images, digits.test_images):
        assert images.min() == 0 and images.max() == 1
    train, test = (np.bincount(part) for part in (digits.train_labels, digits.test_labels))
    assert len(train) == len(test) == 10
    np.testing.assert_allclose(test / (train + test), 0.2, atol=0.005)


def test_file_names_its_source_and_licence():
    """Does the data file itself say whose digits these are?"""
    with h5py.File(DIGITS) as file:
        assert "CC BY 4.0" in file.attrs["source"] and "E. Alpaydin" in file.attrs["source"]


def test_committed_file_is_what_the_script_writes(tmp_path: Path):
    """Are the committed arrays those that datasets/make.py makes from scikit-learn's digits?"""
    pytest.importorskip("sklearn")
    (written,) = make.make_all(tmp_path)
    with h5py.File(DIGITS) as old, h5py.File(written) as new:
        for name in ("images", "labels", "is_test", "svm/support", "svm/counts"):
            np.testing.assert_array_equal(old[name][:], new[name][:])
        for name in ("svm/dual_coefficients", "svm/intercepts"):
            np.testing.assert_allclose(old[name][:], new[name][:], rtol=1e-6, atol=1e-9)


def test_machine_answers_as_in_scikit_learn(digits):
    """Do the NumPy lines give the answers of the SVC that was fitted, moved digits included?"""
    svm = pytest.importorskip("sklearn.svm")
    machine = svm.SVC(C=make.SVM_COST, gamma=make.SVM_WIDTH)
    machine.fit(digits.train_images.reshape(-1, 64), digits.train_labels)
    for images in (digits.test_images, training.shifted(digits.test_images, 0, 1)):
        expected = machine.predict(images.reshape(-1, 64))
        np.testing.assert_array_equal(digits.svm.predict(images), expected)


def test_machine_knows_only_the_training_digits(digits):
    """Is every support vector one of the training digits, so that the test stays a test?"""
    known = {image.tobytes() for image in digits.train_images.reshape(-1, 64)}
    assert all(vector.tobytes() in known for vector in digits.svm.support_vectors)


def test_machine_wins_plain_and_loses_moved(digits):
    """Is the opponent strong on the digits as they are, and lost when they move by a pixel?"""
    plain = np.mean(digits.svm.predict(digits.test_images) == digits.test_labels)
    moved = training.shifted(digits.test_images, 1, 0)
    assert plain > 0.985
    assert np.mean(digits.svm.predict(moved) == digits.test_labels) < 0.6


def test_missing_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Does a student who copied the notebook alone read what to do?"""
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", "zh")
    with pytest.raises(FileNotFoundError, match=r"digits\.h5 复制到") as error:
        training.read_digits(tmp_path / "digits.h5")
    assert "\n" not in str(error.value)


def test_shifting_moves_down_and_right_and_loses_the_border():
    """Does (1, -1) move a pixel one row down and one column left, with zeros coming in?"""
    image = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
    expected = [[0, 0, 0], [2, 3, 0], [5, 6, 0]]
    np.testing.assert_array_equal(training.shifted(image, 1, -1)[0, :, :, 0], expected)
    np.testing.assert_array_equal(training.shifted(image, 0, 0), image)
    assert not training.shifted(image, 5, 0).any()


def test_random_shifts_are_shifts_of_each_picture(digits):
    """Is each picture one of its own nine shifts, and do the shifts differ?"""
    images = digits.train_images[:100]
    moved = training.randomly_shifted(images, np.random.RandomState(0))
    nine = [(rows, columns) for rows in (-1, 0, 1) for columns in (-1, 0, 1)]
    found = set()
    for before, after in zip(images, moved, strict=True):
        matches = [k for k in nine if np.array_equal(training.shifted(before[None], *k)[0], after)]
        assert matches
        found.update(matches)
    assert len(found) == 9


# Taking over


def source_of(name: str) -> str:
    return inspect.getsource(getattr(reference, name))


def write_notebook(folder: Path, *sources: str) -> Path:
    cells = [{"cell_type": "markdown", "source": ["# not code"]}]
    cells += [
        {"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources
    ]
    path = folder / "cnn_step_by_step.ipynb"
    path.write_text(json.dumps({"cells": cells}), "utf-8")
    return path


FILLED = tuple(source_of(name) for name in FUNCTIONS)
SETUP = "%matplotlib inline\nimport numpy as np\nimport plots\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", "en")


def states(functions) -> dict[str, bool]:
    """Which functions were taken over."""
    return {name: not isinstance(getattr(functions, name), take_over.Absent) for name in FUNCTIONS}


def test_filled_notebook_is_taken_over(tmp_path: Path, capsys):
    """Do all eight functions of a filled notebook arrive, with one line that says so?"""
    found = training.take_over(write_notebook(tmp_path, SETUP, *FILLED))
    assert all(states(found).values())
    assert found.zero_pad(np.ones((1, 1, 1, 1)), 1).shape == (1, 3, 3, 1)
    printed = capsys.readouterr().out
    assert "all eight" in printed and printed.count("\n") == 1


@pytest.mark.parametrize("beside", [True, False])
def test_looks_beside_this_folder_and_in_it(tmp_path: Path, monkeypatch, capsys, beside: bool):
    """Is the first notebook found without a path, in both places where it may lie?"""
    here = tmp_path / "convnet_application"
    folder = tmp_path / "cnn_step_by_step" if beside else here
    here.mkdir()
    folder.mkdir(exist_ok=True)
    write_notebook(folder, SETUP, *FILLED)
    monkeypatch.chdir(here)
    assert all(states(training.take_over()).values())


def test_nothing_else_of_the_notebook_runs(tmp_path: Path, capsys):
    """Are statements, decorators and broken cells left alone, and what functions print?"""
    marker = tmp_path / "ran"
    harm = f"open({str(marker)!r}, 'w')"
    decorated = f"@(lambda function: {harm} and function)\n{source_of('zero_pad')}"
    talking = source_of("distribute_value").replace('"""', 'print("noise")\n    """', 1)
    path = write_notebook(
        tmp_path, SETUP, harm, f"x = {harm}", "this is no Python", *FILLED, decorated, talking
    )
    found = training.take_over(path)
    assert all(states(found).values())
    assert not marker.exists()
    assert "noise" not in capsys.readouterr().out


def test_own_helpers_and_imports_come_along(tmp_path: Path, capsys):
    """Does a function that calls a helper of the student's own still work?"""
    helper = (
        "from math import prod\n\n\ndef corners(place, size):\n    return place, place + size\n"
    )
    own = (
        "def distribute_value(dz, shape):\n"
        "    start, end = corners(0, prod(shape))\n"
        "    return np.full(shape, dz / (end - start))\n"
    )
    path = write_notebook(tmp_path, SETUP, helper, *FILLED, own)
    assert all(states(training.take_over(path)).values())


WRONG = {
    "zero_pad": ("(0, 0), (pad, pad), (pad, pad), (0, 0)", "(0, 0), (pad, 0), (pad, pad), (0, 0)"),
    "conv_single_step": ("np.sum(", "-np.sum("),
    "conv_forward": ("* stride", "* 1"),
    "pool_forward": ("np.mean(", "np.max("),
    "conv_backward": ("+=", "="),
    "create_mask_from_window": ("np.max(", "np.min("),
    "distribute_value": (
        "def distribute_value(dz, shape):",
        "def distribute_value(dz, shape):\n    dz = 2 * dz",
    ),
    "pool_backward": ("+=", "="),
}


# What is right where numbers are positive.
FROM_ZERO = ("np.max(a_prev_slice)", "max(0.0, np.max(a_prev_slice))")


@pytest.mark.parametrize(
    ("name", "change"),
    [*WRONG.items(), ("pool_forward", FROM_ZERO)],
)
def test_a_wrong_function_is_named_and_not_taken(
    tmp_path: Path, capsys, name: str, change: tuple[str, str]
):
    """Is each wrong function recognised on its small example, without a stored answer?"""
    old, new = change
    assert old in source_of(name)
    path = write_notebook(tmp_path, SETUP, *FILLED, source_of(name).replace(old, new))
    found = training.take_over(path)
    assert not states(found)[name]
    printed = capsys.readouterr().out
    assert f"Not right on a small example: {name}. " in printed, printed
    assert printed.count("\n") == 1


RESTS_ON = {
    "zero_pad": {"conv_forward", "conv_backward"},
    "conv_single_step": {"conv_forward", "conv_backward"},
    "conv_forward": {"conv_backward"},
    "pool_forward": {"pool_backward"},
    "create_mask_from_window": {"pool_backward"},
    "distribute_value": {"pool_backward"},
}


@pytest.mark.parametrize("name", RESTS_ON)
def test_nobody_is_blamed_for_another_function(tmp_path: Path, capsys, name: str):
    """Does a correct function that rests on a wrong one stay without blame, and the rest arrive?"""
    path = write_notebook(tmp_path, SETUP, *FILLED, source_of(name).replace(*WRONG[name]))
    arrived = states(training.take_over(path))
    printed = capsys.readouterr().out
    without = {other for other, there in arrived.items() if not there} - {name}
    assert without <= RESTS_ON[name] and (without or name in ("zero_pad", "conv_single_step"))
    for other in without:
        assert re.search(rf"so not judged: .*{other} \(needs [\w, ]+\)", printed), printed


def test_a_helper_that_calls_a_wrong_function_is_seen_through(tmp_path: Path, capsys):
    """Is a function excused that reaches a wrong one by way of a helper of the student's own?"""
    helper = "def padded(X, pad):\n    return zero_pad(X, pad)\n"
    forward = source_of("conv_forward").replace("zero_pad(", "padded(")
    wrong = source_of("zero_pad").replace(*WRONG["zero_pad"])
    training.take_over(write_notebook(tmp_path, SETUP, *FILLED, helper, forward, wrong))
    printed = capsys.readouterr().out
    assert "Not right on a small example: zero_pad. " in printed
    assert "conv_forward (needs zero_pad)" in printed


def test_a_wrong_cache_is_the_fault_of_the_forward_pass(tmp_path: Path, capsys):
    """Is a forward pass that keeps the wrong things named, and not the backward pass?"""
    old = "cache = (A_prev, W, b, hparameters)"
    source = source_of("conv_forward")
    assert old in source
    wrong = source.replace(old, "cache = (2 * A_prev, W, b, hparameters)")
    training.take_over(write_notebook(tmp_path, SETUP, *FILLED, wrong))
    assert "Not right on a small example: conv_forward. " in capsys.readouterr().out


def test_a_cell_with_a_syntax_error_is_named_with_its_line(tmp_path: Path, capsys):
    """Does a function in a cell that is no Python read as such, with the line, in one line?"""
    cells = [source for name, source in zip(FUNCTIONS, FILLED, strict=True) if name != "zero_pad"]
    broken = "# my pad\ndef zero_pad(X, pad)\n    return X\n"
    arrived = states(training.take_over(write_notebook(tmp_path, SETUP, *cells, broken)))
    printed = capsys.readouterr().out
    assert not arrived["zero_pad"]
    assert re.search(r"Can't be read: zero_pad \(line 2: .+?\)\.", printed), printed
    assert "conv_forward (needs zero_pad)" in printed
    assert "Not right" not in printed and printed.count("\n") == 1


def test_a_function_that_needs_a_global_is_told_why_it_stops(tmp_path: Path, capsys):
    """Is a name from elsewhere in the notebook reported, with what is taken over?"""
    own = "def zero_pad(X, pad):\n    return np.pad(X, EDGES)\n"
    path = write_notebook(tmp_path, SETUP, "EDGES = 1", *FILLED, own)
    assert not states(training.take_over(path))["zero_pad"]
    printed = capsys.readouterr().out
    assert "Stops with an error: zero_pad (NameError: name 'EDGES' is not defined)." in printed
    assert "only imports and functions are taken over" in printed and printed.count("\n") == 1


def test_a_result_of_the_wrong_form_is_wrong_and_no_error(tmp_path: Path, capsys):
    """Is a function that returns too little called wrong, not one that stops?"""
    own = "def conv_backward(dZ, cache):\n    return dZ\n"
    training.take_over(write_notebook(tmp_path, SETUP, *FILLED, own))
    assert "Not right on a small example: conv_backward. " in capsys.readouterr().out


def test_pairs_that_were_not_taken_are_left_out_with_one_line(tmp_path: Path, capsys):
    """Does a comparison go on with the loops that are there?"""
    wrong = source_of("conv_backward").replace(*WRONG["conv_backward"])
    loops = training.take_over(write_notebook(tmp_path, SETUP, *FILLED, wrong))
    capsys.readouterr()
    names = ["conv_forward", "conv_backward", "pool_forward"]
    assert training.taken(loops, names) == ["conv_forward", "pool_forward"]
    printed = capsys.readouterr().out
    assert printed.endswith("(see 3.3): conv_backward.\n") and printed.count("\n") == 1
    assert training.taken(loops, names[:1]) == names[:1]
    assert capsys.readouterr().out == ""


def test_stubs_are_missing_and_say_so_when_called(tmp_path: Path, capsys):
    """Does an unfilled notebook give functions whose cells say in one line what is missing?"""
    stubs = [f"def {name}(*given):\n    raise NotImplementedError('{name}')" for name in FUNCTIONS]
    found = training.take_over(write_notebook(tmp_path, SETUP, *stubs))
    assert not any(states(found).values())
    assert "Not finished: zero_pad, " in capsys.readouterr().out
    with training.if_possible():
        found.conv_forward(1)
    printed = capsys.readouterr().out
    assert printed.startswith("This cell needs conv_forward of the first notebook")
    assert "section 7.6" in printed and printed.count("\n") == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": [1]}', '{"cells": 5}'])
def test_a_file_that_is_no_notebook_is_one_line(tmp_path: Path, capsys, text: str):
    """Does a damaged file leave the student with one line, not with a trace?"""
    path = tmp_path / "cnn_step_by_step.ipynb"
    path.write_text(text, "utf-8")
    assert not any(states(training.take_over(path)).values())
    printed = capsys.readouterr().out
    assert "cannot be read" in printed and printed.count("\n") == 1


def test_no_first_notebook_is_one_line(tmp_path: Path, monkeypatch, capsys):
    """Does a student without the first notebook see where it was looked for?"""
    monkeypatch.chdir(tmp_path)
    assert not any(states(training.take_over()).values())
    printed = capsys.readouterr().out
    assert "../cnn_step_by_step/cnn_step_by_step.ipynb" in printed and printed.count("\n") == 1


# Plots

COUNTS = np.array([3, 1, 4, 1, 5])
THIRDS = np.full((5, 3), 1 / 3)
LINE = np.linspace(-1, 1, 5)
TWO = np.array([[1, 2], [3, 4]])
DRAWINGS = {
    "softmax": (LINE, THIRDS, THIRDS, LINE, THIRDS),
    "kink": (LINE, np.maximum(LINE, 0), LINE > 0, LINE, 2, 0.5),
    "dense_gradients": (TWO, TWO, TWO, (TWO, TWO, TWO[:1])),
    "step_sizes": ({0.1: 1e-4, 0.01: 1e-6, 1e-9: 1e-3},),
    "learning_curves": (
        {"training": [(2.0, 0.1), (0.1, 1.0)], "validation": [(2, 0.1), (1, 0.9)]},
    ),
    "digits": (np.zeros((3, 8, 8, 1)), [1, 2, 3]),
    "answers": (np.zeros((2, 8, 8, 1)), [1, 2], [1, 3]),
    "wrong_digits": (np.zeros((2, 8, 8, 1)), np.array([1, 2]), np.array([1, 3])),
    "losses": ({"loops": [2.3, 1.0], "fast": [2.3, 0.9]},),
    "valley": ({0.0: [(-10, 1), (0, 0)]}, np.array([1.0, 25.0])),
    "speedups": ({"conv_forward": (1.0, 0.01)},),
    "confusion": (COUNTS, COUNTS),
    "filters": (np.ones((3, 3, 1, 8)),),
    "feature_maps": (np.ones((8, 8, 1)), np.zeros((8, 8, 4)), np.zeros((4, 4, 4))),
    "comparison": ({"SVM": {"plain": 0.99, "shifted": 0.5}},),
}


def test_every_text_says_the_same_in_both_languages():
    """Has each text both languages, with the same values filled in?"""
    modules = (training, curves, gradients, take_over, reading)
    for kind, text in (pair for module in modules for pair in module.TEXTS.items()):
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(text[language]) if field}
            for language in LANGUAGES
        ]
        assert fields[0] == fields[1], kind


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAWINGS)
def test_each_plot_has_a_caption_in_the_language(shown, monkeypatch, name: str, language: str):
    """Can a reader of either language, or one who sees no picture, tell what it shows?"""
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", language)
    getattr(training, name)(*DRAWINGS[name])
    (bundle,) = shown
    caption = bundle["text/plain"]
    assert bool(re.search(r"[\u4e00-\u9fff]", caption)) == (language == "zh")
    assert caption in bundle["text/html"] and 'alt="' in bundle["text/html"]
    # On a card that follows the theme.
    assert "data:image/svg+xml," in bundle["text/html"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("softmax", (LINE, THIRDS, THIRDS[:, 0], LINE, THIRDS)),
        ("kink", (LINE, None, LINE, LINE, 2, 0.5)),
        ("dense_gradients", (TWO, TWO, TWO, TWO)),
        ("dense_gradients", (TWO, TWO, TWO, (TWO, TWO, TWO[0]))),
    ],
)
def test_what_is_no_array_of_the_right_form_is_one_line(shown, capsys, name: str, arguments: tuple):
    """Does a learner whose function returns something else read why there is no picture?"""
    getattr(training, name)(*arguments)
    assert not shown
    assert capsys.readouterr().out.startswith("Nothing to draw: ")


def test_the_best_step_is_named(shown):
    """Does the caption say where rounding and remainder meet, from the errors that are drawn?"""
    training.step_sizes({0.1: 1e-4, 1e-5: 1e-11, 1e-9: 1e-3})
    assert "smallest at h = 1e-05" in shown[0]["text/plain"]


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that has no font but Matplotlib's own, as a browser."""
    inside = str(Path(matplotlib.get_data_path()))
    own = [each for each in fontManager.ttflist if each.fname.startswith(inside)]
    monkeypatch.setattr(fontManager, "ttflist", own)
    fontManager._findfont_cached.cache_clear()
    kit.font.cache_clear()
    yield
    fontManager._findfont_cached.cache_clear()
    kit.font.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_drawn_without_a_font_of_the_computer(fonts, monkeypatch, language: str):
    """Has each letter of the plots' words a glyph where nothing but the course's font is there?"""
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", language)
    assert kit.own_letters() == kit.font()[1], "run: python images/plot_font.py"
    figure = kit.figure(3, 0.3 * len(kit.WORDS))
    values = {"n_H": 2, "n_W": 3, "settings": "f = 3", "size": "2 x 3"}
    for place, word in enumerate(kit.WORDS.values()):
        said = kit.inside(word, **values)
        assert said == word.format(**values)[language]
        figure.text(0, place / len(kit.WORDS), said)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        html = kit.image(figure, "all words")
    assert "base64" in html


def test_words_in_plots_are_english_where_the_font_is_missing(fonts, monkeypatch, tmp_path: Path):
    """Does a notebook whose folder has lost the font show words in place of boxes?"""
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", "zh")
    assert kit.word("loss") == "损失" and kit.word("conv_forward") == "conv_forward"
    kit.font.cache_clear()
    monkeypatch.setattr(kit, "FONT", tmp_path / "font.otf")
    assert kit.word("loss") == "loss"
    kit.FONT.write_bytes(b"no font")
    kit.font.cache_clear()
    assert kit.word("loss") == "loss"


def test_live_draws_seldom_and_ends_with_the_last_step(shown, monkeypatch):
    """Is a long training drawn few times, and its end always?"""
    monkeypatch.setattr(curves, "MOST_UPDATES", 3)
    live = training.Live(steps=1000)
    for step in range(1000):
        live.step(1 / (step + 1))
    # The first drawing is displayed and updated at once.
    assert len(shown) <= curves.MOST_UPDATES + 2
    assert "step 1000 of 1000" in shown[-1]["text/plain"]
    assert live.losses[-1] == pytest.approx(0.001)


def test_an_untrained_network_has_no_results(shown, capsys):
    """Is a result of a network that was never trained announced as missing, not shown?"""
    with training.if_possible():
        training.filters(training.Untrained()["W1"])
    assert not shown
    assert capsys.readouterr().out.startswith("The training above has not finished, ")


def test_the_valley_tells_heights_and_who_left_the_picture(shown):
    """Does the caption name the height of each path, and only a path that leaves the picture?"""
    inside, outside = [(-10, 1), (-4, 0)], [(-10, 1), (-1, 9)]
    training.valley({0.0: inside, 0.8: outside}, np.array([1.0, 25.0]))
    caption = shown[-1]["text/plain"]
    assert "Height after 1 steps: 8 without momentum, 1e+03 with 0.8." in caption
    assert caption.endswith("Out of the picture in part: the path with momentum 0.8.")
    training.valley({0.0: inside}, np.array([1.0, 25.0]))
    assert "Out of the picture" not in shown[-1]["text/plain"]


@pytest.mark.parametrize(("steps", "grey"), [(25, False), (1000, True)])
def test_a_short_training_promises_no_running_mean(shown, steps: int, grey: bool):
    """Does the caption name the grey line only where there is one to be seen?"""
    live = training.Live(steps=steps)
    for _ in range(steps):
        live.step(1.0)
    assert ("grey" in shown[-1]["text/html"]) == grey


def test_no_mistake_needs_no_picture(shown, capsys):
    """Is a perfect prediction one line instead of an empty picture?"""
    training.wrong_digits(np.zeros((2, 8, 8, 1)), np.array([1, 2]), np.array([1, 2]))
    assert not shown and "Not one" in capsys.readouterr().out


def test_seconds_is_the_time_of_one_call():
    """Does the stopwatch call the function, with its arguments, and give a positive time?"""
    calls = []
    assert training.seconds(calls.append, 1, least=0.001) > 0
    assert set(calls) == {1}


def test_torch_is_optional(monkeypatch, capsys):
    """Does a machine without PyTorch get one line?"""
    monkeypatch.setitem(sys.modules, "torch", None)
    assert training.torch_if_installed() is None
    assert capsys.readouterr().out.count("\n") == 1
