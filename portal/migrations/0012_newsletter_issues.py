"""Issues of the newsletter, their parts and their deliveries."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import programs.models.web
import volunteers.validators
from django.db import migrations, models

PAGES = Path(__file__).resolve().parent.parent / 'sql' / '0012_newsletter.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0011_for_groups_can_be_changed'),
        ('programs', '0023_message_templates'),
    ]

    operations = [
        migrations.CreateModel(
            name='NewsletterIssueHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(help_text='Er steht im Postfach, über der Mail und über der Seite im Portal.', max_length=120, validators=[volunteers.validators.validate_single_line], verbose_name='Betreff')),
                ('summary', models.CharField(blank=True, help_text='Ein Satz: Viele Postfächer zeigen ihn neben dem Betreff.', max_length=200, validators=[volunteers.validators.validate_single_line], verbose_name='Vorschau im Postfach')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('news', 'Alle Neuigkeiten'), ('trainings', 'Schulungen und Fortbildungen'), ('opportunities', 'Neue Einsätze in meinen Stadtbezirken'), ('organisations', 'Für Organisationen')], max_length=13), default=list, size=None, verbose_name='Themen')),
                ('language', models.CharField(choices=[('de', 'Deutsch'), ('en', 'Englisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('ar', 'Arabisch'), ('fa', 'Persisch/Dari'), ('tr', 'Türkisch'), ('fr', 'Französisch'), ('ti', 'Tigrinya'), ('ps', 'Paschtu'), ('kmr', 'Kurmandschi'), ('ro', 'Rumänisch'), ('hr', 'Kroatisch'), ('it', 'Italienisch'), ('el', 'Griechisch'), ('es', 'Spanisch'), ('pl', 'Polnisch'), ('sq', 'Albanisch'), ('so', 'Somali')], default='de', help_text='Die Ausgabe bekommt, wer den Newsletter in dieser Sprache bestellt hat.', max_length=3, verbose_name='Sprache')),
                ('status', models.CharField(choices=[('draft', 'Entwurf'), ('scheduled', 'geplant'), ('sending', 'wird versendet'), ('paused', 'angehalten'), ('sent', 'versendet'), ('stopped', 'abgebrochen')], default='draft', editable=False, max_length=9, verbose_name='Status')),
                ('send_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='geplant für')),
                ('begun_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Versand begonnen')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Versand beendet')),
                ('is_public', models.BooleanField(default=True, editable=False, verbose_name='auf der Webseite')),
                ('recipients', models.PositiveIntegerField(default=0, editable=False, verbose_name='Empfänger')),
                ('delivered', models.PositiveIntegerField(default=0, editable=False, verbose_name='zugestellt')),
                ('refused', models.PositiveIntegerField(default=0, editable=False, verbose_name='abgewiesen')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NewsletterBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=999, help_text='Die kleinste Zahl steht oben.', verbose_name='Reihenfolge')),
                ('title', models.CharField(blank=True, max_length=160, validators=[volunteers.validators.validate_single_line], verbose_name='Überschrift')),
                ('text', models.TextField(blank=True, max_length=6000, validators=[volunteers.validators.validate_text], verbose_name='Text')),
                ('link', programs.models.web.WebAddressField(blank=True, verbose_name='Link dazu')),
                ('entry', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.entry', verbose_name='Eintrag')),
                ('event', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.event', verbose_name='Termin')),
            ],
            options={
                'verbose_name': 'Baustein',
                'verbose_name_plural': 'Bausteine',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='NewsletterIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='Er steht im Postfach, über der Mail und über der Seite im Portal.', max_length=120, validators=[volunteers.validators.validate_single_line], verbose_name='Betreff')),
                ('summary', models.CharField(blank=True, help_text='Ein Satz: Viele Postfächer zeigen ihn neben dem Betreff.', max_length=200, validators=[volunteers.validators.validate_single_line], verbose_name='Vorschau im Postfach')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('news', 'Alle Neuigkeiten'), ('trainings', 'Schulungen und Fortbildungen'), ('opportunities', 'Neue Einsätze in meinen Stadtbezirken'), ('organisations', 'Für Organisationen')], max_length=13), default=list, size=None, verbose_name='Themen')),
                ('language', models.CharField(choices=[('de', 'Deutsch'), ('en', 'Englisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('ar', 'Arabisch'), ('fa', 'Persisch/Dari'), ('tr', 'Türkisch'), ('fr', 'Französisch'), ('ti', 'Tigrinya'), ('ps', 'Paschtu'), ('kmr', 'Kurmandschi'), ('ro', 'Rumänisch'), ('hr', 'Kroatisch'), ('it', 'Italienisch'), ('el', 'Griechisch'), ('es', 'Spanisch'), ('pl', 'Polnisch'), ('sq', 'Albanisch'), ('so', 'Somali')], default='de', help_text='Die Ausgabe bekommt, wer den Newsletter in dieser Sprache bestellt hat.', max_length=3, verbose_name='Sprache')),
                ('status', models.CharField(choices=[('draft', 'Entwurf'), ('scheduled', 'geplant'), ('sending', 'wird versendet'), ('paused', 'angehalten'), ('sent', 'versendet'), ('stopped', 'abgebrochen')], default='draft', editable=False, max_length=9, verbose_name='Status')),
                ('send_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='geplant für')),
                ('begun_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Versand begonnen')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Versand beendet')),
                ('note', models.CharField(blank=True, editable=False, max_length=300, verbose_name='Warum er ruht')),
                ('content', models.JSONField(blank=True, editable=False, null=True, verbose_name='Inhalt beim Versand')),
                ('tested', models.CharField(blank=True, editable=False, max_length=64, verbose_name='Stand der letzten Testmail')),
                ('is_public', models.BooleanField(default=True, editable=False, verbose_name='auf der Webseite')),
                ('recipients', models.PositiveIntegerField(default=0, editable=False, verbose_name='Empfänger')),
                ('delivered', models.PositiveIntegerField(default=0, editable=False, verbose_name='zugestellt')),
                ('refused', models.PositiveIntegerField(default=0, editable=False, verbose_name='abgewiesen')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='Vorführdaten')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='geändert')),
            ],
            options={
                'verbose_name': 'Newsletter-Ausgabe',
                'verbose_name_plural': 'Newsletter-Ausgaben',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('topics', []), _negated=True), name='issue_has_a_topic', violation_error_message='Bitte wählen Sie mindestens ein Thema.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'scheduled'), _negated=True), ('send_at__isnull', False), _connector='OR'), name='issue_scheduled_has_a_time', violation_error_message='Was geplant ist, hat eine Zeit.'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'scheduled']), models.Q(('begun_at__isnull', False), ('content__isnull', False)), _connector='OR'), name='issue_begun_has_its_content', violation_error_message='Was versendet wird, hat einen festen Inhalt.')],
            },
        ),
        migrations.CreateModel(
            name='NewsletterDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'wartet'), ('sent', 'zugestellt'), ('refused', 'abgewiesen'), ('skipped', 'ausgelassen')], default='waiting', max_length=7, verbose_name='Stand')),
                ('code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Antwort des Mailservers')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='Versuche')),
                ('try_at', models.DateTimeField(blank=True, null=True, verbose_name='nächster Versuch')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='erledigt')),
                ('subscription', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.subscription', verbose_name='Bestellung')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='portal.newsletterissue', verbose_name='Ausgabe')),
            ],
            options={
                'verbose_name': 'Zustellung',
                'verbose_name_plural': 'Zustellungen',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='NewsletterBlockHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=999, help_text='Die kleinste Zahl steht oben.', verbose_name='Reihenfolge')),
                ('title', models.CharField(blank=True, max_length=160, validators=[volunteers.validators.validate_single_line], verbose_name='Überschrift')),
                ('text', models.TextField(blank=True, max_length=6000, validators=[volunteers.validators.validate_text], verbose_name='Text')),
                ('link', programs.models.web.WebAddressField(blank=True, verbose_name='Link dazu')),
                ('entry', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.entry', verbose_name='Eintrag')),
                ('event', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.event', verbose_name='Termin')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='portal.newsletterblock')),
                ('issue', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='portal.newsletterissue', verbose_name='Ausgabe')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='newsletterblock',
            name='issue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='portal.newsletterissue', verbose_name='Ausgabe'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsletterissue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_newsletterissuehistory" ("begun_at", "delivered", "ended_at", "id", "is_public", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipients", "refused", "send_at", "status", "summary", "title", "topics") VALUES (NEW."begun_at", NEW."delivered", NEW."ended_at", NEW."id", NEW."is_public", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."recipients", NEW."refused", NEW."send_at", NEW."status", NEW."summary", NEW."title", NEW."topics"); RETURN NULL;', hash='3816841f7ceb41720d8e282387eef2d6a3a77f25', operation='INSERT', pgid='pgtrigger_insert_insert_90def', table='portal_newsletterissue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsletterissue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."begun_at" IS DISTINCT FROM (NEW."begun_at") OR OLD."delivered" IS DISTINCT FROM (NEW."delivered") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_public" IS DISTINCT FROM (NEW."is_public") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."recipients" IS DISTINCT FROM (NEW."recipients") OR OLD."refused" IS DISTINCT FROM (NEW."refused") OR OLD."send_at" IS DISTINCT FROM (NEW."send_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."topics" IS DISTINCT FROM (NEW."topics"))', func='INSERT INTO "portal_newsletterissuehistory" ("begun_at", "delivered", "ended_at", "id", "is_public", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipients", "refused", "send_at", "status", "summary", "title", "topics") VALUES (NEW."begun_at", NEW."delivered", NEW."ended_at", NEW."id", NEW."is_public", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."recipients", NEW."refused", NEW."send_at", NEW."status", NEW."summary", NEW."title", NEW."topics"); RETURN NULL;', hash='b305866cc0b2c3266e0da08ab4987b2477dbffeb', operation='UPDATE', pgid='pgtrigger_update_update_86db0', table='portal_newsletterissue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsletterissue',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_newsletterissuehistory" ("begun_at", "delivered", "ended_at", "id", "is_public", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipients", "refused", "send_at", "status", "summary", "title", "topics") VALUES (OLD."begun_at", OLD."delivered", OLD."ended_at", OLD."id", OLD."is_public", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."recipients", OLD."refused", OLD."send_at", OLD."status", OLD."summary", OLD."title", OLD."topics"); RETURN NULL;', hash='7a17b65eb2f1761cbbd01b12fbc3ce704c881992', operation='DELETE', pgid='pgtrigger_delete_delete_9aed2', table='portal_newsletterissue', when='AFTER')),
        ),
        migrations.AddField(
            model_name='newsletterissuehistory',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='portal.newsletterissue'),
        ),
        migrations.AddIndex(
            model_name='newsletterdelivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['issue', 'id'], name='delivery_waiting'),
        ),
        migrations.AddConstraint(
            model_name='newsletterdelivery',
            constraint=models.UniqueConstraint(fields=('issue', 'subscription'), name='delivery_once_per_issue', violation_error_message='Wer eine Ausgabe bekommt, bekommt sie einmal.'),
        ),
        migrations.AddConstraint(
            model_name='newsletterdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='delivery_done_has_a_time', violation_error_message='Was erledigt ist, hat eine Zeit.'),
        ),
        migrations.AddConstraint(
            model_name='newsletterblock',
            constraint=models.CheckConstraint(condition=models.Q(('entry__isnull', False), ('event__isnull', False), models.Q(('text', ''), _negated=True), _connector='OR'), name='block_says_something', violation_error_message='Ein eigener Baustein braucht einen Text.'),
        ),
        migrations.AddConstraint(
            model_name='newsletterblock',
            constraint=models.CheckConstraint(condition=models.Q(('entry__isnull', True), ('event__isnull', True), _connector='OR'), name='block_shows_one_thing', violation_error_message='Ein Baustein zeigt einen Eintrag oder einen Termin.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsletterblock',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_newsletterblockhistory" ("entry_id", "event_id", "id", "issue_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text", "title") VALUES (NEW."entry_id", NEW."event_id", NEW."id", NEW."issue_id", NEW."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."text", NEW."title"); RETURN NULL;', hash='e28141182a137ff20bd1eba52b07ef8ab6efb827', operation='INSERT', pgid='pgtrigger_insert_insert_6825b', table='portal_newsletterblock', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsletterblock',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "portal_newsletterblockhistory" ("entry_id", "event_id", "id", "issue_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text", "title") VALUES (NEW."entry_id", NEW."event_id", NEW."id", NEW."issue_id", NEW."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."text", NEW."title"); RETURN NULL;', hash='f57ae51232cf2fae5ac21e2d525ea337e68e8b0b', operation='UPDATE', pgid='pgtrigger_update_update_6cc71', table='portal_newsletterblock', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsletterblock',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portal_newsletterblockhistory" ("entry_id", "event_id", "id", "issue_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text", "title") VALUES (OLD."entry_id", OLD."event_id", OLD."id", OLD."issue_id", OLD."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."text", OLD."title"); RETURN NULL;', hash='b3fae6d1ec2397524cc0322622eea2bb719c2689', operation='DELETE', pgid='pgtrigger_delete_delete_02333', table='portal_newsletterblock', when='AFTER')),
        ),
        migrations.RunSQL(
            PAGES.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS on_public_pages ON portal_newsletterissue;',
        ),
    ]
