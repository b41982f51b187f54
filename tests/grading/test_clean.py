"""What is shown of a student's text and pictures."""

import base64
import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from autograder import safe_text


def png(size=(8, 6), mode="RGB", **save):
    written = io.BytesIO()
    Image.new(mode, size).save(written, "PNG", **save)
    return written.getvalue()


def test_plain_text():
    """Are colour codes, controls and reordering marks gone, and is the rest kept?"""
    assert (
        safe_text.plain_text("\x1b[0;31mred\x1b[0m\x07 a\tb\r\nc\u202e 中文 é")
        == "red a\tb\nc 中文 é"
    )
    assert safe_text.plain_text("\ud800x") == "\ufffdx"


def test_length():
    """Is long text cut, and said to be?"""
    assert safe_text.plain_text("x" * 50, 10) == "x" * 10 + " …"
    assert safe_text.plain_text("x" * 10, 10) == "x" * 10
    code = safe_text.shown_code("a" * 100_000)
    assert len(code) < 3_000
    assert "100,000" in code


def test_code_shows_what_reorders_it():
    """Is a right-to-left override in code made visible?"""
    assert safe_text.shown_code("x = '\u202e'\x00") == "x = '\\u202e'\ufffd"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\x00=", "\u202e="])
def test_formulas(start):
    """Is a cell that a spreadsheet would run as a formula made text?"""
    assert safe_text.csv_cell(start + "1+1").startswith(("'=", "'+", "'-", "'@"))


def test_csv_numbers():
    """Are numbers, negative ones too, numbers in the CSV, and None an empty cell?"""
    assert [safe_text.csv_cell(v) for v in (-1.5, 0, 100.0, None)] == ["-1.5", "0", "100", ""]


def test_png_is_encoded_again():
    """Do pixels survive, and text chunks and trailing bytes not?"""
    info = PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    cleaned = safe_text.clean_png(png(pnginfo=info) + b"<script>")
    assert b"script" not in cleaned
    assert Image.open(io.BytesIO(cleaned)).size == (8, 6)


def test_forged_pngs():
    """Is what is no PNG, too large, or damaged not shown?"""
    gif = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    bomb = png((20_000, 20_000), "1")
    for forged in (b"", b"\x89PNG\r\n\x1a\n", gif, svg, png()[:40], bomb):
        assert safe_text.clean_png(forged) is None


def test_folder_names(tmp_path):
    """Is a name that leads out of the course refused, and a Chinese one accepted?"""
    assert safe_text.step_folder(tmp_path, "张三", "a") == tmp_path / "张三" / "a"
    for name in ("..", ".", "", "a/b", "a\\b", "x\0", " x", "\u202ex", "x" * 300):
        with pytest.raises(ValueError, match="folder"):
            safe_text.step_folder(tmp_path, name, "a")
