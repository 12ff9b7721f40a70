from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
FOLD = (SQL / "0032_fold.sql").read_text(encoding="utf-8")
FOLD_BEFORE = (SQL / "0014_search.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0031_published"),
    ]

    operations = [
        migrations.RunSQL(FOLD, FOLD_BEFORE),
    ]
