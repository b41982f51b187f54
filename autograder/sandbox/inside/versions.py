"""Calls many versions of one function with the same arguments; see jobs.Versions."""

import contextlib
from typing import Any

from checks.plain import copy_plain, same_plain, to_plain

from .clock import Clock, cpu_seconds

MOST_NUMBERS = 20_000
"""The most numbers that one version may return; a correct one returns a few hundred."""


def call_versions(
    clock: Clock, fields: dict, arguments: tuple, namespace: dict
) -> tuple[dict, Any]:
    """Return the reply's fields and, for each version, what became of its call."""
    versions, name = fields["versions"], fields["function"]
    text = versions["text"].encode()
    before = cpu_seconds()
    values: list[tuple[bool, Any] | None] = []
    for splices in versions["splices"]:
        left = fields["cpu"] - (cpu_seconds() - before)
        seen = None
        if left > 0:
            limit = clock.limit(min(left, versions["seconds"]))
            with contextlib.suppress(BaseException), limit:
                seen = _call(_spliced(text, splices), name, arguments, namespace)
        values.append(seen)
    return {"kind": "result", "status": "ok", "cpu": cpu_seconds() - before}, values


def _spliced(text: bytes, splices: list) -> bytes:
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new.encode() + text[end:]
    return text


def _call(text: bytes, name: str, arguments: tuple, namespace: dict) -> tuple[bool, Any] | None:
    # Globals of its own, so that no version changes what the next one sees.
    own = dict(namespace)
    exec(compile(text, f"<version of {name}>", "exec"), own)
    given = copy_plain(arguments)
    value = to_plain(own[name](*given))
    if _numbers(value) > MOST_NUMBERS:
        return None
    return not same_plain(given, arguments), value


def _numbers(value: Any) -> int:
    if isinstance(value, (tuple, list)):
        return sum(map(_numbers, value))
    return getattr(value, "size", 1)
