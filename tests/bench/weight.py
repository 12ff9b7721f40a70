"""What a browser loads on its first visit."""

import http.client
import re
from dataclasses import dataclass

LINK = re.compile(
    rb"""<(?:link[^>]+rel="(?:stylesheet|icon|preload)"[^>]*href|script[^>]+src|img[^>]+src)="([^"]+)\""""
)
LINK_HREF_FIRST = re.compile(
    rb"""<link[^>]*href="([^"]+)"[^>]*rel="(?:stylesheet|icon|preload)\""""
)


@dataclass
class Visit:
    bytes: int
    files: list[str]
    elsewhere: list[str]


def _get(port: int, path: str, encoding: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    body = connection.getresponse().read()
    connection.close()
    return body


def first_visit(port: int, path: str = "/") -> Visit:
    """Bytes transferred for ``path`` and everything that it loads, compressed as the server does it."""
    page = _get(port, path, "identity")
    found = {url.decode() for url in (*LINK.findall(page), *LINK_HREF_FIRST.findall(page))}
    local = sorted(url for url in found if url.startswith("/") and not url.startswith("//"))
    files = [path, *local]
    size = sum(len(_get(port, file, "br, gzip")) for file in files)
    return Visit(size, files, sorted(found - set(local)))
