"""Wrong functions as beginners write them, each with the causes that a teacher would name.

They are written from experience and not by the catalogue's patches: measured on them, the
diagnosis shows how often it finds a name for code that it was not made from, and how often the
name is wrong. `causes` is empty where no entry of the catalogue describes the mistake.
"""

from solutions.corpora.beginners import (
    conv_backward,
    conv_forward,
    pool_backward,
    pool_forward,
    small,
)
from solutions.corpora.beginners.model import Beginner

BEGINNERS: tuple[Beginner, ...] = (
    *small.BEGINNERS,
    *conv_forward.BEGINNERS,
    *pool_forward.BEGINNERS,
    *conv_backward.BEGINNERS,
    *pool_backward.BEGINNERS,
)

__all__ = ["BEGINNERS", "Beginner"]
