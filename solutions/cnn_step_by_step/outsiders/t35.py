import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    Z = np.sum(np.multiply(a_slice_prev, W))
    return Z + float(b)

def conv_forward(A_prev, W, b, hparameters):
    n_ex, H, W_in, C_in = A_prev.shape
    f = W.shape[0]
    F = W.shape[3]
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    H_out = int((H - f + 2 * pad) / stride) + 1
    W_out = int((W_in - f + 2 * pad) / stride) + 1
    Z = np.zeros((n_ex, H_out, W_out, F))
    A_pad = zero_pad(A_prev, pad)
    for i in range(n_ex):
        for y in range(H_out):
            for x in range(W_out):
                for f in range(F):
                    crop = A_pad[i, y * stride:y * stride + f, x * stride:x * stride + f, :]
                    Z[i, y, x, f] = conv_single_step(crop, W[:, :, :, f], b[:, :, :, f])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    n_ex, H, W_in, C = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    H_out = int((H - f) / stride) + 1
    W_out = int((W_in - f) / stride) + 1
    A = np.zeros((n_ex, H_out, W_out, C))
    for i in range(n_ex):
        for y in range(H_out):
            for x in range(W_out):
                for c in range(C):
                    y1 = y * stride
                    x1 = x * stride
                    crop = A_prev[i, y1:y1 + f, x1:x1 + f, c]
                    if mode == "max":
                        A[i, y, x, c] = np.max(crop)
                    elif mode == "average":
                        A[i, y, x, c] = np.mean(crop)
    cache = (A, hparameters)
    return A, cache

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f = W.shape[0]
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    n_ex, H_out, W_out, F = dZ.shape
    A_pad = zero_pad(A_prev, pad)
    dA_pad = np.zeros(A_pad.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(n_ex):
        for y in range(H_out):
            for x in range(W_out):
                for c in range(F):
                    y1 = y * stride
                    x1 = x * stride
                    crop = A_pad[i, y1:y1 + f, x1:x1 + f, :]
                    dA_pad[i, y1:y1 + f, x1:x1 + f, :] += W[:, :, :, c] * dZ[i, y, x, c]
                    dW[:, :, :, c] += crop * dZ[i, y, x, c]
                db[:, :, :, c] += dZ[i, y, x, c]
    dA_prev = dA_pad[:, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    h, w = shape
    return np.ones((h, w)) * dz / (h * w)

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_ex, H_out, W_out, C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(n_ex):
        for y in range(H_out):
            for x in range(W_out):
                for c in range(C):
                    y1, y2 = y * stride, y * stride + f
                    x1, x2 = x * stride, x * stride + f
                    if mode == "max":
                        mask = create_mask_from_window(A_prev[i, y1:y2, x1:x2, c])
                        dA_prev[i, y1:y2, x1:x2, c] += mask * dA[i, y1, x1, c]
                    elif mode == "average":
                        dA_prev[i, y1:y2, x1:x2, c] += distribute_value(dA[i, y1, x1, c], (f, f))
    return dA_prev

if __name__ == "__main__":
    np.random.seed(1)
    A_prev = np.random.randn(5, 5, 3, 2)
    A, cache = pool_forward(A_prev, {"stride": 1, "f": 2})
    dA = np.random.randn(5, 4, 2, 2)
    print(pool_backward(dA, cache, "max")[1, 1])
    print(pool_backward(dA, cache, "average")[1, 1])
