"""„Einrichten“: each step saves, can be left and taken up again, and nothing is public without a click."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from portal.directory import set_up
from portal.worklist import open_points
from programs.addresses import admin_path
from programs.models import Membership, Opportunity, OpportunityTemplate
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.services import invitations

pytestmark = pytest.mark.django_db

OFFER = {
    "title": "Im Sprachcafé Gastgeberin sein",
    "summary": "Sie reden mit den Gästen.",
    "description": "Komm dazu.",
}


@pytest.fixture
def circle():
    office = factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach", department=office)


@pytest.fixture
def member(circle):
    return factories.make_member(circle, set_up_step=1)


@pytest.fixture
def logged_in(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def template():
    field = factories.make_field(slug="sprache")
    made = factories.make_template(slug="sprachcafe", time_note="Zwei Stunden in der Woche")
    made.fields.add(field)
    return made


def page_of(circle, step):
    return admin_path(circle, "set_up_step", step)


def offer_page(circle, template):
    return admin_path(circle, "set_up_offer", template.slug)


def shown(page):
    """What a browser would send back: the form's own values, with what the page showed."""
    form = page.context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            sent |= {field.html_name: "on"} if value else {}
        else:
            sent[field.html_name] = "" if value is None else value
        if field.field.show_hidden_initial:
            sent[field.html_initial_name] = "" if value is None else value
    return sent


@pytest.mark.parametrize("role", ["coordinator", "staff"])
def test_whoever_is_the_first_to_coordinate_is_led_through_it(circle, role):
    invitation = factories.make_invitation(circle, role=role)
    member = invitations.accept_invitation(public_id=invitation.public_id)
    assert member.set_up_step == (1 if role == "coordinator" else None)


def test_whoever_comes_later_has_nothing_to_set_up(circle, member):
    invitation = factories.make_invitation(circle)
    assert invitations.accept_invitation(public_id=invitation.public_id).set_up_step is None


def test_the_login_and_the_start_page_lead_there(logged_in, member, circle, rf):
    from volunteers.accounts.adapters import AccountAdapter

    request = rf.get("/")
    request.user = member.user
    assert AccountAdapter().get_login_redirect_url(request) == admin_path(circle, "set_up")
    tile = next(one for one in open_points(member.user) if "Einrichten" in one.label)
    assert tile.url == admin_path(circle, "set_up")
    Membership.objects.update(set_up_step=None)
    assert AccountAdapter().get_login_redirect_url(request) == reverse("admin:index")
    assert not [one for one in open_points(member.user) if "Einrichten" in one.label]


def test_each_step_saves_and_goes_on_where_one_left(logged_in, member, circle):
    start = admin_path(circle, "set_up")
    assert logged_in.get(start)["Location"] == page_of(circle, "kontakt")
    typed = shown(logged_in.get(page_of(circle, "kontakt")))
    answer = logged_in.post(
        page_of(circle, "kontakt"), typed | {"contact_role": "Koordination", "phone": "0711 99"}
    )
    assert answer["Location"] == page_of(circle, "treffen")
    circle.refresh_from_db()
    assert (circle.contact_role, circle.phone) == ("Koordination", "0711 99")
    assert logged_in.get(start)["Location"] == page_of(circle, "treffen")  # on another day

    typed = shown(logged_in.get(page_of(circle, "treffen")))
    logged_in.post(page_of(circle, "treffen"), typed | {"weekdays": ["1"], "dayparts": ["evening"]})
    circle.refresh_from_db()
    assert (circle.weekdays, circle.dayparts) == ([1], ["evening"])
    logged_in.post(page_of(circle, "kontakt"), shown(logged_in.get(page_of(circle, "kontakt"))))
    member.refresh_from_db()
    assert member.set_up_step == 3  # going back loses no step


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("kontakt", {"phone": "ruf an"}),
        ("kontakt", {"website": "javascript:alert(1)"}),
        ("kontakt", {"contact_role": "x" * 500}),
        ("treffen", {"weekdays": ["9"]}),
        ("wen", {"summary": "x" * 301}),
        ("sprachen", {"languages": ["klingonisch"]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(logged_in, member, circle, step, typed):
    before = shown(logged_in.get(page_of(circle, step)))
    page = logged_in.post(page_of(circle, step), before | typed)
    assert page.status_code == 422
    member.refresh_from_db()
    assert member.set_up_step == 1


def test_a_colleague_who_changed_it_meanwhile_is_not_overwritten(logged_in, circle):
    before = shown(logged_in.get(page_of(circle, "kontakt")))
    type(circle).objects.filter(pk=circle.pk).update(phone="0711 77")
    logged_in.post(page_of(circle, "kontakt"), before | {"contact_role": "Koordination"})
    circle.refresh_from_db()
    assert (circle.contact_role, circle.phone) == ("Koordination", "0711 77")


def test_an_opportunity_from_a_template_is_public_after_the_click(logged_in, circle, template):
    page = logged_in.get(offer_page(circle, template))
    assert "Sie begrüßen die Gäste" in page.text
    typed = shown(page) | {"summary": "Mit unseren Worten."}
    answer = logged_in.post(offer_page(circle, template), typed | {"publish": "1"})
    assert answer["Location"] == page_of(circle, "fertig")
    made = Opportunity.objects.get()
    assert (made.organisation, made.summary) == (circle, "Mit unseren Worten.")
    assert made.confirmed_on == timezone.localdate()
    assert [field.slug for field in made.fields.all()] == ["sprache"]
    assert logged_in.get(made.get_absolute_url()).status_code == 200
    template.refresh_from_db()
    assert "begrüßen" in template.summary  # the template stays as it was


def test_only_saved_it_is_seen_by_nobody(logged_in, client, circle, template):
    logged_in.post(offer_page(circle, template), OFFER)
    made = Opportunity.objects.get()
    assert not made.is_published
    assert made.title not in client.get(reverse("portal:catalogue")).text
    assert "noch nicht veröffentlicht" in logged_in.get(page_of(circle, "fertig")).text
    assert LogEntry.objects.filter(object_id=str(made.pk)).exists()


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 161}, {"summary": ""}, {"title": "a\x00b"}]
)
def test_an_unfriendly_opportunity_is_not_stored(logged_in, circle, template, wrong):
    page = logged_in.post(offer_page(circle, template), OFFER | wrong)
    assert page.status_code == 422
    assert not Opportunity.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_double_click_makes_one_opportunity(circle, template):
    def make():
        form = set_up.OfferForm(OFFER)
        assert form.is_valid()
        return set_up.make_opportunity(
            organisation=circle, form=form, template=template, publish=True
        )

    made = at_once(make, make)
    assert Opportunity.objects.count() == 1
    assert sorted(is_new for _one, is_new in made) == [False, True]


def test_the_last_click_confirms_the_entry_and_ends_the_set_up(logged_in, member, circle):
    assert not circle.confirmed_on
    logged_in.get(page_of(circle, "fertig"))
    circle.refresh_from_db()
    assert not circle.confirmed_on  # looking confirms nothing
    logged_in.post(page_of(circle, "fertig"))
    circle.refresh_from_db()
    member.refresh_from_db()
    assert circle.confirmed_on == timezone.localdate()
    assert member.set_up_step is None


def test_somebody_of_another_organisation_finds_nothing(client, circle, template):
    client.force_login(factories.make_member(factories.make_circle("Anderswo")).user)
    for url in (page_of(circle, "kontakt"), offer_page(circle, template)):
        assert client.get(url).status_code == 404
        assert client.post(url, OFFER).status_code == 404
    assert not Opportunity.objects.exists()


def test_unknown_steps_and_templates_are_not_found(logged_in, circle):
    assert logged_in.get(page_of(circle, "gibtsnicht")).status_code == 404
    url = admin_path(circle, "set_up_offer", "gibtsnicht")
    assert logged_in.get(url).status_code == 404


@pytest.mark.slow
def test_the_starting_data_bring_templates_that_fit_the_form(circle):
    from django.core.management import call_command

    call_command("load_reference", verbosity=0)
    templates = list(OpportunityTemplate.objects.prefetch_related("fields"))
    assert len(templates) >= 6
    for one in templates:
        form = set_up.OfferForm(set_up.words_of(one, circle))
        assert form.is_valid(), (one, form.errors)
        assert one.fields.exists()
