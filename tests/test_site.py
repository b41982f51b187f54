"""The course as a site: what it is made of, and that students' files alone are in it."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest

from autograder.building import browser_lab, site
from autograder.course import ROOT, Course, CourseError
from checks import store
from checks.assignments import ASSIGNMENTS
from checks.hdf5 import ARCHIVE, write_archive
from checks.text import LANGUAGES
from tests.grading.test_release import leaks, plain, plain_page, telling_lines, texts

pytest.importorskip("jupyterlite_core", reason="make site installs JupyterLite")
GITHUB = "https://github.com/owner/course"


class Links(HTMLParser):
    """The addresses that a page leads to or loads."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The site, its pages to read included."""
    return site.build_site(Course(), tmp_path_factory.mktemp("built") / "site")


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_archive_holds_what_the_hdf5_file_holds(assignment, tmp_path):
    """Are answers, known mistakes and their places the same, bit for bit, without h5py?"""
    hdf5 = store.path_of(assignment)
    absent = tmp_path / hdf5.name
    write_archive(hdf5, absent.with_suffix(ARCHIVE))
    here, there = store.read(hdf5), store.read(absent)
    assert list(here.expected) == list(there.expected)
    for exercise, cases in here.expected.items():
        for case, outputs in cases.items():
            for output, value in outputs.items():
                other = there.expected[exercise][case][output]
                assert type(other) is type(value) and np.array_equal(other, value, equal_nan=True)
        assert store.read_wrong(hdf5, exercise) == store.read_wrong(absent, exercise)
        assert store.read_places(hdf5, exercise) == store.read_places(absent, exercise)


def test_damaged_archive_is_one_line(tmp_path):
    """Does an archive that was cut off say which file to get again?"""
    hdf5 = store.path_of("cnn_step_by_step")
    cut = tmp_path / f"{hdf5.stem}{ARCHIVE}"
    write_archive(hdf5, cut)
    cut.write_bytes(cut.read_bytes()[:1000])
    with pytest.raises(store.DataFileError, match="unpack the assignment's zip again"):
        store.read(tmp_path / hdf5.name)


def test_checks_run_without_h5py(tmp_path):
    """Does a check name the mistake where there is no h5py, from the files of the site?"""
    site.put_notebook(Course(), "zh", "cnn_step_by_step", tmp_path)
    code = (
        "import sys; sys.modules['h5py'] = None\n"
        "from public_tests import *\n"
        "def zero_pad(X, pad):\n"
        "    import numpy as np\n"
        "    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (pad, pad)))\n"
        "check(zero_pad)\n"
    )
    (tmp_path / "evening.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "evening.py"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert "通道" in done.stdout and "CheckFailed" in done.stderr


def test_wheel_is_the_installed_package(tmp_path):
    """Does the wheel that the site ships hold what is installed, the same bytes each time?"""
    first = browser_lab.pack_wheel("comm", tmp_path).read_bytes()
    path = browser_lab.pack_wheel("comm", tmp_path)
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
    assert "comm/__init__.py" in names and not any(name.endswith(".pyc") for name in names)
    assert {"METADATA", "WHEEL", "RECORD"} <= {name.split("/")[-1] for name in names}


def test_links_to_other_services():
    """Do the links lead into the public repository, and are there none without an address?"""
    links = site.outside_links(GITHUB)
    filled = {
        k: v.format(language="zh", assignment="convnet_application") for k, v in links.items()
    }
    notebook = "notebooks/zh/convnet_application/convnet_application.ipynb"
    assert filled == {
        "Colab": f"https://colab.research.google.com/github/owner/course/blob/HEAD/{notebook}",
        "Binder": f"https://mybinder.org/v2/gh/owner/course/HEAD?labpath={notebook}",
    }
    assert site.outside_links("") == {}


@pytest.mark.parametrize(
    "address", ["github.com/owner/course", "https://github.com/owner", f'{GITHUB}"; import os']
)
def test_other_addresses_are_refused(address, tmp_path):
    """Is an address that the links and the notebook's cell can't use refused in one line?"""
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CNNCourse.address = {address!r}\n", "utf-8"
    )
    with pytest.raises(CourseError, match=r"c\.CNNCourse\.address is"):
        _ = Course(tmp_path).address


@pytest.mark.parametrize(
    ("packages", "files", "said"),
    [
        (None, (), "has no pyodide-lock.json"),
        ({}, (), "has no package"),
        ({"numpy": [], "matplotlib": ["numpy"], "ipython": []}, ("numpy.whl",), "lacks packages"),
    ],
)
def test_what_is_no_pyodide_is_refused(packages, files, said, tmp_path):
    """Is a folder without Pyodide or without a package that the notebooks need one clear line?"""
    if packages is not None:
        entries = {n: {"file_name": f"{n}.whl", "depends": d} for n, d in packages.items()}
        (tmp_path / browser_lab.LOCK).write_text(json.dumps({"packages": entries}), "utf-8")
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(CourseError, match=said):
        browser_lab.check_pyodide(tmp_path)


@pytest.mark.slow
def test_every_link_leads_somewhere(built):
    """Is there a page per language and notebook, and does each link inside lead to a file?"""
    pages = [
        built / "index.html",
        *(p for code in LANGUAGES for p in (built / code).glob("*.html")),
    ]
    assert len(pages) == 1 + len(LANGUAGES) * (1 + len(ASSIGNMENTS))
    for page in pages:
        ids = set(re.findall(r' id="([^"]+)"', page.read_text("utf-8")))
        for link in Links(page).found:
            parts = urlsplit(link)
            if parts.scheme in ("https", "data"):
                continue
            target = page.parent / parts.path if parts.path else page
            assert not parts.scheme and target.is_file(), (page, link)
            if parts.fragment:
                assert unquote(parts.fragment) in ids, (page, link)
            for path in parse_qs(parts.query).get("path", ()):
                assert (built / site.LAB / "files" / path).is_file(), (page, link)


@pytest.mark.slow
def test_pages_to_read_are_whole(built):
    """Are formulas MathML, pictures inside, explorers there, and is nothing loaded from outside?"""
    for code in LANGUAGES:
        for assignment in ASSIGNMENTS:
            page = built / code / f"{assignment}.html"
            text = page.read_text("utf-8")
            assert text.count("<math") > 50 and "$" not in re.sub(
                r"<(script|pre|code|style)\b.*?</\1>", "", text, flags=re.DOTALL
            )
            assert "data:image/png;base64," in text
            loaded = re.findall(r'<(?:img|script|link|iframe)\b[^>]*(?:src|href)="([^"]*)"', text)
            assert [address for address in loaded if not address.startswith("data:")] == []
        assert 'class="explorer"' in (built / code / "cnn_step_by_step.html").read_text("utf-8")


@pytest.mark.parametrize(("scheme", "width"), [("light", 900), ("dark", 400)])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_axe_on_the_pages_to_read(built, browser, axe, assignment, scheme, width):
    """Does axe find nothing, explorers and pictures included, light and wide, dark and narrow?"""
    for code in LANGUAGES:
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        page.goto((built / code / f"{assignment}.html").as_uri())
        page.evaluate(axe)
        # axe reads no MathML, so that it takes a header with a formula for an empty one.
        rules = "{rules: {'empty-table-header': {enabled: false}}}"
        violations = page.evaluate(f"axe.run(document, {rules})")["violations"]
        assert [(v["id"], node["html"][:120]) for v in violations for node in v["nodes"]] == []
        assert "" not in (header.strip() for header in page.locator("th").all_text_contents())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


@pytest.mark.slow
def test_jupyterlite_is_configured(built):
    """Does JupyterLite know the kernel, have comm's wheel and no HDF5 file, and list the files?"""
    lab = built / site.LAB
    config = json.loads((lab / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    assert [e["name"] for e in config["federated_extensions"]] == [browser_lab.KERNEL]
    assert any(path.name.startswith("comm-") for path in (lab / "pypi").glob("*.whl"))
    notebooks = sorted(path.stem for path in lab.rglob("files/**/*.ipynb"))
    assert notebooks == sorted(list(ASSIGNMENTS) * len(LANGUAGES))
    assert not list(built.rglob("*.h5"))
    listed = json.loads((lab / "api/contents/en/cnn_step_by_step/all.json").read_text("utf-8"))
    assert "cnn_step_by_step.ipynb" in {entry["name"] for entry in listed["content"]}


@pytest.mark.slow
def test_no_solution_is_published(built):
    """Is no statement of a solution, no module of the engine and no hidden file on the site?

    The pages to read hold hints beside the code.
    """
    if not Course().has_solutions:
        pytest.skip("the solutions are not here: nothing to search for")
    wanted = telling_lines(ROOT)
    files = built / site.LAB / "files"
    for place, text in texts(files):
        assert leaks(plain(text), wanted, place.endswith("(hints)")) == {}, place
    for page in sorted(path for code in LANGUAGES for path in (built / code).glob("*.html")):
        hints = page.stem in ASSIGNMENTS
        assert leaks(plain_page(page.read_text("utf-8")), wanted, hints) == {}, page
    own = {path.relative_to(built).parts[0] for path in built.rglob("*")}
    assert own == {"index.html", site.LAB, *LANGUAGES}
    for path in files.rglob("*"):
        assert not any(part.startswith(".") for part in path.relative_to(files).parts)
        assert "solutions" not in path.parts and path.suffix not in (".pyc", ".db", ".log")


@pytest.mark.slow
def test_command_says_what_is_missing(tmp_path, monkeypatch):
    """Without JupyterLite, does the command name what to run, and leave the old site whole?"""
    out = tmp_path / "site"
    out.mkdir()
    (out / "index.html").write_text("old")
    python = tmp_path / "bin" / "python"
    with pytest.raises(CourseError, match="make site"):
        site.build_site(Course(), out, python=python)
    assert (out / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    shutil.rmtree(out)
