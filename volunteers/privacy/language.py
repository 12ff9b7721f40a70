"""The language in which the portal writes to a person, changed once for everything that it keeps."""

from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction
from django.utils import translation

from ..models.reading import known_language
from ..reads.languages import records_with_language
from ..reads.persons import Person, person_of
from ..services.answers import Answers
from ..services.locks import lock_all


def write_in(*, person: Person, language: str) -> None:
    """From now on every mail to the person is in ``language``, whatever it is about.

    Locks in the order of ``correcting.py``.
    """
    with transaction.atomic():
        for records in records_with_language(person):
            numbers = [one.pk for one in lock_all(records)]
            changed = records.model._default_manager.filter(pk__in=numbers)
            changed.exclude(preferred_language=language).update(
                preferred_language=known_language(language)
            )


def follow(record: Any, answers: Answers) -> AbstractContextManager[None]:
    """Whoever changes the language of one record means all; inside, the next page is in that language."""
    language = known_language(answers["preferred_language"])
    write_in(person=person_of(record), language=language)
    return translation.override(language)
