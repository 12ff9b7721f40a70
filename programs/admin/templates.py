"""Administration of the ready texts for opportunities."""

from django.contrib import admin

from programs.models import OpportunityTemplate

from .base import ScopedModelAdmin
from .slugs import SlugMixin


@admin.register(OpportunityTemplate)
class OpportunityTemplateAdmin(
    SlugMixin[OpportunityTemplate], ScopedModelAdmin[OpportunityTemplate]
):
    list_display = ("name", "title", "position")
    search_fields = ("name", "title")
    title_field = "name"
