"""What companies and foundations offer, and what organisations need."""

import datetime
import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.models import Organisation
from programs.phones import validate_phone
from programs.requests import AnyUser
from programs.seeing import viewing
from volunteers.models.owned import OwnedQuerySet
from volunteers.names import NameField
from volunteers.periods import over_before
from volunteers.validators import validate_single_line, validate_text


class Kind(models.TextChoices):
    """What can be offered and needed."""

    TIME = "time", _("Zeit")
    MONEY = "money", _("Geld")
    THINGS = "things", _("Sachen")
    ROOMS = "rooms", _("Räume")
    KNOW_HOW = "know_how", _("Fachwissen")


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Those of organisations that the user looks after."""
        kept = Organisation.objects.visible_to(viewing(user, self.model))
        return self if user.is_superuser else self.filter(organisation__in=kept.values("pk"))

    def current(self) -> Self:
        """Not met, not past their last day, and of an organisation that is shown; the newest first."""
        today = timezone.localdate()
        found = self.filter(Q(until__isnull=True) | Q(until__gte=today), is_met=False)
        shown = found.filter(organisation__is_published=True).exclude(organisation__status="ended")
        return shown.select_related("organisation").order_by("-made_at", "-pk")


class Need(models.Model):
    """What an organisation needs; stated by its own people, public. It names nobody."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="needs",
    )
    kind = models.CharField(_("was"), max_length=8, choices=Kind.choices)
    text = models.CharField(
        _("Bedarf"),
        max_length=200,
        validators=[validate_single_line],
        help_text=_("Ein Satz, öffentlich: „Ein Raum für 15 Menschen, mittwochs ab 17 Uhr“."),
    )
    until = models.DateField(
        _("bis"), null=True, blank=True, help_text=_("Danach steht er nirgends mehr. Leer: offen.")
    )
    is_met = models.BooleanField(_("erfüllt"), default=False)
    made_at = models.DateTimeField(_("eingetragen"), default=timezone.now, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("Bedarf")
        verbose_name_plural = _("Bedarf von Organisationen")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class OfferStatus(models.TextChoices):
    NEW = "new", _("neu")
    IN_CONTACT = "in_contact", _("im Gespräch")
    AGREED = "agreed", _("vereinbart")
    NOTHING = "nothing", _("nichts daraus geworden")


CLOSED = (OfferStatus.AGREED, OfferStatus.NOTHING)


class CooperationOfferQuerySet(OwnedQuerySet["CooperationOffer"]):
    def unanswered(self) -> Self:
        """Those that wait for the first answer, the most urgent first."""
        return self.filter(status=OfferStatus.NEW).order_by("answer_by", "pk")

    def over(self) -> Self:
        """``KEEP_COOPERATION_MONTHS`` after the day on which it was settled, or on which it came."""
        limit = over_before(settings.KEEP_COOPERATION_MONTHS)
        settled = Q(settled_on__lt=timezone.localdate(limit))
        return self.filter(settled | Q(settled_on__isnull=True, submitted_at__lt=limit))


class CooperationOffer(models.Model):
    """A company or foundation offers something; ``organisation`` is the department that answers.

    By mail or telephone, like a question: nothing but that answer goes to the address, so nobody
    confirms it.
    """

    confirmed_at = None
    """Like records that nobody has confirmed, it does not say how a person is called elsewhere."""
    Status = OfferStatus

    class By(models.TextChoices):
        COMPANY = "company", _("Unternehmen")
        FOUNDATION = "foundation", _("Stiftung")
        OTHER = "other", _("andere Einrichtung")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("beantwortet von"),
        on_delete=models.PROTECT,
        related_name="cooperation_offers",
    )
    by = models.CharField(
        pgettext_lazy("sender", "von"), max_length=10, choices=By.choices, default=By.COMPANY
    )
    company = models.CharField(
        _("Name des Unternehmens oder der Stiftung"),
        max_length=160,
        validators=[validate_single_line],
    )
    kinds: "ArrayField[Any, Any]" = ArrayField(
        models.CharField(max_length=8, choices=Kind.choices), verbose_name=_("bietet")
    )
    text = models.TextField(_("Angebot"), max_length=2000, validators=[validate_text])
    name = NameField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True, validators=[validate_phone])
    submitted_at = models.DateTimeField(_("eingegangen"), default=timezone.now, editable=False)
    answer_by = models.DateField(_("Antwort bis"), editable=False)
    status = models.CharField(
        _("Status"), max_length=10, choices=OfferStatus.choices, default=OfferStatus.NEW
    )
    outcome = models.TextField(
        _("Was daraus wurde"), max_length=2000, blank=True, default="", validators=[validate_text]
    )
    benefits = models.ForeignKey(
        Organisation,
        verbose_name=_("kommt zugute"),
        on_delete=models.SET_NULL,
        related_name="benefits_from",
        null=True,
        blank=True,
    )
    settled_on = models.DateField(_("entschieden am"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = CooperationOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kooperation")
        verbose_name_plural = _("Kooperationen")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "status"], name="cooperation_worklist"),
            models.Index(fields=["email"], name="cooperation_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="cooperation_can_be_answered",
                violation_error_message=_("Bitte eine E-Mail-Adresse oder Telefonnummer angeben."),
            ),
            models.CheckConstraint(
                condition=~Q(kinds=[]),
                name="cooperation_offers_something",
                violation_error_message=_("Bitte sagen Sie, was angeboten wird."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["agreed", "nothing"]) | ~Q(outcome=""),
                name="cooperation_says_what_came_of_it",
                violation_error_message=_("Bitte schreiben Sie, was daraus wurde."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} ({timezone.localtime(self.submitted_at):%d.%m.%Y})"

    @property
    def kind_labels(self) -> str:
        return ", ".join(str(Kind(one).label) for one in self.kinds)

    @property
    def is_overdue(self) -> bool:
        return self.status == OfferStatus.NEW and self.answer_by < timezone.localdate()

    def settle(self, today: datetime.date) -> None:
        """Note the day on which it was settled; an open one has none."""
        if self.status not in CLOSED:
            self.settled_on = None
        elif self.settled_on is None:
            self.settled_on = today
