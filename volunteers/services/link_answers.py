"""Answering sign-ups by link: switched on by the department, agreed to by the address, and each answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation

from ..errors import AnsweredElsewhere, DomainError, NotReady, TransitionNotAllowed
from ..links.organisations import Holder
from ..models import Application, LinkAnswering, User
from ..models.statuses import Status
from ..notifications import link_answers as notifications
from .answering import hand_on_application
from .applications import change_status
from .locks import lock_application, lock_organisation, locked

ACCEPT, CALL, DECLINE = "angenommen", "ruft-an", "leider-nein"
ANSWERABLE = notifications.ANSWERABLE
BY_LINK = "Per Link beantwortet"
"""Note in the history, with the address. It is stored, so it is not translated."""


class NoAddress(DomainError):
    message = _(
        "Zu dieser Organisation steht keine Adresse für Rückfragen. Tragen Sie erst eine ein, von der Sie "
        "wissen, dass sie ihr gehört."
    )


class SomebodyIsThere(DomainError):
    message = _("Von dieser Organisation ist jemand im Portal. Diese Menschen antworten.")


class NotByLink(DomainError):
    message = _("Diese Organisation antwortet nicht mehr per Link.")


def switch_on(*, organisation: Organisation, by: User) -> LinkAnswering:
    """Ask the known address whether it wants to answer; nothing changes before it has said yes.

    Locks the organisation. A second click mails again. Raises ``NoAddress``, ``SomebodyIsThere``.
    """
    with transaction.atomic():
        organisation = lock_organisation(organisation.pk)
        if not organisation.contact_email:
            raise NoAddress
        if Organisation.objects.with_staff().filter(pk=organisation.pk).exists():
            raise SomebodyIsThere
        asked, _created = LinkAnswering.objects.update_or_create(
            organisation=organisation,
            defaults={
                "address": organisation.contact_email,
                "asked_by": by,
                "asked_at": timezone.now(),
                "agreed_at": None,
            },
        )
        notifications.ask_to_agree(organisation)
    return asked


def agree(*, holder: Holder) -> None:
    """Somebody who reads the mailbox says yes. Idempotent. Raises ``NotByLink`` when it was switched off."""
    with transaction.atomic():
        lock_organisation(holder.organisation.pk)
        asked = locked(LinkAnswering.objects.filter(organisation=holder.organisation)).first()
        if asked is None or asked.address != holder.recipient.address:
            raise NotByLink
        if asked.agreed_at is None:
            asked.agreed_at = timezone.now()
            asked.save(update_fields=["agreed_at"])


def switch_off(*, organisation: Organisation, by: User) -> int:
    """The office above answers again; open sign-ups go to it. Returns how many. Idempotent."""
    with transaction.atomic():
        organisation = lock_organisation(organisation.pk)
        gone, _rows = LinkAnswering.objects.filter(organisation=organisation).delete()
        office = organisation.office_above
        if (
            not gone
            or office is None
            or Organisation.objects.with_staff().filter(pk=organisation.pk).exists()
        ):
            return 0
        rows = Application.objects.filter(organisation=organisation, status__in=ANSWERABLE)
        waiting = list(rows.order_by("entry", "pk"))
        for application in waiting:
            hand_on_application(application=application, to=office, by=by)
        return len(waiting)


def answer_by_link(
    *, holder: Holder, application: Application, answer: str, reason: str = ""
) -> Application:
    """What whoever reads the mailbox says about one sign-up; the history keeps the address.

    „angenommen“ means ready, or in preparation while a step of it is open. Raises ``NotByLink``,
    ``AnsweredElsewhere``, ``TransitionNotAllowed`` for what was answered before, ``ReasonMissing``.
    """
    if not may_answer(holder):
        raise NotByLink
    note = f"{BY_LINK}, {holder.recipient.address}"
    with transaction.atomic():
        application = lock_application(application)
        if application.organisation_id != holder.organisation.pk:
            raise AnsweredElsewhere
        if application.status not in ANSWERABLE:
            raise TransitionNotAllowed
        return _answer(application, answer, note, reason)


def _answer(application: Application, answer: str, note: str, reason: str) -> Application:
    if answer == CALL:
        return change_status(application=application, status=Status.IN_CONTACT, by=None, note=note)
    if answer == DECLINE:
        return change_status(
            application=application, status=Status.DECLINED, by=None, note=note, reason=reason
        )
    if answer != ACCEPT:
        raise TransitionNotAllowed
    try:
        return change_status(application=application, status=Status.READY, by=None, note=note)
    except NotReady:
        return change_status(application=application, status=Status.IN_TRAINING, by=None, note=note)


def may_answer(holder: Holder) -> bool:
    """Whether the organisation answers by this link now; the link itself is checked when it is read."""
    if holder.user is not None:
        return False
    return LinkAnswering.objects.in_force().filter(organisation=holder.organisation).exists()
