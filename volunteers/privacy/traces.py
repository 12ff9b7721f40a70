"""Where a person's name stands besides their own records: mails, logs, texts of others, sessions.

Records find their person by a key; these do not. So they are searched for the words that the portal
knows of the person: addresses, phone numbers and names, as whole words, upper or lower case.
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

if TYPE_CHECKING:
    from .erasing import Scope

CHUNK = 100
"""Mails that are read at a time."""
SHORTEST = 3
"""Letters from which a part of a name counts where somebody searched for it."""
SHORTEST_PHONE = 5
"""Digits from which what was typed as a phone number is one; the field takes any words."""
TEXTS: Mapping[type[models.Model], tuple[str, ...]] = {
    Application: ("message", "decline_reason"),
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
    def sure(self) -> str:
        """Pattern of what means this person and nobody else: no first name alone."""
        full = {name for name in self.names if len(name.split()) > 1}
        return pattern(self.emails | self.phones | full)

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
    """An address is not the end of a longer one: «ott@» is somebody else than «lena.ott@»."""
    return rf"(?<![\w.+-]){re.escape(word)}" if "@" in word else re.escape(word)


def known_of(scope: "Scope") -> Known:
    """Read before the records go.

    Names and numbers of unconfirmed records are left out: nobody was told of them, and anybody may
    type there what stands in the texts of others. A number is one from ``SHORTEST_PHONE`` digits on.
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
    phones = {phone for phone in phones if sum(map(str.isdigit, phone)) >= SHORTEST_PHONE}
    return Known(*(frozenset(words - {""}) for words in (emails, phones, names)))


def named_records(scope: "Scope") -> Named:
    """The records whose name in the log of the administration is the person's, by number."""
    kinds: list[models.QuerySet[Any]] = [
        model._default_manager.filter(pk__in=scope.of(model))
        for model in (CompanionRequest, Application, Registration, Volunteer, User, Invitation)
    ]
    kinds += [
        scope.tandems(),
        Certificate.objects.filter(volunteer__in=scope.volunteers),
        Membership.objects.filter(user__in=scope.users),
    ]
    return [(rows.model, [str(pk) for pk in rows.values_list("pk", flat=True)]) for rows in kinds]


def forget_mails(known: Known) -> None:
    """Delete mails to the person, delivered or not, and mails to others that name them.

    A mail on its way in which only a first name fits may be about somebody else: it is deleted when
    it has arrived.
    """
    if not known:
        return
    OutgoingMail.objects.filter(recipients__overlap=list(known.emails)).delete()
    sure, perhaps = re.compile(known.sure, re.IGNORECASE), re.compile(known.any, re.IGNORECASE)
    for mail in OutgoingMail.objects.order_by("pk").iterator(CHUNK):
        text = readable(mail)
        if sure.search(text) or (mail.sent_at and perhaps.search(text)):
            mail.delete()
        elif perhaps.search(text):
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


def forget_in_logs(known: Known, named: Named) -> None:
    """The log of the administration keeps who did what when; exports, who took which list."""
    entries = Q()
    for model, numbers in named:
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        entries |= Q(content_type=kind, object_id__in=numbers)
    if known:
        entries |= Q(object_repr__iregex=known.sure) | Q(change_message__iregex=known.sure)
    gone = _("(gelöscht)")
    LogEntry.objects.filter(entries).update(object_repr=gone, change_message="")
    if known:
        for name in ("filter", "purpose"):
            found = ExportRecord.objects.filter(**{f"{name}__iregex": known.searched})
            found.update(**{name: gone})


def forget_in_texts(known: Known) -> None:
    """What others typed stays, without the person's address, number and full name."""
    if not known:
        return
    for model, names in TEXTS.items():
        for name in names:
            rows = model._default_manager.filter(**{f"{name}__iregex": known.sure})
            rows.update(**{name: _without(name, known.sure)})


def _without(name: str, words: str) -> Func:
    gone, flags = Value(_("(gelöscht)")), Value("gi")
    return Func(F(name), Value(words), gone, flags, function="regexp_replace")


def forget_sessions(known: Known, users: Iterable[int]) -> None:
    """End sessions of the accounts, and those in which a login of the person has begun."""
    if not known:
        return
    numbers, words = {str(pk) for pk in users}, re.compile(known.sure, re.IGNORECASE)
    for session in Session.objects.order_by("pk").iterator(CHUNK):
        data = session.get_decoded()
        text = json.dumps(data, default=str, ensure_ascii=False)
        if data.get("_auth_user_id") in numbers or words.search(text):
            session.delete()


def forget_uploads(known: Known) -> None:
    """A list that waits to be imported may hold the person and would bring them back."""
    if known:
        transaction.on_commit(uploads.discard_all)
