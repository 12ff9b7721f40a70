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
from .in_german import as_said, said
from .people import send_to_members
from .sending import News, send
from .speaking import to_person, to_staff

AGREED, STARTED, REFUSED = "agreed", "started", "refused"
"""What whoever asked for others is told."""


def _send(request: CompanionRequest, subject: str, template: str, **context: Any) -> None:
    """To the person, or the guardian; the name of the child says which request it is about."""
    if request.email:
        who = as_said(looked_after(request))
        offer = said(request.programme, "title") if request.programme else ""
        child = "" if context.get("unasked") else request.child_name
        told = {"offer": child or offer, "request": request, "who": who, **context}
        send(request.email, subject, template, **told)


def _send_to_asker(request: CompanionRequest, subject: str, template: str, **context: Any) -> None:
    if request.asker is not None:
        send(request.asker.email, subject, template, request=request, **context)


def ask_for_confirmation(request: CompanionRequest) -> None:
    """To whoever filled in the form: themselves, the guardian, or somebody who asks for others."""
    (_ask_person if request.asker is None else _ask_asker)(request)


@to_person("asker")
def _ask_asker(request: CompanionRequest) -> None:
    _send_to_asker(
        request,
        _("Bitte bestätigen: Sie fragen für jemanden nach einer Begleitung"),
        "companions/confirm_asker",
        unasked=True,
        url=tandem_links.confirm_asker_url(request),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
        after=after_days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def _ask_person(request: CompanionRequest) -> None:
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
    (_known_to_person if request.asker is None else _known_to_asker)(request)


@to_person("asker")
def _known_to_asker(request: CompanionRequest) -> None:
    subject, url = _("Danach haben Sie schon gefragt"), tandem_links.asked_url(request)
    _send_to_asker(request, subject, "companions/known_asker", unasked=True, url=url)


@to_person()
def _known_to_person(request: CompanionRequest) -> None:
    url = tandem_links.status_url(request)
    child = _("Wir suchen schon für Ihr Kind")
    subject = child if request.is_for_child else _("Wir suchen schon für Sie")
    _send(request, subject, "companions/known", unasked=True, url=url)


@to_person("asker")
def handed_in(request: CompanionRequest) -> None:
    """To whoever asked for others: now it waits for a yes."""
    _send_to_asker(
        request,
        _("Ihre Anfrage ist angekommen"),
        "companions/handed_in",
        url=tandem_links.asked_url(request),
        by_mail=bool(request.email),
        who=as_said(looked_after(request)),
    )


@to_person()
def ask_to_agree(request: CompanionRequest) -> None:
    """To the guardian or the grown-up; nothing that others typed but the page of the link repeats."""
    _send(
        request,
        _("Bitte entscheiden Sie: Sollen wir eine Begleitung suchen?"),
        "companions/agree",
        unasked=True,
        url=tandem_links.agree_url(request),
        period=days(settings.AGREEMENT_DAYS),
        after=after_days(settings.AGREEMENT_DAYS),
    )


def tell_asker(request: CompanionRequest, what: str) -> None:
    """How far it is, to whoever asked for others, if they want to know. No name, nothing of the companion."""
    if request.tell_asker and request.asker is not None and request.asker.confirmed_at is not None:
        _tell_asker(request, what)


@to_person("asker")
def _tell_asker(request: CompanionRequest, what: str) -> None:
    url = tandem_links.asked_url(request)
    subject = _("Neues zu Ihrer Anfrage für andere")
    _send_to_asker(request, subject, "companions/told_asker", url=url, what=what)


@to_person()
def confirmed(request: CompanionRequest) -> None:
    url = tandem_links.status_url(request)
    child = _("Wir suchen jetzt für Ihr Kind")
    subject = child if request.is_for_child else _("Wir suchen jetzt für Sie")
    _send(request, subject, "companions/confirmed", url=url)


@to_person()
def entered(request: CompanionRequest) -> None:
    url = tandem_links.status_url(request)
    child = _("Wir suchen für Ihr Kind eine Begleitung")
    subject = child if request.is_for_child else _("Wir suchen für Sie eine Begleitung")
    _send(request, subject, "companions/entered", url=url)


@to_person()
def withdrawn(request: CompanionRequest) -> None:
    _send(request, _("Ihre Suche ist beendet"), "companions/withdrawn")


@to_person()
def closed(request: CompanionRequest) -> None:
    url = settings.SITE_URL + reverse("volunteers:companion")
    _send(request, _("Ihre Suche ist abgeschlossen"), "companions/closed", url=url)


def handed_on(request: CompanionRequest, *, former: int | None) -> None:
    """To the person: who looks after the request now. To the new organisation: there is a request.

    To nobody if it is back before anybody was told.
    """
    was, now = str(former), str(request.organisation_id)
    topic = f"request.{request.pk}.organisation"
    waits = request.status == request.Status.AWAITING  # it has no page yet that a link could open
    if not waits and (news := News(topic, was, now).to_tell()) is not None:
        _moved(request, news)
    if (news := News(f"{topic}.members", was, now).to_tell()) is not None:
        _given(request, news)


@to_person()
def _moved(request: CompanionRequest, news: News) -> None:
    subject = _("Jetzt kümmert sich jemand anderes um Ihre Suche")
    url = tandem_links.status_url(request)
    _send(request, subject, "companions/moved", url=url, news=news)


@to_staff
def _given(request: CompanionRequest, news: News) -> None:
    send_to_members(
        request.organisation,
        _("Eine Suche nach Begleitung für Sie"),
        "companions/handed_on",
        news=news,
        url=admin_url(request),
    )
