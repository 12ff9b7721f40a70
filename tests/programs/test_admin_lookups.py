"""The query string of a list may only use declared lookups, never other relations of its rows."""

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.house.test_access import people  # noqa: F401  fixture

pytestmark = pytest.mark.django_db

ROLES = ("coo", "dpt", "dep", "for", "soz", "rep", "adm")
LOOKUPS = ("", "__exact", "__in", "__lt", "__isnull", "__pk__gt")


def lists():
    """Model and URL of every list of the admin."""
    for model in admin.site._registry:
        yield model, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def relations_of(model: type[models.Model]) -> list[str]:
    """Relations in both directions."""
    return sorted(field.name for field in model._meta.get_fields() if field.is_relation)


def declared_by(model: type[models.Model]) -> set[str]:
    model_admin = admin.site._registry[model]
    return {*model_admin.linked_lookups, *model_admin._declared_lookups(None)}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_list_answers_about_what_hangs_on_its_rows(people, role):  # noqa: F811
    client = Client()
    client.force_login(people[role])
    asked = 0
    for model, address in lists():
        if client.get(address).status_code != 200:
            continue  # this role does not see the list
        for relation in relations_of(model):
            response = client.get(address, {relation: "1"})
            assert response.status_code == 400, f"{address}?{relation}=1"
            asked += 1
    assert asked > 50


def test_only_declared_lookups_are_allowed():
    """For every list, every column and relation, with several lookups."""
    asked = 0
    for model, _address in lists():
        names = {field.name for field in model._meta.get_fields()}
        questions = {f"{name}{lookup}" for name in names for lookup in LOOKUPS}
        for question in questions - declared_by(model):
            assert not admin.site._registry[model].lookup_allowed(question, "1")
            asked += 1
    assert asked > 1000


@pytest.mark.parametrize(
    ("address", "question"),
    [
        ("programs_district", "companion_requests"),
        ("programs_district", "volunteers"),
        ("programs_organisation", "conduct_checks"),
        ("programs_event", "registrations"),
        ("volunteers_application", "volunteer"),
        ("volunteers_application", "volunteer__lt"),
    ],
)
def test_nobody_learns_who_hangs_on_a_row(people, address, question):  # noqa: F811
    client = Client()
    client.force_login(people["dep"])
    url = reverse(f"admin:{address}_changelist")
    answers = {client.get(url, {question: str(number)}).status_code for number in (1, 58, 10**9)}
    assert answers == {400}


@pytest.mark.long
@pytest.mark.slow
def test_declared_filters_work(people):  # noqa: F811
    """Every filter that a list shows works."""
    client = Client()
    client.force_login(people["adm"])
    followed = 0
    for _model, address in lists():
        response = client.get(address)
        if response.status_code != 200:
            continue
        changelist = response.context["cl"]
        for spec in changelist.filter_specs:
            for choice in spec.choices(changelist):
                if "query_string" in choice:
                    assert client.get(address + choice["query_string"]).status_code == 200
                    followed += 1
    assert followed > 40
