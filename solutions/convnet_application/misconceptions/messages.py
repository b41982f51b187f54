"""NumPy's words for shapes that do not fit, for recognising a cause by its exception."""

from checks.diagnosis import FailurePattern
from checks.text import Text

NOT_ALIGNED = r"not aligned|matmul: Input operand 1 has a mismatch"
"""The error of ``np.dot`` and ``@``."""

NOT_BROADCAST = r"could not be broadcast together"
"""The error of ``+``, ``*`` and other operators."""

VECTOR_OF_ROWS = r"together with shapes \(\d+,\d+\) \(\d+,\)"
"""The error of a matrix and a vector that has one number for each row."""

NOT_ONE_NUMBER = r"truth value of an array"
"""The error of ``if``, ``max`` and ``and`` that get an array."""

NOT_A_CELL = r"setting an array element with a sequence|only (0-dimensional|length-1|size-1) arrays"
"""The error of an array that is put where one number belongs."""

NO_ENTRY = FailurePattern(r"KeyError", source=r"(param|hp)\w*\s*\[")
"""The error of a key that hparameters do not have."""
NO_ENTRY_MESSAGE = Text(
    "hparameters is asked for an entry that it does not have.",
    "hparameters 中没有这个键。",
)
NO_ENTRY_HINT = Text(
    "Print hparameters: what are its entries called, letter by letter?",
    "打印 hparameters：其中的键逐个字母是怎么写的？",
)
