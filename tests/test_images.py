"""Questions about the pictures of the course and the script that draws them."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageSequence
from scipy.signal import convolve2d, correlate2d

from autograder.building.pictures import picture_path
from checks.text import LANGUAGES
from plots.explorers import first_gradient, first_input

IMAGES = Path(__file__).resolve().parent.parent / "images"
LIMIT_BYTES = 2_000_000


def load_draw() -> ModuleType:
    """The drawing script as a module, loaded from its path alone as a builder does."""
    spec = importlib.util.spec_from_file_location("images_draw", IMAGES / "draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


draw = load_draw()
ALT_TEXTS: dict[str, dict[str, str]] = json.loads((IMAGES / "alt_texts.json").read_text("utf-8"))
NAMES = tuple(draw.PICTURES)
TRANSLATED = [
    f"{language}/{name}" for language in draw.TRANSLATED for name in draw.TRANSLATED[language]
]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a fresh drawing of every picture."""
    folder = tmp_path_factory.mktemp("fresh")
    draw.draw_all(folder)
    draw.draw_explorers(folder)
    return folder


def frames(path: Path) -> list[Image.Image]:
    """What a picture shows, frame by frame."""
    with Image.open(path) as image:
        return [frame.convert("RGB") for frame in ImageSequence.Iterator(image)]


def labels(figure: Figure) -> list[str]:
    """Every text of a figure, with plain minus signs."""
    texts = (text.get_text() for axes in figure.axes for text in axes.texts)
    return [text.replace("\N{MINUS SIGN}", "-") for text in texts]


def numbers(words: str) -> list[str]:
    """The numbers in a text."""
    return re.findall(r"-?\d+(?:\.\d+)?", words.replace("\N{MINUS SIGN}", "-"))


def shown_values(figure: Figure) -> Counter[float]:
    """The values in the cells of a figure: the labels that are a number and nothing else."""
    return Counter(float(text) for text in labels(figure) if re.fullmatch(r"-?[\d.]+", text))


# --- files and alt texts --------------------------------------------------------------------------


def test_files_table_and_alt_texts_agree() -> None:
    """Has every picture of the table a file and an alt text, and is there nothing else?"""
    files = {path.name for path in IMAGES.iterdir() if path.suffix == ".png"}
    assert files == set(NAMES) == set(ALT_TEXTS)
    others = {path.name for path in IMAGES.iterdir()} - files
    known = {"draw.py", "plot_font.py", "alt_texts.json", "__pycache__", "readme"}
    assert others <= known | set(draw.TRANSLATED)
    for language, pictures in draw.TRANSLATED.items():
        assert {path.name for path in (IMAGES / language).iterdir()} == set(pictures) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_alt_text_is_long_and_in_its_language(name: str) -> None:
    """Does each alt text say enough, in English and in Chinese?"""
    assert set(ALT_TEXTS[name]) == set(LANGUAGES)
    english, chinese = (ALT_TEXTS[name][language] for language in LANGUAGES)
    ideographs = r"[\u4e00-\u9fff]"
    assert len(english) >= 200 and not re.search(ideographs, english)
    assert len(re.findall(ideographs, chinese)) >= 50


@pytest.mark.parametrize("name", NAMES)
def test_alt_texts_hold_the_same_numbers(name: str) -> None:
    """Do both languages say the same figures, also after one of them is fixed?"""
    english, chinese = (Counter(numbers(ALT_TEXTS[name][language])) for language in LANGUAGES)
    assert english == chinese


def test_pictures_are_small_together() -> None:
    """Are all pictures together small enough to ship with every notebook?"""
    assert sum((IMAGES / name).stat().st_size for name in NAMES) < LIMIT_BYTES


@pytest.mark.parametrize("name", (*NAMES, *TRANSLATED))
def test_picture_is_a_white_card_without_metadata(name: str) -> None:
    """Is it readable on a dark page, wide enough, and free of dates and program names?"""
    with Image.open(IMAGES / name) as image:
        assert 900 <= image.width <= 1200
        assert not image.info
        first = np.asarray(image.convert("RGB"))
    edges = (first[:16], first[-16:], first[:, :16], first[:, -16:])
    assert all((edge == 255).all() for edge in edges), "something reaches into the margin"


# --- drawing --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_drawing_twice_gives_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    """Does another process draw the same bytes, whatever its hash seed and matplotlibrc?"""
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 31\nlines.linewidth: 9\nfigure.dpi: 31\nsavefig.dpi: 31\n")
    folder = tmp_path / "again"
    folder.mkdir()
    program = (
        "import runpy, sys; from pathlib import Path; "
        "runpy.run_path(sys.argv[1])['draw_all'](Path(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(IMAGES / "draw.py"), str(folder)],
        check=True,
        env=os.environ | {"MATPLOTLIBRC": str(settings), "PYTHONHASHSEED": "7"},
    )
    for name in (*NAMES, *TRANSLATED):
        assert (folder / name).read_bytes() == (fresh / name).read_bytes(), name


def locked_version(package: str) -> str:
    lock = (IMAGES.parent / "requirements.lock").read_text("utf-8")
    return re.search(rf"^{package}==(\S+)", lock, re.MULTILINE)[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", (*NAMES, *TRANSLATED, *draw.EXPLORERS))
def test_committed_picture_is_current(name: str, fresh: Path) -> None:
    """Would drawing anew change the committed picture?

    Under the locked matplotlib only rounding may differ between machines. Other versions draw
    letters differently by parts of a pixel: there, the means of 8 x 8 blocks are compared.
    """
    committed, drawn = frames(picture_path(IMAGES.parent, name, "en")), frames(fresh / name)
    assert len(committed) == len(drawn)
    exact = version("matplotlib") == locked_version("matplotlib")
    for old, new in zip(committed, drawn, strict=True):
        assert old.size == new.size
        if not exact:
            old, new = old.convert("L").reduce(8), new.convert("L").reduce(8)
        difference = np.abs(np.asarray(old, float) - np.asarray(new, float))
        assert difference.max() <= (32 if exact else 80), "run: python images/draw.py"


@pytest.mark.slow
@pytest.mark.parametrize("name", (*NAMES, *TRANSLATED))
def test_labels_stay_apart_and_on_the_card(name: str) -> None:
    """Is every label big enough to read, inside the margin, and free of its neighbours?"""
    language, _, name = name.rpartition("/")
    figure = draw.figure(name, language or "en")
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    boxes = [text.get_window_extent(renderer).padded(-2) for text in texts]
    assert min(text.get_fontsize() for text in texts) >= 18
    width, height = figure.bbox.width, figure.bbox.height
    for text, box in zip(texts, boxes, strict=True):
        inside = box.x0 >= 16 and box.y0 >= 12 and box.x1 <= width - 16 and box.y1 <= height - 12
        assert inside, f"{text.get_text()!r} leaves the card"
    for k, box in enumerate(boxes):
        hit = [texts[j].get_text() for j in range(k) if box.overlaps(boxes[j])]
        assert not hit, f"{texts[k].get_text()!r} lies on {hit}"


# --- the numbers in the pictures ------------------------------------------------------------------


def flat(*arrays: np.ndarray | float) -> Iterable[float]:
    """The values of all arrays."""
    return [float(value) for array in arrays for value in np.asarray(array, float).flat]


def windows(image: np.ndarray) -> list[tuple[slice, slice]]:
    """The pooling windows of an image, in the output's order."""
    f = draw.POOL_F
    n_H, n_W = (n // f for n in image.shape)
    return [
        (slice(h * f, h * f + f), slice(w * f, w * f + f)) for h in range(n_H) for w in range(n_W)
    ]


def expected_padding() -> Iterable[float]:
    image, pad = draw.PADDING_IMAGE, draw.PAD
    border = (image.shape[0] + 2 * pad) * (image.shape[1] + 2 * pad) - image.size
    return flat(image, image, np.zeros(border))


def expected_step() -> Iterable[float]:
    image, weights, bias = draw.STEP_SLICE, draw.STEP_FILTER, draw.STEP_BIAS
    total = correlate2d(image, weights, mode="valid").item()
    return flat(image, weights, image * weights, total, bias, total + bias)


def expected_max() -> Iterable[float]:
    return flat(draw.POOL_IMAGE, [max(draw.POOL_IMAGE[at].flat) for at in windows(draw.POOL_IMAGE)])


def expected_average() -> Iterable[float]:
    image = draw.POOL_IMAGE
    return flat(image, [sum(image[at].flat) / draw.POOL_F**2 for at in windows(image)])


def expected_flow() -> Iterable[float]:
    image, weights, gradient = draw.FLOW_INPUT, draw.FLOW_FILTER, draw.FLOW_GRADIENT
    parts = [value * weights for value in gradient.flat]
    above = (gradient, weights, weights, *parts, convolve2d(gradient, weights, mode="full"))
    slices = (image[:, :2], image[:, 1:])
    middle = (image, *slices, gradient, correlate2d(image, gradient, mode="valid"))
    return flat(*above, *middle, gradient, gradient.sum())


def expected_max_backward() -> Iterable[float]:
    image, routed = draw.POOL_IMAGE, np.zeros(draw.POOL_IMAGE.shape)
    for at, value in zip(windows(image), draw.POOL_GRADIENT.flat, strict=True):
        place = np.unravel_index(image[at].argmax(), image[at].shape)
        routed[at][place] = value
    return flat(image, routed != 0, draw.POOL_GRADIENT, routed)


def expected_average_backward() -> Iterable[float]:
    shares = [value / draw.POOL_F**2 for value in draw.POOL_GRADIENT.flat]
    return flat(draw.POOL_GRADIENT, *(np.full(draw.POOL_F**2, share) for share in shares))


EXPECTED: dict[str, Callable[[], Iterable[float]]] = {
    "padding.png": expected_padding,
    "convolution_step.png": expected_step,
    "max_pooling.png": expected_max,
    "average_pooling.png": expected_average,
    "gradient_flow.png": expected_flow,
    "max_pooling_backward.png": expected_max_backward,
    "average_pooling_backward.png": expected_average_backward,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_shown_numbers_are_right(name: str) -> None:
    """Are the numbers of the picture those that SciPy or plain Python computes?"""
    assert shown_values(draw.figure(name)) == Counter(EXPECTED[name]())


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_shown_numbers_follow_the_inputs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is every number computed from the inputs, so that other inputs give a right picture too?"""
    before = shown_values(draw.figure(name))
    random = np.random.RandomState(2)
    for constant, value in vars(draw).copy().items():
        if isinstance(value, np.ndarray):
            # Distinct and never 0: a maximum without ties, and a routed gradient that is seen.
            other = 1 + random.permutation(value.size).reshape(value.shape)
            monkeypatch.setattr(draw, constant, other)
    after = shown_values(draw.figure(name))
    assert after == Counter(EXPECTED[name]())
    assert after != before


@pytest.mark.parametrize("name", EXPECTED)
def test_alt_text_holds_every_shown_number(name: str) -> None:
    """Does someone who hears the alt text get all the numbers of the picture?"""
    told = {float(number) for number in numbers(ALT_TEXTS[name]["en"])}
    assert set(shown_values(draw.figure(name))) <= told


def test_stills_show_what_explorers_open_with() -> None:
    """Does a reader who runs nothing see the numbers of the first setting?"""
    X, W = first_input()
    wanted = flat(X, W, correlate2d(X, W, mode="valid"))
    assert shown_values(draw.figure("convolution.png")) == Counter(wanted)
    _, W, dZ = first_gradient()
    wanted = flat(convolve2d(dZ, W, mode="full"), W, dZ)
    assert shown_values(draw.figure("gradient.png")) == Counter(wanted)
    factors = [label for label in labels(draw.figure("gradient.png")) if label.startswith("×")]
    assert sorted(factors) == sorted(f"×{w:g}" for w in W.ravel())


def test_window_corners_are_right() -> None:
    """Does the picture of the corners show the slice that the formulas give, at stride 2?"""
    figure = draw.figure("window_corners.png")
    marked = [
        text.get_text()
        for axes in figure.axes
        for text in axes.texts
        if text.get_fontweight() == "bold"
    ]
    # On the axes, at the output's row and column, and behind the formulas.
    corners = ["2", "5", "4", "7"]
    assert Counter(marked) == Counter(corners * 2 + ["1", "2"])


def test_model_shapes_are_right() -> None:
    """Are the shapes along the model those of same convolutions and halving pools?"""
    shapes = ["8 × 8 × 1", "8 × 8 × 8", "8 × 8 × 8", "4 × 4 × 8"]
    shapes += ["4 × 4 × 16", "4 × 4 × 16", "2 × 2 × 16"]
    figure = draw.figure("model.png")
    shown = labels(figure)
    assert [text for text in shown if "×" in text] == shapes
    assert {"64", "10"} <= set(shown)
    for language in LANGUAGES:
        assert all(shape in ALT_TEXTS["model.png"][language] for shape in shapes)
        assert re.search(r"\b64\b.*\b10\b", ALT_TEXTS["model.png"][language], re.ASCII)


def test_words_in_pictures_are_in_the_language_of_the_notebook() -> None:
    """Does the Chinese notebook get the network's layers in Chinese, with the same numbers?"""
    english, chinese = (labels(draw.figure("model.png", language)) for language in LANGUAGES)
    words = {"CONV": "卷积", "POOL": "池化", "flatten": "展平", "FC": "全连接"}
    assert set(words) <= set(english) and [words.get(text, text) for text in english] == chinese
    assert picture_path(IMAGES.parent, "model.png", "en") == IMAGES / "model.png"
    assert picture_path(IMAGES.parent, "model.png", "zh") == IMAGES / "zh" / "model.png"
    assert picture_path(IMAGES.parent, "padding.png", "zh") == IMAGES / "padding.png"


def test_receptive_field_is_right() -> None:
    """Does the marked field hold exactly the inputs that reach one output through two 3 x 3?"""
    n, ones = draw.RECEPTIVE["n_prev"], np.ones((draw.RECEPTIVE["f"],) * 2)
    small = n - 2 * (len(ones) - 1)
    reached = np.zeros((small, small))
    reached[small // 2, small // 2] = 1
    between = convolve2d(reached, ones, mode="full")
    field = convolve2d(between, ones, mode="full")
    figure = draw.figure("receptive_field.png")
    counts = [int(np.sqrt(np.count_nonzero(layer))) for layer in (field, between, reached)]
    assert shown_values(figure) == Counter(float(count) for count in counts)
    assert field.shape == (n, n)
