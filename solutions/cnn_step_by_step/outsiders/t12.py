import numpy as np

def zero_pad(X, pad):
    return np.pad(
        X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=(pad, pad)
    )

def conv_single_step(a_slice_prev, W, b):
    summe = np.sum(np.multiply(a_slice_prev, W))
    return summe + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, hoehe, breite, kanaele = A_prev.shape
    f = W.shape[0]
    anzahl = W.shape[3]
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((hoehe - f + 2*pad)/stride) + 1
    n_W = int((breite - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, anzahl))
    A_pad = zero_pad(A_prev, pad)
    for i in range(m):
        bild = A_pad[i]
        for h in range(n_H - f + 1):
            for w in range(n_W - f + 1):
                ausschnitt = bild[h*stride:h*stride + f,w*stride:w*stride + f,:]
                for c in range(anzahl):
                    Z[i,h,w,c] = np.sum(ausschnitt*W[:,:,:,c]) + np.squeeze(b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode='max'):
    m, hoehe, breite, kanaele = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_H = int((hoehe - f)/stride) + 1
    n_W = int((breite - f)/stride) + 1
    A = np.zeros((m, n_H, n_W, kanaele))
    for i in range(m):
        for h in range(n_H - f + 1):
            for w in range(n_W - f + 1):
                for c in range(kanaele):
                    ausschnitt = A_prev[
                        i,h*stride:h*stride + f,w*stride:w*stride + f,c
                    ]
                    A[i,h,w,c] = np.max(ausschnitt) if mode == 'max' else np.mean(ausschnitt)
    return A, (A_prev, hparameters)

# Rueckwaerts mache ich spaeter
