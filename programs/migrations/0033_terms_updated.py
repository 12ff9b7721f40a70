"""Stadtbezirke, fields and target groups know when they last changed: the catalogue of open data says so."""

from pathlib import Path

from django.db import migrations, models

UPDATED = Path(__file__).resolve().parent.parent / "sql" / "0033_terms_updated.sql"
TABLES = ("district", "field", "targetgroup")


def changed() -> "models.DateTimeField":
    return models.DateTimeField(blank=True, editable=False, null=True, verbose_name="geändert")


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0032_fold_for_indexes"),
    ]

    operations = [
        *(
            migrations.AddField(model_name=name, name="updated_at", field=changed())
            for name in TABLES
        ),
        migrations.RunSQL(
            UPDATED.read_text(encoding="utf-8"),
            "".join(f"DROP TRIGGER IF EXISTS programs_term_updated ON programs_{name};" for name in TABLES)
            + "DROP FUNCTION IF EXISTS programs_term_updated;",
        ),
    ]
