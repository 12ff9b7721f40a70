"""``make audit``: known vulnerabilities of installed packages, licences, unsafe code, secrets in the tree.

Each check gives findings as lines of text; one finding fails the audit. Known vulnerabilities come
from an online service. If it cannot be reached, the audit says so and goes on, because a machine
without network is no weakness of the portal.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.txt"
"""Contains all packages of the other lock files, and the tools."""
SOURCES = ("portal", "programs", "volunteers", "welcome_rooms")

LICENCES = re.compile(
    r"0BSD|Apache[- ](Software License|2\.0)|BSD( License|-[23]-Clause)|CC0-1\.0|CNRI-Python"
    r"|ISC( License.*|)|LGPL-3\.0-(only|or-later)|MIT(-0|-CMU| License|)|MPL-2\.0|PSF-2\.0|Zlib"
    r"|Mozilla Public License 2\.0 \(MPL 2\.0\)|OFL-1\.1|Python Software Foundation License"
    r"|The Unlicense.*|Unlicense|W3C-20150513"
)
"""Licences of dependencies that are allowed beside a work under EUPL-1.2: permissive ones, and
those with a copyleft for the dependency alone. „AND“ and „;“ mean all of them, „OR“ one.
"""
LICENCE_EXCEPTIONS = {
    "axe-playwright-python": "MIT, says its repository; the package does not say",
    "djlint": "GPL-3.0-or-later; a tool that looks at templates, neither imported nor handed on",
    "odfpy": "one of three to choose from; Apache Software License is ours",
    "qrcode": "BSD; the other is the licence of a logo that stands beside it",
}
"""Package → why its licence is allowed although it is not in the list above."""

NO_SECRETS = {
    "23456789ABCDEFGHJKMNPQRSTVWXYZ": "letters of certificate codes",
    "KENNWORT": "placeholder in docs/betrieb.md",
    "b%40c": "of an invented address, in a test",
    "geheim": "of a database that does not exist, in a test",
    "password": "example in the README",
    "password_changed": "name of a kind of event",
    "stuttgart-demo-2026": "password of the demo, shown when it starts",
    "very-secret": "of a mail server that does not exist, in a test",
    "word": "example in the Makefile",
}
"""Text that looks like a secret → what it is."""
INVENTED = "Secret Keyword"
"""A kind of finding that is ignored in tests: passwords of invented people."""
LOCK_FILES = {f"requirements{of}.txt" for of in ("", "-demo", "-dev")}  # full of hashes


class NotReachable(Exception):
    """The service for vulnerabilities did not answer."""


def vulnerabilities(lock: Path = LOCK, service: str | None = None) -> Iterator[str]:
    """Known vulnerabilities of the locked packages. Raises ``NotReachable``."""
    command = ["-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--vulnerability-service", "osv", "--progress-spinner", "off"]
    told = _run([*command, *(["--osv-url", service] if service else [])])
    if not told.stdout.strip():
        if "ConnectionError" in told.stderr or "Timeout" in told.stderr:
            raise NotReachable
        raise RuntimeError(f"pip-audit: {told.stderr[-2000:]}")
    for package in json.loads(told.stdout)["dependencies"]:
        for known in package.get("vulns", []):
            better = ", ".join(known["fix_versions"]) or "none yet"
            yield f"{package['name']} {package['version']}: {known['id']}, fixed in {better}"


def licences(installed: list[dict[str, str]] | None = None) -> Iterator[str]:
    """Packages whose licence is neither in the list nor an exception."""
    if installed is None:
        installed = json.loads(_run(["-m", "piplicenses", "--format=json", "--from=mixed"]).stdout)
    for package in installed:
        if package["Name"] not in LICENCE_EXCEPTIONS and not licence_fits(package["License"]):
            yield f"{package['Name']} {package['Version']}: {package['License']}"


def licence_fits(told: str) -> bool:
    return all(
        any(LICENCES.fullmatch(one.strip()) for one in choice.split(" OR "))
        for choice in re.split(r"; | AND ", told)
    )


def unsafe_code(sources: tuple[str, ...] = SOURCES) -> Iterator[str]:
    """Findings of ruff's bandit rules."""
    command = ["-m", "ruff", "check", "--select", "S", "--no-fix", "--output-format", "json"]
    for found in json.loads(_run([*command, *sources]).stdout):
        yield f"{found['filename']}:{found['location']['row']}: {found['code']} {found['message']}"


def secrets(files: list[str] | None = None) -> Iterator[str]:
    """Text in the repository's files that looks like a secret; the finding does not repeat the secret."""
    if files is None:
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        told = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
        files = [str(ROOT / name) for name in told.stdout.splitlines() if name not in LOCK_FILES]
    found = SecretsCollection()
    with default_settings():
        found.scan_files(*files)
    for name, secret in found:
        path = (ROOT / name).resolve()
        invented = secret.type == INVENTED and ROOT / "tests" in path.parents
        if not invented and secret.secret_value not in NO_SECRETS:
            yield f"{name}:{secret.line_number}: {secret.type}"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "known vulnerabilities": vulnerabilities,
    "licences": licences,
    "unsafe code": unsafe_code,
    "secrets": secrets,
}


def main(service: str | None = None) -> int:
    """Run all checks and print the result; 1 if there is a finding."""
    failed = False
    checks = {**CHECKS, "known vulnerabilities": partial(vulnerabilities, service=service)}
    for name, check in checks.items():
        try:
            found = list(check())
        except NotReachable:
            print(f"{name}: NOT CHECKED, the service cannot be reached from here")
            continue
        failed = failed or bool(found)
        print(f"{name}: {len(found) or 'nothing'} found")
        for line in found:
            print(f"  {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
