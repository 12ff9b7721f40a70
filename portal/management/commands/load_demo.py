"""``manage.py load_demo``: loads invented records for trying out the portal."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo_data import load_demo
from programs.models import Organisation


class Command(BaseCommand):
    help = (
        "Legt Vorführdaten an: erfundene Einsatzmöglichkeiten, Termine, Engagierte, Anmeldungen "
        "und je Rolle ein Konto. Alles ist als Vorführdaten gekennzeichnet. Ein zweiter Lauf "
        "ändert nichts. In ein echtes Portal gehören diese Daten nicht; deshalb läuft der Befehl "
        "nur im Vorführbetrieb (PORTAL_MODE=demo)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force",
            action="store_true",
            help="Auch außerhalb des Vorführbetriebs. Die Konten haben ein bekanntes Passwort!",
        )

    def handle(self, *, force: bool, **options: Any) -> None:
        if not (settings.DEMO or settings.MODE == "test" or force):
            raise CommandError(
                "Das ist kein Vorführbetrieb. Vorführdaten enthalten Konten mit einem bekannten "
                "Passwort; wer sie trotzdem will, ruft den Befehl mit --force auf."
            )
        try:
            report = load_demo()
        except Organisation.DoesNotExist as error:
            raise CommandError(
                "Es fehlt eine Organisation. Bitte laden Sie zuerst die Anfangsdaten: "
                "manage.py load_reference"
            ) from error
        self.stdout.write(str(report))
