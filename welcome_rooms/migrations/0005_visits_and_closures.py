"""Visit counts, closures, and when offers take place."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('welcome_rooms', '0004_where_rooms_are_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='erster Tag')),
                ('last_day', models.DateField(help_text='An diesem Tag noch geschlossen.', verbose_name='letzter Tag')),
                ('reason', models.CharField(blank=True, help_text='Steht auf der Seite, zum Beispiel „Sommerpause“.', max_length=80, verbose_name='Grund')),
            ],
            options={
                'verbose_name': 'Schließzeit',
                'verbose_name_plural': 'Schließzeiten',
                'ordering': ['first_day'],
            },
        ),
        migrations.CreateModel(
            name='VisitCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='Tag')),
                ('number', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5000)], verbose_name='Besuche')),
                ('is_estimate', models.BooleanField(default=False, verbose_name='geschätzt')),
            ],
            options={
                'verbose_name': 'Besuchszahl',
                'verbose_name_plural': 'Besuchszahlen',
                'ordering': ['-day', 'room', 'offer__position', 'offer__title'],
            },
        ),
        migrations.CreateModel(
            name='VisitCountHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('day', models.DateField(verbose_name='Tag')),
                ('number', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5000)], verbose_name='Besuche')),
                ('is_estimate', models.BooleanField(default=False, verbose_name='geschätzt')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
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
            model_name='roomoffer',
            name='ends',
            field=models.TimeField(blank=True, null=True, verbose_name='bis'),
        ),
        migrations.AddField(
            model_name='roomoffer',
            name='since',
            field=models.DateField(blank=True, null=True, verbose_name='ab'),
        ),
        migrations.AddField(
            model_name='roomoffer',
            name='starts',
            field=models.TimeField(blank=True, null=True, verbose_name='von'),
        ),
        migrations.AddField(
            model_name='roomoffer',
            name='until',
            field=models.DateField(blank=True, help_text='Danach steht es nicht mehr auf der Seite; seine Besuchszahlen bleiben.', null=True, verbose_name='letzter Tag'),
        ),
        migrations.AddField(
            model_name='roomoffer',
            name='weekday',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Montag'), (1, 'Dienstag'), (2, 'Mittwoch'), (3, 'Donnerstag'), (4, 'Freitag'), (5, 'Samstag'), (6, 'Sonntag')], help_text='Für Angebote, die jede Woche an diesem Tag sind: die Seite nennt die nächsten Termine.', null=True, verbose_name='Wochentag'),
        ),
        migrations.AddField(
            model_name='welcomeroom',
            name='open_on_holidays',
            field=models.BooleanField(db_default=False, default=False, help_text='Sonst gilt der Raum an gesetzlichen Feiertagen als geschlossen.', verbose_name='an Feiertagen geöffnet'),
        ),
        migrations.AddField(
            model_name='welcomeroomhistory',
            name='open_on_holidays',
            field=models.BooleanField(db_default=False, default=False, help_text='Sonst gilt der Raum an gesetzlichen Feiertagen als geschlossen.', verbose_name='an Feiertagen geöffnet'),
        ),
        migrations.AlterField(
            model_name='welcomeroom',
            name='hours_note',
            field=models.CharField(blank=True, help_text='Zum Beispiel der Stand der Zeiten.', max_length=200, verbose_name='Hinweis zu den Öffnungszeiten'),
        ),
        migrations.AlterField(
            model_name='welcomeroomhistory',
            name='hours_note',
            field=models.CharField(blank=True, help_text='Zum Beispiel der Stand der Zeiten.', max_length=200, verbose_name='Hinweis zu den Öffnungszeiten'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "latitude", "longitude", "open_on_holidays", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (NEW."access_note", NEW."entry_ptr_id", NEW."funder", NEW."funding_programme", NEW."hours_note", NEW."latitude", NEW."longitude", NEW."open_on_holidays", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."entry_ptr_id", NEW."place", NEW."street"); RETURN NULL;', hash='37846e7532abebb846498d066281d665f4269b39', operation='INSERT', pgid='pgtrigger_insert_insert_0a84f', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."access_note" IS DISTINCT FROM (NEW."access_note") OR OLD."entry_ptr_id" IS DISTINCT FROM (NEW."entry_ptr_id") OR OLD."funder" IS DISTINCT FROM (NEW."funder") OR OLD."funding_programme" IS DISTINCT FROM (NEW."funding_programme") OR OLD."hours_note" IS DISTINCT FROM (NEW."hours_note") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."open_on_holidays" IS DISTINCT FROM (NEW."open_on_holidays") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."street" IS DISTINCT FROM (NEW."street"))', func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "latitude", "longitude", "open_on_holidays", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (NEW."access_note", NEW."entry_ptr_id", NEW."funder", NEW."funding_programme", NEW."hours_note", NEW."latitude", NEW."longitude", NEW."open_on_holidays", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."entry_ptr_id", NEW."place", NEW."street"); RETURN NULL;', hash='90fd58df95d5e81976480c0d0acf6522e671b95c', operation='UPDATE', pgid='pgtrigger_update_update_046c1', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welcomeroom',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_welcomeroomhistory" ("access_note", "entry_ptr_id", "funder", "funding_programme", "hours_note", "latitude", "longitude", "open_on_holidays", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "street") VALUES (OLD."access_note", OLD."entry_ptr_id", OLD."funder", OLD."funding_programme", OLD."hours_note", OLD."latitude", OLD."longitude", OLD."open_on_holidays", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."entry_ptr_id", OLD."place", OLD."street"); RETURN NULL;', hash='2c0b9e80d54aee5a36455ee4dfcaa9dc70d54d25', operation='DELETE', pgid='pgtrigger_delete_delete_f420d', table='welcome_rooms_welcomeroom', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='roomoffer',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='room_offer_ends_after_start', violation_error_message='Das Ende liegt nicht nach dem Beginn.'),
        ),
        AddConstraintNotValid(
            model_name='roomoffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends__isnull', True), ('starts__isnull', True)), ('weekday__isnull', False), _connector='OR'), name='room_offer_with_a_time_has_a_weekday', violation_error_message='Zu einer Uhrzeit gehört ein Wochentag.'),
        ),
        migrations.AddField(
            model_name='closure',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='welcome_rooms.welcomeroom'),
        ),
        migrations.AddField(
            model_name='visitcount',
            name='offer',
            field=models.ForeignKey(blank=True, help_text='Leer: alles, was zu keinem regelmäßigen Angebot gehört.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit_counts', to='welcome_rooms.roomoffer', verbose_name='Angebot'),
        ),
        migrations.AddField(
            model_name='visitcount',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visit_counts', to='welcome_rooms.welcomeroom', verbose_name='Willkommensraum'),
        ),
        migrations.AddField(
            model_name='visitcounthistory',
            name='offer',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Leer: alles, was zu keinem regelmäßigen Angebot gehört.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='welcome_rooms.roomoffer', verbose_name='Angebot'),
        ),
        migrations.AddField(
            model_name='visitcounthistory',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='welcome_rooms.visitcount'),
        ),
        migrations.AddField(
            model_name='visitcounthistory',
            name='room',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='welcome_rooms.welcomeroom', verbose_name='Willkommensraum'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='closure_ends_after_start', violation_error_message='Der letzte Tag liegt vor dem ersten.'),
        ),
        migrations.AddIndex(
            model_name='visitcount',
            index=models.Index(fields=['day'], name='visit_counts_by_day'),
        ),
        migrations.AddConstraint(
            model_name='visitcount',
            constraint=models.UniqueConstraint(fields=('room', 'day', 'offer'), name='visit_count_once_a_day', nulls_distinct=False, violation_error_message='Für diesen Tag und dieses Angebot gibt es schon eine Zahl.'),
        ),
        migrations.AddConstraint(
            model_name='visitcount',
            constraint=models.CheckConstraint(condition=models.Q(('number__lte', 5000)), name='visit_count_is_possible', violation_error_message='So viele Menschen passen in keinen Raum.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitcount',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_visitcounthistory" ("day", "id", "is_estimate", "number", "offer_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id") VALUES (NEW."day", NEW."id", NEW."is_estimate", NEW."number", NEW."offer_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."room_id"); RETURN NULL;', hash='97a9f44b8abc5c867ea22e354035d050f4075db9', operation='INSERT', pgid='pgtrigger_insert_insert_8742d', table='welcome_rooms_visitcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitcount',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "welcome_rooms_visitcounthistory" ("day", "id", "is_estimate", "number", "offer_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id") VALUES (NEW."day", NEW."id", NEW."is_estimate", NEW."number", NEW."offer_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."room_id"); RETURN NULL;', hash='c106b2f88991b498750e286dd4dec913ff885c71', operation='UPDATE', pgid='pgtrigger_update_update_e81fb', table='welcome_rooms_visitcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitcount',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "welcome_rooms_visitcounthistory" ("day", "id", "is_estimate", "number", "offer_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id") VALUES (OLD."day", OLD."id", OLD."is_estimate", OLD."number", OLD."offer_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."room_id"); RETURN NULL;', hash='87c38fe56917e0a580abcef5fca97aeafd791f80', operation='DELETE', pgid='pgtrigger_delete_delete_b9ada', table='welcome_rooms_visitcount', when='AFTER')),
        ),
    ]
