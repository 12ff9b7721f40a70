"""Searches of the catalogue that an address wants to hear of."""

import django.utils.timezone
import uuid
import volunteers.models.reading
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0019_counted_figures_are_public'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preferred_language', volunteers.models.reading.PreferredLanguageField(verbose_name='Sprache der Mails')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='eingegangen')),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='bestätigt')),
                ('link_sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Link verschickt')),
                ('status', models.CharField(choices=[('unconfirmed', 'unbestätigt'), ('active', 'bestellt'), ('ended', 'abbestellt')], default='unconfirmed', max_length=11, verbose_name='Status')),
                ('email', models.EmailField(max_length=254, verbose_name='E-Mail')),
                ('text_version', models.CharField(blank=True, editable=False, max_length=20, verbose_name='Fassung des Textes')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='abbestellt')),
                ('hard_bounces', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, verbose_name='vom Mailserver abgelehnt')),
                ('stopped_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Adresse nicht erreichbar')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='Vorführdaten')),
                ('query', models.CharField(blank=True, editable=False, max_length=1500, verbose_name='Filter')),
                ('told_until', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='erzählt bis')),
                ('last_sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='letzte Mail')),
            ],
            options={
                'verbose_name': 'Suche per Mail',
                'verbose_name_plural': 'Suchen per Mail',
                'ordering': ['submitted_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'active'), ('stopped_at__isnull', True)), fields=['told_until'], name='saved_search_running')],
                'constraints': [models.UniqueConstraint(fields=('email', 'query'), name='saved_search_once_per_address', violation_error_message='Diese Suche gibt es schon.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='saved_search_active_is_confirmed', violation_error_message='Ohne Bestätigung bekommt niemand Mails.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('status', 'ended')), models.Q(models.Q(('status', 'ended'), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='saved_search_ended_has_a_time', violation_error_message='Was abbestellt ist, hat eine Zeit.')],
            },
        ),
    ]
