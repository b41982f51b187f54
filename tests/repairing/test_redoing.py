"""Is a repair passed over that throws the wrong work away, and does it again elsewhere?"""

import pytest

from autograder.repairing.redoing import is_done_again

SUMMED = """def dense_forward(A, W, b):
    Z = np.zeros((m, n))
    for i in range(m):
        for k in range(n):
            for j in range(p):
                Z[i, k] = A[i, j] * W[j, k]
            Z[i, k] += b[0, k]
    return Z
"""
MASKED = """def relu_backward(dA, Z):
    dZ = dA.copy()
    dZ[Z > 0] = dA[Z > 0]
    dZ[Z <= 0] = 1
    return dZ
"""


@pytest.mark.parametrize(
    ("before", "old", "new", "again"),
    [
        (SUMMED, "Z[i, k] += b[0, k]", "Z = A @ W + b", True),
        (SUMMED, "Z[i, k] += b[0, k]", "Z[i, k] = A[i] @ W[:, k] + b[0, k]", True),
        (SUMMED, "    return Z", "    Z = A @ W + b\n    return Z", True),
        (SUMMED, "Z[i, k] = A", "Z[i, k] += A", False),
        (SUMMED, "b[0, k]", "b[k]", False),
        (SUMMED, "np.zeros((m, n))", "np.ones((m, n))", False),
        (SUMMED, "return Z", "return Z + 1", False),
        (MASKED, "dZ[Z <= 0] = 1", "dZ[Z <= 0] = 0", False),
        (MASKED, "    dZ[Z > 0] = dA[Z > 0]\n", "", False),
    ],
)
def test_work_that_is_done_again(before, old, new, again):
    """Is a repair told that overwrites what other lines stored, and no other one?"""
    assert before.count(old) == 1
    assert is_done_again(before, before.replace(old, new)) is again


def test_without_a_repair_nothing_is_done_again():
    """Is there nothing to tell where no repair is known, or nothing differs?"""
    assert not is_done_again(SUMMED, None) and not is_done_again(SUMMED, SUMMED)
