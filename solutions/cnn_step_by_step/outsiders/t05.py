import numpy as np

def tamano_salida(n, f, stride, pad=0):
    return int(np.floor((n - f + 2 * pad) / stride)) + 1

def esquina(h, w, f, stride):
    # devuelve los limites de la ventana
    y0, x0 = h * stride, w * stride
    return y0, y0 + f, x0, x0 + f

def zero_pad(X, pad):
    X_pad = np.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)], "constant", constant_values=0)
    return X_pad

def conv_single_step(a_slice_prev, W, b):
    producto = a_slice_prev * W
    return np.sum(producto) + np.squeeze(b)

def conv_forward(A_prev, W, b, hparameters):
    m, nH_prev, nW_prev, _ = A_prev.shape
    f, f, _, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    nH = tamano_salida(nH_prev, f, stride, pad)
    nW = tamano_salida(nW_prev, f, stride, pad)
    A_pad = zero_pad(A_prev, pad)
    Z = np.zeros((m, nH, nW, n_C))
    for c in range(n_C):
        filtro, sesgo = W[..., c], b[..., c]
        for h in range(nH):
            for w in range(nW):
                y0, y1, x0, x1 = esquina(h, w, f, stride)
                for i in range(m):
                    Z[i, h, w, c] = conv_single_step(A_pad[i, y0:y1, x0:x1, :], filtro, sesgo)
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, nH_prev, nW_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    nH = tamano_salida(nH_prev, f, stride)
    nW = tamano_salida(nW_prev, f, stride)
    A = np.zeros((m, nH, nW, n_C))
    op = {"max": np.max, "average": np.average}[mode]
    for h in range(nH):
        for w in range(nW):
            y0, y1, x0, x1 = esquina(h, w, f, stride)
            for c in range(n_C):
                A[:, h, w, c] = op(A_prev[:, y0:y1, x0:x1, c])
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, nH, nW, n_C = dZ.shape
    f = W.shape[0]
    stride, pad = hparameters["stride"], hparameters["pad"]
    A_pad = zero_pad(A_prev, pad)
    dA_pad = np.zeros_like(A_pad)
    dW, db = np.zeros_like(W), np.zeros_like(b)
    for c in range(n_C):
        for h in range(nH):
            for w in range(nW):
                y0, y1, x0, x1 = esquina(h, w, f, stride)
                for i in range(m):
                    g = dZ[i, h, w, c]
                    dA_pad[i, y0:y1, x0:x1, :] += W[..., c] * g
                    dW[..., c] += A_pad[i, y0:y1, x0:x1, :] * g
                    db[..., c] += g
    if pad > 0:
        dA_prev = dA_pad[:, pad:-pad, pad:-pad, :]
    else:
        dA_prev = dA_pad
    return dA_prev, dW, db

def create_mask_from_window(x):
    mask = x == np.max(x)
    return mask

def distribute_value(dz, shape):
    nH, nW = shape
    return np.full((nH, nW), dz / (nH * nW))

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, nH, nW, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for c in range(n_C):
            for h in range(nH):
                for w in range(nW):
                    y0, y1, x0, x1 = esquina(h, w, f, stride)
                    ventana = A_prev[i, y0:y1, x0:x1, c]
                    if mode == "max":
                        mascara = create_mask_from_window(ventana)
                        dA_prev[i, y0:y1, x0:x1, c] += np.multiply(mascara, ventana)
                    elif mode == "average":
                        dA_prev[i, y0:y1, x0:x1, c] += distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
