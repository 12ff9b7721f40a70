"""The rules by which records are deleted on time (Art. 5 Abs. 1 lit. e GDPR); ``retention.py`` runs them.

The texts are those of the privacy page (``sentences.py``), made from the settings that the rules use.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.exchange import background, uploads
from programs.models import SavedList

from ..models import (
    AccessRequest,
    DateMessage,
    DateRequest,
    Expense,
    ExportRecord,
    Invitation,
    OrganisationProposal,
    RateCount,
    RetentionRun,
    SecurityEvent,
)
from ..models.above import model_called
from ..notifications import outbox
from ..periods import last_day_over
from ..services import (
    absences,
    access_requests,
    applications,
    checks,
    dates,
    guardians,
    organisation_proposals,
    registrations,
    requests,
)
from ..services.rounds import delete_in_batches, each, keys_of
from . import due, erasing, sentences, silence, staying
from .old_reminders import old_reminders

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``run`` deletes what is due (or asks people, with ``asks``) and returns how many."""

    key: str
    label: "str | _StrPromise"
    period: Callable[[], str]
    run: Callable[[], int]
    asks: bool = False


def _each_of(find: Callable[[], QuerySet[Any]], erase: Callable[[int], bool]) -> int:
    return each(keys_of(find()), erase)


def _tandems() -> int:
    return _each_of(due.tandems, lambda pk: erasing.erase_tandem(tandem=pk, due=due.tandems()))


def _requests() -> int:
    return _each_of(due.requests, lambda pk: erasing.erase_request(request=pk, due=due.requests()))


def _closed_applications() -> int:
    def erase(pk: int) -> bool:
        return erasing.erase_application(application=pk, due=due.closed_applications())

    return _each_of(due.closed_applications, erase)


def _registrations() -> int:
    def erase(pk: int) -> bool:
        return erasing.erase_registration(registration=pk, due=due.registrations())

    return _each_of(due.registrations, erase)


def _silent_volunteers() -> int:
    def erase(pk: int) -> bool:
        return erasing.erase_volunteer(volunteer=pk, due=silence.to_delete())

    return _each_of(silence.to_delete, erase)


def _empty_volunteers() -> int:
    def erase(pk: int) -> bool:
        return erasing.erase_volunteer(volunteer=pk, due=due.empty_volunteers())

    return _each_of(due.empty_volunteers, erase)


def _logs() -> int:
    limit = due.days_ago(settings.SECURITY_LOG_DAYS)
    return sum(
        delete_in_batches(rows)
        for rows in (
            SecurityEvent.objects.filter(at__lt=limit),
            ExportRecord.objects.filter(at__lt=limit),
            LogEntry.objects.filter(action_time__lt=limit),
            RetentionRun.objects.filter(at__lt=limit),
        )
    )


def _passing() -> int:
    now = timezone.now()
    sessions = delete_in_batches(Session.objects.filter(expire_date__lt=now))
    return sessions + delete_in_batches(RateCount.objects.filter(until__lt=now))


def _unused_lists() -> int:
    last = last_day_over(settings.KEEP_SAVED_LISTS_MONTHS, timezone.localdate())
    return delete_in_batches(SavedList.objects.filter(used_on__lte=last))


def _above(name: str) -> Any:
    """The records of a model that the app above keeps."""
    return model_called(name)._default_manager.all()


RULES: tuple[Rule, ...] = (
    Rule(
        key="unconfirmed_applications",
        label=_("Unbestätigte Anmeldungen"),
        period=sentences.unconfirmed,
        run=applications.delete_expired_applications,
    ),
    Rule(
        key="unconfirmed_registrations",
        label=_("Unbestätigte Anmeldungen zu Terminen"),
        period=sentences.unconfirmed,
        run=registrations.delete_expired_registrations,
    ),
    Rule(
        key="unanswered_invitations",
        label=_("Einladungen zu Terminen ohne Antwort"),
        period=sentences.invited,
        run=registrations.delete_unanswered_invitations,
    ),
    Rule(
        key="unconfirmed_requests",
        label=_("Unbestätigte Suchen nach Begleitung"),
        period=sentences.unconfirmed,
        run=requests.delete_expired_requests,
    ),
    Rule(
        key="requests_not_agreed",
        label=_("Suchen nach Begleitung ohne Einwilligung"),
        period=sentences.not_agreed,
        run=guardians.delete_not_agreed,
    ),
    Rule(
        key="tandems",
        label=_("Tandems, die zu Ende sind"),
        period=sentences.tandems,
        run=_tandems,
    ),
    Rule(
        key="requests",
        label=_("Beendete Suchen nach Begleitung"),
        period=sentences.requests,
        run=_requests,
    ),
    Rule(
        key="askers",
        label=_("Wer für andere fragte, ohne eine Suche, die noch da ist"),
        period=sentences.askers,
        run=guardians.delete_unused_askers,
    ),
    Rule(
        key="closed_applications",
        label=_("Abgelehnte und zurückgezogene Anmeldungen"),
        period=sentences.closed_applications,
        run=_closed_applications,
    ),
    Rule(
        key="registrations",
        label=_("Teilnahmen an Terminen"),
        period=sentences.registrations,
        run=_registrations,
    ),
    Rule(
        key="unconfirmed_dates",
        label=_("Unbestätigte Begleitungen zu einem Termin"),
        period=sentences.unconfirmed,
        run=dates.delete_expired_dates,
    ),
    Rule(
        key="dates",
        label=_("Begleitungen zu einem Termin"),
        period=sentences.dates,
        run=lambda: delete_in_batches(DateRequest.objects.over()),
    ),
    Rule(
        key="date_messages",
        label=_("Nachrichten zu einzelnen Terminen"),
        period=sentences.date_messages,
        run=lambda: delete_in_batches(DateMessage.objects.over()),
    ),
    Rule(
        key="unconfirmed_access_requests",
        label=_("Unbestätigte Anfragen „Das sind wir“"),
        period=sentences.unconfirmed,
        run=access_requests.delete_expired_access_requests,
    ),
    Rule(
        key="access_requests",
        label=_("Anfragen „Das sind wir“"),
        period=sentences.access_requests,
        run=lambda: delete_in_batches(AccessRequest.objects.over()),
    ),
    Rule(
        key="unconfirmed_organisation_proposals",
        label=_("Unbestätigte Vorschläge von Organisationen"),
        period=sentences.unconfirmed,
        run=organisation_proposals.delete_expired_proposals,
    ),
    Rule(
        key="organisation_proposals",
        label=_("Vorschläge von Organisationen"),
        period=sentences.access_requests,
        run=lambda: delete_in_batches(OrganisationProposal.objects.over()),
    ),
    Rule(
        key="unconfirmed_subscriptions",
        label=_("Unbestätigte Bestellungen von Newsletter und Suchen"),
        period=sentences.unconfirmed,
        run=lambda: sum(map(delete_in_batches, due.unconfirmed_orders())),
    ),
    Rule(
        key="subscriptions",
        label=_("Newsletter und Suchen, die abbestellt oder nicht zustellbar sind"),
        period=sentences.standing_orders,
        run=lambda: sum(map(delete_in_batches, due.ended_orders())),
    ),
    Rule(
        key="expenses",
        label=_("Auslagen"),
        period=sentences.expenses,
        run=lambda: delete_in_batches(Expense.objects.over()),
    ),
    Rule(
        key="enquiries",
        label=_("Fragen"),
        period=sentences.enquiries,
        run=lambda: delete_in_batches(due.enquiries()),
    ),
    Rule(
        key="group_messages",
        label=_("Texte von Nachrichten an viele und Listen ihrer Empfänger"),
        period=sentences.logs,
        run=lambda: delete_in_batches(due.group_messages()),
    ),
    Rule(
        key="unconfirmed_counselling",
        label=_("Unbestätigte Anfragen um Beratung"),
        period=sentences.unconfirmed,
        run=lambda: delete_in_batches(_above("CounsellingRequest").expired()),
    ),
    Rule(
        key="counselling",
        label=_("Beratungen"),
        period=sentences.counselling,
        run=lambda: delete_in_batches(_above("CounsellingRequest").over()),
    ),
    Rule(
        key="cooperation",
        label=_("Angebote von Unternehmen und Stiftungen"),
        period=sentences.cooperation,
        run=lambda: delete_in_batches(_above("CooperationOffer").over()),
    ),
    Rule(
        key="concerns",
        label=_("Hinweise an Vertrauenspersonen"),
        period=sentences.concerns,
        run=lambda: delete_in_batches(due.concerns()),
    ),
    Rule(
        key="conduct_checks",
        label=_("Einsichten in Führungszeugnisse"),
        period=sentences.conduct_checks,
        run=checks.delete_unneeded_checks,
    ),
    Rule(
        key="silent_volunteers",
        label=_("Engagierte, die auf die Frage nicht geantwortet haben, mit allem"),
        period=sentences.inactive,
        run=_silent_volunteers,
    ),
    Rule(
        key="empty_volunteers",
        label=_("Profile, zu denen nichts mehr da ist"),
        period=sentences.with_last_application,
        run=_empty_volunteers,
    ),
    Rule(
        key="asked_volunteers",
        label=_("Engagierte gefragt, ob ihre Daten bleiben sollen"),
        period=sentences.inactive,
        run=staying.ask_silent,
        asks=True,
    ),
    Rule(
        key="accounts",
        label=_("Konten ohne Rolle und ohne eigene Daten"),
        period=sentences.accounts,
        run=lambda: delete_in_batches(due.unused_accounts()),
    ),
    Rule(
        key="absences",
        label=_("Vergangene Abwesenheiten"),
        period=sentences.absences,
        run=absences.forget_past_absences,
    ),
    Rule(
        key="invitations",
        label=_("Abgelaufene Einladungen"),
        period=sentences.invitations,
        run=lambda: delete_in_batches(Invitation.objects.expired()),
    ),
    Rule(
        key="saved_lists",
        label=_("Gespeicherte Listen, die niemand mehr benutzt"),
        period=sentences.saved_lists,
        run=_unused_lists,
    ),
    Rule(
        key="delivered_mail",
        label=_("Zugestellte Mails"),
        period=sentences.delivered_mail,
        run=outbox.delete_delivered,
    ),
    Rule(
        key="undelivered_mail",
        label=_("Mails, die kein Server angenommen hat"),
        period=sentences.delivered_mail,
        run=lambda: delete_in_batches(due.undelivered_mail()),
    ),
    Rule(
        key="reminders",
        label=_("Vermerke über verschickte Erinnerungen"),
        period=sentences.reminders,
        run=lambda: delete_in_batches(old_reminders()),
    ),
    Rule(
        key="short_links",
        label=_("Kurze Links aus Mails, die niemand mehr öffnet"),
        period=sentences.short_links,
        run=lambda: delete_in_batches(due.short_links()),
    ),
    Rule(
        key="mail_stops",
        label=_("Abbestellte Mails, die das Portal nicht mehr schickt"),
        period=sentences.mail_stops,
        run=lambda: delete_in_batches(due.mail_stops()),
    ),
    Rule(
        key="logs",
        label=_("Protokolle: Sicherheit, Exporte, Verwaltung, Löschläufe"),
        period=sentences.logs,
        run=_logs,
    ),
    Rule(
        key="passing",
        label=_("Abgelaufene Sitzungen und gezählte Versuche"),
        period=sentences.passing,
        run=_passing,
    ),
    Rule(
        key="imports",
        label=_("Listen, die niemand übernommen hat"),
        period=sentences.imports,
        run=uploads.sweep,
    ),
    Rule(
        key="export_files",
        label=_("Angeforderte Listen"),
        period=sentences.export_files,
        run=background.delete_expired,
    ),
)
"""The order matters: a rule may make other records due, as a deleted tandem does with its request."""
