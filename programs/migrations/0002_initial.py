"""Who works for which organisation: needs the table of accounts."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('programs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('coordinator', 'Koordination'), ('deputy', 'Vertretung'), ('staff', 'Fachstelle'), ('room_staff', 'Fachstelle Willkommensräume'), ('reporting', 'Berichtswesen')], max_length=11, verbose_name='Rolle')),
                ('until', models.DateField(blank=True, help_text='Letzter Tag; leer heißt: unbefristet.', null=True, verbose_name='bis')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='angelegt')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='programs.organisation', verbose_name='Organisation')),
                ('last_used_on', models.DateField(blank=True, editable=False, null=True, verbose_name='zuletzt genutzt')),
            ],
            options={
                'verbose_name': 'Mitgliedschaft',
                'verbose_name_plural': 'Mitgliedschaften',
                'ordering': ['organisation', 'user'],
                'constraints': [models.UniqueConstraint(fields=('user', 'organisation'), name='membership_once_per_organisation', violation_error_message='Die Person gehört schon zu dieser Organisation.'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'deputy'), _negated=True), ('until__isnull', False), _connector='OR'), name='membership_deputy_has_an_end', violation_error_message='Eine Vertretung braucht einen letzten Tag.')],
            },
        ),
        migrations.CreateModel(
            name='MembershipHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('coordinator', 'Koordination'), ('deputy', 'Vertretung'), ('staff', 'Fachstelle'), ('room_staff', 'Fachstelle Willkommensräume'), ('reporting', 'Berichtswesen')], max_length=11, verbose_name='Rolle')),
                ('until', models.DateField(blank=True, help_text='Letzter Tag; leer heißt: unbefristet.', null=True, verbose_name='bis')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.organisation', verbose_name='Organisation')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.membership')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_membershiphistory" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "until", "user_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."role", NEW."until", NEW."user_id"); RETURN NULL;', hash='98fad3030282d4f08df0bb08392ff77453130115', operation='INSERT', pgid='pgtrigger_insert_insert_d2cb5', table='programs_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."until" IS DISTINCT FROM (NEW."until") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "programs_membershiphistory" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "until", "user_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."role", NEW."until", NEW."user_id"); RETURN NULL;', hash='76cb42ded76a8b626b7db529084c2f419ca1c52a', operation='UPDATE', pgid='pgtrigger_update_update_517e6', table='programs_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_membershiphistory" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "until", "user_id") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."role", OLD."until", OLD."user_id"); RETURN NULL;', hash='96f48e6757463d1fefaba15709cbc2ff834dd260', operation='DELETE', pgid='pgtrigger_delete_delete_25ce7', table='programs_membership', when='AFTER')),
        ),
    ]
