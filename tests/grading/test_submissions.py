"""Reading what was handed in: any file, never an exception, one clear line per problem."""

import json
import os
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.grading.grade_class import folders_of
from autograder.reading import contents, submissions
from autograder.reading.folder import find_submitted_file
from autograder.reading.student_code import definitions, runnable_parts
from autograder.reading.submissions import read_submission
from autograder.reading.times import NoTime, moment_of, read_timestamp

ZERO_PAD = "def zero_pad(X, pad):\n    return X\n"


def code(source, grade_id=None, *, solution=True, cell_type="code", **metadata):
    if grade_id is not None:
        metadata["nbgrader"] = {"grade_id": grade_id, "solution": solution, "grade": not solution}
    return {"cell_type": cell_type, "source": source, "metadata": metadata, "outputs": []}


def notebook(*cells, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write(folder: Path, content, name="cnn_step_by_step.ipynb") -> Path:
    path = folder / name
    if isinstance(content, dict):
        content = json.dumps(content)
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    path.write_bytes(content)
    return path


def test_plain_notebook(tmp_path):
    """Are code cells returned with source, place, tags and grade_id, and no problem?"""
    path = write(
        tmp_path,
        notebook(
            {"cell_type": "markdown", "source": "# Title", "metadata": {}},
            code("import numpy as np"),
            code(ZERO_PAD, "zero_pad"),
            code("plt.show()", tags=["demo"]),
            course={"language": "zh"},
        ),
    )
    found = read_submission(path)
    assert found.problems == ()
    assert [(c.index, c.grade_id, c.tags) for c in found.cells] == [
        (1, None, ()),
        (2, "zero_pad", ()),
        (3, None, ("demo",)),
    ]
    assert found.cells[1].source == ZERO_PAD
    assert (found.kind, found.language, len(found.sha256)) == ("ipynb", "zh", 64)


def test_python_file(tmp_path):
    """Is a .py file one cell with everything?"""
    found = read_submission(write(tmp_path, ZERO_PAD, "mine.py"))
    assert (found.kind, found.problems) == ("py", ())
    assert [cell.source for cell in found.cells] == [ZERO_PAD]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_byte_order_marks_and_line_ends(tmp_path, encoding, newline):
    """Are BOM, UTF-16 and CR/LF read without a complaint?"""
    text = json.dumps(notebook(code(ZERO_PAD, "zero_pad")), indent=1).replace("\n", newline)
    found = read_submission(write(tmp_path, text.encode(encoding)))
    assert found.problems == ()
    assert found.cells[0].source == ZERO_PAD


def test_chinese_python_file_in_gbk(tmp_path):
    """Is a .py file saved by an editor on Chinese Windows read, and is that reported?"""
    found = read_submission(write(tmp_path, "# 填充\n".encode("gbk") + ZERO_PAD.encode(), "a.py"))
    assert "填充" in found.cells[0].source
    assert len(found.problems) == 1


UNREADABLE = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "bad_json": (b'{"cells": [', "not a notebook"),
    "cut": (json.dumps(notebook(code(ZERO_PAD))).encode()[:-9], "not a notebook"),
    "html": (b"\n<!DOCTYPE html><html><body>404</body></html>", "web page"),
    "number": (b"7", "no cells"),
    "no_cells": (b'{"metadata": {}}', "no cells"),
    "cells_no_list": (b'{"cells": {"a": 1}}', "no cells"),
    "huge_integer": (b'{"cells": ' + b"9" * 10_000 + b"}", "not a notebook"),
    "deep": (b"[" * 100_000, "nested"),
    "deep_in_metadata": (
        b'{"cells": [], "metadata": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
        "nested",
    ),
    "many_parts": (b"[" + b"[]," * 1_200_000 + b"[]]", "nested"),
    "zip": (b"PK\x03\x04" + bytes(range(256)), "not a notebook"),
    "old_and_broken": (b'{"worksheets": 3, "nbformat": 3}', "not a notebook"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_content(tmp_path, name):
    """Does each unreadable file give no cells and one line that names the cause?"""
    content, cause = UNREADABLE[name]
    found = read_submission(write(tmp_path, content))
    assert found.cells == ()
    assert cause in found.problems[-1]["en"]


def test_too_large(tmp_path, monkeypatch):
    """Is a file above the limit refused without parsing it?"""
    monkeypatch.setattr(contents, "MAX_FILE_BYTES", 1_000)
    found = read_submission(write(tmp_path, notebook(code("x" * 1_000))))
    assert found.cells == ()
    assert "larger than" in found.problems[0]["en"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
def test_special_files(tmp_path):
    """Are a FIFO, links, a device and a folder refused without blocking or following?"""
    real = write(tmp_path, notebook(code(ZERO_PAD)), "real.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "link.ipynb").symlink_to(real)
    (tmp_path / "dangling.ipynb").symlink_to("nowhere")
    (tmp_path / "zero.ipynb").symlink_to("/dev/zero")
    (tmp_path / "folder.ipynb").mkdir()
    causes = {"pipe": "pipe", "link": "link", "dangling": "link", "zero": "link", "folder": "fold"}
    for name, cause in causes.items():
        found = read_submission(tmp_path / f"{name}.ipynb")
        assert found.cells == ()
        assert cause in found.problems[0]["en"]
    assert "device" in read_submission(Path("/dev/zero")).problems[0]["en"]
    assert "no such file" in read_submission(tmp_path / "absent.ipynb").problems[0]["en"]
    assert read_submission(tmp_path / "nul\0.ipynb").cells == ()


def test_notebook_format_3(tmp_path):
    """Is a notebook of IPython's days upgraded?"""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "outputs": []}]}
        ],
    }
    found = read_submission(write(tmp_path, old))
    assert [cell.source for cell in found.cells] == ["a = 1\nb = 2"]
    assert found.problems == ()


def test_other_kernel(tmp_path):
    """Is another kernel's name reported, and the code returned all the same?"""
    path = write(tmp_path, notebook(code("x <- 1"), kernelspec={"name": "ir", "language": "R"}))
    found = read_submission(path)
    assert len(found.cells) == 1
    assert "kernel is R" in found.problems[0]["en"]
    path = write(tmp_path, notebook(code("x"), kernelspec={"name": "conda-env-cnn-py"}))
    assert read_submission(path).problems == ()


def test_odd_cells(tmp_path):
    """Are damaged cells skipped one by one, each with a line, and the others kept?"""
    path = write(
        tmp_path,
        notebook(
            3,
            None,
            {"cell_type": "code", "source": 5},
            {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": []},
            {"cell_type": "code", "source": ["a", 7]},
            code("x", tags="demo"),
            {"cell_type": "code", "source": "y", "metadata": {"nbgrader": {"grade_id": ["z"]}}},
            {"source": "no type"},
            code(ZERO_PAD, "zero_pad"),
        ),
    )
    found = read_submission(path)
    assert [c.source for c in found.cells] == ["a = 1\nb = 2", "x", "y", ZERO_PAD]
    assert [c.grade_id for c in found.cells] == [None, None, None, "zero_pad"]
    assert len(found.problems) == 4


def test_duplicated_and_retyped_cells(tmp_path):
    """Are copies of a graded cell all kept, and one turned to markdown still taken as code?"""
    path = write(
        tmp_path,
        notebook(
            code(ZERO_PAD, "zero_pad"),
            code(ZERO_PAD + "# again", "zero_pad"),
            code("def pool_forward(): pass", "pool_forward", cell_type="markdown"),
            {"cell_type": "markdown", "source": "prose", "metadata": {}},
        ),
    )
    found = read_submission(path)
    assert [c.grade_id for c in found.cells] == ["zero_pad", "zero_pad", "pool_forward"]
    assert [("more than once" in p["en"], "no longer" in p["en"]) for p in found.problems] == [
        (False, True),
        (True, False),
    ]


def test_lone_surrogates(tmp_path):
    """Does text with lone surrogates come back as text that can be encoded?"""
    found = read_submission(
        write(tmp_path, '{"cells": [{"cell_type": "code", "source": "\\ud800"}]}')
    )
    assert found.cells[0].source == "\ufffd"
    found = read_submission(write(tmp_path, b"x = '\xed\xa0\x80'", "x.py"))
    found.cells[0].source.encode()


def test_length_limits(tmp_path, monkeypatch):
    """Are oversized cells skipped and endless notebooks cut, with a line each?"""
    monkeypatch.setattr(submissions, "MAX_CELL_CHARACTERS", 100)
    monkeypatch.setattr(submissions, "MAX_CODE_CHARACTERS", 150)
    path = write(tmp_path, notebook(code("x" * 101), code("y" * 90), code("z" * 90)))
    found = read_submission(path)
    assert [c.source[0] for c in found.cells] == ["y"]
    assert len(found.problems) == 2


@pytest.mark.parametrize(
    ("prose", "language"),
    [
        ("Padding puts zeros around the height and width of an image.", "en"),
        ("填充在图像的高和宽四周补零，使卷积后尺寸不变，并保留边缘信息。" * 3, "zh"),
        ("short", None),
    ],
)
def test_language_is_told_by_the_prose(tmp_path, prose, language):
    """Does the markdown decide the language where the builder's mark is missing?"""
    path = write(tmp_path, notebook({"cell_type": "markdown", "source": prose, "metadata": {}}))
    assert read_submission(path).language == language


def test_problems_in_chinese(tmp_path):
    """Are problems reported in Chinese, too?"""
    assert "空" in read_submission(write(tmp_path, b"")).problems[0].in_("zh")
    (problem,) = read_submission(write(tmp_path, notebook(5))).problems
    assert problem.in_("zh") == "第 1 个单元格已损坏，已跳过。"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
CELL = JSON | st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", 3]) | JSON,
        "source": JSON,
        "input": JSON,
        "metadata": st.fixed_dictionaries(
            {},
            optional={"nbgrader": JSON | st.dictionaries(st.just("grade_id"), JSON), "tags": JSON},
        ),
    },
)


@settings(max_examples=150, deadline=None)
@given(
    notebook=st.fixed_dictionaries(
        {},
        optional={
            "cells": st.lists(CELL) | JSON,
            "metadata": JSON,
            "worksheets": JSON,
            "nbformat": JSON,
        },
    )
)
def test_no_json_makes_it_raise(tmp_path_factory, notebook):
    """Does every JSON document lead to a submission whose text can be written?"""
    path = write(tmp_path_factory.mktemp("json"), json.dumps(notebook))
    found = read_submission(path)
    json.dumps([c.source for c in found.cells]).encode()
    "".join(problem.in_("zh") for problem in found.problems).encode()


@settings(max_examples=60, deadline=None)
@given(data=st.binary())
@pytest.mark.parametrize("name", ["x.ipynb", "x.py"])
def test_no_bytes_make_it_raise(tmp_path_factory, name, data):
    """Do arbitrary bytes lead to a submission?"""
    found = read_submission(write(tmp_path_factory.mktemp("bytes"), data, name))
    "".join(cell.source for cell in found.cells).encode()


def test_file_of_a_folder(tmp_path):
    """Is the file found under its own name, another name, or among several, and that reported?"""
    assert find_submitted_file(tmp_path, "cnn_step_by_step")[0] is None
    assert find_submitted_file(tmp_path / "absent", "cnn_step_by_step")[0] is None
    write(tmp_path, "", "public_tests.py")
    script = write(tmp_path, "x = 1", "functions.py")
    assert find_submitted_file(tmp_path, "cnn_step_by_step")[0] == script
    other = write(tmp_path, notebook(), "作业.ipynb")
    found, problems = find_submitted_file(tmp_path, "cnn_step_by_step")
    assert (found, len(problems)) == (other, 1)
    copy = write(tmp_path, notebook(), "cnn_step_by_step-Copy1.ipynb")
    os.utime(copy, (0, 0))
    found, problems = find_submitted_file(tmp_path, "cnn_step_by_step")
    assert found == copy
    assert "3 files" in problems[0]["en"]
    right = write(tmp_path, notebook())
    assert find_submitted_file(tmp_path, "cnn_step_by_step") == (right, ())


@contextmanager
def ordinary_user():
    """Root may read anything: for a while, be somebody who may not."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


@pytest.fixture
def closed(tmp_path_factory):
    """A course folder whose only student's folder may not be looked into."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        config = 'c = get_config()\nc.CourseDirectory.submitted_directory = "build/submitted"\n'
        (root / "nbgrader_config.py").write_text(config)
        submitted = root / "build" / "submitted" / "ada"
        (submitted / "cnn_step_by_step").mkdir(parents=True)
        write(submitted / "cnn_step_by_step", notebook())
        (submitted.parent / "notes.txt").write_text("not a student")
        yield submitted
        submitted.chmod(0o755)
        (submitted / "cnn_step_by_step").chmod(0o755)


@pytest.mark.parametrize("part", ["", "cnn_step_by_step"])
def test_closed_folder(closed, part):
    """Is a folder that can't be read a submission with a reason, not one that is missing?"""
    (closed / part).chmod(0)
    with ordinary_user():
        assert folders_of(Course(closed.parents[2]), "cnn_step_by_step") == ["ada"]
        path, _ = find_submitted_file(closed / "cnn_step_by_step", "cnn_step_by_step")
        (problem,) = read_submission(path).problems
        assert problem["en"] == "The file cannot be opened: Permission denied."


def test_file_instead_of_a_folder(tmp_path):
    """Is a file in the place of the assignment's folder a problem with a reason, too?"""
    path, _ = find_submitted_file(write(tmp_path, "x", "cnn_step_by_step"), "cnn_step_by_step")
    (problem,) = read_submission(path).problems
    assert problem["en"] == "The file cannot be opened: Not a directory."


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20 10:00:00 UTC", datetime(2026, 11, 20, 10)),
        ("2026-11-20 10:00:00.25 +0800", datetime(2026, 11, 20, 2, 0, 0, 250000)),
        ("2026-11-20 10:00:00 Asia/Shanghai", datetime(2026, 11, 20, 2)),
        ("2026-11-20T10:00:00", datetime(2026, 11, 20, 10)),
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10)),
        ("2026-11-20T10:00:00.5+08:00", datetime(2026, 11, 20, 2, 0, 0, 500000)),
        ("20261120T100000Z", datetime(2026, 11, 20, 10)),
        ("2026-11-20", datetime(2026, 11, 20)),
        ("2026-11-20 6:00 PM", datetime(2026, 11, 20, 18)),
        ("2026-11-20 6:00 PM +0800", datetime(2026, 11, 20, 10)),
        ("2026-01-02 03:04 Asia/Shanghai", datetime(2026, 1, 1, 19, 4)),
        ("2026-11-20 10:00 UTC+8", datetime(2026, 11, 20, 2)),
        ("2026-11-20 10:00 GMT-05:30", datetime(2026, 11, 20, 15, 30)),
        ("Fri, 20 Nov 2026 10:00:00 +0100", datetime(2026, 11, 20, 9)),
        ("Fri Nov 20 10:00:00 UTC 2026", datetime(2026, 11, 20, 10)),
        ("Fri Nov 20 2026 10:00:00 GMT+0800 (China Standard Time)", datetime(2026, 11, 20, 2)),
        ("2026-11-20 18:00:00 +0800 (CST)", datetime(2026, 11, 20, 10)),
        ("2026-11-20T18:00:00+08:00(CST)", datetime(2026, 11, 20, 10)),
        ("2026-11-20 18:00:00 UTC (Coordinated Universal Time)", datetime(2026, 11, 20, 18)),
        ("2026-11-20 18:00:00 Asia/Shanghai (CST)", datetime(2026, 11, 20, 10)),
        ("2026-11-20 18:00:00 (UTC)", datetime(2026, 11, 20, 18)),
        ("2026-11-20 18:00:00 (UTC +8)", datetime(2026, 11, 20, 10)),
        ("2026-11-20 18:00:00 (Asia/Shanghai)", datetime(2026, 11, 20, 10)),
        ("Friday, 20 November 2026, 6:00 PM", datetime(2026, 11, 20, 18)),
        ("2026年11月20日 星期五 下午6:05", datetime(2026, 11, 20, 18, 5)),
        ("2026年11月20日 下午12:05", datetime(2026, 11, 20, 12, 5)),
        ("2026年11月20日 中午11:50", datetime(2026, 11, 20, 11, 50)),
        ("2026年11月20日 中午12:10", datetime(2026, 11, 20, 12, 10)),
        ("2026年11月20日 晚上11:59", datetime(2026, 11, 20, 23, 59)),
        ("2026年11月20日 凌晨12:01", datetime(2026, 11, 20, 0, 1)),
        ("2026年11月20日 早上8:00 +0800", datetime(2026, 11, 20)),
        ("20/11/2026 10:00", datetime(2026, 11, 20, 10)),
    ],
)
def test_timestamp(tmp_path, text, moment):
    """Are the times that nbgrader, platforms and persons write read as meant, and as UTC?"""
    (tmp_path / "timestamp.txt").write_text(text + "\n")
    assert read_timestamp(tmp_path) == (moment, None)


@pytest.mark.parametrize("zone", ["CST", "EST", "BST", "IST", "PST", "MESZ", "SGT", "+9999"])
@pytest.mark.parametrize(
    "form", ["2026-11-20 10:00 {}", "2026-11-20 10:00:00.5 {}", "2026-11-20 10:00 ({})"]
)
def test_ambiguous_zone_is_flagged(tmp_path, monkeypatch, zone, form):
    """Is an abbreviated zone never guessed, not even where it is the machine's own?"""
    monkeypatch.setattr("time.tzname", ("CST", "EST"))
    (tmp_path / "timestamp.txt").write_text(form.format(zone))
    moment, problem = read_timestamp(tmp_path)
    assert moment is None
    assert zone in problem["en"] and "two" not in problem["en"]
    assert zone in problem["zh"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 18:00:00 (China Standard Time)",
        "2026-11-20 (CST)",
        "6:00 PM, 20 November 2026 (Friday)",
        "2026-11-20 18:00 （北京时间）",
    ],
)
def test_brackets_are_not_thrown_away(tmp_path, text):
    """Is what stands in brackets, where no offset stands before it, never ignored?"""
    (tmp_path / "timestamp.txt").write_text(text, "utf-8")
    moment, problem = read_timestamp(tmp_path)
    assert moment is None and problem["zh"]


@pytest.mark.parametrize(
    "text",
    [
        *("03/04/2026 10:00", "10:00", "Nov 2026", "2026-11", "20 Nov", "2026年11月20日 晚上12:00"),
        *("2026年11月20日 上午12:30", "2026年11月20日 晚上1:00", "2026年11月20日 下午"),
    ],
)
def test_time_with_two_meanings(tmp_path, text):
    """Is a time that may be two, or lacks a part, reported and not completed?"""
    (tmp_path / "timestamp.txt").write_text(text, "utf-8")
    assert read_timestamp(tmp_path)[0] is None


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=30) | st.text(alphabet="0123456789-:/ APMTZ+UCS,", max_size=30))
def test_no_text_is_a_time_by_accident(text):
    """Is every text a time without a zone, or refused?"""
    try:
        assert moment_of(text).tzinfo is None
    except NoTime as error:
        assert error.text["zh"]


@pytest.mark.parametrize(
    "content", [b"", b"yesterday", b"\xff\x00", b"99999999999999999999", b"1 2 ../../etc/passwd"]
)
def test_bad_timestamp_is_told(tmp_path, content):
    """Is a bad timestamp a problem line, not an exception?"""
    (tmp_path / "timestamp.txt").write_bytes(content)
    moment, problem = read_timestamp(tmp_path)
    assert moment is None
    assert problem["en"].startswith("timestamp.txt")


def test_no_timestamp(tmp_path):
    """Is a missing timestamp no problem, and a linked one not followed?"""
    assert read_timestamp(tmp_path) == (None, None)
    (tmp_path / "timestamp.txt").symlink_to("/dev/zero")
    assert "link" in read_timestamp(tmp_path)[1]["en"]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import numpy as np\n\ndef a(x):\n    return x\n\ndef b(x):\n    return x\n", (0, 2, 5)),
        ("\n\nx = 1\n@d\ndef a(): pass\n", (0, 2, 3)),
        ("import numpy\ndef a(x):\n    return (x\n\ndef b(x):\n    return x\n", (0, 1, 4)),
        ("print('no exercise')\nx = 1", (0,)),
    ],
    ids=["functions", "decorated", "broken", "other"],
)
def test_parts_know_where_they_stand(source, lines):
    """Does each part of a cell say how many lines stand above it, and is nothing lost?"""
    parts = runnable_parts(source, ("a", "b"))
    assert tuple(part.above for part in parts) == lines
    for part in parts:
        after = "\n".join(source.split("\n")[part.above :])
        assert after.startswith(part.source.rstrip("\n"))


def test_a_function_that_parses_in_a_cell_that_does_not():
    """Is it read by itself, and only the broken one given its error, by its line in the cell?"""
    source = "import numpy\ndef a(x):\n    return (x\n\ndef b(x):\n    return x\n"
    found = definitions([source], ("a", "b", "c"))
    assert found["b"].error is None and found["b"].source == "def b(x):\n    return x"
    assert found["a"].error.endswith("(line 3)")
    assert "c" not in found


@pytest.mark.parametrize(
    ("source", "broken"),
    [
        ("def a(x):\n    return x\n\nprint 'a'\n\ndef b(x):\n    return x\nprint 'b'\n", set()),
        ("def a(x):\n    '''Text\nthat is not indented.'''\n    return x\nprint 'a'\n", set()),
        ("def a(x):\n    y = x\nz = y\n    return z\n", {"a"}),
        ("def a(x):\n    if x:\n        return x\ny = 2\n    return y\n", {"a"}),
    ],
    ids=["between", "text", "no end", "ends in an if"],
)
def test_what_stands_below_a_function_is_not_its_mistake(source, broken):
    """Is a finished function read without the broken lines below it, and an unfinished one not?"""
    found = definitions([source], ("a", "b"))
    assert {name for name, definition in found.items() if definition.error} == broken
    parts = runnable_parts(source, ("a", "b"))
    assert "".join(part.source for part in parts) == source
    for part in parts:
        assert source.count("\n", 0, source.index(part.source)) == part.above
