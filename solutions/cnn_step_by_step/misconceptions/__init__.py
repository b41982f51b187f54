"""The catalogue of this assignment: one module per exercise, in the notebook's order."""

from solutions.cnn_step_by_step.misconceptions import (
    conv_single_step,
    create_mask_from_window,
    distribute_value,
    zero_pad,
)

MISCONCEPTIONS = (
    *zero_pad.MISCONCEPTIONS,
    *conv_single_step.MISCONCEPTIONS,
    *create_mask_from_window.MISCONCEPTIONS,
    *distribute_value.MISCONCEPTIONS,
)
