"""The same as in German."""

from django.conf.locale.de.formats import *  # noqa: F403  # Django names what there is
