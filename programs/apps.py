from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    """What is on offer, and who offers it."""

    name = "programs"
    verbose_name = _("Angebote und Organisationen")
