"""Makes build/site: the course as static pages, to read and to work on in the browser.

It holds students' files only. JupyterLite is in ``jupyter/``, and there the notebooks' folders in
``files/<language>/<assignment>/``, with NumPy archives in place of the HDF5 files: a browser has no
h5py unless it is fetched from elsewhere.
"""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from autograder.building import reading_pages
from autograder.building.browser_lab import build_lab
from autograder.building.site_texts import TEXTS
from autograder.course import (
    ENVIRONMENT,
    NOT_BUILT,
    PUBLIC_ADDRESS,
    Course,
    CourseError,
    student_files,
)
from autograder.pages import templating
from checks.assignments import ASSIGNMENTS
from checks.hdf5 import ARCHIVE, write_archive
from checks.text import COLON, COMMA, LANGUAGES, TABLE, html_tag

LAB = "jupyter"
APP = "notebooks/index.html"
HDF5 = ".h5"
JOINTS = {"colon": COLON, "comma": COMMA}


def build_site(
    course: Course,
    out: Path,
    pyodide: Path | None = None,
    python: Path = Path(sys.executable),
) -> Path:
    """Build the site, put it in the place of `out` when it is complete, and return `out`.

    `pyodide` is a folder with Pyodide for a class that is offline; `python` has JupyterLite. The
    notebooks are run for the pages to read. Raises CourseError.
    """
    links = outside_links(course.address)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".site-") as name:
        folder = Path(name)
        contents, fresh = folder / "contents", folder / "site"
        for language in LANGUAGES:
            for assignment in ASSIGNMENTS:
                put_notebook(course, language, assignment, contents / language / assignment)
        fresh.mkdir()
        build_lab(contents, fresh / LAB, pyodide, python)
        _write_pages(course, fresh, links, offline=pyodide is not None)
        shutil.rmtree(out, ignore_errors=True)
        fresh.rename(out)
    return out


def put_notebook(course: Course, language: str, assignment: str, folder: Path) -> None:
    """Put a notebook and all that belongs beside it into `folder`, as a browser can use it."""
    built = course.notebook_folder(language, assignment)
    notebook = built / f"{assignment}.ipynb"
    if not notebook.is_file():
        raise CourseError(NOT_BUILT.format(file=notebook))
    files = student_files(built) | {notebook.name: notebook}
    del files[ENVIRONMENT]  # says what to install, which nobody does here
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == HDF5:
            write_archive(path, target.with_suffix(ARCHIVE))
        else:
            shutil.copyfile(path, target)


def outside_links(address: str) -> Mapping[str, str]:
    """Return by service the link to a notebook of the public repository, none without an address.

    Each link has the fields {language} and {assignment}.
    """
    if not address:
        return {}
    path = "notebooks/{language}/{assignment}/{assignment}.ipynb"
    name = PUBLIC_ADDRESS.fullmatch(address)["name"]
    return {
        "Colab": f"https://colab.research.google.com/github/{name}/blob/HEAD/{path}",
        "Binder": f"https://mybinder.org/v2/gh/{name}/HEAD?labpath={path}",
    }


def _write_pages(course: Course, site: Path, links: Mapping[str, str], offline: bool) -> None:
    """Write the pages to read and the landing pages: one per language, and the first one."""
    style = templating.style_sheet("site")
    for language in LANGUAGES:
        said = {key: text.in_(language) for key, text in (TEXTS | JOINTS).items()}
        shared = {"t": said, "lang": html_tag(language), "style": style}
        cards = []
        (site / language).mkdir(parents=True)
        for assignment in ASSIGNMENTS:
            # A copy, for running it leaves caches behind.
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name) / assignment
                put_notebook(course, language, assignment, folder)
                notebook = reading_pages.executed(folder / f"{assignment}.ipynb")
                cells = reading_pages.cells_of(notebook, folder)
            card = _card(language, assignment, reading_pages.title_of(notebook), links)
            cards.append(card)
            _render(
                site / language / card.read, "notebook.html.j2", cells=cells, card=card, **shared
            )
        _render(
            site / language / "index.html",
            "landing.html.j2",
            **shared,
            cards=cards,
            offline=offline,
            languages=_languages("../{}/index.html"),
        )
    _render(
        site / "index.html",
        "languages.html.j2",
        style=style,
        titles={html_tag(code): TEXTS["course"].in_(code) for code in LANGUAGES},
        languages=_languages("{}/index.html"),
    )


def _languages(path: str) -> list[Mapping[str, str]]:
    names = TEXTS["language"]
    return [
        {"tag": TABLE[code].tag, "name": names.in_(code), "href": path.format(code)}
        for code in LANGUAGES
    ]


class Card(NamedTuple):
    """What the landing page says of a notebook."""

    title: str
    read: str
    work: str
    exercises: list[str]
    links: Mapping[str, str]


def _card(language: str, assignment: str, title: str, links: Mapping[str, str]) -> Card:
    path = f"{language}/{assignment}/{assignment}.ipynb"
    exercises = ASSIGNMENTS[assignment].exercises
    return Card(
        title,
        f"{assignment}.html",
        f"../{LAB}/{APP}?path={quote(path)}",
        [exercise.name for exercise in exercises],
        {
            service: link.format(language=language, assignment=assignment)
            for service, link in links.items()
        },
    )


def _render(path: Path, template: str, **values: Any) -> None:
    path.write_text(templating.environment().get_template(template).render(**values), "utf-8")
