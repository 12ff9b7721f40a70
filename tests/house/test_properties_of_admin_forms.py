"""Forms of the admin: any input gets a response, and no record of others is accepted."""

from urllib.parse import urlencode, urljoin

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.models import Organisation
from tests import factories
from tests.crawling import Form, Page
from tests.house.test_properties import VALUES, calm, coordinator, look_at, texts  # noqa: F401  fixture

pytestmark = pytest.mark.django_db

SENT = {200, 302, 400, 403, 404, 409, 410, 422}


@pytest.fixture
def administrator(coordinator):  # noqa: F811  for its records
    client = Client()
    client.force_login(factories.make_user("adm@example.org", is_superuser=True))
    return client


def pages_with_forms(client: Client) -> list[str]:
    """The add page, and the page of one record, of every model that the role may see."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = client.get(reverse(f"{name}_changelist"))
        if listed.status_code != 200:
            continue
        records = [link for link in Page(listed.text).links if link.endswith("/change/")]
        found += [reverse(f"{name}_add"), *records[:1]]
    return [urljoin(reverse("admin:index"), one) for one in found]


def forms_of(client: Client) -> list[tuple[str, Form]]:
    found = []
    for url in pages_with_forms(client):
        page = client.get(url)
        if page.status_code != 200:
            continue
        for form in Page(page.text).forms:
            target = urljoin(url, form.action or url)
            if form.method == "post" and form.fields and "abmelden" not in target:
                found.append((target, form))
    return found


def send_anything(client: Client, target: str, form: Form) -> int:
    """Send any text or number in some of the form's fields, with rollback. Returns how often."""
    names = sorted({name for name, _value in form.fields} - {"csrfmiddlewaretoken"})
    sent = []

    @settings(calm, max_examples=3)
    @given(typed=st.dictionaries(st.sampled_from(names), st.one_of(texts, VALUES), max_size=6))
    def answers(typed):
        body = urlencode(form.data(**typed), doseq=True, errors="replace")
        with transaction.atomic():
            kind = "application/x-www-form-urlencoded"
            look_at(client.post(target, body, content_type=kind), SENT)
            transaction.set_rollback(True)
        sent.append(target)

    answers()
    return len(sent)


@pytest.mark.slow
@pytest.mark.parametrize(("who", "least"), [("coordinator", 20), ("administrator", 60)])
def test_forms_of_the_administration_answer_whatever_is_sent(who, least, request):
    client = request.getfixturevalue(who)
    forms = [one for one in forms_of(client) if any(n for n, _v in one[1].fields if n[0] != "c")]
    assert sum(send_anything(client, target, form) for target, form in forms) >= least


@pytest.mark.slow
def test_nothing_of_others_is_chosen_in_any_form(coordinator):  # noqa: F811
    """Primary keys of foreign organisations are refused, and nothing is written."""
    foreign = Organisation.objects.get(slug="other")
    tried = 0
    for target, form in forms_of(coordinator):
        for name in {name for name, _v in form.fields if name.split("-")[-1] == "organisation"}:
            with transaction.atomic():
                before = owned(foreign)
                answer = coordinator.post(target, form.data(**{name: str(foreign.pk)}))
                assert answer.status_code in SENT - {302} or owned(foreign) == before
                assert owned(foreign) == before
                transaction.set_rollback(True)
            tried += 1
    assert tried >= 2


def owned(organisation: Organisation) -> list[int]:
    """How many records of each kind an organisation has."""
    relations = organisation._meta.related_objects
    return [
        relation.related_model._default_manager.filter(
            **{relation.field.name: organisation}
        ).count()
        for relation in relations
        if relation.field.name == "organisation"
    ]
