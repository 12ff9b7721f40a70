"""``make test-newest``: the quick tests on the newest Django and packages, every warning an error.

``python tests/newest.py requirements`` prints what to install: what ``pyproject.toml`` names, without upper
bounds. Only the standard library is there then.
"""

import re
import sys
import tomllib
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

MAILERS = "MAILERS is there from Django 6.1 on and the portal stands on 5.2; comes with 6.2 LTS"
WAITS = {
    r"The EMAIL_\w+ setting is deprecated": MAILERS,
    r"get_connection\(\) is deprecated": MAILERS,
}
"""Beginning of a warning (a regular expression) → why it has to wait."""


def requirements() -> Iterator[str]:
    with (BASE_DIR / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    groups = project["dependency-groups"]
    named = [*project["project"]["dependencies"], *groups["demo"], *groups["dev"]]
    for one in named:
        if isinstance(one, str):
            yield re.sub(r",?<[^,;]*", "", one)


def run(arguments: list[str]) -> int:
    import pytest

    print(f"Python {sys.version.split()[0]}, Django {version('django')}")
    for pattern, reason in WAITS.items():
        warnings.filterwarnings("ignore", pattern)
        print(f"waits: {pattern}: {reason}")
    sys.path.insert(0, str(BASE_DIR))
    filters = ["error", "ignore:No directory at", *(f"ignore:{pattern}" for pattern in WAITS)]
    chosen = ["-m", "not browser and not slow", "-o", "filterwarnings=" + "\n".join(filters)]
    return int(
        pytest.main([*chosen, *(arguments or ["--numprocesses=logical", "--dist=worksteal"])])
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["requirements"]:
        print("\n".join(requirements()))
    else:
        sys.exit(run(sys.argv[1:]))
