"""What the tests of the solutions share: short limits, and what they tell beside passing."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.short_limits import shorten

TOLD = "told"


@pytest.fixture(scope="session", autouse=True)
def known_to_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have workers share what they find out of wrong functions: ten CPU seconds for each seed."""
    try:
        from solutions.tests.naming import KNOWN
    except ImportError:  # the course runs without its engine, too
        return
    base = tmp_path_factory.getbasetemp()
    KNOWN.path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "known.jsonl"


def pytest_configure() -> None:
    """Give up endless functions early; tests that need other limits set them."""
    shorten()


@pytest.fixture
def tell(record_property: Callable[[str, Any], None]) -> Callable[..., None]:
    """Keep a line for the end of the run: ``tell(line, table)``, below the table's first line.

    What a test prints is lost where workers run the tests.
    """

    def tell(line: str, table: str = "") -> None:
        record_property(TOLD, [table, line.strip("\n")])

    return tell


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests told, table by table."""
    tables: dict[str, dict[str, None]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for key, value in getattr(report, "user_properties", ()):
                if key == TOLD:
                    table, line = value
                    # A test has several reports, and each of them all that it told.
                    tables.setdefault(table, {})[line] = None
    for table, lines in sorted(tables.items()):
        terminalreporter.section(table or "what tests tell", "-")
        for line in lines:
            terminalreporter.write_line(line)
