"""NumPy's words for shapes that do not fit, for recognising a cause by its exception."""

from checks.diagnosis import FailurePattern
from checks.text import Text

NOT_ALIGNED = r"not aligned|matmul: Input operand 1 has a mismatch"
"""Of ``np.dot`` and ``@``."""

NOT_BROADCAST = r"could not be broadcast together"
"""Of ``+``, ``*`` and their like."""

VECTOR_OF_ROWS = r"together with shapes \(\d+,\d+\) \(\d+,\)"
"""Of a matrix and a vector that has one number for each row."""

NOT_ONE_NUMBER = r"truth value of an array"
"""Of ``if``, ``max`` and ``and`` that are given an array."""

NOT_A_CELL = r"setting an array element with a sequence|only (0-dimensional|length-1|size-1) arrays"
"""Of an array that is put where one number belongs."""

NO_ENTRY = FailurePattern(r"KeyError", source=r"(param|hp)\w*\s*\[")
"""Of a name that hparameters do not have."""
NO_ENTRY_MESSAGE = Text(
    "hparameters is asked for an entry that it does not have.",
    "向 hparameters 取了一个它没有的项。",
)
NO_ENTRY_HINT = Text(
    "Print hparameters: what are its entries called, letter by letter?",
    "打印 hparameters：其中各项的名字到底怎么写？",
)
