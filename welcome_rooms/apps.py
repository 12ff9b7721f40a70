from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WelcomeRoomsConfig(AppConfig):
    """The Willkommensräume and who runs them."""

    name = "welcome_rooms"
    verbose_name = _("Willkommensräume")
