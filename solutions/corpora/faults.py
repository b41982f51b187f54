"""Submissions with a fault each, and the verdict that each must get without harm to the others.

The table is data: a :class:`Fault` says how the file comes to be, how it stands as a whole, and
which words its verdict gives as the reason.
"""

import copy
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from solutions.cnn_step_by_step.gallery import EXERCISES
from solutions.gallery import Expected, Notebook, Student

NAME = "cnn_step_by_step"
FILE = f"{NAME}.ipynb"

# How a submission as a whole stands: the words of the contract, written out, because nothing here
# imports the engine that it tests.
GRADED, FAILED, MISSING = "graded", "failed", "missing"

Place = Callable[[Path, bytes], None]
"""Puts what a student handed in, given as a right notebook's content, into the student's folder."""


def as_file(folder: Path, content: bytes) -> None:
    """Hand in one notebook under its right name."""
    (folder / FILE).write_bytes(content)


@dataclass(frozen=True)
class Fault:
    """One faulty submission.

    `status` is that of the submission as a whole. `reason` is found in the verdict's problems, in
    its checks or in its diagnosis; empty where there is nothing to say. `look` says whether a
    person has to look. `expected` holds the verdict of each exercise that is not simply right.
    """

    id: str
    student: Student
    status: str = GRADED
    reason: str = ""
    look: bool = False
    place: Place = as_file
    expected: Mapping[str, Expected] = field(default_factory=dict)


# --- functions: the fault costs its own exercise ----------------------------------------------

HEAD = 'def pool_forward(A_prev, hparameters, mode="max"):\n'


def _function(
    id: str, body: str, status: str, reason: str, look: bool = False, ids: tuple[str, ...] = ()
) -> Fault:
    text = HEAD + "".join(f"    {line}\n" for line in body.splitlines())
    student = Student(id, id, functions={"pool_forward": text})
    return Fault(
        id, student, GRADED, reason, look, expected={"pool_forward": Expected(status, ids, 0.0)}
    )


ENDLESS = ("pool_forward/endless_loop",)
UNUSED = ("pool_forward/argument_unused", "pool_forward/hyperparameter_unused")

FUNCTIONS = (
    _function("endless loop in Python", "while True:\n    pass", "timeout", "time", True, ENDLESS),
    _function("endless loop in C", "return sum(range(10 ** 15))", "timeout", "time", True),
    _function(
        "except BaseException around a loop",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timeout",
        "time",
        True,
        ENDLESS,
    ),
    _function("os._exit", "import os\nos._exit(0)", "error", "ended"),
    _function("segfault", "import ctypes\nctypes.string_at(0)", "error", "ended"),
    _function("memory", "return bytearray(1 << 36)", "error", "memory"),
    _function("giant array", "return np.zeros((1 << 23, 1)), ()", "wrong", "too large", ids=UNUSED),
    _function(
        "giant shape",
        "return np.broadcast_to(1.0, (1 << 40,)), ()",
        "wrong",
        "too large",
        ids=UNUSED,
    ),
    _function(
        "deep recursion",
        "return pool_forward(A_prev, hparameters)",
        "error",
        "Recursion",
        ids=("pool_forward/endless_recursion",),
    ),
    _function(
        "100 MB line from a function",
        "print('x' * 100_000_000)",
        "wrong",
        "None",
        ids=("pool_forward/nothing_returned",),
    ),
)


# --- cells: the functions keep their points ----------------------------------------------------


def _cell(source: str) -> Notebook:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _at_the_end(source: str) -> Callable[[Notebook], Notebook]:
    def change(notebook: Notebook) -> Notebook:
        notebook["cells"].append(_cell(source) | {"id": "last"})
        return notebook

    return change


def _cells(id: str, source: str, reason: str = "", look: bool = False) -> Fault:
    student = Student(id, id, change=_at_the_end(source))
    return Fault(id, student, GRADED, reason, look)


LEFT_BEHIND = """
import os, subprocess, sys, threading, time
threading.Thread(target=lambda: time.sleep(1000)).start()
def spin():
    while True: pass
threading.Thread(target=spin, daemon=True).start()
try:
    subprocess.Popen([sys.executable, "-c", "while True: pass"])
except OSError:
    pass
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(1)
        os._exit(0)
except OSError:
    pass
"""

CELLS = (
    _cells("100 MB on one line", "print('x' * 100_000_000)"),
    _cells("a million displays", "for i in range(1_000_000): display(i)", "time", True),
    _cells("a notebook that exits", "import os\nos._exit(0)", "did not run to its end", True),
    _cells("threads and processes left behind", LEFT_BEHIND),
    _cells("a line of 190,000 blanks", "x = 1\n" + " " * 190_000 + "\ny = 2"),
)


# --- files: what can be read is graded ---------------------------------------------------------


def _bytes(id: str, content: Callable[[str], bytes], reason: str, status: str = FAILED) -> Fault:
    return _placed(id, lambda f, b: as_file(f, content(b.decode())), reason, status)


def _placed(
    id: str, place: Place, reason: str, status: str = FAILED, style: str | None = "loops"
) -> Fault:
    nothing = {name: Expected("missing", (), 0.0) for name in EXERCISES}
    look = bool(reason) and status != MISSING
    expected = {} if status == GRADED else nothing
    return Fault(id, Student(id, id, style), status, reason, look, place, expected)


def _changed(id: str, change: Callable[[Notebook], Notebook], reason: str = "") -> Fault:
    return Fault(id, Student(id, id, change=change), GRADED, reason, bool(reason))


def _grade_id(cell: Notebook) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _other_kernel(notebook: Notebook) -> Notebook:
    notebook["metadata"]["kernelspec"] = {
        "name": "ir",
        "display_name": "R",
        "language": "R",
    }
    return notebook


def _duplicated(notebook: Notebook) -> Notebook:
    cells = notebook["cells"]
    cells += [copy.deepcopy(cell) for cell in cells if _grade_id(cell) == "pool_forward"]
    return notebook


def _deleted(notebook: Notebook) -> Notebook:
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and not str(_grade_id(cell)).startswith("test_")
    ]
    return notebook


def _without_function(notebook: Notebook) -> Notebook:
    notebook["cells"] = [c for c in notebook["cells"] if _grade_id(c) != "conv_backward"]
    return notebook


def _retyped(notebook: Notebook) -> Notebook:
    for cell, kind in zip(
        [c for c in notebook["cells"] if _grade_id(c) in ("zero_pad", "conv_forward")],
        ("markdown", "raw"),
        strict=True,
    ):
        cell["cell_type"] = kind
        del cell["outputs"], cell["execution_count"]
    return notebook


def _nbformat_3(text: str) -> bytes:
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "metadata": cell["metadata"],
            "outputs": [],
            "input": "".join(cell["source"]),
        }
        for cell in json.loads(text)["cells"]
        if cell["cell_type"] == "code"
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    return json.dumps(old | {"worksheets": [{"cells": cells, "metadata": {}}]}).encode()


def _with_100_mb(text: str) -> bytes:
    notebook = json.loads(text)
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 100_000_000}
    next(c for c in notebook["cells"] if c["cell_type"] == "code")["outputs"] = [output]
    return json.dumps(notebook).encode()


def _two_notebooks(folder: Path, content: bytes) -> None:
    for name, time in ((f"{NAME}-old.ipynb", 1_000_000_000), (f"{NAME}-new.ipynb", 1_700_000_000)):
        path = folder / name
        path.write_bytes(content if "new" in name else b"{}")
        os.utime(path, (time, time))


def _named(name: str | bytes) -> Place:
    def place(folder: Path, content: bytes) -> None:
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as file:
            file.write(content)

    return place


def _beside(name: str, beside: bytes) -> Place:
    def place(folder: Path, content: bytes) -> None:
        as_file(folder, content)
        (folder / name).write_bytes(beside)

    return place


def _link(folder: Path, content: bytes) -> None:
    (folder / "elsewhere").write_bytes(content)
    (folder / FILE).symlink_to("elsewhere")


def _unreadable(folder: Path, content: bytes) -> None:
    as_file(folder, content)
    (folder / FILE).chmod(0)


def _nothing(folder: Path, content: bytes) -> None:
    """Leave the folder empty."""


FILES = (
    _bytes("bad JSON", lambda text: text[: len(text) // 2].encode(), "not a notebook"),
    _bytes("empty file", lambda text: b"", "empty"),
    _bytes("HTML", lambda text: b"<!DOCTYPE html><html></html>", "web page"),
    _bytes("JSON of no notebook", lambda text: b"[1, 2, 3]", "no cells"),
    _bytes("100 MB line in the file", _with_100_mb, "larger than"),
    _bytes("nesting", lambda text: b"[" * 900_000, "nested too deeply"),
    _bytes("nbformat 3", _nbformat_3, "", GRADED),
    _bytes(
        "BOM and CRLF", lambda t: b"\xef\xbb\xbf" + t.replace("\n", "\r\n").encode(), "", GRADED
    ),
    _bytes("UTF-16", lambda text: text.encode("utf-16"), "", GRADED),
    _bytes(
        "GBK",
        lambda text: text.replace("# Conv", "# 卷积 Conv", 1).encode("gb18030"),
        "UTF-8",
        GRADED,
    ),
    _changed("other kernelspec", _other_kernel, "kernel is R"),
    _changed("duplicated cell", _duplicated, "more than once"),
    _changed("deleted checks and prose", _deleted),
    _changed("changed cell types", _retyped, "no longer a code cell"),
    Fault(
        "deleted function",
        Student("deleted function", "", change=_without_function),
        reason="not defined",
        expected={"conv_backward": Expected("missing", (), 0.0)},
    ),
    _placed("wrong file name", _named("my work (3).ipynb"), "is named", GRADED),
    _placed("Chinese file name", _named("卷积神经网络 作业.ipynb"), "卷积神经网络", GRADED),
    _placed("file name in GBK", _named("作业.ipynb".encode("gbk")), "is named", GRADED),
    _placed("two notebooks", _two_notebooks, "2 files", GRADED),
    _placed("bad timestamp", _beside("timestamp.txt", b"next week"), "timestamp.txt", GRADED),
    _placed("no notebook at all", _nothing, "No notebook", MISSING),
    _placed("pipe", lambda folder, content: os.mkfifo(folder / FILE), "a pipe"),
    _placed("folder", lambda folder, content: (folder / FILE).mkdir(), "a folder"),
    _placed("link", _link, "a link"),
    _placed("unreadable file", _unreadable, "cannot be opened"),
    # The id is the folder's name.
    _placed("张三丰 2026-001", as_file, "", GRADED),
    _placed("trailing blank ", as_file, "cannot be a student's id", GRADED),
    _placed("reordered\u202egnp", as_file, "cannot be a student's id", GRADED),
    _placed("not text \udcff", as_file, "cannot be a student's id", GRADED),
    # 252 and 253 bytes: with a suffix no file can have such a name.
    _placed("\u5377" * 84, as_file, "cannot be a student's id", GRADED),
    _placed("x" * 253, as_file, "cannot be a student's id", GRADED),
    # Two ids that look like one: composed and not, and with a joint of no width.
    _placed("jos\u00e9", as_file, "looks like another one", GRADED),
    _placed("jose\u0301", as_file, "looks like another one", GRADED),
)

UNREADABLE_BY_ROOT = "unreadable file"
