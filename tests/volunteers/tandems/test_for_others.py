"""Requests for children and for others: who asks, who says yes, and who sees what."""

import datetime
import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.people import mailbox
from volunteers.errors import TransitionNotAllowed
from volunteers.links import people as person_links
from volunteers.links import tandems as tandem_links
from volunteers.matching import suggestions
from volunteers.models import Asker, CompanionRequest, Consent
from volunteers.models.companions import Side
from volunteers.notifications import first_weeks as first_week_mails
from volunteers.notifications import requests as request_mails
from volunteers.notifications import tandems as tandem_mails
from volunteers.privacy import erasing, retention
from volunteers.reads import persons
from volunteers.reads.tandems import contact_for, facts_for
from volunteers.services import ending, guardians, requests, tandems
from volunteers.services.guardians import Agreement

pytestmark = pytest.mark.django_db

MOTHER = "أمينة الحسن"
CHILD = {
    "asked_for": "child",
    "child_name": "Mira",
    "age_group": "10-13",
    "name": "Amina Hassan",
    "email": "amina@example.org",
    "languages": ["ar"],
    "wish": "",
    "consent": "on",
}
PUPIL = {
    "asked_for": "cared",
    "child_name": "Navid",
    "age_group": "14-17",
    "guardian_name": "Amina Hassan",
    "guardian_email": "amina@example.org",
    "guardian_phone": "",
    "preferred_language": "ar",
    "name": "Petra Krüger",
    "place": "Rosensteinschule",
    "email": "krueger@schule.example",
    "tell_asker": "on",
    "languages": ["ar", "de"],
    "wish": "",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def programme():
    circle = factories.make_circle(department=factories.make_clearing_office())
    factories.make_member(circle)
    return factories.make_programme(organisation=circle, makes_tandems=True)


@pytest.fixture
def coordinator(programme):
    return programme.organisation.memberships.get().user


def ask(client, form, **changes):
    answer = client.post(reverse("volunteers:companion"), {**form, **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    return CompanionRequest.objects.order_by("pk").last()


def path_in(message, view):
    """The link to this page, in whatever language the mail is."""
    start = reverse(f"volunteers:{view}", args=["x"]).removesuffix("x/")
    found = re.search(rf"https?://[^/\s]+((?:/[a-z]+)?{re.escape(start)}\S+)", message.body)
    assert found is not None, message.body
    return found[1]


def handed_in(client, **changes):
    """A teacher has asked and confirmed; now it waits for the guardian."""
    request = ask(client, PUPIL, **changes)
    client.post(path_in(mail.outbox[-1], "companion_asker"))
    request.refresh_from_db()
    assert request.status == "awaiting"
    return request


def agree_path(request):
    return tandem_links.agree_url(request).removeprefix(settings.SITE_URL)


# --- Several requests at one address --------------------------------------------------------


def test_one_guardian_asks_for_several_children_and_twice_for_none(client):
    ask(client, CHILD)
    ask(client, CHILD)
    ask(client, CHILD, child_name="MIRA")
    assert CompanionRequest.objects.count() == 1
    ask(client, CHILD, child_name="Sami", age_group="6-9")
    assert [one.child_name for one in CompanionRequest.objects.order_by("pk")] == ["MIRA", "Sami"]
    assert {one.name for one in CompanionRequest.objects.all()} == {"Amina Hassan"}
    ask(client, {**CHILD, "asked_for": "self", "age_group": "adult"})
    assert CompanionRequest.objects.count() == 3  # herself, too


def test_one_social_worker_asks_for_many_and_twice_for_none(client):
    for name in ("Ali", "Ali", "Samir", "Yusuf"):
        ask(client, PUPIL, child_name=name, guardian_email="", guardian_phone="0711 123456")
    assert CompanionRequest.objects.count() == 3
    assert Asker.objects.get().requests.count() == 3
    assert len(mail.outbox) == 3  # to confirm each of them


def test_two_who_ask_for_the_same_child_learn_nothing_of_each_other(client):
    handed_in(client)
    ask(client, PUPIL, name="Rita Sommer", email="sommer@example.org")
    assert CompanionRequest.objects.count() == 2
    assert mail.outbox[-1].to == ["sommer@example.org"]
    assert "companions/confirm" not in mail.outbox[-1].body
    assert path_in(mail.outbox[-1], "companion_asker")


@pytest.mark.slow
def test_my_page_lists_all_requests_of_a_guardian_and_of_whoever_asks(client):
    for child in ("Mira", "Sami"):
        one = ask(client, CHILD, child_name=child)
        requests.confirm_request(request=one, agreement=Agreement(name=MOTHER))
    text = client.get(person_links.person_path(one)).text
    assert "Für Mira" in text
    assert "Für Sami" in text
    handed_in(client)
    handed_in(client, child_name="Yusuf")
    teacher = mailbox("krueger@schule.example")
    page = client.get(
        reverse("volunteers:my_page_by_link", args=[person_links.person_token(teacher)])
    )
    assert "Für Navid" in page.text
    assert "Für Yusuf" in page.text
    assert "amina@example.org" not in page.text


# --- By the guardian ------------------------------------------------------------------------


def test_guardian_agrees_on_the_page_of_the_link_in_any_script(client):
    request = ask(client, CHILD)
    assert (request.age_group, request.child_age, request.name) == (
        "minor",
        "10-13",
        "Amina Hassan",
    )
    path = path_in(mail.outbox[-1], "companion_confirm")
    page = client.get(path)
    assert "Mira" in page.text
    assert "Was sagt Ihr Kind" not in page.text
    refused = client.post(path, {"agreed_name": ""})
    assert refused.status_code == 422
    assert "Jede Schrift ist richtig" in refused.text
    assert "Ohne Ihr Ja" in refused.text
    assert client.post(path, {"agreed_name": MOTHER, "agrees": "on"}).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.agreed_name, request.agreed_how) == ("open", MOTHER, "link")
    assert Consent.objects.in_force().get().companion_request == request


def test_from_14_on_the_child_agrees_in_its_own_words(client):
    request = ask(client, CHILD, age_group="14-17")
    path = path_in(mail.outbox[-1], "companion_confirm")
    answer = client.post(path, {"agreed_name": MOTHER, "agrees": "on"})
    assert answer.status_code == 422
    assert "fragen Sie Ihr Kind" in answer.text
    words = "Ja, ich will <b>Mathe</b> üben. نعم"
    client.post(path, {"agreed_name": MOTHER, "agrees": "on", "child_words": words})
    request.refresh_from_db()
    assert (request.status, request.child_words) == ("open", words)
    assert "&lt;b&gt;Mathe" in client.get(tandem_links.status_path(request)).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"child_name": ""}, "einen Vornamen"),
        ({"child_name": "A\x00"}, "Vorname"),
        ({"age_group": "adult"}, "keine gültige"),
        ({"age_group": ""}, "wie alt Ihr Kind ist"),
        ({"child_name": "x" * 61}, "60"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client, changes, sentence):
    answer = client.post(reverse("volunteers:companion"), {**CHILD, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Amina Hassan" in answer.text
    assert not CompanionRequest.objects.exists()


def test_a_birthday_is_never_asked(client):
    page = client.post(reverse("volunteers:companion"), {**CHILD, "step": "2"})
    assert 'type="date"' not in page.text
    assert "Wie alt ist Ihr Kind?" in page.text
    assert "unter 6 Jahre" in page.text
    assert "27 bis 59" not in page.text


def test_database_lets_no_child_be_looked_for_without_consent(programme):
    request = factories.make_request(
        "Amina", child_name="Mira", child_age="6-9", age_group="minor", status="awaiting", confirmed_at=None
    )  # fmt: skip
    changes = (
        ({"status": "open", "confirmed_at": timezone.now()}, "request_child_needs_guardian"),
        ({"child_name": ""}, "request_child_has_name_and_age"),
        ({"age_group": "adult"}, "request_child_has_name_and_age"),
    )
    for values, constraint in changes:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            CompanionRequest.objects.filter(pk=request.pk).update(**values)


# --- By a teacher, for a family -------------------------------------------------------------


@pytest.mark.slow
def test_teacher_asks_mother_agrees_and_a_volunteer_with_a_certificate_is_found(
    client, programme, coordinator
):
    request = ask(client, PUPIL)
    assert (request.name, request.email) == ("Amina Hassan", "amina@example.org")
    assert [one.to for one in mail.outbox] == [["krueger@schule.example"]]
    asked = client.post(path_in(mail.outbox[0], "companion_asker"))["Location"]
    to_mother, to_teacher = mail.outbox[1:]
    assert (to_mother.to, to_teacher.to) == (["amina@example.org"], ["krueger@schule.example"])
    assert "Navid" not in to_mother.subject + to_mother.body  # anybody may have typed the address
    assert "Wir warten auf das Ja" in client.get(asked).text

    checked = factories.make_ready(programme.organisation, "Ida Weber", entry=programme)
    factories.make_conduct_check(checked, coordinator)
    factories.make_ready(programme.organisation, "Jo Keck", entry=programme)
    assert not suggestions.open_requests(coordinator).exists()
    request.refresh_from_db()
    with pytest.raises(tandems.RequestTaken):
        tandems.propose(request=request, application=checked)

    path = path_in(to_mother, "companion_agree")
    assert "Petra Krüger (Rosensteinschule)" in client.get(path).text
    data = {"agreed_name": MOTHER, "agrees": "on", "child_words": "Ja, gern"}
    assert client.post(path, data).status_code == 302
    assert client.post(path, data).status_code == 302  # a second click changes nothing
    request.refresh_from_db()
    assert (request.status, request.agreed_name) == ("open", MOTHER)
    found = suggestions.for_request(request, coordinator)
    assert [pair.application for pair in found.fitting] == [checked]
    assert "Wir suchen" in client.get(asked).text

    tandem = tandems.propose(request=request, application=checked)
    told = str(facts_for(tandem, Side.VOLUNTEER))
    assert "14 bis 17 Jahre" in told
    assert not {"Navid", "Amina"} & set(re.findall(r"\w+", told))
    mail.outbox.clear()
    for side in Side:
        tandems.answer(tandem=tandem, side=side, answer="yes")
    tandem.refresh_from_db()
    contact = contact_for(tandem, Side.VOLUNTEER)
    assert contact == ("Amina Hassan", "amina@example.org", "", "Navid")
    news = next(one for one in mail.outbox if one.to == ["krueger@schule.example"])
    assert "Die Begleitung hat begonnen" in news.body
    assert "Ida" not in news.body
    page = client.get(asked).text
    assert "Die Begleitung hat begonnen" in page
    for hidden in ("Ida", "Weber", "amina@example.org", MOTHER):
        assert hidden not in page


def test_whoever_does_not_want_to_know_gets_no_news(client):
    request = handed_in(client, tell_asker="")
    mail.outbox.clear()
    guardians.agree(request=request, agreement=Agreement(name=MOTHER, child_words="Ja"))
    assert [one.to for one in mail.outbox] == [["amina@example.org"]]


def test_guardian_says_no_and_everything_goes(client):
    request = handed_in(client, note="Bitte bald")
    path = agree_path(request)
    assert client.post(path, {"no": "1"}).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.note) == ("withdrawn", "")
    assert "Wir suchen nicht" in client.get(path).text
    assert "Leider wird daraus nichts" in mail.outbox[-1].body
    with pytest.raises(TransitionNotAllowed):
        guardians.agree(request=request, agreement=Agreement(name=MOTHER, child_words="Ja"))
    with time_machine.travel(
        timezone.now() + datetime.timedelta(days=settings.AGREEMENT_DAYS, hours=1)
    ):
        retention.run()
    assert not CompanionRequest.objects.exists()
    assert not Asker.objects.exists()


@pytest.mark.slow
def test_without_an_answer_it_is_deleted(client):
    handed_in(client)
    end = timezone.now() + datetime.timedelta(days=settings.AGREEMENT_DAYS)
    with time_machine.travel(end - datetime.timedelta(hours=1)):
        retention.run()
        assert CompanionRequest.objects.exists()
    with time_machine.travel(end + datetime.timedelta(hours=1)):
        retention.run()
        assert not CompanionRequest.objects.exists()
        assert not Asker.objects.exists()


def test_link_of_the_family_is_nothing_for_whoever_asked(client):
    request = handed_in(client)
    token = tandem_links.asked_token(request)
    for view in ("companion_agree", "companion_status", "companion_withdraw", "companion_revise"):
        assert client.get(reverse(f"volunteers:{view}", args=[token])).status_code == 404
    assert client.get(tandem_links.status_path(request)).status_code == 404  # before the yes


def test_grown_up_in_a_shelter_says_yes_themselves(client):
    request = handed_in(client, age_group="adult", child_name="Hagos", guardian_name="")
    assert (request.name, request.child_name, request.child_age) == ("Hagos", "", "")
    page = client.get(agree_path(request)).text
    assert "Begleitung für Sie suchen" in page
    client.post(agree_path(request))
    request.refresh_from_db()
    assert (request.status, request.agreed_name) == ("open", "Hagos")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"guardian_name": ""}, "wer die Sorge"),
        (
            {"guardian_email": "", "guardian_phone": ""},
            "E-Mail-Adresse oder Telefonnummer der Familie",
        ),
        ({"guardian_email": "Krueger@Schule.example"}, "Ihre eigene Adresse"),
        ({"guardian_email": "amina@"}, "stimmt nicht"),
        ({"consent": ""}, "sprechen Sie zuerst"),
        ({"name": "", "place": "<script>"}, "Ihren Namen"),
    ],
)
def test_what_is_missing_for_others_is_said(client, changes, sentence):
    answer = client.post(reverse("volunteers:companion"), {**PUPIL, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<script>" not in answer.text
    assert "Navid" in answer.text
    assert not CompanionRequest.objects.exists()


# --- On paper -------------------------------------------------------------------------------


@pytest.mark.slow
def test_consent_on_paper_is_noted_by_whom_and_when(client, coordinator):
    request = handed_in(client, guardian_email="", guardian_phone="0711 123456")
    client.force_login(coordinator)
    change = reverse("admin:volunteers_companionrequest_change", args=[request.pk])
    page = client.get(change).text
    assert "Noch niemand hat Ja gesagt" in page
    assert 'href="sms:0711123456?body=' in page
    step = reverse("admin:volunteers_companionrequest_step", args=[request.pk, "einwilligung"])
    assert client.post(step, {"agreed_name": MOTHER, "agrees": "on"}).status_code == 200
    data = {"agreed_name": MOTHER, "agrees": "on", "child_words": "Ja, ich möchte"}
    assert client.post(step, data).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.agreed_how, request.agreed_noted_by) == (
        "open",
        "paper",
        coordinator,
    )
    assert request.agreed_at is not None
    assert MOTHER in client.get(change).text
    assert client.post(step, data).status_code == 302  # a second click changes nothing


def test_request_entered_for_a_child_waits_for_the_guardian(client, programme, coordinator):
    client.force_login(coordinator)
    data = {
        "programme": programme.pk, "organisation": programme.organisation.pk, "name": "Amina",
        "email": "amina@example.org", "phone": "", "age_group": "minor", "languages": ["ar"],
        "consent": "on", "note": "", "wish": "",
    }  # fmt: skip
    url = reverse("admin:volunteers_companionrequest_add")
    assert "Vorname und Alter" in client.post(url, data).text
    answer = client.post(url, {**data, "child_name": "Mira", "child_age": "0-5"})
    assert answer.status_code == 302
    request = CompanionRequest.objects.get()
    assert (request.status, request.asked_for) == ("awaiting", "child")
    assert path_in(mail.outbox[-1], "companion_agree") == agree_path(request)
    client.post(agree_path(request), {"agreed_name": MOTHER, "agrees": "on"})
    request.refresh_from_db()
    assert request.status == "open"


# --- Several companions ---------------------------------------------------------------------


@pytest.mark.slow
def test_a_family_gets_up_to_three_companions_and_no_fourth(programme, coordinator):
    circle = programme.organisation
    family = factories.make_request("Familie", organisation=circle, companions=3)
    helpers = [factories.make_ready(circle, f"{name} Weber") for name in ("Ida", "Jo", "Kim", "Lu")]
    for number, helper in enumerate(helpers[:3]):
        assert list(suggestions.open_requests(coordinator)) == [family]
        fitting = [
            pair.application for pair in suggestions.for_request(family, coordinator).fitting
        ]
        assert fitting == helpers[number:]  # nobody twice
        tandem = tandems.propose(request=family, application=helper)
        for side in Side:
            tandems.answer(tandem=tandem, side=side, answer="yes")
        family.refresh_from_db()
        assert family.status == ("matched" if number == 2 else "open")
    assert not suggestions.open_requests(coordinator).exists()
    with pytest.raises(tandems.RequestTaken):
        tandems.propose(request=family, application=helpers[3])
    for tandem in list(family.tandems.all()):
        family.refresh_from_db()
        assert family.status == "matched"
        ending.end_tandem(tandem=tandem, reason="moved", side=Side.NEWCOMER)
    family.refresh_from_db()
    assert family.status == "closed"


def test_one_companion_is_not_proposed_twice_to_the_same_request(programme):
    circle = programme.organisation
    family = factories.make_request("Familie", organisation=circle, companions=3)
    helper = factories.make_ready(circle, "Ida Weber", tandem_limit=3)
    tandems.propose(request=family, application=helper)
    with pytest.raises(tandems.NoMatch, match="schon einen Vorschlag"):
        tandems.propose(request=family, application=helper)
    with pytest.raises(IntegrityError, match="tandem_once_per_request_and_person"):
        factories.make_tandem(family, helper)


def test_whoever_is_asked_to_accompany_a_family_or_a_group_reads_how_many_they_are(
    client, programme
):
    circle = programme.organisation
    for people, told in ((1, False), (5, True)):
        family = factories.make_request("Familie", organisation=circle, people=people)
        helper = factories.make_ready(circle, f"Ida {'AB'[told]}")
        tandem = tandems.propose(request=family, application=helper)
        words = f"{people} Menschen"
        assert (words in client.get(tandem_links.answer_path(tandem, Side.VOLUNTEER)).text) == told
        assert (words in client.get(tandem_links.status_path(family)).text) == told


@pytest.mark.parametrize("number", ["0", "31", "-1", "viele", "9" * 300])
def test_for_how_many_is_a_number_from_1_to_30(client, number):
    typed = {**CHILD, "asked_for": "self", "age_group": "adult", "people": number}
    answer = client.post(reverse("volunteers:companion"), typed)
    assert answer.status_code == 422
    assert "Bitte geben Sie eine Zahl von 1 bis 30 ein." in answer.text


def test_the_database_holds_for_how_many(programme):
    for number in (0, 31):
        with (
            pytest.raises(IntegrityError, match="request_people_one_to_thirty"),
            transaction.atomic(),
        ):
            factories.make_request("Familie", organisation=programme.organisation, people=number)


def test_form_asks_how_many_companions(client):
    one = ask(client, {**CHILD, "asked_for": "self", "age_group": "adult"})
    family = ask(client, {**CHILD, "child_name": "Sami", "companions": "3"})
    assert (one.companions, family.companions) == (1, 3)
    answer = client.post(reverse("volunteers:companion"), {**CHILD, "companions": "300"})
    assert answer.status_code == 422


@pytest.mark.slow
def test_whoever_asked_may_go_and_leaves_what_the_family_agreed_to(client):
    own = ask(client, CHILD, child_name="Navid", age_group="14-17")
    agreed = handed_in(client)
    guardians.agree(request=agreed, agreement=Agreement(name=MOTHER, child_words="Ja"))
    waiting = handed_in(client, child_name="Yusuf")
    teacher = persons.find(mailbox("krueger@schule.example"), everything=True)
    assert teacher is not None
    erasing.erase_person(person=teacher)
    assert not Asker.objects.exists()
    assert not CompanionRequest.objects.filter(pk=waiting.pk).exists()
    agreed.refresh_from_db()
    assert (agreed.status, agreed.asker) == ("open", None)
    assert CompanionRequest.objects.filter(pk=own.pk).exists()


def test_who_has_a_companion_and_wishes_another_reads_both(client, programme):
    circle = programme.organisation
    teacher = factories.make_asker()
    family = factories.make_request("Familie", organisation=circle, companions=3, asker=teacher)
    paths = tandem_links.status_path(family), tandem_links.asked_path(family)
    for path in paths:
        assert "Wir suchen." in client.get(path).text
    for number, told in ((1, "Eine Begleitung hat"), (2, "2 Begleitungen haben")):
        factories.make_tandem(family, factories.make_ready(circle, f"Ida {'AB'[number - 1]}"))
        CompanionRequest.objects.filter(pk=family.pk).update(status="open")
        page, asked = (client.get(path).text for path in paths)
        assert f"{told} begonnen. Wir suchen noch jemanden dazu." in page
        assert "bis zu drei, zum Beispiel für eine Familie oder Gruppe" in page
        assert "Die Begleitung hat begonnen. Wir suchen noch jemanden dazu." in asked


@pytest.mark.parametrize("is_child", [True, False])
def test_no_mail_to_a_guardian_speaks_as_if_it_were_about_the_guardian(programme, is_child):
    child = {"child_name": "Mira", "child_age": "6-9", "age_group": "minor", "asked_for": "child"}
    agreed = {"agreed_at": timezone.now()}
    circle = programme.organisation
    wanted = factories.make_request(
        "Amina", organisation=circle, **(child | agreed if is_child else {})
    )
    tandem = factories.make_tandem(wanted, factories.make_ready(circle, "Ida Weber"))
    for about in ("already_known", "ask_to_agree", "confirmed", "entered"):
        getattr(request_mails, about)(wanted)
    tandem_mails.proposed(tandem)
    tandem_mails.started(tandem)
    tandem_mails.not_this_time(tandem, Side.NEWCOMER)
    tandem_mails.ended(tandem, Side.NEWCOMER)
    tandem_mails.goes_on(tandem, Side.NEWCOMER)
    first_week_mails.have_you_met(tandem, Side.NEWCOMER)
    first_week_mails.does_it_fit(tandem, Side.NEWCOMER)
    first_week_mails.changed(tandem, tell_members=False)
    told = [one for one in mail.outbox if one.to == [wanted.email]]
    assert len(told) >= 11
    about_oneself = r"für Sie\b(?! da)|Sie begleiten|passt zu Ihnen|zu Ihnen passt|Ihre Begleitung|Ihr Tandem ist"
    texts = [f"{one.subject} {one.body}".replace("ist für Sie da:", "") for one in told]
    spoken = [text for text in texts if re.search(about_oneself, text)]
    assert not spoken if is_child else len(spoken) >= 8, spoken
    assert sum(
        "Ihr Kind" in text or "Ihres Kindes" in text or "Ihrem Kind" in text for text in texts
    ) == (len(texts) if is_child else 0)
