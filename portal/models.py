"""Pages that staff edit, and a record of the loaded starting data."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cooperation.models import CooperationOffer, Need
from portal.counselling.models import CounsellingMessage, CounsellingRequest
from portal.directory.invited_models import InvitedOrganisation
from portal.directory.models import ChangeProposal, ChangeRule, Upkeep
from portal.figures.models import Figure, KeyFigure
from portal.figures.survey_models import Survey, SurveyAnswer
from portal.newsletter.issue_models import NewsletterBlock, NewsletterDelivery, NewsletterIssue
from portal.newsletter.models import Subscription
from portal.notes import without_notes
from portal.operations.backup.models import Backup
from portal.saved_searches.models import SavedSearch
from portal.search.models import MissedWord, SynonymGroup
from portal.sharing.models import SharePicture
from portal.websites.models import LinkCheck
from programs.history import tracked
from programs.models import Translated

__all__ = [
    "Backup",
    "ChangeProposal",
    "ChangeRule",
    "CooperationOffer",
    "CounsellingMessage",
    "CounsellingRequest",
    "Figure",
    "InvitedOrganisation",
    "KeyFigure",
    "LinkCheck",
    "LoadedRecord",
    "MissedWord",
    "Need",
    "NewsletterBlock",
    "NewsletterDelivery",
    "NewsletterIssue",
    "Page",
    "SavedSearch",
    "SharePicture",
    "Subscription",
    "Survey",
    "SurveyAnswer",
    "SynonymGroup",
    "Upkeep",
]


LINKED_PAGES = frozenset(
    {
        "impressum",
        "datenschutz",
        "barrierefreiheit",
        "so-laeuft-es",
        "versicherung-und-auslagen",
        "engagement-im-wandel",
        "willkommensraeume-konzept",
    }
)
"""Slugs of the pages to which the portal's own pages link; they stay published."""


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> Self:
        return self.filter(is_published=True)


@tracked(exclude=("updated_at",))
class Page(Translated):
    """A page of text that staff edit: imprint, privacy, accessibility, concepts."""

    TRANSLATED = ("title", "body")

    slug = models.SlugField(_("Adresse"), unique=True)
    title = models.CharField(_("Titel"), max_length=120)
    body = models.TextField(
        _("Text"), help_text=_("Markdown: ## Überschrift, **fett**, [Text](Adresse), - Liste.")
    )
    is_published = models.BooleanField(_("veröffentlicht"), default=True)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Seite")
        verbose_name_plural = _("Seiten")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:page", args=[self.slug])

    def german(self, name: str) -> str:
        """Notes for editors are not translated."""
        return self.public_body if name == "body" else super().german(name)

    @property
    def public_body(self) -> str:
        """The text without the notes for editors."""
        return without_notes(self.body)


class LoadedRecord(models.Model):
    """A digest of what ``load_reference`` wrote last, so that it can skip records that staff have changed.

    A record that staff have deleted keeps its row here, so it is not loaded again. ``load_demo``
    also stores its keys here.
    """

    key = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key
