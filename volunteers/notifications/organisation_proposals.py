"""Mails about organisations that somebody proposes."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links import organisation_proposals as links
from ..models import OrganisationProposal
from ..periods import days
from .people import send_to_members
from .sending import send, without_foreign_links
from .speaking import to_person, to_staff


@to_person()
def ask_for_confirmation(proposal: OrganisationProposal) -> None:
    """Without the name of the organisation: anybody may have typed it."""
    send(
        proposal.email,
        _("Bitte bestätigen: Organisation vorschlagen"),
        "organisation_proposals/confirm",
        unasked=True,
        url=links.confirm_url(proposal),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_known(proposal: OrganisationProposal) -> None:
    subject = _("Ihr Vorschlag ist schon da")
    url = links.url(proposal)
    send(proposal.email, subject, "organisation_proposals/known", unasked=True, url=url)


@to_staff
def to_check(proposal: OrganisationProposal) -> None:
    """To the clearing office, without the person."""
    send_to_members(
        None,
        _("Eine Organisation möchte ins Portal"),
        "organisation_proposals/to_check",
        title=without_foreign_links(proposal.title),
        answer_by=proposal.answer_by,
        url=admin_url(proposal),
    )


@to_staff
def still_to_check(late: Sequence[OrganisationProposal]) -> None:
    """To the clearing office, without the people: the promised day is over."""
    rows = [(without_foreign_links(one.title), one.answer_by) for one in late]
    status = OrganisationProposal.Status.OPEN.value
    send_to_members(
        None,
        _("Vorgeschlagene Organisationen warten auf Antwort"),
        "organisation_proposals/late",
        rows=rows,
        url=admin_url(OrganisationProposal, status__exact=status),
    )


@to_person()
def declined(proposal: OrganisationProposal) -> None:
    subject = _("Zu Ihrem Vorschlag einer Organisation")
    title = without_foreign_links(proposal.title)
    send(
        proposal.email,
        subject,
        "organisation_proposals/declined",
        title=title,
        reason=proposal.reason,
    )
