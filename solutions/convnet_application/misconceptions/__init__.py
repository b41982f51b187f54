"""The catalogue of this assignment: one module per exercise, in the notebook's order."""

from solutions.convnet_application.misconceptions import (
    col2im,
    conv_backward_fast,
    conv_forward_fast,
    dense_backward,
    dense_forward,
    flatten,
    gradient_check,
    im2col,
    pool_backward_fast,
    pool_forward_fast,
    relu_backward,
    relu_forward,
    sgd_momentum_step,
    softmax_cross_entropy,
)

MISCONCEPTIONS = (
    *relu_forward.MISCONCEPTIONS,
    *relu_backward.MISCONCEPTIONS,
    *flatten.MISCONCEPTIONS,
    *dense_forward.MISCONCEPTIONS,
    *dense_backward.MISCONCEPTIONS,
    *softmax_cross_entropy.MISCONCEPTIONS,
    *gradient_check.MISCONCEPTIONS,
    *sgd_momentum_step.MISCONCEPTIONS,
    *im2col.MISCONCEPTIONS,
    *col2im.MISCONCEPTIONS,
    *conv_forward_fast.MISCONCEPTIONS,
    *conv_backward_fast.MISCONCEPTIONS,
    *pool_forward_fast.MISCONCEPTIONS,
    *pool_backward_fast.MISCONCEPTIONS,
)
