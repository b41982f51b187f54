"""A number that the learner writes down before a cell is run, and what became of it."""

import math
import numbers
from typing import Any

from checks.notebook import unproven
from checks.text import Text, write
from plots.kit import say
from plots.reasons import REASONS

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
_CHANGED = Text(
    "Now it is {answer}. Your {guess} was for the cell as it was.",
    "现在是 {answer}。你预测的 {guess} 是针对改动之前的单元格。",
)
_seen: dict[str, tuple[float, set[float]]] = {}
"""By reason, the answer that a learner has seen of correct functions, and the guesses at it."""


def predict(
    guess: Any, answer: float, why: str = "", within: float = 0.0, factor: float = 1.0
) -> None:
    """Compare a prediction with the answer, in a printed line; nothing is graded.

    A second line says `why`, by a name in REASONS, once there is a guess: it is true whatever a
    learner's function gives. Where a learner then plays, and the answer becomes another one, the
    old guess is not held against it, and the reason is not repeated.
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
        shown = f"{float(f'{answer:.3g}') if rough else answer:g}"
        told, guesses = _seen.get(why, (float(answer), set()))
        changed = why in _seen and _kind(told, answer, within, factor) == "miss"
        if changed and float(guess) in guesses:
            text = _CHANGED
        write(say(text, guess=f"{guess:g}", answer=shown, name=names[0] if names else ""))
        if why and not changed:
            write(say(REASONS[why]))
            if not names:
                _seen[why] = (told, guesses | {float(guess)})


def _kind(guess: float, answer: float, within: float, factor: float) -> str:
    if math.isclose(guess, answer, rel_tol=1e-6, abs_tol=1e-9):
        return "hit"
    alike = guess * answer > 0 and 1 / factor <= guess / answer <= factor
    return "near" if alike or abs(guess - answer) <= within else "miss"


def count_windows(n: int, f: int, pad: int, stride: int) -> int:
    """Count the places of a window in a padded row; a formula would give the answer away."""
    return len(range(0, n + 2 * pad - f + 1, stride))
