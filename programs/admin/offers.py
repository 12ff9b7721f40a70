"""Administration of programmes and opportunities."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.models import Opportunity, Programme, ProgrammeStep, ProtectionConcept

from .base import RowsOfOwner, ScopedMixin
from .entries import EntryAdminBase
from .forms import ScopedModelForm
from .translated import TranslatedMixin
from .typed import StackedInline


class ProgrammeStepForm(ScopedModelForm[ProgrammeStep]):
    class Meta:
        help_texts = {"position": _("Die kleinste Zahl kommt zuerst.")}


class ProgrammeStepInline(ScopedMixin[ProgrammeStep], StackedInline[ProgrammeStep, Programme]):
    """The preparation steps of the programme, in its own order.

    A step that a volunteer has already taken can be renamed, but not deleted.
    """

    model = ProgrammeStep
    form = ProgrammeStepForm
    formset = RowsOfOwner
    extra = 0
    fields = (("position", "kind"), "title", "note", "text", "text_version")
    readonly_fields = ("text_version",)
    verbose_name_plural = _("Schritte der Vorbereitung")


class ProtectionConceptInline(
    ScopedMixin[ProtectionConcept], StackedInline[ProtectionConcept, Programme]
):
    """At most one: where, when, whom to call. The steps before the start stand above it."""

    model = ProtectionConcept
    formset = RowsOfOwner
    extra = 0
    fields = (
        "meeting_places",
        "meeting_times",
        "first_meeting_with",
        ("contact_role", "phone", "phone_hours"),
        "note_for_family",
        "note_for_volunteers",
    )
    verbose_name_plural = _("Schutzkonzept")


@admin.register(Programme)
class ProgrammeAdmin(TranslatedMixin, EntryAdminBase[Programme]):
    list_display = (
        "title",
        "type",
        "organisation",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
        "translated_label",
    )
    list_filter = ("type", *EntryAdminBase.list_filter)
    autocomplete_fields = ("organisation", "department", "part_of", "partners")
    inlines = (ProgrammeStepInline, ProtectionConceptInline)
    what = ("title", "slug", "type", "organisation", "part_of", "summary", "description")
    joining = (
        *EntryAdminBase.joining,
        "requires_conduct_check",
        "makes_tandems",
        "trial_weeks",
        "reflections_a_year",
        "expenses_a_year",
    )
    office = ("funder", "partners", "department", "internal_note")


@admin.register(Opportunity)
class OpportunityAdmin(TranslatedMixin, EntryAdminBase[Opportunity]):
    list_display = (*EntryAdminBase.list_display, "translated_label")
    autocomplete_fields = ("organisation", "department", "part_of")
    what = ("title", "slug", "organisation", "part_of", "summary", "description")
