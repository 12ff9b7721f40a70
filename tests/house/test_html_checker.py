"""The Nu HTML checker finds no error on any page: public ones in three languages, and those of the administration.

``make html-check`` fetches the checker and runs this, and so does CI. Elsewhere it runs where Java is and
``VNU_JAR`` names the checker.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from portal.languages.addresses import GERMAN, in_language
from tests.addresses import patterns
from tests.house.test_access import _address, arguments, people  # noqa: F401  fixtures
from tests.pages import addresses_of, in_all_languages, open_to_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEFT_OUT = {"admin:logout", "admin:jsi18n", "admin:autocomplete", "admin:view_on_site"}


@pytest.fixture
def checker() -> list[str]:
    """The command; without Java or the checker the test is skipped."""
    java, jar = shutil.which("java"), os.environ.get("VNU_JAR", "")
    if not java or not Path(jar).is_file():
        pytest.skip("No Java, or VNU_JAR does not name the checker (make html-check).")
    return [java, "-jar", str(Path(jar).resolve())]


def errors_of(checker: list[str], folder: Path) -> list[str]:
    """One line for each error in the pages of a folder."""
    command = [*checker, "--errors-only", "--format", "json", "--exit-zero-always", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    messages = json.loads(told)["messages"]
    return [
        f"{one['url'].rsplit('/', 1)[-1]}: {one['message']} {one.get('extract', '')[:200]!r}"
        for one in messages
    ]


def keep(answers: Iterable[HttpResponse], folder: Path) -> int:
    """Write those that are pages into a folder; returns how many there are."""
    pages = 0
    for answer in answers:
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            pages += 1
            address = answer.request["PATH_INFO"]
            name = f"{pages} {address.strip('/').replace('/', ' ')[:100]}"
            (folder / f"{name}.html").write_bytes(answer.content)
    return pages


@pytest.mark.parametrize("language", [GERMAN, "ar", "leichte-sprache"])
def test_checker_finds_no_error_on_any_public_page(checker, language, arguments, tmp_path):  # noqa: F811
    names = open_to_all() if language == GERMAN else in_all_languages()
    addresses = (in_language(path, language) for path in addresses_of(sorted(names), arguments))
    client = Client()
    assert keep((client.get(one) for one in addresses), tmp_path) > 90
    assert not (errors := errors_of(checker, tmp_path)), "\n".join(errors)


@pytest.mark.long
def test_checker_finds_no_error_on_any_page_of_the_administration(
    checker,
    people,  # noqa: F811
    arguments,  # noqa: F811
    tmp_path,
):
    client = Client()
    client.force_login(people["adm"])
    names = {name for name, _pattern in patterns() if name.startswith("admin:")} - LEFT_OUT
    answers = (client.get(_address(name, arguments)) for name in sorted(names))
    assert keep(answers, tmp_path) > 130
    assert not (errors := errors_of(checker, tmp_path)), "\n".join(errors)


def test_checker_finds_what_is_wrong(checker, tmp_path):
    """Otherwise the other test could not fail."""
    (tmp_path / "x.html").write_text("<!doctype html><html lang=de><title>x</title><p><a>a<a>b</a>")
    assert errors_of(checker, tmp_path)
