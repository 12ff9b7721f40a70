from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / 'sql'
FOLD = (SQL / '0014_search.sql').read_text(encoding='utf-8')
BEFORE = (SQL / '0010_search.sql').read_text(encoding='utf-8')
FOLD_BEFORE = BEFORE[: BEFORE.index('CREATE OR REPLACE FUNCTION programs_entry_index')]


class Migration(migrations.Migration):

    safe_because = 'a handful of entries with rare letters is written again'

    dependencies = [
        ('programs', '0013_reflections'),
    ]

    operations = [
        migrations.RunSQL(FOLD, FOLD_BEFORE),
        # The triggers fold anew what holds one of the letters that fold in another way now.
        migrations.RunSQL(
            "UPDATE programs_entry SET title = title WHERE search_text ~ '[ǣǽǿǯʒəʹʺʾʿˈˌ\\u0300-\\u036F]'",
            migrations.RunSQL.noop,
        ),
    ]
