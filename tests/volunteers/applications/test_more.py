"""A sign-up for one offer asks little; „Mehr über Sie“ is told later, and nobody takes silence for an answer."""

import pytest
from django import forms
from django.core import mail
from django.test import Client
from django.urls import reverse

from programs.addresses import admin_path
from programs.history import PERSON_CHANGED, table_of
from tests import factories
from tests.crawling import Page
from volunteers.forms.pills import Pills
from volunteers.links import applications as application_links
from volunteers.lists.resources import ApplicationResource
from volunteers.models import Application, Volunteer
from volunteers.models.profile import ASKED
from volunteers.models.questions import Section

pytestmark = pytest.mark.django_db

TYPED = {"name": "Amina", "email": "amina@example.org", "age": "adult", "consent": "on"}
TOLD = {"languages": ["ar", "tr"], "weekdays": ["1"], "dayparts": ["evening"]}


@pytest.fixture
def cafe():
    factories.make_clearing_office()
    factories.make_district()
    return factories.make_entry("Sprachcafé")


def path_of(entry):
    return reverse("volunteers:sign_up_entry", args=[entry.slug])


def confirmed(application):
    path = "/" + application_links.confirm_url(application).split("/", 3)[3]
    assert Client().post(path).status_code == 302
    return Application.objects.get(pk=application.pk)


def signed_up(entry, **more):
    assert Client().post(path_of(entry), TYPED | more).status_code == 302
    return confirmed(Application.objects.get(entry=entry))


def more_path(application):
    return reverse("volunteers:more", args=[application_links.status_token(application)])


def asked_on(path):
    html = Client().get(path).text
    return {one.section for one in ASKED if f'name="{one.key}"' in html}


# --- Which occasion asks what -------------------------------------------------------------------


def test_sign_up_for_an_offer_asks_little(cafe):
    assert asked_on(path_of(cafe)) == {Section.FIRST, Section.LAST}
    form = Client().get(path_of(cafe)).context["form"]
    assert [one.name for one in form.required()] == ["name", "email", "preferred_language", "age"]
    assert [one.name for one in form.optional()] == ["phone", "message"]


@pytest.mark.slow
def test_more_is_asked_where_nothing_is_chosen_a_tandem_has_to_fit_or_somebody_wants_to_tell(cafe):
    tandems = factories.make_programme(makes_tandems=True)
    part_of_it = factories.make_entry("Patenschaft", part_of=tandems)
    all_of_it = {Section.FIRST, Section.MORE, Section.LAST}
    assert asked_on(reverse("volunteers:sign_up")) == {*all_of_it, Section.GROUP}
    for path in (
        path_of(tandems),
        path_of(part_of_it),
        path_of(cafe) + "?mehr",
    ):
        assert asked_on(path) == all_of_it, path


def test_short_form_opens_the_folded_part_when_something_is_in_it(cafe):
    closed = '<details class="more">'
    assert closed in Client().get(path_of(cafe)).text
    for wrong in ({"phone": "0711 2161"}, {"message": "x" * 3000}):
        answer = Client().post(path_of(cafe), wrong)
        assert answer.status_code == 422
        assert closed not in answer.text


def test_form_of_a_tandem_programme_is_short_and_folds_the_rest():
    factories.make_district()
    tandems = factories.make_programme(makes_tandems=True)
    page = Client().get(path_of(tandems))
    assert page.text.count('<details class="more">') == 2
    assert not page.context["form"].has_more()
    wrong = Client().post(path_of(tandems), TOLD)
    assert wrong.text.count('<details class="more" open>') == 1
    assert wrong.context["form"]["languages"].value() == ["ar", "tr"]


@pytest.mark.slow
def test_what_nobody_opened_is_no_answer_and_is_asked_later():
    factories.make_clearing_office()
    tandems = factories.make_programme(makes_tandems=True)
    client = Client()
    thanks = client.post(path_of(tandems), TYPED, follow=True)
    assert f"{path_of(tandems)}?aendern&amp;mehr" in thanks.text
    application = confirmed(Application.objects.get())
    assert not application.more_asked
    status = Client().get(application_links.status_path(application)).text
    assert more_path(application) in status


def test_what_was_told_in_the_folded_part_is_kept():
    factories.make_clearing_office()
    tandems = factories.make_programme(makes_tandems=True)
    application = signed_up(tandems, **TOLD)
    assert application.more_asked
    assert (application.languages, application.weekdays) == (["ar", "tr"], [1])


# --- Later --------------------------------------------------------------------------------------


def test_what_is_told_later_is_kept_in_the_history_and_counts_for_matching(cafe):
    application = signed_up(cafe)
    assert not application.more_asked
    status = application_links.status_path(application)
    assert more_path(application) in Client().get(status).text
    assert Client().post(more_path(application), TOLD).status_code == 302
    application.refresh_from_db()
    assert application.more_asked
    for record in (application, application.volunteer):
        assert (record.languages, record.weekdays) == (["ar", "tr"], [1])
    assert table_of(Application).objects.filter(pgh_label=PERSON_CHANGED).exists()
    page = Client().get(status).text
    assert "Arabisch, Türkisch" in page
    assert more_path(application) not in page


def test_page_begins_with_what_the_person_said_elsewhere_and_shares_nothing_before_it_is_sent(cafe):
    other = factories.make_entry("Begleitung")
    Client().post(path_of(other) + "?mehr", TYPED | TOLD)
    confirmed(Application.objects.get())
    application = signed_up(cafe)
    assert application.languages == []
    page = Client().get(more_path(application))
    assert page.context["form"]["languages"].value() == ["ar", "tr"]
    application.refresh_from_db()
    assert application.languages == []


@pytest.mark.slow
def test_short_sign_up_takes_nothing_away_from_what_is_known(cafe):
    other = factories.make_entry("Begleitung")
    Client().post(path_of(other) + "?mehr", TYPED | TOLD)
    confirmed(Application.objects.get())
    signed_up(cafe, phone="0711 2161")
    volunteer = Volunteer.objects.get()
    assert (volunteer.languages, volunteer.phone) == (["ar", "tr"], "0711 2161")


def test_thanks_page_offers_more_and_it_goes_into_the_same_application(cafe):
    client = Client()
    thanks = client.post(path_of(cafe), TYPED | {"phone": "0711 2161"}, follow=True)
    again = f"{path_of(cafe)}?aendern&amp;mehr"
    assert again in thanks.text
    form = client.get(again.replace("&amp;", "&")).context["form"]
    assert (form["name"].value(), form["phone"].value()) == ("Amina", "0711 2161")
    mails = len(mail.outbox)
    thanks = client.post(again.replace("&amp;", "&"), TYPED | TOLD, follow=True)
    assert "Mehr über Sie (freiwillig)" not in thanks.text
    application = Application.objects.get()
    assert application.more_asked
    assert application.languages == ["ar", "tr"]
    assert len(mail.outbox) == mails
    assert "&mehr" in client.get(thanks.request["PATH_INFO"]).context["outcome"].change.url


def test_thanks_page_of_the_general_form_offers_nothing_it_asked_already(cafe):
    thanks = Client().post(reverse("volunteers:sign_up"), TYPED, follow=True)
    assert "Mehr über Sie (freiwillig)" not in thanks.text


def test_sending_the_short_form_again_keeps_what_was_told(cafe):
    Client().post(path_of(cafe) + "?mehr", TYPED | TOLD)
    Client().post(path_of(cafe), TYPED)
    application = Application.objects.get()
    assert (application.languages, application.more_asked) == (["ar", "tr"], True)


@pytest.mark.slow
def test_closed_application_asks_nothing_more(cafe):
    application = signed_up(cafe)
    Client().post(
        reverse("volunteers:withdraw", args=[application_links.status_token(application)])
    )
    assert Client().get(more_path(application)).status_code == 302
    assert (
        more_path(application) not in Client().get(application_links.status_path(application)).text
    )


# --- Who reads it -------------------------------------------------------------------------------

NOT_ASKED = "wurden noch nicht gefragt"


@pytest.mark.slow
def test_coordinator_reads_that_it_was_not_asked_and_may_enter_it(cafe):
    application = signed_up(cafe)
    client = Client()
    client.force_login(factories.make_member(application.organisation).user)
    path = admin_path("volunteers.application", "change", application.pk)
    page = client.get(path)
    assert NOT_ASKED in page.text
    [form] = [one for one in Page(page.text).forms if "name" in dict(one.fields)]
    assert client.post(path, form.data(languages="ar", _save="1")).status_code == 302
    application.refresh_from_db()
    assert (application.languages, application.more_asked) == (["ar"], True)
    assert NOT_ASKED not in client.get(path).text


@pytest.mark.parametrize(("query", "said"), [("", "noch nicht gefragt"), ("?mehr", "gefragt")])
def test_list_says_whether_it_was_asked(cafe, query, said):
    Client().post(path_of(cafe) + query, TYPED)
    confirmed(Application.objects.get())
    user = factories.make_member(Application.objects.get().organisation).user
    headings, line = ApplicationResource(user).rows(Application.objects.all())
    assert dict(zip(headings, line, strict=True))["Sprachen, Orte, Zeiten"] == said


@pytest.mark.slow
def test_matching_says_that_it_was_not_asked(cafe):
    programme = factories.make_programme(makes_tandems=True)
    circle = programme.organisation
    request = factories.make_request("Samira", organisation=circle, programme=programme)
    factories.make_ready(circle, "Ida Gefragt", languages=["ti"])
    factories.make_ready(circle, "Udo Neu", languages=[], more_asked=False)
    client = Client()
    client.force_login(factories.make_member(circle).user)
    page = client.get(admin_path("volunteers.companionrequest", "fitting", request.pk)).text
    assert page.count("keine gemeinsame Sprache") == page.count("Sprachen noch nicht gefragt") == 1


# --- The choices --------------------------------------------------------------------------------


class Form(forms.Form):
    some = forms.MultipleChoiceField(
        choices=[(n, f"Nr. {n}") for n in range(5)], widget=Pills(shown=2), required=False
    )


@pytest.mark.parametrize(("chosen", "is_open"), [([], False), (["1"], False), (["4"], True)])
def test_less_usual_choices_are_folded_unless_one_is_chosen(chosen, is_open):
    html = str(Form({"some": chosen})["some"])
    assert html.count('type="checkbox"') == 5
    shown, folded = html.split("<details")
    assert (shown.count("checkbox"), folded.count("checkbox")) == (2, 3)
    assert "3 weitere anzeigen" in folded
    assert folded.split(">")[0].endswith(" open") is is_open
