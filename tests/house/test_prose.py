"""Comments, docstrings and Markdown only name what exists: files, folders, modules, functions, settings.

It checks everything in backticks, and every file name. A name exists when it is a word in the code;
a dotted name when the code contains it, or when its module or class has it.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = (
    "deploy",
    "docs",
    "portal",
    "programs",
    "static",
    "templates",
    "tests",
    "volunteers",
    "welcome_rooms",
)
DATED = ("CHANGELOG.md", "docs/decisions/", "/data/")
"""Text about a date in the past, and text for visitors."""
ELSEWHERE = {
    ".data/",  # created by the demo and the tests
    "0004_search.sql",  # an example of the next one
    "btree_gist",
    "db_default",
    "forms.css",  # Django's
    "get_server",
    "HttpOnly",
    "max_connections",  # PostgreSQL's
    "pg_archivecleanup",
    "pg_trgm",
    "portal_kaputt",  # an example
    "portal/locale/",  # created by ``make messages``
    "publiccode.yml",
    "robots.txt",  # an address
    "Secure",
    "security.txt",  # an address
    "startproject",
}
QUOTED = re.compile(r"`+([^`\n]+)`+")
FILE = re.compile(r"(?<![\w.*/…<>-])(?:[\w.*-]+/)*[\w.*-]+\.(?:py|html|txt|css|md|sql|typ|toml)\b")
FOLDER = re.compile(r"(?:[\w.-]+/)+")
NAME = re.compile(r"@?([A-Za-z_]\w*(?:\.\w+)*)(?:\(.*\))?")
HTML_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


@cache
def texts() -> dict[str, str]:
    """The text of every file by its path; without migrations."""
    paths = [path for path in ROOT.iterdir() if path.is_file()]
    paths += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    kinds = {"", ".css", ".html", ".json", ".md", ".py", ".sql", ".toml", ".txt", ".typ"}
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8", "ignore")
        for path in paths
        if path.suffix in kinds and "migrations" not in path.parts
    }


@cache
def parts(path: str) -> tuple[str, str]:
    """Prose and code of a file, each as one text."""
    text = texts()[path]
    if path.endswith(".md"):
        return text, ""
    if path.endswith(".html"):
        return "\n".join(HTML_COMMENT.findall(text)), HTML_COMMENT.sub("", text)
    if not path.endswith(".py"):
        return "", text
    strings = {
        node.value.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    prose, code = [], []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_docstring = token.type == tokenize.STRING and token.start[0] in strings
        is_prose = is_docstring or token.type == tokenize.COMMENT
        (prose if is_prose else code).append(token.string)
    return "\n".join(prose), " ".join(code).replace(" . ", ".")


@cache
def code() -> str:
    return "\n".join(parts(path)[1] for path in texts() if not __file__.endswith(path))


@cache
def words() -> set[str]:
    return set(re.findall(r"\w+", code()))


@cache
def places() -> set[str]:
    """Every file and folder, with every suffix of its path."""
    migrations = ROOT.glob("*/migrations/*.py")
    found = {*texts(), *(path.relative_to(ROOT).as_posix() for path in migrations)}
    found |= {parent.as_posix() for path in found for parent in PurePath(path).parents}
    return {
        "/".join(path.split("/")[start:]) for path in found for start in range(path.count("/") + 1)
    }


def is_place(path: str) -> bool:
    if "*" in path:
        return any(PurePath(place).match(path) for place in places())
    return path.removeprefix("../").rstrip("/") in places()


def is_name(name: str) -> bool:
    first, *rest = name.split(".")
    if not rest:
        return first in words()
    return (
        name in code() or in_module([first, *rest]) or (first[0].isupper() and {*rest} <= words())
    )


def in_module(names: list[str]) -> bool:
    """Whether ``names`` start with a module's path, and the rest are words in that module."""
    for end in range(len(names), 0, -1):
        path, rest = "/".join(names[:end]), names[end:]
        for file in texts():
            is_it = f"/{file}".endswith((f"/{path}.py", f"/{path}/__init__.py"))
            if is_it and all(re.search(rf"\b{one}\b", parts(file)[1]) for one in rest):
                return True
    return False


def missing(path: str) -> Iterator[str]:
    prose = parts(path)[0]
    quoted = {text.strip() for text in QUOTED.findall(prose)} - ELSEWHERE
    files = {*FILE.findall(prose)} - ELSEWHERE
    folders = {text for text in quoted if FOLDER.fullmatch(text)}
    yield from (place for place in files | folders if not is_place(place))
    for text in quoted - files:
        name = NAME.fullmatch(text)
        if name and name[1] not in ELSEWHERE and not is_name(name[1]):
            yield text


@pytest.mark.slow
def test_what_prose_names_is_there():
    read = [path for path in texts() if not any(dated in path for dated in DATED)]
    assert len(read) > 600
    assert sum(len(QUOTED.findall(parts(path)[0])) for path in read) > 1000
    assert {path: found for path in read if (found := sorted(missing(path)))} == {}


@pytest.mark.slow
def test_this_test_knows_what_is_there_and_what_is_not():
    for there in (
        "reads.answering.answering_organisation",
        "Application.may_become",
        "RATE_LIMITS",
    ):
        assert is_name(there)
    for gone in ("services.answering_organisation", "with_facts_of_cards", "links.LinkExpired"):
        assert not is_name(gone)
    assert is_place("guard/limits.py")
    assert is_place("volunteers/papers/*.typ")
    assert not is_place("bots.py")
