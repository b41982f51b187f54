"""Do the notebooks' pictures carry alt texts, stay readable, and forgive odd input?"""

import base64
import io
import re
import string
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import plots
import public_tests
from checks.text import LANGUAGES
from plots import kit, layers, player

HOUSE = plots.house()
BATCH = HOUSE[np.newaxis, :, :, np.newaxis]
GRID = np.arange(9.0).reshape(1, 3, 3, 1)
KERNEL = np.arange(4.0).reshape(2, 2, 1, 1)
WIDE = np.pad(BATCH, ((0, 0), (2, 2), (2, 2), (0, 0)))

DRAWINGS = {
    "edges": (HOUSE, HOUSE[:, :-2] - HOUSE[:, 2:]),
    "padding": (BATCH, WIDE, 2),
    "parameter_counts": ({"dense": 1000, "convolution": 10},),
    "windows": (5, 7, 3, 2, 1),
    "filter_moving": (
        plots.letter_t().reshape(1, 6, 6, 1),
        np.ones((3, 3, 1, 1)),
        np.ones((1, 4, 4, 1)),
    ),
    "feature_maps": (HOUSE, np.stack([HOUSE, -HOUSE], axis=-1)[np.newaxis], ["one", "two"]),
    "pooled": (BATCH, BATCH[:, ::2, ::2], BATCH[:, ::2, ::2]),
    "conv_gradients": (KERNEL, GRID[:, :2, :2], GRID, KERNEL),
    "coverage": (GRID,),
    "mask": (GRID[0, :, :, 0], GRID[0, :, :, 0] == 8),
    "pool_gradients": (GRID, GRID[:, :2, :2], GRID, GRID),
    "influence": (HOUSE, BATCH, 3, 4, 8),
    "learned_filter": (KERNEL, KERNEL, [4.0, 1.0, 0.25]),
}


class _Images(HTMLParser):
    """Collects the attributes of every <img>."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def images(html: str) -> list[dict[str, str | None]]:
    parser = _Images()
    parser.feed(html)
    return parser.found


def png(image: dict[str, str | None]) -> Image.Image:
    """The PNG on a plot's card."""
    (data,) = re.findall(r"data:image/png;base64,([^']+)'", unquote(image["src"]))
    return Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What the drawings display, in English unless a test says otherwise."""
    bundles: list[dict[str, str]] = []
    monkeypatch.setattr(kit, "display", lambda bundle, raw: bundles.append(bundle))
    # Not setattr, which reads the old value first, and that needs the data file.
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", "en")
    return bundles


def test_every_text_says_the_same_in_both_languages():
    """Has each text both languages, with the same values filled in?"""
    for kind, text in layers.TEXTS.items():
        english, chinese = (
            {field for _, field, _, _ in string.Formatter().parse(text[language]) if field}
            for language in LANGUAGES
        )
        assert english == chinese, kind
    assert set(DRAWINGS) == set(layers.TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(DRAWINGS) - {"filter_moving"}))
def test_picture_is_an_image_with_alt_text(shown, monkeypatch, name: str, language: str):
    """Is it one picture, drawn on white, described in the language of the course?"""
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", language)
    getattr(plots, name)(*DRAWINGS[name])
    (bundle,) = shown
    (image,) = images(bundle["text/html"])
    assert image["alt"] == bundle["text/plain"]
    assert "{" not in image["alt"]
    assert bool(re.search(r"[\u4e00-\u9fff]", image["alt"])) == (language == "zh")
    picture = png(image).convert("RGB")
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert len(picture.getcolors(1 << 24)) > 2


@pytest.mark.slow
def test_animation_needs_no_network_and_no_script_to_be_seen(shown):
    """Has the animation one frame per output, an image where scripts are off, and no link?"""
    plots.filter_moving(*DRAWINGS["filter_moving"])
    html = shown[0]["text/html"]
    (image,) = images(html)
    assert len(re.findall(r"frames\[\d+\] = ", html)) == 16
    assert png(image).width >= 600
    assert image["alt"] == shown[0]["text/plain"]
    assert "fa-" not in html and "<link" not in html
    # The name of SVG, which nothing is fetched from.
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert len(html) < 250_000


@pytest.mark.slow
def test_player_speaks_the_language(shown, monkeypatch):
    """Is every label of the player Chinese, and is each English one known?"""
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", "zh")
    plots.filter_moving(*DRAWINGS["filter_moving"])
    said = re.findall(r'(?:title|aria-label)="([^"]*)"|<label[^>]*>([^<]*)<', shown[0]["text/html"])
    words = {first or second for first, second in said}
    assert words == {word.in_("zh") for word in player.WORDS} | {"帧"}


@pytest.mark.slow
def test_animation_stays_short_and_ends_with_the_whole_output(shown, monkeypatch):
    """Does a large input give no more frames than fit, from the first window to the last?"""
    titles: list[str] = []

    class Recorder(layers.FuncAnimation):
        def _draw_frame(self, framedata):
            super()._draw_frame(framedata)
            titles.append(self._fig.axes[2].get_title())

    monkeypatch.setattr(layers, "FuncAnimation", Recorder)
    plots.filter_moving(BATCH[:, :12, :12], np.ones((3, 3, 1, 1)), np.ones((1, 10, 10, 1)))
    html = shown[0]["text/html"]
    assert len(re.findall(r"frames\[\d+\] = ", html)) == layers.MOST_FRAMES
    assert titles[0] == "Z[0, 0] = 1" and titles[-1] == "Z[9, 9] = 1"


@pytest.mark.parametrize(
    ("value", "label"),
    [(-0.0, "0"), (np.True_, "True"), (np.False_, "False"), (1 / 3, "0.333"), (3, "3")],
)
def test_cells_show_values_as_the_text_writes_them(value, label: str):
    """Is there no -0, and does a mask of booleans show True and False?"""
    axes = Figure().subplots()
    grid = kit.numbers(axes, np.full((1, 1), value), "title")
    assert grid.texts[0, 0].get_text() == label


@pytest.mark.parametrize("name", ["padding", "influence", "pooled"])
def test_titles_of_pictures_are_level(shown, monkeypatch, name: str):
    """Do titles side by side stand at one height, whatever the proportions below them?"""
    heights = []

    def measure(figure: Figure, *_: object, **__: object) -> None:
        figure.canvas.draw()
        heights.extend(axes.title.get_window_extent().y0 for axes in figure.axes)

    monkeypatch.setattr(layers, "_show", measure)
    getattr(plots, name)(*DRAWINGS[name])
    assert len(heights) >= 2
    assert max(heights) - min(heights) < 4, heights


@pytest.mark.parametrize("name", sorted(set(DRAWINGS) - {"parameter_counts", "windows"}))
@pytest.mark.parametrize("odd", [None, 3.0, np.zeros(3), np.array([None]), np.zeros((0, 0, 0, 0))])
def test_odd_results_of_a_student_give_one_line(shown, capsys, name: str, odd):
    """Does a function that returned something else end in a line, not in a traceback?"""
    arguments = list(DRAWINGS[name])
    (place,) = [i for i, a in enumerate(arguments) if isinstance(a, np.ndarray)][-1:]
    arguments[place] = odd
    getattr(plots, name)(*arguments)
    assert shown == []
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Nothing to draw")


@pytest.mark.slow
@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, -1.0])
def test_strange_numbers_can_be_drawn(shown, value: float):
    """Do NaN, infinity and constants give a picture all the same?"""
    strange = np.full((1, 4, 4, 1), value)
    with np.errstate(all="raise"):
        plots.coverage(strange)
        plots.pooled(strange, strange, strange)
        plots.feature_maps(strange[0, :, :, 0], strange, ["one"])
    assert len(shown) == 3


@pytest.mark.slow
def test_wrong_sizes_can_be_drawn(shown):
    """Does the animation show what it can where Z is larger than it should be?"""
    letter, kernel, _ = DRAWINGS["filter_moving"]
    plots.filter_moving(letter, kernel, np.ones((1, 9, 9, 1)))
    plots.padding(BATCH, BATCH, 40)
    plots.feature_maps(HOUSE, np.stack([HOUSE] * 4, axis=-1)[np.newaxis], ["one", "two"])
    assert len(shown) == 3


def test_no_figure_stays_open(shown):
    """Do the drawings keep out of pyplot, whose figures pile up until they are closed?"""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    before = pyplot.get_fignums()
    plots.mask(*DRAWINGS["mask"])
    assert pyplot.get_fignums() == before


def test_scenes_are_fit_for_finding_mistakes():
    """Are the pictures the same every time, within [0, 1], and the house not square?"""
    assert HOUSE.shape == (48, 64)
    assert HOUSE.min() >= 0 and HOUSE.max() <= 1
    assert np.array_equal(HOUSE, plots.house())
    assert set(np.unique(plots.letter_t())) == {0.0, 1.0}


def test_names_of_earlier_releases_still_work():
    """Does a notebook that imports course_plots or course_training find the same functions?"""
    import course_plots
    import course_training
    from plots import training

    earlier = set(layers.__dict__) & set(plots.__all__)
    assert {"filter_moving", "house", "windows"} <= earlier
    assert all(getattr(course_plots, name) is getattr(plots, name) for name in earlier)
    assert all(
        getattr(course_training, name) is getattr(training, name) for name in training.__all__
    )
    assert course_plots.BLUE == course_training.BLUE == kit.BLUE
