"""People by their addresses, for tests in which a mailbox has one of them, and two who share one."""

from volunteers.links import people as person_links
from volunteers.links import signing
from volunteers.links.whose import Whose
from volunteers.reads import persons
from volunteers.reads.persons import Person

ANNA, BERND = "Anna Import", "Bernd Import"
PAIR = "paar@example.org"


def person_at(*emails: str) -> Person:
    """The only person there, with whatever is kept about them."""
    found = persons.find(Whose(emails), everything=True)
    assert found is not None
    return found


def mailbox(*emails: str) -> Whose:
    """For a link that does not say who of the mailbox is meant."""
    return Whose(emails)


def my_page_of(email: str) -> str:
    """Path of „Meine Seite“ of the only person there."""
    return signing.path_of("my_page_by_link", person_links.person_token(mailbox(email)))


def people_with(email: str) -> list[Person]:
    """Two people of one mailbox, as mails name them."""
    names = ("Amira Haddad", "Bernd Haddad")
    return [
        Person((email,), one, ref=f"Volunteer:{n}", is_proven=True) for n, one in enumerate(names)
    ]
