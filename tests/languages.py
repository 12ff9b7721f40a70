"""People who read another language than German."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps

from volunteers.models.reading import ReadsMixin


@contextmanager
def everybody_reads(language: str) -> Iterator[None]:
    """Records of people that are made meanwhile say that they read ``language``."""
    models = [one for one in apps.get_models() if issubclass(one, ReadsMixin)]
    fields = [one._meta.get_field("preferred_language") for one in models]
    assert len(fields) > 8
    before = [field.default for field in fields]
    for field in fields:
        field.default = language
    try:
        yield
    finally:
        for field, default in zip(fields, before, strict=True):
            field.default = default
