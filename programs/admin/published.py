"""Administration of what shows people: pictures and voices of entries, stories of programmes.

Whoever keeps the entry adds and removes them. A story is published by the department, because it stands
on a page of its own.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs import pictures, stories
from programs.images import MAX_BYTES, TOO_LARGE, ImageProblem, check
from programs.models import Entry, Picture, Story, Voice
from programs.requests import user_of
from programs.seeing import narrowed

from .base import ReadOnlyInline, ScopedModelAdmin
from .forms import OnlyChangedForm
from .slugs import SlugMixin
from .typed import M

PUBLISH = "programs.publish_story"
CONSENT = _("Einwilligung")
WITHOUT_CONSENT = _(
    "Ohne Einwilligung darf niemand gezeigt werden. Wer sie widerruft, ist mit „Sofort entfernen“ im "
    "selben Augenblick von der Seite und aus der Datenbank verschwunden."
)


class PublishedForm(OnlyChangedForm[M]):
    def columns(self) -> list[str]:
        """Also who has entered the consent, which the page does not ask."""
        return [*super().columns(), "recorded_by"]


class PublishedAdmin(ScopedModelAdmin[M]):
    """Records of an entry, for the people who keep that entry; removing one is one page away."""

    change_form_template = "admin/programs/published_change_form.html"
    belongs_to: ClassVar[tuple[str, ...]]
    """The foreign keys that say whose it is; they are chosen once."""

    def choices_of(self, db_field: Any, request: HttpRequest) -> "QuerySet[Any]":
        """Only what a role of the user that may add this shows."""
        if db_field.name not in self.belongs_to:
            return super().choices_of(db_field, request)
        seen_by = user_of(request).limited_to(self.permission_to("add"))
        return narrowed(db_field.remote_field.model._default_manager.all(), seen_by)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.required = True
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        fields = (*super().get_readonly_fields(request, obj), "entered_by")
        return (*fields, *self.belongs_to) if obj else fields

    @admin.display(description=_("eingetragen von"))
    def entered_by(self, record: Any) -> str:
        return str(record.recorded_by or "–")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change or {"agreed_on", "agreed_how"} & {*form.changed_data}:
            obj.recorded_by = user_of(request)
        super().save_model(request, obj, form, change)


def require_room(entry: Entry, things: type[Picture] | type[Voice]) -> None:
    if not pictures.has_room(entry, things):
        raise ValidationError(
            __("„%(entry)s“ hat schon %(most)d %(things)s. Mehr zeigt die Seite nicht.")
            % {"entry": entry, "most": things.MOST, "things": things._meta.verbose_name_plural}
        )


class PictureForm(PublishedForm[Picture]):
    file = forms.FileField(
        label=_("Foto"),
        help_text=_("JPEG, PNG oder WebP, höchstens 10 MB. Ort und Kamera werden entfernt."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["file"]

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        try:
            if file.size > MAX_BYTES:
                raise ImageProblem(TOO_LARGE)
            data: bytes = file.read()
            check(data)
        except ImageProblem as problem:
            raise ValidationError(problem.sentence) from problem
        return data

    def clean_entry(self) -> Entry:
        entry: Entry = self.cleaned_data["entry"]
        require_room(entry, Picture)
        return entry

    def clean_story(self) -> Story:
        story: Story = self.cleaned_data["story"]
        if story.pictures.exists():
            raise ValidationError(__("Diese Geschichte hat schon ein Bild."))
        return story


@admin.register(Picture)
class PictureAdmin(PublishedAdmin[Picture]):
    form = PictureForm
    belongs_to = ("entry", "story")
    list_display = ("__str__", "place", "state", "people", "photographer", "created_at")
    list_select_related = ("entry", "story__programme")
    list_filter: ClassVar[tuple[Any, ...]] = ("state", "people")
    search_fields = ("entry__search_names",)
    autocomplete_fields = ("entry",)
    readonly_fields = ("state", "preview")

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        of_story = obj.story_id if obj else request.GET.get("story")
        place = "story" if of_story else "entry"
        shown: tuple[str, ...] = ("preview", "state") if obj else ("file",)
        consent = {
            "fields": ("people", "agreed_on", "agreed_how", *(["entered_by"] if obj else [])),
            "description": WITHOUT_CONSENT,
        }
        return [
            (None, {"fields": (place, *shown, "alt", "photographer")}),
            (CONSENT, consent),
        ]

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.recorded_by = user_of(request)
            pictures.keep(picture=obj, data=form.cleaned_data["file"])

    @admin.display(description=_("zu sehen bei"))
    def place(self, picture: Picture) -> str:
        return str(picture.entry or (picture.story and picture.story.programme))

    @admin.display(description=_("Foto"))
    def preview(self, picture: Picture) -> SafeString:
        """In the page itself: what is not published has no public address."""
        if not picture.is_ready:
            return format_html("<p>{}</p>", self._not_ready(picture))
        return format_html(
            '<img class="preview" src="{}" alt="{}">', pictures.as_data_url(picture), picture.alt
        )

    def _not_ready(self, picture: Picture) -> str:
        if picture.state == Picture.State.FAILED:
            return __(
                "Diese Datei ist beschädigt. Bitte entfernen Sie das Bild und laden Sie das Foto noch "
                "einmal hoch."
            )
        return __("Das Foto wird vorbereitet. Das dauert meist ein paar Sekunden.")


class VoiceForm(PublishedForm[Voice]):
    def clean_entry(self) -> Entry:
        entry: Entry = self.cleaned_data["entry"]
        require_room(entry, Voice)
        return entry


@admin.register(Voice)
class VoiceAdmin(PublishedAdmin[Voice]):
    form = VoiceForm
    belongs_to = ("entry",)
    list_display = ("__str__", "entry", "said_by", "agreed_on")
    list_select_related = ("entry",)
    search_fields = ("entry__search_names",)
    autocomplete_fields = ("entry",)
    fieldsets = (
        (None, {"fields": ("entry", "text", "said_by")}),
        (
            CONSENT,
            {"fields": ("agreed_on", "agreed_how", "entered_by"), "description": WITHOUT_CONSENT},
        ),
    )


@admin.register(Story)
class StoryAdmin(SlugMixin[Story], PublishedAdmin[Story]):
    """Deleting a story withdraws it: its address says „gone“ from then on."""

    form = PublishedForm[Story]
    belongs_to = ("programme",)
    list_display = ("__str__", "programme", "title", "is_published", "agreed_on", "withdrawn_at")
    list_select_related = ("programme",)
    list_filter: ClassVar[tuple[Any, ...]] = ("is_published",)
    search_fields = ("programme__search_names", "title")
    autocomplete_fields = ("programme",)
    readonly_fields = ("withdrawn_at",)
    fieldsets = (
        (None, {"fields": ("programme", "title", "slug", "person", "text")}),
        (
            CONSENT,
            {
                "fields": ("agreed_by", "agreed_on", "agreed_how", "entered_by", "withdrawn_at"),
                "description": WITHOUT_CONSENT,
            },
        ),
        (
            _("Zu sehen"),
            {
                "fields": ("is_published",),
                "description": _("Die Fachstelle liest die Geschichte und veröffentlicht sie."),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Story | None = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.has_perm(PUBLISH, obj) else (*fields, "is_published")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is published, only those change who publish; what is withdrawn, nobody."""
        if isinstance(obj, Story):
            if obj.is_withdrawn:
                return False
            if obj.is_published and not request.user.has_perm(PUBLISH, obj):
                return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, Story) and obj.is_withdrawn:
            return False
        return super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Story) -> None:
        stories.withdraw(Story.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Story]") -> None:
        stories.withdraw(queryset)


class PictureInline(ReadOnlyInline[Picture, Entry]):
    model = Picture
    show_change_link = True
    fields = ("alt", "people", "state")
    readonly_fields = fields


class VoiceInline(ReadOnlyInline[Voice, Entry]):
    model = Voice
    show_change_link = True
    fields = ("text", "said_by", "agreed_on")
    readonly_fields = fields


SHOWN_ON_ENTRIES = (PictureInline, VoiceInline)
