"""The filter by a related record: offers those that the list has rows of."""

from typing import Any

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.http import HttpRequest

from programs.models import District
from programs.one_row import has_one_by
from programs.seeing import narrowed


class PresentFilter(RelatedOnlyFieldListFilter):
    """Like Django's, which reads all rows of the list for that; this one looks for one row of each record.

    By a record two steps away (``application__organisation``) it offers those of which the user sees
    records in between, whether they have rows in this list or not. Of the 23 districts it offers all.
    """

    MOST: int | None = None
    """So many are offered, and the chosen one; for what becomes more and more. None: all."""
    further: Any = ""
    """Says under the choices that there are more, and where."""
    has_more = False

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        ordering = self.field_admin_ordering(field, request, model_admin)
        if field.related_model is District:
            return field.get_choices(include_blank=False, ordering=ordering)
        rows = model_admin.get_queryset(request).order_by().prefetch_related(None)
        rows = rows.select_related(None)
        first, _dots, rest = self.field_path.partition("__")
        if rest:
            between: Any = rows.model._meta.get_field(first).related_model
            rows = narrowed(between._default_manager.order_by(), request.user)
        related: Any = field.related_model
        present = related._default_manager.filter(has_one_by(rows, rest or first))
        if getattr(rows, "owner", "") == (rest or first):
            # Of an organisation whose rows are not seen, all would be looked at.
            owners = rows.owners_seen_by(request.user)
            present = present if owners is None else present.filter(pk__in=owners)
        if ordering:
            present = present.order_by(*ordering)
        offered = list(present if self.MOST is None else present[: self.MOST + 1])
        if self.MOST is not None and len(offered) > self.MOST:
            self.has_more = True
            offered.pop()
            if named := self._named() - {one.pk for one in offered}:
                offered += present.filter(pk__in=named)
        return [(one.pk, self.label(one)) for one in offered]

    def _named(self) -> set[int]:
        """The keys in the address, where anybody can type anything."""
        return {int(key) for key in self.lookup_val or () if key.isdecimal() and len(key) < 19}

    def label(self, record: Any) -> str:
        return str(record)
