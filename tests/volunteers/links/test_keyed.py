"""A change of ``SECRET_KEY``: links stay valid as long as the former key is listed, marks longer than that."""

import pytest
from django.core import signing as django_signing

from tests import factories
from volunteers.guard import stops
from volunteers.keyed import is_sealed, keyed, known_marks
from volunteers.links import organisations, signing
from volunteers.models.stops import MailKind
from volunteers.reads import apart

pytestmark = pytest.mark.django_db
OLD, NEW = "old" * 20, "new" * 20


@pytest.fixture
def rotate(settings):
    """A function that changes the key; the old one goes into the named setting, if any."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY_RETIRED = OLD, [], []

    def change(into: str = "") -> None:
        settings.SECRET_KEY = NEW
        settings.SECRET_KEY_FALLBACKS = [OLD] if into == "SECRET_KEY_FALLBACKS" else []
        settings.SECRET_KEY_RETIRED = [OLD] if into == "SECRET_KEY_RETIRED" else []

    return change


def test_mailed_links_hold_with_a_former_key(rotate):
    token, kept = signing.sign("anything", 7), signing.keep("anything", 7)
    organisation = factories.make_organisation(contact_email="hallo@example.org")
    recipient = organisations.Recipient("hallo@example.org")
    link = organisations.token(organisations.Purpose.CONFIRM, organisation, recipient)

    rotate("SECRET_KEY_FALLBACKS")

    assert signing.read("anything", token) == "7"
    assert signing.read_kept("anything", kept) == "7"
    assert organisations.read(organisations.Purpose.CONFIRM, link).organisation == organisation


@pytest.mark.parametrize("into", ["", "SECRET_KEY_RETIRED"])
def test_key_that_is_not_listed_or_retired_opens_nothing(rotate, into):
    token = signing.sign("anything", 7)
    seal = keyed("salt", "text")

    rotate(into)

    with pytest.raises(signing.WrongLink):
        signing.read("anything", token)
    with pytest.raises(django_signing.BadSignature):
        django_signing.loads(token, salt="volunteers.anything")
    assert not is_sealed("salt", "text", seal)


@pytest.mark.parametrize("into", ["SECRET_KEY_FALLBACKS", "SECRET_KEY_RETIRED"])
def test_who_wants_no_mails_gets_none_after_a_change(rotate, into):
    stops.stop(MailKind.GROUP, "Amira@example.org")

    rotate(into)

    assert stops.is_stopped(MailKind.GROUP, "amira@example.org")
    assert stops.holds_back(MailKind.GROUP, "amira@example.org")
    assert stops.stopped_of(MailKind.GROUP, ["amira@example.org", "b@example.org"]) == {
        "amira@example.org"
    }
    stops.stop(MailKind.GROUP, "amira@example.org")
    stops.resume(MailKind.GROUP, "amira@example.org")
    assert not stops.is_stopped(MailKind.GROUP, "amira@example.org")


@pytest.mark.parametrize("into", ["SECRET_KEY_FALLBACKS", "SECRET_KEY_RETIRED"])
def test_who_is_kept_apart_stays_so_after_a_change(rotate, into):
    (mark,) = apart.marks_of("Jan@example.org", "")

    rotate(into)

    assert mark in known_marks(apart.SALT, "jan@example.org")
    assert apart.marks_of("jan@example.org", "") != [mark]
