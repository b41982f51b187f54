"""What a class hands in: forms of one piece of work, and what is no work. One table for the tests.

The work is `zero_pad` and `conv_single_step`, which calls for NumPy alone; everything else of the
assignment is missing in it, so that grading one form takes a fraction of a second.
"""

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import jupytext
import nbformat
from nbconvert import PythonExporter

NAME = "cnn_step_by_step"
FILE = f"{NAME}.ipynb"
PAD = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
STEP = (
    "def conv_single_step(a_slice_prev, W, b):\n"
    "    # 点积\n"
    "    return float(np.sum(a_slice_prev * W) + b.item())\n"
)
STUB = 'def {}:\n    # YOUR CODE STARTS HERE\n    raise NotImplementedError("{}")\n'
STUBS = (
    STUB.format("zero_pad(X, pad)", "zero_pad"),
    STUB.format("conv_single_step(a_slice_prev, W, b)", "conv_single_step"),
)
SCRIPT = f"import numpy as np\n\n\n{PAD}\n\n{STEP}"

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Kind:
    """A row of the table: forms of one kind, each with its files, and what comes of all of them.

    `graded` says whether the work counts; `said` is what the one sentence about it holds, "" where
    nothing is said, so that nobody has to look.
    """

    title: str
    graded: bool
    said: str
    cases: dict[str, Files]


def cells(*functions: str, **metadata: object) -> dict:
    """Return a notebook with these functions, as Jupyter writes it."""
    names = ("zero_pad", "conv_single_step")
    found = [
        {
            "cell_type": "markdown",
            "id": "t",
            "metadata": {},
            "source": "# Title\n\nIt\u00a0is `def f():`",
        },
        {"cell_type": "code", "id": "i", "source": "import numpy as np"},
    ]
    for name, source in zip(names, functions, strict=True):
        mark = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3}
        mark |= {"solution": True, "task": False}
        found.append(
            {"cell_type": "code", "id": name, "source": source, "metadata": {"nbgrader": mark}}
        )
    for cell in found:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
            cell.setdefault("metadata", {})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    course = {"course": {"assignment": NAME, "language": "en"}}
    return {
        "cells": found,
        "metadata": kernel | course | metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def written(notebook: dict, encoding: str = "utf-8", newline: str = "\n", **options) -> bytes:
    """Return a notebook's bytes."""
    text = json.dumps(notebook, **({"indent": 1, "ensure_ascii": False} | options))
    return text.replace("\n", newline).encode(encoding)


def changed(**fields: object) -> dict:
    """Return the finished notebook with fields of its code cells replaced; None takes one out."""
    notebook = cells(PAD, STEP)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= fields
            for name in [name for name, value in fields.items() if value is None]:
                del cell[name]
    return notebook


def in_each_cell(**metadata: object) -> dict:
    """Return the finished notebook with more metadata in each cell."""
    notebook = cells(PAD, STEP)
    for cell in notebook["cells"]:
        cell["metadata"] |= metadata
    return notebook


def without_metadata() -> dict:
    """Return the finished notebook as a tool leaves it that keeps no metadata."""
    return changed(metadata={}) | {"metadata": {}}


def by_ruff() -> bytes:
    """Return the finished notebook, untidy at first, as ``ruff format`` leaves it."""
    untidy = written(cells(PAD.replace(", ", ","), STEP.replace("    ", "  ")))
    command = (sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", FILE, "-")
    return subprocess.run(command, input=untidy, capture_output=True, check=True).stdout


def zipped(files: Files) -> bytes:
    """Return a zip archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def encrypted(content: bytes) -> bytes:
    """Return a zip archive whose directory says that it is encrypted."""
    data = bytearray(zipped({FILE: content}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def tarred(content: bytes) -> bytes:
    """Return a tar archive of a notebook."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(FILE)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


DONE = written(cells(PAD, STEP))
BEGUN = written(cells(*STUBS))
NODE = nbformat.reads(DONE.decode(), 4)


def as_text(form: str) -> bytes:
    """Return the notebook as jupytext writes it."""
    return jupytext.writes(NODE, form).encode()


def script_of_nbconvert() -> bytes:
    """Return the notebook as nbconvert's *Executable Script*."""
    return PythonExporter().from_notebook_node(NODE)[0].encode()


def old_notebook() -> dict:
    """Return the notebook in format 3, of IPython's days."""
    inputs = [cell["source"] for cell in cells(PAD, STEP)["cells"] if cell["cell_type"] == "code"]
    kept = [{"cell_type": "code", "input": text, "outputs": []} for text in inputs]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": kept}]}


MARIMO = """import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")

with app.setup:
    import numpy as np


@app.function
{pad}

@app.cell(hide_code=True)
def _(np):
{step}
    return (conv_single_step,)


if __name__ == "__main__":
    app.run()
""".format(pad=PAD, step="".join(f"    {line}\n" for line in STEP.splitlines()))

RUN_BY_PAPERMILL = {
    "execution": {"iopub.execute_input": "2026-11-20T10:00:00.1Z", "shell.execute_reply": "x"},
    "papermill": {"duration": 0.02, "end_time": "x", "exception": False, "status": "completed"},
    "tags": [],
}
WHOLE_BY_PAPERMILL = {
    "metadata": {
        "course": {"assignment": NAME, "language": "en"},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "papermill": {"default_parameters": {}, "parameters": {}, "version": "2.6.0"},
    }
}
PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "aGVsbG8="}}
FAILED = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["\x1b[31mE"]}
RENAMED = "graded all the same"
NO_NOTEBOOK = "not a notebook"

KINDS = (
    Kind(
        "a notebook under its name",
        True,
        "",
        {
            "as released": {FILE: DONE},
            "on one line": {FILE: written(cells(PAD, STEP), indent=None)},
            "escaped": {FILE: written(cells(PAD, STEP), ensure_ascii=True)},
            "lists of lines": {
                FILE: written(
                    cells(PAD.splitlines(True), STEP.splitlines(True))  # type: ignore[arg-type]
                )
            },
            "with outputs": {FILE: written(changed(outputs=[PICTURE, FAILED], execution_count=7))},
            "nbstripout": {FILE: written(changed(outputs=[], execution_count=None) | {})},
            "without ids": {FILE: written(changed(id=None) | {"nbformat_minor": 4})},
            "format 3": {FILE: written(old_notebook())},
            "byte order mark": {FILE: written(cells(PAD, STEP), "utf-8-sig")},
            "UTF-16": {FILE: written(cells(PAD, STEP), "utf-16")},
            "lines of Windows": {FILE: written(cells(PAD, STEP), newline="\r\n")},
            "lines of old Macs": {FILE: written(cells(PAD, STEP), newline="\r")},
        },
    ),
    Kind(
        "a notebook out of another tool",
        True,
        "",
        {
            "Colab": {
                FILE: written(
                    cells(
                        PAD, STEP, colab={"provenance": [], "toc_visible": True}, accelerator="GPU"
                    )
                )
            },
            "VS Code": {FILE: written(cells(PAD, STEP, vscode={"interpreter": {"hash": "31f2"}}))},
            "Kaggle": {FILE: written(cells(PAD, STEP, kaggle={"accelerator": "none"}))},
            "Deepnote": {FILE: written(cells(PAD, STEP, deepnote_notebook_id="1f"))},
            "papermill": {FILE: written(in_each_cell(**RUN_BY_PAPERMILL) | WHOLE_BY_PAPERMILL)},
            "ruff": {FILE: by_ruff()},
            "jupytext (paired)": {
                FILE: written(cells(PAD, STEP, jupytext={"formats": "ipynb,py"}))
            },
            "without metadata": {FILE: written(without_metadata())},
        },
    ),
    Kind(
        "a notebook that a platform or a browser has renamed",
        True,
        "",
        {
            "Canvas": {f"leeann_20001_990001_{FILE}": DONE},
            "Canvas (late)": {f"leeann_LATE_20001_990001_{FILE}": DONE},
            "Canvas (again)": {f"leeann_20001_990001_{NAME}-1.ipynb": DONE},
            "Canvas (Chinese)": {f"张三_20001_990001_{FILE}": DONE},
            "Moodle": {f"Ann Lee_2200901_assignsubmission_file_{FILE}": DONE},
            "a browser": {f"{NAME} (1).ipynb": DONE},
        },
    ),
    Kind(
        "a notebook in folders too many",
        True,
        "",
        {
            "one": {f"{NAME}/{FILE}": DONE},
            "two": {f"{NAME}/{NAME}/{FILE}": DONE},
            "with what was given": {
                f"{NAME}/{FILE}": DONE,
                f"{NAME}/public_tests.py": b"def zero_pad(): 1",
                f"{NAME}/expected_values.h5": b"x",
            },
        },
    ),
    Kind(
        "a notebook under a name of the student's own",
        True,
        RENAMED,
        {
            "renamed": {"homework.ipynb": DONE},
            "Chinese": {"作业 最终版.ipynb": DONE},
            ".ipynb.txt": {f"{FILE}.txt": DONE},
            ".json": {f"{NAME}.json": DONE},
            ".ipynb.json": {f"{FILE}.json": DONE},
        },
    ),
    Kind(
        "the untouched notebook, and the work beside it",
        True,
        "which does, is graded",
        {
            "a copy": {FILE: BEGUN, f"{NAME}-Copy1.ipynb": DONE},
            "a script": {FILE: BEGUN, "work.py": SCRIPT.encode()},
            "a zip": {FILE: BEGUN, "work.zip": zipped({FILE: DONE})},
            "a broken one": {FILE: b'{"cells": [', "mine.ipynb": DONE},
        },
    ),
    Kind(
        "several notebooks, none under its name",
        True,
        "files were handed in",
        {"three": {"a.ipynb": BEGUN, "b.ipynb": DONE, "c.ipynb": BEGUN}},
    ),
    Kind(
        "a zip archive",
        True,
        RENAMED,
        {
            "of the notebook": {"work.zip": zipped({FILE: DONE})},
            "of the folder": {
                "work.zip": zipped({f"{NAME}/{FILE}": DONE, f"{NAME}/public_tests.py": b"x = 1"})
            },
            "of macOS": {"work.zip": zipped({FILE: DONE, f"__MACOSX/._{FILE}": b"x"})},
        },
    ),
    Kind(
        "a Python script",
        True,
        RENAMED,
        {
            "plain": {f"{NAME}.py": SCRIPT.encode()},
            "lines of Windows": {f"{NAME}.py": SCRIPT.replace("\n", "\r\n").encode()},
            "byte order mark": {f"{NAME}.py": SCRIPT.encode("utf-8-sig")},
            "declared encoding": {f"{NAME}.py": f"# coding: utf-8\n{SCRIPT}".encode()},
            "nbconvert": {f"{NAME}.py": script_of_nbconvert()},
            "nbconvert as .txt": {f"{NAME}.txt": script_of_nbconvert()},
            "jupytext (percent)": {f"{NAME}.py": as_text("py:percent")},
            "jupytext (light)": {f"{NAME}.py": as_text("py:light")},
            "jupytext (hydrogen)": {f"{NAME}.py": as_text("py:hydrogen")},
            "jupytext (nomarker)": {f"{NAME}.py": as_text("py:nomarker")},
            "jupytext (sphinx)": {f"{NAME}.py": as_text("py:sphinx")},
            "marimo": {f"{NAME}.py": MARIMO.encode()},
        },
    ),
    Kind(
        "Markdown with the code in it",
        True,
        RENAMED,
        {
            "jupytext": {f"{NAME}.md": as_text("md")},
            "MyST": {f"{NAME}.md": as_text("md:myst")},
            "R Markdown": {f"{NAME}.Rmd": as_text("Rmd")},
            "Quarto": {f"{NAME}.qmd": as_text("Rmd")},
        },
    ),
    Kind(
        "a name that lies",
        True,
        "holds",
        {
            "a script named .ipynb": {FILE: SCRIPT.encode()},
            "a script in GBK": {FILE: SCRIPT.encode("gbk")},
        },
    ),
    Kind(
        "a document, a picture, data",
        False,
        NO_NOTEBOOK,
        {
            "PDF": {"essay.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"},
            "PDF as .ipynb": {FILE: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"},
            "Word": {
                "essay.docx": zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"})
            },
            "old Word": {"essay.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)},
            "RTF": {"essay.rtf": b"{\\rtf1\\ansi"},
            "PNG": {"photo.png": b"\x89PNG\r\n\x1a\n" + bytes(50)},
            "JPEG": {"photo.jpg": b"\xff\xd8\xff\xe0" + bytes(50)},
            "HEIC": {"photo.heic": b"\x00\x00\x00\x18ftypheic" + bytes(50)},
            "video": {"screen.mp4": b"\x00\x00\x00\x18ftypisom" + bytes(50)},
            "HDF5": {FILE: b"\x89HDF\r\n\x1a\n" + bytes(50)},
            "SQLite": {FILE: b"SQLite format 3\x00" + bytes(50)},
            "a program": {FILE: b"\x7fELF" + bytes(50)},
            "random": {FILE: bytes(range(256)) * 4},
            "prose": {"answer.txt": b"I could not do it."},
        },
    ),
    Kind(
        "a web page or text typed in",
        False,
        "web page",
        {
            "the notebook as HTML": {f"{NAME}.html": b"\n<!DOCTYPE html><html></html>"},
            "HTML as .ipynb": {FILE: b"<html><body>404</body></html>"},
            "online text": {"onlinetext.html": b"<!DOCTYPE html><p>def zero_pad(X, pad):"},
        },
    ),
    Kind(
        "an archive that is not opened",
        False,
        "archive",
        {
            "7z": {"work.7z": b"7z\xbc\xaf\x27\x1c" + bytes(100)},
            "RAR": {"work.rar": b"Rar!\x1a\x07\x01\x00" + bytes(100)},
            "gzip": {f"{FILE}.gz": gzip.compress(DONE)},
            "tar": {"work.tar": tarred(DONE)},
            "tar.gz": {"work.tar.gz": gzip.compress(tarred(DONE))},
            "encrypted zip": {"work.zip": encrypted(DONE)},
            "damaged zip": {"work.zip": zipped({FILE: DONE})[:-30]},
            "zip without a notebook": {"work.zip": zipped({"essay.pdf": b"%PDF-1.7"})},
        },
    ),
    Kind(
        "a notebook that is broken",
        False,
        "",
        {
            "empty": {FILE: b""},
            "blank": {FILE: b" \n\n"},
            "cut off": {FILE: DONE[:-40]},
            "no cells": {FILE: b'{"metadata": {}}'},
            "a number": {FILE: b"7"},
            "nested too deep": {FILE: b'{"cells": ' + b"[" * 100_000},
            "over 20 MB": {FILE: b'{"cells": [' + b" " * 20_000_001},
        },
    ),
)
