"""A notebook that is open in JupyterLab, and what a student does with it."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

WAIT_MILLISECONDS = 60_000
# The number before a cell is a star while the cell waits or runs.
NUMBER = re.compile(r"^\[\d+\]:$")
JUPYTERLAB, NOTEBOOK = "doc/tree", "notebooks"
IDLE = {
    JUPYTERLAB: ".jp-NotebookPanel-toolbar [data-status='idle']",
    NOTEBOOK: ".jp-Notebook .jp-CodeCell .cm-content",
}
STARTS_WITHIN_MILLISECONDS = 5_000
PASTE = """(editor, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  editor.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true})
  );
}"""
# Closing the page leaves the kernel running, and the next page with this notebook would get it.
END_KERNELS = """async () => {
  const token = document.cookie.match(/_xsrf=([^;]*)/)?.[1] ?? "";
  const sessions = await (await fetch("/api/sessions")).json();
  for (const session of sessions) {
    await fetch(`/api/sessions/${session.id}`, {
      method: "DELETE", headers: {"X-XSRFToken": token},
    });
  }
}"""
# Contrast as in https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, against the nearest background.
CONTRAST = """element => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const clear = (colour) => numbers(colour)[3] === 0;
  let behind = element;
  while (behind.parentElement && clear(getComputedStyle(behind).backgroundColor)) {
    behind = behind.parentElement;
  }
  const pair = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
  const [dark, light] = pair.map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}"""


class NotebookPage:
    """One page of a browser with one notebook, `path` within JupyterLab's folder.

    `program` opens it: JupyterLab, or Notebook, which the same server has.
    """

    def __init__(
        self, browser: Any, url: str, path: Path, screenshots: Path, program: str = JUPYTERLAB
    ) -> None:
        self.page = browser.new_page(viewport={"width": 1180, "height": 1100})
        self.page.set_default_timeout(WAIT_MILLISECONDS)
        self.screenshots = screenshots
        self.page.goto(f"{url}/{program}/{urllib.parse.quote(path.as_posix())}?reset")
        self.page.wait_for_selector(IDLE[program], state="attached")
        self.page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.page.evaluate(END_KERNELS)
        self.page.close()

    def cell(self, text: str) -> Any:
        """Return the first code cell whose source holds `text`."""
        source = self.page.locator(".jp-InputArea", has_text=text)
        return self.page.locator(".jp-CodeCell").filter(has=source).first

    def output(self, text: str) -> Any:
        """Return what the cell whose source holds `text` shows."""
        return self.cell(text).locator(".jp-OutputArea")

    def fill(self, text: str, source: str) -> None:
        """Replace the source of a cell by pasting."""
        editor = self._edit(self.cell(text))
        self.page.keyboard.press("ControlOrMeta+a")
        editor.evaluate(PASTE, source)

    def run(self, text: str) -> Any:
        """Run one cell and return its output."""
        cell = self.cell(text)

        def press() -> None:
            self._edit(cell)
            self.page.keyboard.press("Control+Enter")

        self._run(cell, press)
        return self.output(text)

    def run_all(self, seconds: float = WAIT_MILLISECONDS / 1000) -> None:
        """Run all cells from top to bottom, which may take this long."""
        last = self.page.locator(".jp-CodeCell").last
        self._run(last, lambda: self.choose("Run", "Run All Cells"), seconds)

    def _edit(self, cell: Any) -> Any:
        """Put the cursor into a cell, and return its editor."""
        editor = cell.locator(".cm-content")
        editor.click()
        expect(editor).to_be_focused()
        return editor

    def _run(
        self, cell: Any, start: Callable[[], None], seconds: float = WAIT_MILLISECONDS / 1000
    ) -> None:
        """Do what runs `cell`, and wait until it has run.

        JupyterLab drops what is run while it is still connecting to the kernel, without a word
        and after it has called the kernel idle. Then this does what a student does: try again.
        """
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(4):
            start()
            try:
                expect(prompt).not_to_have_text(before, timeout=STARTS_WITHIN_MILLISECONDS)
                break
            except AssertionError:
                continue
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(NUMBER, timeout=seconds * 1000)
        # Outputs are drawn a moment after the number.
        self.page.wait_for_timeout(200)

    def choose(self, *names: str) -> None:
        """Choose from JupyterLab's menus, the outermost name first."""
        for name in names:
            self.page.get_by_role("menuitem", name=name, exact=True).click()

    def validate(self) -> Any:
        """Press nbgrader's button and return the dialog that appears."""
        self.page.get_by_role("button", name="Validate").click()
        dialog = self.page.locator(".jp-Dialog-content")
        dialog.wait_for()
        return dialog

    def photograph(self, name: str, part: Any = None) -> None:
        """Save a picture of the window, or of a part of it."""
        (part or self.page).screenshot(path=self.screenshots / f"{name}.png")

    def contrast(self, part: Any) -> float:
        """Return the contrast of a part's text with what lies behind it, 1 to 21."""
        return part.evaluate(CONTRAST)
