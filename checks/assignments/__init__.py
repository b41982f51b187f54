"""Every assignment of the course by name; a new one is one line here."""

from checks.assignments import cnn_step_by_step, convnet_application
from checks.model import Assignment

ASSIGNMENTS: dict[str, Assignment] = {
    module.ASSIGNMENT.name: module.ASSIGNMENT for module in (cnn_step_by_step, convnet_application)
}

FIRST = next(iter(ASSIGNMENTS))
"""The assignment that is meant where none is named."""
