"""One sandbox for all of these tests, and a short way to run something in it."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.sandbox import Call, Cell, Group, Job, JobResult, Limits, Sandbox, probe

AVAILABLE = {name: available for name, available, _ in probe()}

# Small, so that a test of a limit does not take long; the defaults are a grader's. The clock is to
# end only what sleeps: on a busy machine a process may get a tenth of a core for a while.
QUICK = Limits(
    cell_cpu=0.6,
    notebook_cpu=2.0,
    call_cpu=0.5,
    group_cpu=1.5,
    wall_factor=20.0,
    wall_retries=1,
    memory_bytes=256 << 20,
)

# For what sleeps, which the clock alone ends.
SLEEPS = {"wall_factor": 4.0}


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox at the best level of this machine."""
    if not AVAILABLE["namespaces"]:
        pytest.skip("no namespaces on this machine: see `python -m autograder.sandbox`")
    with Sandbox() as made:
        yield made


@pytest.fixture
def run(sandbox: Sandbox) -> Callable[..., JobResult]:
    """Run cells (texts) and groups ({name: [(function, *arguments), ...]})."""

    def run(
        *cells: str, groups: dict[str, list[tuple]] | None = None, folder: Any = None, **options
    ) -> JobResult:
        made = tuple(
            Group(name, tuple(Call(function, tuple(arguments)) for function, *arguments in calls))
            for name, calls in (groups or {}).items()
        )
        limits = dataclasses.replace(QUICK, **options.pop("limits", {}))
        listed = tuple(Cell(source, index) for index, source in enumerate(cells))
        return sandbox.run(Job(listed, made, limits=limits, **options), folder)

    return run


@pytest.fixture
def value(run: Callable[..., JobResult]) -> Callable[[str], Any]:
    """What `probe()` returns once `source` was run in a cell."""

    def value(source: str, **options) -> Any:
        (result,) = run(source, groups={"probe": [("probe",)]}, **options).groups["probe"]
        assert result.status == "ok", (result.status, result.error)
        return result.value

    return value
