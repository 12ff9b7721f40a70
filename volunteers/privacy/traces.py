"""A person's name outside of their own records: in mails, logs, texts of others, sessions.

These have no foreign key to the person, so they are searched for the words by which the portal
knows the person, ignoring case. Full addresses and full phone numbers are searched everywhere,
names only where the person is known (``places``), because the same words may be another person
elsewhere.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from programs.exchange import uploads
from programs.models import ExportFile, Membership, SavedList

from ..models import (
    AccessRequest,
    Agreement,
    Application,
    Asker,
    Certificate,
    CheckIn,
    CompanionRequest,
    Concern,
    ConcernNote,
    DateMessage,
    DateRequest,
    Enquiry,
    Expense,
    ExportRecord,
    GroupMessage,
    HoursEntry,
    Invitation,
    Message,
    OrganisationProposal,
    OutgoingMail,
    Registration,
    StatusChange,
    StepRecord,
    Tandem,
    User,
    Volunteer,
    agreements,
)
from ..models.above import models_above, texts_above
from ..models.profile import asked_of
from ..models.questions import APPLICATION
from ..models.standing_orders import order_models
from .places import Places, memberships_ever

if TYPE_CHECKING:
    from .scope import Scope

CHUNK = 100
"""Mails read at a time."""
SHORTEST = 3
"""Shortest part of a name, in letters, that is looked for in searches of staff."""
SHORTEST_PHONE = 6
"""Fewest digits of a phone number. The field accepts any text, so not all of it is a number."""
DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}")
"""Dates and times in the field are not phone numbers."""
TYPED_AT_SIGN_UP = [
    question.name
    for question in asked_of(APPLICATION)
    if isinstance(question.column, models.TextField)
]
TEXTS: Mapping[type[models.Model], tuple[str, ...]] = {
    AccessRequest: ("function", "reason"),
    OrganisationProposal: ("summary", "function", "reason"),
    Agreement: agreements.TEXTS,
    Application: (*TYPED_AT_SIGN_UP, "group_name", "decline_reason"),
    CheckIn: ("note",),
    CompanionRequest: ("note", "child_words"),
    Concern: ("text", "about"),
    ConcernNote: ("text",),
    DateMessage: ("text",),
    DateRequest: ("place",),
    Enquiry: ("text", "page"),
    Expense: ("reason",),
    GroupMessage: ("text",),
    HoursEntry: ("what", "went_well"),
    Message: ("text",),
    Registration: ("note",),
    StatusChange: ("note",),
    StepRecord: ("note",),
    Tandem: ("volunteer_closing", "newcomer_closing"),
}
"""Free texts of others that may name the person."""
Named = list[tuple[type[models.Model], list[str]]]


@dataclass(frozen=True)
class Known:
    """The words by which the portal knows a person."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.emails or self.phones or self.names)

    @cached_property
    def exact(self) -> str:
        """Pattern of words that stand for this person in any place: addresses and numbers."""
        return pattern(self.emails | self.phones)

    @cached_property
    def named(self) -> str:
        """Pattern of names, for places where the person is known; not a first name alone."""
        return pattern(name for name in self.names if len(name.split()) > 1)

    @cached_property
    def any(self) -> str:
        return pattern(self.emails | self.phones | self.names)

    @cached_property
    def searched(self) -> str:
        """Pattern for the search terms of staff: a part of the name is enough."""
        parts = {part for name in self.names for part in name.split() if len(part) >= SHORTEST}
        local = {email.partition("@")[0] for email in self.emails}
        return pattern(self.emails | self.phones | self.names | parts | local)


def pattern(words: Iterable[str]) -> str:
    """A regular expression with the same meaning in Python and PostgreSQL; without words it matches nothing."""
    found = "|".join(_literal(word) for word in sorted(words, key=len, reverse=True) if word)
    return rf"(?<!\w)(?:{found})(?!\w)" if found else r"(?!)"


def _literal(word: str) -> str:
    """Match whole addresses and numbers only: „ott@“ must not match in „lena.ott@“."""
    if "@" in word:
        return rf"(?<![\w.+-]){re.escape(word)}(?![.-]?\w)"
    if any(map(str.isdigit, word)):
        return rf"(?<!\d[ /.-]){re.escape(word)}(?![ /.-]?\d)"
    return re.escape(word)


KINDS: tuple[type[models.Model], ...] = (
    CompanionRequest, Application, Registration, Volunteer, User, Invitation, Enquiry, Concern, Asker, DateRequest,
    AccessRequest, OrganisationProposal,
)  # fmt: skip
"""The records that say how a person is called and reached; besides those of ``models/above.py``."""


def all_kinds() -> tuple[type[models.Model], ...]:
    return (*KINDS, *models_above())


def known_of(scope: "Scope") -> Known:
    """Call it before the records are deleted.

    Address and number that somebody else at the same address has, too, are left out: they may stand
    for the other person.

    Names and numbers of unconfirmed records are left out. Nobody has seen them, and anybody could
    type words there that occur in the texts of others. A number has at least ``SHORTEST_PHONE``
    digits.
    """
    emails: set[str] = set()
    phones: set[str] = set()
    names: set[str] = set()
    for model in all_kinds():
        rows: models.QuerySet[Any] = model._default_manager.filter(pk__in=scope.of(model))
        for row in rows:
            emails.add(row.email)
            if getattr(row, "confirmed_at", row) is not None:
                names.add(row.name)
                phones.add(getattr(row, "phone", ""))
    for model in order_models():
        ordered = model._default_manager.filter(pk__in=scope.of(model))
        emails.update(ordered.values_list("email", flat=True))
    issued = Certificate.objects.filter(volunteer__in=scope.volunteers)
    names.update(issued.values_list("name", flat=True))
    addresses = User.objects.filter(pk__in=scope.users).exclude(emailaddress=None)
    emails.update(addresses.values_list("emailaddress__email", flat=True))
    shared = _of_others(scope, emails)
    phones = {phone for phone in phones if is_number(phone)}
    return Known(*(frozenset(words - shared - {""}) for words in (emails, phones, names)))


def _of_others(scope: "Scope", emails: set[str]) -> set[str]:
    """Addresses and numbers of people at ``emails`` who are not deleted."""
    found: set[str] = set()
    for model in all_kinds():
        rows: models.QuerySet[Any] = model._default_manager.exclude(pk__in=scope.of(model))
        for row in rows.filter(email__in=emails):
            found |= {row.email, getattr(row, "phone", "")}
    return found


def is_number(phone: str) -> bool:
    """Whether it is safe to search for it in the texts of others."""
    return sum(map(str.isdigit, phone)) >= SHORTEST_PHONE and not DATE.search(phone)


def named_records(scope: "Scope") -> Named:
    """The records whose title in Django's admin log is the person's name, by primary key."""
    kinds: list[models.QuerySet[Any]] = [
        model._default_manager.filter(pk__in=scope.of(model)) for model in all_kinds()
    ]
    kinds += [
        scope.tandems(),
        *(one._default_manager.filter(pk__in=scope.of(one)) for one in order_models()),
        Certificate.objects.filter(volunteer__in=scope.volunteers),
    ]
    ended = memberships_ever(scope).order_by().values_list("pgh_obj", flat=True)
    named = [(rows.model, [str(pk) for pk in rows.values_list("pk", flat=True)]) for rows in kinds]
    return [*named, (Membership, [str(pk) for pk in ended])]


def forget_mails(known: Known) -> None:
    """Delete mails to the person, delivered or not, and delivered mails to others that name them.

    A mail to others that is not delivered yet stays: they have a right to it, and it may mean
    somebody with the same name. It is deleted after its delivery. Whoever shares the mailbox counts
    as others.
    """
    if not known:
        return
    OutgoingMail.objects.filter(recipients__overlap=list(known.emails)).delete()
    words = re.compile(known.any, re.IGNORECASE)
    for mail in OutgoingMail.objects.order_by("pk").iterator(CHUNK):
        if not words.search(readable(mail)):
            continue
        if mail.sent_at or mail.failed_at:
            mail.delete()
        else:
            OutgoingMail.objects.filter(pk=mail.pk).update(forget=True)


def readable(mail: OutgoingMail) -> str:
    """Headers and every part of a stored mail, decoded."""
    message = message_from_bytes(bytes(mail.content), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - which the policy makes
    texts = [mail.subject, *mail.recipients, *(str(value) for value in message.values())]
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            texts.append(content.decode(errors="replace") if isinstance(content, bytes) else "")
    return "\n".join(texts)


def forget_in_logs(known: Known, named: Named, places: Places) -> None:
    """Remove the person's name from Django's admin log and from the log of exports; their rows stay.

    When a staff account is deleted, its rows of the admin log are deleted, too (a cascade of
    Django). The changes themselves stay in the change history, with the number of the account
    (``programs/history.py``).
    """
    entries = Q()
    for model, numbers in named:
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        entries |= Q(content_type=kind, object_id__in=numbers)
    found = [LogEntry.objects.filter(entries)] if entries else []
    for words, rows in (
        (known.exact, LogEntry.objects.all()),
        (known.named, places.entries()),
    ):
        says = Q(object_repr__iregex=words) | Q(change_message__iregex=words)
        found += [rows.filter(says)] if known else []
    for rows in found:
        rows.update(object_repr=_("(gelöscht)"), change_message="")
    _forget_in_exports(known, places)


def _forget_in_exports(known: Known, places: Places) -> None:
    """Replace only the words; also parts of the name, in exports of users who may have searched for it."""
    if not known:
        return
    for name in ("filter", "purpose"):
        _forget(ExportRecord.objects.all(), name, known.exact)
        _forget(ExportRecord.objects.filter(places.readers()), name, known.searched)


def forget_in_texts(known: Known, places: Places) -> None:
    """Replace the person's address, number and full name in texts of others; the texts stay."""
    if not known:
        return
    for model, names in (*TEXTS.items(), *texts_above()):
        for name in names:
            _forget(model._default_manager.all(), name, known.exact)
            _forget(places.rows(model), name, known.named)


def _forget(rows: "models.QuerySet[Any]", name: str, words: str) -> None:
    rows.filter(**{f"{name}__iregex": words}).update(**{name: _without(rows.model, name, words)})


def _without(model: type[models.Model], name: str, words: str) -> Func:
    """What is written instead may be longer than a short name, and the column full."""
    gone, flags = Value(_("(gelöscht)")), Value("gi")
    text = Func(F(name), Value(words), gone, flags, function="regexp_replace")
    longest: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return Left(text, longest) if longest else text


def forget_sessions(known: Known, users: Iterable[int]) -> None:
    """Delete the sessions of the accounts, and sessions in which the person has started to log in.

    Searches for address and number only: a search by name would log out other people.
    """
    if not known:
        return
    numbers, words = {str(pk) for pk in users}, re.compile(known.exact, re.IGNORECASE)
    for session in Session.objects.order_by("pk").iterator(CHUNK):
        data = session.get_decoded()
        text = json.dumps(data, default=str, ensure_ascii=False)
        if data.get("_auth_user_id") in numbers or words.search(text):
            session.delete()


def forget_lists(known: Known, places: Places) -> None:
    """Discard lists that wait: for import, where they would bring the person back, or to be fetched.

    Saved lists that search for the person go, too: they would find nobody.
    """
    if known:
        searches = Q(search__iregex=known.exact) | Q(name__iregex=known.exact)
        found = Q(search__iregex=known.searched) | Q(name__iregex=known.named)
        SavedList.objects.filter(searches | (places.readers("owner") & found)).delete()
        ExportFile.objects.all().withdraw()
        transaction.on_commit(uploads.discard_all)
