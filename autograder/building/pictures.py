"""The pictures of the notebooks' text: where their files are, and what their alt texts say."""

import json
from collections.abc import Mapping
from pathlib import Path

from plots.explorers import STILLS


def alt_texts(root: Path) -> dict[str, Mapping[str, str]]:
    """Return the alt texts of each picture by language, for each file name that a source may use.

    An explorer shows its still picture itself where no script runs, so students need its words,
    and they stand with it in plots/.
    """
    return json.loads((root / "images" / "alt_texts.json").read_text("utf-8")) | STILLS


def picture_path(root: Path, name: str, language: str) -> Path:
    """Return the file of a picture, which is copied into images/ beside a notebook.

    It is one for all languages, but where the picture has words in it.
    """
    folder = root / ("plots/explorers" if name in STILLS else "images")
    own = folder / language / name
    return own if own.is_file() else folder / name
