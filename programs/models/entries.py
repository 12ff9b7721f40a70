"""The entry: anything that people can find in the portal; most of them can be joined."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Transform
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..phone_fields import PhoneField
from ..phones import validate_phone
from ..requests import AnyUser
from ..seeing import organisations_as, viewing
from .choices import ScheduleMixin, SpeaksMixin, dayparts_field, languages_field, weekdays_field
from .memberships import Membership
from .provenance import Provenance
from .translated import Translated
from .web import WebAddressField

if TYPE_CHECKING:
    from .offers import Programme
    from .organisations import Organisation


class Fold(Transform):
    """``name__folded``: lower case, no accents, „ae“ equals „ä“; the database does it (``programs/sql/``)."""

    function = "search_fold"
    lookup_name = "folded"
    output_field = models.TextField()


models.CharField.register_lookup(Fold)
models.TextField.register_lookup(Fold)


class EntryQuerySet(models.QuerySet["Entry"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def joinable(self) -> Self:
        """Published entries that people can join: all except those of the kind „organisation“."""
        return self.published().exclude(kind=Entry.Kind.ORGANISATION)

    def organisations(self) -> Self:
        """Entries that are organisations (including circles and initiatives)."""
        return self.filter(kind__in=Entry.ORGANISATION_KINDS)

    def open(self) -> Self:
        return self.joinable().filter(status=Entry.Status.ACTIVE, accepts_sign_ups=True)

    def visible_to(self, user: AnyUser) -> Self:
        """Entries of the user's organisations, and of those whose department the user works for.

        Also, for a user who looks after Willkommensräume: the rooms and the organisations that run them.
        """
        if user.is_superuser:
            return self
        user = viewing(user, self.model)
        kept = Entry.objects.organisations_kept_by(user).values("pk")
        seen = Entry.objects.organisations_seen_by(user).values("pk")
        rooms = Entry.objects.rooms_of(user).values("pk")
        return self.filter(Q(organisation__in=kept) | Q(pk__in=seen) | Q(pk__in=rooms))

    def organisations_kept_by(self, user: AnyUser) -> Self:
        """The organisations of which the user sees all entries (``SEES_ENTRIES``), and those below them.

        An organisation is below its department. ``user`` works with all entries of these organisations.
        """
        own = organisations_as(user, Membership.SEES_ENTRIES)
        return self.organisations().filter(Q(pk__in=own) | Q(department__in=own))

    def organisations_seen_by(self, user: AnyUser) -> Self:
        """Those of :meth:`organisations_kept_by`, and those that ``user`` sees because of rooms.

        The latter are, for room staff: their department, the organisations below it, and the Träger of
        the rooms.
        """
        offices = organisations_as(user, Membership.SEES_ROOMS)
        if not offices:
            return self.organisations_kept_by(user)
        rooms = Entry.objects.rooms_of(user).values("organisation")
        kept = Entry.objects.organisations_kept_by(user).values("pk")
        carriers = Q(pk__in=offices) | Q(department__in=offices) | Q(pk__in=rooms)
        return self.organisations().filter(Q(pk__in=kept) | carriers)

    def rooms_of(self, user: AnyUser) -> Self:
        """Willkommensräume that ``user`` looks after, as room staff of the department in charge."""
        offices = organisations_as(user, Membership.SEES_ROOMS)
        if not offices:
            return self.none()
        in_charge = Q(department__in=offices) | Q(organisation__department__in=offices)
        return self.filter(in_charge | Q(organisation__in=offices), kind=Entry.Kind.ROOM)


@tracked(
    exclude=(
        "internal_note",
        "is_demo",
        "unanswered_since",
        "hidden_on",
        "created_at",
        "updated_at",
        "published_at",
        "search_names",
        "search_text",
        "search_vector",
    )
)
class Entry(SpeaksMixin, ScheduleMixin, Translated, Provenance):
    """The common fields of organisations, programmes, rooms and opportunities.

    Database triggers (``programs/sql/``) write ``facets``, ``published_at`` and the search columns, so that
    imports and bulk updates keep them up to date, too.
    """

    class Kind(models.TextChoices):
        OPPORTUNITY = "opportunity", _("Einsatzmöglichkeit")
        PROGRAMME = "programme", _("Programm")
        ROOM = "room", _("Willkommensraum")
        CIRCLE = "circle", _("Freundeskreis")
        INITIATIVE = "initiative", _("Initiative")
        ORGANISATION = "organisation", _("Organisation")

    ORGANISATION_KINDS = (Kind.CIRCLE, Kind.INITIATIVE, Kind.ORGANISATION)
    """Kinds of entries that are organisations. Every other entry belongs to an organisation."""

    TRANSLATED: ClassVar[tuple[str, ...]] = (
        *("summary", "description", "requirements", "time_note", "period_note", "located_at"),
        *("contact_role", "phone_hours"),
    )

    class Status(models.TextChoices):
        ACTIVE = "active", _("aktiv")
        PAUSED = "paused", _("pausiert")
        ENDED = "ended", _("beendet")

    kind = models.CharField(_("Art"), max_length=12, choices=Kind.choices, editable=False)
    title = models.CharField(_("Name"), max_length=160)
    slug = models.SlugField(_("Adresse"), max_length=160, unique=True)
    summary = models.CharField(
        _("Kurzbeschreibung"), max_length=300, blank=True, help_text=_("Ein bis zwei Sätze.")
    )
    description = models.TextField(
        _("Beschreibung"), blank=True, help_text=_("Absätze durch eine Leerzeile trennen.")
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.PROTECT,
        related_name="entries",
        null=True,
        blank=True,
    )
    department = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("zuständige Stelle"),
        on_delete=models.PROTECT,
        related_name="supervised_entries",
        null=True,
        blank=True,
        help_text=_("Antwortet, solange die Organisation niemanden im Portal hat."),
    )
    status = models.CharField(
        _("Status"), max_length=6, choices=Status.choices, default=Status.ACTIVE
    )
    is_published = models.BooleanField(_("veröffentlicht"), default=False)
    accepts_sign_ups = models.BooleanField(_("nimmt Anmeldungen an"), default=True)
    starts_on = models.DateField(_("Beginn"), null=True, blank=True)
    ends_on = models.DateField(_("Ende"), null=True, blank=True)
    period_note = models.CharField(
        _("Zeitraum in Worten"),
        max_length=120,
        blank=True,
        help_text=_("Wird statt der Daten gezeigt, zum Beispiel „seit Frühjahr 2018“."),
    )
    districts = models.ManyToManyField(
        "programs.District",
        verbose_name=_("Stadtbezirke"),
        related_name="entries",
        blank=True,
        help_text=_("Ohne Stadtbezirk und ohne „Ort in Worten“ heißt: in der ganzen Stadt."),
    )
    located_at = models.CharField(
        _("Ort in Worten"),
        max_length=160,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "Wenn es an einem bestimmten Ort ist, zum Beispiel „Unterkunft Ziegelbrennerstraße“. Dann gilt "
            "es nicht als „in der ganzen Stadt“, auch wenn der Stadtbezirk nicht bekannt ist."
        ),
    )
    fields = models.ManyToManyField(
        "programs.Field", verbose_name=_("Engagementfelder"), related_name="entries", blank=True
    )
    target_groups = models.ManyToManyField(
        "programs.TargetGroup", verbose_name=_("Zielgruppen"), related_name="entries", blank=True
    )
    languages = languages_field(_("Sprachen, die gebraucht werden"))
    without_german = models.BooleanField(_("ohne Deutschkenntnisse möglich"), default=False)
    newcomers_welcome = models.BooleanField(
        _("Mitgestalten: für Neuzugewanderte, die sich selbst engagieren"), default=False
    )
    for_groups = models.BooleanField(
        _("auch für Gruppen"),
        default=False,
        db_default=False,
        help_text=_(
            "Eine Klasse, ein Team oder ein Kreis kann sich gemeinsam anmelden. Das Portal kennt nur die "
            "Ansprechperson, also nicht, wo alle ein Führungszeugnis brauchen."
        ),
    )
    weekdays = weekdays_field()
    dayparts = dayparts_field()
    time_note = models.CharField(
        _("Zeitaufwand"),
        max_length=160,
        blank=True,
        help_text=_("Zum Beispiel „2 Stunden in der Woche“."),
    )
    requirements = models.CharField(_("Voraussetzungen"), max_length=300, blank=True)
    contact_role = models.CharField(
        _("Ansprechstelle"),
        max_length=120,
        blank=True,
        help_text=_("Eine Funktion, kein Name: „Koordination WillkommensPaten“."),
    )
    phone = PhoneField(
        _("Telefon"),
        max_length=40,
        blank=True,
        db_default="",
        default="",
        validators=[validate_phone],
        help_text=_(
            "Eine dienstliche Nummer, nie eine private: Sie steht auf der Seite. Ohne Nummer gilt die "
            "der Organisation, der zuständigen Stelle oder zuletzt der Clearingstelle."
        ),
    )
    phone_hours = models.CharField(
        _("Sprechzeiten am Telefon"),
        max_length=120,
        blank=True,
        db_default="",
        default="",
        help_text=_("Zum Beispiel „Mo–Do 9–12 Uhr“."),
    )
    website = WebAddressField(_("Webseite"), max_length=300, blank=True)
    places = models.PositiveSmallIntegerField(
        _("Plätze"), null=True, blank=True, help_text=_("Leer heißt: unbegrenzt.")
    )
    internal_note = models.TextField(
        _("interne Notiz"), blank=True, help_text=_("Erscheint nie öffentlich.")
    )
    unanswered_since = models.DateField(
        _("ohne Antwort seit"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Tag der ersten Mail, auf die niemand geantwortet hat."),
    )
    hidden_on = models.DateField(
        _("ausgeblendet am"),
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "Weil lange niemand den Eintrag bestätigt hat. Eine Bestätigung zeigt ihn wieder."
        ),
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)
    published_at = models.DateTimeField(
        _("zuerst veröffentlicht"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Leer, wenn es war, bevor das Portal diese Zeit aufschrieb."),
    )

    facets = ArrayField(models.CharField(max_length=100), default=list, editable=False)
    search_names = models.TextField(default="", editable=False)
    search_text = models.TextField(default="", editable=False)
    search_vector = SearchVectorField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Eintrag")
        verbose_name_plural = _("Einträge")
        ordering = ["title"]
        indexes = [
            GinIndex(fields=["search_vector"], name="entry_search_vector"),
            GinIndex(fields=["facets"], name="entry_facets"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="entry_search_text"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="entry_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Beginn."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["circle", "initiative", "organisation"])
                ^ Q(organisation__isnull=False),
                name="entry_has_owner",
                violation_error_message=_("Bitte eine Organisation wählen."),
            ),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(places__gte=1),
                name="entry_places_at_least_one",
                violation_error_message=_("Mindestens ein Platz, oder leer für unbegrenzt."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        app = "welcome_rooms" if self.kind == self.Kind.ROOM else "programs"
        return reverse(f"{app}:{self.kind}", args=[self.slug])

    @property
    def owner(self) -> "Organisation":
        """The organisation that the entry belongs to; an organisation belongs to itself."""
        return self.organisation or self.organisation_entry

    @property
    def owner_key(self) -> int:
        """Its primary key, for which nothing has to be read."""
        return self.organisation_id or self.pk

    @property
    def programme(self) -> "Programme | None":
        """The programme, if this entry is one or is an opportunity of one; else None."""
        if self.kind == self.Kind.PROGRAMME:
            return self.programme_entry
        if self.kind != self.Kind.OPPORTUNITY:
            return None
        part_of = self.opportunity_entry.part_of
        return part_of.programme if part_of else None

    @property
    def is_ended(self) -> bool:
        return self.status == self.Status.ENDED

    @property
    def is_paused(self) -> bool:
        return self.status == self.Status.PAUSED

    @property
    def is_unanswered(self) -> bool:
        """Whether nobody has answered the mails that ask whether it is still right; a confirmation is an answer."""
        since, confirmed = self.unanswered_since, self.confirmed_on
        return since is not None and (confirmed is None or confirmed < since)

    @property
    def is_open(self) -> bool:
        """Whether people can sign up for it."""
        return (
            self.is_published
            and self.accepts_sign_ups
            and self.status == self.Status.ACTIVE
            and self.kind != self.Kind.ORGANISATION
        )

    @property
    def period_label(self) -> str:
        """The period as text: ``period_note``, or the dates that are known."""
        if self.period_note:
            return self.period_note
        start, end = (
            d and date_format(d, gettext("d.m.Y")) for d in (self.starts_on, self.ends_on)
        )
        if start and end:
            return f"{start} – {end}"
        if start:
            return str(_("seit %(date)s") % {"date": start})
        return str(_("bis %(date)s") % {"date": end}) if end else ""
