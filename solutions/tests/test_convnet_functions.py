"""Are the second assignment's functions right? The loops, SciPy, numeric gradients, PyTorch judge.

Each test takes the reference and every style of the correct solutions alike.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import maximum_filter, uniform_filter
from scipy.signal import correlate
from scipy.special import log_softmax

from checks.formulas import Formula
from solutions.cnn_step_by_step import reference as loops
from solutions.convnet_application import reference
from solutions.convnet_application.styles import STYLES
from solutions.tests.layers import (
    CONVOLUTIONS,
    MODES,
    POOLS,
    convolution,
    distinct_numbers,
    layers,
    numeric_gradient,
)


def functions_of(text):
    """Run a style's text as the notebook does."""
    namespace = {"np": np}
    exec(text, namespace)
    return SimpleNamespace(**namespace)


MODULES = {"reference": reference} | {name: functions_of(text) for name, text in STYLES.items()}
EACH = pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)


def agree(left, right):
    assert left.shape == right.shape
    np.testing.assert_allclose(left, right, rtol=1e-10, atol=1e-10)


def is_gradient(exact, function, x, cotangent):
    assert exact.shape == x.shape
    numeric = numeric_gradient(function, x, cotangent)
    np.testing.assert_allclose(exact, numeric, rtol=1e-6, atol=1e-7)


def cotangent_of(Z, seed=7):
    return np.random.RandomState(seed).randn(*Z.shape)


@EACH
@settings(max_examples=40, deadline=None)
@given(layer=layers(), n_C=st.integers(1, 3))
def test_convolution_equals_the_loops(module, layer, n_C):
    """Are Z, dA_prev, dW and db those of the first notebook's loops, whatever the layer?"""
    shape, f, stride, pad, seed = layer
    arguments = convolution(shape, f, n_C, stride, pad, seed)
    Z, cache = loops.conv_forward(*arguments)
    fast_Z, fast_cache = module.conv_forward_fast(*arguments)
    agree(fast_Z, Z)
    assert all(kept is given for kept, given in zip(fast_cache, cache, strict=True))
    dZ = cotangent_of(Z, seed)
    for slow, quick in zip(
        loops.conv_backward(dZ, cache), module.conv_backward_fast(dZ, cache), strict=True
    ):
        agree(quick, slow)


@EACH
@settings(max_examples=40, deadline=None)
@given(layer=layers(), mode=st.sampled_from(["max", "average"]))
def test_pooling_equals_the_loops(module, layer, mode):
    """Are A and dA_prev those of the first notebook's loops, whatever the layer?"""
    shape, f, stride, pad, seed = layer
    # Padded with random numbers too: zeros would be ties.
    shape = (shape[0], shape[1] + 2 * pad, shape[2] + 2 * pad, shape[3])
    A_prev, hparameters = np.random.RandomState(seed).randn(*shape), {"f": f, "stride": stride}
    A, cache = loops.pool_forward(A_prev, hparameters, mode)
    fast_A, (kept, kept_hparameters) = module.pool_forward_fast(A_prev, hparameters, mode)
    agree(fast_A, A)
    assert kept is A_prev
    assert kept_hparameters is hparameters
    dA = cotangent_of(A, seed)
    agree(module.pool_backward_fast(dA, cache, mode), loops.pool_backward(dA, cache, mode))


@EACH
@settings(max_examples=60, deadline=None)
@given(layer=layers())
def test_col2im_is_the_adjoint_of_im2col(module, layer):
    """Is <im2col(x), y> = <x, col2im(y)> for random x and y?"""
    shape, f, stride, pad, seed = layer
    shape = (shape[0], shape[1] + 2 * pad, shape[2] + 2 * pad, shape[3])
    x = np.random.RandomState(seed).randn(*shape)
    columns = module.im2col(x, f, stride)
    y = cotangent_of(columns, seed)
    back = module.col2im(y, shape, f, stride)
    assert back.shape == shape
    assert np.sum(columns * y) == pytest.approx(np.sum(x * back), rel=1e-10, abs=1e-10)


@EACH
@settings(max_examples=60, deadline=None)
@given(layer=layers())
def test_rows_of_im2col_are_windows(module, layer):
    """Is each row the raveled window at its place, and does each number come back as often?"""
    shape, f, stride, pad, seed = layer
    shape = (shape[0], shape[1] + 2 * pad, shape[2] + 2 * pad, shape[3])
    X = np.random.RandomState(seed).randn(*shape)
    columns = module.im2col(X, f, stride)
    starts = [range(0, n - f + 1, stride) for n in shape[1:3]]
    assert columns.shape == (shape[0], *map(len, starts), f * f * shape[3])
    counts = np.zeros(shape)
    for h, top in enumerate(starts[0]):
        for w, left in enumerate(starts[1]):
            window = (slice(None), slice(top, top + f), slice(left, left + f))
            np.testing.assert_array_equal(columns[:, h, w], X[window].reshape(shape[0], -1))
            counts[window] += 1
    agree(module.col2im(columns, shape, f, stride), counts * X)


@EACH
@CONVOLUTIONS
def test_conv_forward_is_scipys_correlation(module, shape, f, n_C, stride, pad):
    """Is each output channel the strided cross-correlation with its filter, plus its bias?"""
    A_prev, W, b, hparameters = convolution(shape, f, n_C, stride, pad)
    Z, _ = module.conv_forward_fast(A_prev, W, b, hparameters)
    for i in range(shape[0]):
        image = np.pad(A_prev[i], ((pad, pad), (pad, pad), (0, 0)))
        for c in range(n_C):
            full = correlate(image, W[:, :, :, c], mode="valid", method="direct")[:, :, 0]
            agree(Z[i, :, :, c], full[::stride, ::stride] + b[0, 0, 0, c])


@EACH
@CONVOLUTIONS
def test_conv_backward_is_the_numeric_gradient(module, shape, f, n_C, stride, pad):
    """Are dA_prev, dW and db the central differences of conv_forward, against a random dZ?"""
    A_prev, W, b, hparameters = convolution(shape, f, n_C, stride, pad)

    def forward(A_prev, W, b):
        return module.conv_forward_fast(A_prev, W, b, hparameters)[0]

    Z, cache = module.conv_forward_fast(A_prev, W, b, hparameters)
    dZ = cotangent_of(Z)
    dA_prev, dW, db = module.conv_backward_fast(dZ, cache)
    is_gradient(dA_prev, lambda x: forward(x, W, b), A_prev, dZ)
    is_gradient(dW, lambda x: forward(A_prev, x, b), W, dZ)
    is_gradient(db, lambda x: forward(A_prev, W, x), b, dZ)


@EACH
@POOLS
@MODES
def test_pool_forward_is_scipys_filter(module, shape, f, stride, mode):
    """Is each channel SciPy's moving maximum or mean, taken at every stride-th place?"""
    A_prev = np.random.RandomState(3).randn(*shape) - 2
    A, _ = module.pool_forward_fast(A_prev, {"f": f, "stride": stride}, mode)
    moving = maximum_filter if mode == "max" else uniform_filter
    full = moving(A_prev, size=(1, f, f, 1))
    first, (last_h, last_w) = f // 2, (n - f + f // 2 + 1 for n in shape[1:3])
    agree(A, full[:, first:last_h:stride, first:last_w:stride, :])


@EACH
@POOLS
@MODES
def test_pool_backward_is_the_numeric_gradient(module, shape, f, stride, mode):
    """Is dA_prev the central differences of pool_forward, against a random dA?"""
    A_prev, hparameters = distinct_numbers(shape), {"f": f, "stride": stride}
    A, cache = module.pool_forward_fast(A_prev, hparameters, mode)
    dA = cotangent_of(A)
    exact = module.pool_backward_fast(dA, cache, mode)
    is_gradient(exact, lambda x: module.pool_forward_fast(x, hparameters, mode)[0], A_prev, dA)


@EACH
@pytest.mark.parametrize("shape", [(2, 4, 3, 2), (5, 7)], ids=str)
def test_relu_and_its_gradient(module, shape):
    """Does ReLU keep what is positive, and is its gradient the central differences?"""
    Z = distinct_numbers(shape)
    # In single precision the steps of a numeric gradient would be lost.
    np.testing.assert_allclose(module.relu_forward(Z), np.clip(Z, 0, None), rtol=1e-6)
    dA = cotangent_of(Z)
    is_gradient(module.relu_backward(dA, Z), lambda x: np.clip(x, 0, None), Z, dA)


@EACH
@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (1, 3, 2, 4), (4, 1, 1, 1)], ids=str)
def test_flatten_can_be_undone(module, shape):
    """Is there one row for each example, from which its image can be read back?"""
    A = np.random.RandomState(0).randn(*shape)
    A_flat = module.flatten(A)
    assert A_flat.shape == (shape[0], np.prod(shape[1:]))
    for row, example in zip(A_flat, A, strict=True):
        np.testing.assert_array_equal(row.reshape(example.shape), example)


@EACH
@settings(max_examples=40, deadline=None)
@given(
    m=st.integers(1, 6),
    n_prev=st.integers(1, 6),
    n=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_dense_layer(module, m, n_prev, n, seed):
    """Is Z the sum over the inputs, and are the gradients the central differences of it?"""
    random = np.random.RandomState(seed)
    A_prev, W, b = random.randn(m, n_prev), random.randn(n_prev, n), random.randn(1, n)
    Z, cache = module.dense_forward(A_prev, W, b)
    agree(Z, np.array([[sum(row * W[:, k]) + b[0, k] for k in range(n)] for row in A_prev]))
    assert all(kept is given for kept, given in zip(cache, (A_prev, W, b), strict=True))
    dZ = cotangent_of(Z, seed)
    dA_prev, dW, db = module.dense_backward(dZ, (A_prev, W, b))
    is_gradient(dA_prev, lambda x: module.dense_forward(x, W, b)[0], A_prev, dZ)
    is_gradient(dW, lambda x: module.dense_forward(A_prev, x, b)[0], W, dZ)
    is_gradient(db, lambda x: module.dense_forward(A_prev, W, x)[0], b, dZ)


@EACH
@settings(max_examples=60, deadline=None)
@given(
    m=st.integers(1, 6),
    n=st.integers(2, 10),
    offset=st.sampled_from([0.0, 50.0, 1e3, -1e3, 1e5, -1e5]),
    scale=st.sampled_from([0.1, 1.0, 30.0, 500.0]),
    seed=st.integers(0, 2**32 - 1),
)
def test_softmax_is_scipys_and_stable(module, m, n, offset, scale, seed):
    """Are loss and gradient SciPy's, without a warning, however large the logits are?"""
    random = np.random.RandomState(seed)
    Z, labels = offset + scale * random.randn(m, n), random.randint(n, size=m)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        loss, dZ = module.softmax_cross_entropy(Z, labels)
    assert np.ndim(loss) == 0
    log_P = log_softmax(Z, axis=1)
    assert loss == pytest.approx(-np.mean(log_P[np.arange(m), labels]), rel=1e-9, abs=1e-10)
    agree(dZ, (np.exp(log_P) - (labels[:, None] == np.arange(n))) / m)


@EACH
def test_softmax_gradient_is_the_numeric_gradient(module):
    """Is dZ the central differences of the loss, and 0 in sum for each example?"""
    random = np.random.RandomState(4)
    Z, labels = 2 * random.randn(5, 4), random.randint(4, size=5)
    _, dZ = module.softmax_cross_entropy(Z, labels)
    is_gradient(dZ, lambda x: module.softmax_cross_entropy(x, labels)[0], Z, 1.0)
    np.testing.assert_allclose(dZ.sum(axis=1), 0, atol=1e-12)


@EACH
def test_loss_of_guessing(module):
    """Is the loss log(n) where all classes are equally likely?"""
    loss, _ = module.softmax_cross_entropy(np.zeros((7, 10)), np.arange(7))
    assert loss == pytest.approx(np.log(10), rel=1e-12)


@EACH
@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 2, 2)], ids=str)
def test_gradient_check_finds_the_gradient(module, shape):
    """Is the numeric gradient the derivative by hand, and does the error show what is wrong?"""
    random = np.random.RandomState(5)
    f, x, dZ = Formula("sine", (1.5, 2.5)), random.randn(*shape), random.randn(*shape)
    right = dZ * 1.5 * 2.5 * np.cos(2.5 * x)
    numeric, error = module.gradient_check(f, x, right, dZ)
    np.testing.assert_allclose(numeric, right, rtol=1e-6, atol=1e-8)
    assert error < 1e-8
    assert module.gradient_check(f, x, -right, dZ)[1] == pytest.approx(1, rel=1e-6)
    assert module.gradient_check(f, x, 2 * right, dZ)[1] == pytest.approx(1 / 3, rel=1e-6)


@EACH
def test_gradient_check_of_a_whole_layer(module):
    """Is the check content with the style's own convolution, and not with a wrong gradient?"""
    A_prev, W, b, hparameters = convolution((2, 4, 3, 2), 2, 2, 1, 1)
    Z, cache = module.conv_forward_fast(A_prev, W, b, hparameters)
    dZ = cotangent_of(Z)
    dA_prev, dW, db = module.conv_backward_fast(dZ, cache)
    for x, dx, f in (
        (A_prev, dA_prev, lambda x: module.conv_forward_fast(x, W, b, hparameters)[0]),
        (W, dW, lambda x: module.conv_forward_fast(A_prev, x, b, hparameters)[0]),
        (b, db, lambda x: module.conv_forward_fast(A_prev, W, x, hparameters)[0]),
    ):
        assert module.gradient_check(f, x, dx, dZ)[1] < 1e-7
        assert module.gradient_check(f, x, dx + 0.01, dZ)[1] > 1e-5


@EACH
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_steps_add_up_all_earlier_gradients(module, momentum):
    """Is the velocity after some steps the sum of the gradients, each fainter the older it is?"""
    random = np.random.RandomState(6)
    parameter, gradients = random.randn(3, 2), random.randn(4, 3, 2)
    start, velocity, velocities = parameter, np.zeros((3, 2)), []
    for k, gradient in enumerate(gradients):
        parameter, velocity = module.sgd_momentum_step(parameter, gradient, velocity, 0.1, momentum)
        agree(velocity, sum(momentum ** (k - j) * gradients[j] for j in range(k + 1)))
        velocities.append(velocity)
    agree(parameter, start - 0.1 * sum(velocities))


def network(parameters, images):
    """Send images forward through two trios and the last layer; return the logits and memory."""
    W1, b1, W2, b2, W3, b3 = parameters
    same, halve = {"stride": 1, "pad": 1}, {"f": 2, "stride": 2}
    Z1, conv1 = reference.conv_forward_fast(images, W1, b1, same)
    A1, pool1 = reference.pool_forward_fast(reference.relu_forward(Z1), halve)
    Z2, conv2 = reference.conv_forward_fast(A1, W2, b2, same)
    A2, pool2 = reference.pool_forward_fast(reference.relu_forward(Z2), halve)
    logits, dense = reference.dense_forward(reference.flatten(A2), W3, b3)
    return logits, (Z1, conv1, pool1, Z2, conv2, pool2, A2, dense)


@EACH
@pytest.mark.parametrize(("n_H", "n_W"), [(8, 4), (4, 8)])
def test_network_backward_is_the_numeric_gradient(module, n_H, n_W):
    """Does the loss of the whole network, with real layers, change as the six gradients say?"""
    random = np.random.RandomState(11)
    shapes = (3, 3, 1, 2), (1, 1, 1, 2), (3, 3, 2, 3), (1, 1, 1, 3), (6, 4), (1, 4)
    parameters = [random.randn(*shape) for shape in shapes]
    images, labels = random.rand(2, n_H, n_W, 1), np.array([1, 3])
    logits, memory = network(parameters, images)
    _, dlogits = reference.softmax_cross_entropy(logits, labels)
    layers = module.conv_backward_fast, module.pool_backward_fast
    gradients = module.network_backward(dlogits, memory, *layers)
    for k, exact in enumerate(gradients):

        def loss(moved, k=k):
            moved = [*parameters[:k], moved, *parameters[k + 1 :]]
            return reference.softmax_cross_entropy(network(moved, images)[0], labels)[0]

        is_gradient(exact, loss, parameters[k], 1.0)
    for one, other in zip(
        gradients, module.network_backward(dlogits, memory, *layers), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@EACH
def test_arguments_are_left_as_they_are(module):
    """Do the functions leave the arrays alone that they are given?"""
    random = np.random.RandomState(8)
    images, matrix, labels = random.randn(2, 5, 4, 3), random.randn(4, 3), random.randint(3, size=4)
    W, b, dW = random.randn(3, 2), random.randn(1, 2), random.randn(4, 2)
    filters, biases = random.randn(2, 2, 3, 2), random.randn(1, 1, 1, 2)
    hparameters, pooling = {"stride": 2, "pad": 1}, {"f": 2, "stride": 1}
    Z, cache = module.conv_forward_fast(images, filters, biases, hparameters)
    A, pool_cache = module.pool_forward_fast(images, pooling)
    columns = module.im2col(images, 2, 1)
    given = (images, matrix, labels, W, b, dW, filters, biases, Z, A, columns)
    kept = [x.copy() for x in given]
    module.relu_forward(images)
    module.relu_backward(images, images)
    module.flatten(images)
    module.dense_backward(dW, module.dense_forward(matrix, W, b)[1])
    module.softmax_cross_entropy(matrix, labels)
    module.gradient_check(Formula("sine", (1.0, 1.0)), matrix, matrix, matrix)
    module.sgd_momentum_step(matrix, matrix, matrix, 0.1, 0.9)
    module.col2im(columns, images.shape, 2, 1)
    module.conv_backward_fast(Z, cache)
    for mode in ("max", "average"):
        module.pool_backward_fast(A, pool_cache, mode)
    for before, after in zip(kept, given, strict=True):
        np.testing.assert_array_equal(before, after)


@EACH
@CONVOLUTIONS
def test_convolution_equals_pytorch(module, shape, f, n_C, stride, pad):
    """Does PyTorch give the same Z and the same gradients?"""
    torch = pytest.importorskip("torch")
    arguments = convolution(shape, f, n_C, stride, pad)
    Z, cache = module.conv_forward_fast(*arguments)
    dZ = cotangent_of(Z)
    A_prev, W, b = (torch.tensor(x, requires_grad=True) for x in arguments[:3])
    # PyTorch's gradient for one filter wants memory in its own order.
    images, filters = A_prev.permute(0, 3, 1, 2), W.permute(3, 2, 0, 1).contiguous()
    expected = torch.nn.functional.conv2d(images, filters, b.reshape(-1), stride, pad)
    expected = expected.permute(0, 2, 3, 1)
    agree(Z, expected.detach().numpy())
    expected.backward(torch.tensor(dZ))
    for exact, leaf in zip(module.conv_backward_fast(dZ, cache), (A_prev, W, b), strict=True):
        agree(exact, leaf.grad.numpy())


@EACH
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_steps_equal_pytorch(module, momentum):
    """Does PyTorch's SGD make the same steps?"""
    torch = pytest.importorskip("torch")
    random = np.random.RandomState(9)
    parameter, gradients = random.randn(4, 3), random.randn(5, 4, 3)
    leaf = torch.tensor(parameter, requires_grad=True)
    optimizer = torch.optim.SGD([leaf], lr=0.2, momentum=momentum)
    velocity = np.zeros(parameter.shape)
    for gradient in gradients:
        leaf.grad = torch.tensor(gradient)
        optimizer.step()
        parameter, velocity = module.sgd_momentum_step(parameter, gradient, velocity, 0.2, momentum)
        agree(parameter, leaf.detach().numpy())


@EACH
def test_loss_equals_pytorch(module):
    """Does PyTorch give the same loss and the same gradient?"""
    torch = pytest.importorskip("torch")
    random = np.random.RandomState(10)
    Z, labels = 3 * random.randn(6, 10), random.randint(10, size=6)
    loss, dZ = module.softmax_cross_entropy(Z, labels)
    leaf = torch.tensor(Z, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(leaf, torch.tensor(labels))
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-10)
    agree(dZ, leaf.grad.numpy())
