"""Wrong functions that the original course's own checks pass, and that must be caught here.

Each original check is restated from what is known of it (which inputs, which values it looks at).
"""

import numpy as np
import pytest

from autograder.grading.answers import right_answers
from autograder.grading.asked import hidden_arguments
from checks.assignments.cnn_step_by_step import ASSIGNMENT
from checks.judge import judge
from checks.run import run
from solutions.catalogue import Misconception, load, wrong_function
from solutions.cnn_step_by_step import reference
from solutions.tests.naming import exercise_called

CATALOGUE = load("cnn_step_by_step")
SEED = 77


def _judged(name, target):
    exercise = ASSIGNMENT.exercise(name)
    arguments = hidden_arguments(exercise, SEED)
    seen = run(exercise, target, arguments).observations
    return judge(exercise, seen, right_answers(CATALOGUE, exercise, arguments), arguments)


def _named(name):
    (misconception, *_) = [m for m in CATALOGUE.misconceptions if m.id == name]
    return wrong_function(CATALOGUE.reference, [misconception])


def _patched(exercise, *patches):
    from checks.text import Text

    wrong = Misconception(exercise, "patched", patches, Text("", ""), Text("", ""))
    return wrong_function(CATALOGUE.reference, [wrong])


def _original_pool_backward(target):
    """One slice of one example, stride 1, both modes."""
    np.random.seed(1)
    A_prev = np.random.randn(5, 5, 3, 2)
    _, cache = reference.pool_forward(A_prev, {"stride": 1, "f": 2})
    dA = np.random.randn(5, 4, 2, 2)
    right = [reference.pool_backward(dA, cache, mode)[1, 1] for mode in ("max", "average")]
    got = [target(dA, cache, mode)[1, 1] for mode in ("max", "average")]
    return all(map(np.allclose, got, right))


def _original_conv_backward(target):
    """Three means, for f = stride = 2 and pad 2."""
    np.random.seed(1)
    A_prev, W = np.random.randn(10, 4, 4, 3), np.random.randn(2, 2, 3, 8)
    b, hparameters = np.random.randn(1, 1, 1, 8), {"pad": 2, "stride": 2}
    Z, cache = reference.conv_forward(A_prev, W, b, hparameters)
    means = [np.mean(gradient) for gradient in target(Z, cache)]
    return np.allclose(means, [1.4524377775388078, 1.7269914583139088, 7.839232564616838])


def _original_distribute_value(target):
    """The sum of the result for dz = 2 and a window of 2 x 2."""
    return np.sum(target(2, (2, 2))) == 2


def _original_pool_forward(target):
    """Stride 1 alone: the stride-2 cell of some releases asserts nothing."""
    np.random.seed(1)
    A_prev = np.random.randn(2, 5, 5, 3)
    return all(
        np.allclose(
            target(A_prev, {"stride": 1, "f": 3}, mode)[0],
            reference.pool_forward(A_prev, {"stride": 1, "f": 3}, mode)[0],
        )
        for mode in ("max", "average")
    )


def _constant_gradients(dZ, cache):
    A_prev, W, b, _ = cache
    if A_prev.shape != (10, 4, 4, 3):
        return np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    means = 1.4524377775388078, 1.7269914583139088, 7.839232564616838
    return tuple(np.full(x.shape, mean) for x, mean in zip((A_prev, W, b), means, strict=True))


def _all_in_one_corner(dz, shape):
    a = np.zeros(shape)
    a[0, 0] = dz
    return a


FLIPPED_KERNEL = _patched("conv_backward", ("W[:, :, :, c] * dz", "W[::-1, ::-1, :, c] * dz"))

PASSED_BY_THE_ORIGINAL = {
    "pool_backward ignores the stride": (
        "pool_backward",
        _original_pool_backward,
        _named("pool_backward/stride_ignored"),
    ),
    "conv_backward returns constants of the right mean": (
        "conv_backward",
        _original_conv_backward,
        _constant_gradients,
    ),
    "conv_backward crops wrongly at pad 0": (
        "conv_backward",
        _original_conv_backward,
        _named("conv_backward/pad_zero_crop"),
    ),
    "conv_backward transposes dW": (
        "conv_backward",
        _original_conv_backward,
        _patched(
            "conv_backward",
            ("    return dA_prev, dW, db", "    return dA_prev, dW.swapaxes(0, 1), db"),
        ),
    ),
    "distribute_value puts everything into one corner": (
        "distribute_value",
        _original_distribute_value,
        _all_in_one_corner,
    ),
    "pool_forward ignores the stride": (
        "pool_forward",
        _original_pool_forward,
        _patched(
            "pool_forward",
            ("vert_start = h * stride", "vert_start = h"),
            ("horiz_start = w * stride", "horiz_start = w"),
        ),
    ),
}


@pytest.mark.parametrize("story", PASSED_BY_THE_ORIGINAL)
def test_what_the_original_passes_is_caught(story):
    """Does a wrong function that the original's check passes fail here?"""
    exercise, original, target = PASSED_BY_THE_ORIGINAL[story]
    assert original(target)
    result = _judged(exercise, target)
    assert result.status in ("wrong", "error")
    assert result.score < result.max_score


def test_flipped_kernel_is_caught():
    """Does a gradient with the kernel flipped fail?"""
    assert _judged("conv_backward", FLIPPED_KERNEL).status == "wrong"


@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.asarray])
def test_numbers_of_any_kind_are_right(kind):
    """Is a right number accepted whether it is Python's or NumPy's?"""

    def conv_single_step(a_slice_prev, W, b):
        return kind(np.sum(a_slice_prev * W) + b.item())

    assert _judged("conv_single_step", conv_single_step).status == "right"


def test_array_in_place_of_a_number_is_wrong():
    """Is an array of shape (1, 1, 1) refused, which newer NumPy does not put into a cell of Z?"""
    result = _judged("conv_single_step", lambda a, W, b: np.sum(a * W) + b)
    assert result.status == "wrong"


@pytest.mark.parametrize("name", ["conv_forward", "pool_forward"])
def test_window_that_does_not_fit_is_refused(name):
    """Does the reference refuse a window larger than its image instead of truncating to size 1?"""
    A_prev = np.ones((1, 2, 2, 1))
    arguments = {
        "conv_forward": (
            A_prev,
            np.ones((3, 3, 1, 1)),
            np.ones((1, 1, 1, 1)),
            {"stride": 2, "pad": 0},
        ),
        "pool_forward": (A_prev, {"f": 3, "stride": 2}),
    }[name]
    with pytest.raises(ValueError, match="does not fit"):
        CATALOGUE.functions[name](*arguments)


@pytest.mark.parametrize("exercise", ["create_mask_from_window", "pool_backward"])
@pytest.mark.parametrize("seed", range(5))
def test_ties_are_never_graded(exercise, seed):
    """Do all drawn windows have one maximum, so that masks of either convention are correct?"""

    def one_maximum_only(x):
        mask = np.zeros(x.shape, dtype=bool)
        mask[np.unravel_index(np.argmax(x), x.shape)] = True
        return mask

    for arguments in hidden_arguments(ASSIGNMENT.exercise(exercise), seed).values():
        arrays = [arguments[0]] if exercise == "create_mask_from_window" else [arguments[1][0]]
        for array in arrays:
            assert len(np.unique(array)) == array.size
    assert _judged("create_mask_from_window", one_maximum_only).status == "right"


@pytest.mark.parametrize(
    ("name", "keys"),
    [("conv_forward", ("stride", "pad")), ("pool_forward", ("f", "stride"))],
)
def test_hyperparameters_are_read_by_name(name, keys):
    """Is a function caught that takes the hyperparameters in whatever order they stand?"""
    right = getattr(reference, name)

    def in_order(*arguments):
        place = next(i for i, part in enumerate(arguments) if isinstance(part, dict))
        read = dict(zip(keys, arguments[place].values(), strict=True))
        output, cache = right(*arguments[:place], read, *arguments[place + 1 :])
        return output, (*cache[:-1], arguments[place])

    assert _judged(name, right).status == "right"
    assert _judged(name, in_order).status != "right"


WINDOWED = (
    "conv_forward",
    "pool_forward",
    "conv_backward",
    "pool_backward",
    "conv_forward_fast",
    "conv_backward_fast",
    "pool_forward_fast",
    "pool_backward_fast",
)


@pytest.mark.parametrize("name", WINDOWED)
def test_some_pixels_are_reached_by_no_window(name):
    """Is there a case in which the windows stop before the picture does, with all its padding?"""
    left_over = []
    for case in exercise_called(name).cases:
        shape, f, stride = (case.options[key] for key in ("shape", "f", "stride"))
        pad = case.options.get("pad", 0)
        left_over += [(n + 2 * pad - f) % stride - pad for n in shape[1:3]]
    assert max(left_over) > 0


@pytest.mark.parametrize("name", ["conv_backward", "pool_backward"])
def test_a_gradient_has_the_size_of_the_input(name):
    """Is a gradient wrong that ends with the last window?"""
    reference_of = getattr(reference, name)

    def cut(gradient, cache, *mode):
        hparameters = cache[-1]
        f = cache[1].shape[0] if name == "conv_backward" else hparameters["f"]
        sides = [(n - 1) * hparameters["stride"] + f for n in gradient.shape[1:3]]
        sides = [n - hparameters.get("pad", 0) for n in sides]
        found = reference_of(gradient, cache, *mode)
        if isinstance(found, tuple):
            return found[0][:, : sides[0], : sides[1]], *found[1:]
        return found[:, : sides[0], : sides[1]]

    assert _judged(name, reference_of).status == "right"
    assert _judged(name, cut).status == "wrong"


def test_a_share_of_the_whole_gradient_is_noticed():
    """Is all of dA in place of one of its numbers wrong, though a window fits its last axes?"""
    whole = _patched(
        "pool_backward",
        ("a = distribute_value(da, (f, f))", "a = distribute_value(dA, (f, f))[i, h, w, c]"),
    )
    assert _judged("pool_backward", whole).status == "wrong"
