"""``{% admin_path record "view" %}``: see ``programs/addresses.py``."""

from django import template

from ..addresses import admin_path

register = template.Library()
register.simple_tag(admin_path)
