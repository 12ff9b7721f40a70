"""The city's single sign-on, against a local provider that may send wrong data."""

import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from volunteers.models import SecurityEvent, User

pytestmark = pytest.mark.django_db

EMAIL = "eva@example.org"


@pytest.fixture
def provider(settings):
    with OidcProvider() as running:
        settings.OIDC_SERVER_URL = running.url
        settings.OIDC_ORIGINS = [running.url]
        settings.OIDC_NAME = "Stadt Stuttgart"
        settings.OIDC_CLIENT_ID = CLIENT_ID
        settings.OIDC_CLIENT_SECRET = CLIENT_SECRET
        yield running


@pytest.fixture
def coordinator():
    user = factories.make_user(EMAIL)
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    factories.make_member(factories.make_circle(), user)
    return user


def start(client: Client, **query: str) -> str:
    """Press the button; returns the URL at the provider to which the browser is redirected."""
    answer = client.post(f"{reverse('city_sign_on')}?{urlencode(query)}")
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def at_the_provider(url: str) -> str:
    """Log in at the provider; returns the URL here to which it redirects."""
    answer = requests.get(url, allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    return answer.headers["Location"]


def sign_on(client: Client, **query: str):
    back = at_the_provider(start(client, **query))
    return client.get(urlsplit(back).path + "?" + urlsplit(back).query)


def who(client: Client) -> str | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def test_there_is_no_trace_of_it_unless_it_is_set_up(client):
    assert "Anmelden über" not in client.get(reverse("account_login")).text
    assert client.post(reverse("city_sign_on")).status_code == 404
    assert client.get(reverse("city_sign_on_callback")).status_code == 404
    assert client.get(reverse("socialaccount_login_cancelled")).status_code == 404


@pytest.mark.parametrize("page", ["account_login", "account_request_login_code"])
def test_login_pages_have_the_button_and_may_send_its_form_on(client, provider, page):
    shown = client.get(reverse(page), {"next": "/verwaltung/"})
    assert "Anmelden über Stadt Stuttgart" in shown.text
    assert 'action="/konto/stadt/?next=%2Fverwaltung%2F"' in shown.text
    policy = shown.headers["Content-Security-Policy"].split("; ")
    assert f"form-action 'self' {provider.url}" in policy
    other = client.get(reverse("portal:home")).headers["Content-Security-Policy"].split("; ")
    assert "form-action 'self'" in other


@pytest.mark.slow
def test_coordinator_comes_in_by_the_confirmed_address_and_is_connected_once(
    client, provider, coordinator
):
    answer = sign_on(client)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200
    assert who(client) == EMAIL
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (coordinator, "4711", {})
    assert not SocialToken.objects.exists()
    assert [m.subject for m in mail.outbox] == [
        "Ihr Konto ist mit der Anmeldung der Stadt verbunden"
    ]
    assert "Stadt Stuttgart" in mail.outbox[0].body

    second = Client()
    sign_on(second)
    assert who(second) == EMAIL
    assert SocialAccount.objects.count() == 1
    assert len(mail.outbox) == 1


def test_authorisation_asks_for_little_with_state_nonce_and_pkce(client, provider):
    asked = {k: v[0] for k, v in parse_qs(urlsplit(start(client)).query).items()}
    assert set(asked["scope"].split()) == {"openid", "email"}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 32
    assert len(asked["state"]) >= 16
    assert asked["redirect_uri"] == "http://testserver/konto/stadt/zurueck/"


def test_page_chooses_neither_scope_nor_other_parameters(client, provider):
    url = start(client, scope="admin", auth_params="prompt=none&nonce=mine", process="connect")
    asked = parse_qs(urlsplit(url).query)
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert "prompt" not in asked
    assert asked["nonce"] != ["mine"]


def test_sign_on_begins_with_a_button_never_with_a_link(client, provider):
    assert client.get(reverse("city_sign_on")).status_code == 405


def test_unknown_address_gets_an_account_without_a_role(client, provider):
    provider.person["email"] = "Neu@Example.org"
    answer = sign_on(client)
    assert answer.headers["Location"] == reverse("volunteers:my_page")
    user = User.objects.get()
    assert user.email == "neu@example.org"
    assert not user.is_staff
    assert not user.has_usable_password()
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_password_of_an_address_that_nobody_confirmed_is_taken_away(client, provider):
    """Somebody else may have made the account and waited for the owner of the address."""
    factories.make_user(EMAIL, password="ein-langes-passwort-2026")
    sign_on(client)
    assert who(client) == EMAIL
    assert not User.objects.get().has_usable_password()
    assert EmailAddress.objects.get().verified


def test_confirmed_account_keeps_its_password(client, provider, coordinator):
    coordinator.set_password("ein-langes-passwort-2026")
    coordinator.save()
    sign_on(client)
    assert User.objects.get().check_password("ein-langes-passwort-2026")


def test_account_that_is_switched_off_stays_closed(client, provider, coordinator):
    User.objects.update(is_active=False)
    answer = sign_on(client)
    assert answer.headers["Location"] == reverse("account_inactive")
    assert who(client) is None


@pytest.mark.slow
@pytest.mark.parametrize("told", [False, None, "false", "true", 0, 1, []])
@pytest.mark.parametrize("connected", [False, True])
def test_address_that_is_not_confirmed_opens_nothing(
    client, provider, coordinator, told, connected
):
    if connected:
        SocialAccount.objects.create(user=coordinator, provider="city", uid="4711")
    provider.person["email_verified"] = told
    answer = sign_on(client)
    assert answer.status_code == 403
    assert "noch nicht bestätigt" in answer.text
    assert who(client) is None
    assert SocialAccount.objects.count() == int(connected)


def now() -> int:
    return int(time.time())


LIES = {
    "nonce of another round": {"nonce": "x" * 32},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "another audience that says it is us": {"aud": "somebody-else", "azp": CLIENT_ID},
    "made out to another client": {"aud": [CLIENT_ID, "other"], "azp": "other"},
    "for several, made out to nobody": {"aud": [CLIENT_ID, "other"]},
    "another issuer": {"iss": "https://evil.example.org"},
    "no issuer": {"iss": None},
    "expired": {"exp": now() - 3600, "iat": now() - 7200},
    "without an end": {"exp": None},
    "from the future": {"iat": now() + 3600, "nbf": now() + 3600},
    "nobody": {"sub": None},
    "number that is a list": {"sub": ["4711"]},
    "number that is too long": {"sub": "9" * 500},
    "end that is no time": {"exp": "tomorrow"},
    "nonce that is a list": {"nonce": ["x"]},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_token_with_a_wrong_claim_opens_nothing(client, provider, coordinator, lie):
    provider.claims = lie
    answer = sign_on(client)
    assert answer.status_code == 401
    assert "Das hat nicht geklappt" in answer.text
    assert who(client) is None
    assert SecurityEvent.objects.filter(kind="login_failed").count() == 1


@pytest.mark.parametrize(
    "audience", [{"aud": [CLIENT_ID]}, {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID}]
)
def test_token_for_several_opens_if_it_is_made_out_to_us(client, provider, coordinator, audience):
    provider.claims = audience
    sign_on(client)
    assert who(client) == EMAIL


def test_answer_without_a_token_opens_nothing(client, provider, coordinator):
    provider.sends_id_token = False
    assert sign_on(client).status_code == 401
    assert who(client) is None


def test_secret_is_sent_the_way_the_provider_takes_it(client, provider, coordinator):
    provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    sign_on(client)
    assert who(client) == EMAIL
    (sent,) = [sent for path, sent in provider.asked if path == "/token"]
    assert "client_secret" not in sent


@pytest.mark.parametrize("how", ["foreign key", "no signature", "secret as key"])
@pytest.mark.parametrize("offered", [["RS256"], ["RS256", "HS256", "none"]])
def test_token_with_a_wrong_signature_opens_nothing(client, provider, coordinator, how, offered):
    provider.discovery = {"id_token_signing_alg_values_supported": offered}
    if how == "foreign key":
        provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    elif how == "no signature":
        provider.signing_key, provider.algorithm = None, "none"
    else:
        provider.signing_key, provider.algorithm = CLIENT_SECRET * 2, "HS256"
    assert sign_on(client).status_code == 401
    assert who(client) is None


def test_state_of_another_session_opens_nothing(client, provider, coordinator):
    back = at_the_provider(start(Client()))
    answer = client.get(urlsplit(back).path + "?" + urlsplit(back).query)
    assert answer.status_code == 401
    assert who(client) is None
    assert ("/token", {}) not in provider.asked
    assert not SecurityEvent.objects.filter(kind="login_failed").exists()


def test_way_back_works_once(client, provider, coordinator):
    back = at_the_provider(start(client))
    url = urlsplit(back).path + "?" + urlsplit(back).query
    assert client.get(url).status_code == 302
    client.logout()
    assert client.get(url).status_code == 401
    assert who(client) is None


def test_code_of_another_round_is_worth_nothing(client, provider, coordinator):
    """PKCE: somebody who intercepts a code cannot use it in their own session."""
    caught = parse_qs(urlsplit(at_the_provider(start(Client()))).query)["code"][0]
    own = parse_qs(urlsplit(at_the_provider(start(client))).query)["state"][0]
    answer = client.get(reverse("city_sign_on_callback"), {"code": caught, "state": own})
    assert answer.status_code == 401
    assert who(client) is None


@pytest.mark.parametrize(
    "query", [{}, {"code": "x"}, {"state": "x"}, {"state": "\x00", "code": ""}]
)
def test_callback_without_a_round_is_a_page(client, provider, query):
    assert client.get(reverse("city_sign_on_callback"), query).status_code == 401


def test_callback_without_a_round_asks_the_provider_nothing(client, provider):
    assert client.get(reverse("city_sign_on_callback"), {"state": "x"}).status_code == 401
    assert provider.asked == []
    assert not SecurityEvent.objects.exists()


def test_callback_opened_again_and_again_is_told_to_wait(client, provider, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "city_sign_on": {"address": (2, 60)}}
    answers = [client.get(reverse("city_sign_on_callback")).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_turning_back_there_leads_to_a_page_that_says_so(client, provider):
    provider.error = "access_denied"
    answer = sign_on(client)
    assert answer.headers["Location"] == reverse("socialaccount_login_cancelled")
    assert "abgebrochen" in client.get(answer.headers["Location"]).text


def test_failure_there_is_a_page_here(client, provider):
    provider.error = "server_error"
    answer = sign_on(client)
    assert answer.status_code == 401
    assert "Code per Mail" in answer.text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_provider_that_answers_nonsense_is_a_page(client, provider, coordinator, path):
    provider.broken = path
    answer = client.post(reverse("city_sign_on"))
    if answer.status_code == 302:
        back = urlsplit(at_the_provider(answer.headers["Location"]))
        answer = client.get(f"{back.path}?{back.query}")
    assert answer.status_code == 401
    assert who(client) is None


def test_provider_that_is_away_is_a_page(client, provider):
    provider.server.shutdown()
    provider.server.server_close()
    answer = client.post(reverse("city_sign_on"))
    assert answer.status_code == 401
    assert "Code per Mail" in answer.text


def test_description_in_another_name_is_refused(client, provider):
    provider.discovery = {"issuer": "https://evil.example.org"}
    assert client.post(reverse("city_sign_on")).status_code == 401


@pytest.mark.slow
def test_address_may_come_from_userinfo_about_the_same_person_only(client, provider, coordinator):
    provider.claims = {"email": None, "email_verified": None}
    sign_on(client)
    assert who(client) == EMAIL

    provider.userinfo = {"sub": "0815", "email": EMAIL, "email_verified": True}
    other = Client()
    assert sign_on(other).status_code == 401
    assert who(other) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "target", ["https://evil.example.org/", "//evil.example.org", "javascript:1"]
)
def test_no_way_out_of_the_portal_afterwards(client, provider, coordinator, target):
    assert sign_on(client, next=target).headers["Location"] == reverse("admin:index")


def test_page_that_was_wanted_opens_afterwards(client, provider, coordinator):
    wanted = reverse("admin:programs_event_changelist")
    assert sign_on(client, next=wanted).headers["Location"] == wanted


def test_provider_in_the_database_counts_for_nothing(client, settings):
    settings.OIDC_SERVER_URL = ""
    SocialApp.objects.create(
        provider="city", provider_id="city", client_id="x", settings={"server_url": "http://x"}
    )
    assert client.post(reverse("city_sign_on")).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("amr", "always", "opens"),
    [
        (None, False, False),
        (["pwd"], False, False),
        ("mfa", False, False),
        (["pwd", "mfa"], False, True),
        (None, True, True),
    ],
)
def test_sign_on_is_a_second_factor_if_it_says_so(
    client, provider, coordinator, settings, amr, always, opens
):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.OIDC_IS_SECOND_FACTOR = always
    provider.claims = {"amr": amr}
    sign_on(client)
    assert who(client) == EMAIL
    answer = client.get(reverse("admin:index"))
    assert (answer.status_code == 200) is opens
    client.post(reverse("account_logout"))
    client.force_login(coordinator)
    assert client.get(reverse("admin:index")).status_code == 302, "it holds for that session alone"


def test_second_factor_of_the_portal_is_asked_for_all_the_same(
    client, provider, coordinator, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    TOTP.activate(coordinator, generate_totp_secret())
    provider.claims = {"amr": ["mfa"]}
    assert sign_on(client).headers["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    assert client.get(reverse("admin:index")).status_code == 302


def test_code_by_mail_works_beside_it(client, provider, coordinator):
    client.post(reverse("account_request_login_code"), {"email": EMAIL})
    assert mail.outbox[-1].to == [EMAIL]


def test_secret_is_in_no_page(client, provider):
    pages = [client.get(reverse(n)).text for n in ("account_login", "account_request_login_code")]
    assert len(pages) == 2
    assert not any(CLIENT_SECRET in page or django_settings.SECRET_KEY in page for page in pages)


def test_button_pressed_again_and_again_is_told_to_wait(client, provider, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "city_sign_on": {"address": (2, 60)}}
    answers = [client.post(reverse("city_sign_on")).status_code for _ in range(3)]
    assert answers == [302, 302, 429]


def test_second_factor_of_a_refused_round_is_not_that_of_whoever_was_logged_in(
    client, provider, coordinator, settings
):
    """Somebody who can read Eva's mail has their own account at the city, with a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(coordinator)
    provider.person |= {"sub": "4712", "email": "mallory@example.org", "email_verified": False}
    provider.claims = {"amr": ["mfa"]}
    assert sign_on(client).status_code == 403
    assert who(client) == EMAIL
    assert client.get(reverse("admin:index")).status_code == 302
