"""A number that the learner writes down before a cell is run, and what became of it."""

import math
import numbers
from typing import Any

from checks.text import Text, write
from plots.kit import say

_NOTHING = Text(
    "Predict first: write your number in place of None, then run the cell again.",
    "先预测：把 None 换成你的数，再运行一次这个单元格。",
)
_NO_NUMBER = Text("A prediction is a number, not {got}.", "预测应当是一个数，而不是 {got}。")
_HIT = Text("You predicted {guess}, and it is {answer}.", "你预测的是 {guess}，正是 {answer}。")
_MISS = Text(
    "You predicted {guess}, and it is {answer}. What did you not think of?",
    "你预测的是 {guess}，结果是 {answer}。是哪里没有想到？",
)


def predict(guess: Any, answer: float) -> None:
    """Compare a prediction with the answer, in one printed line; nothing is graded."""
    if guess is None:
        write(say(_NOTHING))
    elif isinstance(guess, bool) or not isinstance(guess, numbers.Real):
        write(say(_NO_NUMBER, got=type(guess).__name__))
    else:
        hit = math.isclose(guess, answer, rel_tol=1e-6, abs_tol=1e-9)
        write(say(_HIT if hit else _MISS, guess=f"{guess:g}", answer=f"{answer:g}"))


def count_windows(n: int, f: int, pad: int, stride: int) -> int:
    """Count the places of a window in a padded row; a formula would give the answer away."""
    return len(range(0, n + 2 * pad - f + 1, stride))
