"""The person on „Meine Seite“ and „Meine Daten“: a name at addresses that are proven to be theirs.

An address is proven by logging in with it, or by a link that was mailed to it. It may belong to
several people (a couple, a family, a shelter). Whoever reads the mailbox gets a link for each of
them; each has a page, data and a deletion of their own, and a link to one opens no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import CharField, IntegerField, Q, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from programs.united import united

from ..links.whose import Whose, name_behind, whose
from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    Concern,
    DateRequest,
    Enquiry,
    Invitation,
    OrganisationProposal,
    Registration,
    User,
    Volunteer,
)
from ..models.above import confirmed_above, unconfirmed_above
from ..models.identity import PersonKey, key_of, keys_of, named, of_person
from ..models.standing_orders import orders_of

UNPROVEN = 3
"""The rank of names that nobody has confirmed."""


@dataclass(frozen=True)
class Person:
    """A name at a set of proven addresses; ``token`` opens the person's page again."""

    emails: tuple[str, ...]
    name: str
    token: str = ""
    ref: str = ""
    """One of the person's records, for links (``links/whose.py``)."""
    is_proven: bool = False
    """Whether the mailbox or the staff has confirmed the name; else anybody may have typed it."""
    others: "tuple[Person, ...]" = ()
    """The other people with one of these addresses."""

    @property
    def whose(self) -> Whose:
        """The person in a link."""
        return Whose(self.emails, self.ref)

    @property
    def spoken(self) -> str:
        """The name for a mail; a name that nobody has confirmed is not repeated."""
        if not self.name:
            return _("Ihre Daten")
        return self.name if self.is_proven else _("Noch nicht bestätigte Angaben")

    def named(self, way: str = "") -> Q:
        """Volunteers and requests of this person; ``way`` is the lookup that leads to them."""
        return named(self.emails, self.name, way)

    def owns(self, way: str = "") -> Q:
        """Applications and registrations of this person."""
        return of_person(self.emails, self.name, way)


def confirmed_addresses(user: User) -> tuple[str, ...]:
    """The confirmed addresses of an account, the first one being its login."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return tuple(confirmed.values_list("email", flat=True))


def accounts_of(emails: Iterable[str]) -> QuerySet[User]:
    """The accounts with one of these addresses, as login or as another confirmed address."""
    emails = list(emails)
    besides = EmailAddress.objects.filter(email__in=emails, verified=True)
    return User.objects.filter(Q(email__in=emails) | Q(pk__in=besides.values("user")))


def accounts_seen_by(person: Person) -> QuerySet[User]:
    """The accounts that bear the person's name, or nobody's: a nameless one belongs to the mailbox."""
    own = Volunteer.objects.filter(person.named())
    nobodys = Q(name="", volunteer__isnull=True)
    of_name = Q(name__person_key=key_of(person.name)) | Q(volunteer__in=own)
    return accounts_of(person.emails).filter(of_name | nobodys)


def accounts_that_go_with(person: Person) -> QuerySet[User]:
    """Those that are deleted with the person: a nameless one stays while others use the mailbox."""
    seen = accounts_seen_by(person)
    return seen if _is_alone(person) else seen.exclude(name="", volunteer__isnull=True)


def orders_that_go_with(person: Person) -> "list[QuerySet[Any]]":
    """What the mailboxes get by mail, one queryset a model; while others use one, it is theirs, too, and stays."""
    return orders_of(person.emails) if _is_alone(person) else []


def _is_alone(person: Person) -> bool:
    return len(people_at(person.emails, everything=True)) <= 1


def people_at(emails: Iterable[str], *, everything: bool = False) -> list[Person]:
    """The people with one of these addresses, by name.

    Only those who have confirmed something; ``everything`` adds unconfirmed records, accounts and
    invitations, which „Meine Daten“ is about, too. A nameless account, or a standing order, counts only when
    nobody else is there. One query.
    """
    addresses = tuple(email for email in emails if email)
    named_as: dict[str, Person] = {}
    for rank, key, name, kind, number in _rows(addresses, everything):
        ref = f"{kind}:{number}" if kind else ""
        one = Person(addresses, name, ref=ref, is_proven=rank < UNPROVEN)
        named_as.setdefault(key, one)
    nobody = named_as.pop("", None)
    found = sorted(named_as.values(), key=lambda one: one.name.casefold())
    if not found and nobody is not None:
        found = [nobody]
    return [replace(one, others=tuple(o for o in found if o != one)) for one in found]


def _rows(emails: tuple[str, ...], everything: bool) -> "list[tuple[int, str, str, str, int]]":
    """Rank, key and name, model and primary key of each record; the best spelling of a name first."""
    unlinked: list[QuerySet[Any]] = [
        Application.objects.filter(email__in=emails, volunteer__isnull=True),
        Registration.objects.filter(email__in=emails, volunteer__isnull=True),
        CompanionRequest.objects.filter(email__in=emails),
        DateRequest.objects.filter(email__in=emails),
        AccessRequest.objects.filter(email__in=emails),
        OrganisationProposal.objects.filter(email__in=emails),
    ]
    unlinked.append(Asker.objects.filter(email__in=emails))
    unlinked += [one._default_manager.filter(email__in=emails) for one in confirmed_above()]
    confirmed = [records.filter(confirmed_at__isnull=False) for records in unlinked]
    rows = [_plain(Volunteer.objects.filter(email__in=emails), 0)]
    rows += [_plain(records, 1) for records in confirmed]
    if everything:
        accounts = accounts_of(emails).filter(volunteer__isnull=True)
        rows += [_plain(accounts, 2), _plain(Invitation.objects.filter(email__in=emails), 2)]
        asked: QuerySet[Any] = Enquiry.objects.filter(email__in=emails)
        wrote: QuerySet[Any] = Concern.objects.filter(email__in=emails)
        above = [one._default_manager.filter(email__in=emails) for one in unconfirmed_above()]
        rows += [_plain(records, UNPROVEN) for records in (*unlinked, asked, wrote, *above)]
        rows += [_nameless(orders) for orders in orders_of(emails)]
    return sorted(united(*rows, repeated=False))


def _plain(records: "QuerySet[Any]", rank: int) -> "QuerySet[Any, Any]":
    columns = {
        "rank": Value(rank, IntegerField()),
        "key": PersonKey("name"),
        "model_name": Value(records.model.__name__, CharField()),
    }
    plain: QuerySet[Any] = records.order_by().annotate(**columns)
    return plain.values_list("rank", "key", "name", "model_name", "pk")


def _nameless(records: "QuerySet[Any]") -> "QuerySet[Any, Any]":
    """Records of the mailbox; no link names one of them."""
    nothing = Value("", CharField())
    columns = {"rank": Value(UNPROVEN, IntegerField()), "key": Value("", TextField())}
    plain: QuerySet[Any] = records.order_by().annotate(**columns, name=nothing, model_name=nothing)
    return plain.values_list("rank", "key", "name", "model_name", "pk")


def find(whose: Whose, *, everything: bool = False) -> Person | None:
    """The person of a link; without a record in it, the only one at the addresses.

    None when the link does not say who of several people is meant, and when that person is not
    there any more: it must not open the data of somebody else.
    """
    people = people_at(whose.emails, everything=everything)
    if not whose.ref:
        return people[0] if len(people) == 1 else None
    name = name_behind(whose)
    if name is None:
        return None
    keys = keys_of([name, *(one.name for one in people)])
    return next((one for one in people if keys[one.name] == keys[name]), None)


def person_of(record: Any) -> Person:
    """The person of a volunteer, account or request; an account without a name is its mailbox's."""
    people = people_at([record.email], everything=True)
    if len(people) == 1 and not record.name:
        return people[0]
    found = find(whose(record), everything=True)
    return found or Person((record.email,), record.name, others=tuple(people))
