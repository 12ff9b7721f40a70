"""Words that staff teach the search, and the counts of words that it could not find."""

from pathlib import Path

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

SEARCH = Path(__file__).resolve().parent.parent / 'sql' / '0003_search.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='MissedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('word', models.CharField(blank=True, max_length=40, verbose_name='Wort')),
                ('count', models.PositiveIntegerField(db_default=1, default=1, verbose_name='gesucht')),
                ('days', models.PositiveIntegerField(db_default=1, default=1, verbose_name='an Tagen')),
                ('last_day', models.DateField(verbose_name='zuletzt')),
            ],
            options={
                'verbose_name': 'vergeblich gesuchtes Wort',
                'verbose_name_plural': 'Was gesucht und nicht gefunden wurde',
                'ordering': ['-days', '-count', 'word'],
            },
        ),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='Thema')),
                ('words', models.TextField(help_text='Mit Komma getrennt, eine Zeile je Sprache. Wer eines davon sucht, findet auch Angebote mit den anderen. Endungen müssen nicht dazu: „Nachbar“ findet auch „Nachbarn“.', max_length=2000, verbose_name='Wörter')),
            ],
            options={
                'verbose_name': 'Gruppe gleicher Wörter',
                'verbose_name_plural': 'Wörter der Suche',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SynonymGroupHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='Thema')),
                ('words', models.TextField(help_text='Mit Komma getrennt, eine Zeile je Sprache. Wer eines davon sucht, findet auch Angebote mit den anderen. Endungen müssen nicht dazu: „Nachbar“ findet auch „Nachbarn“.', max_length=2000, verbose_name='Wörter')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonymgroup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_synonymgrouphistory" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."words"); RETURN NULL;', hash='b925f724761360eafc6379c45d03b73b12dedece', operation='INSERT', pgid='pgtrigger_insert_insert_fd3c3', table='portal_synonymgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonymgroup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "portal_synonymgrouphistory" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."words"); RETURN NULL;', hash='c37c909b5e64f071ab51979c49b98ae68ce763de', operation='UPDATE', pgid='pgtrigger_update_update_ac13f', table='portal_synonymgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonymgroup',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_synonymgrouphistory" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") VALUES (OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."words"); RETURN NULL;', hash='616cc5810b898d2b07967ca993ffd1d102c0925e', operation='DELETE', pgid='pgtrigger_delete_delete_c7c4f', table='portal_synonymgroup', when='AFTER')),
        ),
        migrations.AddField(
            model_name='synonymgrouphistory',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='portal.synonymgroup'),
        ),
        migrations.RunSQL(
            SEARCH.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS on_public_pages ON portal_synonymgroup;',
        ),
    ]
