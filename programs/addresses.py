"""URLs of records and lists in the administration."""

from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.db.models.options import Options
from django.urls import reverse

Administered: TypeAlias = "Model | type[Model] | Options[Any] | str"
"""A record, its model, the model's options, or its label as in „volunteers.application“."""


def admin_path(of: Administered, view: str = "", *args: object, **filters: object) -> str:
    """The change page of a record, or the list of a model.

    ``view`` names another page of the record: ``admin_path(application, "hand_on")``. If only the
    primary key is known: ``admin_path(Application, "change", entry.application_id)``. ``filters``
    become the query string of a list.
    """
    if isinstance(of, Model):
        view, args = view or "change", (of.pk, *args)
    options = _options(of)
    name = f"admin:{options.app_label}_{options.model_name}_{view or 'changelist'}"
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{reverse(name, args=args)}{query}"


def _options(of: Administered) -> "Options[Any]":
    of = apps.get_model(of) if isinstance(of, str) else of
    return of if isinstance(of, Options) else of._meta


def admin_url(of: Administered, view: str = "", *args: object, **filters: object) -> str:
    """Like :func:`admin_path`, but with scheme and host, for mails."""
    return f"{settings.SITE_URL}{admin_path(of, view, *args, **filters)}"
