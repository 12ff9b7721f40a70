"""The Willkommensräume: tables, their history with its triggers."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import welcome_rooms.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('programs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WelcomeRoom',
            fields=[
                ('entry_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='room_entry', serialize=False, to='programs.entry')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='Ort')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='Straße und Hausnummer')),
                ('funder', models.CharField(blank=True, max_length=200, verbose_name='gefördert von')),
                ('funding_programme', models.CharField(blank=True, max_length=120, verbose_name='im Rahmen von')),
                ('access_note', models.CharField(blank=True, max_length=300, verbose_name='Hinweise zum Zugang')),
                ('hours_note', models.CharField(blank=True, help_text='Zum Beispiel der Stand der Zeiten oder Schließtage.', max_length=200, verbose_name='Hinweis zu den Öffnungszeiten')),
            ],
            options={
                'verbose_name': 'Willkommensraum',
                'verbose_name_plural': 'Willkommensräume',
            },
            bases=('programs.entry',),
        ),
        migrations.CreateModel(
            name='RoomOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='Angebot')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='Hinweis')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='welcome_rooms.welcomeroom')),
            ],
            options={
                'verbose_name': 'regelmäßiges Angebot',
                'verbose_name_plural': 'regelmäßige Angebote',
                'ordering': ['position', 'title'],
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Montag'), (1, 'Dienstag'), (2, 'Mittwoch'), (3, 'Donnerstag'), (4, 'Freitag'), (5, 'Samstag'), (6, 'Sonntag')], verbose_name='Wochentag')),
                ('opens', models.TimeField(verbose_name='von')),
                ('closes', models.TimeField(verbose_name='bis')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='welcome_rooms.welcomeroom')),
            ],
            options={
                'verbose_name': 'Öffnungszeit',
                'verbose_name_plural': 'Öffnungszeiten',
                'ordering': ['weekday', 'opens'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='opening_hours_close_after_open', violation_error_message='Das Ende liegt nicht nach dem Beginn.'), models.UniqueConstraint(fields=('room', 'weekday', 'opens'), name='opening_hours_once', violation_error_message='Diese Zeit ist schon eingetragen.')],
            },
        ),
        migrations.CreateModel(
            name='CarrierPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True, verbose_name='seit')),
                ('until', models.DateField(blank=True, null=True, verbose_name='bis')),
                ('note', models.CharField(blank=True, help_text='Wird statt der Daten gezeigt.', max_length=120, verbose_name='Zeitraum in Worten')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carrier_periods', to='programs.organisation', verbose_name='Träger')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='carrier_periods', to='welcome_rooms.welcomeroom')),
            ],
            options={
                'verbose_name': 'Trägerschaft',
                'verbose_name_plural': 'Trägerschaften',
                'ordering': [models.OrderBy(models.F('since'), descending=True, nulls_last=True)],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('since__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='carrier_period_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('room', '='), (welcome_rooms.models.DateRange('since', 'until', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='carrier_periods_do_not_overlap', violation_error_message='In dieser Zeit hatte der Raum schon einen Träger.')],
            },
        ),
        migrations.CreateModel(
            name='CarrierPeriodHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('since', models.DateField(blank=True, null=True, verbose_name='seit')),
                ('until', models.DateField(blank=True, null=True, verbose_name='bis')),
                ('note', models.CharField(blank=True, help_text='Wird statt der Daten gezeigt.', max_length=120, verbose_name='Zeitraum in Worten')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.organisation', verbose_name='Träger')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='welcome_rooms.carrierperiod')),
                ('room', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='welcome_rooms.welcomeroom')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='WelcomeRoomHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('entry_ptr', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, parent_link=True, related_name='+', related_query_name='+', serialize=False, to='programs.entry')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='Ort')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='Straße und Hausnummer')),
                ('funder', models.CharField(blank=True, max_length=200, verbose_name='gefördert von')),
                ('funding_programme', models.CharField(blank=True, max_length=120, verbose_name='im Rahmen von')),
                ('access_note', models.CharField(blank=True, max_length=300, verbose_name='Hinweise zum Zugang')),
                ('hours_note', models.CharField(blank=True, help_text='Zum Beispiel der Stand der Zeiten oder Schließtage.', max_length=200, verbose_name='Hinweis zu den Öffnungszeiten')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='welcome_rooms.welcomeroom')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (NEW."access_note", NEW."entry_ptr_id", NEW."funder", NEW."funding_programme", NEW."hours_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."entry_ptr_id", NEW."place", NEW."street"); RETURN NULL;', hash='4635add72114eec362d083a1626d9f2728ab4dd5', operation='INSERT', pgid='pgtrigger_insert_insert_0a84f', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."access_note" IS DISTINCT FROM (NEW."access_note") OR OLD."entry_ptr_id" IS DISTINCT FROM (NEW."entry_ptr_id") OR OLD."funder" IS DISTINCT FROM (NEW."funder") OR OLD."funding_programme" IS DISTINCT FROM (NEW."funding_programme") OR OLD."hours_note" IS DISTINCT FROM (NEW."hours_note") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."street" IS DISTINCT FROM (NEW."street"))', func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (NEW."access_note", NEW."entry_ptr_id", NEW."funder", NEW."funding_programme", NEW."hours_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."entry_ptr_id", NEW."place", NEW."street"); RETURN NULL;', hash='e3cfb021a8b05b107e96e7668f50068813477b86', operation='UPDATE', pgid='pgtrigger_update_update_046c1', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (OLD."access_note", OLD."entry_ptr_id", OLD."funder", OLD."funding_programme", OLD."hours_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."entry_ptr_id", OLD."place", OLD."street"); RETURN NULL;', hash='57f264ff9649ddf714a8e96b5fd592b2dff8555b', operation='DELETE', pgid='pgtrigger_delete_delete_f420d', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='carrierperiod',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_carrierperiodhistory" ("id", "note", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "since", "until") VALUES (NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."room_id", NEW."since", NEW."until"); RETURN NULL;', hash='60e28412c62ceb9b7059fe9479a52505f222cd16', operation='INSERT', pgid='pgtrigger_insert_insert_2a31a', table='welcome_rooms_carrierperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='carrierperiod',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "welcome_rooms_carrierperiodhistory" ("id", "note", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "since", "until") VALUES (NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."room_id", NEW."since", NEW."until"); RETURN NULL;', hash='14d21ee65306770b6e6917628677abb35952a060', operation='UPDATE', pgid='pgtrigger_update_update_8a2a9', table='welcome_rooms_carrierperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='carrierperiod',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_carrierperiodhistory" ("id", "note", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "since", "until") VALUES (OLD."id", OLD."note", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."room_id", OLD."since", OLD."until"); RETURN NULL;', hash='d3b0dcf470d43e62cd094a20a5021d7ed12abd31', operation='DELETE', pgid='pgtrigger_delete_delete_e1742', table='welcome_rooms_carrierperiod', when='AFTER')),
        ),
    ]
