"""A sign-up that nobody has confirmed is on no public page, so these are not made anew for it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / 'sql'
VERSIONS = (SQL / '0051_versions.sql').read_text(encoding='utf-8')
BEFORE = [
    (SQL / '0027_versions.sql').read_text(encoding='utf-8'),
    (SQL / '0036_versions.sql').read_text(encoding='utf-8'),
    *(
        f'DROP TRIGGER IF EXISTS on_public_pages_{when} ON volunteers_{table};'
        for table in ('application', 'registration', 'daterequest')
        for when in ('since', 'until')
    ),
]


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0050_long_lists'),
    ]

    operations = [
        migrations.RunSQL(VERSIONS, BEFORE),
    ]
