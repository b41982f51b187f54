"""A notebook that is open in VS Code, and what a student does with it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from solutions.tests.browser.notebook_page import CONTRAST

WAIT_MILLISECONDS = 60_000
OPENS_WITHIN_MILLISECONDS = 10_000
WIDTH, HEIGHT = 1180, 1100
FILES = ".explorer-folders-view .monaco-list-row"
EDITOR = ".notebook-editor"
BUTTON = ".notebook-toolbar-container [aria-label^='{}']"
RUN_ALL, INTERRUPT = (BUTTON.format(name) for name in ("Run All", "Interrupt"))
PROMPT = ".quick-input-widget input"
# Where the list of cells is, and how long it is.
PLACE = "rows => rows.style.top + rows.style.transform + rows.style.height"
ROWS = ".notebookOverlay .monaco-list-rows"
# So far a turn of the wheel goes, see SETTINGS in conftest.py; then VS Code draws.
TURN = 400
PAUSE_MILLISECONDS = 300
EDGE = (60, 500)
BELOW_TOOLBAR = 150
BEHIND = "(_, colour) => document.documentElement.style.backgroundColor = colour"


class CodePage:
    """One page of a browser with one notebook.

    VS Code shows text and outputs in frames of their own, `shown`; code and buttons lie around
    them. It makes an output when it comes into sight for the first time, and keeps it.
    """

    def __init__(self, browser: Any, url: str, path: Path, screenshots: Path) -> None:
        self.page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        self.page.set_default_timeout(WAIT_MILLISECONDS)
        self.path, self.screenshots = path, screenshots
        self.page.goto(f"{url}/?folder={quote(str(path.parent))}")
        file = self.page.locator(FILES, has_text=path.name)
        for _ in range(4):
            # Before its extensions are there, VS Code opens a notebook as text.
            file.dblclick()
            try:
                self.page.wait_for_selector(EDITOR, timeout=OPENS_WITHIN_MILLISECONDS)
                break
            except Late:
                self.command("View: Close All Editors")
        self.page.wait_for_selector(RUN_ALL)
        self.command("View: Close Primary Side Bar")
        frame = self.page.frame_locator("iframe.webview")
        self.shown = frame.frame_locator("#active-frame")
        expect(self.shown.locator(".preview").first).to_be_visible()

    def close(self) -> None:
        """Close the page; the kernel ends with it."""
        self.page.close()

    def command(self, name: str) -> None:
        """Run a command of VS Code by its name, as F1 offers it."""
        self.page.keyboard.press("F1")
        self.page.locator(PROMPT).fill(f">{name}")
        self.page.locator(".quick-input-list .monaco-list-row", has_text=name).first.click()
        expect(self.page.locator(PROMPT)).to_be_hidden()

    def run_all(self, seconds: float) -> None:
        """Press Run All, and wait until no cell runs."""
        self.page.locator(RUN_ALL).click()
        self.page.locator(INTERRUPT).wait_for()
        self.page.locator(RUN_ALL).wait_for(timeout=seconds * 1000)

    def see_everything(self) -> None:
        """Go through the notebook from its first cell to its last, in a high window."""
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": size["width"], "height": 3 * HEIGHT})
        self.turn(-200)
        rows, before = self.page.locator(ROWS).first, ""
        while (now := rows.evaluate(PLACE)) != before:
            before = now
            self.turn(6)
        self.page.set_viewport_size(size)

    def turn(self, times: int) -> None:
        """Turn the mouse wheel over the notebook, downwards or (below zero) upwards."""
        # At the edge, where the pointer changes nothing that it passes.
        self.page.mouse.move(*EDGE)
        for _ in range(abs(times)):
            self.page.mouse.wheel(0, 100 if times > 0 else -100)
        self.page.wait_for_timeout(PAUSE_MILLISECONDS)

    def bring(self, part: Any) -> Any:
        """Bring a part of an output or of the text into the window, and return it."""
        for _ in range(100):
            # What was never in sight is farther down.
            away = part.bounding_box()["y"] - BELOW_TOOLBAR if part.count() else 2 * TURN
            if 0 <= away < TURN:
                break
            self.turn(int(away // TURN))
        return part

    def in_order(self, selector: str) -> list[Any]:
        """Return the parts with an id that a selector finds, the uppermost first.

        VS Code keeps outputs in the order in which it has made them.
        """
        found = {part.bounding_box()["y"]: part for part in self.shown.locator(selector).all()}
        ids = [found[y].get_attribute("id") for y in sorted(found)]
        return [self.shown.locator(f"#{name}") for name in ids]

    def saved(self) -> dict[str, Any]:
        """Save, and return what VS Code has written."""
        before = self.path.stat().st_mtime_ns
        self.command("File: Save")
        for _ in range(100):
            self.page.wait_for_timeout(100)
            if self.path.stat().st_mtime_ns != before:
                with contextlib.suppress(ValueError):  # it is being written
                    return json.loads(self.path.read_text("utf-8"))
        raise AssertionError("VS Code has not saved the notebook")

    def photograph(self, name: str, part: Any = None) -> None:
        """Save a picture of the window, or of a part of it."""
        (part or self.page).screenshot(path=self.screenshots / f"{name}.png")

    def contrast(self, part: Any) -> float:
        """Return the contrast of a part's text with what lies behind it, 1 to 21.

        Behind what has no colour is VS Code's editor, in another frame: it lends its colour.
        """
        part.evaluate(BEHIND, "var(--vscode-editor-background)")
        contrast = part.evaluate(CONTRAST)
        part.evaluate(BEHIND, "")
        return contrast
