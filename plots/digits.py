"""The handwritten digits of the second notebook: reading, moving and drawing them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from checks.hdf5 import ARCHIVE, open_data
from checks.text import Text, write
from plots import kit

FONT_SIZE = 9
_BESIDE = Path(__file__).resolve().parent.parent
# The file is beside the notebook for students, and in datasets/ in a clone of the course.
_PLACES = (_BESIDE / "digits.h5", _BESIDE / "datasets" / "digits.h5")
DATA_FILE = next((path for path in _PLACES if path.is_file()), _PLACES[0])

TEXTS: Mapping[str, Text] = {
    "no_data": Text(
        "{path} is missing: copy digits.h5 from the assignment's zip into this folder.",
        "缺少 {path}：请把作业压缩包里的 digits.h5 复制到这个文件夹。",
    ),
    "digits": Text(
        "{count} digits of 8 × 8 pixels, the label above each.",
        "{count} 个 8 × 8 像素的数字，上方是标签。",
    ),
    "answers": Text(
        "{count} digits, {right} of them right. Above each: label → prediction.",
        "{count} 个数字，认对 {right} 个。上方：标签 → 预测。",
    ),
    "wrong_digits": Text(
        "{count} digits that came out wrong. Above each: label → prediction.",
        "认错的 {count} 个数字。上方：标签 → 预测。",
    ),
    "no_wrong_digits": Text(
        "Not one digit came out wrong.",
        "没有认错任何数字。",
    ),
}


def _text(kind: str, **values: object) -> str:
    return kit.say(TEXTS[kind], **values)


class SupportVectorMachine(NamedTuple):
    """A fitted machine that tells ten digits apart by 45 duels, one for each pair of digits.

    The names and the order of the arrays are those of scikit-learn's ``SVC``.
    """

    support_vectors: np.ndarray
    counts: np.ndarray
    dual_coefficients: np.ndarray
    intercepts: np.ndarray
    gamma: float

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the digit (m,) that wins most duels for each of the `images` (m, 8, 8, 1)."""
        x = images.reshape(len(images), -1)
        squares = np.sum(x**2, axis=1)[:, np.newaxis] + np.sum(self.support_vectors**2, axis=1)
        kernel = np.exp(-self.gamma * (squares - 2 * x @ self.support_vectors.T))
        ends = np.cumsum(self.counts)
        places = [slice(end - n, end) for end, n in zip(ends, self.counts, strict=True)]
        votes = np.zeros((len(x), len(self.counts)), dtype=int)
        duel = 0
        for i in range(len(self.counts)):
            for j in range(i + 1, len(self.counts)):
                score = kernel[:, places[i]] @ self.dual_coefficients[j - 1, places[i]]
                score += kernel[:, places[j]] @ self.dual_coefficients[i, places[j]]
                votes[np.arange(len(x)), np.where(score + self.intercepts[duel] > 0, i, j)] += 1
                duel += 1
        return np.argmax(votes, axis=1)


class Digits(NamedTuple):
    """Pictures (m, 8, 8, 1) with values from 0 to 1 and their labels (m,), in two parts."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    svm: SupportVectorMachine


def read_digits(path: Path | str = DATA_FILE) -> Digits:
    """Read ``digits.h5``. Raises FileNotFoundError, in one line, where there is no such file."""
    path = Path(path)
    if not (path.is_file() or path.with_suffix(ARCHIVE).is_file()):
        raise FileNotFoundError(_text("no_data", path=path.name))
    with open_data(path) as file:
        images = file["images"][:][..., np.newaxis] / 16
        labels, is_test = file["labels"][:].astype(int), file["is_test"][:]
        svm = file["svm"]
        machine = SupportVectorMachine(
            images[svm["support"][:]].reshape(-1, 64),
            svm["counts"][:].astype(int),
            svm["dual_coefficients"][:],
            svm["intercepts"][:],
            float(svm.attrs["gamma"]),
        )
    return Digits(images[~is_test], labels[~is_test], images[is_test], labels[is_test], machine)


def shifted(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Move pictures (m, n_H, n_W, n_C) down and to the right, or up and left where negative.

    What leaves the picture is lost, and zeros come in.
    """
    moved = np.zeros_like(images)
    n_H, n_W = images.shape[1:3]
    to_rows, from_rows = _overlap(n_H, rows)
    to_columns, from_columns = _overlap(n_W, columns)
    moved[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return moved


def _overlap(size: int, step: int) -> tuple[slice, slice]:
    kept = max(size - abs(step), 0)
    start, other = max(step, 0), max(-step, 0)
    return slice(start, start + kept), slice(other, other + kept)


def randomly_shifted(images: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Move each picture by -1, 0 or 1 rows and columns, drawn for each one alone."""
    moves = random.randint(-1, 2, size=(len(images), 2))
    moved = np.empty_like(images)
    for rows, columns in np.unique(moves, axis=0):
        chosen = np.all(moves == (rows, columns), axis=1)
        moved[chosen] = shifted(images[chosen], rows, columns)
    return moved


# Drawings


def _tiles(images: np.ndarray, titles: Sequence[str], columns: int) -> Figure:
    rows = -(-len(images) // columns)
    figure = kit.figure(0.72 * columns, 0.92 * rows)
    for axes, image, title in zip(
        figure.subplots(rows, columns, squeeze=False).flat, images, titles, strict=False
    ):
        axes.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        axes.set_title(title, fontsize=FONT_SIZE)
    for axes in figure.axes:
        axes.set_xticks([])
        axes.set_yticks([])
    for axes in figure.axes[len(images) :]:
        axes.set_axis_off()
    return figure


def digits(images: np.ndarray, labels: Sequence[int], columns: int = 10) -> None:
    """Draw pictures (m, 8, 8, 1) with their labels."""
    figure = _tiles(images, [str(label) for label in labels], columns)
    kit.show_captioned(figure, _text("digits", count=len(images)))


def answers(images: np.ndarray, labels: Sequence[int], predicted: Sequence[int]) -> None:
    """Draw pictures (m, 8, 8, 1), each with its label and with what a method took it for."""
    right = int(np.sum(np.asarray(labels) == predicted))
    caption = _text("answers", count=len(images), right=right)
    kit.show_captioned(_answered(images, labels, predicted), caption)


def _answered(images: np.ndarray, labels: Sequence[int], predicted: Sequence[int]) -> Figure:
    titles = [f"{label} → {answer}" for label, answer in zip(labels, predicted, strict=True)]
    return _tiles(images, titles, min(10, len(images)))


def wrong_digits(
    images: np.ndarray, labels: np.ndarray, predicted: np.ndarray, most: int = 20
) -> None:
    """Draw the pictures whose prediction is not their label, at most `most` of them."""
    wrong = np.flatnonzero(np.asarray(labels) != predicted)[:most]
    if len(wrong):
        figure = _answered(images[wrong], labels[wrong], predicted[wrong])
        kit.show_captioned(figure, _text("wrong_digits", count=len(wrong)))
    else:
        write(_text("no_wrong_digits"))
