"""Every package that the code imports is declared by name in ``pyproject.toml``, and no other."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings
from packaging.utils import canonicalize_name

from tests.release import declared

BASE_DIR: Path = settings.BASE_DIR
APPS = ("portal", "programs", "volunteers", "welcome_rooms")
OURS = {*APPS, "manage", "tests"}
DECLARED = declared(BASE_DIR)


def sources(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in (BASE_DIR / room).rglob("*.py")]


PRODUCTION = [BASE_DIR / "manage.py", *sources(*APPS)]
TESTS = sources("tests")


@cache
def imported(path: Path) -> frozenset[str]:
    """Top-level names of the third-party packages that ``path`` imports."""
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        found = {name.partition(".")[0] for name in names}
        yield from found - OURS - sys.stdlib_module_names


@cache
def brought_by() -> dict[str, set[str]]:
    """The packages that each module comes from."""
    return {
        module: {canonicalize_name(package) for package in packages}
        for module, packages in packages_distributions().items()
    }


def undeclared(paths: list[Path], *lists: str) -> list[str]:
    """„module: name“ for each import whose package is in none of ``lists`` in ``pyproject.toml``."""
    allowed = {name for one in lists for name in DECLARED[one]}
    return sorted(
        f"{path.relative_to(BASE_DIR)}: {name}"
        for path in paths
        for name in imported(path)
        if not allowed & brought_by().get(name, set())
    )


@pytest.mark.slow
def test_production_imports_what_is_declared_for_production():
    found = {name for path in PRODUCTION for name in imported(path)}
    assert {"authlib", "django", "openpyxl"} <= found
    assert undeclared(PRODUCTION, "dependencies") == []


@pytest.mark.slow
def test_tests_import_what_is_declared_for_production_or_for_developers():
    assert {"pytest", "odf"} <= {name for path in TESTS for name in imported(path)}
    assert undeclared(TESTS, "dependencies", "dev") == []


def test_applications_and_middleware_are_declared():
    named = {name.partition(".")[0] for name in (*settings.INSTALLED_APPS, *settings.MIDDLEWARE)}
    packages = {package for name in named - OURS for package in brought_by()[name]}
    assert len(packages) > 5
    assert packages <= set(DECLARED["dependencies"])


@pytest.mark.slow
def test_production_has_no_package_that_nobody_names():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PRODUCTION)
    modules: dict[str, set[str]] = {}
    for module, packages in brought_by().items():
        for package in packages:
            modules.setdefault(package, set()).add(module)
    unused = {
        package
        for package in DECLARED["dependencies"]
        if not any(re.search(rf"\b{re.escape(m)}\b", text) for m in modules[package])
    }
    assert unused == set()
