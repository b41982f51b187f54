"""A number that the learner writes down before a cell is run, and what became of it."""

import math
import numbers
from typing import Any

from checks.notebook import unproven
from checks.text import Text, write
from plots.kit import say
from plots.reasons import ANSWERS, REASONS

_NOTHING = Text(
    "Predict first: write your number in place of None, then run the cell again.",
    "先预测：把 None 换成你的数，再运行一次这个单元格。",
)
_NO_NUMBER = Text("A prediction is a number, not {got}.", "预测应当是一个数，而不是 {got}。")
_KNOWN = {
    "hit": Text(
        "You predicted {guess}, and it is {answer}.",
        "你预测的是 {guess}，正是 {answer}。",
    ),
    "near": Text(
        "You predicted {guess}, and it is {answer}: near enough.",
        "你预测的是 {guess}，结果是 {answer}：已经足够接近。",
    ),
    "miss": Text(
        "You predicted {guess}, and it is {answer}. What did you not think of?",
        "你预测的是 {guess}，结果是 {answer}。是哪里没有想到？",
    ),
}
_UNPROVEN = {
    "hit": Text(
        "You predicted {guess}, and that is what your code gives.",
        "你预测的是 {guess}，你的代码得到的也是 {guess}。",
    ),
    "near": Text(
        "You predicted {guess}, and your code gives {answer}: near enough.",
        "你预测的是 {guess}，你的代码得到 {answer}：已经足够接近。",
    ),
    "miss": Text(
        "You predicted {guess}, your code gives {answer}. At least one of the two is wrong: "
        "check({name}) tells whether it is the code.",
        "你预测的是 {guess}，你的代码得到 {answer}，两者至少错了一个："
        "运行 check({name})，就知道是不是代码错了。",
    ),
}
"""The same where the number comes from a function that has not passed its check."""
_CHANGED_OR_WRONG = Text(
    "You predicted {guess}; the cell now gives {answer}. If you have not changed it, check({name}) "
    "tells whether the code is wrong.",
    "你预测的是 {guess}，这个单元格现在得到 {answer}。如果你没有改动过它，就运行 check({name})，"
    "看看是不是代码错了。",
)
_CHANGED = Text(
    "Now it is {answer}. Your {guess} was for the cell as it was.",
    "现在是 {answer}。你预测的 {guess} 是针对改动之前的单元格。",
)
_guesses: dict[str, set[float]] = {}
"""By reason, the guesses at what the cell gives as it was released."""


def predict(
    guess: Any, answer: float, why: str = "", within: float = 0.0, factor: float = 1.0
) -> None:
    """Compare a prediction with the answer, in a printed line; nothing is graded.

    A second line says `why`, by a name in REASONS, once there is a guess: it is true of the cell as
    it was released, whatever a learner's function gives. Where a learner plays, and the answer is
    another one, a guess at the released cell is not held against it, and the reason is not said.
    Where the answer depends on a seed or a machine, or only its size is asked for, a guess is near
    enough that differs by `within` at most, or is at most `factor` times as large or as small.
    """
    if guess is None:
        write(say(_NOTHING))
    elif isinstance(guess, bool) or not isinstance(guess, numbers.Real):
        write(say(_NO_NUMBER, got=type(guess).__name__))
    else:
        rough = within > 0 or factor > 1
        names = [function.__name__ for function in unproven()]
        text = (_UNPROVEN if names else _KNOWN)[_kind(float(guess), answer, within, factor)]
        released = ANSWERS.get(why, answer)
        changed = _kind(released, answer, within, factor) == "miss"
        known = _guesses.setdefault(why, set())
        meant_before = float(guess) in known or _kind(guess, released, within, factor) != "miss"
        if changed and meant_before:
            text = _CHANGED_OR_WRONG if names else _CHANGED
        shown = f"{float(f'{answer:.3g}') if rough else answer:g}"
        write(say(text, guess=f"{guess:g}", answer=shown, name=names[0] if names else ""))
        # It is not true of a changed cell; to a guess that meets wrong code it shows the way.
        if why and not (changed and (meant_before or not names)):
            write(say(REASONS[why]))
        if not changed:
            known.add(float(guess))


def _kind(guess: float, answer: float, within: float, factor: float) -> str:
    if math.isclose(guess, answer, rel_tol=1e-6, abs_tol=1e-9):
        return "hit"
    alike = guess * answer > 0 and 1 / factor <= guess / answer <= factor
    return "near" if alike or abs(guess - answer) <= within else "miss"


def count_windows(n: int, f: int, pad: int, stride: int) -> int:
    """Count the places of a window in a padded row; a formula would give the answer away."""
    return len(range(0, n + 2 * pad - f + 1, stride))
