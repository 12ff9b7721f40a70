"""What this release of the portal is: its version and the migrations that it brings along."""

import tomllib
from functools import cache

from django.conf import settings
from django.db.migrations.loader import MigrationLoader


@cache
def version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@cache
def migrations() -> frozenset[tuple[str, str]]:
    """App and name of each."""
    return frozenset(MigrationLoader(None).disk_migrations)
