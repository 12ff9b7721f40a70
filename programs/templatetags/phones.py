"""``{{ number|dialled }}``: see ``programs/phones.py``."""

from django import template

from ..phones import dialled

register = template.Library()
register.filter(dialled)
