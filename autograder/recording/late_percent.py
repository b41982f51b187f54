"""A late-submission plugin for nbgrader: a share of the score for each day that has begun."""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

SECONDS_OF_A_DAY = 86_400


class PercentPerDay(BasePlugin):
    """Takes `percent` of the score for each day late that has begun, at most all of it."""

    percent = Float(10.0, min=0.0, max=100.0, help="Per cent of the score for each day.").tag(
        config=True
    )

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """Return the points that a submission loses."""
        days = math.ceil(total_seconds_late / SECONDS_OF_A_DAY)
        return score * min(self.percent * days, 100.0) / 100.0
