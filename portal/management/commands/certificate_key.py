"""``manage.py certificate_key``: a new key for the signatures of certificates."""

from typing import Any

from django.core.management import BaseCommand
from joserfc.jwk import OKPKey


class Command(BaseCommand):
    help = "Print a new CERTIFICATE_KEY. Nothing is stored; the part before the dot is public."

    def handle(self, *args: Any, **options: Any) -> None:
        key = OKPKey.generate_key("Ed25519").as_dict(private=True)
        self.stdout.write(f"CERTIFICATE_KEY={key['x']}.{key['d']}")
