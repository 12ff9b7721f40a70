"""Places for a group. Whoever counts them holds the locks of the entry and of the application."""

from django.utils.translation import gettext as _

from ..errors import GroupNotPossible, NoFreePlace
from ..models import Application
from ..models.statuses import TAKES_A_PLACE
from ..reads.joining import fits
from .locks import lock_application
from .moving import fill_free_place


def has_room(application: Application) -> bool:
    """Whether all for whom the application stands find a place at its entry."""
    return application.entry is None or fits(application.entry, application.people)


def require_room(application: Application) -> None:
    """Raise ``NoFreePlace`` where there are fewer free places than people."""
    if has_room(application):
        return
    if application.is_group:
        text = _("Für %(number)d Menschen sind nicht genug Plätze frei.")
        raise NoFreePlace(text % {"number": application.people})
    raise NoFreePlace


def hold_room(*, application: Application, people: int) -> None:
    """Lock the entry and the application until the caller's transaction ends, which then saves ``people``.

    Raises ``GroupNotPossible``.
    """
    application = lock_application(application)
    counted = were = application.people
    application.group_size = people
    _check_growth(application, were, counted)


def resized(*, application: Application, were: int) -> None:
    """The number of people was saved, and was ``were`` before: gives places to those who wait.

    Raises ``GroupNotPossible``; the caller undoes what it has saved.
    """
    if application.people == were:
        return
    application = lock_application(application)
    _check_growth(application, were, counted=application.people)
    if application.entry is not None and application.people < were and not application.is_closed:
        fill_free_place(application.entry)


def _check_growth(application: Application, were: int, counted: int) -> None:
    """``counted``: how many people of this application the database counts."""
    entry, people = application.entry, application.people
    if people <= were:
        return
    if were == 1 and application.tandems.alive().exists():
        raise GroupNotPossible(
            _("Zu dieser Anmeldung gibt es ein Tandem: Sie gilt für eine Person.")
        )
    if entry is None:
        return
    too_many = entry.places is not None and people > entry.places
    takes_places = application.status in TAKES_A_PLACE
    if too_many or (takes_places and not fits(entry, people - counted)):
        text = _(
            "Für so viele Menschen sind hier nicht genug Plätze frei. Angemeldet bisher: %(number)d."
        )
        raise GroupNotPossible(text % {"number": were})
