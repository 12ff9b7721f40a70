"""Voices: a sentence or two that somebody says about an entry. Stories: one of a volunteer per programme."""

import hashlib
from typing import Self

from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser
from ..seeing import viewing
from .agreed import Agreed
from .entries import Entry
from .translated import Translated


class VoiceQuerySet(models.QuerySet["Voice"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Voices about the entries that ``user`` sees."""
        return self.filter(
            entry__in=Entry.objects.visible_to(viewing(user, self.model)).values("pk")
        )


@tracked(fields=("id", "entry"), personal=("text", "said_by", "translations"), part_of="entry")
class Voice(Translated, Agreed):
    """What a volunteer or a newcomer says about an entry, with their consent."""

    TRANSLATED = ("text", "said_by")

    MOST = 3
    """How many voices an entry has at most."""

    entry = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("Eintrag"),
        on_delete=models.CASCADE,
        related_name="voices",
    )
    text = models.TextField(
        _("Was die Person sagt"),
        max_length=400,
        validators=[MaxLengthValidator(400)],
        help_text=_("In ihren Worten, höchstens 400 Zeichen, ohne Anführungszeichen."),
    )
    said_by = models.CharField(
        _("Wer es sagt"),
        max_length=80,
        help_text=_(
            "So, wie die Person es möchte: „Amina“, „Frau K.“ oder „eine Ehrenamtliche aus Feuerbach“."
        ),
    )

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stimme")
        verbose_name_plural = _("Stimmen")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(_("Stimme %(number)s") % {"number": self.pk or ""}).strip()


class StoryQuerySet(models.QuerySet["Story"]):
    def public(self) -> Self:
        return self.filter(
            is_published=True, withdrawn_at__isnull=True, programme__is_published=True
        )

    def withdrawn_from(self, slug: str) -> Self:
        """The story that once had the address ``slug`` and was withdrawn."""
        return self.filter(withdrawn_at__isnull=False, slug__startswith=f"{digest_of(slug)}-")

    def visible_to(self, user: AnyUser) -> Self:
        """Stories of the programmes that ``user`` sees."""
        user = viewing(user, self.model)
        return self.filter(programme__in=Entry.objects.visible_to(user).values("pk"))


def digest_of(slug: str) -> str:
    """What stays of the address of a withdrawn story: enough to recognise it, not to read it."""
    return f"-{hashlib.sha256(slug.encode()).hexdigest()[:40]}"


@tracked(
    fields=("id", "programme", "is_published", "withdrawn_at"),
    personal=("title", "person", "text", "translations", "agreed_by", "agreed_on", "agreed_how"),
    part_of="programme",
)
class Story(Translated, Agreed):
    """A short story of a volunteer. Withdrawn, only the days of the consent and of its end are left."""

    TRANSLATED = ("title", "person", "text")

    programme = models.ForeignKey(
        "programs.Programme",
        verbose_name=_("Programm"),
        on_delete=models.CASCADE,
        related_name="stories",
    )
    title = models.CharField(_("Titel"), max_length=120)
    slug = models.SlugField(_("Adresse"), max_length=140, unique=True)
    person = models.CharField(
        _("Wer erzählt"),
        max_length=80,
        help_text=_("So, wie die Person es möchte: „Amina“ oder „eine Bildungsmentorin“."),
    )
    text = models.TextField(
        _("Geschichte"),
        max_length=6000,
        validators=[MinLengthValidator(200), MaxLengthValidator(6000)],
        help_text=_(
            "Höchstens 6.000 Zeichen. Absätze durch eine Leerzeile trennen. Namen von anderen nur, "
            "wenn auch sie einverstanden sind."
        ),
    )
    agreed_by = models.CharField(
        _("Wer eingewilligt hat"),
        max_length=120,
        help_text=_("Der Name der Person. Er erscheint nie öffentlich."),
    )
    is_published = models.BooleanField(_("veröffentlicht"), default=False)
    withdrawn_at = models.DateTimeField(_("Einwilligung widerrufen"), null=True, editable=False)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Geschichte")
        verbose_name_plural = _("Geschichten")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(is_published=True),
                name="story_one_per_programme",
                violation_error_message=_(
                    "Dieses Programm zeigt schon eine Geschichte. Bitte nehmen Sie zuerst die andere "
                    "heraus."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(is_published=False, title="", person="", text="", agreed_by="", agreed_how=""),
                name="story_withdrawn_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Geschichte %(number)s") % {"number": self.pk or ""}).strip()

    def get_absolute_url(self) -> str:
        return reverse("programs:story", args=[self.slug])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
