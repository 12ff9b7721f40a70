"""Further open tasks as tiles, counted in one query."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from portal.cooperation import tiles as cooperation
from portal.counselling import tiles as counselling
from portal.directory import tiles as directory
from portal.directory.trust_filter import NOBODY
from portal.models import LinkCheck
from portal.newsletter import tiles as newsletter
from portal.tiles import Tile, Waiting, tiles_of
from programs.addresses import admin_path
from programs.models import Event, Membership, Organisation
from volunteers.admin.enquiries import OPEN
from volunteers.admin.tandem_filters import ALONE, SILENT, lapsed
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
    OrganisationProposal,
    OutgoingMail,
    SecurityEvent,
    Tandem,
    User,
)
from volunteers.periods import after_months
from volunteers.reads import health, preparation, reflections, trust
from volunteers.reads.first_weeks import met_alone, without_meeting
from volunteers.reads.together_again import wished_by_both
from volunteers.services import accesses, attendance
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.visits import uncounted_today


def without_certificate(user: User) -> Waiting:
    """Placed volunteers whose certificate of good conduct is missing or expired."""
    found = preparation.placed_without_certificate(Application.objects.visible_to(user))
    url = admin_path(Application, vorbereitung="fuehrungszeugnis")
    return Waiting(found, _("Im Einsatz ohne gültiges Führungszeugnis"), url, urgent=True)


def without_reflection(user: User) -> Waiting:
    """Placed volunteers who have not been at as many reflections as their programme asks for."""
    found = reflections.lacking(Application.objects.visible_to(user))
    url = admin_path(Application, vorbereitung="reflexion")
    return Waiting(found, _("Im Einsatz, eine Reflexion fehlt"), url)


def certificates_due(user: User) -> Waiting:
    """Certificates of good conduct that expire soon and are still needed."""
    found = preparation.soon_due(ConductCheck.objects.visible_to(user))
    label = ngettext_lazy(
        "Führungszeugnis zur Wiedervorlage", "Führungszeugnisse zur Wiedervorlage", "n"
    )
    return Waiting(found, label, admin_path(ConductCheck, wiedervorlage="ja"))


def tandems_in_need(user: User) -> Waiting:
    """Tandems where somebody asked for support."""
    found = Tandem.objects.visible_to(user).running().filter(needs_support_since__isnull=False)
    label = ngettext_lazy("Tandem braucht Unterstützung", "Tandems brauchen Unterstützung", "n")
    return Waiting(found, label, admin_path(Tandem, unterstuetzung="ja"), urgent=True)


def tandems_without_meeting(user: User) -> Waiting:
    """Tandems that began some days ago, and nobody has said that the two have met."""
    found = without_meeting(Tandem.objects.visible_to(user), timezone.localdate())
    label = ngettext_lazy("Tandem ohne erstes Treffen", "Tandems ohne erstes Treffen", "n")
    return Waiting(found, label, admin_path(Tandem, treffen="fehlt"), urgent=True)


def tandems_met_alone(user: User) -> Waiting:
    """Tandems whose first meeting a second person joins, which nobody has confirmed."""
    found = met_alone(Tandem.objects.visible_to(user))
    label = _("Tandem: War die zweite Person dabei?")
    return Waiting(found, label, admin_path(Tandem, treffen=ALONE), urgent=True)


def silent_tandems(user: User) -> Waiting:
    """Tandems from which nothing was heard for as long as the rules in the administration say."""
    seen = health.with_attention(Tandem.objects.visible_to(user).going_on())
    found = seen.filter(attention__in=health.SILENT_RANKS)
    label = ngettext_lazy(
        "Tandem, von dem nichts zu hören ist", "Tandems, von denen nichts zu hören ist", "n"
    )
    return Waiting(found, label, admin_path(Tandem, achten=SILENT))


def pairs_to_propose_again(user: User) -> Waiting:
    """Former tandems whose both sides would like to meet again."""
    found = wished_by_both(Tandem.objects.visible_to(user))
    label = ngettext_lazy("früheres Tandem möchte wieder", "frühere Tandems möchten wieder", "n")
    return Waiting(found, label, admin_path(Tandem, wieder="ja"))


def open_concerns(user: User) -> Waiting:
    """What a person of trust has to read or has in hand."""
    found = Concern.objects.visible_to(user).open()
    label = ngettext_lazy("Hinweis ist offen", "Hinweise sind offen", "n")
    return Waiting(found, label, admin_path(Concern), urgent=True)


def without_person_of_trust(user: User) -> Waiting:
    """Organisations with tandems for which no person of trust is named anywhere; for those who may name one."""
    found = trust.without_readers(accesses.organisations_to_name_trust_at(user))
    label = ngettext_lazy(
        "Organisation ohne Vertrauensperson", "Organisationen ohne Vertrauensperson", "n"
    )
    return Waiting(found, label, admin_path(Organisation, vertrauen=NOBODY), urgent=True)


def open_enquiries(user: User) -> Waiting:
    """Questions that nobody has answered yet."""
    found = Enquiry.objects.visible_to(user).unanswered()
    label = ngettext_lazy("Frage wartet auf Antwort", "Fragen warten auf Antwort", "n")
    return Waiting(found, label, admin_path(Enquiry, beantwortet=OPEN), urgent=True)


def dates_without_anybody(user: User) -> Waiting:
    """Urgent single dates to which nobody comes yet."""
    found = DateRequest.objects.visible_to(user).urgent()
    label = ngettext_lazy("eiliger Termin ohne Begleitung", "eilige Termine ohne Begleitung", "n")
    return Waiting(found, label, admin_path(DateRequest, eilig="ja"), urgent=True)


def access_requests(user: User) -> Waiting:
    """People who say „Das sind wir“ and wait for a decision."""
    found = AccessRequest.objects.visible_to(user).open()
    status = AccessRequest.Status.OPEN.value
    label = ngettext_lazy(
        "Anfrage „Das sind wir“ ist zu prüfen", "Anfragen „Das sind wir“ sind zu prüfen", "n"
    )
    return Waiting(found, label, admin_path(AccessRequest, status__exact=status), urgent=True)


def proposed_organisations(user: User) -> Waiting:
    """Organisations that somebody proposes and nobody has decided about."""
    found = OrganisationProposal.objects.visible_to(user).open()
    status = OrganisationProposal.Status.OPEN.value
    label = ngettext_lazy(
        "vorgeschlagene Organisation ist zu prüfen",
        "vorgeschlagene Organisationen sind zu prüfen",
        "n",
    )
    url = admin_path(OrganisationProposal, status__exact=status)
    return Waiting(found, label, url, urgent=True)


def unfinished_set_up(user: User) -> Waiting:
    """Organisations that the user has begun to set up."""
    waiting = list(Membership.objects.setting_up(user))
    first = admin_path(Organisation, "set_up", waiting[0].organisation_id) if waiting else ""
    return Waiting(len(waiting), _("Einrichten: hier geht es weiter"), first, urgent=True)


def open_requests(user: User) -> Waiting:
    """Newcomers who look for a companion."""
    status = CompanionRequest.Status.OPEN.value
    url = admin_path(CompanionRequest, status__exact=status)
    found = CompanionRequest.objects.visible_to(user).open()
    label = ngettext_lazy("Mensch sucht eine Begleitung", "Menschen suchen eine Begleitung", "n")
    return Waiting(found, label, url)


def requests_without_agreement(user: User) -> Waiting:
    """Requests made for others: nobody is suggested until the guardian or the grown-up says yes."""
    status = CompanionRequest.Status.AWAITING.value
    url = admin_path(CompanionRequest, status__exact=status)
    found = CompanionRequest.objects.visible_to(user).filter(status=status)
    label = ngettext_lazy("Suche wartet auf Einwilligung", "Suchen warten auf Einwilligung", "n")
    return Waiting(found, label, url)


def unanswered_proposals(user: User) -> Waiting:
    """Proposed tandems: an answer is missing, or somebody has to start the tandem."""
    status = Tandem.Status.PROPOSED.value
    url = admin_path(Tandem, status__exact=status)
    found = Tandem.objects.visible_to(user).filter(status=status)
    label = ngettext_lazy("Vorschlag wartet auf Antwort", "Vorschläge warten auf Antwort", "n")
    return Waiting(found, label, url)


def lapsed_proposals(user: User) -> Waiting:
    """Requests that are open again because nobody answered the proposal in time."""
    url = admin_path(CompanionRequest, verfallen="ja")
    found = lapsed(CompanionRequest.objects.visible_to(user))
    label = ngettext_lazy(
        "Vorschlag ohne Antwort verfallen", "Vorschläge ohne Antwort verfallen", "n"
    )
    return Waiting(found, label, url)


def lists_to_tick(user: User) -> Waiting:
    """Past events whose attendance list nobody has filled in."""
    found = attendance.lists_to_tick(Event.objects.visible_to(user), user)
    label = ngettext_lazy("Teilnahmeliste abzuhaken", "Teilnahmelisten abzuhaken", "n")
    return Waiting(found, label, admin_path(Event, liste="offen"))


def hours_to_confirm(user: User) -> Waiting:
    """Hours that volunteers have entered and nobody has confirmed yet."""
    found = HoursEntry.objects.visible_to(user).unconfirmed()
    label = ngettext_lazy("Stundeneintrag zu bestätigen", "Stundeneinträge zu bestätigen", "n")
    return Waiting(found, label, admin_path(HoursEntry, bestaetigt="nein"))


def visits_to_count(user: User) -> Waiting:
    """Rooms of the user's own organisation that are open today and have no visits entered yet."""
    rooms = uncounted_today(user)
    url = admin_path(WelcomeRoom, "visits", rooms[0]) if rooms else ""
    label = ngettext_lazy("Besuche von heute eintragen", "Räume: Besuche von heute eintragen", "n")
    return Waiting(len(rooms), label, url)


def expenses_waiting(user: User) -> Waiting:
    """Expenses that wait for a decision."""
    found = Expense.objects.visible_to(user).waiting()
    status = Expense.Status.SUBMITTED.value
    label = ngettext_lazy("Auslage wartet", "Auslagen warten", "n")
    return Waiting(found, label, admin_path(Expense, status__exact=status))


def dead_websites(user: User) -> Waiting:
    """Websites of the user's entries that do not answer any more."""
    allowed = user.limited_to("portal.view_linkcheck")
    found = LinkCheck.objects.visible_to(allowed).dead()
    label = ngettext_lazy("Webseite antwortet nicht mehr", "Webseiten antworten nicht mehr", "n")
    return Waiting(found, label, admin_path(LinkCheck))


def failed_logins(user: User) -> Waiting:
    """Accounts with many failed logins; for the Portalverwaltung only."""
    found = security_log.accounts_under_attack() if user.is_superuser else 0
    kind = SecurityEvent.Kind.LOGIN_FAILED.value
    label = ngettext_lazy(
        "Konto mit vielen misslungenen Anmeldungen seit gestern",
        "Konten mit vielen misslungenen Anmeldungen seit gestern",
        "n",
    )
    return Waiting(found, label, admin_path(SecurityEvent, kind__exact=kind), urgent=True)


def failed_mails(user: User) -> Waiting:
    """Mails that were given up; for the Portalverwaltung only."""
    found = OutgoingMail.objects.failed() if user.is_superuser else 0
    label = ngettext_lazy("Mail kam nicht an", "Mails kamen nicht an", "n")
    return Waiting(found, label, admin_path(OutgoingMail))


def unused_accesses(user: User) -> Waiting:
    """Accesses that nobody has used for a long time; only for users who may end them."""
    url = admin_path(Membership, ungenutzt="ja")
    ending = user.limited_to("programs.end_membership")
    seen = Membership.objects.filter(organisation__in=Organisation.objects.visible_to(ending))
    label = ngettext_lazy(
        "Zugang seit %(period)s ungenutzt", "Zugänge seit %(period)s ungenutzt", "n"
    )
    words = {"period": after_months(settings.ACCESS_UNUSED_MONTHS)}
    return Waiting(accesses.unused(seen), label, url, words=words)


OPEN_POINTS: tuple[Callable[[User], Waiting], ...] = (
    open_concerns,
    without_certificate,
    certificates_due,
    without_reflection,
    tandems_in_need,
    tandems_without_meeting,
    tandems_met_alone,
    silent_tandems,
    pairs_to_propose_again,
    open_enquiries,
    counselling.counselling_to_answer,
    cooperation.offers_to_answer,
    dates_without_anybody,
    access_requests,
    proposed_organisations,
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
    newsletter.issues_in_trouble,
    expenses_waiting,
    dead_websites,
    failed_logins,
    failed_mails,
    without_person_of_trust,
    unused_accesses,
)
"""Further open tasks. The start page shows those whose count is not zero."""


def open_points(user: User) -> list[Tile]:
    """The tiles whose count is not zero; urgent ones first."""
    tiles = [tile for tile in tiles_of([waiting(user) for waiting in OPEN_POINTS]) if tile.count]
    return sorted(tiles, key=lambda tile: not tile.urgent)
