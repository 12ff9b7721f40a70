"""Mails about „Das sind wir“."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links import access_requests as links
from ..links.organisations import Purpose, Recipient
from ..links.organisations import url as organisation_url
from ..models import AccessRequest
from ..periods import days
from .link_answers import because_of_entry
from .people import send_to_members
from .sending import send, without_foreign_links
from .speaking import to_person, to_staff


def _to_asker(asked: AccessRequest, subject: str, template: str, **context: Any) -> None:
    organisation = asked.organisation
    send(
        asked.email,
        subject,
        template,
        offer=organisation.title,
        organisation=organisation,
        **context,
    )


@to_person()
def ask_for_confirmation(asked: AccessRequest) -> None:
    _to_asker(
        asked,
        _("Bitte bestätigen: Das sind wir"),
        "access_requests/confirm",
        unasked=True,
        url=links.confirm_url(asked),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_known(asked: AccessRequest) -> None:
    subject = _("Ihre Anfrage ist schon da")
    _to_asker(asked, subject, "access_requests/known", unasked=True, url=links.url(asked))


@to_staff
def to_check(asked: AccessRequest) -> None:
    """To the department in charge, and to those who are there already; nobody's name stands in it."""
    organisation = asked.organisation
    subject = _("Jemand fragt nach Zugang: %(name)s") % {"name": organisation.title}
    for one in {organisation, organisation.office_above} - {None}:
        send_to_members(
            one,
            subject,
            "access_requests/to_check",
            about=organisation,
            vouched=asked.vouched,
            url=admin_url(asked),
        )


@to_staff
def ask_to_vouch(asked: AccessRequest) -> None:
    """To the known address; the form has told the person that their name and function stand in it."""
    organisation = asked.organisation
    to = Recipient(organisation.contact_email)
    send(
        to.address,
        _("Gehört diese Person zu Ihnen?"),
        "access_requests/ask_to_vouch",
        offer=organisation.title,
        why=because_of_entry(organisation),
        organisation=organisation,
        name=without_foreign_links(asked.name),
        function=without_foreign_links(asked.function),
        url=organisation_url(Purpose.VOUCH, organisation, to),
    )


@to_person()
def declined(asked: AccessRequest) -> None:
    _to_asker(
        asked, _("Kein Zugang zu diesem Eintrag"), "access_requests/declined", reason=asked.reason
    )
