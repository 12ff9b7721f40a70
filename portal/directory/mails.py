"""Mails to organisations about their entries, with links that need no account."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from programs.models import Organisation
from volunteers.links.organisations import Purpose, recipients, url
from volunteers.notifications.link_answers import because_of_entry
from volunteers.notifications.messages import quoted
from volunteers.notifications.people import because_of_work
from volunteers.notifications.sending import send
from volunteers.notifications.speaking import to_staff

from .confirming import entries_of
from .models import ChangeProposal
from .showing import shown_entries


def send_to(
    organisation: Organisation,
    subject: str,
    template: str,
    *,
    purposes: Sequence[Purpose],
    unasked: bool = False,
    **context: Any,
) -> int:
    """One mail to each of the organisation's :func:`recipients`, with a link of its own for each of ``purposes``.

    In the template they are called ``look_url``, ``confirm_url`` and so on. Returns how many mails.
    """
    found = recipients(organisation)
    for one in found:
        urls: dict[str, Any] = {
            f"{p.name.lower()}_url": url(p, organisation, one) for p in purposes
        }
        why = because_of_work(organisation) if one.user else because_of_entry(organisation)
        send(
            one.address,
            subject,
            template,
            why=why,
            unasked=unasked,
            organisation=organisation,
            **urls,
            **context,
        )
    return len(found)


@to_staff
def still_right(organisation: Organisation) -> int:
    """Every half year: the entries as they stand, with one link to confirm and one to change them."""
    return send_to(
        organisation,
        _("Stimmt Ihr Eintrag noch?"),
        "directory/still_right",
        purposes=[Purpose.CONFIRM, Purpose.CHANGE],
        offer=organisation.title,
        entries=shown_entries(entries_of(organisation)),
    )


@to_staff
def invited(organisation: Organisation, deadline: datetime.date, *, again: bool = False) -> int:
    """Asked to look after its entry; ``again`` is the one reminder."""
    subject = _("Ihr Eintrag im Freiwilligenportal")
    if again:
        subject = _("Erinnerung: Ihr Eintrag im Freiwilligenportal")
    return send_to(
        organisation,
        subject,
        "directory/invited",
        purposes=[Purpose.INVITE],
        offer=organisation.title,
        deadline=deadline,
        again=again,
    )


@to_staff
def new_link(organisation: Organisation) -> int:
    """Asked for by whoever holds an old link, or opens the public page: so it may come unasked."""
    return send_to(
        organisation,
        _("Ihre Links zu Ihren Einträgen"),
        "directory/new_link",
        purposes=[Purpose.CONFIRM, Purpose.CHANGE],
        unasked=True,
    )


@to_staff
def decided(proposal: ChangeProposal) -> int:
    """What became of a proposed change."""
    subjects = {
        ChangeProposal.State.ACCEPTED: _("Ihre Änderung ist angesehen"),
        ChangeProposal.State.DECLINED: _("Ihre Änderung ist nicht übernommen"),
    }
    return send_to(
        proposal.entry.owner,
        subjects[ChangeProposal.State(proposal.state)],
        "directory/decided",
        purposes=[Purpose.LOOK],
        offer=proposal.entry.title,
        proposal=proposal,
        reason=quoted(proposal.reason),
    )
