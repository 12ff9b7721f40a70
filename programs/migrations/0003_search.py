"""Search columns of entries, kept by triggers (``programs/sql/search.sql``)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "search.sql"

UNDO = """
DROP FUNCTION programs_entry_renamed, programs_entry_touch, programs_entry_index CASCADE;
DROP FUNCTION search_fold;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0002_initial")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), UNDO)]
