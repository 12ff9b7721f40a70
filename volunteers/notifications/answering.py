"""Mails about the organisation that answers: to the person and to its members."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_url
from programs.models import Organisation

from ..links.applications import contact_url, status_url
from ..models import Application, MailKind, User
from ..models.statuses import Status
from ..periods import after_weeks_in_words
from .applications import offer_of
from .people import send_to_members
from .sending import News, send
from .speaking import to_person, to_staff


@to_staff
def answers_due(organisation: Organisation, applications: Sequence[Application]) -> int:
    """A summary of all applications that have to be answered soon, without names of people."""
    subject = ngettext(
        "Eine Anmeldung wartet auf Ihre Antwort",
        "%(count)d Anmeldungen warten auf Ihre Antwort",
        len(applications),
    )
    return send_to_members(
        organisation,
        subject % {"count": len(applications)},
        "answering/answers_due",
        applications=applications,
        url=admin_url(Application, status__exact=Status.NEW.value),
    )


@to_staff
def still_waiting(application: Application) -> int:
    """The office above asks for an answer."""
    return send_to_members(
        application.organisation,
        _("Bitte antworten Sie: Eine Anmeldung wartet zu lange"),
        "answering/still_waiting",
        offer=offer_of(application),
        application=application,
        url=admin_url(application),
    )


def handed_on(application: Application, former: Organisation, by: User) -> None:
    """To the person and to those who answer now; not if it is back before they were told."""
    was, now = str(former.pk), str(application.organisation_id)
    topic = f"application.{application.pk}.organisation"
    if (news := News(topic, was, now).to_tell()) is not None:
        answered_elsewhere(application, former, news)
    if (news := News(f"{topic}.members", was, now).to_tell()) is not None:
        given(application, by, news)


@to_staff
def given(application: Application, by: User, news: News | None = None) -> int:
    """To the members of the organisation that answers from now on, except ``by``."""
    return send_to_members(
        application.organisation,
        _("Eine Anmeldung ist jetzt bei Ihnen"),
        "answering/given",
        offer=offer_of(application),
        but_not=by,
        news=news,
        application=application,
        url=admin_url(application),
    )


@to_person()
def answered_elsewhere(
    application: Application, former: Organisation, news: News | None = None
) -> None:
    """To the person: which organisation answers from now on, and until when."""
    send(
        application.email,
        _("Für Ihre Anmeldung ist jetzt jemand anderes zuständig"),
        "answering/answered_elsewhere",
        offer=offer_of(application),
        news=news,
        application=application,
        former=former,
        url=status_url(application),
    )


@to_person()
def ask_about_contact(application: Application) -> None:
    """To the person, after two weeks without news: did anybody get in touch?"""
    send(
        application.email,
        _("Hat sich schon jemand bei Ihnen gemeldet?"),
        "answering/ask_about_contact",
        kind=MailKind.CONTACT_QUESTION,
        offer=offer_of(application),
        application=application,
        yes=contact_url(application, "ja"),
        no=contact_url(application, "nein"),
        period=after_weeks_in_words(settings.CONTACT_QUESTION_DAYS),
        url=status_url(application),
    )
