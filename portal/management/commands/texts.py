"""``manage.py texts en``: the texts of the starting data for translators, as the file that is to be filled in."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.reference import texts
from portal.reference.files import DATA
from programs.models.translated import GERMAN


class Command(BaseCommand):
    help = (
        "Schreibt alle Texte der Anfangsdaten mit dem, was davon in einer Sprache schon übersetzt ist, als JSON. "
        "Ausgefüllt gehört das nach portal/data/texts/<sprache>.json; load_reference lädt es. Was fehlt oder einen "
        "neuen deutschen Text hat, ist leer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        codes = [code for code, _name in settings.LANGUAGES if code != GERMAN]
        parser.add_argument("language", choices=codes, metavar="SPRACHE", help=", ".join(codes))
        parser.add_argument(
            "--check",
            action="store_true",
            help="Nur prüfen, ob die Datei zu den deutschen Texten passt.",
        )

    def handle(self, *, language: str, check: bool, **options: Any) -> None:
        if not check:
            found = texts.to_translate(DATA, language)
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        if faults := list(texts.faults(DATA, language)):
            raise CommandError("\n".join(faults))
        missing = [
            f"{key}, {name}"
            for key, columns in texts.to_translate(DATA, language).items()
            for name, one in columns.items()
            if not one["text"].strip()
        ]
        self.stdout.write("\n".join(missing) or "Alles ist übersetzt.")
