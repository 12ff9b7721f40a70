"""The register of every personal field of the portal (Art. 30 GDPR).

The table on the privacy page, the texts of the retention rules, the download of one's own data and
the deletion all use it. ``tests/volunteers/privacy/test_privacy_register.py`` fails when a model
gains a field that is neither here nor declared impersonal.

Purposes and legal bases are proposals: the city's lawyers and its data protection officer confirm
them.
"""

from collections import defaultdict
from collections.abc import Mapping

from .of_counselling import COOPERATION, COUNSELLING
from .of_directory import DIRECTORY
from .of_lists import OF_LISTS
from .of_newsletter import NEWSLETTER, SAVED_SEARCHES
from .of_operation import OF_OPERATION
from .of_people import OF_PEOPLE
from .of_safety import OF_SAFETY
from .processing import Processing, Whose

__all__ = ["OWNED_BY", "PROCESSINGS", "Processing", "Whose", "by_whose", "owned_by"]

PROCESSINGS: tuple[Processing, ...] = (
    *OF_PEOPLE,
    COUNSELLING,
    COOPERATION,
    *OF_SAFETY,
    NEWSLETTER,
    SAVED_SEARCHES,
    DIRECTORY,
    *OF_OPERATION,
    *OF_LISTS,
)


def owned_by(processings: tuple[Processing, ...]) -> Mapping[str, tuple[str, ...]]:
    """For each model: the lookups from its rows to mail addresses, from all these activities."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for processing in processings:
        for model, lookups in processing.owned_by.items():
            found[model] += lookups
    return dict(found)


OWNED_BY = owned_by(PROCESSINGS)
"""Model → lookups from its rows to a mail address, such as ``application__email``.

The activities ``handling`` and ``logs`` find the people who did something, all others the people
whom a row is about. A model without any lookup cannot be searched by person (sessions, counts, sent
reminders).
"""


def by_whose() -> list[tuple[Whose, list[Processing]]]:
    """The register in the order of the privacy page."""
    return [(whose, [one for one in PROCESSINGS if one.whose == whose]) for whose in Whose]
