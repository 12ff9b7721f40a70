"""The migrations create the database that the models and the files in ``sql/`` describe."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

PROJECT = [
    config for config in apps.get_app_configs() if settings.BASE_DIR in Path(config.path).parents
]


def sql_files() -> list[Path]:
    return sorted(file for config in PROJECT for file in Path(config.path, "sql").glob("*.sql"))


def newest_sql() -> list[Path]:
    """The newest file of each name: of ``0001_search.sql`` and ``0004_search.sql`` the second."""
    newest = {(file.parent, file.stem.partition("_")[2]): file for file in sql_files()}
    return list(newest.values())


def functions_and_triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'"
            " UNION SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        )
        return {definition for (definition,) in cursor}


@pytest.mark.slow
@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_sql_file_bears_the_number_of_a_migration_of_its_app():
    numbers = {(app, name[:4]) for app, name in MigrationLoader(None).disk_migrations}

    assert sql_files()
    for file in sql_files():
        assert (file.parent.parent.name, file.stem[:4]) in numbers, file


@pytest.mark.django_db
@pytest.mark.parametrize("file", newest_sql(), ids=lambda file: file.stem)
def test_database_holds_the_newest_sql(file):
    before = functions_and_triggers()

    with connection.cursor() as cursor:
        cursor.execute(file.read_text(encoding="utf-8"))

    assert functions_and_triggers() == before
