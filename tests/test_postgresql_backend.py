import pytest
from django.db import connection


@pytest.mark.django_db
def test_umlauts_are_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ÄÖÜ'), upper('straße'), version()")
        assert cursor.fetchone()[0] == "äöü"
