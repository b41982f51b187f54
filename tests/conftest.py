"""What all tests share: fast tests before slow ones, and a browser where Chromium is installed."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.__main__ import collect_rarely
from checks.text import LANGUAGES
from tests.alone import alone
from tests.short_limits import shorten

if TYPE_CHECKING:
    from nbformat import NotebookNode

AXE = "axe-core@4.14.1"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No traffic of the browser's own, no shared caches.
CHROMIUM_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


# Modules of tests that grade as a real class is graded; those of tests/sandbox skip by themselves.
NEED_ISOLATION = (
    "test_adding_an_assignment",
    "test_attacks",
    "test_begun_course",
    "test_benchmarks",
    "test_check_command",
    "test_clusters",
    "test_convnet_attacks",
    "test_exchange",
    "test_faults",
    "test_gallery",
    "test_nbgrader",
    "test_outsiders",
    "test_shards",
    "test_stress",
)

# Modules whose tests look at one thing that takes long to make, such as a course with another
# language. Each worker would make its own, so one of them gets all these tests. (Marks for
# --dist loadgroup do nothing with pytest 9.2: pytest-xdist, issue 1386.)
ONE_WORKER = (
    "test_adding_a_language",
    "test_adding_an_assignment",
    "test_catalogue",
    "test_images",
    "test_mine",
    "test_nbgrader_start",
    "test_outsiders",
    "test_release",
    "test_repair",
    "test_returned_values",
    "test_site",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one more worker than there are cores: many tests wait for processes of their own."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out tests one by one in their order, those of a module in ONE_WORKER together."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.split("::")[0]
            return module if Path(module).stem in ONE_WORKER else nodeid

        def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
            super().mark_test_complete(node, item_index, duration)
            # At each test it counts what a worker has left in all that it ever got.
            scope = self._split_scope(self.registered_collections[node][item_index])
            if all(self.assigned_work[node][scope].values()):
                del self.assigned_work[node][scope]

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_configure() -> None:
    """Give up endless functions early; tests that need other limits set them.

    The collector would look through all that thousands of tests import, time and again: without
    it collecting them takes two thirds of the time.
    """
    shorten()
    collect_rarely()


def pytest_collection_finish() -> None:
    """Leave what there is before the first test out of what the collector looks through."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow tests last; mark every test that asks for Chromium as a browser test, and slow."""
    for item in items:
        if {"browser", "chromium"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
    grading = [item for item in items if item.path.stem in NEED_ISOLATION]
    if grading and not _isolation():
        reason = "no isolation on this machine: see `python -m autograder.sandbox`"
        for item in grading:
            item.add_marker(pytest.mark.skip(reason=reason))
    # Of the slow ones, those that one worker runs come first, then the longest: a long one that is
    # begun last keeps one worker, while the others have nothing to do.
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, float]:
    if (slow := item.get_closest_marker("slow")) is None:
        return 0, 0.0
    return (1, 0.0) if item.path.stem in ONE_WORKER else (2, -sum(slow.args))


def _isolation() -> bool:
    from autograder.sandbox import probe

    return any(available for name, available, _ in probe() if name != "process")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def notebooks(request: pytest.FixtureRequest, repository: Path) -> dict[str, NotebookNode]:
    """The notebook of a test module's `SOURCE` in each language."""
    # Imported here: the tests of the course itself also run where nbformat is absent.
    from autograder.building.notebooks import build_notebook
    from autograder.building.pictures import alt_texts

    source, texts = request.module.SOURCE, alt_texts(repository)
    return {language: build_notebook(source, language, texts) for language in LANGUAGES}


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium's program; a test that asks for it is skipped where there is none."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    pytest.skip("Chromium is not installed (Debian and Ubuntu: apt install chromium)")


# Of a module, not of the session: two Playwrights at once in one process get into each other's way.
@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[object]:
    """A headless Chromium as a Playwright browser; `browser.new_page()` opens a page."""
    # Imported here: the tests of the course itself also run where Playwright is absent.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe(repository: Path) -> str:
    """axe-core's script, fetched once into .cache/; skipped where npm or its registry is not."""
    folder = repository / ".cache" / AXE.replace("@", "-")
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    with alone(folder):
        if not script.is_file():
            if shutil.which("npm") is None:
                pytest.skip("npm is not installed (Debian and Ubuntu: apt install npm)")
            folder.mkdir(parents=True, exist_ok=True)
            command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), AXE]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
            if done.returncode != 0 or not script.is_file():
                pytest.skip(f"{AXE} can't be fetched: {done.stderr.strip()[-200:]}")
    return script.read_text("utf-8")
