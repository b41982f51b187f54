"""The pictures of the first notebook; those of the second are in `plots.training`.

Nothing here contains a solution.
"""

from plots.explorers import explore_convolution, explore_gradient
from plots.layers import (
    conv_gradients,
    coverage,
    edges,
    feature_maps,
    filter_moving,
    house,
    influence,
    learned_filter,
    letter_t,
    mask,
    padding,
    parameter_counts,
    pool_gradients,
    pooled,
    windows,
)
from plots.prediction import count_windows, predict

__all__ = [
    "conv_gradients",
    "count_windows",
    "coverage",
    "edges",
    "explore_convolution",
    "explore_gradient",
    "feature_maps",
    "filter_moving",
    "house",
    "influence",
    "learned_filter",
    "letter_t",
    "mask",
    "padding",
    "parameter_counts",
    "pool_gradients",
    "pooled",
    "predict",
    "windows",
]
