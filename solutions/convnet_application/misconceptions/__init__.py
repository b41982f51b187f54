"""The catalogue of this assignment: one module per exercise, in the notebook's order."""

from solutions.convnet_application.misconceptions import (
    dense_backward,
    dense_forward,
    flatten,
    relu_backward,
    relu_forward,
)

MISCONCEPTIONS = (
    *relu_forward.MISCONCEPTIONS,
    *relu_backward.MISCONCEPTIONS,
    *flatten.MISCONCEPTIONS,
    *dense_forward.MISCONCEPTIONS,
    *dense_backward.MISCONCEPTIONS,
)
