"""Administration of districts, fields and target groups: the lists that search and map group by."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.models import District, Field, TargetGroup

from .base import ScopedModelAdmin
from .pages import ComesAndStaysMixin
from .slugs import SlugMixin
from .translated import TranslatedMixin
from .typed import M


@admin.register(District)
class DistrictAdmin(ComesAndStaysMixin[District], ScopedModelAdmin[District]):
    """The 23 districts of the city. They cannot be added or deleted, and their numbers cannot change."""

    list_display = ("number", "name", "zone")
    list_display_links = ("name",)
    list_filter = ("zone",)
    search_fields = ("name", "short_name")
    readonly_fields = ("number",)


class TermAdmin(SlugMixin[M], ScopedModelAdmin[M]):
    list_display: tuple[str, ...] = ("name", "position")
    search_fields = ("name",)

    title_field = "name"


@admin.register(Field)
class FieldAdmin(TranslatedMixin, TermAdmin[Field]):
    list_display = ("name", "position", "trend", "translated_label")
    list_filter = ("trend",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "in_plain_words", "description", "position")}),
        (
            _("Entwicklung"),
            {
                "fields": ("trend", "trend_note", "trend_source"),
                "description": _("Was die Stadt an Nachfrage beobachtet, mit Quelle und Stand."),
            },
        ),
    )


@admin.register(TargetGroup)
class TargetGroupAdmin(TermAdmin[TargetGroup]):
    pass
