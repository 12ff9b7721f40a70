"""The form for a message to the other side."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..validators import validate_text

MOST = 4000
NOTHING_PRIVATE = _(
    "Bitte schreiben Sie nichts über Krankheiten, über Ihren Glauben oder darüber, ob "
    "jemand bleiben darf."
)


class MessageForm(forms.Form):
    """A message on an application, from either side."""

    text = forms.CharField(
        label=_("Nachricht schreiben"),
        max_length=MOST,
        validators=[validate_text],
        help_text=NOTHING_PRIVATE,
        error_messages={
            "required": _("Bitte schreiben Sie etwas, bevor Sie abschicken."),
        },
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Other HTML ids than the sign-up form, which may be on the same page and has a ``message``, too."""
        super().__init__(*args, **({"auto_id": "id_message_%s"} | kwargs))
