"""When is a wrong result named, and when is it better to say nothing?"""

from dataclasses import replace

import numpy as np
import pytest
from toy import ARGUMENTS, TOY, observe_all, right

from checks.diagnosis import Cause, FailurePattern, WrongAnswers, diagnose
from checks.fingerprint import Imprint, Parts, imprint, signature
from checks.judge import HELPER_REFUSED, failure_text
from checks.model import Failure, Observation
from checks.run import run
from checks.text import Text

TEXT = Text("It is wrong.", "这是错的。")
LINE = "return x * factor[0], (x, factor)"


def adds(x, factor):
    return x + factor, (x, factor)


def both(x, factor):
    return x + factor + 1, (x, factor)


def fails(x, factor):
    raise ValueError("shapes (3,) (2,) ")


def fails_for_five(x, factor):
    if len(x) == 5:
        raise IndexError("index 5 is out of bounds")
    return x * factor, (x, factor)


def known(*entries, more=(), failures=None, code=None):
    """Return what is known: pairs of space-separated cause names and a function."""
    names = {name for names, _ in (*entries, *more) for name in names.split()}
    patterns = failures or {}
    causes = {
        name: Cause(name, TEXT, TEXT, patterns.get(name, ()), code=(code or {}).get(name, ""))
        for name in sorted(names)
    }
    first, last = (
        [(tuple(names.split()), signature(TOY, observe_all(f))) for names, f in which]
        for which in (entries, more)
    )
    return WrongAnswers(causes, signature(TOY, observe_all(right)), first, lambda: last)


def ids(seen, wrong, code=None):
    return [cause.id for cause in diagnose(TOY, seen, wrong, code)]


def failing(type_, message, source=""):
    failure = Failure(type_, message, 2, source)
    return {case: Observation("error", failure=failure) for case in ARGUMENTS}


def test_more_is_looked_at_last():
    """Is a combination found that is not among the entries, and an entry preferred to it?"""
    wrong = known(("adds", adds), more=[("a b c", both), ("d e", adds)])
    assert ids(observe_all(both), wrong) == ["a", "b", "c"]
    assert ids(observe_all(adds), wrong) == ["adds"]


def test_two_combinations_alike_say_nothing():
    """Is nothing named where two combinations give the same result?"""
    wrong = known(("adds", adds), more=[("a b", both), ("c d", both)])
    assert ids(observe_all(both), wrong) == []


def test_exceptions_do_not_show_that_there_are_several():
    """Is a combination not named by exceptions alone, while a single cause is?"""
    assert ids(observe_all(fails), known(("a b", fails), ("adds", adds))) == []
    assert ids(observe_all(fails), known(("a", fails))) == ["a"]


def test_spaces_at_the_end_of_a_message_do_not_matter():
    """Does the same exception agree if one message ends with a space and the other does not?"""
    assert ids(failing("ValueError", "shapes (3,) (2,)"), known(("a", fails))) == ["a"]


def test_refused_calls_prove_nothing():
    """Is nothing named where a correct helper refused every call?"""
    assert ids(failing(HELPER_REFUSED, "zero_pad"), known(("a", fails), ("adds", adds))) == []


@pytest.mark.parametrize(("source", "told"), [(LINE, ["a"]), ("y = x[factor]", [])])
def test_what_the_line_tells_is_told_by_the_line(source, told):
    """Is a cause with a pattern named by the failing line only, where that is known?"""
    pattern = FailurePattern("ValueError", "shapes", r"factor\[0\]")
    wrong = known(("a", fails), failures={"a": (pattern,)})
    assert ids(failing("ValueError", "shapes (3,) (2,)", source), wrong) == told


@pytest.mark.parametrize(("code", "told"), [("x = x[0]", ["a"]), ("y = x[0]", []), (None, [])])
def test_what_the_code_contradicts_is_not_named(code, told):
    """Is a cause that the function's text would show left out where it does not show it?"""
    wrong = known(("a", adds), code={"a": r"(\w+) = \1\["})
    assert ids(observe_all(adds), wrong, code) == told


@pytest.mark.parametrize(
    ("code", "told"), [("x = x[0]", ["a"]), ("y = x[0]", ["b"]), (None, ["b"])]
)
def test_the_code_tells_apart_what_looks_alike(code, told):
    """Of two causes with the same results, is the one named that the function's text shows?"""
    wrong = known(("a", adds), ("b", adds), code={"a": r"(\w+) = \1\["})
    assert ids(observe_all(adds), wrong, code) == told


@pytest.mark.parametrize(
    ("type_", "code", "told"),
    [("ValueError", "x = x[0]", ["a"]), ("ValueError", None, []), ("TypeError", "x = x[0]", [])],
)
def test_an_exception_in_other_words(type_, code, told):
    """Does the function's text name a cause by an exception of its type, whatever its words?"""
    wrong = known(("a", fails), code={"a": r"(\w+) = \1\["})
    assert ids(failing(type_, "other words"), wrong, code) == told


def test_line_and_numbers_together():
    """Does the failing line name one cause, and another case its own?"""

    def adds_but_fails(x, factor):
        return fails(x, factor) if len(x) == 5 else adds(x, factor)

    pattern = FailurePattern("ValueError", "shapes")
    wrong = known(("a", fails_for_five), ("adds", adds), failures={"a": (pattern,)})
    assert ids(observe_all(adds_but_fails), wrong) == ["a", "adds"]


def test_a_guard_needs_the_same_entry_twice():
    """Is a variant that fails where the result is wrong not taken for its cause?"""

    def wrong_for_five(x, factor):
        return (x + 7 if len(x) == 5 else x * factor), (x, factor)

    def fails_else(x, factor):
        return fails(x, factor) if len(x) == 5 else right(x, factor)

    wrong = known(("a", fails_else), ("a", adds))
    assert ids(observe_all(wrong_for_five), wrong) == []


def test_a_refused_helper_is_named_to_the_student():
    """Do both languages name the helper, and no class of the grader?"""
    for case in failing(HELPER_REFUSED, "zero_pad", "y = zero_pad(x)").values():
        text = failure_text(case)
        assert "correct zero_pad can't work" in text["en"] and "正确的 zero_pad" in text["zh"]
        assert HELPER_REFUSED not in text["en"] + text["zh"]
        assert "y = zero_pad(x)" in text["en"]


def test_a_refused_mark():
    """Does a refused call agree with whatever fails, and with no result?"""
    refused = signature(TOY, failing(HELPER_REFUSED, "zero_pad"))["three", "y"]
    assert refused.refused and refused.agrees(Imprint("!ValueError: x"))
    assert not refused.agrees(Imprint("(3,)", (1.0, 0.0, 0.0, 0.0)))
    assert np.isfinite(refused.numbers).all()


def test_what_would_change_more_is_not_meant():
    """With a mistake in each of two results, is the entry named that leaves the other one alone?"""
    two = replace(TOY, outputs=("y", "n"), echoes={})

    def signed(target):
        return signature(two, run(two, target, ARGUMENTS).observations)

    entries = {
        "adds": lambda x, factor: (x + factor, len(x)),
        "adds_everywhere": lambda x, factor: (x + factor, len(x) + factor),
        "counts_twice": lambda x, factor: (x * factor, 2 * len(x)),
        "doubles_everywhere": lambda x, factor: (x + 2 * factor, 3 * len(x)),
    }
    causes = {name: Cause(name, TEXT, TEXT) for name in entries}
    right_ones = signed(lambda x, factor: (x * factor, len(x)))
    wrong = WrongAnswers(causes, right_ones, [((n,), signed(f)) for n, f in entries.items()])
    for target, told in (
        (lambda x, factor: (x + factor, 2 * len(x)), ["adds", "counts_twice"]),
        (lambda x, factor: (x + factor, len(x) + factor), ["adds_everywhere"]),
        (lambda x, factor: (x - factor, 2 * len(x)), []),
        # Of what changes both results nothing is seen in one of them.
        (lambda x, factor: (x + 2 * factor, len(x)), []),
    ):
        seen = run(two, target, ARGUMENTS).observations
        assert [cause.id for cause in diagnose(two, seen, wrong)] == told


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_small_numbers_count_beside_what_is_not_finite(hole):
    """Are two results told apart by a small number, or by the place of nan, beside nan?"""
    holes = np.full(40, hole)
    left, right = np.append(holes, [0.5, 0.25]), np.append(holes, [0.5, 0.26])
    assert imprint(left).agrees(imprint(left.copy()))
    assert not imprint(left).agrees(imprint(right))
    assert not imprint(left).agrees(imprint(np.roll(left, 1)))
    assert not imprint(left).agrees(imprint(np.where(np.isfinite(left), left, 0.0)))
    assert not imprint(left).whole


@pytest.mark.parametrize("seen", [f"!{HELPER_REFUSED}", "!TypeError: other words"])
def test_a_failure_rules_out_what_does_not_fail_only(seen):
    """May a call that failed in other words than a part's be of that part and another one?"""
    slot, right = ("case", "y"), imprint(np.ones(2))
    alone = {
        name: {slot: one}
        for name, one in {
            "fails": Imprint("!ValueError: words"),
            "adds": imprint(np.full(2, 2.0)),
            "doubles": imprint(np.full(2, 3.0)),
        }.items()
    }

    class Pair(dict):
        def __init__(self, *parts):
            super().__init__()
            self.parts = parts

    parts = Parts(slot, Imprint(seen), Imprint.agrees_but_for_failures, {slot: right}, alone)
    assert not parts.rule_out(Pair("fails", "adds"))
    assert parts.rule_out(Pair("adds", "doubles"))
