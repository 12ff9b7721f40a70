"""The sign-up form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Entry

from ..guard.forms import GuardedForm
from ..models.profile import MORE, asked_at_sign_up
from ..models.users import normalise_email
from .groups import asks_groups, too_many_for
from .questions import QuestionForm

MORE_NAMES = {question.name for question in MORE}


class SignUpForm(GuardedForm, QuestionForm):
    limit = "sign_up"

    consent = forms.BooleanField(
        label=_("Ich bin einverstanden, dass meine Angaben für diese Anmeldung genutzt werden."),
        error_messages={
            "required": _("Ohne Ihre Einwilligung dürfen wir die Anmeldung nicht bearbeiten.")
        },
    )

    def __init__(
        self,
        *args: Any,
        entry: Entry | None,
        asks_more: bool,
        folds_more: bool = False,
        **kwargs: Any,
    ) -> None:
        """``asks_more``: also „Mehr über Sie“; ``folds_more``: it waits until somebody opens it."""
        self.entry = entry
        self.asks_more = asks_more
        self.is_short = folds_more or not asks_more
        asked = asked_at_sign_up(more=asks_more, in_groups=asks_groups(entry))
        super().__init__(*args, asked=asked, **kwargs)

    def clean_group_size(self) -> int | None:
        number: int | None = self.cleaned_data["group_size"]
        if text := too_many_for(self.entry, number):
            raise forms.ValidationError(text)
        return number

    def optional(self) -> list[forms.BoundField]:
        """What a short form folds."""
        return [field for field in (*self.first(), *self.last()) if not field.field.required]

    def has_optional(self) -> bool:
        return any(field.value() or field.errors for field in self.optional())

    def has_more(self) -> bool:
        return any(field.value() or field.errors for field in self.more())

    def answers(self) -> dict[str, Any]:
        """Without „Mehr über Sie“ where nobody opened it: that is no answer, and can be told later."""
        answers = super().answers()
        if self.is_short and not self.tells_more():
            return {name: value for name, value in answers.items() if name not in MORE_NAMES}
        return answers

    def tells_more(self) -> bool:
        """Whether „Mehr über Sie“ counts as asked; call it on a valid form only."""
        if not self.is_short:
            return self.asks_more
        return any(self.cleaned_data[field.name] for field in self.more())

    def required(self) -> list[forms.BoundField]:
        return [field for field in self.first() if field.field.required]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])
