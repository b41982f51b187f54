import numpy as np
import matplotlib.pyplot as plt

def zero_pad(X, pad):
    padding = ((0, 0), (pad, pad), (pad, pad), (0, 0))
    return np.pad(X, padding, mode='constant', constant_values=(0, 0))

def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W) + b
    Z = np.sum(s)
    return Z

def conv_forward(A_prev, W, b, hparameters):
    m, altura, largura, canais = A_prev.shape
    f, _, _, filtros = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']

    nova_altura = int((altura + 2 * pad - f) / stride + 1)
    nova_largura = int((largura + 2 * pad - f) / stride + 1)

    Z = np.zeros((m, nova_altura, nova_largura, filtros))
    entrada = zero_pad(A_prev, pad)

    for n in range(m):
        for y in range(nova_altura):
            for x in range(nova_largura):
                # recorte da imagem, todos os filtros juntos
                recorte = entrada[n, y:y + f, x:x + f, :]
                Z[n, y, x, :] = (
                    np.sum(recorte[:, :, :, np.newaxis] * W, axis=(0, 1, 2)) + b[0, 0, 0, :]
                )

    cache = (A_prev, W, b, hparameters)
    return Z, cache

def pool_forward(A_prev, hparameters, mode='max'):
    m, altura, largura, canais = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    nova_altura = int((altura - f) / stride + 1)
    nova_largura = int((largura - f) / stride + 1)
    A = np.zeros((m, nova_altura, nova_largura, canais))

    for n in range(m):
        for y in range(nova_altura):
            for x in range(nova_largura):
                recorte = A_prev[n, y:y + f, x:x + f, :]
                if mode == 'max':
                    A[n, y, x] = recorte.max(axis=(0, 1))
                elif mode == 'average':
                    A[n, y, x] = recorte.mean(axis=(0, 1))
    return A, (A_prev, hparameters)

# teste rapido
if __name__ == '__main__':
    np.random.seed(1)
    x = np.random.randn(4, 3, 3, 2)
    x_pad = zero_pad(x, 2)
    print(x.shape, x_pad.shape)
    fig, axarr = plt.subplots(1, 2)
    axarr[0].imshow(x[0, :, :, 0])
    axarr[1].imshow(x_pad[0, :, :, 0])
    plt.show()
