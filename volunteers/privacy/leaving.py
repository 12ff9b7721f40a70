"""What a deletion does, as text for the page that asks before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Membership

from ..models import Application, Certificate, CompanionRequest, Registration, User
from ..models.companions import RequestStatus
from ..models.registrations import IS_ON
from ..models.standing_orders import order_models
from ..models.statuses import CLOSED, Status
from ..periods import days
from .scope import Scope


@dataclass(frozen=True)
class Plan:
    """Sentences: what is deleted at once, what else happens, what stays until when and why."""

    goes: list[str]
    happens: list[str]
    stays: list[str]


def plan_of(scope: Scope, others: Iterable[str] = ()) -> Plan:
    """``others`` are the names of people at the same address, whose data stay."""
    return Plan(_goes(scope), _happens(scope), [*_of_others(others), *_stays(scope)])


def _of_others(names: Iterable[str]) -> list[str]:
    text = _(
        "Was %(name)s unter derselben Adresse angemeldet hat: Dafür gibt es eine eigene Seite."
    )
    return [text % {"name": name} for name in names]


def _goes(scope: Scope) -> list[str]:
    certificates = Certificate.objects.filter(volunteer__in=scope.volunteers).count()
    newsletters, searches = (len(scope.of(one)) for one in order_models())
    counted = [
        (
            len(scope.applications),
            ngettext("%d Anmeldung", "%d Anmeldungen", len(scope.applications)),
        ),
        (
            len(scope.registrations),
            ngettext("%d Teilnahme", "%d Teilnahmen", len(scope.registrations)),
        ),
        (
            len(scope.requests),
            ngettext("%d Suche nach Begleitung", "%d Suchen nach Begleitung", len(scope.requests)),
        ),
        (
            len(scope.dates),
            ngettext(
                "%d Begleitung zu einem Termin", "%d Begleitungen zu einem Termin", len(scope.dates)
            ),
        ),
        (
            len(scope.enquiries),
            ngettext("%d Frage", "%d Fragen", len(scope.enquiries)),
        ),
        (
            newsletters,
            ngettext("%d Newsletter", "%d Newsletter", newsletters),
        ),
        (
            searches,
            ngettext("%d Suche per Mail", "%d Suchen per Mail", searches),
        ),
        (
            certificates,
            ngettext("%d Engagementnachweis", "%d Engagementnachweise", certificates),
        ),
    ]
    goes = [text % number for number, text in counted if number]
    if scope.askers:
        goes.append(
            _(
                "dass Sie für andere gefragt haben, und Anfragen, zu denen noch niemand Ja gesagt hat"
            )
        )
    if scope.volunteers:
        goes.append(_("Ihr Profil mit Qualifikationen und dem Vermerk über ein Führungszeugnis"))
    if scope.users:
        goes.append(_("Ihr Konto mit zweitem Faktor; Sie werden überall abgemeldet"))
    goes.append(_("alle Mails an Sie"))
    goes.append(
        _(
            "in Nachrichten, Notizen und Protokollen Ihre Adresse und Ihre Telefonnummer, und Ihr Name "
            "bei den Organisationen, die mit Ihnen zu tun hatten"
        )
    )
    return goes


def _happens(scope: Scope) -> list[str]:
    happens = []
    applications = Application.objects.filter(pk__in=scope.applications)
    requests = CompanionRequest.objects.filter(pk__in=scope.requests)
    in_lists = applications.exclude(status__in=(*CLOSED, Status.UNCONFIRMED)).exists()
    looking = requests.filter(status__in=(RequestStatus.OPEN, RequestStatus.MATCHED)).exists()
    if scope.tandems().running().exists():
        happens.append(_("Ihr Tandem ist beendet; die andere Person bekommt eine Mail."))
    elif scope.tandems().alive().exists():
        happens.append(
            _("Aus dem Vorschlag für ein Tandem wird nichts; die andere Person erfährt es.")
        )
    coming = Registration.objects.filter(pk__in=scope.registrations, status__in=IS_ON)
    if coming.exists():
        happens.append(_("Ihr Platz bei einem Termin geht an den nächsten auf der Warteliste."))
    if in_lists or looking:
        happens.append(
            _("Die Organisation erfährt, dass jemand seine Daten gelöscht hat, aber nicht, wer.")
        )
    if scope.volunteers and Certificate.objects.filter(volunteer__in=scope.volunteers).exists():
        happens.append(
            _("Ihre Nachweise auf Papier behalten Sie, aber niemand kann sie hier mehr prüfen.")
        )
    if Membership.objects.active().filter(user__in=scope.users).exists():
        happens.append(_("Ihr Zugang zur Verwaltung endet sofort."))
    return happens


def _stays(scope: Scope) -> list[str]:
    stays = [
        _("Die Mail, die Ihnen die Löschung bestätigt: bis sie zugestellt ist."),
        _("Dass eine Löschung stattfand, ohne Ihren Namen, im Sicherheitsprotokoll: %(days)s.")
        % {"days": days(settings.SECURITY_LOG_DAYS)},
        _("Zahlen ohne Person, zum Beispiel wie viele Anmeldungen es gab: für die Statistik."),
        _(
            "Listen, die eine Organisation vorher mitgenommen hat: Darüber bestimmt sie selbst. Die "
            "Organisationen mit einer laufenden Anmeldung bitten wir, auch dort zu löschen."
        ),
        _(
            "Sicherungskopien der Datenbank, bis sie überschrieben werden: damit nach einem Schaden "
            "nicht alles verloren ist."
        ),
    ]
    if scope.concerns:
        stays.append(
            _(
                "Was Sie unter „Etwas stimmt nicht“ geschrieben haben: ohne Ihren Namen und Ihre Adresse, bis "
                "zu seiner Frist, zum Schutz anderer."
            )
        )
    if any(user.is_staff for user in User.objects.filter(pk__in=scope.users)):
        stays.append(
            _(
                "Was Sie in der Verwaltung für andere eingetragen haben, zum Beispiel die Einsicht in "
                "ein Führungszeugnis oder bestätigte Stunden: ohne Ihren Namen, solange es der "
                "anderen Person gehört."
            )
        )
    return stays
