"""Django's admin classes with a type parameter for the model: ``ModelAdmin[Event]``.

The parameter is only for type checkers; at runtime the brackets have no effect. A mixin inherits
from ``AdminMixin[Event]``: for type checkers that is a ``ModelAdmin``, at runtime a plain class.
"""

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import models

M = TypeVar("M", bound=models.Model)
Owner = TypeVar("Owner", bound=models.Model)

if TYPE_CHECKING:
    AdminMixin = admin.ModelAdmin
    AnyAdminMixin = BaseModelAdmin
    InlineFormSet = forms.BaseInlineFormSet
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm
    StackedInline = admin.StackedInline
    TabularInline = admin.TabularInline
else:

    class Bracketed:
        def __class_getitem__(cls, _model: Any) -> type:
            return cls

    class AdminMixin(Bracketed):
        """For mixins of model admins."""

    class AnyAdminMixin(Bracketed):
        """For mixins of model admins and inlines."""

    class InlineFormSet(Bracketed, forms.BaseInlineFormSet):
        pass

    class ModelAdmin(Bracketed, admin.ModelAdmin):
        pass

    class ModelForm(Bracketed, forms.ModelForm):
        pass

    class StackedInline(Bracketed, admin.StackedInline):
        pass

    class TabularInline(Bracketed, admin.TabularInline):
        pass
