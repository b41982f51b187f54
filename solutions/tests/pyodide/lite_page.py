"""A notebook that is open in JupyterLite: like one in JupyterLab, without a server behind it."""

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import expect

from solutions.tests.browser.notebook_page import (
    IDLE,
    JUPYTERLAB,
    NUMBER,
    STARTS_WITHIN_MILLISECONDS,
    WAIT_MILLISECONDS,
    NotebookPage,
)

FIRST_CELL = "import matplotlib.pyplot as plt"
START_SECONDS = 240
CELL = ".jp-NotebookPanel .jp-Cell"
PROMPTS = ".jp-CodeCell .jp-InputPrompt"
WAITS = "[*]:"
FAILED = "[data-mime-type='application/vnd.jupyter.stderr']"
# Matplotlib says so in each new kernel of a browser, where nothing is kept from the last one.
FONT_CACHE = "Matplotlib is building the font cache; this may take a moment."


class LitePage(NotebookPage):
    """One page with one notebook; `asked` are the addresses that page and workers asked for."""

    def __init__(
        self, context: Any, url: str, path: str, screenshots: Path, has_python: bool = True
    ) -> None:
        self.asked: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        self._processes = context.browser.new_browser_cdp_session()
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT_MILLISECONDS)
        self.screenshots = screenshots
        self.url, self.path = url, path
        self.ready = IDLE[JUPYTERLAB] if has_python else CELL
        self.open()

    def open(self) -> None:
        """Open the notebook, or open it again."""
        self.page.goto(f"{self.url}/notebooks/index.html?path={quote(self.path)}")
        self.page.wait_for_selector(self.ready, state="attached", timeout=START_SECONDS * 1000)
        self.page.wait_for_load_state("networkidle")

    def start(self) -> None:
        """Run the first cell, for which Python and its packages are loaded."""
        cell = self.cell(FIRST_CELL)
        self._run(cell, lambda: self._press(cell), START_SECONDS)

    def run_all(self, seconds: float = START_SECONDS) -> None:
        """Run all cells, and wait until no cell waits; all have run, or one has failed."""
        prompts = self.page.locator(PROMPTS)
        before = prompts.first.inner_text()
        for _ in range(4):  # as NotebookPage._run says
            self.choose("Run", "Run All Cells")
            try:
                expect(prompts.first).not_to_have_text(before, timeout=STARTS_WITHIN_MILLISECONDS)
                break
            except AssertionError:
                continue
        expect(prompts.filter(has_text=WAITS)).to_have_count(0, timeout=seconds * 1000)
        self.page.wait_for_selector(IDLE[JUPYTERLAB], state="attached")

    def not_run(self) -> int:
        """Return how many code cells have no number, for they have not run."""
        numbers = self.page.locator(PROMPTS).all_inner_texts()
        return sum(NUMBER.fullmatch(number) is None for number in numbers)

    def _press(self, cell: Any) -> None:
        self._edit(cell)
        self.page.keyboard.press("Control+Enter")

    def outside(self) -> list[str]:
        """Return the addresses elsewhere that were asked for.

        The kernel's own requests come from a worker; that Pyodide's are among those seen shows that
        none of a worker's is overlooked.
        """
        assert any(urlsplit(address).path.endswith(".wasm") for address in self.asked), self.asked
        inside = (self.url, "data:", "blob:")
        return [address for address in self.asked if not address.startswith(inside)]

    def failures(self) -> list[str]:
        """Return what the cells that failed say."""
        said = (text.strip() for text in self.page.locator(FAILED).all_inner_texts())
        return [text for text in said if text != FONT_CACHE]

    def clock(self) -> tuple[float, float]:
        """Return the time and the CPU time of Chromium's pages so far, in seconds."""
        processes = self._processes.send("SystemInfo.getProcessInfo")["processInfo"]
        cpu = sum(each["cpuTime"] for each in processes if each["type"] == "renderer")
        return time.monotonic(), cpu
