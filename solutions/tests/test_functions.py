"""Are the reference and the fast functions right? SciPy, numeric gradients and PyTorch judge."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import maximum_filter, uniform_filter
from scipy.signal import correlate

from solutions.cnn_step_by_step import fast, reference
from solutions.tests.layers import (
    CONVOLUTIONS,
    MODES,
    POOLS,
    convolution,
    distinct_numbers,
    layers,
    numeric_gradient,
)

MODULES = pytest.mark.parametrize("module", [reference, fast], ids=["reference", "fast"])


def agree(left, right):
    assert left.shape == right.shape
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


@settings(max_examples=150, deadline=None)
@given(layers(), st.integers(1, 3))
def test_fast_convolution_equals_the_loops(layer, n_C):
    """Do both versions give the same Z, dA_prev, dW and db, whatever the layer?"""
    shape, f, stride, pad, seed = layer
    arguments = convolution(shape, f, n_C, stride, pad, seed)
    Z, cache = reference.conv_forward(*arguments)
    agree(fast.conv_forward(*arguments)[0], Z)
    dZ = np.random.RandomState(seed).randn(*Z.shape)
    for slow, quick in zip(
        reference.conv_backward(dZ, cache), fast.conv_backward(dZ, cache), strict=True
    ):
        agree(quick, slow)


@settings(max_examples=150, deadline=None)
@given(layers(), st.sampled_from(["max", "average"]))
def test_fast_pooling_equals_the_loops(layer, mode):
    """Do both versions give the same A and dA_prev, whatever the layer?"""
    shape, f, stride, pad, seed = layer
    A_prev = reference.zero_pad(np.random.RandomState(seed).randn(*shape), pad)
    hparameters = {"f": f, "stride": stride}
    A, cache = reference.pool_forward(A_prev, hparameters, mode)
    agree(fast.pool_forward(A_prev, hparameters, mode)[0], A)
    dA = np.random.RandomState(seed).randn(*A.shape)
    agree(fast.pool_backward(dA, cache, mode), reference.pool_backward(dA, cache, mode))


@settings(max_examples=50, deadline=None)
@given(layers())
def test_small_functions_agree(layer):
    """Do padding, single steps, masks and shares agree in both versions?"""
    shape, f, _, pad, seed = layer
    random = np.random.RandomState(seed)
    X = random.randn(*shape)
    agree(fast.zero_pad(X, pad), reference.zero_pad(X, pad))
    window, W, b = random.randn(f, f, 2), random.randn(f, f, 2), random.randn(1, 1, 1)
    step = reference.conv_single_step(window, W, b)
    assert isinstance(step, float)
    assert fast.conv_single_step(window, W, b) == pytest.approx(step, rel=1e-12, abs=1e-12)
    x = X[0, :, :, 0]
    np.testing.assert_array_equal(
        fast.create_mask_from_window(x), reference.create_mask_from_window(x)
    )
    agree(
        fast.distribute_value(window.sum(), x.shape),
        reference.distribute_value(window.sum(), x.shape),
    )


@MODULES
@CONVOLUTIONS
def test_conv_forward_is_scipys_correlation(module, shape, f, n_C, stride, pad):
    """Is each output channel the strided cross-correlation with its filter, plus its bias?"""
    A_prev, W, b, hparameters = convolution(shape, f, n_C, stride, pad)
    Z, cache = module.conv_forward(A_prev, W, b, hparameters)
    assert all(
        kept is given for kept, given in zip(cache, (A_prev, W, b, hparameters), strict=True)
    )
    for i in range(shape[0]):
        image = np.pad(A_prev[i], ((pad, pad), (pad, pad), (0, 0)))
        for c in range(n_C):
            full = correlate(image, W[:, :, :, c], mode="valid", method="direct")[:, :, 0]
            expected = full[::stride, ::stride] + b[0, 0, 0, c]
            np.testing.assert_allclose(Z[i, :, :, c], expected, rtol=1e-10, atol=1e-12)


@MODULES
@POOLS
@MODES
def test_pool_forward_is_scipys_filter(module, shape, f, stride, mode):
    """Is each channel SciPy's moving maximum or mean, taken at every stride-th place?"""
    A_prev = np.random.RandomState(3).randn(*shape) - 2
    A, cache = module.pool_forward(A_prev, {"f": f, "stride": stride}, mode)
    assert cache[0] is A_prev
    assert cache[1] == {"f": f, "stride": stride}
    moving = maximum_filter if mode == "max" else uniform_filter
    full = moving(A_prev, size=(1, f, f, 1))
    first, (last_h, last_w) = f // 2, (n - f + f // 2 + 1 for n in shape[1:3])
    expected = full[:, first:last_h:stride, first:last_w:stride, :]
    np.testing.assert_allclose(A, expected, rtol=1e-10, atol=1e-12)


@MODULES
@CONVOLUTIONS
def test_conv_backward_is_the_numeric_gradient(module, shape, f, n_C, stride, pad):
    """Are dA_prev, dW and db the central differences of conv_forward, against a random dZ?"""
    A_prev, W, b, hparameters = convolution(shape, f, n_C, stride, pad)
    Z, cache = module.conv_forward(A_prev, W, b, hparameters)
    dZ = np.random.RandomState(7).randn(*Z.shape)
    numeric = (
        numeric_gradient(lambda x: fast.conv_forward(x, W, b, hparameters)[0], A_prev, dZ),
        numeric_gradient(lambda x: fast.conv_forward(A_prev, x, b, hparameters)[0], W, dZ),
        numeric_gradient(lambda x: fast.conv_forward(A_prev, W, x, hparameters)[0], b, dZ),
    )
    for exact, expected in zip(module.conv_backward(dZ, cache), numeric, strict=True):
        assert exact.shape == expected.shape
        np.testing.assert_allclose(exact, expected, rtol=1e-6, atol=1e-7)


@MODULES
@POOLS
@MODES
def test_pool_backward_is_the_numeric_gradient(module, shape, f, stride, mode):
    """Is dA_prev the central differences of pool_forward, against a random dA?"""
    A_prev, hparameters = distinct_numbers(shape), {"f": f, "stride": stride}
    A, cache = module.pool_forward(A_prev, hparameters, mode)
    dA = np.random.RandomState(7).randn(*A.shape)
    numeric = numeric_gradient(lambda x: fast.pool_forward(x, hparameters, mode)[0], A_prev, dA)
    exact = module.pool_backward(dA, cache, mode)
    assert exact.shape == A_prev.shape
    np.testing.assert_allclose(exact, numeric, rtol=1e-6, atol=1e-7)


@MODULES
@CONVOLUTIONS
def test_convolution_equals_pytorch(module, shape, f, n_C, stride, pad):
    """Does PyTorch give the same Z and the same gradients?"""
    torch = pytest.importorskip("torch")
    arguments = convolution(shape, f, n_C, stride, pad)
    Z, cache = module.conv_forward(*arguments)
    dZ = np.random.RandomState(7).randn(*Z.shape)
    A_prev, W, b = (torch.tensor(x, requires_grad=True) for x in arguments[:3])
    # PyTorch's gradient for one filter wants memory in its own order.
    images, filters = A_prev.permute(0, 3, 1, 2), W.permute(3, 2, 0, 1).contiguous()
    expected = torch.nn.functional.conv2d(images, filters, b.reshape(-1), stride, pad)
    expected = expected.permute(0, 2, 3, 1)
    np.testing.assert_allclose(Z, expected.detach().numpy(), rtol=1e-9, atol=1e-10)
    expected.backward(torch.tensor(dZ))
    for exact, leaf in zip(module.conv_backward(dZ, cache), (A_prev, W, b), strict=True):
        np.testing.assert_allclose(exact, leaf.grad.numpy(), rtol=1e-9, atol=1e-10)


@MODULES
def test_a_window_that_does_not_fit_is_refused(module):
    """Is a window larger than the (padded) image an error instead of an empty result?"""
    A_prev, W, b, _ = convolution((1, 2, 5, 1), 4, 1, 1, 0)
    for stride in (1, 3):
        with pytest.raises(ValueError, match="does not fit"):
            module.conv_forward(A_prev, W, b, {"stride": stride, "pad": 0})
        with pytest.raises(ValueError, match="does not fit"):
            module.pool_forward(A_prev, {"f": 3, "stride": stride})
    assert module.conv_forward(A_prev, W, b, {"stride": 1, "pad": 1})[0].shape == (1, 1, 4, 1)


@MODULES
def test_arguments_are_left_as_they_are(module):
    """Do the functions leave the arrays alone that they are given?"""
    arguments = convolution((2, 5, 4, 2), 3, 2, 2, 1)
    kept = [x.copy() for x in arguments[:3]]
    Z, cache = module.conv_forward(*arguments)
    dZ = Z.copy()
    module.conv_backward(dZ, cache)
    A, pool_cache = module.pool_forward(arguments[0], {"f": 2, "stride": 1})
    dA = A.copy()
    module.pool_backward(dA, pool_cache)
    for before, after in zip((*kept, Z, A), (*arguments[:3], dZ, dA), strict=True):
        np.testing.assert_array_equal(before, after)


@MODULES
def test_tied_maxima(module):
    """Do all maxima of a window get True, and each of them the gradient?"""
    x = np.array([[2.0, 1.0], [2.0, 0.0]])
    assert module.create_mask_from_window(x).tolist() == [[True, False], [True, False]]
    cache = (x[None, :, :, None], {"f": 2, "stride": 1})
    dA_prev = module.pool_backward(np.full((1, 1, 1, 1), 3.0), cache, "max")
    assert dA_prev[0, :, :, 0].tolist() == [[3.0, 0.0], [3.0, 0.0]]


@MODULES
class TestSeededValues:
    """The numbers of the original notebooks, drawn after np.random.seed(1)."""

    def test_zero_pad(self, module):
        """Do pads of 2 and 3 give the known shapes around the known image?"""
        x = np.random.RandomState(1).randn(4, 3, 3, 2)
        assert module.zero_pad(x, 2).shape == (4, 7, 7, 2)
        padded = module.zero_pad(x, 3)
        assert padded.shape == (4, 9, 9, 2)
        expected = [
            [0.90085595, -0.68372786],
            [-0.12289023, -0.93576943],
            [-0.26788808, 0.53035547],
        ]
        np.testing.assert_allclose(padded[1, 4, 3:6], expected, atol=5e-9)
        assert not padded[:, :3].any() and not padded[:, :, -3:].any()

    def test_conv_single_step(self, module):
        """Is the known Z reproduced?"""
        random = np.random.RandomState(1)
        arguments = random.randn(4, 4, 3), random.randn(4, 4, 3), random.randn(1, 1, 1)
        assert module.conv_single_step(*arguments) == pytest.approx(-6.999089450680221, rel=1e-12)

    def test_conv_forward_of_the_first_notebook(self, module):
        """Are the mean, a position and the cache the known ones?"""
        Z, cache = module.conv_forward(*convolution((10, 4, 4, 3), 2, 8, 2, 2, seed=1))
        assert Z.mean() == pytest.approx(0.04899520352885581)
        expected = [
            -0.61490741, -6.7439236, -2.55153897, 1.75698377,
            3.56208902, 0.53036437, 5.18531798, 8.75898442,
        ]  # fmt: skip
        np.testing.assert_allclose(Z[3, 2, 1], expected, rtol=1e-7)
        np.testing.assert_allclose(
            cache[0][1][2][3], [-0.20075807, 0.18656139, 0.41005165], rtol=1e-6
        )

    def test_conv_forward_of_the_newer_notebook(self, module):
        """Are the mean, a position and the cache the known ones?"""
        Z, cache = module.conv_forward(*convolution((2, 5, 7, 4), 3, 8, 2, 1, seed=1))
        assert Z.mean() == pytest.approx(0.5511276474566768)
        expected = [
            -2.17796037, 8.07171329, -0.5772704, 3.36286738,
            4.48113645, -2.89198428, 10.99288867, 3.03171932,
        ]  # fmt: skip
        np.testing.assert_allclose(Z[0, 2, 1], expected, rtol=1e-7)
        np.testing.assert_allclose(
            cache[0][1][2][3], [-1.1191154, 1.9560789, -0.3264995, -1.34267579], rtol=1e-6
        )

    @pytest.mark.parametrize(
        ("mode", "expected"),
        [
            ("max", [1.74481176, 0.86540763, 1.13376944, 1.13162939, 1.51981682, 2.18557541]),
            (
                "average",
                [0.02105773, -0.20328806, -0.40389855, -0.22154621, 0.51716526, 0.48155844],
            ),
        ],
    )
    def test_pool_forward(self, module, mode, expected):
        """Are both modes the known ones?"""
        A_prev = np.random.RandomState(1).randn(2, 4, 4, 3)
        A, _ = module.pool_forward(A_prev, {"f": 3, "stride": 2}, mode)
        assert A.shape == (2, 1, 1, 3)
        np.testing.assert_allclose(A.ravel(), expected, rtol=1e-6)

    def test_conv_backward(self, module):
        """Are the three means the known ones?"""
        Z, cache = module.conv_forward(*convolution((10, 4, 4, 3), 2, 8, 2, 2, seed=1))
        means = [gradient.mean() for gradient in module.conv_backward(Z, cache)]
        expected = [1.4524377775388078, 1.7269914583139088, 7.839232564616838]
        np.testing.assert_allclose(means, expected, rtol=1e-10)

    def test_mask_and_share(self, module):
        """Is the maximum marked and the value shared out as known?"""
        mask = module.create_mask_from_window(np.random.RandomState(1).randn(2, 3))
        assert mask.tolist() == [[True, False, False], [False, False, False]]
        assert module.distribute_value(2, (2, 2)).tolist() == [[0.5, 0.5], [0.5, 0.5]]

    @pytest.mark.parametrize(
        ("mode", "expected"),
        [
            ("max", [[0, 0], [5.05844394, -1.68282702], [0, 0]]),
            (
                "average",
                [[0.08485462, 0.2787552], [1.26461098, -0.25749373], [1.17975636, -0.53624893]],
            ),
        ],
    )
    def test_pool_backward(self, module, mode, expected):
        """Are both modes' gradients of example 1, row 1 the known ones?"""
        random = np.random.RandomState(1)
        A_prev, hparameters = random.randn(5, 5, 3, 2), {"stride": 1, "f": 2}
        dA = random.randn(5, 4, 2, 2)
        assert dA.mean() == pytest.approx(0.14571390272918056)
        dA_prev = module.pool_backward(dA, (A_prev, hparameters), mode)
        np.testing.assert_allclose(dA_prev[1, 1], expected, rtol=1e-6)
