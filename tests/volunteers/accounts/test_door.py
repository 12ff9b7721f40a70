"""The door of „Meine Seite“: one form for every address, a code or links by mail, and no dead end."""

import datetime
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.links import applications as application_links
from volunteers.models import User
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db

DOOR = reverse("account_request_login_code")
CODE = reverse("account_confirm_login_code")
WRONG = {"code": "BBBB-BBBB"}


def make_account(email="eva@example.org"):
    user = factories.make_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def eva():
    return make_account()


def code_in_mail():
    return re.search(r"^ +([A-Z-]{4,})$", mail.outbox[-1].body, re.MULTILINE)[1]


def links_in_mail():
    """Name → path, from the last mail."""
    lines = mail.outbox[-1].body.splitlines()
    site = settings.SITE_URL
    return {
        lines[number - 1].rstrip(":"): line.removeprefix(site)
        for number, line in enumerate(lines)
        if f"{site}/meine-seite/" in line
    }


def ask(client, email, **more):
    return client.post(DOOR, {"email": email, **more}, follow=True)


# --- Who works here ---


def test_administration_opens_by_code_and_leads_to_the_page_that_was_wanted(client, eva):
    factories.make_member(factories.make_circle(), eva)
    wanted = reverse("admin:who_may")
    door = client.get(wanted, follow=True)
    assert door.redirect_chain[-1][0].startswith(f"{DOOR}?")
    assert "Anmelden in der Verwaltung" in door.text
    # Who has a password is one link away, and back; both keep the page.
    for name in ("account_login", "account_request_login_code"):
        (link,) = re.findall(rf'href="({reverse(name)}\?next=[^"]*)"', door.text)
        door = client.get(link)
        assert f'value="{wanted}"' in door.text
    asked = ask(client, eva.email, next=wanted)
    assert f'name="next" value="{wanted}"' in asked.text
    opened = client.post(CODE, {"code": code_in_mail(), "next": wanted})
    assert opened.headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize(
    "wanted", ["", "?next=/meine-seite/", "?next=https://evil.example/verwaltung/"]
)
def test_other_pages_open_as_before(client, wanted):
    assert "Meine Seite öffnen" in client.get(f"{DOOR}{wanted}").text


# --- Who gets which mail ---


KINDS = ("account", "application", "registration", "request", "unconfirmed", "nobody")


def sign_up(circle, email, name="Amina"):
    """An application that nobody has confirmed."""
    factories.make_clearing_office()
    answers = {"email": email, "name": name, "age": "adult"}
    services.submit_application(entry=circle, answers=answers)


def somebody(kind):
    """An address of this kind."""
    email, circle = f"{kind}@example.org", factories.make_circle(f"Kreis {kind}")
    match kind:
        case "account":
            make_account(email)
        case "application":
            factories.make_application(circle, email=email)
        case "registration":
            event = factories.make_event(organisation=circle)
            factories.make_registration(event, "Vera", email=email)
        case "request":
            factories.make_request(email=email)
        case "unconfirmed":
            sign_up(circle, email)
    return email


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_gets_one_mail_and_nobody_hears_that_there_is_no_account(client, kind):
    email = somebody(kind)
    mail.outbox.clear()
    page = ask(client, email)
    assert page.status_code == 200
    [message] = mail.outbox
    assert message.to == [email]
    assert "kein Konto" not in message.subject + message.body + page.text
    has_link, has_code = "/meine-seite/" in message.body, "diesem Code" in message.body
    expected = {"account": (False, True), "unconfirmed": (False, False), "nobody": (False, False)}
    assert (has_link, has_code) == expected.get(kind, (True, False))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["application", "registration", "request"])
def test_link_in_the_mail_opens_the_page_without_an_account(client, kind):
    ask(client, somebody(kind))
    [path] = links_in_mail().values()
    page = Client().get(path)
    assert page.status_code == 200
    assert "Guten Tag" in page.text
    assert not User.objects.exists()


def test_page_fits_a_mail_with_a_link_and_a_mail_with_a_code(client):
    """Nobody looks for a code that their mail does not have: the link comes first, the code is an „if“."""
    text = ask(client, "niemand@example.org").text
    link, code, field = (
        text.index(words)
        for words in ("ein Link zu „Meine Seite“?", "Steht ein Code in der Mail?", 'name="code"')
    )
    assert link < code < field
    assert "button--primary" not in text[field : text.index("</form>", field)]


@pytest.mark.slow
def test_pages_of_all_kinds_of_addresses_are_the_same():
    seen = []
    for kind in KINDS:
        email, client = somebody(kind), Client()
        first = client.post(DOOR, {"email": email})
        page = client.get(first["Location"])
        text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", page.text)
        cookies = {name: bool(one.value) for name, one in client.cookies.items()}
        seen.append((first.status_code, first["Location"], text.replace(email, "X"), cookies))
    assert len(seen) == len(KINDS)
    assert all(one == seen[0] for one in seen)


@pytest.mark.slow
def test_people_who_share_a_mailbox_get_a_link_each_and_each_opens_one_page(client):
    circle = factories.make_circle()
    for name in ("Amina Haddad", "Karim Haddad"):
        factories.make_application(circle, name, email="haddad@example.org")
    mail.outbox.clear()
    ask(client, " HADDAD@example.org ")
    links = links_in_mail()
    assert set(links) == {"Amina Haddad", "Karim Haddad"}
    for name, path in links.items():
        page = Client().get(path).text
        assert name in page
        assert not (set(links) - {name}) & set(re.findall(r"\w+ Haddad", page))


def test_name_that_nobody_confirmed_is_not_mailed(client):
    sign_up(factories.make_circle(), "x@example.org", name="Werbung Billig")
    mail.outbox.clear()
    ask(client, "x@example.org")
    assert "Werbung" not in mail.outbox[0].body


@pytest.mark.slow
def test_account_with_applications_opens_them_by_code(client, eva):
    factories.make_application(factories.make_circle("Kreis Ost"), "Eva", email=eva.email)
    ask(client, eva.email)
    page = client.post(CODE, {"code": code_in_mail()}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("volunteers:my_page")
    assert "Kreis Ost" in page.text


def test_one_code_is_enough_for_an_account_that_others_have_made(client):
    user = User.objects.create_superuser("it@example.org")
    ask(client, user.email)
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == reverse("admin:index")
    assert EmailAddress.objects.get(user=user).verified


# --- Another code ---


def test_another_code_is_right_and_the_first_one_is_not_any_more(client, eva):
    ask(client, eva.email)
    first = code_in_mail()
    page = client.post(reverse("code_again"), follow=True)
    assert page.redirect_chain[-1][0] == CODE
    assert len(mail.outbox) == 2
    assert eva.email in page.text
    second = code_in_mail()
    assert "stimmt nicht" in client.post(CODE, {"code": first}, follow=True).text
    assert client.post(CODE, {"code": second})["Location"] == reverse("volunteers:my_page")


@pytest.mark.parametrize("kind", ["application", "nobody"])
def test_without_an_account_another_mail_comes_too(client, kind):
    email = somebody(kind)
    mail.outbox.clear()
    ask(client, email)
    client.post(reverse("code_again"))
    assert [message.to for message in mail.outbox] == [[email], [email]]
    assert mail.outbox[0].subject == mail.outbox[1].subject


@pytest.mark.slow
@pytest.mark.usefixtures("real_limits")
@pytest.mark.parametrize("email", ["eva@example.org", "niemand@example.org"])
def test_above_the_limit_the_page_says_from_when_on_and_the_last_code_works(client, eva, email):
    noon = timezone.localtime().replace(hour=12, minute=0, second=30)
    with time_machine.travel(noon, tick=False):
        ask(client, email)
        for _ in range(4):
            assert "Neuen Code anfordern" in client.post(reverse("code_again"), follow=True).text
        page = client.post(reverse("code_again"), follow=True)
    assert len(mail.outbox) == 5
    assert "ab 12:16 Uhr" in page.text
    assert "Neuen Code anfordern" not in page.text
    assert "Andere Adresse" in page.text
    with time_machine.travel(noon + datetime.timedelta(minutes=2), tick=False):
        assert "ab 12:16 Uhr" in client.get(CODE).text
        if email == eva.email:
            assert client.post(CODE, {"code": code_in_mail()}).status_code == 302
            assert client.session["_auth_user_id"] == str(eva.pk)


@pytest.mark.usefixtures("real_limits")
def test_when_the_time_has_come_another_code_is_mailed(client, eva):
    begun = timezone.now()
    with time_machine.travel(begun, tick=False):
        ask(client, eva.email)
        for _ in range(5):
            client.post(reverse("code_again"))
    with time_machine.travel(begun + datetime.timedelta(minutes=9, seconds=50), tick=False):
        client.post(CODE, WRONG)
    with time_machine.travel(begun + datetime.timedelta(minutes=15, seconds=1), tick=False):
        client.post(reverse("code_again"))
        assert len(mail.outbox) == 6
        assert client.post(CODE, {"code": code_in_mail()}).status_code == 302


def test_page_that_somebody_wanted_is_kept_over_another_code(client, eva):
    wanted = reverse("volunteers:my_data")
    page = ask(client, eva.email, next=wanted)
    page = client.post(reverse("code_again"), {"next": wanted}, follow=True)
    assert f'name="next" value="{wanted}"' in page.text
    answer = client.post(CODE, {"code": code_in_mail(), "next": wanted})
    assert answer["Location"] == wanted


@pytest.mark.parametrize("name", ["code_again", "another_address"])
def test_page_elsewhere_is_not_taken_for_the_wanted_one(client, name):
    ask(client, "eva@example.org")
    answer = client.post(reverse(name), {"next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]


# --- How a code ends ---


@pytest.mark.slow
def test_after_the_last_wrong_code_the_page_says_why_and_what_to_do(client, eva):
    wanted = reverse("volunteers:my_data")
    ask(client, eva.email, next=wanted)
    for _ in range(2):
        page = client.post(CODE, WRONG | {"next": wanted}, follow=True)
        assert f'value="{WRONG["code"]}"' in page.text
        assert f'name="next" value="{wanted}"' in page.text
        assert "stimmt nicht" in page.text
        assert "Neuen Code anfordern" in page.text
        assert "Andere Adresse" in page.text
    page = client.post(CODE, WRONG | {"next": wanted}, follow=True)
    assert page.status_code == 200
    assert "Der Code war mehrmals falsch, deshalb gilt er nicht mehr." in page.text
    assert page.context["form"]["email"].value() == eva.email
    assert f'name="next" value="{wanted}"' in page.text
    ask(client, eva.email)
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == reverse("volunteers:my_page")


@pytest.mark.slow
def test_wrong_code_is_said_once_and_only_sending_it_counts(client, eva):
    ask(client, eva.email)
    client.post(CODE, WRONG)
    page = client.get(CODE)
    assert "<title>Fehler: " in page.text
    assert "stimmt nicht" in page.text
    assert "<title>Fehler: " not in client.get(CODE).text
    assert "stimmt nicht" in client.post(CODE, {"code": "x" * 900}, follow=True).text
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == reverse("volunteers:my_page")


@pytest.mark.parametrize("minutes", [11, 16, 60])
@pytest.mark.parametrize("method", ["get", "post"])
def test_code_that_is_too_old_says_so(client, eva, minutes, method):
    ask(client, eva.email)
    code = {"code": code_in_mail()}
    later = timezone.now() + datetime.timedelta(minutes=minutes)
    with time_machine.travel(later, tick=False):
        page = getattr(client, method)(CODE, code, follow=True)
        assert page.status_code == 200
        assert "Ein Code gilt zehn Minuten und einmal" in page.text
        assert page.context["form"]["email"].value() == eva.email


def test_code_works_as_long_as_the_pages_say(client, eva):
    page = ask(client, eva.email)
    assert "Der Code gilt zehn Minuten" in page.text
    later = timezone.now() + datetime.timedelta(minutes=9, seconds=50)
    with time_machine.travel(later, tick=False):
        client.post(CODE, {"code": code_in_mail()})
    assert client.session["_auth_user_id"] == str(eva.pk)


@pytest.mark.parametrize("name", ["account_confirm_login_code", "account_email_verification_sent"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_code_in_another_browser_is_no_dead_end(client, eva, name, method):
    ask(client, eva.email)
    page = getattr(Client(), method)(reverse(name), {"code": code_in_mail()}, follow=True)
    assert page.status_code == 200
    assert "In diesem Browser wartet keine Anmeldung auf einen Code." in page.text
    assert "Mail schicken" in page.text


def test_after_the_last_wrong_code_of_a_new_account_the_page_says_why_too(client):
    client.post(reverse("account_signup"), {"email": "neu@example.org"})
    for _ in range(3):
        page = client.post(reverse("account_email_verification_sent"), WRONG, follow=True)
    assert "Der Code war mehrmals falsch" in page.text
    assert page.context["form"]["email"].value() == "neu@example.org"


def test_another_code_for_a_new_account_opens_it(client):
    client.post(reverse("account_signup"), {"email": "neu@example.org"})
    page = client.post(reverse("code_again"), follow=True)
    assert page.redirect_chain[-1][0] == CODE
    client.post(CODE, {"code": code_in_mail()})
    assert EmailAddress.objects.get(email="neu@example.org").verified
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_invented_reason_is_not_repeated(client):
    page = client.get(DOOR, {"grund": "<b>Hier überweisen</b>"})
    assert page.status_code == 200
    assert "überweisen" not in page.text


# --- Two windows, and the way back ---


def test_address_in_a_second_window_takes_the_place_of_the_first(client, eva):
    make_account("zwei@example.org")
    ask(client, "falsch@example.org")
    page = ask(client, "zwei@example.org")  # the form was still open, or „Zurück“ showed it again
    assert "zwei@example.org" in page.text
    assert "falsch@example.org" not in page.text
    assert mail.outbox[-1].to == ["zwei@example.org"]
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == reverse("volunteers:my_page")


@pytest.mark.slow
def test_second_window_of_somebody_who_is_in_already_leads_to_their_page(client, eva):
    ask(client, eva.email)
    code = {"code": code_in_mail()}
    client.post(CODE, code)
    for method, name, data in (
        ("post", "account_confirm_login_code", code),
        ("get", "account_confirm_login_code", {}),
        ("post", "code_again", {}),
        ("get", "code_again", {}),
        ("post", "another_address", {}),
        ("get", "another_address", {}),
        ("get", "account_request_login_code", {}),
        ("post", "account_request_login_code", {"email": "wer@example.org"}),
    ):
        page = getattr(client, method)(reverse(name), data, follow=True)
        assert page.redirect_chain[-1][0] == reverse("volunteers:my_page"), (method, name)
    assert len(mail.outbox) == 1


def test_login_from_a_status_page_is_not_swallowed_by_a_login_that_waits(client, eva):
    ask(client, "falsch@example.org")
    application = factories.make_application(factories.make_circle(), email=eva.email)
    mail.outbox.clear()
    url = reverse("volunteers:open_account", args=[application_links.status_token(application)])
    page = client.post(url, {"email": eva.email}, follow=True)
    assert [message.to for message in mail.outbox] == [[eva.email]]
    assert eva.email in page.text


@pytest.mark.slow
def test_login_is_counted_no_lower_by_another_code(client, eva, settings):
    """Three wrong codes and another one: tries are counted for the address, not for the code."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "enter_code": {"address": (99, 60), "target": (4, 60)}
    }
    made = []
    ask(client, eva.email)
    for _ in range(3):
        made += [client.post(CODE, WRONG).status_code for _ in range(2)]
        client.post(reverse("code_again"))
    assert made == [302] * 4 + [429] * 2
