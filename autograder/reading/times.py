"""When something was handed in: a time in words, read as a person would, or refused."""

import os
import re
import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from autograder.reading.contents import Refused, read_bytes
from autograder.reading.names import LATE
from autograder.safe_text import one_line
from autograder.texts import TextError
from checks.text import Text

MAX_BYTES = 200

_UNREADABLE = Text(
    "{text} can't be read as a time. Write it as 2026-11-20 18:00:00 +0800.",
    "无法把 {text} 识别为时间。请写成 2026-11-20 18:00:00 +0800 的形式。",
)
_ZONE = Text(
    "the time zone {zone} has more than one meaning. Write an offset (+0800) or a place "
    "(Asia/Shanghai).",
    "时区 {zone} 有多种含义。请写明偏移（+0800）或地区（Asia/Shanghai）。",
)
_DAY = Text(
    "{text} may be two different days. Write the year first (2026-11-20).",
    "{text} 可以理解为两个不同的日期。请把年份写在前面（2026-11-20）。",
)
_OPEN = Text(
    "timestamp.txt: {why} The time of submission is left open.",
    "timestamp.txt：{why}提交时间暂不确定。",
)
_LATE = Text(
    "The learning platform marks this as late and tells no time, so no penalty was taken off.",
    "教学平台将这份提交标记为迟交，但没有给出时间，因此没有扣除迟交分。",
)
_TORN = Text("timestamp.txt: {why}", "timestamp.txt：{why}")

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)
_WORLD = re.compile(r"(?:UTC|GMT|Z|UT)$", re.IGNORECASE)
_PLACE = re.compile(r"[A-Z][A-Za-z_]{1,30}(?:/[A-Z][A-Za-z_+-]{1,30}){1,2}")
_LETTERS = re.compile(r"[A-Za-z]{2,5}\d{0,2}$")
_BRACKETS = re.compile(r" ?\(([^()]*)\)$")
_HALVES = {
    "凌晨": {"AM": (12, 1, 2, 3, 4, 5, 6)},
    "早上": {"AM": range(4, 12)},
    "上午": {"AM": range(1, 12)},
    "中午": {"AM": (10, 11), "PM": (12, 1, 2)},
    "下午": {"PM": (12, *range(1, 8))},
    "傍晚": {"PM": range(4, 9)},
    "晚上": {"PM": range(5, 12)},
}
"""Chinese for a part of the day: which hours are meant with it, before noon or after.

Twelve is missing where it may be either end of the day.
"""
_HOUR = re.compile(r"(\d{1,2})[:：时点]")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


class NoTime(TextError):
    """A text is no time, or more than one; `text` says which."""


def read_timestamp(folder: Path) -> tuple[datetime | None, Text | None]:
    """Read nbgrader's ``timestamp.txt``: (time in UTC without zone, None), or (None, a problem).

    (None, None) where there is no such file, unless a platform has marked the work as late.
    """
    path = folder / "timestamp.txt"
    if not os.path.lexists(path):
        return None, _LATE if os.path.lexists(folder / LATE) else None
    try:
        text = read_bytes(path)[:MAX_BYTES].decode("utf-8-sig", "replace")
        return moment_of(text), None
    except Refused as refusal:
        return None, _TORN.format(why=refusal.text)
    except NoTime as error:
        return None, _OPEN.format(why=error.text)


def moment_of(text: str) -> datetime:
    """Return the time that `text` gives, in UTC and without a zone; one without a zone is in UTC.

    Raises NoTime where it gives none, lacks a part of the date, or where a person could read it in
    two ways: "03/04/2026", "CST".
    """
    text = " ".join(text[:MAX_BYTES].split())
    text = re.sub(r" ([A-Z]{2,5}) (\d{4})$", r" \2 \1", text)  # as `date` writes it
    rest, zone = _split_zone(_BRACKETS.sub("", text))
    if zone is None and (brackets := _BRACKETS.search(text)):
        # No offset stands before them, so they may hold the zone: "(CST)" must not become UTC.
        inside = "".join(brackets[1].split())
        rest, zone = _split_zone(f"{rest} {inside}")
        if zone is None:
            raise NoTime(_ZONE.format(zone=one_line(brackets[1], 40)))
    moment = _parsed(_western(rest, text), text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or UTC)
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):
        raise NoTime(_UNREADABLE.format(text=repr(one_line(text, 60)))) from None


def _split_zone(text: str) -> tuple[str, tzinfo | None]:
    """Split off the zone: an offset, UTC, or a place. Raises NoTime for an abbreviation."""
    rest, _, last = text.rpartition(" ")
    glued = re.search(r"(?<=\d)(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})$", last)
    # "10:00:00Z", "T10:00+08:00"; the end of a bare date (2026-11-20) is no offset.
    if glued and (":" in last[: glued.start()] or "T" in last):
        rest, last = text[: len(text) - len(glued[0])], glued[0]
    if not rest:
        return text, None
    if match := _OFFSET.match(last):
        sign, hours, minutes = match[1], int(match[2]), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return text, None
        return rest, timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1))
    if _WORLD.match(last):
        return rest, UTC
    if _PLACE.fullmatch(last):
        from dateutil.tz import gettz  # comes with nbgrader, which writes these files

        zone = gettz(last)
        if zone is not None:
            return rest, zone
    elif _LETTERS.match(last) and last.upper() not in ("AM", "PM") and re.search(r"\d:\d", rest):
        raise NoTime(_ZONE.format(zone=one_line(last, 20)))
    return text, None


def _western(text: str, whole: str) -> str:
    """Turn the Chinese way to write a time into the one with dashes and AM or PM.

    Raises NoTime, which quotes the `whole` text, where hour and part of the day do not go together.
    """
    text = _CHINESE.sub(r"\1-\2-\3 ", text)
    text = re.sub(r"(?:星期|周)[一二三四五六日天]", " ", text)
    for part, hours in _HALVES.items():
        if part in text:
            hour = _HOUR.search(text)
            half = [word for word, meant in hours.items() if hour and int(hour[1]) in meant]
            if not half:
                raise NoTime(_UNREADABLE.format(text=repr(one_line(whole, 60))))
            text = text.replace(part, " ") + f" {half[0]}"
    return " ".join(text.replace("，", ",").split())


def _parsed(text: str, whole: str) -> datetime:
    from dateutil import parser
    from dateutil.tz import tzutc

    unreadable = NoTime(_UNREADABLE.format(text=repr(one_line(whole, 60))))
    if not re.search(r"\d", text):
        raise unreadable
    # A missing part of the date would come from the default: two defaults show that it differs.
    defaults = datetime(2000, 1, 1), datetime(2001, 2, 2)
    dayfirst = (False,) if re.match(r"\d{4}", text) else (False, True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", parser.UnknownTimezoneWarning)
            read = [[parser.parse(text, default=d, dayfirst=f) for d in defaults] for f in dayfirst]
    except parser.UnknownTimezoneWarning:
        raise NoTime(_ZONE.format(zone=one_line(whole, 60))) from None
    except (ValueError, OverflowError, TypeError, AttributeError, OSError):
        raise unreadable from None
    if any(first != second for first, second in read):
        raise unreadable
    if read[0] != read[-1]:
        raise NoTime(_DAY.format(text=repr(one_line(whole, 60))))
    moment = read[0][0]
    # A name of this machine's own zone would be understood here and nowhere else.
    if moment.tzinfo is not None and not isinstance(moment.tzinfo, tzutc):
        raise NoTime(_ZONE.format(zone=one_line(whole, 60)))
    return moment


def read_secret(folder: Path) -> str:
    """Read the secret of nbgrader's exchange; "" where there is none as nbgrader makes it."""
    try:
        text = read_bytes(folder / "submission_secret.txt").decode("ascii", "replace")
    except (Refused, OSError):
        return ""
    return text if re.fullmatch(r"[0-9a-f]{128}", text) else ""
