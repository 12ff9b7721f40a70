"""Two releases side by side: the one before this one, and this one, on the same database."""

import io
import subprocess
import sys
import tarfile
import time
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from tests.faults.hitting import Hit
from tests.faults.installation import Portal
from tests.faults.load import Load, wait_until
from tests.installation import GUNICORN
from tests.mailserver import free_port
from tests.migration_rules import last_release
from tests.release import releases

ROOT: Path = settings.BASE_DIR
SIDE_BY_SIDE = "two releases side by side, and the migrations"
SIDE_BY_SIDE_SECONDS = 8
ITS_WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]
"""Every release has this command."""


def code_of_release_before(folder: Path) -> Path | None:
    """Its files, unpacked into ``folder``; None where the history is not at hand, as in a shallow clone."""
    last = last_release(MigrationLoader(None))
    (version,) = [name for name, nodes in releases().items() if nodes == last]
    commit = _commit_of(version)
    if not commit:
        return None
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _commit_of(version: str) -> str:
    """Its tag, or else the commit that gave the portal this version."""
    if tagged := _git("rev-list", "-n1", f"v{version}").decode().strip():
        return tagged
    named = f'version = "{version}"'
    found = _git("log", "--format=%H", f"-S{named}", "--", "pyproject.toml").decode().split()
    return found[-1] if found else ""


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True)
    return done.stdout if done.returncode == 0 else b""


def set_up(portal: Portal, load: Load, hit: Hit) -> None:
    """Set up with the release before and bring it up to date under load, as the manual says; or set up at once."""
    before = code_of_release_before(portal.folder / "before")
    portal.prepare(before or ROOT)
    if before is None:
        portal.keep_all()
        load.start()
    else:
        portal.keep("web before", GUNICORN, before)
        portal.keep("worker before", ITS_WORKER, before)
        load.start()
        wait_until(lambda: len(load.books.in_work) > 2)
        bring_up_to_date(portal, load, hit)
    wait_until(lambda: len(load.books.in_work) > 5)


def bring_up_to_date(portal: Portal, load: Load, hit: Hit) -> None:
    """Migrate, start this release beside the one before, serve with both, stop the one before."""
    with hit(SIDE_BY_SIDE):
        portal.environment |= {
            "STATIC_ROOT": str(portal.folder / "static"),
            "PORT": f"{free_port()}",
        }
        for command in ("migrate", "load_reference", "collectstatic --no-input"):
            portal.manage(*command.split())
        portal.keep_all()
        before, portal.port = portal.address, int(portal.environment["PORT"])
        wait_until(lambda: portal.answers("/readyz"))
        load.addresses.append(portal.address)
        time.sleep(SIDE_BY_SIDE_SECONDS)
        load.addresses.remove(before)
        portal.end("web before")
        portal.end("worker before")
