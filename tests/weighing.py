"""What a browser loads from the network, counted by Chromium as it arrives: compressed, with headers."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page


@dataclass
class Scale:
    """Weighs what ``page`` loads; what comes out of the browser's cache weighs nothing."""

    page: Page
    urls: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._loaded)

    def _sent(self, event: dict[str, Any]) -> None:
        self.urls[event["requestId"]] = event["request"]["url"]

    def _loaded(self, event: dict[str, Any]) -> None:
        url = self.urls[event["requestId"]]
        self.bytes[url] = self.bytes.get(url, 0) + event["encodedDataLength"]

    def visit(self, url: str) -> dict[str, float]:
        """Bytes of each file that going to ``url`` has loaded."""
        self.bytes = {}
        self.page.goto(url, wait_until="networkidle")
        return self.bytes
