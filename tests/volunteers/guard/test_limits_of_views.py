"""Every view that sends mail, checks a secret or is opened by a link declares its rate limits."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.addresses import patterns
from tests.people import mailbox
from volunteers.forms.steps import StepsForm
from volunteers.guard.forms import GuardedForm
from volunteers.guard.limits import counts, limited, limits_of
from volunteers.links import my_data as my_data_links
from volunteers.models import RateCount

BY_LINK = ("wrong_link", "link")
"""Limits of every URL with a token."""
BY_ONE_CLICK = {"portal:newsletter_leave", "portal:saved_search_leave", "volunteers:stop_mails"}
"""Steps that a mail program's server takes for many people: only wrong links count."""
BESIDES = {
    "volunteers:message": "message",
    "volunteers:date_message": "message",
    "volunteers:date_offer_message": "message",
    "volunteers:tandem_concern": "concern",
    "portal:counselling_message": "message",
    "volunteers:my_data_address": "own_link",
    "volunteers:my_data_from_my_page": "own_link",
    "volunteers:my_data_new_link": "own_link",
    "volunteers:my_page_new_link": "own_link",
    "volunteers:open_account": "login_code",
}
"""URLs with a token that also send mail."""
OPEN_DATA = ("", "_description", "_list", "_csv", "_item", "_unknown")
WITHOUT_LINK = {
    "account_confirm_login_code": "enter_code",
    "account_email_verification_sent": "enter_code",
    "account_login": "login",
    "account_reauthenticate": "second_factor",
    "account_request_login_code": "login_code",
    "account_signup": "account",
    "admin:password_change": "password",
    "admin:programs_organisation_invite": "invitation",
    "city_sign_on": "city_sign_on",
    "code_again": "login_code",
    "city_sign_on_callback": "city_sign_on",
    "mfa_activate_totp": "second_factor",
    "mfa_authenticate": "second_factor",
    "mfa_deactivate_totp": "second_factor",
    "mfa_generate_recovery_codes": "second_factor",
    "mfa_reauthenticate": "second_factor",
    "portal:entry_link": "link",
    "portal:entry_poster": "poster",
    "portal:event_poster": "poster",
    "portal:newsletter": "newsletter",
    "portal:saved_search": "saved_search",
    "programs:half_year": "poster",
    "portal:counselling_ask": "counselling",
    "portal:cooperation": "cooperation",
    **{f"open_data:api{of}": "open_data" for of in OPEN_DATA},
    "volunteers:door": "door",
    "volunteers:access_ask": "access_request",
    "volunteers:propose": "organisation_proposal",
    "volunteers:ask": "enquiry",
    "volunteers:barrier": "enquiry",
    "volunteers:ask_about_event": "enquiry",
    "volunteers:companion": "companion_request",
    "volunteers:concern": "concern",
    "volunteers:concern_about": "concern",
    "volunteers:date_ask": "date_request",
    "volunteers:date_take": "own_link",
    "volunteers:enter_code": "certificate",
    "volunteers:my_data": "own_link",
    "volunteers:register": "registration",
    "volunteers:short": "wrong_link",
    "volunteers:sign_up": "sign_up",
    "volunteers:sign_up_entry": "sign_up",
    "volunteers:verify": "certificate",
}
"""All other URLs that send mail, check a secret or make a PDF for everybody."""
UNLIMITED = {
    "account_email",
    "account_inactive",
    "account_logout",
    "another_address",
    "mfa_download_recovery_codes",  # asks for the password first
    "mfa_index",
    "mfa_view_recovery_codes",  # asks for the password first
    "open_data:catalogue",  # kept like a public page
    "socialaccount_login_cancelled",
    "volunteers:access_done",
    "volunteers:proposal_done",
    "volunteers:ask_done",
    "volunteers:barrier_done",
    "volunteers:check_signed",
    "volunteers:companion_done",
    "volunteers:concern_done",
    "volunteers:date_done",
    "volunteers:date_link_sent",
    "volunteers:jwks",
    "volunteers:my_data_erased",
    "volunteers:my_data_sent",
    "volunteers:my_page",
    "volunteers:my_page_sent",
    "volunteers:register_done",
    "volunteers:sign_up_done",
    "volunteers:withdrawn",
}
"""Pages of people and accounts on which nothing can be tried."""
IN_SERVICES = {"mailbox", "invitations"}
"""Counted where the mail is sent, not in a view."""
PUBLIC = ("portal", "programs", "welcome_rooms")
"""Namespaces of the pages that show only public data."""


def outside_of_administration():
    found = {name: one for name, one in patterns() if not name.startswith("admin:")}
    assert len(found) > 80
    return found


def declared():
    return {name: limits for name, one in patterns() if (limits := limits_of(one.callback))}


def test_every_address_with_a_token_counts_its_steps_and_wrong_links():
    by_link = {
        name
        for name, one in outside_of_administration().items()
        if "token" in one.pattern.converters
    }
    assert len(by_link) > 40
    expected = {name: (*BY_LINK, *filter(None, [BESIDES.get(name)])) for name in by_link}
    expected |= dict.fromkeys(BY_ONE_CLICK, BY_LINK[:1])
    expected |= {name: (limit,) for name, limit in WITHOUT_LINK.items()}
    assert declared() == expected


def test_every_other_address_of_people_and_accounts_is_known_to_need_no_limit():
    """A new URL fails here until it is in one of the tables above."""
    rest = {
        name
        for name, one in outside_of_administration().items()
        if not limits_of(one.callback) and name.split(":")[0] not in PUBLIC
    }
    assert rest == UNLIMITED


def test_every_limit_is_used_and_every_guarded_form_has_a_view_that_says_so(settings):
    used = {purpose for limits in declared().values() for purpose in limits}
    assert used | IN_SERVICES == set(settings.RATE_LIMITS)
    found = [*GuardedForm.__subclasses__(), *StepsForm.__subclasses__()]
    forms = [form for form in found if "limit" in vars(form) and form.__module__ != __name__]
    assert len(forms) == 12
    assert {form.limit for form in forms} <= used


def test_nothing_is_declared_to_count_twice():
    @limited("link")
    def view(request):
        """It is counted already."""

    for again in (limited("link"), counts("link")):
        with pytest.raises(ValueError, match="counted for link already"):
            again(view)
    assert limits_of(limited("message")(view)) == ("message", "link")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["my_data_download", "my_data_correct", "my_data_erase"])
def test_a_step_on_my_data_counts_once(name):
    application = factories.make_application(factories.make_circle())
    token = my_data_links.token_for(mailbox(application.email))
    Client().post(reverse(f"volunteers:{name}", args=[token]))
    by_network, for_link = RateCount.objects.order_by("key")
    assert (by_network.count, for_link.count) == (1, 1)


@pytest.mark.slow
@pytest.mark.django_db
def test_my_data_are_downloaded_as_often_as_the_limit_says(settings):
    settings.RATE_LIMITS = {
        "link": {"address": (9, 3600), "target": (3, 3600)},
        "wrong_link": {"address": (9, 3600)},
    }
    application = factories.make_application(factories.make_circle())
    token = my_data_links.token_for(mailbox(application.email))
    url = reverse("volunteers:my_data_download", args=[token])
    assert [Client().post(url).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [Client().post(url, REMOTE_ADDR="198.51.100.9").status_code] == [429]
