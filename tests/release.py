"""``make release-check``: whether this tree can be released as the version that it names.

Each check gives findings as lines of text; one finding fails. It needs no network: whether the lock
files match ``pyproject.toml`` is checked by their names, ranges and comments.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

HEADING = re.compile(r"^## \[(?P<version>[^]]+)\](?: - (?P<day>.+))?$", re.MULTILINE)
FINAL = ("*/migrations/*.py", "*/sql/*.sql")
"""Files that a database somewhere has run: never changed, renamed or removed after their release."""

LOCKED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)")
ASKED_BY = re.compile(r"#.* freiwilligenportal \(pyproject\.toml(?::(?P<group>[\w-]+))?\)$")

ADDRESSES = {
    "address of a package registry": re.compile(
        r"--(?:extra-)?index-url|--find[-]links|\bpypi\.org|\bpythonhosted\.org|\bnpmjs\.org"
        r"|https?://\S+/simple\b"
    ),
    "path of a machine": re.compile(r"(?<![\w.])/(?:home|root|Users)/[\w.-]+"),
}


class Locked(NamedTuple):
    """A package in a lock file, and the lists of ``pyproject.toml`` that require it."""

    name: str
    version: str
    asked_by: set[str]


def versions(root: Path = ROOT, today: date | None = None) -> Iterator[str]:
    """Places where version or date differ from the others."""
    today = today or datetime.now(ZoneInfo("Europe/Berlin")).date()
    version = _pyproject(root)["project"]["version"]
    public = (root / "publiccode.yml").read_text(encoding="utf-8")
    if f'softwareVersion: "{version}"\n' not in public:
        yield f"publiccode.yml: softwareVersion is not {version}"
    headings = list(HEADING.finditer((root / "CHANGELOG.md").read_text(encoding="utf-8")))
    if not headings or headings[0]["version"] != "Unreleased":
        yield "CHANGELOG.md: does not begin with [Unreleased]"
    newest = next((found for found in headings if found["version"] != "Unreleased"), None)
    if newest is None or newest["version"] != version:
        yield f"CHANGELOG.md: its newest entry is not {version}"
    elif not _is_day(newest["day"], today):
        yield f"CHANGELOG.md: {version} has no day, or one that has not come"
    elif f'releaseDate: "{newest["day"]}"\n' not in public:
        yield f"publiccode.yml: releaseDate is not {newest['day']}"


def given_out(root: Path = ROOT) -> Iterator[str]:
    """The version is already the tag of another commit."""
    version = _pyproject(root)["project"]["version"]
    tag = ["tag", "--list", f"v{version}"]
    if _git(root, *tag) and not _git(root, *tag, "--points-at", "HEAD"):
        yield f"pyproject.toml: {version} is released already"


def edited_migrations(root: Path = ROOT) -> Iterator[str]:
    """Files of ``FINAL`` that were changed, renamed or removed since the last release."""
    tags = _git(root, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-creatordate")
    if tags:
        differs = _git(
            root, "diff", "--name-only", "--no-renames", "--diff-filter=a", tags[0], "--", *FINAL
        )
        yield from (f"{name}: is not what {tags[0]} gave out" for name in differs)


def releases(root: Path = ROOT) -> dict[str, dict[str, str]]:
    """Version → app → its last migration, oldest first."""
    text = (root / "tests" / "releases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def last_migrations(root: Path = ROOT) -> Iterator[str]:
    """Apps whose last migration is not the one that ``tests/releases.toml`` names for this version."""
    version = _pyproject(root)["project"]["version"]
    named = releases(root).get(version, {})
    for folder in sorted(root.glob("*/migrations")):
        last = max((path.stem for path in folder.glob("[0-9]*.py")), default="")
        if last and named.get(folder.parent.name) != last:
            yield f'tests/releases.toml: {version} has no {folder.parent.name} = "{last}"'


def stale_locks(root: Path = ROOT) -> Iterator[str]:
    """Packages or versions that differ between the lock files and ``pyproject.toml``."""
    wanted = declared(root)
    locked = set()
    for file in sorted(root.glob("requirements*.txt")):
        for package in _locked(file.read_text(encoding="utf-8")):
            for group in package.asked_by:
                locked.add(package.name)
                requirement = wanted.get(group, {}).get(package.name)
                if requirement is None:
                    yield f"{file.name}: {package.name} is no longer in pyproject.toml ({group})"
                elif not requirement.specifier.contains(package.version, prereleases=True):
                    yield f"{file.name}: {package.name} {package.version} is not {requirement}"
    for group, requirements in wanted.items():
        for name in sorted(requirements.keys() - locked):
            yield f"pyproject.toml ({group}): {name} is in no lock file"


def unclean_tree(root: Path = ROOT) -> Iterator[str]:
    """Uncommitted changes."""
    yield from (f"{line[3:]}: not committed" for line in _git(root, "status", "--porcelain"))


def foreign_addresses(root: Path = ROOT) -> Iterator[str]:
    """Lines that name a package registry, somebody's home folder or the folder of this tree."""
    patterns = {**ADDRESSES, "path of this tree": re.compile(re.escape(f"{root}/"))}
    for name in _git(root, "ls-files"):
        try:
            lines = (root / name).read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):  # an image; or deleted, uncommitted
            continue
        for number, line in enumerate(lines, start=1):
            for what, pattern in patterns.items():
                if pattern.search(line):
                    yield f"{name}:{number}: {what}"


def declared(root: Path) -> dict[str, dict[str, Requirement]]:
    """List → package → its requirement in ``pyproject.toml``. A group contains those that it includes."""
    pyproject = _pyproject(root)
    groups = pyproject["dependency-groups"]

    def lines(group: str) -> Iterator[str]:
        for line in groups[group]:
            yield from [line] if isinstance(line, str) else lines(line["include-group"])

    lists = {"dependencies": pyproject["project"]["dependencies"], **{g: lines(g) for g in groups}}
    return {
        name: {canonicalize_name(found.name): found for found in map(Requirement, listed)}
        for name, listed in lists.items()
    }


def _pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def _locked(text: str) -> Iterator[Locked]:
    """The packages of a lock file as uv writes it: a line with the version, then comments with „via“."""
    package = None
    for line in text.splitlines():
        if found := LOCKED.match(line):
            if package:
                yield package
            package = Locked(canonicalize_name(found["name"]), found["version"], set())
        elif package and (asked := ASKED_BY.search(line)):
            package.asked_by.add(asked["group"] or "dependencies")
    if package:
        yield package


def _is_day(text: str | None, today: date) -> bool:
    try:
        return date.fromisoformat(text or "") <= today
    except ValueError:
        return False


def _git(root: Path, *arguments: str) -> list[str]:
    """The lines of git's output."""
    command = ["git", "-c", "core.quotePath=off", *arguments]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()


CHECKS: dict[str, Callable[[Path], Iterator[str]]] = {
    "version and changelog": versions,
    "new version": given_out,
    "migrations": edited_migrations,
    "last migrations": last_migrations,
    "lock files": stale_locks,
    "tree": unclean_tree,
    "addresses": foreign_addresses,
}


def main(root: Path = ROOT) -> int:
    """Run all checks and print the result; 1 if there is a finding."""
    failed = False
    for name, check in CHECKS.items():
        found = list(check(root))
        failed = failed or bool(found)
        print(f"{name}: {len(found) or 'nothing'} found")
        for line in found:
            print(f"  {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
