"""The portal's settings for pytest: test mode, and a data folder for each test run."""

import hashlib
import os
from pathlib import Path

os.environ.setdefault("PORTAL_MODE", "test")
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / ".data" / "test"))

from portal.settings import *  # noqa: F403
from portal.settings import BASE_DIR, DATA_DIR, DATABASES, RATE_LIMITS

# The processes of a run share the database server, but each has its own folder for files.
DATA_DIR = DATA_DIR / "files" / os.environ.get("PYTEST_XDIST_WORKER", "alone")


def fingerprint(base_dir: Path) -> str:
    """A hash of everything that a fresh database is made from: migrations, SQL, installed packages."""
    made_from = [
        *sorted(base_dir.glob("*/migrations/*.py")),
        *sorted(base_dir.glob("*/sql/*.sql")),
        *sorted(base_dir.glob("requirements*.txt")),
        *base_dir.glob("tests/databases.py"),
    ]
    digest = hashlib.sha256()
    for path in made_from:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


TEST_DATABASE = f"test_portal_{fingerprint(BASE_DIR)}"
"""The name changes with everything that the database is made from (``databases.py``)."""
DATABASES["default"]["TEST"] = {"NAME": TEST_DATABASE}

if "EMBEDDED_DATA_DIR" in DATABASES["default"]:
    # Test data may be lost when the machine goes down.
    DATABASES["default"]["EMBEDDED_SETTINGS"] = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }

# Tests send many forms; tests of the limits use the fixture ``real_limits``.
RATE_LIMITS = {
    purpose: {of: (1_000_000, seconds) for of, (_times, seconds) in limits.items()}
    for purpose, limits in RATE_LIMITS.items()
}

LOGGING = {"version": 1, "disable_existing_loggers": False}  # pytest shows the log of failed tests
