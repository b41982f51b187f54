"""NumPy's words for shapes that do not fit, for recognising a cause by its exception."""

NOT_ALIGNED = r"not aligned|matmul: Input operand 1 has a mismatch"
"""Of ``np.dot`` and ``@``."""

NOT_BROADCAST = r"could not be broadcast together"
"""Of ``+``, ``*`` and their like."""

NOT_ONE_NUMBER = r"truth value of an array"
"""Of ``if``, ``max`` and ``and`` that are given an array."""

NOT_A_CELL = r"setting an array element with a sequence|only (0-dimensional|length-1|size-1) arrays"
"""Of an array that is put where one number belongs."""
