"""What is kept between requests, from the environment: in the memory of the node, or on a cache server."""

from typing import Any

from portal.environment import Environment


def caches(env: Environment, *, kept_megabytes: int) -> dict[str, dict[str, Any]]:
    """Django's ``CACHES``.

    „pages“ has whole public pages, „answers“ pages with a query string (``portal/kept.py``); each takes
    ``kept_megabytes`` at most, unless ``KEPT_PAGES_MB`` says otherwise.
    """
    size = env.int("KEPT_PAGES_MB", default=kept_megabytes)
    found = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}} | {
        name: {
            "BACKEND": "portal.operations.shared_memory.SharedMemoryCache",
            "LOCATION": name,
            "OPTIONS": {"MEGABYTES": size},
        }
        for name in ("pages", "answers")
    }
    if url := env.str("CACHE_URL", default=""):
        # Shared by all nodes. What is kept there has the version of the content in its key or beside it.
        server = env.cache_url_config(url)
        options = {"BACKEND": server["BACKEND"], **server.get("OPTIONS", {})}
        backend = "portal.operations.shared_cache.SharedCache"
        found["pages"] = server | {"BACKEND": backend, "OPTIONS": options}
    return found
