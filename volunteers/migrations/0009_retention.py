from django.db import migrations, models

CLOSED_BEFORE = """
UPDATE volunteers_companionrequest SET closed_at = now() WHERE status IN ('closed', 'withdrawn')
"""
"""When they were closed nobody wrote down; their time begins with this release."""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0008_history")]

    operations = [
        migrations.AddField(
            model_name="companionrequest",
            name="closed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="beendet"
            ),
        ),
        migrations.RunSQL(CLOSED_BEFORE, migrations.RunSQL.noop),
    ]
