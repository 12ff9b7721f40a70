"""Alters a table that ``test_migrations.py`` has made."""

from django.db import migrations


class Migration(migrations.Migration):
    operations = (migrations.RunSQL("ALTER TABLE of_test ADD COLUMN more integer"),)
