"""The same as in German."""

from django.conf.locale.de.formats import *
