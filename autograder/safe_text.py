"""Make what a student wrote safe to show: text, pictures, table cells, folder names.

Everything an instructor opens passes through here (autograded notebooks, feedback, report, CSV).
"""

import base64
import binascii
import hashlib
import io
import re
import warnings
from pathlib import Path

MAX_SHOWN_CODE = 40_000
MAX_SHOWN_LINE = 2_000
MAX_SHOWN_OUTPUT = 10_000
MAX_PNG_BYTES = 2_000_000
MAX_PNG_PIXELS = 8_000_000

# C0 and C1 controls without tab and newline, and the marks that reorder text on the screen.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Colour codes of a terminal: removed as a whole, so that no "[0;31m" stays behind.
_ANSI = re.compile(r"\x1b\[[0-9;?]{0,40}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)")
_FORMULA = ("=", "+", "-", "@", "\t")


def replace_surrogates(text: str) -> str:
    """Replace lone surrogates, which no file can hold, by U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def plain_text(text: str, limit: int = MAX_SHOWN_OUTPUT) -> str:
    """Return `text` without control and bidirectional characters, cut after `limit` characters."""
    # The text is cut first, with room for colour codes: the rest of a 100 MB line is never read.
    shown = _ANSI.sub("", text[: 2 * limit]).replace("\r\n", "\n").replace("\r", "\n")
    shown = _BIDIRECTIONAL.sub("", _CONTROL.sub("", replace_surrogates(shown)))
    return shown if len(shown) <= limit and len(text) <= 2 * limit else shown[:limit] + " …"


def shown_code(source: str, limit: int = MAX_SHOWN_CODE) -> str:
    """Return `source` as it may be shown: reordering characters made visible, length capped."""
    cut = source[:limit].replace("\r\n", "\n").replace("\r", "\n")
    cut = _BIDIRECTIONAL.sub(lambda mark: f"\\u{ord(mark[0]):04x}", replace_surrogates(cut))
    lines = [
        line if len(line) <= MAX_SHOWN_LINE else line[:MAX_SHOWN_LINE] + " …"
        for line in _CONTROL.sub("\ufffd", cut).split("\n")
    ]
    if len(source) > limit:
        lines.append(f"# … ({len(source):,} characters in the submission)")
    return "\n".join(lines)


def one_line(text: str, limit: int = 200) -> str:
    """Return `text` as one line for tables and logs."""
    return " ".join(plain_text(text, limit).split())


def csv_cell(value: object) -> str:
    """Return `value` as a CSV cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.10g}"
    text = one_line(str(value), 1_000)
    # A formula hides behind leading blanks in some spreadsheets, so the first visible one counts.
    return "'" + text if text.startswith(_FORMULA) else text


def clean_png(data: bytes) -> bytes | None:
    """Decode a PNG and encode its pixels again; None where it is no PNG or too large."""
    from PIL import Image

    if len(data) > MAX_PNG_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
                if picture.width * picture.height > MAX_PNG_PIXELS:
                    return None
                mode = "RGBA" if picture.mode in ("RGBA", "LA", "PA") else "RGB"
                pixels = picture.convert(mode)
        # A new image holds pixels alone: text chunks, profiles and EXIF stay behind.
        fresh = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
        written = io.BytesIO()
        fresh.quantize(256, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    except Exception:  # Pillow raises many kinds on forged files; all mean "not shown"
        return None
    return written.getvalue()


MAX_NAME_BYTES = 200
"""The most bytes of a folder's name: file systems end at 255, and a file's name may add to it."""


def shown_png(picture: str) -> str | None:
    """Return a PNG in base64, decoded and encoded again; None where it is none."""
    try:
        cleaned = clean_png(base64.b64decode(picture, validate=True))
    except (binascii.Error, ValueError, TypeError):
        return None
    return base64.b64encode(cleaned).decode() if cleaned else None


def safe_name(name: str) -> bool:
    """Return whether `name` can be a student's or an assignment's folder: one path component.

    It has no "<" or ">", because nbgrader's formgrader writes ids into its pages as they are.
    """
    return (
        0 < len(name.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES
        and name not in (".", "..")
        and not re.search(r"[/\\<>\x00-\x1f\x7f]", name)
        and name == name.strip()
        and not _BIDIRECTIONAL.search(name)
        and not _SURROGATE.search(name)
    )


def file_stem(name: str) -> str:
    """Return the name of a file about `name`, whatever `name` is: itself, where that is safe.

    Else a digest after a blank, with which no safe name begins: no two names have one file.
    """
    if safe_name(name):
        return name
    return f" {hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


def step_folder(step: Path, student: str, assignment: str) -> Path:
    """Return the folder of a student's assignment below the folder of a `step`.

    Raises ValueError where a name would lead out of it.
    """
    for name in (student, assignment):
        if not safe_name(name):
            raise ValueError(f"{name!r} cannot be the name of a folder; rename it and grade again")
    return step / student / assignment
