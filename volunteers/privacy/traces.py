"""Where a person's name stands besides their own records: mails, logs, texts of others, sessions.

Records find their person by a key; these do not. So they are searched for the words that the portal
knows of the person, upper or lower case: whole addresses and whole numbers everywhere, names only
where the person was known (``places``), because the same words may be anybody's elsewhere.
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
from django.utils.translation import gettext as _

from programs.exchange import uploads
from programs.models import Membership

from ..models import (
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    ExportRecord,
    HoursEntry,
    Invitation,
    Message,
    OutgoingMail,
    Registration,
    StatusChange,
    StepRecord,
    Tandem,
    User,
    Volunteer,
)
from ..models.profile import asked_of
from ..models.questions import APPLICATION
from .places import Places, memberships_ever

if TYPE_CHECKING:
    from .scope import Scope

CHUNK = 100
"""Mails that are read at a time."""
SHORTEST = 3
"""Letters from which a part of a name counts where somebody searched for it."""
SHORTEST_PHONE = 6
"""Digits from which what was typed as a phone number is one; the field takes any words."""
DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}")
"""A date or a time is none, whoever typed it there."""
TYPED_AT_SIGN_UP = [
    question.name
    for question in asked_of(APPLICATION)
    if isinstance(question.column, models.TextField)
]
TEXTS: Mapping[type[models.Model], tuple[str, ...]] = {
    Application: (*TYPED_AT_SIGN_UP, "decline_reason"),
    CheckIn: ("note",),
    CompanionRequest: ("note",),
    HoursEntry: ("what",),
    Message: ("text",),
    Registration: ("note",),
    StatusChange: ("note",),
    StepRecord: ("note",),
    Tandem: ("volunteer_closing", "newcomer_closing"),
}
"""What people type freely: somebody else's may name the person."""
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
        """Pattern of what means this person and nobody else, wherever it stands."""
        return pattern(self.emails | self.phones)

    @cached_property
    def named(self) -> str:
        """Pattern of what means this person where they were known: no first name alone."""
        return pattern(name for name in self.names if len(name.split()) > 1)

    @cached_property
    def any(self) -> str:
        return pattern(self.emails | self.phones | self.names)

    @cached_property
    def searched(self) -> str:
        """Pattern of what somebody types who searches for the person: a part of the name will do."""
        parts = {part for name in self.names for part in name.split() if len(part) >= SHORTEST}
        local = {email.partition("@")[0] for email in self.emails}
        return pattern(self.emails | self.phones | self.names | parts | local)


def pattern(words: Iterable[str]) -> str:
    """A regular expression, read alike by Python and PostgreSQL; matches nothing without words."""
    found = "|".join(_literal(word) for word in sorted(words, key=len, reverse=True) if word)
    return rf"(?<!\w)(?:{found})(?!\w)" if found else r"(?!)"


def _literal(word: str) -> str:
    """An address or number is no part of a longer one: «ott@» is somebody else than «lena.ott@»."""
    if "@" in word:
        return rf"(?<![\w.+-]){re.escape(word)}(?![.-]?\w)"
    if any(map(str.isdigit, word)):
        return rf"(?<!\d[ /.-]){re.escape(word)}(?![ /.-]?\d)"
    return re.escape(word)


def known_of(scope: "Scope") -> Known:
    """Read before the records go.

    Names and numbers of unconfirmed records are left out: nobody was told of them, and anybody may
    type there what stands in the texts of others. A number has ``SHORTEST_PHONE`` digits or more.
    """
    emails: set[str] = set()
    phones: set[str] = set()
    names: set[str] = set()
    for model in (CompanionRequest, Application, Registration, Volunteer, User, Invitation):
        rows: models.QuerySet[Any] = model._default_manager.filter(pk__in=scope.of(model))
        for row in rows:
            emails.add(row.email)
            if getattr(row, "confirmed_at", row) is not None:
                names.add(row.name)
                phones.add(getattr(row, "phone", ""))
    issued = Certificate.objects.filter(volunteer__in=scope.volunteers)
    names.update(issued.values_list("name", flat=True))
    addresses = User.objects.filter(pk__in=scope.users).exclude(emailaddress=None)
    emails.update(addresses.values_list("emailaddress__email", flat=True))
    phones = {phone for phone in phones if is_number(phone)}
    return Known(*(frozenset(words - {""}) for words in (emails, phones, names)))


def is_number(phone: str) -> bool:
    """Whether it can be searched for in the texts of others."""
    return sum(map(str.isdigit, phone)) >= SHORTEST_PHONE and not DATE.search(phone)


def named_records(scope: "Scope") -> Named:
    """The records whose name in the log of the administration is the person's, by number."""
    kinds: list[models.QuerySet[Any]] = [
        model._default_manager.filter(pk__in=scope.of(model))
        for model in (CompanionRequest, Application, Registration, Volunteer, User, Invitation)
    ]
    kinds += [
        scope.tandems(),
        Certificate.objects.filter(volunteer__in=scope.volunteers),
    ]
    ended = memberships_ever(scope).order_by().values_list("pgh_obj", flat=True)
    named = [(rows.model, [str(pk) for pk in rows.values_list("pk", flat=True)]) for rows in kinds]
    return [*named, (Membership, [str(pk) for pk in ended])]


def forget_mails(known: Known) -> None:
    """Delete mails to the person, delivered or not, and delivered ones to others that name them.

    A mail to others that is on its way is theirs to get, and may mean somebody of the same name: it
    is deleted when it has arrived.
    """
    if not known:
        return
    OutgoingMail.objects.filter(recipients__overlap=list(known.emails)).delete()
    words = re.compile(known.any, re.IGNORECASE)
    for mail in OutgoingMail.objects.order_by("pk").iterator(CHUNK):
        if not words.search(readable(mail)):
            continue
        if mail.sent_at:
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
    """The log of the administration keeps who did what when; exports, who took which list.

    Not longer than the account of who did it: with a staff account the entries of the log of the
    administration go (Django's foreign key cascades). What was changed stays in the change history,
    with the number of the account (``programs/history.py``).
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
    """Only the words; parts of a name where somebody may have searched for the person."""
    if not known:
        return
    for name in ("filter", "purpose"):
        _forget(ExportRecord.objects.all(), name, known.exact)
        _forget(ExportRecord.objects.filter(places.readers()), name, known.searched)


def forget_in_texts(known: Known, places: Places) -> None:
    """What others typed stays, without the person's address, number and full name."""
    if not known:
        return
    for model, names in TEXTS.items():
        for name in names:
            _forget(model._default_manager.all(), name, known.exact)
            _forget(places.rows(model), name, known.named)


def _forget(rows: "models.QuerySet[Any]", name: str, words: str) -> None:
    rows.filter(**{f"{name}__iregex": words}).update(**{name: _without(name, words)})


def _without(name: str, words: str) -> Func:
    gone, flags = Value(_("(gelöscht)")), Value("gi")
    return Func(F(name), Value(words), gone, flags, function="regexp_replace")


def forget_sessions(known: Known, users: Iterable[int]) -> None:
    """End sessions of the accounts, and those in which a login of the person has begun.

    By address and number: a name in the session of somebody else would log them out.
    """
    if not known:
        return
    numbers, words = {str(pk) for pk in users}, re.compile(known.exact, re.IGNORECASE)
    for session in Session.objects.order_by("pk").iterator(CHUNK):
        data = session.get_decoded()
        text = json.dumps(data, default=str, ensure_ascii=False)
        if data.get("_auth_user_id") in numbers or words.search(text):
            session.delete()


def forget_uploads(known: Known) -> None:
    """A list that waits to be imported may hold the person and would bring them back."""
    if known:
        transaction.on_commit(uploads.discard_all)
