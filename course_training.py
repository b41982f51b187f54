"""The name of `plots.training` in a second notebook that was released before there was plots/."""

from plots.digits import *  # noqa: F403
from plots.kit import *  # noqa: F403
from plots.take_over import *  # noqa: F403
from plots.training import *  # noqa: F403
