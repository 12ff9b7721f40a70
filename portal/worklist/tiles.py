"""Further open tasks as tiles, one query each."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.directory import tiles as directory
from portal.models import LinkCheck
from portal.tiles import Tile
from programs.addresses import admin_path
from programs.models import Event, Membership, Organisation
from volunteers.admin.enquiries import OPEN
from volunteers.admin.tandem_filters import SILENT, lapsed
from volunteers.guard import security_log
from volunteers.models import (
    AccessRequest,
    Application,
    CompanionRequest,
    Concern,
    ConductCheck,
    DateRequest,
    Enquiry,
    Expense,
    HoursEntry,
    OutgoingMail,
    SecurityEvent,
    Tandem,
    User,
)
from volunteers.periods import after_months
from volunteers.reads import health, preparation, reflections, trust
from volunteers.reads.first_weeks import without_meeting
from volunteers.reads.together_again import wished_by_both
from volunteers.services import accesses, attendance
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.visits import uncounted_today


def without_certificate(user: User) -> Tile:
    """Placed volunteers whose certificate of good conduct is missing or expired."""
    found = preparation.placed_without_certificate(Application.objects.visible_to(user))
    url = admin_path(Application, vorbereitung="fuehrungszeugnis")
    return Tile(_("Im Einsatz ohne gültiges Führungszeugnis"), found.count(), url, urgent=True)


def without_reflection(user: User) -> Tile:
    """Placed volunteers who have not been at as many reflections as their programme asks for."""
    count = reflections.lacking(Application.objects.visible_to(user)).count()
    url = admin_path(Application, vorbereitung="reflexion")
    return Tile(_("Im Einsatz, eine Reflexion fehlt"), count, url)


def certificates_due(user: User) -> Tile:
    """Certificates of good conduct that expire soon and are still needed."""
    count = preparation.soon_due(ConductCheck.objects.visible_to(user)).count()
    label = ngettext(
        "Führungszeugnis zur Wiedervorlage", "Führungszeugnisse zur Wiedervorlage", count
    )
    return Tile(label, count, admin_path(ConductCheck, wiedervorlage="ja"))


def tandems_in_need(user: User) -> Tile:
    """Tandems where somebody asked for support."""
    found = Tandem.objects.visible_to(user).running().filter(needs_support_since__isnull=False)
    count = found.count()
    label = ngettext("Tandem braucht Unterstützung", "Tandems brauchen Unterstützung", count)
    return Tile(label, count, admin_path(Tandem, unterstuetzung="ja"), urgent=True)


def tandems_without_meeting(user: User) -> Tile:
    """Tandems that began some days ago, and nobody has said that the two have met."""
    found = without_meeting(Tandem.objects.visible_to(user), timezone.localdate())
    count = found.count()
    label = ngettext("Tandem ohne erstes Treffen", "Tandems ohne erstes Treffen", count)
    return Tile(label, count, admin_path(Tandem, treffen="fehlt"), urgent=True)


def silent_tandems(user: User) -> Tile:
    """Tandems from which nothing was heard for as long as the rules in the administration say."""
    seen = health.with_attention(Tandem.objects.visible_to(user))
    count = seen.filter(attention__in=health.SILENT_RANKS).count()
    label = ngettext(
        "Tandem, von dem nichts zu hören ist", "Tandems, von denen nichts zu hören ist", count
    )
    return Tile(label, count, admin_path(Tandem, achten=SILENT))


def pairs_to_propose_again(user: User) -> Tile:
    """Former tandems whose both sides would like to meet again."""
    count = wished_by_both(Tandem.objects.visible_to(user)).count()
    label = ngettext("früheres Tandem möchte wieder", "frühere Tandems möchten wieder", count)
    return Tile(label, count, admin_path(Tandem, wieder="ja"))


def open_concerns(user: User) -> Tile:
    """What a person of trust has to read or has in hand."""
    count = Concern.objects.visible_to(user).open().count()
    label = ngettext("Hinweis ist offen", "Hinweise sind offen", count)
    return Tile(label, count, admin_path(Concern), urgent=True)


def without_person_of_trust(user: User) -> Tile:
    """Organisations with tandems for which no person of trust is named anywhere; for those who may name one."""
    mine = accesses.organisations_to_name_trust_at(user)
    pairs = Tandem.objects.alive().filter(organisation=OuterRef("pk"))
    looked_after = mine.filter(Exists(pairs) | Q(is_clearing_office=True))
    count = trust.without_readers(looked_after).count()
    label = ngettext(
        "Organisation ohne Vertrauensperson", "Organisationen ohne Vertrauensperson", count
    )
    return Tile(label, count, admin_path(Membership, role__exact="trust"), urgent=True)


def open_enquiries(user: User) -> Tile:
    """Questions that nobody has answered yet."""
    count = Enquiry.objects.visible_to(user).unanswered().count()
    label = ngettext("Frage wartet auf Antwort", "Fragen warten auf Antwort", count)
    return Tile(label, count, admin_path(Enquiry, beantwortet=OPEN), urgent=True)


def dates_without_anybody(user: User) -> Tile:
    """Urgent single dates to which nobody comes yet."""
    soon = timezone.now() + datetime.timedelta(hours=settings.DATE_URGENT_HOURS)
    dates = DateRequest.objects.visible_to(user)
    count = dates.filter(status=DateRequest.Status.OPEN, starts_at__lt=soon).count()
    label = ngettext("eiliger Termin ohne Begleitung", "eilige Termine ohne Begleitung", count)
    status = DateRequest.Status.OPEN.value
    return Tile(label, count, admin_path(DateRequest, status__exact=status), urgent=True)


def access_requests(user: User) -> Tile:
    """People who say „Das sind wir“ and wait for a decision."""
    count = AccessRequest.objects.visible_to(user).open().count()
    label = ngettext(
        "Anfrage „Das sind wir“ ist zu prüfen", "Anfragen „Das sind wir“ sind zu prüfen", count
    )
    status = AccessRequest.Status.OPEN.value
    return Tile(label, count, admin_path(AccessRequest, status__exact=status), urgent=True)


def unfinished_set_up(user: User) -> Tile:
    """Organisations that the user has begun to set up."""
    waiting = list(Membership.objects.setting_up(user))
    first = admin_path(Organisation, "set_up", waiting[0].organisation_id) if waiting else ""
    return Tile(_("Einrichten: hier geht es weiter"), len(waiting), first, urgent=True)


def open_requests(user: User) -> Tile:
    """Newcomers who look for a companion."""
    status = CompanionRequest.Status.OPEN.value
    url = admin_path(CompanionRequest, status__exact=status)
    count = CompanionRequest.objects.visible_to(user).open().count()
    label = ngettext("Mensch sucht eine Begleitung", "Menschen suchen eine Begleitung", count)
    return Tile(label, count, url)


def requests_without_agreement(user: User) -> Tile:
    """Requests made for others: nobody is suggested until the guardian or the grown-up says yes."""
    status = CompanionRequest.Status.AWAITING.value
    url = admin_path(CompanionRequest, status__exact=status)
    count = CompanionRequest.objects.visible_to(user).filter(status=status).count()
    label = ngettext("Suche wartet auf Einwilligung", "Suchen warten auf Einwilligung", count)
    return Tile(label, count, url)


def unanswered_proposals(user: User) -> Tile:
    """Proposed tandems: an answer is missing, or somebody has to start the tandem."""
    status = Tandem.Status.PROPOSED.value
    url = admin_path(Tandem, status__exact=status)
    count = Tandem.objects.visible_to(user).filter(status=status).count()
    label = ngettext("Vorschlag wartet auf Antwort", "Vorschläge warten auf Antwort", count)
    return Tile(label, count, url)


def lapsed_proposals(user: User) -> Tile:
    """Requests that are open again because nobody answered the proposal in time."""
    url = admin_path(CompanionRequest, verfallen="ja")
    count = lapsed(CompanionRequest.objects.visible_to(user)).count()
    label = ngettext("Vorschlag ohne Antwort verfallen", "Vorschläge ohne Antwort verfallen", count)
    return Tile(label, count, url)


def lists_to_tick(user: User) -> Tile:
    """Past events whose attendance list nobody has filled in."""
    count = attendance.lists_to_tick(Event.objects.visible_to(user), user).count()
    label = ngettext("Teilnahmeliste abzuhaken", "Teilnahmelisten abzuhaken", count)
    return Tile(label, count, admin_path(Event, liste="offen"))


def hours_to_confirm(user: User) -> Tile:
    """Hours that volunteers have entered and nobody has confirmed yet."""
    count = HoursEntry.objects.visible_to(user).unconfirmed().count()
    label = ngettext("Stundeneintrag zu bestätigen", "Stundeneinträge zu bestätigen", count)
    return Tile(label, count, admin_path(HoursEntry, bestaetigt="nein"))


def visits_to_count(user: User) -> Tile:
    """Rooms of the user's own organisation that are open today and have no visits entered yet."""
    rooms = uncounted_today(user)
    label = ngettext(
        "Besuche von heute eintragen", "Räume: Besuche von heute eintragen", len(rooms)
    )
    url = admin_path(WelcomeRoom, "visits", rooms[0]) if rooms else ""
    return Tile(label, len(rooms), url)


def expenses_waiting(user: User) -> Tile:
    """Expenses that wait for a decision."""
    count = Expense.objects.visible_to(user).waiting().count()
    label = ngettext("Auslage wartet", "Auslagen warten", count)
    status = Expense.Status.SUBMITTED.value
    return Tile(label, count, admin_path(Expense, status__exact=status))


def dead_websites(user: User) -> Tile:
    """Websites of the user's entries that do not answer any more."""
    allowed = user.limited_to("portal.view_linkcheck")
    count = LinkCheck.objects.visible_to(allowed).dead().count()
    label = ngettext("Webseite antwortet nicht mehr", "Webseiten antworten nicht mehr", count)
    return Tile(label, count, admin_path(LinkCheck))


def failed_logins(user: User) -> Tile:
    """Accounts with many failed logins; for the Portalverwaltung only."""
    count = security_log.accounts_under_attack() if user.is_superuser else 0
    label = ngettext(
        "Konto mit vielen misslungenen Anmeldungen seit gestern",
        "Konten mit vielen misslungenen Anmeldungen seit gestern",
        count,
    )
    kind = SecurityEvent.Kind.LOGIN_FAILED.value
    return Tile(label, count, admin_path(SecurityEvent, kind__exact=kind), urgent=True)


def failed_mails(user: User) -> Tile:
    """Mails that were given up; for the Portalverwaltung only."""
    count = OutgoingMail.objects.failed().count() if user.is_superuser else 0
    label = ngettext("Mail kam nicht an", "Mails kamen nicht an", count)
    return Tile(label, count, admin_path(OutgoingMail))


def unused_accesses(user: User) -> Tile:
    """Accesses that nobody has used for a long time; only for users who may end them."""
    period = {"period": after_months(settings.ACCESS_UNUSED_MONTHS)}
    label = _("Zugang seit %(period)s ungenutzt") % period
    url = admin_path(Membership, ungenutzt="ja")
    ending = user.limited_to("programs.end_membership")
    seen = Membership.objects.filter(organisation__in=Organisation.objects.visible_to(ending))
    count = accesses.unused(seen).count()
    plural = _("Zugänge seit %(period)s ungenutzt") % period
    return Tile(label if count == 1 else plural, count, url)


OPEN_POINTS: tuple[Callable[[User], Tile], ...] = (
    open_concerns,
    without_certificate,
    certificates_due,
    without_reflection,
    tandems_in_need,
    tandems_without_meeting,
    silent_tandems,
    pairs_to_propose_again,
    open_enquiries,
    dates_without_anybody,
    access_requests,
    unfinished_set_up,
    open_requests,
    requests_without_agreement,
    unanswered_proposals,
    lapsed_proposals,
    lists_to_tick,
    hours_to_confirm,
    visits_to_count,
    directory.proposals_to_decide,
    directory.organisations_to_call,
    expenses_waiting,
    dead_websites,
    failed_logins,
    failed_mails,
    without_person_of_trust,
    unused_accesses,
)
"""Further open tasks, one query each. The start page shows those whose count is not zero."""


def open_points(user: User) -> list[Tile]:
    """The tiles whose count is not zero; urgent ones first."""
    tiles = [tile for count in OPEN_POINTS if (tile := count(user)).count]
    return sorted(tiles, key=lambda tile: not tile.urgent)
