"""What a page says about its forms outside of them: that one has errors, that one counts characters."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import template
from django.forms import BaseForm, BaseFormSet, Textarea
from django.template import Context
from django.utils.translation import gettext as _

register = template.Library()
FORMS = "forms"
DEPTH = 3
"""A form may be in the context of a section, which is in the list of sections."""


@register.simple_tag(takes_context=True)
def error_mark(context: Context) -> str:
    """„Fehler: “ for the title of a page with a form that has errors, so that it is heard first."""
    has_errors = any(form.is_bound and not form.is_valid() for form in _forms_of(context))
    return _("Fehler: ") if has_errors else ""


@register.simple_tag(takes_context=True)
def has_long_texts(context: Context) -> bool:
    """Whether a form of the page asks for a text of several lines with a limit."""
    return any(
        isinstance(field.widget, Textarea) and getattr(field, "max_length", None)
        for form in _forms_of(context)
        if isinstance(form, BaseForm)
        for field in form.fields.values()
    )


def _forms_of(context: Context) -> list[Any]:
    """Those of the page, looked for once."""
    page = context.render_context
    if FORMS not in page:
        page[FORMS] = list(_forms(context.flatten().values()))
    return cast("list[Any]", page[FORMS])


def _forms(values: Iterable[Any], depth: int = DEPTH) -> Iterator[Any]:
    """The forms among ``values``, and in dictionaries and lists of them.

    Looks at the type alone: ``isinstance`` would evaluate ``request.user``, and with it the session.
    """
    for value in values:
        kind = type(value)
        if issubclass(kind, BaseForm | BaseFormSet):
            yield value
        elif depth and issubclass(kind, dict):
            yield from _forms(value.values(), depth - 1)
        elif depth and issubclass(kind, list | tuple):
            yield from _forms(value, depth - 1)
