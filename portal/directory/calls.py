"""The call list: organisations whose entries nobody confirms, with a number to ring and what happened."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from portal.websites.models import LinkCheck
from programs.confirming import to_confirm
from programs.models import Entry, Membership, Organisation
from programs.phones import dialled
from volunteers.models import OutgoingMail, User

from .asking import unanswered
from .confirming import shown_entries_of_all
from .models import Upkeep

PERM = "programs.confirm_entry"
STEPS = 4
"""What happened: so many steps, the newest ones."""


@dataclass
class Call:
    """One organisation to ring."""

    organisation: Organisation
    reasons: list[str]
    entries: list[Entry] = field(default_factory=list)
    steps: list[Upkeep] = field(default_factory=list)

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Number to dial and number to read, its own first, each once."""
        entries = sorted(self.entries, key=lambda one: one.pk != self.organisation.pk)
        found = {dialled(one.phone): one.phone for one in entries if one.phone}
        return list(found.items())


def kept_by(user: User) -> QuerySet[Organisation]:
    """Organisations whose entries the user confirms, but not the user's own: those one need not ring."""
    seen = Organisation.objects.visible_to(user.limited_to(PERM))
    return seen.exclude(pk__in=Organisation.objects.employing(user).values("pk"))


def to_call(user: User) -> "QuerySet[Organisation]":
    """The hidden ones first, then the marked ones, then those that no mail reaches, then dead websites."""
    entries = Entry.objects.filter(Q(organisation=OuterRef("pk")) | Q(pk=OuterRef("pk")))
    silent = unanswered(entries)
    present = Membership.objects.present().filter(organisation=OuterRef("pk"))
    refused = OutgoingMail.objects.failed().filter(
        refused_with__isnull=False,
        reached_at__isnull=True,
        recipients__contains=[OuterRef("contact_email")],
    )
    dead = LinkCheck.objects.dead().values("url")
    public = entries.published()
    found = kept_by(user).annotate(
        is_silent_hidden=Exists(silent.filter(hidden_on__isnull=False)),
        is_silent=Exists(silent),
        is_refused=Exists(refused) & ~Q(contact_email=""),
        has_no_address=Exists(to_confirm(public)) & ~Exists(present) & Q(contact_email=""),
        has_dead_website=Exists(public.exclude(website="").filter(website__in=dead)),
    )
    wanted = found.filter(
        Q(is_silent=True) | Q(is_refused=True) | Q(has_no_address=True) | Q(has_dead_website=True)
    )
    return wanted.order_by(
        F("is_silent_hidden").desc(), F("is_silent").desc(), F("is_refused").desc(), "title", "pk"
    )


def calls(organisations: "list[Organisation]") -> list[Call]:
    """The rows of one page of :func:`to_call`; two queries."""
    rows = {one.pk: Call(one, _reasons(one)) for one in organisations}
    several = Organisation.objects.filter(pk__in=rows)
    for entry in shown_entries_of_all(several):
        rows[entry.organisation_id or entry.pk].entries.append(entry)
    steps: dict[int, list[Upkeep]] = defaultdict(list)
    for step in Upkeep.objects.filter(organisation__in=rows).select_related("by"):
        steps[step.organisation_id].append(step)
    for number, row in rows.items():
        row.steps = steps[number][:STEPS]
    return list(rows.values())


def _reasons(organisation: object) -> list[str]:
    words = {
        "is_silent_hidden": _("ausgeblendet, weil niemand geantwortet hat"),
        "is_silent": _("zwei Mails ohne Antwort"),
        "is_refused": _("Mails kommen dort nicht an"),
        "has_no_address": _("keine Adresse bekannt"),
        "has_dead_website": _("Webseite antwortet nicht"),
    }
    return [text for name, text in words.items() if getattr(organisation, name)]
