"""Slugs of records in the administration."""

from typing import Any

from django.http import HttpRequest

from programs.slugs import give_slug

from .typed import AdminMixin, M


class SlugMixin(AdminMixin[M]):
    """Makes the slug from the name, with German spelling („sued“). Only the Portalverwaltung can change it."""

    title_field = "title"

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        fieldsets = self.all_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f != "slug"]})
            for name, options in fieldsets
        ]

    def all_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, "slug")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        give_slug(obj, self.title_field)
        super().save_model(request, obj, form, change)
