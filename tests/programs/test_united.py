"""Rows of several queries as one query, whatever the parts are."""

import re

import pytest
from django.conf import settings

from portal.worklist import finding
from programs.models import Entry, Organisation
from programs.united import united
from tests import factories
from volunteers.models import Application, SecurityEvent, Volunteer

OF_SETS = re.compile(r"set(\[\w+\])?\(\)\.union\(")


@pytest.mark.django_db
@pytest.mark.parametrize("repeated", [True, False])
def test_parts_may_be_limited_or_empty(repeated):
    kept = factories.make_organisation("Bürgerhaus").pk
    factories.make_organisation("Nachbarschaft")
    keys = Organisation.objects.order_by("title").values_list("pk", flat=True)
    nothing = Entry.objects.values_list("pk", flat=True).none()
    for parts in (
        [keys[:1], nothing],
        [nothing, keys[:1]],
        [keys[:1]],
        [nothing, nothing, keys[:1]],
    ):
        assert list(united(*parts, repeated=repeated)) == [kept]
    assert list(united(nothing, nothing, repeated=repeated)) == []
    assert len(united(keys[:1], keys[:1], repeated=repeated)) == 1 + repeated


@pytest.mark.django_db
def test_order_of_the_first_model_is_not_asked_for():
    SecurityEvent.objects.create(kind="login")
    assert SecurityEvent._meta.ordering
    kinds = SecurityEvent.objects.values_list("kind", flat=True)
    rows = united(kinds, Entry.objects.values_list("slug", flat=True))
    assert list(rows) == ["login"]
    assert str(rows.query).rpartition(")")[2] == ""


@pytest.mark.django_db
def test_search_in_the_head_finds_what_is_there_beside_kinds_without_rows():
    volunteer = factories.make_volunteer()
    found = finding._hits([Application.objects.none(), Volunteer.objects.all()])
    assert [one.pk for one in found[1]] == [volunteer.pk]


def test_nobody_else_unites_queries():
    folders = ("portal", "programs", "volunteers", "welcome_rooms")
    modules = [path for one in folders for path in (settings.BASE_DIR / one).rglob("*.py")]
    uniting = {one.name for one in modules if ".union(" in OF_SETS.sub("", one.read_text("utf-8"))}
    assert uniting == {"united.py"}
