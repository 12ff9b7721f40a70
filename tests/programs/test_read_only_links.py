"""A relation that is only shown is a link for those who may open its target, and plain text for all others."""

import re
from contextlib import suppress

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse

from programs.admin.base import ScopedModelAdmin
from tests import factories
from tests.house.test_access import MEMBERS, arguments, people  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="(/verwaltung/[^"]+)">')
READ_ONLY = re.compile(
    r'<div class="readonly">(.*?)</div>|<td class="field-[^"]*">\s*<p>(.*?)</p>', re.DOTALL
)


def read_only_links(page):
    found = [" ".join(parts) for parts in READ_ONLY.findall(page)]
    return {link for cell in found for link in LINK.findall(cell)}


def change_pages(user):
    """The path of the first record of each kind that ``user`` may open."""
    request = RequestFactory().get("/")
    request.user = user
    for model, shown in admin.site._registry.items():
        first = shown.get_queryset(request).first()
        with suppress(Http404):
            first = first and shown.get_object(request, quote(first.pk))
            if first is None or not shown.has_view_or_change_permission(request, first):
                continue
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            yield reverse(name, args=[first.pk])


def test_every_admin_has_the_rule():
    assert admin.site._registry
    assert all(isinstance(one, ScopedModelAdmin) for one in admin.site._registry.values())


@pytest.mark.slow
@pytest.mark.parametrize("role", [*MEMBERS, "adm"])
def test_each_role_gets_only_links_that_open(people, arguments, role):  # noqa: F811
    client = Client()
    client.force_login(people[role])
    pages = list(change_pages(people[role]))
    assert pages or role == "tra"  # translators have pages of their own only
    visited = 0
    for path in pages:
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        for link in read_only_links(answer.content.decode()):
            assert client.get(link, follow=True).status_code == 200, (path, link)
            visited += 1
    assert visited or role != "adm"


@pytest.fixture
def circle():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def request_noted(circle):
    by = factories.make_member(circle).user
    return factories.make_request("Amina", organisation=circle, entered_by=by)


def test_account_is_text_for_staff_and_a_link_for_the_portal_administration(
    client, circle, request_noted
):
    path = reverse("admin:volunteers_companionrequest_change", args=[request_noted.pk])
    account = reverse("admin:volunteers_user_change", args=[request_noted.entered_by_id])
    client.force_login(factories.make_member(circle).user)
    page = client.get(path).content.decode()
    assert str(request_noted.entered_by) in page
    assert account not in page
    client.force_login(factories.make_user("adm@example.org", is_superuser=True))
    assert account in read_only_links(client.get(path).content.decode())


def test_record_of_another_organisation_is_text(client, circle):
    """One may see the relation's text without being allowed to open the record itself."""
    department = factories.make_organisation("Abteilung", type="office")
    foreign = factories.make_programme("Eltern", organisation=department, is_published=False)
    own = factories.make_request("Amina", organisation=circle, programme=foreign)
    client.force_login(factories.make_member(circle).user)
    path = reverse("admin:volunteers_companionrequest_change", args=[own.pk])
    page = client.get(path).content.decode()
    assert "Eltern" in page
    assert reverse("admin:programs_programme_change", args=[foreign.pk]) not in page


@pytest.mark.slow
def test_programme_says_in_its_form_whether_it_makes_tandems(client, circle):
    programme = factories.make_programme(organisation=circle)
    client.force_login(factories.make_member(circle).user)
    path = reverse("admin:programs_programme_change", args=[programme.pk])
    page = client.get(path).content.decode()
    assert 'name="makes_tandems"' in page
    assert "Dann können Neuzugewanderte hier um eine Begleitung bitten." in page
