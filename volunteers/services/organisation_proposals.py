"""New organisations: proposed by somebody of theirs, confirmed by link, decided by the clearing office."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.doubles import Likely, Named, likely_doubles
from programs.models import Membership, Organisation
from programs.slugs import give_slug

from ..errors import TransitionNotAllowed
from ..models import OrganisationProposal, User
from ..models.identity import named
from ..models.organisation_proposals import ProposalStatus
from ..notifications import organisation_proposals as notifications
from ..reads.promising import promised
from .access_requests import NoReason
from .accesses import NotYours
from .answers import Answers, write
from .confirming import find_or_make, mail_link
from .invitations import Offer, invite
from .locks import lock_organisation_proposal
from .rounds import delete_in_batches


def submit_proposal(*, answers: Answers) -> None:
    """Store it and mail the link that confirms it; the same person's open one is stored once."""
    known = OrganisationProposal.objects.filter(
        named([answers["email"]], answers["name"]),
        title__iexact=answers["title"],
        status__in=(ProposalStatus.UNCONFIRMED, ProposalStatus.OPEN),
    )
    with transaction.atomic():
        proposal = find_or_make(
            known, lambda: OrganisationProposal.objects.create(**answers), with_consent=False
        )
        if proposal.is_unconfirmed:
            proposal.submitted_at = timezone.now()
            write(proposal, answers)
        mail_link(
            proposal, ask=notifications.ask_for_confirmation, known=notifications.already_known
        )


def confirm_proposal(*, proposal: OrganisationProposal) -> OrganisationProposal:
    """From now on it waits for the clearing office, which gets a mail. Raises ``TransitionNotAllowed``."""
    with transaction.atomic():
        proposal = lock_organisation_proposal(proposal.pk)
        if not proposal.is_unconfirmed:
            raise TransitionNotAllowed
        proposal.status, proposal.confirmed_at = ProposalStatus.OPEN, timezone.now()
        proposal.answer_by = promised(Organisation.objects.clearing_office()).answer_by
        proposal.save(update_fields=["status", "confirmed_at", "answer_by"])
        notifications.to_check(proposal)
    return proposal


def doubles_of(proposal: OrganisationProposal) -> list[Likely]:
    """Organisations of the portal, public or not, that are probably the proposed one."""
    districts = [proposal.district_id] if proposal.district_id else []
    wanted = [Named(proposal.title, districts)]
    return likely_doubles(wanted, Organisation.objects.all())[0]


def accept_proposal(*, proposal: OrganisationProposal, by: User) -> OrganisationProposal:
    """Make a hidden entry of it and invite the person, whom the invitation leads through its set-up.

    Locks the proposal, so that of two decisions one counts. Raises ``TransitionNotAllowed`` when it is
    decided, ``NotYours``, and what ``invite`` raises; then there is no entry either.
    """
    with transaction.atomic():
        proposal = _lock_open(proposal, by)
        organisation = _make(proposal)
        role = Membership.Role.COORDINATOR
        invite(organisation=organisation, offer=Offer(proposal.name, proposal.email, role), by=by)
        proposal.organisation = organisation
        return _decide(proposal, ProposalStatus.ACCEPTED, by)


def _make(proposal: OrganisationProposal) -> Organisation:
    """The clearing office is in charge; a proposed name is a source, and nobody has confirmed it."""
    made = Organisation(
        title=proposal.title,
        type=proposal.type,
        summary=proposal.summary,
        website=proposal.website,
        department=Organisation.objects.clearing_office(),
        source=str(_("Vorschlag der Organisation")),
        as_of=timezone.localdate(proposal.submitted_at),
        is_published=False,
    )
    give_slug(made)
    made.save()
    made.districts.set([proposal.district] if proposal.district else [])
    return made


def decline_proposal(
    *, proposal: OrganisationProposal, reason: str, by: User
) -> OrganisationProposal:
    """The person gets a mail with the reason. Raises ``TransitionNotAllowed``, ``NotYours``, ``NoReason``."""
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        proposal = _lock_open(proposal, by)
        proposal.reason = reason.strip()
        proposal = _decide(proposal, ProposalStatus.DECLINED, by)
        notifications.declined(proposal)
    return proposal


def _lock_open(proposal: OrganisationProposal, by: User) -> OrganisationProposal:
    if not OrganisationProposal.objects.visible_to(by).filter(pk=proposal.pk).exists():
        raise NotYours
    proposal = lock_organisation_proposal(proposal.pk)
    if not proposal.is_open:
        raise TransitionNotAllowed
    return proposal


def _decide(
    proposal: OrganisationProposal, status: ProposalStatus, by: User
) -> OrganisationProposal:
    proposal.status, proposal.decided_at, proposal.decided_by = status, timezone.now(), by
    proposal.save(update_fields=["status", "reason", "organisation", "decided_at", "decided_by"])
    return proposal


def delete_expired_proposals() -> int:
    """Delete those that nobody confirmed; returns how many."""
    return delete_in_batches(OrganisationProposal.objects.expired())
