"""Disks that are full: the one that mails are kept on, and the one that uploads pass through."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.faults.clients import Form
from tests.faults.hitting import Hit
from tests.faults.installation import Portal
from tests.faults.load import Load, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

UPLOAD = b"\0" * 3_000_000
"""More than Django keeps in memory: it goes through a file."""


@pytest.fixture
def small(portal: Portal) -> Path:
    if portal.small is None:
        pytest.skip("no right to mount a small disk")
    return portal.small


def folder_for_postgresql(portal: Portal, folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    owner = portal.data_dir.stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    return folder


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
        yield
    finally:
        ballast.unlink()


def test_disk_of_mails_is_full(portal: Portal, load: Load, hit: Hit, small: Path) -> None:
    """PostgreSQL cannot store another mail: no sign-up is thanked for, nothing is half done, reading goes on."""
    folder = folder_for_postgresql(portal, small / "mails")
    with portal.connect() as database:
        database.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
        move(database, "small")
    with hit("disk of the mails full") as fault, filled(small):
        wait_until(lambda: load.books.count("sign-up", 503, since=fault.began) > 3)
        page = load.client().get("/mitmachen/?frisch", "reading")
        assert page is not None
        assert page.status_code == 200
    with portal.connect() as database:
        move(database, "pg_default")
        database.execute("DROP TABLESPACE small")


def move(database: psycopg.Connection, tablespace: str) -> None:
    """With patience: others wait for the table meanwhile."""
    database.execute("SET lock_timeout = '1s'")
    moved = False
    while not moved:
        try:
            database.execute(f"ALTER TABLE volunteers_outgoingmail SET TABLESPACE {tablespace}")
            moved = True
        except psycopg.errors.LockNotAvailable:
            pass


def test_disk_of_uploads_is_full(portal: Portal, load: Load, hit: Hit, small: Path) -> None:
    with hit("disk of uploads full"), filled(small):
        client = load.client()
        page = client.get(portal.sign_up_path, "form")
        assert page is not None
        sent = client.ask(
            "POST",
            portal.sign_up_path,
            "upload",
            data=Form(page.text).values,
            files={"picture": UPLOAD},
        )
        assert sent is not None
        assert sent.status_code == 503
        assert "kein Platz" in sent.text
