"""„Etwas stimmt nicht“: what only persons of trust read, and what they did about it."""

import uuid
from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.models import Membership, MembershipQuerySet, Organisation
from programs.phones import validate_phone
from programs.requests import AnyUser
from programs.seeing import viewing

from ..names import NameField
from ..validators import validate_single_line, validate_text


def persons_of_trust() -> MembershipQuerySet:
    """The memberships of all who are persons of trust today."""
    trusted = Membership.objects.active().filter(role=Membership.Role.TRUST)
    return trusted.filter(user__is_active=True)


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: AnyUser) -> Self:
        """What ``user`` reads as a person of trust; being Portalverwaltung alone shows nothing.

        Persons of trust of the organisation and of its department read it. Where neither has one, those
        of the clearing office do. Whom it is about (``kept_from``) never does.
        """
        but_not = _IsIn("user_id", OuterRef("kept_from"))
        readers = _persons_near().exclude(but_not)
        found = self.filter(_read_by(viewing(user, self.model), readers))
        return found.exclude(kept_from__contains=[user.pk or 0])

    def open(self) -> Self:
        return self.exclude(state=ConcernState.DONE)

    def unread(self) -> Self:
        return self.filter(state=ConcernState.NEW)


def _persons_near() -> MembershipQuerySet:
    """Of the row in the outer query: persons of trust of its organisation and of the department above."""
    there = Q(organisation=OuterRef("organisation"))
    there |= Q(organisation=OuterRef("organisation__department"))
    return persons_of_trust().filter(there)


def _read_by(user: AnyUser, readers: MembershipQuerySet) -> Q:
    """Condition: ``user`` is a person of trust near it, or of the clearing office where ``readers`` is empty."""
    held = persons_of_trust().held_by(user)
    own = held.values("organisation")
    is_office = Exists(held.filter(organisation__is_clearing_office=True))
    near = Q(organisation__in=own) | Q(organisation__department__in=own)
    return near | (Q(is_office) & Q(~Exists(readers)))


class _IsIn(Func):
    """Whether a number stands in an array: ``user_id = ANY(kept_from)``."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class ConcernState(models.TextChoices):
    """How far it is; the person who wrote sees this word and nothing else."""

    NEW = "new", _("angekommen")
    READ = "read", _("gelesen")
    IN_HAND = "in_hand", _("wir kümmern uns")
    DONE = "done", _("abgeschlossen")


class Concern(models.Model):
    """Somebody says that something is wrong. No list, export, search, history or mail holds a word of it.

    ``organisation`` says whose persons of trust read it. The tandem may be deleted before the concern.
    """

    State = ConcernState

    class Who(models.TextChoices):
        """Who writes, if they say so; nobody confirms it."""

        VOLUNTEER = "volunteer", _("die engagierte Person")
        NEWCOMER = "newcomer", _("die begleitete Person")
        SCHOOL = "school", _("Schule oder Kita")
        SHELTER = "shelter", _("Unterkunft oder Sozialarbeit")
        FAMILY = "family", _("Familie, Freunde oder Nachbarn")
        OTHER = "other", _("jemand anderes")

    confirmed_at = None
    """Nobody confirms who writes, so it does not say how a person is called elsewhere."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tandem = models.ForeignKey(
        "volunteers.Tandem",
        verbose_name=_("Tandem"),
        on_delete=models.SET_NULL,
        related_name="concerns",
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.PROTECT,
        related_name="concerns",
    )
    about = models.CharField(
        _("Um wen oder was geht es?"), max_length=200, blank=True, validators=[validate_single_line]
    )
    text = models.TextField(_("Was ist los?"), max_length=4000, validators=[validate_text])
    who = models.CharField(_("Wer schreibt"), max_length=9, choices=Who.choices, blank=True)
    name = NameField(_("Name"), max_length=120, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True, validators=[validate_phone])
    about_coordination = models.BooleanField(_("betrifft die Koordination"), default=False)
    kept_from = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("liest es nicht"),
        default=list,
        blank=True,
        editable=False,
        help_text=_(
            "Konten derer, die die Organisation koordinierten, als jemand über die Koordination schrieb."
        ),
    )
    state = models.CharField(
        pgettext_lazy("how far it is", "Stand"),
        max_length=7,
        choices=ConcernState.choices,
        default=ConcernState.NEW,
    )
    came_at = models.DateTimeField(_("angekommen"), default=timezone.now, editable=False)
    answer_by = models.DateField(_("zu lesen bis"), editable=False)
    done_at = models.DateTimeField(_("abgeschlossen"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("that something is wrong", "Hinweis")
        verbose_name_plural = _("Hinweise („Etwas stimmt nicht“)")
        ordering = [F("done_at").desc(nulls_first=True), "answer_by", "pk"]
        indexes = [
            models.Index(
                fields=["answer_by"], condition=Q(done_at__isnull=True), name="concern_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="concern_done_has_a_time",
                violation_error_message=_("Zu „abgeschlossen“ gehört die Zeit."),
            ),
            models.CheckConstraint(
                condition=Q(email="") | ~Q(name=""),
                name="concern_address_has_a_name",
                violation_error_message=_("Eine E-Mail-Adresse wird nur mit Namen gespeichert."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_done(self) -> bool:
        return self.state == ConcernState.DONE

    @property
    def is_late(self) -> bool:
        """Nobody has read it in time."""
        return self.state == ConcernState.NEW and self.answer_by < timezone.localdate()


class ConcernNote(models.Model):
    """One line of a concern's own log: who read it, and what was done."""

    class Kind(models.TextChoices):
        READ = "read", _("gelesen")
        NOTE = "note", _("Notiz")
        HELD = "held", _("Tandem angehalten")
        LET_GO = "let_go", _("Tandem weitergehen lassen")
        ENDED = "ended", _("Tandem aus Schutzgründen beendet")
        FREED = "freed", _("Vermittlung wieder freigegeben")
        DONE = "done", _("abgeschlossen")
        REOPENED = "reopened", _("wieder aufgenommen")

    concern = models.ForeignKey(
        Concern,
        verbose_name=pgettext_lazy("that something is wrong", "Hinweis"),
        on_delete=models.CASCADE,
        related_name="notes",
    )
    kind = models.CharField(_("Was"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("Zeit"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Wer"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    text = models.TextField(_("Notiz"), max_length=2000, blank=True, validators=[validate_text])

    class Meta:
        verbose_name = _("Eintrag zu einem Hinweis")
        verbose_name_plural = _("Einträge zu Hinweisen")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localtime(self.at):%d.%m.%Y, %H:%M}"


class KeptApartQuerySet(models.QuerySet["KeptApart"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Whoever reads the organisation's concerns as a person of trust."""
        return self.filter(_read_by(viewing(user, self.model), _persons_near()))

    def not_freed(self) -> Self:
        """Those whose volunteer is proposed to nobody."""
        return self.filter(freed_at__isnull=True)


class KeptApart(models.Model):
    """A volunteer and somebody whose tandem ended for reasons of safety: never proposed to each other again.

    Until a person of trust frees the volunteer (``freed_at``), they are proposed to nobody. Of the other
    person only keyed hashes of address and number stay, because the request is deleted some day. The
    tandem itself says nothing of the reason, so no list and no export can.
    """

    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.CASCADE,
        related_name="kept_apart",
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.PROTECT,
        related_name="kept_apart",
    )
    concern = models.ForeignKey(
        Concern,
        verbose_name=pgettext_lazy("that something is wrong", "Hinweis"),
        on_delete=models.SET_NULL,
        related_name="kept_apart",
        null=True,
        blank=True,
    )
    marks = ArrayField(
        models.CharField(max_length=64), verbose_name=_("Prüfwerte der anderen Person")
    )
    since = models.DateTimeField(_("seit"), default=timezone.now, editable=False)
    freed_at = models.DateTimeField(_("wieder freigegeben"), null=True, blank=True, editable=False)

    objects = KeptApartQuerySet.as_manager()

    class Meta:
        verbose_name = _("Schutz nach einem Tandem")
        verbose_name_plural = _("Schutz nach Tandems")
        ordering = [F("freed_at").desc(nulls_first=True), "-since", "pk"]
        indexes = [
            models.Index(
                fields=["volunteer"],
                condition=Q(freed_at__isnull=True),
                name="kept_apart_not_freed",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


def readers_of(organisation: Organisation, *, but_not: Collection[int] = ()) -> MembershipQuerySet:
    """Who reads a concern at ``organisation``, by the rule of ``visible_to``; ``but_not`` are accounts."""
    trusted = persons_of_trust().exclude(user__in=but_not)
    near = {organisation.pk, organisation.department_id} - {None}
    found = trusted.filter(organisation__in=near)
    if found.exists():
        return found
    return trusted.filter(organisation__in=Organisation.objects.clearing().values("pk"))
