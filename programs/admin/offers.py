"""Programmes and opportunities."""

from django.contrib import admin

from programs.models import Opportunity, Programme

from .entries import EntryAdminBase


@admin.register(Programme)
class ProgrammeAdmin(EntryAdminBase):
    list_display = (
        "title",
        "type",
        "organisation",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
    )
    list_filter = ("type", *EntryAdminBase.list_filter)
    autocomplete_fields = ("organisation", "department", "part_of")
    filter_horizontal = ("partners",)
    what = ("title", "slug", "type", "organisation", "part_of", "summary", "description")
    joining = (*EntryAdminBase.joining, "requires_conduct_check")
    office = ("funder", "partners", "department", "internal_note")


@admin.register(Opportunity)
class OpportunityAdmin(EntryAdminBase):
    autocomplete_fields = ("organisation", "department", "part_of")
    what = ("title", "slug", "organisation", "part_of", "summary", "description")
