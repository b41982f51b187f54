"""The catalogue of this assignment: one module per exercise, in the notebook's order."""

from solutions.cnn_step_by_step.misconceptions import (
    conv_backward,
    conv_forward,
    conv_single_step,
    create_mask_from_window,
    distribute_value,
    pool_backward,
    pool_forward,
    zero_pad,
)

MISCONCEPTIONS = (
    *zero_pad.MISCONCEPTIONS,
    *conv_single_step.MISCONCEPTIONS,
    *conv_forward.MISCONCEPTIONS,
    *pool_forward.MISCONCEPTIONS,
    *conv_backward.MISCONCEPTIONS,
    *create_mask_from_window.MISCONCEPTIONS,
    *distribute_value.MISCONCEPTIONS,
    *pool_backward.MISCONCEPTIONS,
)
