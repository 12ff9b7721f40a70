"""The Nu HTML checker finds no error on any public page, in German and in Arabic.

``make html-check`` fetches the checker and runs this. Elsewhere it runs where Java is and `
names the checker.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from portal.languages.addresses import GERMAN, ONLY_GERMAN, in_language
from tests.house.test_access import arguments, people  # noqa: F401  fixtures
from tests.pages import html_addresses, open_to_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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


@pytest.mark.parametrize("language", [GERMAN, "ar"])
def test_checker_finds_no_error_on_any_public_page(checker, language, arguments, tmp_path):  # noqa: F811
    client, names = Client(), open_to_all()
    names = names if language == GERMAN else names - ONLY_GERMAN
    addresses = [in_language(path, language) for path in html_addresses(sorted(names), arguments)]
    for address in addresses:
        name = address.strip("/").replace("/", " ") or "home"
        (tmp_path / f"{name}.html").write_bytes(client.get(address).content)
    assert len(addresses) > 90
    assert not (errors := errors_of(checker, tmp_path)), "\n".join(errors)


def test_checker_finds_what_is_wrong(checker, tmp_path):
    """Otherwise the other test could not fail."""
    (tmp_path / "x.html").write_text("<!doctype html><html lang=de><title>x</title><p><a>a<a>b</a>")
    assert errors_of(checker, tmp_path)
