"""Mails to people who look for a companion, and to those who look after them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links import tandems as tandem_links
from ..models import CompanionRequest
from ..periods import after_days, days
from ..reads.answering import looked_after
from .people import send_to_members
from .sending import News, send


def _send(request: CompanionRequest, subject: str, template: str, **context: Any) -> None:
    if request.email:
        who = looked_after(request)
        offer = request.programme.title if request.programme else ""
        send(request.email, subject, template, offer=offer, request=request, who=who, **context)


def ask_for_confirmation(request: CompanionRequest) -> None:
    _send(
        request,
        _("Bitte bestätigen: Ich suche eine Begleitung"),
        "companions/confirm",
        unasked=True,
        url=tandem_links.confirm_url(request),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
        after=after_days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


def already_known(request: CompanionRequest) -> None:
    url = tandem_links.status_url(request)
    _send(request, _("Wir suchen schon für Sie"), "companions/known", unasked=True, url=url)


def confirmed(request: CompanionRequest) -> None:
    url = tandem_links.status_url(request)
    _send(request, _("Wir suchen jetzt für Sie"), "companions/confirmed", url=url)


def entered(request: CompanionRequest) -> None:
    url = tandem_links.status_url(request)
    _send(request, _("Wir suchen für Sie eine Begleitung"), "companions/entered", url=url)


def withdrawn(request: CompanionRequest) -> None:
    _send(request, _("Ihre Suche ist beendet"), "companions/withdrawn")


def closed(request: CompanionRequest) -> None:
    url = settings.SITE_URL + reverse("volunteers:companion")
    _send(request, _("Ihre Suche ist abgeschlossen"), "companions/closed", url=url)


def handed_on(request: CompanionRequest, *, former: int | None) -> None:
    """To the person: who looks after the request now. To the new organisation: there is a request.

    To nobody if it is back before anybody was told.
    """
    was, now = str(former), str(request.organisation_id)
    topic = f"request.{request.pk}.organisation"
    if (news := News(topic, was, now).to_tell()) is not None:
        subject = _("Jetzt kümmert sich jemand anderes um Ihre Suche")
        url = tandem_links.status_url(request)
        _send(request, subject, "companions/moved", url=url, news=news)
    if (news := News(f"{topic}.members", was, now).to_tell()) is not None:
        send_to_members(
            request.organisation,
            _("Eine Suche nach Begleitung für Sie"),
            "companions/handed_on",
            news=news,
            url=admin_url(request),
        )
