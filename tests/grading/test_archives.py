"""A learning platform's archive, as `nbgrader zip_collect` takes what students put into it."""

import io
import json
import logging
import shlex
import stat
import zipfile
from types import SimpleNamespace

import pytest
from traitlets.config import LoggingConfigurable

from autograder.collecting import packed
from autograder.collecting.zip_collect import LimitedExtractor
from autograder.reading import archives
from autograder.reading.contents import MAX_FILE_BYTES
from autograder.reading.submissions import read_submission

NAME = "cnn_step_by_step"
NOTEBOOK = json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


def zipped(files, method=zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of {name: content}; a ZipInfo may stand for a name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content, method)
    return written.getvalue()


def encrypted(files) -> bytes:
    """The same, with every member marked as encrypted."""
    data = bytearray(zipped(files, zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= archives.ENCRYPTED
            place = data.find(signature, place + 4)
    return bytes(data)


@pytest.fixture
def extract(tmp_path, caplog):
    """Extract files that were downloaded: what comes out by path, and what was reported."""

    def extract(downloaded):
        for name, content in downloaded.items():
            path = tmp_path / "archive" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (tmp_path / "extracted").mkdir()
        extractor = LimitedExtractor(parent=Command(log=logging.getLogger("archives")))
        extractor.extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
        found = {
            path.relative_to(tmp_path / "extracted").as_posix(): path.read_bytes()
            for path in (tmp_path / "extracted").rglob("*")
            if path.is_file()
        }
        return found, [record.getMessage() for record in caplog.records]

    return extract


class Command(LoggingConfigurable):
    """What a plugin has as its parent."""

    coursedir = SimpleNamespace(assignment_id=NAME, root=".")


def test_archive_of_a_class(extract):
    """Do notebooks and .py files come out under the platform's names, also from zips in it?"""
    inner = zipped({"homework/mine.ipynb": NOTEBOOK, "__MACOSX/homework/._mine.ipynb": b"x"})
    files = {
        "ada_1_cnn.ipynb": NOTEBOOK,
        "张三_2_作业.ipynb": NOTEBOOK,
        "bob_3_code.py": b"x = 1",
        "eve_4_all.zip": inner,
        "zoe_5_essay.pdf": b"%PDF-1.7",
    }
    found, told = extract({"class.zip": zipped(files), "late_6_cnn.ipynb": NOTEBOOK})
    assert found == {
        "class/ada_1_cnn.ipynb": NOTEBOOK,
        "class/张三_2_作业.ipynb": NOTEBOOK,
        "class/bob_3_code.py": b"x = 1",
        "class/eve_4_all.ipynb": NOTEBOOK,
        "class/zoe_5_essay.pdf.ipynb": b"%PDF-1.7",
        "late_6_cnn.ipynb": NOTEBOOK,
    }
    assert told == []


@pytest.mark.parametrize(
    "name",
    [
        "../../bob_1_cnn.ipynb",
        "/etc/bob_1_cnn.ipynb",
        "..\\..\\bob_1_cnn.ipynb",
        "C:\\bob_1_cnn.ipynb",
        "a/../../../bob_1_cnn.ipynb",
    ],
)
def test_names_that_lead_out(extract, tmp_path, name):
    """Does a path inside an archive never lead out of the folder of what is extracted?"""
    found, _ = extract({"class.zip": zipped({name: NOTEBOOK})})
    assert list(found.values()) == [NOTEBOOK]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "extracted"]


def test_nobody_hands_in_for_another(extract):
    """Do names in a student's own archive count for nothing, whatever they say?"""
    theirs = zipped({"bob_1_cnn.ipynb": NOTEBOOK, "../bob_1_cnn.ipynb": b"", "x/bob.zip": b"PK"})
    found, _ = extract({"class.zip": zipped({"eve_4_all.zip": theirs})})
    assert list(found) == ["class/eve_4_all.ipynb"]


def test_the_right_one_of_several(extract):
    """Is the assignment's notebook taken from an archive with others, and the choice reported?"""
    files = {"a.ipynb": b"a", f"x/{NAME}.ipynb": NOTEBOOK, f".ipynb_checkpoints/{NAME}.ipynb": b"b"}
    found, told = extract({"class.zip": zipped({"eve_4_all.zip": zipped(files)})})
    assert found == {"class/eve_4_all.ipynb": NOTEBOOK}
    assert f"{NAME}.ipynb is taken" in told[0]


def test_link(extract):
    """Is a symbolic link in an archive no link when it comes out?"""
    link = zipfile.ZipInfo("eve_1_cnn.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    found, _ = extract({"class.zip": zipped({link: b"/etc/passwd"})})
    assert found == {"class/eve_1_cnn.ipynb": b"/etc/passwd"}


def test_bombs(extract, tmp_path):
    """Does little come out of an archive that would unfold to much, and is its student flagged?"""
    bomb = zipped({"x.ipynb": b"0" * (MAX_FILE_BYTES + 10**7)})
    many = zipped(dict.fromkeys(map("{}.ipynb".format, range(2_000)), b"x"))
    nested = zipped({"x.zip": zipped({"x.zip": bomb})})
    assert len(bomb) < 100_000
    files = {"ada_1_c.ipynb": NOTEBOOK, "b_1.zip": bomb, "c_1.zip": many, "d_1.zip": nested}
    found, told = extract({"class.zip": zipped(files | {"zoe_1_c.ipynb": NOTEBOOK})})
    assert found["class/ada_1_c.ipynb"] == found["class/zoe_1_c.ipynb"] == NOTEBOOK
    assert len(found["class/b_1.ipynb"]) == MAX_FILE_BYTES + 1
    (problem,) = read_submission(tmp_path / "extracted" / "class" / "b_1.ipynb").problems
    assert "larger than 20 MB" in problem["en"]
    assert found["class/c_1.ipynb"] == found["class/d_1.ipynb"] == b""
    assert sum("an empty file stands for it" in line for line in told) == 2


def test_total(extract, monkeypatch):
    """Does one bound hold for all archives together?"""
    monkeypatch.setattr(packed, "MAX_TOTAL_BYTES", 2_500)
    files = {f"s{i}_1_c.ipynb": b"x" * 1_000 for i in range(5)}
    found, told = extract({"class.zip": zipped(files)})
    assert sorted(map(len, found.values())) == [0, 0, 0, 1_000, 1_000]
    assert "all archives together" in told[0]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"no zip",
        zipped({"x.ipynb": NOTEBOOK})[:-30],
        encrypted({"x.ipynb": NOTEBOOK}),
        zipped({"x.ipynb": NOTEBOOK}, zipfile.ZIP_LZMA),
        zipped({"readme.txt": b"sorry"}),
        zipped({"x.ipynb": b"y" * 5_000}).replace(b"\x01\x05", b"\xff\xff"),
    ],
    ids=["empty", "text", "cut off", "encrypted", "lzma", "no notebook", "damaged"],
)
def test_bad_archive_of_a_student(extract, bad):
    """Is a student's archive that can't be read flagged, and no other student touched?"""
    files = {"ada_1_c.ipynb": NOTEBOOK, "bob_1.zip": bad, "zoe_1_c.ipynb": NOTEBOOK}
    found, _ = extract({"class.zip": zipped(files)})
    assert found.pop("class/bob_1.ipynb") in (b"", b"y" * 5_000, b"sorry")
    assert found == {"class/ada_1_c.ipynb": NOTEBOOK, "class/zoe_1_c.ipynb": NOTEBOOK}


def test_bad_archive_of_the_platform(extract):
    """Is an archive that is none one line, and are the others taken?"""
    found, told = extract({"a.zip": b"no zip", "b.zip": zipped({"ada_1.ipynb": NOTEBOOK})})
    assert list(found) == ["b/ada_1.ipynb"]
    assert "a.zip" in told[0]


DOWNLOADS = {
    "canvas": {
        f"leeada_20001_990001_{NAME}.ipynb": NOTEBOOK,
        f"familygiven_LATE_20002_990002_{NAME}.ipynb": NOTEBOOK,
        f"familygiven_20003_990003_{NAME}.ipynb": NOTEBOOK,
        f"familygiven_20003_990004_{NAME}.ipynb": b"x",
        "eve_20004_990005_..\\..\\20001\\x.ipynb": NOTEBOOK,
        "zoe_20005_990006_essay.pdf": b"%PDF-1.7",
    },
    "moodle": {
        f"Ada Lee_20001_assignsubmission_file_/{NAME}.ipynb": NOTEBOOK,
        f"Ada Lee_20002_assignsubmission_file_/{NAME}.ipynb": NOTEBOOK,
        "A-三 张_20003_assignsubmission_file_/x_20001_assignsubmission_file_y.ipynb": NOTEBOOK,
        f"Eve_20004_assignsubmission_file_{NAME}.py": b"x = 1",
        "Zoe_20005_assignsubmission_onlinetext_/onlinetext.html": b"<html>",
    },
    "blackboard": {
        f"CNN_20001_attempt_2026-11-20-18-00-00_{NAME}.ipynb": NOTEBOOK,
        "CNN_20002_attempt_2026-11-20-18-00-00_work.zip": zipped(
            {"20001_attempt_x.ipynb": NOTEBOOK}
        ),
        f"CNN_20003_attempt_2026-11-20-18-00-00_{NAME}.ipynb": b"old",
        f"CNN_20003_attempt_2026-11-21-18-00-00_{NAME}.ipynb": NOTEBOOK,
        f"CNN_20004_attempt_2026-11-20-18-00-00_{NAME}.ipynb": NOTEBOOK,
        "CNN_20005_attempt_2026-11-20-18-00-00_essay.docx": b"PK",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("platform", DOWNLOADS)
def test_command(course, repository, nbgrader, platform):
    """Does `nbgrader zip_collect`, as docs/instructors.md has it, hand in for the whole class?"""
    folder = course.root / "build" / "downloaded" / NAME / "archive"
    folder.mkdir(parents=True)
    (folder / "class.zip").write_bytes(zipped(DOWNLOADS[platform]))
    text = (repository / "docs" / "instructors.md").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if "nbgrader zip_collect cnn" in line]
    assert len(lines) == len(DOWNLOADS)
    line = lines[list(DOWNLOADS).index(platform)]
    _, *words = shlex.split(line)
    nbgrader(course.root, *words)
    submitted = course.root / "build" / "submitted"
    students = sorted(path.name for path in submitted.iterdir())
    assert students == [f"2000{number}" for number in range(1, 6)]
    found = {
        name: [p.read_bytes() for p in (submitted / name / NAME).iterdir()] for name in students
    }
    assert all(NOTEBOOK in found[name] for name in students[:3])
    assert len(found["20001"]) == (2 if platform == "blackboard" else 1)
    assert len(found["20003"]) == {"canvas": 2, "moodle": 1, "blackboard": 2}[platform]
    if platform == "blackboard":
        time = (submitted / "20003" / NAME / "timestamp.txt").read_text()
        assert time.startswith("2026-11-21 18:00:00")
