import numpy as np

def zero_pad(X, pad):
    return np.pad(X,((0,0),(pad,pad),(pad,pad),(0,0)),'constant',constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev*W)+float(b)

def conv_forward(A_prev, W, b, hparameters):
    (m,n_H_prev,n_W_prev,n_C_prev)=A_prev.shape
    (f,f,n_C_prev,n_C)=W.shape
    stride=hparameters['stride']
    pad=hparameters['pad']
    n_H=int((n_H_prev-f+2*pad)/stride)+1
    n_W=int((n_W_prev-f+2*pad)/stride)+1
    Z=np.zeros((m,n_H,n_W,n_C))
    A_prev_pad=zero_pad(A_prev,pad)
    for i in range(m):
        a_prev_pad=A_prev_pad[i]
        for h in range(n_W):
            for w in range(n_H):
                for c in range(n_C):
                    a=a_prev_pad[h*stride:h*stride+f,w*stride:w*stride+f,:]
                    Z[i,h,w,c]=conv_single_step(a,W[...,c],b[...,c])
    return Z,(A_prev,W,b,hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    (m,n_H_prev,n_W_prev,n_C_prev)=A_prev.shape
    f=hparameters['f']
    stride=hparameters['stride']
    n_H=int((n_H_prev-f)/stride)+1
    n_W=int((n_W_prev-f)/stride)+1
    A=np.zeros((m,n_H,n_W,n_C_prev))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C_prev):
                    a=A_prev[i,h*stride:h*stride+f,w*stride:w*stride+f,c]
                    if mode=="max":
                        A[i,h,w,c]=np.max(a)
                    else:
                        A[i,h,w,c]=np.mean(a)
    return A,(A_prev,hparameters)

def conv_backward(dZ, cache):
    (A_prev,W,b,hparameters)=cache
    (f,f,n_C_prev,n_C)=W.shape
    stride=hparameters['stride']
    pad=hparameters['pad']
    (m,n_H,n_W,n_C)=dZ.shape
    A_prev_pad=zero_pad(A_prev,pad)
    dA_prev_pad=np.zeros(A_prev_pad.shape)
    dW=np.zeros(W.shape)
    db=np.zeros(b.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a=A_prev_pad[i,h*stride:h*stride+f,w*stride:w*stride+f,:]
                    dA_prev_pad[i,h*stride:h*stride+f,w*stride:w*stride+f,:]+=W[:,:,:,c]*dZ[i,h,w,c]
                    dW[:,:,:,c]+=a*dZ[i,h,w,c]
                    db[:,:,:,c]+=dZ[i,h,w,c]
    return dA_prev_pad[:,pad:-pad,pad:-pad,:],dW,db

def create_mask_from_window(x):
    return x==np.max(x)

def distribute_value(dz, shape):
    (n_H,n_W)=shape
    return np.ones(shape)*dz/(n_H*n_W)

def pool_backward(dA, cache, mode="max"):
    (A_prev,hparameters)=cache
    stride=hparameters['stride']
    f=hparameters['f']
    (m,n_H,n_W,n_C)=dA.shape
    dA_prev=np.zeros(A_prev.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    if mode=="max":
                        a=A_prev[i,h*stride:h*stride+f,w*stride:w*stride+f,c]
                        dA_prev[i,h*stride:h*stride+f,w*stride:w*stride+f,c]+=create_mask_from_window(a)*dA[i,h,w,c]
                    elif mode="average":
                        dA_prev[i,h*stride:h*stride+f,w*stride:w*stride+f,c]+=distribute_value(dA[i,h,w,c],(f,f))
    return dA_prev
