"""Where rooms are: latitude and longitude, from which the way on foot is estimated."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0007_files_of_large_exports'),
        ('welcome_rooms', '0002_versions'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='welcomeroom',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='welcomeroom',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='welcomeroom',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='welcomeroom',
            name='latitude',
            field=models.FloatField(blank=True, help_text='Zum Beispiel 48,7754. Mit Breite und Länge sagt die Suche in der Nähe, wie weit es zu Fuß ist. Beides steht in Kartendiensten beim Ort.', null=True, verbose_name='Breite (WGS84)'),
        ),
        migrations.AddField(
            model_name='welcomeroom',
            name='longitude',
            field=models.FloatField(blank=True, help_text='Zum Beispiel 9,1789.', null=True, verbose_name='Länge (WGS84)'),
        ),
        migrations.AddField(
            model_name='welcomeroomhistory',
            name='latitude',
            field=models.FloatField(blank=True, help_text='Zum Beispiel 48,7754. Mit Breite und Länge sagt die Suche in der Nähe, wie weit es zu Fuß ist. Beides steht in Kartendiensten beim Ort.', null=True, verbose_name='Breite (WGS84)'),
        ),
        migrations.AddField(
            model_name='welcomeroomhistory',
            name='longitude',
            field=models.FloatField(blank=True, help_text='Zum Beispiel 9,1789.', null=True, verbose_name='Länge (WGS84)'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "latitude", "longitude", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (NEW."access_note", NEW."entry_ptr_id", NEW."funder", NEW."funding_programme", NEW."hours_note", NEW."latitude", NEW."longitude", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."entry_ptr_id", NEW."place", NEW."street"); RETURN NULL;', hash='29a6fc82f27da5231c50738bbbb5dd3ca2b9889a', operation='INSERT', pgid='pgtrigger_insert_insert_0a84f', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."access_note" IS DISTINCT FROM (NEW."access_note") OR OLD."entry_ptr_id" IS DISTINCT FROM (NEW."entry_ptr_id") OR OLD."funder" IS DISTINCT FROM (NEW."funder") OR OLD."funding_programme" IS DISTINCT FROM (NEW."funding_programme") OR OLD."hours_note" IS DISTINCT FROM (NEW."hours_note") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."street" IS DISTINCT FROM (NEW."street"))', func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "latitude", "longitude", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (NEW."access_note", NEW."entry_ptr_id", NEW."funder", NEW."funding_programme", NEW."hours_note", NEW."latitude", NEW."longitude", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."entry_ptr_id", NEW."place", NEW."street"); RETURN NULL;', hash='fd27de47d6d51eb08628ab919abefe7a794b964e', operation='UPDATE', pgid='pgtrigger_update_update_046c1', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "latitude", "longitude", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (OLD."access_note", OLD."entry_ptr_id", OLD."funder", OLD."funding_programme", OLD."hours_note", OLD."latitude", OLD."longitude", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."entry_ptr_id", OLD."place", OLD."street"); RETURN NULL;', hash='85c6a53e4f47939f16f5028a889fd3cd3e6edf73', operation='DELETE', pgid='pgtrigger_delete_delete_f420d', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='welcomeroom',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('latitude__range', (48.6, 49)), ('longitude__isnull', False), ('longitude__range', (8.9, 9.5))), _connector='OR'), name='room_lies_in_or_near_stuttgart', violation_error_message='Bitte Breite (48,6 bis 49) und Länge (8,9 bis 9,5) angeben oder beides leer lassen.'),
        ),
    ]
