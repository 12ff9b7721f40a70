"""Pages on a slow line of a phone, as Chromium throttles it: how long until somebody sees the content."""

import shutil
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import CHROMIUM, FLAGS
from tests.weighing import Scale

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Slow 3G as WebPageTest has it: 400 ms there and back, 400 kbit/s."""
ROUNDS = 3
PAINTED = """
() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
})
"""
"""Milliseconds until the largest piece of text or picture is there."""


def seconds_until_content(port: int, paths: list[str]) -> dict[str, tuple[float, float]]:
    """For each path of a first visit the middle of :data:`ROUNDS`: seconds, and kilobytes that were loaded."""
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        found = {path: _middle(browser, f"http://127.0.0.1:{port}{path}") for path in paths}
        browser.close()
    return found


def _middle(browser: Browser, url: str) -> tuple[float, float]:
    return sorted(_visit(browser, url) for _round in range(ROUNDS))[ROUNDS // 2]


def _visit(browser: Browser, url: str) -> tuple[float, float]:
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        _throttle(page)
        loaded = Scale(page).visit(url)
        milliseconds: Any = page.evaluate(PAINTED)
        return milliseconds / 1000, sum(loaded.values()) / 1000


def _throttle(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
