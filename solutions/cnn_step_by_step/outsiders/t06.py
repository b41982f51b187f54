import numpy as np

def zero_pad(X, pad):
	return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=0)

def conv_single_step(a_slice_prev, W, b):
	carpim = np.multiply(a_slice_prev, W)
	toplam = np.sum(carpim)
	return toplam + float(b)

def conv_forward(A_prev, W, b, hparameters):
	m, H, G, C0 = A_prev.shape
	f, _, _, C = W.shape
	stride = hparameters["stride"]
	pad = hparameters["pad"]
	n_H = (H - f + 2*pad)//stride + 1
	n_W = (G - f + 2*pad)//stride + 1
	Z = np.zeros((m, n_H, n_W, C))
	Ap = zero_pad(A_prev, pad)
	i = 0
	while i < m:
		h = 0
		while h < n_H:
			w = 0
			while w < n_W:
				parca = Ap[i,h*stride:h*stride + f,w*stride:w*stride + f,:]
				c = 0
				while c < C:
					Z[i,h,w,c] = conv_single_step(parca, W[:,:,:,c], b[:,:,:,c])
					c += 1
				w += 1
			h += 1
		i += 1
	return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
	m, H, G, C = A_prev.shape
	f = hparameters["f"]
	stride = hparameters["stride"]
	n_H = (H - f)//stride + 1
	n_W = (G - f)//stride + 1
	A = np.zeros((m, n_H, n_W, C))
	for i in range(m):
		for c in range(C):
			h = 0
			while h < n_H:
				w = 0
				while w < n_W:
					# pencere
					pencere = A_prev[i,h:h + f,w:w + f,c]
					if mode == "max":
						A[i,h,w,c] = np.max(pencere)
					else:
						A[i,h,w,c] = np.mean(pencere)
					w += stride
				h += stride
	return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
	A_prev, W, b, hparameters = cache
	stride = hparameters["stride"]
	pad = hparameters["pad"]
	m, n_H, n_W, C = dZ.shape
	f = W.shape[0]
	Ap = zero_pad(A_prev, pad)
	dAp = np.zeros(Ap.shape)
	dW = np.zeros(W.shape)
	db = np.zeros(b.shape)
	i = 0
	while i < m:
		h = 0
		while h < n_H:
			w = 0
			while w < n_W:
				c = 0
				while c < C:
					dAp[i,h:h + f,w:w + f,:] += W[:,:,:,c] * dZ[i,h,w,c]
					dW[:,:,:,c] += Ap[i,h:h + f,w:w + f,:] * dZ[i,h,w,c]
					db[:,:,:,c] += dZ[i,h,w,c]
					c += 1
				w += 1
			h += 1
		i += 1
	dA_prev = dAp[:,pad:-pad,pad:-pad,:]
	return dA_prev, dW, db

def create_mask_from_window(x):
	return x == np.max(x)

def distribute_value(dz, shape):
	return np.ones(shape)*(dz/(shape[0] * shape[1]))

def pool_backward(dA, cache, mode="max"):
	A_prev, hparameters = cache
	f = hparameters["f"]
	m, n_H, n_W, C = dA.shape
	dA_prev = np.zeros(A_prev.shape)
	for i in range(m):
		for c in range(C):
			h = 0
			while h < n_H:
				w = 0
				while w < n_W:
					if mode == "max":
						maske = create_mask_from_window(A_prev[i,h:h + f,w:w + f,c])
						dA_prev[i,h:h + f,w:w + f,c] += maske*dA[i,h,w,c]
					else:
						dA_prev[i,h:h + f,w:w + f,c] += distribute_value(
							dA[i,h,w,c], (f, f)
						)
					w += 1
				h += 1
	return dA_prev
