"""Django's admin classes with the type of their model, ``ModelAdmin[Event]``.

Only type checkers know that type; at runtime the brackets change nothing. A mixin says which
admin it is mixed into by ``AdminMixin[Event]``, and stays a plain class at runtime.
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
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm
    StackedInline = admin.StackedInline
    TabularInline = admin.TabularInline
else:

    class Bracketed:
        def __class_getitem__(cls, _model: Any) -> type:
            return cls

    class AdminMixin(Bracketed):
        """Of model admins."""

    class AnyAdminMixin(Bracketed):
        """Of model admins and inlines."""

    class ModelAdmin(Bracketed, admin.ModelAdmin):
        pass

    class ModelForm(Bracketed, forms.ModelForm):
        pass

    class StackedInline(Bracketed, admin.StackedInline):
        pass

    class TabularInline(Bracketed, admin.TabularInline):
        pass
