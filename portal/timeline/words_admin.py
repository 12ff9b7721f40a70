"""The sentences of the timeline of an organisation."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.cooperation.models import OfferStatus
from portal.counselling.models import Audience
from portal.models import ChangeProposal, Upkeep
from programs.models import Event, Membership
from programs.timelines import Kind, day_of
from volunteers.models import AccessRequest

ENTRY = "programs.Entry"
PROPOSAL = "portal.ChangeProposal"
NEW_ORGANISATION = "volunteers.OrganisationProposal"
ACCESS = "volunteers.AccessRequest"
COUNSELLING = "portal.CounsellingRequest"
OFFER = "portal.CooperationOffer"
EVENT = "programs.Event"
ROOM = "welcome_rooms.WelcomeRoom"


def _changed(title: str, confirmed: str, day: str) -> str:
    if confirmed and confirmed == day:
        return _("Eintrag „%(title)s“ bestätigt.") % {"title": title}
    return _("Eintrag „%(title)s“ geändert.") % {"title": title}


def _decided(title: str, state: str) -> str:
    values = {"title": title, "state": ChangeProposal.State(state).label}
    return _("Vorschlag zum Eintrag „%(title)s“: %(state)s.") % values


def _kept_true(kind: str) -> str:
    return _("Stimmen die Einträge noch? %(what)s.") % {"what": Upkeep.Kind(kind).label}


def _short(day: str) -> str:
    return date_format(day_of(day), "SHORT_DATE_FORMAT")


def _counted(day: str, number: str, is_estimate: str) -> str:
    values = {"day": _short(day), "number": number}
    if is_estimate == "true":
        return _("Umfrage zum %(day)s beantwortet. Engagierte: etwa %(number)s.") % values
    return _("Umfrage zum %(day)s beantwortet. Engagierte: %(number)s.") % values


def _role(role: str) -> str:
    return str(Membership.Role(role).label)


def _came(name: str, role: str) -> str:
    values = {"name": name or _("jemand"), "role": _role(role)}
    return _("Zugang beginnt: %(name)s (%(role)s).") % values


def _went(name: str, role: str) -> str:
    values = {"name": name or _("jemand"), "role": _role(role)}
    return _("Zugang endet: %(name)s (%(role)s).") % values


def _access_decided(status: str) -> str:
    return _("„Das sind wir“: %(what)s.") % {"what": AccessRequest.Status(status).label}


def _held(kind: str, title: str, is_cancelled: str) -> str:
    values = {"kind": Event.Kind(kind).label, "title": title}
    if is_cancelled == "true":
        return _("Abgesagt: %(kind)s „%(title)s“.") % values
    return _("Fand statt: %(kind)s „%(title)s“.") % values


def _visited(room: str, number: str, day: str) -> str:
    month = date_format(day_of(day), "YEAR_MONTH_FORMAT")
    values = {"room": room, "number": number, "month": month}
    return _("Besuche im %(month)s in „%(room)s“: %(number)s.") % values


def _asked_for_counselling(audience: str) -> str:
    return _("Beratung angefragt (%(who)s).") % {"who": Audience(audience).label}


def _counselled(audience: str) -> str:
    return _("Beratung beendet (%(who)s).") % {"who": Audience(audience).label}


def _settled(company: str, status: str) -> str:
    values = {"company": company, "what": OfferStatus(status).label}
    return _("Angebot von „%(company)s“: %(what)s.") % values


CHANGED = Kind(_changed, ENTRY)
MADE = Kind(lambda title: _("Eintrag „%(title)s“ angelegt.") % {"title": title}, ENTRY)
DELETED = Kind(lambda title: _("Eintrag „%(title)s“ gelöscht.") % {"title": title})
CHANGE_PROPOSED = Kind(
    lambda title: _("Änderung per Link vorgeschlagen: „%(title)s“.") % {"title": title}, PROPOSAL
)
CHANGE_DECIDED = Kind(_decided, PROPOSAL)
PROPOSED = Kind(lambda: _("Hat sich selbst für das Verzeichnis vorgeschlagen."), NEW_ORGANISATION)
ACCEPTED = Kind(lambda: _("Der Vorschlag ist angenommen."), NEW_ORGANISATION)
KEPT_TRUE = Kind(_kept_true)
INVITED = Kind(lambda: _("Eingeladen, den Eintrag selbst zu pflegen."))
REMINDED = Kind(lambda: _("An die Einladung erinnert."))
OPENED = Kind(lambda: _("Hat die Einladung geöffnet."))
NOT_WANTED = Kind(lambda: _("Hat die Einladung abgelehnt."))
SURVEYED = Kind(
    lambda day: _("Nach der Zahl der Engagierten am %(day)s gefragt.") % {"day": _short(day)}
)
COUNTED = Kind(_counted)
ACCESS_WANTED = Kind(lambda: _("Jemand bittet um Zugang („Das sind wir“)."), ACCESS)
ACCESS_DECIDED = Kind(_access_decided, ACCESS)
COLLEAGUE_INVITED = Kind(
    lambda role: _("Jemand ist eingeladen (%(role)s).") % {"role": _role(role)}
)
CAME = Kind(_came)
WENT = Kind(_went)
WROTE_TO_MANY = Kind(
    lambda: _("Hat eine Nachricht an viele geschrieben."), "volunteers.GroupMessage"
)
COUNSELLING_ASKED = Kind(_asked_for_counselling, COUNSELLING)
COUNSELLING_OVER = Kind(_counselled, COUNSELLING)
OFFERED = Kind(lambda company: _("„%(company)s“ bietet etwas an.") % {"company": company}, OFFER)
OFFER_SETTLED = Kind(_settled, OFFER)
HELD = Kind(_held, EVENT)
RUNS = Kind(lambda room: _("Trägt ab jetzt den Raum „%(room)s“.") % {"room": room}, ROOM)
RAN = Kind(lambda room: _("Trägt den Raum „%(room)s“ nicht mehr.") % {"room": room}, ROOM)
VISITED = Kind(_visited, ROOM)
