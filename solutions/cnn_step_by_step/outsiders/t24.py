import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,0), (pad,pad), (pad,pad), (0,0)), 'constant')

def conv_single_step(a_slice_prev, W, b):
    wynik = np.sum(a_slice_prev * W)
    return wynik + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, nH_prev, nW_prev, nC_prev = A_prev.shape
    f, f, nC_prev, nC = W.shape
    krok = hparameters['stride']
    pad = hparameters['pad']
    nH = int((nH_prev - f + 2*pad)/krok) + 1
    nW = int((nW_prev - f + 2*pad)/krok) + 1
    Z = np.zeros((m, nH, nW, nC))
    A_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(nH):
            for w in range(nW):
                for c in range(nC):
                    gora = h*krok
                    dol = gora + f
                    lewo = h*krok
                    prawo = lewo + f
                    Z[i,h,w,c] = conv_single_step(A_pad[i, gora:dol, lewo:prawo, :], W[:,:,:,c], b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, nH_prev, nW_prev, nC = A_prev.shape
    f = hparameters['f']
    krok = hparameters['stride']
    nH = int((nH_prev - f)/krok) + 1
    nW = int((nW_prev - f)/krok) + 1
    A = np.zeros((m, nH, nW, nC))
    for i in range(m):
        for h in range(nH):
            for w in range(nW):
                for c in range(nC):
                    okno = A_prev[i, h*krok:h*krok+f, w*krok:w*krok+f, c]
                    if mode == "max":
                        A[i,h,w,c] = okno.max()
                    elif mode == "average":
                        A[i,h,w,c] = okno.sum()/(f*f)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    krok = hparameters['stride']
    pad = hparameters['pad']
    f = W.shape[0]
    m, nH, nW, nC = dZ.shape
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_pad = zero_pad(A_prev, pad)
    dA_pad = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(nH):
            for w in range(nW):
                for c in range(nC):
                    gora, lewo = h*krok, w*krok
                    wycinek = A_pad[i, gora:gora+f, lewo:lewo+f, :]
                    dA_pad[i, gora:gora+f, lewo:lewo+f, :] += W[:,:,:,c]*dZ[i,h,w,c]
                    dW[:,:,:,c] += wycinek*dZ[i,h,w,c]
                    db[:,:,:,c] += dZ[i,h,w,c]
    # bez ramki
    dA_prev[:,:,:,:] = dA_pad[:, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    maska = np.max(x)
    return maska

def distribute_value(dz, shape):
    nH, nW = shape
    srednia = dz/(nH*nW)
    return srednia

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f = hparameters['f']
    krok = hparameters['stride']
    m, nH, nW, nC = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for h in range(nH):
            for w in range(nW):
                for c in range(nC):
                    gora, lewo = h*krok, w*krok
                    if mode == "max":
                        okno = A_prev[i, gora:gora+f, lewo:lewo+f, c]
                        dA_prev[i, gora:gora+f, lewo:lewo+f, c] += create_mask_from_window(okno)*dA[i,h,w,c]
                    elif mode == "average":
                        dA_prev[i, gora:gora+f, lewo:lewo+f, c] += distribute_value(dA[i,h,w,c], (f,f))
    return dA_prev
