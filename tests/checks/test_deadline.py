"""Questions about a function that does not end, with timer signals and without them."""

import linecache
import signal
import sys
import threading
from typing import Any

import numpy as np
import pytest
from toy import ARGUMENTS, EXPECTED, TOY, right

from checks.causes import all_causes
from checks.evidence import Evidence
from checks.judge import judge
from checks.run import run
from checks.session import deadline

ENDLESS = """
def scale(x, factor):
    for number in x:
        n = 0
        while n < 3:
            number = number + 1
    return x
"""
CATCHES_ALL = ENDLESS.replace(
    "            number = number + 1", "            try: n = 0\n            except: pass"
)
FOR = """
def scale(x, factor):
    grows = [0]
    for each in grows:
        grows.append(each)
        del grows[0]
        grows.append(1)
    return x
"""
SLEEPS = """
import time
def scale(x, factor):
    time.sleep(0.3)
    return x * factor, (x, factor)
"""


def in_a_cell(source: str, name: str = "scale") -> Any:
    """Return a function that is defined in a cell, whose text can be looked up."""
    file = f"<cell {name} {len(linecache.cache)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    space: dict[str, Any] = {"np": np, "__name__": "__main__"}
    exec(compile(source, file, "exec"), space)
    return space[name]


@pytest.fixture(params=["signals", "no signals"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways in which a function is stopped, after a fifth of a second."""
    monkeypatch.setattr(deadline, "SECONDS", 0.2)
    monkeypatch.setattr(deadline, "AGAIN", 0.01)
    if request.param == "no signals":
        monkeypatch.setattr(deadline, "_has_signals", lambda: False)
        for name in ("signal", "setitimer"):
            monkeypatch.setattr(signal, name, _forbidden)
    return request.param


def _forbidden(*_: Any) -> None:
    raise RuntimeError("there are no signals here")


@pytest.mark.parametrize(("source", "loop"), [(ENDLESS, "while n < 3"), (FOR, "for each in grows")])
def test_an_endless_loop_ends_with_its_line(way: str, source: str, loop: str) -> None:
    """Does the check end, without trying every case, and name the loop by its own line?"""
    seen = run(TOY, in_a_cell(source), ARGUMENTS).observations
    assert {o.status for o in seen.values()} == {"timeout"}
    judged = judge(TOY, seen, EXPECTED, ARGUMENTS, placeholder=False)
    assert judged.status == "timeout" and judged.score == 0
    (cause,) = all_causes("scale", Evidence("timeout", seen, source), tuple)
    number = next(i for i, line in enumerate(source.split("\n"), 1) if loop in line)
    assert cause.id == "scale/endless_loop" and cause.lines == (number,)
    assert f"`{loop}`" in cause.message.in_("en") and "0.2" in cause.message.in_("zh")
    assert "Interrupt" in cause.hint.in_("en") and "Interrupt" in cause.hint.in_("zh")


def test_a_correct_function_is_left_alone(way: str) -> None:
    """Is a function that ends judged as ever, and is everything afterwards as it was before?"""
    handler = signal.getsignal(signal.SIGALRM)
    seen = run(TOY, right, ARGUMENTS).observations
    assert judge(TOY, seen, EXPECTED, ARGUMENTS, placeholder=False).status == "right"
    assert signal.getsignal(signal.SIGALRM) is handler and sys.gettrace() is None
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_who_waits_is_not_stopped(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is time in which nothing is worked, as in a debugger, no reason to stop a function?"""
    monkeypatch.setattr(deadline, "_worked", lambda: 0.0)
    seen = run(TOY, in_a_cell(SLEEPS), ARGUMENTS).observations
    assert judge(TOY, seen, EXPECTED, ARGUMENTS, placeholder=False).status == "right"


def test_a_loop_that_catches_everything_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a bare `except` no way to go on for ever?"""
    monkeypatch.setattr(deadline, "SECONDS", 0.2)
    monkeypatch.setattr(deadline, "AGAIN", 0.01)
    seen = run(TOY, in_a_cell(CATCHES_ALL), ARGUMENTS).observations
    assert {o.status for o in seen.values()} == {"timeout"}


def test_a_check_in_a_thread_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a loop end where Python hands out no signals, as in a thread?"""
    monkeypatch.setattr(deadline, "SECONDS", 0.2)
    found: list[str] = []

    def check() -> None:
        seen = run(TOY, in_a_cell(ENDLESS), ARGUMENTS).observations
        found.extend(o.status for o in seen.values())

    thread = threading.Thread(target=check)
    thread.start()
    thread.join(60)
    assert not thread.is_alive() and set(found) == {"timeout"}
