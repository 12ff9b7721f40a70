from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """People: accounts, applications and what follows from them."""

    name = "volunteers"
    verbose_name = _("Engagierte und Anmeldungen")

    def ready(self) -> None:
        from .guard import security_events  # noqa: F401 - connects to the signals of Django and allauth
