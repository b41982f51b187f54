"""The table at the end of a notebook."""

import pytest

from autograder.course import Course
from checks import notebook
from checks.session.summary import TEXTS, summary
from checks.text import LANGUAGES


def zero_pad(X, pad):
    """Pad all but the channels."""
    import numpy as np

    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_single_step(a_slice_prev, W, b):
    """Add the bias to every product."""
    return (a_slice_prev * W + b).sum()


def conv_forward(A_prev, W, b, hparameters):
    """Stay a stub."""
    raise NotImplementedError("conv_forward")


@pytest.mark.parametrize("language", LANGUAGES)
def test_summary(language, monkeypatch, capsys):
    """Does it say what is right, wrong, unfinished and absent, and add the points up?"""
    monkeypatch.setattr(notebook, "_course", notebook._Course())
    notebook.begin(Course().notebook_folder(language, "cnn_step_by_step"))
    summary(dict.fromkeys(["X"], 1) | globals())
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line for line in lines[1:-1]}
    assert "5 / 5" in rows["zero_pad"] and rows["zero_pad"].endswith(TEXTS["done"].in_(language))
    assert "0 / 5" in rows["conv_single_step"] and "0 / 3" in rows["conv_single_step"]
    assert rows["conv_forward"].endswith(TEXTS["stub"].in_(language))
    assert rows["pool_backward"].endswith(TEXTS["undefined"].in_(language))
    total = lines[-2]
    assert total.startswith(TEXTS["total"].in_(language)) and "5 / 100" in total
    assert "conv_single_step" in total and "zero_pad" not in total
    assert lines[-1] == TEXTS["public"].in_(language)
