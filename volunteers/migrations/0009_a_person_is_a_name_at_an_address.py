"""An address alone is nobody any more: its unique constraints go."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0008_person_key'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='application',
            name='application_once_per_person_and_entry',
        ),
        migrations.RemoveConstraint(
            model_name='companionrequest',
            name='request_once_per_person',
        ),
        migrations.RemoveConstraint(
            model_name='registration',
            name='registration_once_per_person_and_event',
        ),
        migrations.AlterField(
            model_name='registration',
            name='email',
            field=models.EmailField(blank=True, help_text='Leer heißt: Die Person bekommt keine Mails; bitte sagen Sie ihr selbst Bescheid.', max_length=254, verbose_name='E-Mail'),
        ),
        migrations.AlterField(
            model_name='volunteer',
            name='email',
            field=models.EmailField(blank=True, help_text='Leer heißt: Die Person bekommt keine Mails, nur Anrufe oder Briefe.', max_length=254, verbose_name='E-Mail'),
        ),
    ]
