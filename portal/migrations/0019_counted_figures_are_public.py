from pathlib import Path

from django.db import migrations

PAGES = Path(__file__).resolve().parent.parent / "sql" / "0019_figures.sql"


class Migration(migrations.Migration):
    dependencies = [("portal", "0018_issues_that_come_back")]

    operations = [
        migrations.RunSQL(
            PAGES.read_text(encoding="utf-8"),
            "DROP TRIGGER IF EXISTS on_public_pages ON portal_figure;",
        )
    ]
