"""The catalogue of this assignment: one module per exercise, in the notebook's order."""

from solutions.catalogue import ids_of
from solutions.convnet_application.misconceptions import (
    col2im,
    conv_backward_fast,
    conv_forward_fast,
    dense_backward,
    dense_forward,
    flatten,
    gradient_check,
    im2col,
    network_backward,
    pool_backward_fast,
    pool_forward_fast,
    relu_backward,
    relu_forward,
    sgd_momentum_step,
    softmax_cross_entropy,
)

_COMMON = """
relu_forward: negatives_kept absolute_value leaky unchanged changes_input cut_off_above
relu_backward: mask_of_gradient mask_inverted mask_missing gradient_unused times_input forward_again
flatten: examples_joined unchanged examples_mixed numbers_in_another_order first_example_only
dense_forward: bias_missing bias_subtracted weights_transposed activation_applied averaged cache
dense_backward: averaged_over_batch db_shape db_over_outputs db_not_summed cache_order
    outputs_exchanged dA_prev_weights_as_they_are dW_input_as_it_is dW_factors_exchanged
    dA_prev_relu gradient_step_taken
softmax_cross_entropy: max_not_subtracted softmax_over_examples log_of_zero epsilon_in_logarithm
    loss_sign loss_summed dZ_not_averaged one_hot_not_subtracted dZ_sign one_hot_added
    outputs_exchanged
gradient_check: one_sided_difference divided_by_h h_hard_coded dZ_ignored
    error_not_relative error_squared error_of_one_gradient mean_instead_of_sum outputs_exchanged
    h_not_divided all_entries_at_once steps_accumulate
sgd_momentum_step: uphill learning_rate_in_velocity moving_average momentum_unused old_velocity_used
    nesterov learning_rate_missing rates_exchanged velocity_unused outputs_exchanged
network_backward: relu_missing mask_of_gradient relu_arguments_exchanged relu_before_pooling
    reshaped_in_another_order weights_and_biases_exchanged averaged_over_batch size_hard_coded
im2col: output_size height_width_swapped stride_ignored channel_not_last column_before_row slice_end
    not_flattened first_example_only reshaped_without_transpose vertical_stride_ignored
    horizontal_stride_ignored
col2im: overlap_overwritten output_size stride_ignored column_before_row channel_not_last slice_end
    subtracted first_example_only starts_from_ones
conv_forward_fast: bias_missing unpadded_input pad_hard_coded stride_ignored kernel_flipped
    bias_added_twice filters_mixed_up padded_twice cache_content bias_subtracted
    hyperparameters_swapped padding_value
conv_backward_fast: crop_missing pad_zero_crop db_mean db_shape dW_mean all_divided_by_m
    W_not_transposed unpadded_input stride_ignored order_of_results dA_prev_divided sign_reversed
pool_forward_fast: channels_mixed_up wrong_axis always_max modes_swapped sum_for_mean minimum
    stride_ignored f_and_stride_swapped window_size_hard_coded cache_content mode_name
pool_backward_fast: mask_unused average_not_divided modes_swapped overlap_overwritten stride_ignored
    gradient_unused mask_times_input sum_of_dA mask_of_minimum average_divisor mode_name
"""
COMMON = frozenset(ids_of(_COMMON))
"""Causes that students have two or three of in one function."""

MISCONCEPTIONS = (
    *relu_forward.MISCONCEPTIONS,
    *relu_backward.MISCONCEPTIONS,
    *flatten.MISCONCEPTIONS,
    *dense_forward.MISCONCEPTIONS,
    *dense_backward.MISCONCEPTIONS,
    *softmax_cross_entropy.MISCONCEPTIONS,
    *gradient_check.MISCONCEPTIONS,
    *sgd_momentum_step.MISCONCEPTIONS,
    *network_backward.MISCONCEPTIONS,
    *im2col.MISCONCEPTIONS,
    *col2im.MISCONCEPTIONS,
    *conv_forward_fast.MISCONCEPTIONS,
    *conv_backward_fast.MISCONCEPTIONS,
    *pool_forward_fast.MISCONCEPTIONS,
    *pool_backward_fast.MISCONCEPTIONS,
)
