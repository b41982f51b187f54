"""Is nothing graded where several answers are correct, and is what matters in every draw?"""

import numpy as np
import pytest

from autograder.grading.answers import right_answers
from autograder.grading.asked import hidden_arguments
from checks.assignments.convnet_application import ASSIGNMENT
from checks.compare import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE
from checks.judge import judge
from checks.run import run
from solutions.catalogue import Catalogue
from solutions.convnet_application import reference

SEEDS = (None, *range(40))
"""None stands for the public inputs."""


def arguments_of(name, seed):
    exercise = ASSIGNMENT.exercise(name)
    if seed is not None:
        return hidden_arguments(exercise, seed)
    return {case.name: case.public_arguments() for case in exercise.cases}


def with_all_seeds(name):
    return [(seed, *item) for seed in SEEDS for item in arguments_of(name, seed).items()]


@pytest.mark.parametrize("name", ["relu_forward", "relu_backward"])
def test_no_number_lies_at_the_kink(name):
    """Is no Z so close to 0 that both gradients of a ReLU there would be right?"""
    for seed, case, arguments in with_all_seeds(name):
        assert np.abs(arguments[-1]).min() > 1e-7, (seed, case)


@pytest.mark.parametrize("name", ["relu_forward", "relu_backward"])
def test_a_relu_has_something_to_do(name):
    """Are there numbers of both signs in each case?"""
    for seed, case, arguments in with_all_seeds(name):
        assert (arguments[-1] > 0).any(), (seed, case)
        assert (arguments[-1] < 0).any(), (seed, case)


def test_masks_of_a_network():
    """Is what a ReLU gave positive where its Z is, and has each something to stop?"""
    for seed, case, (_, memory, *_) in with_all_seeds("network_backward"):
        Z1, _, pool1, Z2, _, pool2, A2, dense = memory
        for Z, (R, _) in ((Z1, pool1), (Z2, pool2)):
            np.testing.assert_array_equal(R, np.maximum(Z, 0))
            assert np.abs(Z).min() > 1e-7, (seed, case)
            assert (Z > 0).any() and (Z < 0).any(), (seed, case)
        # A mask of what pooling gave, where none belongs, must make a difference.
        assert (A2 == 0).any(), (seed, case)
        np.testing.assert_array_equal(dense[0], reference.flatten(A2))


@pytest.mark.parametrize("name", ["pool_forward_fast", "pool_backward_fast"])
def test_no_window_has_two_maxima(name):
    """Are all numbers of a batch different, so that a mask of either convention is correct?"""
    for seed, case, arguments in with_all_seeds(name):
        A_prev = arguments[0] if name == "pool_forward_fast" else arguments[1][0]
        assert len(np.unique(A_prev)) == A_prev.size, (seed, case)
        gaps = np.diff(np.sort(A_prev, axis=None))
        assert gaps.min() > 1e-9, (seed, case)


def test_windows_of_every_kind():
    """Are there windows that overlap, gaps between them, a rest that none reaches, no squares?"""
    for name in ("im2col", "col2im", "pool_forward_fast", "pool_backward_fast"):
        kinds = set()
        for case in ASSIGNMENT.exercise(name).cases:
            shape, f, stride = (case.options[key] for key in ("shape", "f", "stride"))
            assert shape[1] != shape[2], (name, case.name)
            kinds.add("overlap" if stride < f else "apart" if stride > f else "side by side")
            if any((n - f) % stride for n in shape[1:3]):
                kinds.add("remainder")
        assert {"overlap", "apart", "remainder"} <= kinds, name


def test_logits_are_such_that_only_a_stable_softmax_survives():
    """Does exp overflow, vanish in a whole row, or lose the correct class, where it is meant to?"""
    for seed in SEEDS:
        arguments = arguments_of("softmax_cross_entropy", seed)
        with np.errstate(over="ignore", under="ignore"):
            assert np.isinf(np.exp(arguments["large"][0])).all(), seed
            vanished = np.exp(arguments["very_negative"][0]).sum(axis=1) == 0
            assert vanished.any(), seed
            Z, labels = arguments["far_apart"]
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            # Nor is it enough to take the mean away.
            assert np.isinf(np.exp(Z - Z.mean(axis=1, keepdims=True))).any(), seed
        assert not P[np.arange(len(Z)), labels].any(), seed


def test_central_differences_tell_what_they_should():
    """Is their rounding far below what is compared, and a step of one's own far above?"""
    for seed, case, (f, x, dx, dZ, h) in with_all_seeds("gradient_check"):
        numeric, _ = reference.gradient_check(f, x, dx, dZ, h)
        finer, _ = reference.gradient_check(f, x, dx, dZ, h / 10)
        tolerance = ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * np.abs(numeric)
        distance = np.max(np.abs(numeric - finer) / tolerance)
        assert distance > 2 if case == "large_step" else distance < 0.2, (seed, case)


def other_relu_backward(dA, Z):
    return dA * (Z >= 0)


def other_pool_backward(dA, cache, mode="max"):
    if mode != "max":
        return reference.pool_backward_fast(dA, cache, mode)
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    windows = reference.im2col(A_prev, f, stride).reshape(*dA.shape[:3], f * f, dA.shape[3])
    first = np.argmax(windows, axis=3)[:, :, :, None]
    dwindows = np.zeros(windows.shape)
    np.put_along_axis(dwindows, first, dA[:, :, :, None], axis=3)
    return reference.col2im(dwindows.reshape(*dA.shape[:3], -1), A_prev.shape, f, stride)


@pytest.mark.parametrize(
    ("name", "target"),
    [("relu_backward", other_relu_backward), ("pool_backward_fast", other_pool_backward)],
    ids=["gradient 1 at the kink", "first of several maxima only"],
)
@pytest.mark.parametrize("seed", range(5))
def test_either_convention_is_right(name, target, seed):
    """Is the gradient at a kink or a tie left to the student?"""
    exercise, arguments = ASSIGNMENT.exercise(name), arguments_of(name, seed)
    expected = right_answers(Catalogue(reference, ()), exercise, arguments)
    seen = run(exercise, target, arguments).observations
    assert judge(exercise, seen, expected, arguments).status == "right"
