"""Every personal field of the portal is in the register once, with the lookup to its person."""

from collections import Counter
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldError
from django.db import models
from django.test.utils import isolate_apps

from volunteers.models import RateCount
from volunteers.privacy import disclosure, impersonal
from volunteers.privacy.register import OWNED_BY, PROCESSINGS

Named = set[tuple[str, str]]


def label_of(model: type[models.Model]) -> str:
    return model._meta.label


def personal_models() -> list[type[models.Model]]:
    """All models, without the automatic ones of many-to-many fields."""
    return [model for model in apps.get_models() if not model._meta.proxy]


def fields_of(model: type[models.Model]) -> Iterable[str]:
    """Columns and many-to-many fields that the model itself declares, not those of its parents."""
    return [field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)]


def in_the_register() -> list[tuple[str, str]]:
    return [
        (model, name)
        for processing in PROCESSINGS
        for model, names in processing.fields.items()
        for name in names
    ]


def declared_impersonal() -> list[tuple[str, str]]:
    return [(model, name) for model, names in impersonal.FIELDS.items() for name in names]


def undecided(all_models: Iterable[type[models.Model]]) -> Named:
    """Fields that are neither in the register nor impersonal."""
    decided = {*in_the_register(), *declared_impersonal()}
    return {
        (label_of(model), name)
        for model in all_models
        if label_of(model) not in impersonal.MODELS
        for name in fields_of(model)
    } - decided


SAME_IN_GERMAN = {"Filter", "Name", "Organisation", "Status", "Tandem", "Text", "UID"}
"""Labels that look like the name of their field but are German."""


def test_every_field_in_the_register_has_a_german_label() -> None:
    own_data = [
        (model, field, disclosure.label_of(field))
        for model, name in in_the_register()
        if apps.get_model(model) not in {RateCount, Session}  # disclosed to nobody
        for field in [apps.get_model(model)._meta.get_field(name)]
    ]
    assert len(own_data) > 100
    from_the_name = [
        (model, label)
        for model, field, label in own_data
        if label.lower() == field.name.replace("_", " ").lower() and label not in SAME_IN_GERMAN
    ]
    assert from_the_name == []


def test_every_field_is_in_the_register_or_declared_impersonal() -> None:
    assert len(personal_models()) > 30
    assert undecided(personal_models()) == set()


@isolate_apps("volunteers")
def test_a_model_that_gains_a_field_is_noticed() -> None:
    class ShoeSize(models.Model):
        size = models.IntegerField()
        friends = models.ManyToManyField("volunteers.Volunteer")

        class Meta:
            app_label = "invented"

        def __str__(self) -> str:
            return str(self.size)

    assert undecided([ShoeSize]) == {
        ("invented.ShoeSize", name) for name in ("id", "size", "friends")
    }


def test_no_field_stands_in_two_places() -> None:
    named = Counter([*in_the_register(), *declared_impersonal()])
    assert [one for one, count in named.items() if count > 1] == []
    assert {model for model, _ in named} & set(impersonal.MODELS) == set()


def test_the_register_names_only_what_there_is() -> None:
    for model in impersonal.MODELS:
        apps.get_model(model)
    for model, name in (*in_the_register(), *declared_impersonal()):
        assert name in fields_of(apps.get_model(model)), f"{model}.{name}"


def test_the_rows_of_one_person_are_found() -> None:
    """Each lookup is valid and leads to a mail address."""
    for processing in PROCESSINGS:
        assert set(processing.owned_by) == set(processing.fields), processing.key
    for model, lookups in OWNED_BY.items():
        for lookup in lookups:
            value: object = "nobody@example.org"
            if lookup.endswith("__contains"):
                value = [value]
            apps.get_model(model)._default_manager.filter(**{lookup: value}).query.sql_with_params()
            assert "email" in lookup or "recipients" in lookup


def test_a_wrong_lookup_is_noticed() -> None:
    with pytest.raises(FieldError):
        apps.get_model("volunteers.Message")._default_manager.filter(volunteer__email="x")


def test_every_activity_says_all_that_the_law_asks_for() -> None:
    keys = [processing.key for processing in PROCESSINGS]
    assert len(keys) == len(set(keys)) >= 15
    for processing in PROCESSINGS:
        for text in ("title", "what", "purpose", "basis", "seen_by"):
            assert str(getattr(processing, text)).strip(), (processing.key, text)
        assert processing.kept_until, processing.key
        assert all(processing.kept_until), processing.key
        assert processing.fields, processing.key
