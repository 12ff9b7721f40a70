"""A cache server for all nodes: used while it answers, left alone while it does not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache

from portal.operations import release, shared_cache
from portal.operations.shared_cache import LIMIT, SharedCache


class Server(LocMemCache):
    """Stands for a server and its client; ``fails`` is what happens to the next questions."""

    asked = 0
    fails: Exception | None = None

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(location, params)
        self.given = params

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self._answer()
        return super().get(*args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._answer()
        super().set(*args, **kwargs)

    def _answer(self) -> None:
        Server.asked += 1
        if Server.fails:
            raise Server.fails


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[[], SharedCache]:
    monkeypatch.setattr(Server, "asked", 0)
    monkeypatch.setattr(Server, "fails", None)
    monkeypatch.setattr(shared_cache._Rest, "until", 0.0)
    name = f"{__name__}.Server"
    monkeypatch.setattr(shared_cache, "LIMITS", {name: ("timeout",)})
    return lambda: SharedCache("test-shared-cache", {"OPTIONS": {"BACKEND": name}})


def test_nodes_share_what_one_of_them_keeps(made):
    made().set("/", "page")
    assert made().get("/") == "page"
    made().clear()
    assert made().get("/", "nothing") == "nothing"


def test_two_releases_keep_apart(made, monkeypatch):
    made().set("/", "page")
    monkeypatch.setattr(release, "version", lambda: "99.0.0")
    assert made().get("/") is None
    made().clear()


def test_no_request_waits_for_long(made):
    assert made()._server.given["OPTIONS"] == {"timeout": LIMIT}


@pytest.mark.parametrize("error", [ConnectionError("gone"), TypeError("of another release")])
def test_a_server_that_fails_is_left_alone_for_a_while(made, caplog, monkeypatch, error):
    cache = made()
    Server.fails = error
    cache.set("/", "page")
    assert (cache.get("/", "nothing"), cache.delete("/")) == ("nothing", False)
    assert Server.asked == 1
    assert [one.getMessage() for one in caplog.records] == [
        f"The cache server fails: {type(error).__name__}"
    ]
    Server.fails = None
    assert cache.get("/") is None
    assert Server.asked == 1
    monkeypatch.setattr(shared_cache._Rest, "until", 0.0)
    cache.set("/", "page")
    assert cache.get("/") == "page"
