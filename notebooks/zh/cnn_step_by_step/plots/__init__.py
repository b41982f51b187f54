"""The pictures of the first notebook; those of the second are in `plots.training`.

Nothing here contains a solution.
"""

from plots.layers import (
    conv_gradients,
    coverage,
    feature_maps,
    filter_moving,
    house,
    influence,
    letter_t,
    mask,
    padding,
    parameter_counts,
    pool_gradients,
    pooled,
    windows,
)

__all__ = [
    "conv_gradients",
    "coverage",
    "feature_maps",
    "filter_moving",
    "house",
    "influence",
    "letter_t",
    "mask",
    "padding",
    "parameter_counts",
    "pool_gradients",
    "pooled",
    "windows",
]
