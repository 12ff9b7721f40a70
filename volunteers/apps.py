from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """People: accounts, applications and what follows from them."""

    name = "volunteers"
    verbose_name = _("Engagierte und Anmeldungen")
