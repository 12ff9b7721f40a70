"""Fixtures with the system's Chromium. A test that uses one is marked ``browser`` and runs last."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN = ("data:", "blob:", "chrome:", "chrome-extension:")
"""Beginnings of addresses that lead to no server; the last two are parts of Chromium, such as its viewer for PDF."""
TIMEOUT = 30_000
"""Milliseconds that one step in the browser may take, on a machine that is busy."""

OpenPage = Callable[..., Page]


def width_of(page: Page) -> int:
    """How wide the content is, in CSS pixels. Waits for the styles: text is there before them."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last, and long ones before the others: no process waits at the end for one of them."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one the test is skipped, or fails with ``REQUIRE_BROWSER=1``.

    Playwright's synchronous interface keeps an event loop in this thread while it is open. Django
    takes that for asynchronous code and refuses database queries, although nothing here awaits. So
    Django's own switch for this is set while Playwright is open.
    """
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        missing = "No Chromium on this machine (Debian: apt install chromium)."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, settings: Settings) -> Iterator[OpenPage]:
    """A function that opens pages as separate visitors; paths are relative to the live server.

    Only with ``keeps_offline_page`` they install the service worker, which would ask the server once more.

    At the end it fails if a page raised a JavaScript error, sent a request to another server or
    violated the content security policy.
    """
    settings.SITE_URL = live_server.url
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_one(
        *,
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
        keeps_offline_page: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            service_workers="allow" if keeps_offline_page else "block",
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, *OWN))
                else faults.append(f"foreign request: {request.url}")
            ),
        )
        context.on(
            "console",
            lambda message: (
                faults.append(f"{message.text} ({message.page and message.page.url})")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A visitor at a desk: 1280 pixels wide."""
    return open_page()


@pytest.fixture
def phone_page(open_page: OpenPage) -> Page:
    """A visitor on a phone: 360 pixels wide."""
    return open_page(width=360, height=740)


@pytest.fixture
def no_js_page(open_page: OpenPage) -> Page:
    """A visitor at a desk whose browser runs no JavaScript."""
    return open_page(javascript=False)
