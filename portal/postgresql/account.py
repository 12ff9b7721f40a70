"""The system account that the embedded PostgreSQL runs under.

A normal user runs it themselves. PostgreSQL refuses root, so root runs it under the account that owns the data
folder, or under one of its own for a new folder.
"""

import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from portal.postgresql.programs import programs

ACCOUNT = "embedded_postgres"
FALLBACK = "nobody"
"""For a system that has no ``useradd``."""


class RunAs(TypedDict, total=False):
    """The arguments of ``subprocess.run`` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(folder: Path | None) -> RunAs:
    """What makes a program run as the owner of ``folder``; nothing for anybody but root."""
    if os.geteuid() != 0 or folder is None:
        return {}
    owner = folder.stat()
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}


def hand_over(folder: Path) -> None:
    """Give the new ``folder`` to the account that may run PostgreSQL; does nothing for anybody but root."""
    if os.geteuid() == 0:
        account = _account()
        os.chown(folder, account.pw_uid, account.pw_gid)


def open_the_way(folder: Path) -> None:
    """Let that account reach ``folder`` and the programs; does nothing for anybody but root.

    It may walk through (not list) the folders above them, for example through a home directory
    that is closed to others.
    """
    if os.geteuid() != 0:
        return
    bin_folder = programs()
    for path in (folder, bin_folder):
        for parent in path.resolve().parents:
            _allow(parent, stat.S_IXOTH)
    if not bin_folder.stat().st_mode & stat.S_IROTH:  # installed under a strict umask
        for path in [bin_folder.parent, *bin_folder.parent.rglob("*")]:
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            _allow(path, stat.S_IROTH | (stat.S_IXOTH if runs else 0))


def _account() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    useradd = shutil.which("useradd")
    if useradd is None:
        return pwd.getpwnam(FALLBACK)
    # No check: the account may have been made by another process in this moment.
    subprocess.run([useradd, "--system", ACCOUNT], capture_output=True, check=False)  # noqa: S603
    return pwd.getpwnam(ACCOUNT)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)
