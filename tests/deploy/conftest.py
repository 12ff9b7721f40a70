"""A whole site of real processes, and the collected static files that all of them share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import factories
from tests.serving import Site


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    given = {"PATH": os.environ["PATH"], "PORTAL_MODE": "demo"}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={**given, "STATIC_ROOT": str(folder), "DATA_DIR": str(folder / "data")},
        check=True,
        timeout=300,
    )
    return folder


@pytest.fixture
def site(static: Path, tmp_path: Path, transactional_db: None) -> Iterator[Callable[..., Site]]:
    """A function that makes a :class:`Site` with the given address; nothing of it runs yet."""
    factories.make_clearing_office()  # answers what nobody else is there for
    made: list[Site] = []

    def make(**chosen: str) -> Site:
        made.append(Site(tmp_path, static, **chosen))
        return made[-1]

    yield make
    for one in made:
        one.stop()
