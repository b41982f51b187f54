"""A notebook that is open in JupyterLite: like one in JupyterLab, without a server behind it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from solutions.tests.browser.notebook_page import IDLE, WAIT_MILLISECONDS, NotebookPage

FIRST_CELL = "import matplotlib.pyplot as plt"
START_SECONDS = 240
FAILED = "[data-mime-type='application/vnd.jupyter.stderr']"


class LitePage(NotebookPage):
    """One page with one notebook; `asked` are the addresses that page and workers asked for."""

    def __init__(self, context: Any, url: str, path: str, screenshots: Path) -> None:
        self.asked: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT_MILLISECONDS)
        self.screenshots = screenshots
        self.url, self.path = url, path
        self.open()

    def open(self) -> None:
        """Open the notebook, or open it again."""
        self.page.goto(f"{self.url}/notebooks/index.html?path={quote(self.path)}")
        self.page.wait_for_selector(IDLE, state="attached")
        self.page.wait_for_load_state("networkidle")

    def start(self) -> None:
        """Run the first cell, for which Python and its packages are loaded."""
        cell = self.cell(FIRST_CELL)
        self._run(cell, lambda: self._press(cell), START_SECONDS)

    def _press(self, cell: Any) -> None:
        self._edit(cell)
        self.page.keyboard.press("Control+Enter")

    def close(self) -> None:
        """Close the page; its kernel ends with it."""
        self.page.close()

    def outside(self) -> list[str]:
        """Return the addresses elsewhere that were asked for."""
        inside = (self.url, "data:", "blob:")
        return [address for address in self.asked if not address.startswith(inside)]

    def failures(self) -> list[str]:
        """Return what the cells that failed say."""
        return [text.strip() for text in self.page.locator(FAILED).all_inner_texts()]
