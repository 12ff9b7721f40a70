"""Lists of the administration: text sorted as people look for it, and lists of millions of rows.

„Öztürk“ stands at „O“, „ʿAlī“ at „A“, not where the numbers of the characters would put them. How long
lists are counted and sorted: ``long_lists``.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, label_for_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import InvalidPage
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from programs.counting import Counted
from programs.models.entries import Fold

from .long_lists import LongPaginator, Ranges
from .typed import AdminMixin, M


class FoldedList(ChangeList):
    """The list of a model."""

    not_sorted_by = ""
    """The column that somebody chose and by which a list of this length is not sorted."""

    def get_ordering_field(self, field_name: Any) -> Any:
        found = super().get_ordering_field(field_name)
        if not isinstance(found, str):
            return found
        field = self._field(found.lstrip("-"))
        is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        return Fold(found) if is_text else found

    def _field(self, name: str) -> Any:
        """The field of a column; for one that the list computes, what kind of value it has."""
        if (computed := self.root_queryset.query.annotations.get(name)) is not None:
            return computed.output_field
        try:
            return get_fields_from_path(self.model, name)[-1]
        except FieldDoesNotExist:
            return None

    def get_results(self, request: HttpRequest) -> None:
        """As Django's, but a long list is neither counted nor sorted as a whole."""
        admin = self.model_admin
        paginator: Any = admin.get_paginator(request, self.queryset, self.list_per_page)
        if self.query:
            paginator.root = self.apply_select_related(self.root_queryset)
        self.result_count = Counted(paginator.count)
        if paginator.is_long:
            self.result_count.words = _("etwa %(number)s")
            paginator.parts = self._in_kept_order(request)
        self.paginator = paginator
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        shows_all = (self.show_all and self.can_show_all) or not self.multi_page
        if shows_all and not paginator.is_long:
            self.result_list = paginator.rows()
        else:
            try:
                self.result_list = paginator.page(self.page_num).object_list
            except InvalidPage as error:
                raise IncorrectLookupParameters from error
        is_whole = not self.query and not self.get_filters_params()
        self.full_result_count = self.result_count if is_whole else None
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.result_count) or not is_whole

    def _in_kept_order(self, request: HttpRequest) -> "Sequence[models.QuerySet[Any]]":
        """The rows by an index: by the chosen column where there is one, else as the list begins."""
        rows, admin = self.queryset, cast("Any", self.model_admin)
        for place in list(self.get_ordering_field_columns())[:1] if "o" in self.params else []:
            name = self.list_display[place]
            if name in admin.kept_in_order:
                return ()
            self.not_sorted_by = str(label_for_field(name, self.model, admin))
            usual: Any = admin.get_ordering(request) or self.opts.ordering
            rows = rows.order_by(*usual, "-pk")
        parts: Sequence[models.QuerySet[Any]] = admin.in_parts(request, rows)
        return parts

    @cached_property
    def ranges(self) -> Any:
        """What the links to years, months and days are made of."""
        return Ranges(self.queryset) if self.paginator.is_long else self.paginator.found


class FoldedOrderMixin(AdminMixin[M]):
    paginator = LongPaginator
    show_full_result_count = False
    kept_in_order: tuple[str, ...] = ()
    """Columns of the list that an index keeps in order: a list of any length is sorted by them."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoldedList

    def in_parts(
        self, request: HttpRequest, rows: "models.QuerySet[M]"
    ) -> "Sequence[models.QuerySet[M]]":
        """A long list as it begins; ``rows`` are in its usual order, which an index should keep."""
        return (rows,)
