"""What can go wrong with the sandbox itself; nothing a submission does raises any of these."""


class IsolationUnavailable(RuntimeError):
    """This machine offers no isolation that separates processes."""


class SandboxError(RuntimeError):
    """The sandbox itself does not work, whatever the submission: nothing can be graded."""
