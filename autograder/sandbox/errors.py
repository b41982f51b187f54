"""What can go wrong with the sandbox itself; nothing a submission does raises any of these."""

from autograder.texts import TextError


class IsolationUnavailable(TextError):
    """This machine offers no isolation that separates processes."""


class SandboxError(TextError):
    """The sandbox itself does not work, whatever the submission: nothing can be graded."""
