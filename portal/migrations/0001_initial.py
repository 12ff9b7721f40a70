"""Pages, key figures and what the starting data has loaded: tables, their history with its triggers."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LoadedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='Adresse')),
                ('title', models.CharField(max_length=120, verbose_name='Titel')),
                ('body', models.TextField(help_text='Markdown: ## Überschrift, **fett**, [Text](Adresse), - Liste.', verbose_name='Text')),
                ('is_published', models.BooleanField(default=True, verbose_name='veröffentlicht')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='geändert')),
            ],
            options={
                'verbose_name': 'Seite',
                'verbose_name_plural': 'Seiten',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='KeyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, help_text='Adresse oder Name des Dokuments.', max_length=500, verbose_name='Quelle')),
                ('as_of', models.DateField(blank=True, help_text='Tag des jüngsten Belegs.', null=True, verbose_name='Stand')),
                ('as_of_precision', models.CharField(choices=[('day', 'auf den Tag'), ('month', 'auf den Monat'), ('year', 'auf das Jahr')], default='day', max_length=5, verbose_name='Stand bekannt')),
                ('confirmed_on', models.DateField(blank=True, help_text='Tag, an dem die Organisation oder die zuständige Stelle den Eintrag bestätigt hat.', null=True, verbose_name='bestätigt am')),
                ('series', models.SlugField(help_text='Gleiche Reihe heißt: gleiche Größe zu verschiedenen Zeiten.', verbose_name='Reihe')),
                ('label', models.CharField(max_length=120, verbose_name='Bezeichnung')),
                ('value', models.PositiveIntegerField(verbose_name='Wert')),
                ('department', models.CharField(blank=True, max_length=160, verbose_name='zuständige Stelle')),
                ('note', models.TextField(blank=True, verbose_name='Erläuterung')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
                ('evidence_confirmed', models.BooleanField(default=False, help_text='Die Quelle belegt den heutigen Stand; der Eintrag gilt dann als bestätigt.', verbose_name='durch aktuelle Belege gesichert')),
            ],
            options={
                'verbose_name': 'Kennzahl',
                'verbose_name_plural': 'Kennzahlen',
                'ordering': ['position', 'series', 'as_of'],
                'constraints': [models.UniqueConstraint(fields=('series', 'as_of'), name='key_figure_once_per_date', violation_error_message='Zu diesem Stand gibt es schon einen Wert.'), models.CheckConstraint(condition=models.Q(('as_of__isnull', False), models.Q(('source', ''), _negated=True)), name='key_figure_has_stand_and_source', violation_error_message='Jede Kennzahl braucht Stand und Quelle.')],
            },
        ),
        migrations.CreateModel(
            name='KeyFigureHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('source', models.CharField(blank=True, help_text='Adresse oder Name des Dokuments.', max_length=500, verbose_name='Quelle')),
                ('as_of', models.DateField(blank=True, help_text='Tag des jüngsten Belegs.', null=True, verbose_name='Stand')),
                ('as_of_precision', models.CharField(choices=[('day', 'auf den Tag'), ('month', 'auf den Monat'), ('year', 'auf das Jahr')], default='day', max_length=5, verbose_name='Stand bekannt')),
                ('confirmed_on', models.DateField(blank=True, help_text='Tag, an dem die Organisation oder die zuständige Stelle den Eintrag bestätigt hat.', null=True, verbose_name='bestätigt am')),
                ('evidence_confirmed', models.BooleanField(default=False, help_text='Die Quelle belegt den heutigen Stand; der Eintrag gilt dann als bestätigt.', verbose_name='durch aktuelle Belege gesichert')),
                ('series', models.SlugField(db_index=False, help_text='Gleiche Reihe heißt: gleiche Größe zu verschiedenen Zeiten.', verbose_name='Reihe')),
                ('label', models.CharField(max_length=120, verbose_name='Bezeichnung')),
                ('value', models.PositiveIntegerField(verbose_name='Wert')),
                ('department', models.CharField(blank=True, max_length=160, verbose_name='zuständige Stelle')),
                ('note', models.TextField(blank=True, verbose_name='Erläuterung')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='portal.keyfigure')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PageHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, verbose_name='Adresse')),
                ('title', models.CharField(max_length=120, verbose_name='Titel')),
                ('body', models.TextField(help_text='Markdown: ## Überschrift, **fett**, [Text](Adresse), - Liste.', verbose_name='Text')),
                ('is_published', models.BooleanField(default=True, verbose_name='veröffentlicht')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='portal.page')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_pagehistory" ("body", "id", "is_published", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "title") VALUES (NEW."body", NEW."id", NEW."is_published", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."slug", NEW."title"); RETURN NULL;', hash='d6ef0d1d0513ab9321d7043daad25f399aafea81', operation='INSERT', pgid='pgtrigger_insert_insert_dd7c6', table='portal_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "portal_pagehistory" ("body", "id", "is_published", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "title") VALUES (NEW."body", NEW."id", NEW."is_published", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."slug", NEW."title"); RETURN NULL;', hash='11e95659f57a528953064767b06614c2c6ecb86b', operation='UPDATE', pgid='pgtrigger_update_update_a2933', table='portal_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_pagehistory" ("body", "id", "is_published", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "title") VALUES (OLD."body", OLD."id", OLD."is_published", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."slug", OLD."title"); RETURN NULL;', hash='0a8d81757b5da23be4020094de40bdc79b247196', operation='DELETE', pgid='pgtrigger_delete_delete_b2231', table='portal_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfigure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_keyfigurehistory" ("as_of", "as_of_precision", "confirmed_on", "department", "evidence_confirmed", "id", "label", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "series", "source", "value") VALUES (NEW."as_of", NEW."as_of_precision", NEW."confirmed_on", NEW."department", NEW."evidence_confirmed", NEW."id", NEW."label", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."series", NEW."source", NEW."value"); RETURN NULL;', hash='4aec38d8da0d703b95e9ce36b22f7a35b2decf56', operation='INSERT', pgid='pgtrigger_insert_insert_2ae75', table='portal_keyfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfigure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "portal_keyfigurehistory" ("as_of", "as_of_precision", "confirmed_on", "department", "evidence_confirmed", "id", "label", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "series", "source", "value") VALUES (NEW."as_of", NEW."as_of_precision", NEW."confirmed_on", NEW."department", NEW."evidence_confirmed", NEW."id", NEW."label", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."series", NEW."source", NEW."value"); RETURN NULL;', hash='10a5f02a9e7a3e18ce6f8ce48c765978c96b73cd', operation='UPDATE', pgid='pgtrigger_update_update_3d7cf', table='portal_keyfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfigure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_keyfigurehistory" ("as_of", "as_of_precision", "confirmed_on", "department", "evidence_confirmed", "id", "label", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "series", "source", "value") VALUES (OLD."as_of", OLD."as_of_precision", OLD."confirmed_on", OLD."department", OLD."evidence_confirmed", OLD."id", OLD."label", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."series", OLD."source", OLD."value"); RETURN NULL;', hash='366b9374a00b4b8bc7f15ddd9c6b5cc449aec59a', operation='DELETE', pgid='pgtrigger_delete_delete_e5ed5', table='portal_keyfigure', when='AFTER')),
        ),
    ]
