"""The name of `plots` in a first notebook that was released before there was plots/."""

from plots.kit import *  # noqa: F403
from plots.layers import *  # noqa: F403
