"""The pages on which staff find what is double, compare and merge."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import DifferentPair, Membership, Organisation
from tests import factories

pytestmark = pytest.mark.django_db

LIST = reverse("admin:programs_organisation_doubles")


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def kept(office):
    return factories.make_circle("Freundeskreis Süd", department=office, summary="Wir helfen.")


@pytest.fixture
def merged(office):
    return factories.make_circle("Freundeskreis Sued", department=office, summary="Wir auch.")


@pytest.fixture
def client(office):
    """Sabine works at the Sozialamt, which looks after both."""
    client = Client()
    client.force_login(factories.make_member(office, role=Membership.Role.STAFF).user)
    return client


def merge_url(kept, merged):
    return reverse("admin:programs_organisation_merge", args=[kept.pk, merged.pk])


def sent(client, url, **chosen):
    """Send the page as a browser would, with the proposals, and with ``chosen`` instead."""
    form = client.get(url).context["form"]
    data = {name: field.initial for name, field in form.fields.items()}
    data["seen"] = form.comparison.fingerprint
    return client.post(url, data | chosen)


@pytest.mark.slow
def test_the_list_of_organisations_leads_to_what_is_double_and_on_to_merging(client, kept, merged):
    page = client.get(reverse("admin:programs_organisation_changelist")).content.decode()
    assert LIST in page

    page = client.get(LIST).content.decode()
    assert kept.title in page
    assert merged.title in page
    assert merge_url(kept, merged) in page

    page = client.get(reverse("admin:programs_organisation_change", args=[merged.pk]))
    doubles_of = reverse("admin:programs_organisation_doubles_of", args=[merged.pk])
    assert doubles_of in page.content.decode()
    assert merge_url(merged, kept) in client.get(doubles_of).content.decode()


@pytest.mark.slow
def test_whoever_may_not_merge_is_not_offered_it(kept):
    client = Client()
    client.force_login(factories.make_member(kept).user)

    for page in ("changelist", "change"):
        args = [kept.pk] if page == "change" else []
        response = client.get(reverse(f"admin:programs_organisation_{page}", args=args))
        assert response.status_code == 200
        assert "oppelt" not in response.content.decode()


def test_organisations_of_another_department_are_not_compared(client, kept):
    foreign = factories.make_circle("Freundeskreis Süd")

    assert foreign.get_absolute_url() not in client.get(LIST).content.decode()
    assert client.get(merge_url(kept, foreign)).status_code == 404
    assert client.get(merge_url(foreign, kept)).status_code == 404


def test_any_two_can_be_compared_by_searching_for_the_name(client, kept):
    other = factories.make_initiative("Sprachcafé", department=kept.department)
    url = reverse("admin:programs_organisation_doubles_of", args=[kept.pk])

    assert merge_url(kept, other) in client.get(url, {"q": "sprachcafe"}).content.decode()
    assert "ist nichts zu finden" in client.get(url, {"q": "<b>\x00"}).content.decode()


@pytest.mark.slow
def test_the_chosen_values_are_kept_and_everything_moves(client, kept, merged):
    factories.make_entry("Begleitung", organisation=merged)

    page = client.get(merge_url(kept, merged)).content.decode()
    assert "1 × Einträge" in page
    response = sent(client, merge_url(kept, merged), summary="merged", title="kept")

    assert response["Location"] == reverse("admin:programs_organisation_change", args=[kept.pk])
    kept.refresh_from_db()
    assert (kept.title, kept.summary) == ("Freundeskreis Süd", "Wir auch.")
    assert kept.entries.get().title == "Begleitung"
    assert not Organisation.objects.filter(pk=merged.pk).exists()


@pytest.mark.slow
def test_a_second_click_says_that_it_is_done(client, kept, merged):
    url = merge_url(kept, merged)
    sent(client, url)

    response = client.post(url, follow=True)
    assert response.redirect_chain == [
        (reverse("admin:programs_organisation_change", args=[kept.pk]), 302)
    ]
    assert "Diese beiden sind schon zusammengeführt." in response.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("value", ["", "both", "<script>", "9" * 5000])
def test_a_tampered_choice_is_refused(value, client, kept, merged):
    response = sent(client, merge_url(kept, merged), title=value)

    assert response.status_code == 422
    assert Organisation.objects.filter(pk=merged.pk).exists()


@pytest.mark.slow
def test_what_somebody_changed_meanwhile_is_shown_before_it_is_merged(client, kept, merged):
    url = merge_url(kept, merged)
    form = client.get(url).context["form"]
    data = {name: field.initial for name, field in form.fields.items()}
    data |= {"seen": form.comparison.fingerprint, "summary": "merged"}
    Organisation.objects.filter(pk=merged.pk).update(summary="Ganz neu.")

    response = client.post(url, data)

    page = response.content.decode()
    assert response.status_code == 422
    assert "inzwischen geändert" in page
    assert "Ganz neu." in page
    assert re.search(r'name="summary" value="merged"[^>]*checked', page)
    assert client.post(url, data | {"seen": response.context["seen"]}).status_code == 302
    kept.refresh_from_db()
    assert kept.summary == "Ganz neu."


@pytest.mark.slow
def test_what_may_not_be_merged_is_said_before_anything_is_filled_in(client, office, kept):
    assert (
        "Menschen, die sich an die andere gewandt haben"
        in client.get(merge_url(kept, office)).content.decode()
        or "Clearingstelle" in client.get(merge_url(kept, office)).content.decode()
    )
    page = client.get(merge_url(office, kept)).content.decode()
    assert "Nur für eine der beiden beantworten Sie Anmeldungen." in page
    assert 'name="seen"' not in page


@pytest.mark.slow
def test_two_that_are_different_are_not_listed_again(client, kept, merged):
    url = reverse("admin:programs_organisation_different", args=[merged.pk, kept.pk])
    for _click in range(2):
        assert client.post(url)["Location"] == LIST

    assert DifferentPair.objects.count() == 1
    assert kept.title not in client.get(LIST).content.decode()
    assert client.get(merge_url(kept, merged)).status_code == 200


def test_an_organisation_is_not_different_from_itself(client, kept):
    url = reverse("admin:programs_organisation_different", args=[kept.pk, kept.pk])

    assert client.post(url).status_code == 404
    assert client.get(merge_url(kept, kept)).status_code == 404


@pytest.mark.slow
def test_more_pairs_take_no_more_queries(client, office):
    def queries(number):
        for n in range(number):
            for title in (f"Café {n} Welt", f"Cafe {n} Welt"):
                district = factories.make_district()
                factories.make_circle(title, department=office, districts=[district])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    assert queries(1) == queries(15)
