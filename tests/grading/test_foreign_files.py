"""Files of other tools and by other ways: odd spaces, scripts, archives, bytes that are no text."""

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reading.folder import find_submitted_file
from autograder.reading.plain_spaces import plain_spaces
from autograder.reading.student_code import definitions
from autograder.reading.submissions import read_submission

NAME = "cnn_step_by_step"
DONE = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
STUB = "def zero_pad(X, pad):\n    X_pad = None\n    return X_pad\n"


def notebook(*sources, grade_ids=()):
    marks = dict(enumerate(grade_ids))
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "outputs": [],
            "metadata": {"nbgrader": {"grade_id": marks[i], "solution": True}}
            if i in marks
            else {},
        }
        for i, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def english(submission):
    return [problem["en"] for problem in submission.problems]


def functions(path):
    sources = [cell.source for cell in read_submission(path).cells]
    return {k: d.error for k, d in definitions(sources, ("zero_pad", "pool_forward")).items()}


ODD = {
    "no-break before": "\u00a0def zero_pad(X, pad):\n    return X\n",
    "no-break after": "def\u00a0zero_pad(X, pad):\n    return X\n",
    "zero-width before": "\u200bdef zero_pad(X, pad):\n    return X\n",
    "zero-width after": "def\u200bzero_pad(X, pad):\n    return X\n",
    "zero-width in a name": "def zero\u200b_pad(X, pad):\n    return X\n",
    "byte order mark": "\ufeff\ufeffdef zero_pad(X, pad):\n    return X\n",
    "ideographic": "def zero_pad(X, pad):\n    y\u3000=\u3000X\n    return y\n",
    "indentation": "def zero_pad(X, pad):\n\u00a0\u00a0\u00a0\u00a0return X\n",
    "one as indentation": "def zero_pad(X, pad):\n\u00a0return X\n",
    "line separator": "def zero_pad(X, pad):\u2028    return X\u2028",
    "at the end": "def zero_pad(X, pad):\n    return X\u200b\n",
    "null": "def zero_pad(X, pad):\n    return X\x00\n",
    "word joiner": "def zero_pad(X,\u2060 pad):\n    return X\n",
    "control": "def zero_pad(X, pad):\x1a\n    return X\n",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("kind", ["ipynb", "py"])
def test_odd_spaces(tmp_path, name, kind):
    """Is a function with an odd space read as with a plain one, and the odd one named?"""
    source = "import numpy as np\n" + ODD[name] if kind == "py" else ODD[name]
    path = write(tmp_path, f"x.{kind}", source if kind == "py" else notebook("x = 1", source))
    assert functions(path) == {"zero_pad": None}
    (problem,) = english(read_submission(path))
    assert "U+" in problem and ("Cell 2" in problem) == (kind == "ipynb")


def test_odd_spaces_in_text_stay(tmp_path):
    """Are strings, comments and magics left as they are, and nothing said of them?"""
    source = "x = 'a\u00a0b' # \u200b\ny = '''\u3000'''\n"
    found = read_submission(write(tmp_path, "x.py", source))
    assert (found.cells[0].source, found.problems) == (source, ())


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab=(:)'\"\\#\n \u00a0\u200b\u2028\x00", max_size=60))
def test_plain_spaces_only_help(text):
    """Does no text raise, is one that parses left alone, and is twice the same as once?"""
    plain, character = plain_spaces(text)
    if character is None:
        assert plain == text
    try:
        compile(text, "x", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return
    assert plain == text


KINDS = {
    "gzip": (gzip.compress(notebook(DONE)), "a gzip archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), "a 7z archive"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(100), "a RAR archive"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG image"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG image"),
    "docx": (zipped({"[Content_Types].xml": "x", "word/document.xml": "x"}), "an Office document"),
    "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(50), "a data file (HDF5)"),
    "sqlite": (b"SQLite format 3\x00" + bytes(50), "a data file (SQLite)"),
    "tar": (bytes(100).ljust(257, b"x") + b"ustar\x0000", "a tar archive"),
    "unknown": (bytes(range(256)) * 4, "binary data"),
    "html": (b"\n<!DOCTYPE html><html></html>", "a web page"),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("suffix", ["ipynb", "py"])
def test_what_the_file_is(tmp_path, name, suffix):
    """Does the one problem say what the file is, and nothing of an encoding?"""
    content, what = KINDS[name]
    found = read_submission(write(tmp_path, f"x.{suffix}", content))
    (problem,) = english(found)
    assert what in problem and found.cells == ()


NBCONVERT = (
    "#!/usr/bin/env python\n# coding: utf-8\n\n# In[ ]:\n\n\nimport numpy as np\n\n\n# In[2]:\n\n\n"
)


def test_script_of_nbconvert(tmp_path):
    """Is nbconvert's .txt of a notebook the code to grade, and no receipt or list taken for it?"""
    write(tmp_path, "timestamp.txt", "2026-11-20 18:00:00 UTC")
    write(tmp_path, "requirements.txt", "numpy")
    path = write(tmp_path, f"{NAME}.txt", NBCONVERT + DONE)
    assert find_submitted_file(tmp_path, NAME)[0] == path
    assert functions(path) == {"zero_pad": None}
    assert read_submission(path).problems == ()


MARIMO = '''import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")

with app.setup:
    import numpy as np


@app.cell
def _(mo):
    mo.md("""
    # Title
    """)
    return


@app.function
def zero_pad(X, pad):
    p = (pad, pad)
    return np.pad(X, ((0, 0), p, p, (0, 0)))


@app.cell(hide_code=True)
def _(np, zero_pad):
    def pool_forward(A_prev, hparameters, mode="max"):
        text = """
        kept"""
        return A_prev

    pool_forward(1, 2)
    return (pool_forward,)


app._unparsable_cell(
    r"""
    def broken(:
    """,
    name="_"
)

if __name__ == "__main__":
    app.run()
'''


def test_marimo(tmp_path):
    """Are the functions of a marimo file found at the top, each in its own line of the file?"""
    path = write(tmp_path, "x.py", MARIMO.split("\n\napp._unparsable")[0])
    (cell,) = read_submission(path).cells
    assert functions(path) == {"zero_pad": None, "pool_forward": None}
    before, after = MARIMO.split("\n"), cell.source.split("\n")
    for text in ("def zero_pad(X, pad):", 'def pool_forward(A_prev, hparameters, mode="max"):'):
        assert after.index(text) == [line.strip() for line in before].index(text)
    compile(cell.source, "x", "exec")
    assert "import marimo" not in cell.source and "app" not in cell.source
    path = write(tmp_path, "y.py", MARIMO)
    assert functions(path) == {"zero_pad": None, "pool_forward": None}


def test_names_that_lie(tmp_path):
    """Is a notebook named .py, and code named .ipynb, read as what it is, and that reported?"""
    for name, content in ((f"{NAME}.py", notebook(DONE)), (f"{NAME}.ipynb", DONE)):
        path = write(tmp_path, name, content)
        assert functions(path) == {"zero_pad": None}
        assert len(read_submission(path).problems) == 1


FOLDERS = {
    "folder in the folder": {f"{NAME}/{NAME}.ipynb": notebook(DONE)},
    "twice": {f"{NAME}/{NAME}/{NAME}.ipynb": notebook(DONE)},
    "zip": {"work.zip": zipped({f"a/b/{NAME}.ipynb": notebook(DONE), "notes.pdf": "x"})},
    "zip with a stub": {
        "w.zip": zipped({f"{NAME}.ipynb": notebook(STUB), "Copy1.ipynb": notebook(DONE)})
    },
    "zip of a macOS": {"w.zip": zipped({"x.ipynb": notebook(DONE), "__MACOSX/._x.ipynb": "x"})},
    "ipynb.txt": {f"{NAME}.ipynb.txt": notebook(DONE)},
    "json": {f"{NAME}.json": notebook(DONE)},
    "stub and copy": {
        f"{NAME}.ipynb": notebook(STUB),
        f"{NAME}-Copy1.ipynb": notebook(DONE),
    },
    "broken and copy": {f"{NAME}.ipynb": b'{"cells": [', "mine.ipynb": notebook(DONE)},
    "stub and zip": {f"{NAME}.ipynb": notebook(STUB), "mine.zip": zipped({"x.py": DONE})},
    "two names": {"a.ipynb": notebook(STUB), "b.ipynb": notebook(DONE), "z.ipynb": notebook(STUB)},
    "beside what was given": {"work.py": DONE, "public_tests.py": "def zero_pad(): 1", "x.h5": "x"},
}
QUIET = {"folder in the folder", "twice"}
"""What needs no person: the right name, in a folder too many."""


@pytest.mark.parametrize("name", FOLDERS)
def test_work_is_found(tmp_path, name):
    """Is the work graded wherever it is, and is a choice reported?"""
    for path, content in FOLDERS[name].items():
        write(tmp_path, path, content)
    path, told = find_submitted_file(tmp_path, NAME)
    assert functions(path) == {"zero_pad": None}
    sources = [cell.source for cell in read_submission(path).cells]
    assert any("np.pad" in source for source in sources)
    assert bool([*told, *read_submission(path).problems]) == (name not in QUIET)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("essay.pdf", b"%PDF-1.7", "PDF"),
        ("x.7z", b"7z\xbc\xaf\x27\x1c", "7z"),
        ("x.rar", b"Rar!\x1a\x07\x00", "RAR"),
        ("onlinetext.html", b"<!DOCTYPE html><p>def zero_pad", "web page"),
        ("photo.jpg", b"\xff\xd8\xff\xe0", "JPEG"),
        ("answer.txt", b"I could not do it.", "not a notebook"),
        ("deep/er/essay.docx", zipped({"[Content_Types].xml": "x"}), "Office"),
        ("empty.zip", zipped({}), "no notebook in it"),
    ],
)
def test_what_cannot_be_graded_is_told(tmp_path, name, content, what):
    """Is what is no notebook a submission that says what it is, not one that is missing?"""
    path = write(tmp_path, name, content)
    found, told = find_submitted_file(tmp_path, NAME)
    assert (found == path and len(told) == (not name.endswith(("zip", "txt")))) or told
    assert what in english(read_submission(found))[0]


@pytest.mark.parametrize(
    ("name", "quiet"),
    [
        (f"familygiven_20001_990001_{NAME}.ipynb", True),
        (f"familygiven_LATE_20001_990001_{NAME}.ipynb", True),
        (f"familygiven_20001_990001_{NAME}-1.ipynb", True),
        (f"张三_20001_990001_{NAME}.ipynb", True),
        (f"Ann Lee_2200901_assignsubmission_file_{NAME}.ipynb", True),
        (f"{NAME}-2.ipynb", True),
        (f"en_{NAME}_{NAME}.ipynb", True),
        (f"familygiven_20001_990001_zh_{NAME}_{NAME} (1).ipynb", True),
        (f"en_{NAME}_homework.ipynb", False),
        ("familygiven_20001_990001_homework.ipynb", False),
        (f"my_{NAME}.ipynb", False),
    ],
)
def test_names_of_a_platform(tmp_path, name, quiet):
    """Is a name that only the platform added no reason to look?"""
    path = write(tmp_path, name, notebook(DONE))
    found, told = find_submitted_file(tmp_path, NAME)
    assert found == path
    assert (told == ()) == quiet


def test_right_file_alone_is_not_compared(tmp_path):
    """Is a finished notebook of the right name graded quietly, whatever lies beside it?"""
    path = write(tmp_path, f"{NAME}.ipynb", notebook(DONE))
    write(tmp_path, f"{NAME}-Copy1.ipynb", notebook(DONE, DONE))
    write(tmp_path, "essay.pdf", b"%PDF-1.7")
    assert find_submitted_file(tmp_path, NAME) == (path, ())


@pytest.mark.parametrize(
    "parts",
    [
        ("def zero_pad(X, pad):\n    y = X", "    return y"),
        ("def zero_pad(X, pad):", "    y = X\n    return y"),
        ("def zero_pad(X, pad):\n    for i in range(3):", "        y = X", "    return y"),
    ],
)
def test_split_cell(tmp_path, parts):
    """Is a function that was split over cells graded as one, and the split reported?"""
    ids = ["zero_pad"] * len(parts)
    path = write(tmp_path, f"{NAME}.ipynb", notebook(*parts, "x = 1", grade_ids=ids))
    found = read_submission(path)
    assert found.cells[0].source == "\n".join(parts)
    assert [cell.index for cell in found.cells] == [0, len(parts)]
    (problem,) = english(found)
    assert "was split" in problem and "zero_pad" in problem


def test_copied_cell_is_not_split(tmp_path):
    """Do two whole cells of one exercise stay two?"""
    path = write(tmp_path, "x.ipynb", notebook(STUB, DONE, grade_ids=["zero_pad"] * 2))
    found = read_submission(path)
    assert len(found.cells) == 2
    assert "more than once" in english(found)[0]
