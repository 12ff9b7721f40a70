"""The system account that the embedded PostgreSQL runs under.

For a normal user it runs under that user's account. PostgreSQL refuses to run as root. For root it therefore runs
under the account that owns the data folder; a new data folder is given to the account ``ACCOUNT``.
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
"""The account to use on a system without ``useradd``."""


class RunAs(TypedDict, total=False):
    """The arguments of ``subprocess.run`` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(folder: Path | None) -> RunAs:
    """Arguments that run a program as the owner of ``folder``. Empty unless the current user is root."""
    if os.geteuid() != 0 or folder is None:
        return {}
    owner = folder.stat()
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}


def hand_over(folder: Path) -> None:
    """Give the new ``folder`` to the account that may run PostgreSQL. Does nothing unless run as root."""
    if os.geteuid() == 0:
        account = _account()
        os.chown(folder, account.pw_uid, account.pw_gid)


def open_the_way(folder: Path) -> None:
    """Let that account reach ``folder`` and the PostgreSQL programs. Does nothing unless run as root.

    All accounts get permission to enter (not to list) the parent folders, for example a home
    directory that is closed to others.
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
    # No check: another process may have created the account at the same moment.
    subprocess.run([useradd, "--system", ACCOUNT], capture_output=True, check=False)  # noqa: S603
    return pwd.getpwnam(ACCOUNT)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)
