"""Every purpose of a signed link: what it opens, until when, how often, and when it becomes invalid.

``PURPOSES`` is the table. A purpose without a row fails, and so does a URL with a token that is in
no row. The other tests check what the rows say.
"""

import ast
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from portal.models import CounsellingRequest, SavedSearch, Subscription
from portal.urls import portal_urls
from programs.models import Entry, Membership, Organisation
from tests import factories
from tests.people import mailbox
from volunteers.links import organisations
from volunteers.links import people as person_links
from volunteers.models import (
    AccessRequest,
    Application,
    CheckIn,
    CompanionRequest,
    Concern,
    DateRequest,
    Invitation,
    OrganisationProposal,
    Registration,
    Tandem,
    Volunteer,
)
from volunteers.urls import urlpatterns

pytestmark = pytest.mark.django_db

DAY = 24 * 3600
RECORD = 0
"""Instead of days: the link works as long as the record is kept, which retention decides."""


@dataclass(frozen=True)
class Purpose:
    opens: tuple[str, ...]
    """The URL names."""
    days: float
    once: bool
    worthless: str
    """When the link becomes invalid before it expires; tested here or in another module."""


STATUS = (
    "status revise take_break more withdraw open_account message commitment conduct_check_letter "
    "hours change_hours delete_hours expenses withdraw_expense"
)
PURPOSES = {
    "application.confirm": Purpose(("confirm",), 7, True, "confirmed, withdrawn or deleted"),
    "application.status": Purpose(tuple(STATUS.split()), RECORD, False, "deleted"),
    "application.contact": Purpose(("contact",), 30, False, "the application is no longer new"),
    "organisation.look": Purpose(
        ("our_entries", "entries_new_link"),
        settings.ENTRY_LOOK_DAYS,
        False,
        "the member has left, the address is another one",
    ),
    "organisation.invite": Purpose(
        ("entry_invited",), settings.MAILED_LINK_DAYS, False, "as above"
    ),
    "organisation.agree": Purpose(
        ("agree_to_answer",), settings.MAILED_LINK_DAYS, False, "as above"
    ),
    "organisation.answer": Purpose(
        ("sign_ups", "answer_sign_up"),
        settings.SIGN_UP_ANSWER_DAYS,
        False,
        "as above, switched off",
    ),
    "organisation.vouch": Purpose(("access_vouch",), settings.MAILED_LINK_DAYS, False, "as above"),
    "organisation.count": Purpose(
        ("survey_answer",), settings.SURVEY_LINK_DAYS, False, "as above, the survey is closed"
    ),
    "organisation.confirm": Purpose(
        ("entries_confirm",), settings.ENTRY_CONFIRM_DAYS, False, "as above"
    ),
    "organisation.change": Purpose(
        ("entries_change", "entry_change", "entry_change_done"),
        settings.ENTRY_CHANGE_DAYS,
        False,
        "as above",
    ),
    "person": Purpose(
        (
            *("my_page_by_link", "my_page_new_link", "my_page_language"),
            *("withdraw_consent", "my_data_from_my_page"),
        ),
        30,
        False,
        "nothing is kept",
    ),
    "person.data": Purpose(
        (
            "my_data_by_link",
            "my_data_new_link",
            "my_data_download",
            "my_data_correct",
            "my_data_address",
            "my_data_erase",
        ),
        settings.MY_DATA_LINK_HOURS / 24,
        False,
        "nothing is kept",
    ),
    "person.address": Purpose(
        ("new_address",),
        settings.MY_DATA_LINK_HOURS / 24,
        True,
        "changed, the old address is gone",
    ),
    "newsletter.confirm": Purpose(("newsletter_confirm",), 7, True, "confirmed or deleted"),
    "newsletter.page": Purpose(("newsletter_page", "newsletter_resume"), RECORD, False, "deleted"),
    "newsletter.leave": Purpose(("newsletter_leave",), RECORD, False, "deleted"),
    "saved_search.confirm": Purpose(("saved_search_confirm",), 7, True, "confirmed or deleted"),
    "saved_search.page": Purpose(
        ("saved_search_page", "saved_search_resume"), RECORD, False, "deleted"
    ),
    "saved_search.leave": Purpose(("saved_search_leave",), RECORD, False, "deleted"),
    "person.mails": Purpose(("stop_mails", "resume_mails"), RECORD, False, "never"),
    "volunteer.stay": Purpose(("stay",), RECORD, False, "answered, asked again, deleted"),
    "invitation": Purpose(("invitation",), RECORD, True, "accepted, withdrawn or deleted"),
    "organisation_proposal.confirm": Purpose(
        ("proposal_confirm",), 7, True, "confirmed or deleted"
    ),
    "organisation_proposal.page": Purpose(("proposal",), RECORD, False, "deleted"),
    "access_request.confirm": Purpose(("access_confirm",), 7, True, "confirmed or deleted"),
    "access_request.page": Purpose(("access_request",), RECORD, False, "deleted"),
    "counselling.confirm": Purpose(("counselling_confirm",), 7, True, "confirmed or deleted"),
    "counselling.page": Purpose(
        ("counselling_page", "counselling_message", "counselling_withdraw"),
        RECORD,
        False,
        "deleted",
    ),
    "certificate": Purpose(("certificate_pdf",), RECORD, False, "withdrawn or deleted"),
    "companion_request.confirm": Purpose(("companion_confirm",), 7, True, "confirmed or deleted"),
    "companion_request.asker": Purpose(("companion_asker",), 7, True, "confirmed or deleted"),
    "companion_request.asked": Purpose(("companion_asked",), RECORD, False, "deleted"),
    "companion_request.agree": Purpose(("companion_agree",), RECORD, False, "said, deleted"),
    "companion_request.status": Purpose(
        ("companion_status", "companion_revise", "companion_withdraw"), RECORD, False, "deleted"
    ),
    "date.confirm": Purpose(("date_confirm",), 7, True, "confirmed, past or deleted"),
    "date.page": Purpose(("date", "date_cancel", "date_message"), RECORD, False, "deleted"),
    "date.offer": Purpose(
        ("date_offer", "date_give_back", "date_calendar", "date_reply", "date_offer_message"),
        RECORD,
        False,
        "somebody else comes, cancelled, past, replied, deleted",
    ),
    "tandem.side": Purpose(
        (
            "tandem_answer",
            "tandem_end",
            "tandem_support",
            "tandem_again",
            "first_meeting",
            "agreement",
            "together_again",
            "tandem_concern",
        ),
        RECORD,
        True,
        "said, no longer proposed or running, deleted",
    ),
    "tandem.check_in": Purpose(("check_in",), RECORD, True, "answered, ended, deleted"),
    "concern.state": Purpose(("concern_state",), RECORD, False, "deleted"),
    "event.door": Purpose(("door",), RECORD, False, "the event is over, deleted"),
    "registration.confirm": Purpose(
        ("registration_confirm",), 7, True, "confirmed, deleted, the event has begun"
    ),
    "registration.page": Purpose(
        (
            "registration",
            "registration_calendar",
            "registration_accept",
            "registration_cancel",
            "registration_rejoin",
            "registration_check_in",
            "registration_reconfirm",
        ),
        RECORD,
        False,
        "deleted",
    ),
}

ONLY_POSTS = {
    "registration_check_in",
    "registration_reconfirm",
    "withdraw_expense",
    "open_account",
    "delete_hours",
    "counselling_withdraw",
    "date_cancel",
    "date_give_back",
    "my_page_language",
    "my_page_new_link",
    "my_data_from_my_page",
    "my_data_new_link",
    "my_data_download",
    "resume_mails",
    "newsletter_resume",
    "saved_search_resume",
}
"""Steps with a button on another page, to which a GET leads."""
OTHER_ARGUMENTS = {
    "step_id": 1,
    "pk": 1,
    "consent_id": 1,
    "answer": "ja",
    "purpose": "look",
    "reply": "good",
    "outcome": "happened",
}


def patterns_with_a_token() -> dict[str, URLPattern]:
    both: list[Any] = [*urlpatterns, *portal_urls]
    found = {p.name: p for p in both if "token" in p.pattern.converters}
    assert len(found) > 20
    return {str(name): pattern for name, pattern in found.items()}


def address(name: str, token: str) -> str:
    wanted = patterns_with_a_token()[name].pattern.converters
    kwargs: dict[str, Any] = {n: OTHER_ARGUMENTS[n] for n in wanted if n != "token"}
    app = "portal" if patterns_with_a_token()[name] in portal_urls else "volunteers"
    return reverse(f"{app}:{name}", kwargs={**kwargs, "token": token})


def open_all(token: str, names: list[str]) -> dict[tuple[str, str], int]:
    """The statuses of GET and POST for each of these URLs."""
    client = Client()
    return {
        (name, method): getattr(client, method)(address(name, token)).status_code
        for name in names
        for method in ("get", "post")
    }


def purposes_in_the_code() -> list[str]:
    """The first argument of every ``sign(…)`` and ``keep(…)``; those of organisations are a list."""
    found: dict[str, str] = {}
    base = Path(settings.BASE_DIR)
    for path in sorted([*base.glob("volunteers/**/*.py"), *base.glob("portal/*/links.py")]):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            call = ast.unparse(node.func)
            if call.removeprefix("signing.") not in {"sign", "keep"}:
                continue
            name = ast.unparse(node.args[0])
            if module == organisations.__name__:
                found |= {f"{module}.{one.name}": one.value for one in organisations.Purpose}
                continue
            found[f"{module}.{name}"] = attrgetter(name)(importlib.import_module(module))
    assert len(found) > 8
    return list(found.values())


@pytest.mark.slow
def test_every_purpose_has_a_row_and_a_salt_of_its_own():
    found = purposes_in_the_code()
    assert sorted(found) == sorted(set(found)), "two purposes share a salt"
    assert set(found) == set(PURPOSES)


def test_every_address_with_a_token_belongs_to_one_purpose():
    named = [name for purpose in PURPOSES.values() for name in purpose.opens]
    assert sorted(named) == sorted(patterns_with_a_token())


@pytest.mark.slow
@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_opens_what_it_is_for(tokens, purpose):
    first = PURPOSES[purpose].opens[0]
    # This tandem is running, so its proposal cannot be answered, and the event is in a week; the pages say so.
    expected = 410 if first in {"tandem_answer", "door"} else 200
    assert Client().get(address(first, tokens[purpose])).status_code == expected


@pytest.mark.slow
@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_of_one_purpose_opens_nothing_of_another(tokens, purpose):
    others = [n for p in PURPOSES if p != purpose for n in PURPOSES[p].opens]
    answers = open_all(tokens[purpose], others)
    assert len(answers) > 40
    assert set(answers.values()) <= {302, 404, 405}
    led_on = {name for (name, _), status in answers.items() if status == 302}
    assert led_on <= ONLY_POSTS, (
        "a GET leads to another page with a token, which is looked at there"
    )


CHANGES: dict[str, Callable[[str], str]] = {
    "last sign": lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    "first sign": lambda token: ("A" if token[0] != "A" else "B") + token[1:],
    "longer": lambda token: token + "A",
    "half": lambda token: token[: len(token) // 2],
    "unsigned": lambda token: token.rpartition(":")[0],
}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_tampered_link_is_not_found(tokens, purpose):
    for change in CHANGES.values():
        answers = open_all(change(tokens[purpose]), list(PURPOSES[purpose].opens[:3]))
        assert set(answers.values()) <= {302, 404, 405}
        assert 404 in answers.values()


@pytest.mark.parametrize("purpose", [p for p in PURPOSES if PURPOSES[p].days])
def test_link_with_a_time_works_until_then_and_says_so_afterwards(tokens, purpose):
    name, days = PURPOSES[purpose].opens[0], PURPOSES[purpose].days
    factories.Event.objects.update(
        starts_at=timezone.now() + timezone.timedelta(days=60),
        ends_at=timezone.now() + timezone.timedelta(days=60, hours=2),
    )
    now = timezone.now().timestamp()
    with time_machine.travel(now + days * DAY - 60, tick=False):
        assert Client().get(address(name, tokens[purpose])).status_code == 200
    with time_machine.travel(now + days * DAY + 60, tick=False):
        answer = Client().get(address(name, tokens[purpose]))
    assert answer.status_code == 410


def test_days_of_the_table_are_those_of_the_settings():
    assert PURPOSES["person"].days == settings.MAILED_LINK_DAYS
    assert PURPOSES["application.confirm"].days == settings.SIGN_UP_CONFIRMATION_DAYS


@pytest.mark.slow
@pytest.mark.parametrize("purpose", [p for p in PURPOSES if not p.startswith("person")])
def test_link_to_a_record_that_is_deleted_says_so(tokens, purpose):
    """``person`` has no record of its own: see the next test."""
    CheckIn.objects.all().delete()
    Tandem.objects.all().delete()
    above = (OrganisationProposal, Subscription, SavedSearch, CounsellingRequest)
    for model in (Registration, CompanionRequest, DateRequest, AccessRequest, *above):
        model.objects.all().delete()
    Application.objects.get(name="Ben Weber").volunteer.certificates.all().delete()
    Application.objects.all().delete()
    Volunteer.objects.all().delete()
    for model in (Invitation, Concern, Membership):
        model.objects.all().delete()
    Organisation.objects.update(contact_email="")
    names = [
        n
        for n in PURPOSES[purpose].opens
        if n not in {"open_account", "message", "entries_new_link", "counselling_message"}
    ]
    answers = open_all(tokens[purpose], names)
    gets = {s for (_, method), s in answers.items() if method == "get"}
    assert gets <= {302, 410, 405}
    assert 410 in gets


def test_person_of_whom_nothing_is_kept_is_told_so(client):
    token = person_links.person_token(mailbox("niemand@example.org"))
    assert client.get(address("my_page_by_link", token)).status_code == 410


ONCE = {
    "application.confirm": ("confirm", {}),
    "companion_request.confirm": ("companion_confirm", {}),
    "companion_request.asker": ("companion_asker", {}),
    "registration.confirm": ("registration_confirm", {}),
    "date.confirm": ("date_confirm", {}),
    "access_request.confirm": ("access_confirm", {}),
    "organisation_proposal.confirm": ("proposal_confirm", {}),
    "newsletter.confirm": ("newsletter_confirm", {}),
    "saved_search.confirm": ("saved_search_confirm", {}),
    "counselling.confirm": ("counselling_confirm", {}),
    "tandem.check_in": ("check_in", {}),
    "person.address": ("new_address", {}),
    "invitation": ("invitation", {}),
    "tandem.side": ("tandem_end", {"reason": "moved"}),
}


def test_table_of_single_use_is_complete():
    assert set(ONCE) == {p for p in PURPOSES if PURPOSES[p].once}


@pytest.mark.parametrize("purpose", ONCE)
def test_link_for_one_use_works_once(tokens, purpose, client):
    name, data = ONCE[purpose]
    url = address(name, tokens[purpose])
    first = client.post(url, data)
    assert first.status_code == 302
    before = snapshot()
    for answer in (client.get(url), client.post(url, data)):
        if purpose.endswith(
            (".confirm", ".asker")
        ):  # leads to what it has confirmed, and changes nothing
            assert answer["Location"] == first["Location"]
        else:
            assert answer.status_code == 410
    assert snapshot() == before


@pytest.mark.slow
@pytest.mark.parametrize("purpose", PURPOSES)
def test_opening_a_link_changes_nothing(tokens, purpose, django_assert_num_queries):
    before = snapshot()
    for name in PURPOSES[purpose].opens:
        Client().get(address(name, tokens[purpose]))
    assert snapshot() == before
    assert mail.outbox == [] or len(mail.outbox) == 1  # the one that asked Amina to confirm


def snapshot() -> list[Any]:
    models = (
        *(
            Subscription,
            Entry,
            OrganisationProposal,
            AccessRequest,
            Application,
            CompanionRequest,
            DateRequest,
        ),
        *(Registration, Tandem, CheckIn),
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_old_link_to_my_page_brings_a_fresh_one_to_the_same_address(tokens, client):
    token = tokens["person"]
    email = Application.objects.get(name="Ben Weber").email
    mail.outbox.clear()
    later = timezone.now() + timezone.timedelta(days=settings.MAILED_LINK_DAYS + 1)
    with time_machine.travel(later, tick=False):
        page = client.get(address("my_page_by_link", token))
        assert page.status_code == 410
        assert email not in page.text
        assert "Ben" not in page.text
        assert "Neuen Link schicken" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        sent = client.post(address("my_page_new_link", token), follow=True)
        assert sent.status_code == 200
        assert email not in sent.text
        (message,) = mail.outbox
        assert message.to == [email]
        (fresh,) = [line for line in message.body.splitlines() if "/meine-seite/" in line]
        path = fresh.removeprefix(settings.SITE_URL)
        assert client.get(path).status_code == 200
        assert client.get(address("my_page_by_link", token)).status_code == 410


def test_old_link_of_somebody_unknown_gets_the_same_page_and_no_mail(client):
    circle = factories.make_circle()
    known = factories.make_application(circle, "Ben Weber").email
    answers = [
        client.post(address("my_page_new_link", person_links.person_token(mailbox(email))))
        for email in (known, "niemand@example.org")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert answers[0].content == answers[1].content
    assert [message.to for message in mail.outbox] == [[known]]


def test_fresh_links_are_limited_for_each_address(client, tokens, monkeypatch):
    times = 3
    limits = {**settings.RATE_LIMITS, "own_link": {"address": (99, 60), "target": (times, 60)}}
    monkeypatch.setattr(settings, "RATE_LIMITS", limits)
    url = address("my_page_new_link", tokens["person"])
    mail.outbox.clear()
    answers = [client.post(url).status_code for _ in range(times + 1)]
    assert answers == [302] * times + [429]
    assert len(mail.outbox) == times


def test_withdrawing_consent_by_an_old_link_is_refused_too(tokens, client):
    later = timezone.now() + timezone.timedelta(days=settings.MAILED_LINK_DAYS + 1)
    with time_machine.travel(later, tick=False):
        assert client.post(address("withdraw_consent", tokens["person"])).status_code == 410


def test_certificate_that_is_withdrawn_is_not_handed_out(tokens, client):
    application = Application.objects.get(name="Ben Weber")
    certificate = application.volunteer.certificates.get()
    certificate.withdrawn_at = timezone.now()
    certificate.save()
    answer = client.get(address("certificate_pdf", tokens["certificate"]))
    assert answer.status_code == 410
    assert answer.headers["Content-Type"].startswith("text/html")
