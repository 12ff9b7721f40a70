"""The portal uses the public interface of other packages; exceptions are listed here with their reason.

Each of these tests fails when the package renames or drops the private name, so that an update
reports it at once.
"""

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("portal", "programs", "volunteers", "welcome_rooms")

DOCUMENTED = {"_base_manager", "_db", "_default_manager", "_meta"}
"""Django's documentation describes these."""

OVERRIDDEN = {
    # Somebody who cancelled may be added again. A model form checks all constraints of its fields,
    # and nothing public leaves one out.
    ("volunteers.admin.registrations.AddForm", "_get_validation_exclusions"),
}
ONLY_IN_STUBS = {"_StrPromise"}


def sources() -> list[Path]:
    found = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


TREES = {
    path.relative_to(settings.BASE_DIR).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sources()
}


def is_private(name: str) -> bool:
    """„_name“; „__name__“ and „_name_“ are Python's own and its enums'."""
    return name.startswith("_") and not name.endswith("_")


def modules() -> Iterator[str]:
    for app in APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if "migrations" not in module.name:
                yield module.name


def is_foreign(cls: type) -> bool:
    room = cls.__module__.partition(".")[0]
    return room not in APPS and room not in sys.stdlib_module_names


def overridden(cls: type) -> set[str]:
    """Private names of ``cls`` that a third-party base class has, too."""
    theirs = {name for base in cls.__mro__ if is_foreign(base) for name in vars(base)}
    return {name for name in vars(cls) if is_private(name) and name in theirs}


def defined() -> set[str]:
    """All private names that the portal defines itself."""
    found = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return found


def imported(tree: ast.Module) -> Iterator[str]:
    """Imported names that are private, or from a private module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            hidden = any(part == "internal" or is_private(part) for part in node.module.split("."))
            yield from (alias.name for alias in node.names if hidden or is_private(alias.name))


@pytest.fixture(scope="module")
def classes() -> set[type]:
    found = {
        cls
        for name in modules()
        for cls in vars(importlib.import_module(name)).values()
        if inspect.isclass(cls) and cls.__module__.partition(".")[0] in APPS
    }
    assert len(found) > 300
    return found


def test_no_private_method_of_a_package_is_replaced(classes):
    found = {
        (f"{cls.__module__}.{cls.__qualname__}", name)
        for cls in classes
        for name in overridden(cls) - DOCUMENTED
    }
    assert found == OVERRIDDEN


@pytest.mark.slow
def test_no_private_name_of_a_package_is_used():
    ours = defined()
    found = {
        (path, node.attr)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and is_private(node.attr)
        if node.attr not in ours | DOCUMENTED
    }
    assert found == set()


def test_nothing_private_is_imported_from_a_package():
    found = {(path, name) for path, tree in TREES.items() for name in imported(tree)}
    assert {name for _path, name in found} >= ONLY_IN_STUBS
    assert {(path, name) for path, name in found if name not in ONLY_IN_STUBS} == set()
