"""A cache server that all nodes share (``CACHE_URL``). The portal does without it while it does not answer.

What lies there is pickled, so only the portal may reach the server.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.utils.module_loading import import_string

from . import release

T = TypeVar("T")

PAUSE = 10.0
"""Seconds for which a server that failed is left alone."""
LIMIT = 0.5
"""Seconds that a request waits for the server at most."""
LIMITS = {
    "django.core.cache.backends.redis.RedisCache": ("socket_timeout", "socket_connect_timeout"),
    "django.core.cache.backends.memcached.PyMemcacheCache": ("timeout", "connect_timeout"),
}
"""Django's backend → what its client calls its two time limits."""

logger = logging.getLogger(__name__)


class _Rest:
    """Until when this process does not ask the server."""

    until = 0.0


class SharedCache(BaseCache):
    """Passes everything on to Django's backend, ``OPTIONS["BACKEND"]``. Whatever that raises counts as not kept.

    Two releases side by side keep their pages apart.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = dict(params["OPTIONS"])
        name = options.pop("BACKEND")
        options = dict.fromkeys(LIMITS.get(name, ()), LIMIT) | options
        prefix = f"{params.get('KEY_PREFIX', '')}{release.version()}"
        self._server = import_string(name)(
            location, {**params, "OPTIONS": options, "KEY_PREFIX": prefix}
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._asked(lambda: self._server.get(key, default, version), default)

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._asked(lambda: self._server.set(key, value, timeout, version), None)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._asked(lambda: bool(self._server.delete(key, version)), False)

    def clear(self) -> None:
        self._asked(self._server.clear, None)

    def close(self, **kwargs: Any) -> None:
        self._server.close(**kwargs)

    def _asked(self, ask: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < _Rest.until:
            return otherwise
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 - each client has its own, and a page can be made without
            _Rest.until = time.monotonic() + PAUSE
            logger.warning("The cache server fails: %s", type(error).__name__)
            return otherwise
