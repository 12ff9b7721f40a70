"""Administration of the ready texts for opportunities and for messages to many."""

from django.contrib import admin

from programs.models import MessageTemplate, OpportunityTemplate

from .base import ScopedModelAdmin
from .slugs import SlugMixin


@admin.register(OpportunityTemplate)
class OpportunityTemplateAdmin(
    SlugMixin[OpportunityTemplate], ScopedModelAdmin[OpportunityTemplate]
):
    list_display = ("name", "title", "position")
    search_fields = ("name", "title")
    title_field = "name"


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ScopedModelAdmin[MessageTemplate]):
    list_display = ("name", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("name", "text")
    autocomplete_fields = ("organisation",)
    own_organisation_fields = ("organisation",)
