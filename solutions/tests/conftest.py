"""What the tests of the solutions share."""

from tests.short_limits import shorten


def pytest_configure() -> None:
    """Give up endless functions early; tests that need other limits set them."""
    shorten()
