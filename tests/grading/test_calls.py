"""Is it seen which of the exercises a function calls, so that no other one is replaced for it?"""

import pytest

from autograder.reading.calls import given_names, may_call

OTHERS = ("zero_pad", "conv_single_step")
LAYER = "def conv_forward(A):\n    return {}(A)\n"


@pytest.mark.parametrize(
    ("cells", "called"),
    [
        ([LAYER.format("zero_pad")], ("zero_pad",)),
        ([LAYER.format("np.pad")], ()),
        (["def step(a):\n    return conv_single_step(a)", LAYER.format("step")], OTHERS[1:]),
        (["pad = zero_pad", LAYER.format("pad")], ("zero_pad",)),
        (
            ["class Layer:\n    def run(self):\n        zero_pad()", LAYER.format("Layer")],
            OTHERS[:1],
        ),
        (["check(zero_pad)", LAYER.format("np.pad")], ()),
        (["def zero_pad(X):\n    conv_single_step(X)", LAYER.format("zero_pad")], OTHERS[:1]),
        ([LAYER.format("globals()['zero_pad']")], OTHERS),
        (["def broken(:", LAYER.format("np.pad")], OTHERS),
        (["%matplotlib inline", LAYER.format("zero_pad")], ("zero_pad",)),
    ],
)
def test_what_a_function_may_call(cells, called):
    """Are calls found through helpers and aliases, and all assumed where the text hides them?"""
    assert may_call(given_names(cells), "conv_forward", OTHERS) == called
