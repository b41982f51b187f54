"""What a kind of mistake is, and the hints that several kinds share."""

from dataclasses import dataclass

from checks.text import Text


@dataclass(frozen=True)
class Kind:
    """A kind of mistake; `{code}` is the student's statement, `{part}` what is wrong in it."""

    message: Text
    hint: Text


COMPARE = Text(
    "Compare this part with the formula, symbol by symbol.",
    "把这一处与公式逐个符号对照。",
)
BY_HAND = Text(
    "Work out by hand what it gives for the smallest example.",
    "用最小的例子手算一遍，看它等于多少。",
)
SHAPES = Text(
    "Write the shape of every array beside its name.",
    "在每个数组旁边写上它的形状。",
)
FOLLOW = Text(
    "Follow the loops for two steps: what is run when?",
    "让循环走两步，逐行跟踪：哪一行在什么时候执行？",
)
