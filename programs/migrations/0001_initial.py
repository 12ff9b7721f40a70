"""What is on offer and by whom: tables, their history with its triggers, the columns of the search.

What leads to accounts follows in ``0002_initial``.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import programs.models.web
import uuid
from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from pathlib import Path
from django.db import migrations, models

SEARCH = Path(__file__).resolve().parent.parent / 'sql' / '0001_search.sql'

UNDO = """
DROP FUNCTION programs_entry_renamed, programs_entry_touch, programs_entry_index CASCADE;
DROP FUNCTION search_fold;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name='District',
            fields=[
                ('number', models.CharField(max_length=2, primary_key=True, serialize=False, verbose_name='Nummer')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='Name')),
                ('short_name', models.CharField(max_length=40, unique=True, verbose_name='Kurzname')),
                ('slug', models.SlugField(unique=True, verbose_name='Adresse')),
                ('zone', models.CharField(choices=[('inner', 'Innenstadt'), ('outer', 'Äußerer Stadtbezirk')], max_length=5, verbose_name='Lage')),
                ('latitude', models.FloatField(verbose_name='Breite (WGS84)')),
                ('longitude', models.FloatField(verbose_name='Länge (WGS84)')),
                ('area_km2', models.FloatField(verbose_name='Fläche in km²')),
                ('neighbours', models.ManyToManyField(blank=True, to='programs.district', verbose_name='Nachbarbezirke')),
            ],
            options={
                'verbose_name': 'Stadtbezirk',
                'verbose_name_plural': 'Stadtbezirke',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Field',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='Adresse')),
                ('description', models.TextField(blank=True, help_text='Ein bis drei Sätze für die öffentliche Seite.', verbose_name='Beschreibung')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
                ('trend', models.CharField(blank=True, choices=[('growing', 'wächst'), ('shrinking', 'geht zurück')], default='', max_length=9, verbose_name='Entwicklung')),
                ('trend_note', models.TextField(blank=True, verbose_name='Erläuterung zur Entwicklung')),
                ('trend_source', models.CharField(blank=True, max_length=300, verbose_name='Quelle und Stand der Entwicklung')),
            ],
            options={
                'verbose_name': 'Engagementfeld',
                'verbose_name_plural': 'Engagementfelder',
                'ordering': ['position', 'name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TargetGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='Adresse')),
                ('description', models.TextField(blank=True, help_text='Ein bis drei Sätze für die öffentliche Seite.', verbose_name='Beschreibung')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
            ],
            options={
                'verbose_name': 'Zielgruppe',
                'verbose_name_plural': 'Zielgruppen',
                'ordering': ['position', 'name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, help_text='Adresse oder Name des Dokuments.', max_length=500, verbose_name='Quelle')),
                ('as_of', models.DateField(blank=True, help_text='Tag des jüngsten Belegs.', null=True, verbose_name='Stand')),
                ('as_of_precision', models.CharField(choices=[('day', 'auf den Tag'), ('month', 'auf den Monat'), ('year', 'auf das Jahr')], default='day', max_length=5, verbose_name='Stand bekannt')),
                ('confirmed_on', models.DateField(blank=True, help_text='Tag, an dem die Organisation oder die zuständige Stelle den Eintrag bestätigt hat.', null=True, verbose_name='bestätigt am')),
                ('kind', models.CharField(choices=[('opportunity', 'Einsatzmöglichkeit'), ('programme', 'Programm'), ('room', 'Willkommensraum'), ('circle', 'Freundeskreis'), ('initiative', 'Initiative'), ('organisation', 'Organisation')], editable=False, max_length=12, verbose_name='Art')),
                ('title', models.CharField(max_length=160, verbose_name='Name')),
                ('slug', models.SlugField(max_length=160, unique=True, verbose_name='Adresse')),
                ('summary', models.CharField(blank=True, help_text='Ein bis zwei Sätze.', max_length=300, verbose_name='Kurzbeschreibung')),
                ('description', models.TextField(blank=True, help_text='Absätze durch eine Leerzeile trennen.', verbose_name='Beschreibung')),
                ('status', models.CharField(choices=[('active', 'aktiv'), ('paused', 'pausiert'), ('ended', 'beendet')], default='active', max_length=6, verbose_name='Status')),
                ('is_published', models.BooleanField(default=False, verbose_name='veröffentlicht')),
                ('accepts_sign_ups', models.BooleanField(default=True, verbose_name='nimmt Anmeldungen an')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('period_note', models.CharField(blank=True, help_text='Wird statt der Daten gezeigt, zum Beispiel „seit Frühjahr 2018“.', max_length=120, verbose_name='Zeitraum in Worten')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('de', 'Deutsch'), ('en', 'Englisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('ar', 'Arabisch'), ('fa', 'Persisch/Dari'), ('tr', 'Türkisch'), ('fr', 'Französisch'), ('ti', 'Tigrinya'), ('ps', 'Paschtu'), ('kmr', 'Kurmandschi'), ('ro', 'Rumänisch'), ('hr', 'Kroatisch'), ('it', 'Italienisch'), ('el', 'Griechisch'), ('es', 'Spanisch'), ('pl', 'Polnisch'), ('sq', 'Albanisch'), ('so', 'Somali')], max_length=3), blank=True, default=list, size=None, verbose_name='Sprachen, die gebraucht werden')),
                ('without_german', models.BooleanField(default=False, verbose_name='ohne Deutschkenntnisse möglich')),
                ('newcomers_welcome', models.BooleanField(default=False, verbose_name='für Neuzugewanderte, die sich selbst engagieren')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(choices=[(0, 'Montag'), (1, 'Dienstag'), (2, 'Mittwoch'), (3, 'Donnerstag'), (4, 'Freitag'), (5, 'Samstag'), (6, 'Sonntag')]), blank=True, default=list, size=None, verbose_name='Wochentage')),
                ('dayparts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('morning', 'vormittags'), ('afternoon', 'nachmittags'), ('evening', 'abends')], max_length=9), blank=True, default=list, size=None, verbose_name='Tageszeiten')),
                ('time_note', models.CharField(blank=True, help_text='Zum Beispiel „2 Stunden in der Woche“.', max_length=160, verbose_name='Zeitaufwand')),
                ('requirements', models.CharField(blank=True, max_length=300, verbose_name='Voraussetzungen')),
                ('contact_role', models.CharField(blank=True, help_text='Eine Funktion, kein Name: „Koordination WillkommensPaten“.', max_length=120, verbose_name='Ansprechstelle')),
                ('website', programs.models.web.WebAddressField(blank=True, max_length=300, verbose_name='Webseite')),
                ('places', models.PositiveSmallIntegerField(blank=True, help_text='Leer heißt: unbegrenzt.', null=True, verbose_name='Plätze')),
                ('internal_note', models.TextField(blank=True, help_text='Erscheint nie öffentlich.', verbose_name='interne Notiz')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='Vorführdaten')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='angelegt')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='geändert')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, editable=False, size=None)),
                ('search_names', models.TextField(default='', editable=False)),
                ('search_text', models.TextField(default='', editable=False)),
                ('search_vector', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('districts', models.ManyToManyField(blank=True, help_text='Leer heißt: in der ganzen Stadt.', related_name='entries', to='programs.district', verbose_name='Stadtbezirke')),
                ('fields', models.ManyToManyField(blank=True, related_name='entries', to='programs.field', verbose_name='Engagementfelder')),
                ('target_groups', models.ManyToManyField(blank=True, related_name='entries', to='programs.targetgroup', verbose_name='Zielgruppen')),
            ],
            options={
                'verbose_name': 'Eintrag',
                'verbose_name_plural': 'Einträge',
                'ordering': ['title'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='entry_search_vector'), django.contrib.postgres.indexes.GinIndex(fields=['facets'], name='entry_facets'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search_text', name='gin_trgm_ops'), name='entry_search_text')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='entry_ends_after_start', violation_error_message='Das Ende liegt vor dem Beginn.'), models.CheckConstraint(condition=models.Q(('places__isnull', True), ('places__gte', 1), _connector='OR'), name='entry_places_at_least_one', violation_error_message='Mindestens ein Platz, oder leer für unbegrenzt.')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('entry_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='organisation_entry', serialize=False, to='programs.entry')),
                ('type', models.CharField(choices=[('office', 'Amt/Abteilung'), ('carrier', 'Träger'), ('circle', 'Freundeskreis'), ('initiative', 'Initiative'), ('company', 'Unternehmen'), ('foundation', 'Stiftung'), ('partner', 'Partner')], max_length=10, verbose_name='Art der Organisation')),
                ('carried_by', models.CharField(blank=True, help_text='Träger einer Initiative.', max_length=200, verbose_name='getragen von')),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1800), django.core.validators.MaxValueValidator(2100)], verbose_name='Gründungsjahr')),
                ('area', models.CharField(blank=True, max_length=160, verbose_name='Gebiet')),
                ('answer_days', models.PositiveSmallIntegerField(default=7, help_text='So lange warten Engagierte höchstens auf die erste Antwort.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Antwortfrist in Tagen')),
                ('is_clearing_office', models.BooleanField(default=False, help_text='Beantwortet Anmeldungen, für die sonst niemand da ist. Nur eine Stelle.', verbose_name='Clearingstelle')),
            ],
            options={
                'verbose_name': 'Organisation',
                'verbose_name_plural': 'Organisationen',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_clearing_office', True)), fields=('is_clearing_office',), name='organisation_one_clearing_office', violation_error_message='Es gibt schon eine Clearingstelle.'), models.CheckConstraint(condition=models.Q(('answer_days__gte', 1), ('answer_days__lte', 60)), name='organisation_answer_days_1_to_60', violation_error_message='Die Antwortfrist liegt zwischen 1 und 60 Tagen.')],
            },
            bases=('programs.entry',),
        ),
        migrations.AddField(
            model_name='entry',
            name='department',
            field=models.ForeignKey(blank=True, help_text='Antwortet, solange die Organisation niemanden im Portal hat.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supervised_entries', to='programs.organisation', verbose_name='zuständige Stelle'),
        ),
        migrations.AddField(
            model_name='entry',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='programs.organisation', verbose_name='Organisation'),
        ),
        migrations.AddField(
            model_name='entry',
            name='evidence_confirmed',
            field=models.BooleanField(default=False, help_text='Die Quelle belegt den heutigen Stand; der Eintrag gilt dann als bestätigt.', verbose_name='durch aktuelle Belege gesichert'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['circle', 'initiative', 'organisation']), ('organisation__isnull', False), _connector='XOR'), name='entry_has_owner', violation_error_message='Bitte eine Organisation wählen.'),
        ),
        migrations.CreateModel(
            name='Opportunity',
            fields=[
                ('entry_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='opportunity_entry', serialize=False, to='programs.entry')),
                ('part_of', models.ForeignKey(blank=True, limit_choices_to={'kind__in': ['programme', 'room']}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='programs.entry', verbose_name='Programm oder Raum')),
            ],
            options={
                'verbose_name': 'Einsatzmöglichkeit',
                'verbose_name_plural': 'Einsatzmöglichkeiten',
            },
            bases=('programs.entry',),
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('entry_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='programme_entry', serialize=False, to='programs.entry')),
                ('type', models.CharField(choices=[('mentoring', 'Mentorenprogramm'), ('pilot', 'Pilotprojekt'), ('project', 'Projekt'), ('campus', 'Campus'), ('coordination', 'Koordination'), ('service', 'Angebot der Stadt')], max_length=12, verbose_name='Art des Programms')),
                ('funder', models.CharField(blank=True, max_length=200, verbose_name='gefördert von')),
                ('requires_conduct_check', models.BooleanField(default=False, help_text='Dann beginnt niemand ohne gültige Einsicht (§ 72a SGB VIII).', verbose_name='Führungszeugnis nötig')),
                ('part_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='programs.programme', verbose_name='gehört zu')),
                ('makes_tandems', models.BooleanField(default=False, help_text='Dann können Neuzugewanderte hier um eine Begleitung bitten.', verbose_name='vermittelt Tandems')),
                ('partners', models.ManyToManyField(blank=True, related_name='partner_programmes', to='programs.organisation', verbose_name='Partner')),
            ],
            options={
                'verbose_name': 'Programm',
                'verbose_name_plural': 'Programme',
            },
            bases=('programs.entry',),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('training', 'Schulung'), ('introduction', 'Einführungsabend'), ('dialogue', 'Bürgerdialog'), ('community_talk', 'Gemeinschaftsgespräch'), ('recognition', 'Anerkennung'), ('encounter', 'Begegnung')], max_length=14, verbose_name='Art')),
                ('title', models.CharField(max_length=160, verbose_name='Titel')),
                ('slug', models.SlugField(max_length=160, unique=True, verbose_name='Adresse')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='Kurzbeschreibung')),
                ('description', models.TextField(blank=True, verbose_name='Beschreibung')),
                ('starts_at', models.DateTimeField(verbose_name='Beginn')),
                ('ends_at', models.DateTimeField(verbose_name='Ende')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='Ort')),
                ('online_url', programs.models.web.WebAddressField(blank=True, verbose_name='Link zur Teilnahme')),
                ('access_note', models.CharField(blank=True, max_length=300, verbose_name='Hinweise zum Zugang')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('de', 'Deutsch'), ('en', 'Englisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('ar', 'Arabisch'), ('fa', 'Persisch/Dari'), ('tr', 'Türkisch'), ('fr', 'Französisch'), ('ti', 'Tigrinya'), ('ps', 'Paschtu'), ('kmr', 'Kurmandschi'), ('ro', 'Rumänisch'), ('hr', 'Kroatisch'), ('it', 'Italienisch'), ('el', 'Griechisch'), ('es', 'Spanisch'), ('pl', 'Polnisch'), ('sq', 'Albanisch'), ('so', 'Somali')], max_length=3), blank=True, default=list, size=None, verbose_name='Sprachen')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, help_text='Leer heißt: unbegrenzt.', null=True, verbose_name='Plätze')),
                ('registration_until', models.DateTimeField(blank=True, help_text='Leer heißt: bis zum Beginn.', null=True, verbose_name='Anmeldung bis')),
                ('is_published', models.BooleanField(default=False, verbose_name='veröffentlicht')),
                ('is_cancelled', models.BooleanField(default=False, verbose_name='abgesagt')),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='Vorführdaten')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='angelegt')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='geändert')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='programs.district', verbose_name='Stadtbezirk')),
                ('part_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='programs.entry', verbose_name='gehört zu')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organised_events', to='programs.organisation', verbose_name='Organisation')),
                ('childcare_note', models.CharField(blank=True, help_text='Zum Beispiel „für Kinder ab 3 Jahren, bitte bei der Anmeldung angeben“.', max_length=200, verbose_name='Kinderbetreuung')),
                ('qualification', models.CharField(blank=True, help_text='Was hat, wer teilgenommen hat: „Grundschulung WillkommensPaten“.', max_length=160, verbose_name='bescheinigt')),
                ('qualification_months', models.PositiveSmallIntegerField(blank=True, help_text='Leer heißt: unbegrenzt.', null=True, verbose_name='gilt so viele Monate')),
                ('takes_registrations', models.BooleanField(default=False, help_text='Ohne Anmeldung kommt einfach, wer mag.', verbose_name='mit Anmeldung')),
            ],
            options={
                'verbose_name': 'Termin',
                'verbose_name_plural': 'Termine',
                'ordering': ['starts_at'],
                'indexes': [models.Index(fields=['starts_at'], name='event_starts_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='event_ends_after_start', violation_error_message='Das Ende liegt nicht nach dem Beginn.'), models.CheckConstraint(condition=models.Q(('registration_until__isnull', True), ('registration_until__lte', models.F('starts_at')), _connector='OR'), name='event_registration_ends_before_start', violation_error_message='Die Anmeldung endet spätestens mit dem Beginn.'), models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gte', 1), _connector='OR'), name='event_capacity_at_least_one', violation_error_message='Mindestens ein Platz, oder leer für unbegrenzt.')],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=10, verbose_name='Reihenfolge')),
                ('kind', models.CharField(choices=[('interview', 'Erstgespräch'), ('training', 'Einführung oder Schulung'), ('commitment', 'Selbstverpflichtung und Verschwiegenheit'), ('conduct_check', 'Führungszeugnis'), ('other', 'Weiteres')], max_length=13, verbose_name='Art')),
                ('title', models.CharField(help_text='So sehen es die Engagierten: „Einführungsabend“.', max_length=120, verbose_name='Name')),
                ('note', models.CharField(blank=True, help_text='Was zu tun ist, in einem Satz.', max_length=300, verbose_name='Erklärung')),
                ('text', models.TextField(blank=True, help_text='Nur bei Selbstverpflichtungen: die Worte, denen jemand zustimmt.', verbose_name='Text der Erklärung')),
                ('text_version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='Fassung')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='programs.programme', verbose_name='Programm')),
            ],
            options={
                'verbose_name': 'Vorbereitungsschritt',
                'verbose_name_plural': 'Vorbereitungsschritte',
                'ordering': ['programme', 'position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'commitment'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='programme_step_commitment_has_text', violation_error_message='Eine Selbstverpflichtung braucht ihren Text.'), models.UniqueConstraint(condition=models.Q(('kind', 'conduct_check')), fields=('programme',), name='programme_step_one_conduct_check', violation_error_message='Das Führungszeugnis ist schon einer der Schritte.')],
            },
        ),
        migrations.CreateModel(
            name='EntryHistory',
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
                ('kind', models.CharField(choices=[('opportunity', 'Einsatzmöglichkeit'), ('programme', 'Programm'), ('room', 'Willkommensraum'), ('circle', 'Freundeskreis'), ('initiative', 'Initiative'), ('organisation', 'Organisation')], editable=False, max_length=12, verbose_name='Art')),
                ('title', models.CharField(max_length=160, verbose_name='Name')),
                ('slug', models.SlugField(db_index=False, max_length=160, verbose_name='Adresse')),
                ('summary', models.CharField(blank=True, help_text='Ein bis zwei Sätze.', max_length=300, verbose_name='Kurzbeschreibung')),
                ('description', models.TextField(blank=True, help_text='Absätze durch eine Leerzeile trennen.', verbose_name='Beschreibung')),
                ('status', models.CharField(choices=[('active', 'aktiv'), ('paused', 'pausiert'), ('ended', 'beendet')], default='active', max_length=6, verbose_name='Status')),
                ('is_published', models.BooleanField(default=False, verbose_name='veröffentlicht')),
                ('accepts_sign_ups', models.BooleanField(default=True, verbose_name='nimmt Anmeldungen an')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('period_note', models.CharField(blank=True, help_text='Wird statt der Daten gezeigt, zum Beispiel „seit Frühjahr 2018“.', max_length=120, verbose_name='Zeitraum in Worten')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('de', 'Deutsch'), ('en', 'Englisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('ar', 'Arabisch'), ('fa', 'Persisch/Dari'), ('tr', 'Türkisch'), ('fr', 'Französisch'), ('ti', 'Tigrinya'), ('ps', 'Paschtu'), ('kmr', 'Kurmandschi'), ('ro', 'Rumänisch'), ('hr', 'Kroatisch'), ('it', 'Italienisch'), ('el', 'Griechisch'), ('es', 'Spanisch'), ('pl', 'Polnisch'), ('sq', 'Albanisch'), ('so', 'Somali')], max_length=3), blank=True, default=list, size=None, verbose_name='Sprachen, die gebraucht werden')),
                ('without_german', models.BooleanField(default=False, verbose_name='ohne Deutschkenntnisse möglich')),
                ('newcomers_welcome', models.BooleanField(default=False, verbose_name='für Neuzugewanderte, die sich selbst engagieren')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(choices=[(0, 'Montag'), (1, 'Dienstag'), (2, 'Mittwoch'), (3, 'Donnerstag'), (4, 'Freitag'), (5, 'Samstag'), (6, 'Sonntag')]), blank=True, default=list, size=None, verbose_name='Wochentage')),
                ('dayparts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('morning', 'vormittags'), ('afternoon', 'nachmittags'), ('evening', 'abends')], max_length=9), blank=True, default=list, size=None, verbose_name='Tageszeiten')),
                ('time_note', models.CharField(blank=True, help_text='Zum Beispiel „2 Stunden in der Woche“.', max_length=160, verbose_name='Zeitaufwand')),
                ('requirements', models.CharField(blank=True, max_length=300, verbose_name='Voraussetzungen')),
                ('contact_role', models.CharField(blank=True, help_text='Eine Funktion, kein Name: „Koordination WillkommensPaten“.', max_length=120, verbose_name='Ansprechstelle')),
                ('website', programs.models.web.WebAddressField(blank=True, max_length=300, verbose_name='Webseite')),
                ('places', models.PositiveSmallIntegerField(blank=True, help_text='Leer heißt: unbegrenzt.', null=True, verbose_name='Plätze')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, editable=False, size=None)),
                ('department', models.ForeignKey(blank=True, db_constraint=False, help_text='Antwortet, solange die Organisation niemanden im Portal hat.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.organisation', verbose_name='zuständige Stelle')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.organisation', verbose_name='Organisation')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.entry')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='EventHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('training', 'Schulung'), ('introduction', 'Einführungsabend'), ('dialogue', 'Bürgerdialog'), ('community_talk', 'Gemeinschaftsgespräch'), ('recognition', 'Anerkennung'), ('encounter', 'Begegnung')], max_length=14, verbose_name='Art')),
                ('title', models.CharField(max_length=160, verbose_name='Titel')),
                ('slug', models.SlugField(db_index=False, max_length=160, verbose_name='Adresse')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='Kurzbeschreibung')),
                ('description', models.TextField(blank=True, verbose_name='Beschreibung')),
                ('starts_at', models.DateTimeField(verbose_name='Beginn')),
                ('ends_at', models.DateTimeField(verbose_name='Ende')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='Ort')),
                ('online_url', programs.models.web.WebAddressField(blank=True, verbose_name='Link zur Teilnahme')),
                ('access_note', models.CharField(blank=True, max_length=300, verbose_name='Hinweise zum Zugang')),
                ('childcare_note', models.CharField(blank=True, help_text='Zum Beispiel „für Kinder ab 3 Jahren, bitte bei der Anmeldung angeben“.', max_length=200, verbose_name='Kinderbetreuung')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('de', 'Deutsch'), ('en', 'Englisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('ar', 'Arabisch'), ('fa', 'Persisch/Dari'), ('tr', 'Türkisch'), ('fr', 'Französisch'), ('ti', 'Tigrinya'), ('ps', 'Paschtu'), ('kmr', 'Kurmandschi'), ('ro', 'Rumänisch'), ('hr', 'Kroatisch'), ('it', 'Italienisch'), ('el', 'Griechisch'), ('es', 'Spanisch'), ('pl', 'Polnisch'), ('sq', 'Albanisch'), ('so', 'Somali')], max_length=3), blank=True, default=list, size=None, verbose_name='Sprachen')),
                ('takes_registrations', models.BooleanField(default=False, help_text='Ohne Anmeldung kommt einfach, wer mag.', verbose_name='mit Anmeldung')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, help_text='Leer heißt: unbegrenzt.', null=True, verbose_name='Plätze')),
                ('registration_until', models.DateTimeField(blank=True, help_text='Leer heißt: bis zum Beginn.', null=True, verbose_name='Anmeldung bis')),
                ('qualification', models.CharField(blank=True, help_text='Was hat, wer teilgenommen hat: „Grundschulung WillkommensPaten“.', max_length=160, verbose_name='bescheinigt')),
                ('qualification_months', models.PositiveSmallIntegerField(blank=True, help_text='Leer heißt: unbegrenzt.', null=True, verbose_name='gilt so viele Monate')),
                ('is_published', models.BooleanField(default=False, verbose_name='veröffentlicht')),
                ('is_cancelled', models.BooleanField(default=False, verbose_name='abgesagt')),
                ('district', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.district', verbose_name='Stadtbezirk')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.organisation', verbose_name='Organisation')),
                ('part_of', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.entry', verbose_name='gehört zu')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.event')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OpportunityHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('entry_ptr', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, parent_link=True, related_name='+', related_query_name='+', serialize=False, to='programs.entry')),
                ('part_of', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'kind__in': ['programme', 'room']}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.entry', verbose_name='Programm oder Raum')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.opportunity')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OrganisationHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('entry_ptr', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, parent_link=True, related_name='+', related_query_name='+', serialize=False, to='programs.entry')),
                ('type', models.CharField(choices=[('office', 'Amt/Abteilung'), ('carrier', 'Träger'), ('circle', 'Freundeskreis'), ('initiative', 'Initiative'), ('company', 'Unternehmen'), ('foundation', 'Stiftung'), ('partner', 'Partner')], max_length=10, verbose_name='Art der Organisation')),
                ('carried_by', models.CharField(blank=True, help_text='Träger einer Initiative.', max_length=200, verbose_name='getragen von')),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1800), django.core.validators.MaxValueValidator(2100)], verbose_name='Gründungsjahr')),
                ('area', models.CharField(blank=True, max_length=160, verbose_name='Gebiet')),
                ('answer_days', models.PositiveSmallIntegerField(default=7, help_text='So lange warten Engagierte höchstens auf die erste Antwort.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Antwortfrist in Tagen')),
                ('is_clearing_office', models.BooleanField(default=False, help_text='Beantwortet Anmeldungen, für die sonst niemand da ist. Nur eine Stelle.', verbose_name='Clearingstelle')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.organisation')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProgrammeHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('entry_ptr', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, parent_link=True, related_name='+', related_query_name='+', serialize=False, to='programs.entry')),
                ('type', models.CharField(choices=[('mentoring', 'Mentorenprogramm'), ('pilot', 'Pilotprojekt'), ('project', 'Projekt'), ('campus', 'Campus'), ('coordination', 'Koordination'), ('service', 'Angebot der Stadt')], max_length=12, verbose_name='Art des Programms')),
                ('funder', models.CharField(blank=True, max_length=200, verbose_name='gefördert von')),
                ('requires_conduct_check', models.BooleanField(default=False, help_text='Dann beginnt niemand ohne gültige Einsicht (§ 72a SGB VIII).', verbose_name='Führungszeugnis nötig')),
                ('makes_tandems', models.BooleanField(default=False, help_text='Dann können Neuzugewanderte hier um eine Begleitung bitten.', verbose_name='vermittelt Tandems')),
                ('part_of', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.programme', verbose_name='gehört zu')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.programme')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProgrammeStepHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=10, verbose_name='Reihenfolge')),
                ('kind', models.CharField(choices=[('interview', 'Erstgespräch'), ('training', 'Einführung oder Schulung'), ('commitment', 'Selbstverpflichtung und Verschwiegenheit'), ('conduct_check', 'Führungszeugnis'), ('other', 'Weiteres')], max_length=13, verbose_name='Art')),
                ('title', models.CharField(help_text='So sehen es die Engagierten: „Einführungsabend“.', max_length=120, verbose_name='Name')),
                ('note', models.CharField(blank=True, help_text='Was zu tun ist, in einem Satz.', max_length=300, verbose_name='Erklärung')),
                ('text', models.TextField(blank=True, help_text='Nur bei Selbstverpflichtungen: die Worte, denen jemand zustimmt.', verbose_name='Text der Erklärung')),
                ('text_version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='Fassung')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.programmestep')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.programme', verbose_name='Programm')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_entryhistory" ("accepts_sign_ups", "as_of", "as_of_precision", "confirmed_on", "contact_role", "dayparts", "department_id", "description", "ends_on", "evidence_confirmed", "facets", "id", "is_published", "kind", "languages", "newcomers_welcome", "organisation_id", "period_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "requirements", "slug", "source", "starts_on", "status", "summary", "time_note", "title", "website", "weekdays", "without_german") VALUES (NEW."accepts_sign_ups", NEW."as_of", NEW."as_of_precision", NEW."confirmed_on", NEW."contact_role", NEW."dayparts", NEW."department_id", NEW."description", NEW."ends_on", NEW."evidence_confirmed", NEW."facets", NEW."id", NEW."is_published", NEW."kind", NEW."languages", NEW."newcomers_welcome", NEW."organisation_id", NEW."period_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."places", NEW."requirements", NEW."slug", NEW."source", NEW."starts_on", NEW."status", NEW."summary", NEW."time_note", NEW."title", NEW."website", NEW."weekdays", NEW."without_german"); RETURN NULL;', hash='261b0b0e24473636b39ecdb53940e39949feb376', operation='INSERT', pgid='pgtrigger_insert_insert_f89f8', table='programs_entry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."accepts_sign_ups" IS DISTINCT FROM (NEW."accepts_sign_ups") OR OLD."as_of" IS DISTINCT FROM (NEW."as_of") OR OLD."as_of_precision" IS DISTINCT FROM (NEW."as_of_precision") OR OLD."confirmed_on" IS DISTINCT FROM (NEW."confirmed_on") OR OLD."contact_role" IS DISTINCT FROM (NEW."contact_role") OR OLD."dayparts" IS DISTINCT FROM (NEW."dayparts") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."evidence_confirmed" IS DISTINCT FROM (NEW."evidence_confirmed") OR OLD."facets" IS DISTINCT FROM (NEW."facets") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."newcomers_welcome" IS DISTINCT FROM (NEW."newcomers_welcome") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."period_note" IS DISTINCT FROM (NEW."period_note") OR OLD."places" IS DISTINCT FROM (NEW."places") OR OLD."requirements" IS DISTINCT FROM (NEW."requirements") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."time_note" IS DISTINCT FROM (NEW."time_note") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."website" IS DISTINCT FROM (NEW."website") OR OLD."weekdays" IS DISTINCT FROM (NEW."weekdays") OR OLD."without_german" IS DISTINCT FROM (NEW."without_german"))', func='INSERT INTO "programs_entryhistory" ("accepts_sign_ups", "as_of", "as_of_precision", "confirmed_on", "contact_role", "dayparts", "department_id", "description", "ends_on", "evidence_confirmed", "facets", "id", "is_published", "kind", "languages", "newcomers_welcome", "organisation_id", "period_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "requirements", "slug", "source", "starts_on", "status", "summary", "time_note", "title", "website", "weekdays", "without_german") VALUES (NEW."accepts_sign_ups", NEW."as_of", NEW."as_of_precision", NEW."confirmed_on", NEW."contact_role", NEW."dayparts", NEW."department_id", NEW."description", NEW."ends_on", NEW."evidence_confirmed", NEW."facets", NEW."id", NEW."is_published", NEW."kind", NEW."languages", NEW."newcomers_welcome", NEW."organisation_id", NEW."period_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."places", NEW."requirements", NEW."slug", NEW."source", NEW."starts_on", NEW."status", NEW."summary", NEW."time_note", NEW."title", NEW."website", NEW."weekdays", NEW."without_german"); RETURN NULL;', hash='a8c6fcea54271c00990e78f4895b9602cad28213', operation='UPDATE', pgid='pgtrigger_update_update_a3edd', table='programs_entry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_entryhistory" ("accepts_sign_ups", "as_of", "as_of_precision", "confirmed_on", "contact_role", "dayparts", "department_id", "description", "ends_on", "evidence_confirmed", "facets", "id", "is_published", "kind", "languages", "newcomers_welcome", "organisation_id", "period_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "requirements", "slug", "source", "starts_on", "status", "summary", "time_note", "title", "website", "weekdays", "without_german") VALUES (OLD."accepts_sign_ups", OLD."as_of", OLD."as_of_precision", OLD."confirmed_on", OLD."contact_role", OLD."dayparts", OLD."department_id", OLD."description", OLD."ends_on", OLD."evidence_confirmed", OLD."facets", OLD."id", OLD."is_published", OLD."kind", OLD."languages", OLD."newcomers_welcome", OLD."organisation_id", OLD."period_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."places", OLD."requirements", OLD."slug", OLD."source", OLD."starts_on", OLD."status", OLD."summary", OLD."time_note", OLD."title", OLD."website", OLD."weekdays", OLD."without_german"); RETURN NULL;', hash='83a7dc9692e7fdf9a8199f43d29dc95e9c775d95', operation='DELETE', pgid='pgtrigger_delete_delete_b973f', table='programs_entry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_organisationhistory" ("answer_days", "area", "carried_by", "entry_ptr_id", "founded", "is_clearing_office", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type") VALUES (NEW."answer_days", NEW."area", NEW."carried_by", NEW."entry_ptr_id", NEW."founded", NEW."is_clearing_office", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."entry_ptr_id", NEW."type"); RETURN NULL;', hash='c999309d6d7e2a2cfce6eb48b7df22b45cf456b2', operation='INSERT', pgid='pgtrigger_insert_insert_9382e', table='programs_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answer_days" IS DISTINCT FROM (NEW."answer_days") OR OLD."area" IS DISTINCT FROM (NEW."area") OR OLD."carried_by" IS DISTINCT FROM (NEW."carried_by") OR OLD."entry_ptr_id" IS DISTINCT FROM (NEW."entry_ptr_id") OR OLD."founded" IS DISTINCT FROM (NEW."founded") OR OLD."is_clearing_office" IS DISTINCT FROM (NEW."is_clearing_office") OR OLD."type" IS DISTINCT FROM (NEW."type"))', func='INSERT INTO "programs_organisationhistory" ("answer_days", "area", "carried_by", "entry_ptr_id", "founded", "is_clearing_office", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type") VALUES (NEW."answer_days", NEW."area", NEW."carried_by", NEW."entry_ptr_id", NEW."founded", NEW."is_clearing_office", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."entry_ptr_id", NEW."type"); RETURN NULL;', hash='d4e3ab6b4845da4cd60124eef572bba1046e6a28', operation='UPDATE', pgid='pgtrigger_update_update_4d171', table='programs_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_organisationhistory" ("answer_days", "area", "carried_by", "entry_ptr_id", "founded", "is_clearing_office", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type") VALUES (OLD."answer_days", OLD."area", OLD."carried_by", OLD."entry_ptr_id", OLD."founded", OLD."is_clearing_office", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."entry_ptr_id", OLD."type"); RETURN NULL;', hash='22d29baa7e03d7ccd2f0b0b45d76edef7afe7ca4', operation='DELETE', pgid='pgtrigger_delete_delete_c382f', table='programs_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_opportunityhistory" ("entry_ptr_id", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."entry_ptr_id", NEW."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."entry_ptr_id"); RETURN NULL;', hash='e42331e82239648192fea15237c2c5f5529a6366', operation='INSERT', pgid='pgtrigger_insert_insert_db838', table='programs_opportunity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."entry_ptr_id" IS DISTINCT FROM (NEW."entry_ptr_id") OR OLD."part_of_id" IS DISTINCT FROM (NEW."part_of_id"))', func='INSERT INTO "programs_opportunityhistory" ("entry_ptr_id", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."entry_ptr_id", NEW."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."entry_ptr_id"); RETURN NULL;', hash='0d7800c50072b12c33e01bb1a3b5fb7b5484d1a1', operation='UPDATE', pgid='pgtrigger_update_update_98d55', table='programs_opportunity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_opportunityhistory" ("entry_ptr_id", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."entry_ptr_id", OLD."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."entry_ptr_id"); RETURN NULL;', hash='7eb95e1ea7eddccbcb33d370d08e5024fc0956a5', operation='DELETE', pgid='pgtrigger_delete_delete_68859', table='programs_opportunity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programme',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_programmehistory" ("entry_ptr_id", "funder", "makes_tandems", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_conduct_check", "type") VALUES (NEW."entry_ptr_id", NEW."funder", NEW."makes_tandems", NEW."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."entry_ptr_id", NEW."requires_conduct_check", NEW."type"); RETURN NULL;', hash='e7be3c8454e5c04cddff9303ec2bc87f94780314', operation='INSERT', pgid='pgtrigger_insert_insert_6cb97', table='programs_programme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programme',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."entry_ptr_id" IS DISTINCT FROM (NEW."entry_ptr_id") OR OLD."funder" IS DISTINCT FROM (NEW."funder") OR OLD."makes_tandems" IS DISTINCT FROM (NEW."makes_tandems") OR OLD."part_of_id" IS DISTINCT FROM (NEW."part_of_id") OR OLD."requires_conduct_check" IS DISTINCT FROM (NEW."requires_conduct_check") OR OLD."type" IS DISTINCT FROM (NEW."type"))', func='INSERT INTO "programs_programmehistory" ("entry_ptr_id", "funder", "makes_tandems", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_conduct_check", "type") VALUES (NEW."entry_ptr_id", NEW."funder", NEW."makes_tandems", NEW."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."entry_ptr_id", NEW."requires_conduct_check", NEW."type"); RETURN NULL;', hash='213f63228496cb74ab73e2277d57e3c145c11b84', operation='UPDATE', pgid='pgtrigger_update_update_58373', table='programs_programme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programme',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_programmehistory" ("entry_ptr_id", "funder", "makes_tandems", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_conduct_check", "type") VALUES (OLD."entry_ptr_id", OLD."funder", OLD."makes_tandems", OLD."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."entry_ptr_id", OLD."requires_conduct_check", OLD."type"); RETURN NULL;', hash='d38fd6d8cd6f6afa289de69189819298a5bef0d3', operation='DELETE', pgid='pgtrigger_delete_delete_34d0f', table='programs_programme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_eventhistory" ("access_note", "capacity", "childcare_note", "description", "district_id", "ends_at", "id", "is_cancelled", "is_published", "kind", "languages", "online_url", "organisation_id", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "qualification", "qualification_months", "registration_until", "slug", "starts_at", "summary", "takes_registrations", "title") VALUES (NEW."access_note", NEW."capacity", NEW."childcare_note", NEW."description", NEW."district_id", NEW."ends_at", NEW."id", NEW."is_cancelled", NEW."is_published", NEW."kind", NEW."languages", NEW."online_url", NEW."organisation_id", NEW."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place", NEW."qualification", NEW."qualification_months", NEW."registration_until", NEW."slug", NEW."starts_at", NEW."summary", NEW."takes_registrations", NEW."title"); RETURN NULL;', hash='d033f9849a79f517b0b3e64873be39841965a6ea', operation='INSERT', pgid='pgtrigger_insert_insert_68dcd', table='programs_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."access_note" IS DISTINCT FROM (NEW."access_note") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."childcare_note" IS DISTINCT FROM (NEW."childcare_note") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."district_id" IS DISTINCT FROM (NEW."district_id") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_cancelled" IS DISTINCT FROM (NEW."is_cancelled") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."online_url" IS DISTINCT FROM (NEW."online_url") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."part_of_id" IS DISTINCT FROM (NEW."part_of_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."qualification" IS DISTINCT FROM (NEW."qualification") OR OLD."qualification_months" IS DISTINCT FROM (NEW."qualification_months") OR OLD."registration_until" IS DISTINCT FROM (NEW."registration_until") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."takes_registrations" IS DISTINCT FROM (NEW."takes_registrations") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "programs_eventhistory" ("access_note", "capacity", "childcare_note", "description", "district_id", "ends_at", "id", "is_cancelled", "is_published", "kind", "languages", "online_url", "organisation_id", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "qualification", "qualification_months", "registration_until", "slug", "starts_at", "summary", "takes_registrations", "title") VALUES (NEW."access_note", NEW."capacity", NEW."childcare_note", NEW."description", NEW."district_id", NEW."ends_at", NEW."id", NEW."is_cancelled", NEW."is_published", NEW."kind", NEW."languages", NEW."online_url", NEW."organisation_id", NEW."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place", NEW."qualification", NEW."qualification_months", NEW."registration_until", NEW."slug", NEW."starts_at", NEW."summary", NEW."takes_registrations", NEW."title"); RETURN NULL;', hash='d563dc2c1ba9b27fe4cbbab7d1a0204134613472', operation='UPDATE', pgid='pgtrigger_update_update_d6aed', table='programs_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_eventhistory" ("access_note", "capacity", "childcare_note", "description", "district_id", "ends_at", "id", "is_cancelled", "is_published", "kind", "languages", "online_url", "organisation_id", "part_of_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "qualification", "qualification_months", "registration_until", "slug", "starts_at", "summary", "takes_registrations", "title") VALUES (OLD."access_note", OLD."capacity", OLD."childcare_note", OLD."description", OLD."district_id", OLD."ends_at", OLD."id", OLD."is_cancelled", OLD."is_published", OLD."kind", OLD."languages", OLD."online_url", OLD."organisation_id", OLD."part_of_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place", OLD."qualification", OLD."qualification_months", OLD."registration_until", OLD."slug", OLD."starts_at", OLD."summary", OLD."takes_registrations", OLD."title"); RETURN NULL;', hash='602a66356817afdc719855062faa9c0d0566436b', operation='DELETE', pgid='pgtrigger_delete_delete_68dc4', table='programs_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programmestep',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_programmestephistory" ("id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "programme_id", "text", "text_version", "title") VALUES (NEW."id", NEW."kind", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."programme_id", NEW."text", NEW."text_version", NEW."title"); RETURN NULL;', hash='10459b800b13e9401c1e816a7783b02fdcfcaecd', operation='INSERT', pgid='pgtrigger_insert_insert_9b939', table='programs_programmestep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programmestep',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programs_programmestephistory" ("id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "programme_id", "text", "text_version", "title") VALUES (NEW."id", NEW."kind", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."programme_id", NEW."text", NEW."text_version", NEW."title"); RETURN NULL;', hash='3778dcbacfa49337cccd19e355d12fdde96ec013', operation='UPDATE', pgid='pgtrigger_update_update_b2411', table='programs_programmestep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programmestep',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_programmestephistory" ("id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "programme_id", "text", "text_version", "title") VALUES (OLD."id", OLD."kind", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."programme_id", OLD."text", OLD."text_version", OLD."title"); RETURN NULL;', hash='1d66a3127eeb85727a5ed97b57722f170103ecce', operation='DELETE', pgid='pgtrigger_delete_delete_c575b', table='programs_programmestep', when='AFTER')),
        ),
        migrations.RunSQL(SEARCH.read_text(encoding='utf-8'), UNDO),
    ]
