"""What the feedback page and the class report share: templates, styles, policy, text filters."""

import base64
import functools
import hashlib
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.safe_text import plain_text

TEMPLATES = Path(__file__).resolve().parent / "templates"
MAX_INLINE = 2_000
_JOINT = re.compile(r"([_/])(?=.)")
_CODE = re.compile(r"`([^`\n]{1,300})`")


@functools.cache
def environment() -> Environment:
    """Return the template environment: everything is escaped, a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["points"] = points
    made.filters["inline"] = inline
    made.filters["breakable"] = breakable
    return made


def points(value: float) -> str:
    """Return a number of points with as many decimals as it needs, two at most."""
    return f"{round(float(value), 2):g}"


def inline(text: str) -> Markup:
    """Return one sentence as HTML: escaped, with `code` between backticks."""
    escaped = str(escape(plain_text(str(text), MAX_INLINE)))
    return Markup(_CODE.sub(r"<code>\1</code>", escaped))


def breakable(name: str) -> Markup:
    """Return a name as HTML that may go on in the next line behind each of its joints."""
    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(name))))


@functools.cache
def read(name: str) -> str:
    """Return a style sheet or script of ours."""
    return (TEMPLATES / name).read_text("utf-8").strip()


@functools.cache
def style_sheet(name: str) -> Markup:
    """Return the style of a kind of page: what all pages share, its own, and how it is printed."""
    return Markup("\n".join(read(f"{part}.css") for part in ("page", name, "print")))


def policy(style: str, script: str = "") -> str:
    """Return a content security policy that allows one style sheet and at most one script."""
    rules = [
        "default-src 'none'",
        "img-src data:",
        f"style-src {_hash(style)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    if script:
        rules.append(f"script-src {_hash(script)}")
    return "; ".join(rules)


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
