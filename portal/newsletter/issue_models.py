"""Issues of the newsletter: their parts while they are written, and one delivery for each recipient."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.models import Entry, Event, Language
from programs.models.web import WebAddressField
from volunteers.validators import validate_single_line, validate_text

from .models import Subscription, topics_field

LONGEST_TEXT = 6000
LAST = 999
MOST_BLOCKS = 40
"""Parts of one issue; with all of them at their longest it is too large and is not sent."""


class IssueStatus(models.TextChoices):
    DRAFT = "draft", _("Entwurf")
    SCHEDULED = "scheduled", _("geplant")
    SENDING = "sending", _("wird versendet")
    PAUSED = "paused", _("angehalten")
    SENT = "sent", _("versendet")
    STOPPED = "stopped", _("abgebrochen")


BEGUN = (IssueStatus.SENDING, IssueStatus.PAUSED, IssueStatus.SENT, IssueStatus.STOPPED)
"""Somebody may have got the mail, so its text stays as it is."""
ALIVE = (IssueStatus.SENDING, IssueStatus.PAUSED)


class NewsletterIssueQuerySet(models.QuerySet["NewsletterIssue"]):
    def public(self) -> Self:
        """Those with a page for everybody, the newest first."""
        return self.filter(status__in=BEGUN, is_public=True).order_by("-begun_at", "-pk")

    def due(self) -> Self:
        """Those whose hour has come."""
        return self.filter(status=IssueStatus.SCHEDULED, send_at__lte=timezone.now())

    def in_trouble(self) -> Self:
        """Those that the portal has held up; ``note`` says why."""
        return self.filter(status__in=(IssueStatus.DRAFT, IssueStatus.PAUSED)).exclude(note="")


@tracked(exclude=("content", "note", "tested", "is_demo", "updated_at"))
class NewsletterIssue(models.Model):
    """One issue. Write its status through ``portal/newsletter/issues.py``.

    From the beginning of the sending on, ``content`` is what everybody gets and what its public page
    shows (``portal/newsletter/content.py``), whatever happens to entries and events.
    """

    Status = IssueStatus

    title = models.CharField(
        _("Betreff"),
        max_length=120,
        validators=[validate_single_line],
        help_text=_("Er steht im Postfach, über der Mail und über der Seite im Portal."),
    )
    summary = models.CharField(
        _("Vorschau im Postfach"),
        max_length=200,
        blank=True,
        validators=[validate_single_line],
        help_text=_("Ein Satz: Viele Postfächer zeigen ihn neben dem Betreff."),
    )
    topics = topics_field(_("Themen"))
    language = models.CharField(
        _("Sprache"),
        max_length=3,
        choices=Language.choices,
        default=Language.GERMAN,
        help_text=_("Die Ausgabe bekommt, wer den Newsletter in dieser Sprache bestellt hat."),
    )
    status = models.CharField(
        _("Status"),
        max_length=9,
        choices=IssueStatus.choices,
        default=IssueStatus.DRAFT,
        editable=False,
    )
    send_at = models.DateTimeField(_("geplant für"), null=True, blank=True, editable=False)
    begun_at = models.DateTimeField(_("Versand begonnen"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("Versand beendet"), null=True, blank=True, editable=False)
    note = models.CharField(_("Warum er ruht"), max_length=300, blank=True, editable=False)
    content = models.JSONField(_("Inhalt beim Versand"), null=True, blank=True, editable=False)
    tested = models.CharField(
        _("Stand der letzten Testmail"), max_length=64, blank=True, editable=False
    )
    is_public = models.BooleanField(_("auf der Webseite"), default=True, editable=False)
    recipients = models.PositiveIntegerField(_("Empfänger"), default=0, editable=False)
    delivered = models.PositiveIntegerField(_("zugestellt"), default=0, editable=False)
    refused = models.PositiveIntegerField(_("abgewiesen"), default=0, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)

    objects = NewsletterIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("Newsletter-Ausgabe")
        verbose_name_plural = _("Newsletter-Ausgaben")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(topics=[]),
                name="issue_has_a_topic",
                violation_error_message=_("Bitte wählen Sie mindestens ein Thema."),
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(send_at__isnull=False),
                name="issue_scheduled_has_a_time",
                violation_error_message=_("Was geplant ist, hat eine Zeit."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled"])
                | Q(begun_at__isnull=False, content__isnull=False),
                name="issue_begun_has_its_content",
                violation_error_message=_("Was versendet wird, hat einen festen Inhalt."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:newsletter_issue", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == IssueStatus.DRAFT

    @property
    def has_begun(self) -> bool:
        return self.status in BEGUN

    @property
    def is_alive(self) -> bool:
        return self.status in ALIVE


@tracked(part_of="issue")
class NewsletterBlock(models.Model):
    """One part of an issue: an entry or an event as it is when the sending begins, or own text."""

    issue = models.ForeignKey(
        NewsletterIssue,
        verbose_name=_("Ausgabe"),
        on_delete=models.CASCADE,
        related_name="blocks",
    )
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=LAST, help_text=_("Die kleinste Zahl steht oben.")
    )
    title = models.CharField(
        _("Überschrift"), max_length=160, blank=True, validators=[validate_single_line]
    )
    text = models.TextField(
        _("Text"), max_length=LONGEST_TEXT, blank=True, validators=[validate_text]
    )
    link = WebAddressField(_("Link dazu"), blank=True)
    entry = models.ForeignKey(
        Entry,
        verbose_name=_("Eintrag"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    event = models.ForeignKey(
        Event,
        verbose_name=_("Termin"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("Baustein")
        verbose_name_plural = _("Bausteine")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | Q(event__isnull=False) | ~Q(text=""),
                name="block_says_something",
                violation_error_message=_("Ein eigener Baustein braucht einen Text."),
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(event__isnull=True),
                name="block_shows_one_thing",
                violation_error_message=_("Ein Baustein zeigt einen Eintrag oder einen Termin."),
            ),
        ]

    def __str__(self) -> str:
        shown = self.entry or self.event
        return str(shown or self.title or __("Eigener Text"))

    @property
    def is_own_text(self) -> bool:
        return self.entry_id is None and self.event_id is None


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("wartet")
    SENT = "sent", _("zugestellt")
    REFUSED = "refused", _("abgewiesen")
    SKIPPED = "skipped", _("ausgelassen")


class NewsletterDeliveryQuerySet(models.QuerySet["NewsletterDelivery"]):
    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def due(self) -> Self:
        """Those that may be tried now."""
        return self.waiting().filter(Q(try_at__isnull=True) | Q(try_at__lte=timezone.now()))

    def numbers(self) -> dict[str, int]:
        """State → how many, in one query."""
        rows: Any = self.order_by().values_list("state").annotate(number=Count("pk"))
        return {state.value: 0 for state in DeliveryState} | dict(rows)


class NewsletterDelivery(models.Model):
    """That one subscription gets one issue, once. Written by ``portal/newsletter/dispatch.py``.

    When the subscription is deleted, its delivery stays without it: a count.
    """

    State = DeliveryState

    issue = models.ForeignKey(
        NewsletterIssue,
        verbose_name=_("Ausgabe"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    subscription = models.ForeignKey(
        Subscription,
        verbose_name=_("Bestellung"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    state = models.CharField(
        _("Stand"), max_length=7, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    code = models.PositiveSmallIntegerField(_("Antwort des Mailservers"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    try_at = models.DateTimeField(_("nächster Versuch"), null=True, blank=True)
    done_at = models.DateTimeField(_("erledigt"), null=True, blank=True)

    objects = NewsletterDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Zustellung")
        verbose_name_plural = _("Zustellungen")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["issue", "id"], name="delivery_waiting", condition=Q(state="waiting")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "subscription"],
                name="delivery_once_per_issue",
                violation_error_message=_("Wer eine Ausgabe bekommt, bekommt sie einmal."),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True)
                | (~Q(state="waiting") & Q(done_at__isnull=False)),
                name="delivery_done_has_a_time",
                violation_error_message=_("Was erledigt ist, hat eine Zeit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.get_state_display()}"
