"""The catalogue of this assignment: one module per exercise, in the notebook's order."""

from solutions.catalogue import ids_of
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

_COMMON = """
zero_pad: pads_channels value_is_pad channels_first pads_every_axis height_only width_only
    one_side_only not_padded
conv_single_step: bias_inside_sum bias_missing not_scalar filter_flipped mean_instead_of_sum
    cut_to_integer
conv_forward: stride_ignored bias_inside_sum height_width_swapped_loops height_width_swapped_slice
    loop_bound_n_minus_f loop_steps_by_stride horizontal_copied_from_vertical hard_coded_example
    unpadded_input output_size first_filter_only bias_missing
pool_forward: stride_ignored loop_steps_by_stride height_width_swapped_loops
    height_width_swapped_slice horizontal_copied_from_vertical example_index_missing all_channels
    whole_image image_overwritten hard_coded_example output_size modes_swapped
conv_backward: pad_zero_crop stride_ignored last_example_only crop_missing loop_bound_n_minus_f
    height_width_swapped_loops horizontal_copied_from_vertical hard_coded_example unpadded_input
    dA_overwritten dW_overwritten crop_too_small
create_mask_from_window: returns_maximum minimum_marked largest_absolute_value
distribute_value: divides_by_sum not_divided divides_by_height integer_division returns_scalar
pool_backward: stride_ignored dA_at_window_corner dA_sliced_by_window mask_times_input
    mean_added_twice sum_of_dA window_size_hard_coded height_width_swapped_loops
    overlap_overwritten horizontal_copied_from_vertical average_not_divided
"""


COMMON = frozenset(ids_of(_COMMON))
"""Causes that real students have two or three of in one function."""
