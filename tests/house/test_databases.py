"""The database that every test process begins with is new, whatever happened before."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.databases import TEMPLATE, copy_template, run
from tests.settings import fingerprint


@pytest.mark.django_db
def test_tests_use_the_copy():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)
    assert TEMPLATE.startswith(f"{connection.settings_dict['NAME'].partition('_gw')[0]}_")


@pytest.fixture
def name(transactional_db):
    name = f"{connection.settings_dict['NAME']}_tried"
    yield name
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_nothing_of_an_earlier_run_is_in_a_copy(name):
    copy_template(name)
    killed = psycopg.connect(**{**connection.get_connection_params(), "dbname": name})
    killed.execute("INSERT INTO django_session VALUES ('of an earlier run', '', now())")
    killed.execute("CREATE TABLE of_an_earlier_run ()")
    killed.commit()

    copy_template(name)  # while it is still connected

    killed.close()
    assert run("SELECT count(*) FROM django_session", name) == [(0,)]
    assert run("SELECT to_regclass('of_an_earlier_run')", name) == [(None,)]
    assert run("SELECT count(*) > 9 FROM django_migrations", name) == [(True,)]


@pytest.mark.parametrize(
    "path",
    ["programs/migrations/0001_initial.py", "programs/sql/0001_search.sql", "requirements.txt"],
)
def test_another_migration_means_another_template(tmp_path, path):
    assert (settings.BASE_DIR / path).exists()
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    prints = [fingerprint(tmp_path)]
    for text in ("one", "two"):
        file.write_text(text)
        prints.append(fingerprint(tmp_path))
    assert len(set(prints)) == 3


def test_the_template_is_named_by_what_is_here():
    assert fingerprint(settings.BASE_DIR) in TEMPLATE
