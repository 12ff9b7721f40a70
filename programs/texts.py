"""Reading and writing the translated texts of records (:class:`programs.models.Translated`)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Func, JSONField, TextField, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language

from .models.translated import GERMAN, Said, Translated, Translation, digest

UNTRANSLATED = Value("", TextField())


def other_language() -> str:
    """The active language, or "" if it is German."""
    language = get_language() or GERMAN
    return "" if language == GERMAN else language


def in_language(name: str, language: str) -> Any:
    """Annotation: the translation of the column ``name``, or "" if there is none."""
    if not language:
        return UNTRANSLATED
    found = KeyTransform(name, KeyTransform(language, "translations"))
    return Coalesce(Cast(KeyTextTransform("text", found), TextField()), UNTRANSLATED)


def said_in(language: str, german: str, translation: str) -> Said:
    """What :func:`in_language` has read, as a text of the page."""
    return Said(translation or german, is_german=bool(language and german and not translation))


def keep(record: Translated, language: str, texts: Mapping[str, Translation]) -> None:
    """Write ``texts`` of one language beside those that are there.

    The database puts them together, so that two who translate the same record at the same time lose nothing.
    """
    model: Any = record._meta.get_field("translations").model
    there = Coalesce(KeyTransform(language, "translations"), _json({}))
    both = _put_together(there, _json(dict(texts)))
    new = Func(Value(language, CharField()), both, function="jsonb_build_object")
    rows = model._base_manager.filter(pk=record.pk)
    rows.update(translations=_put_together(F("translations"), new))
    record.translations = {
        **record.translations,
        language: {**record.translations.get(language, {}), **texts},
    }


def translation_of(
    record: Translated, name: str, text: str, *, loaded: bool = False
) -> Translation:
    """``text`` as the translation of the German text of today."""
    made: Translation = {"text": text, "of": digest(record.german(name))}
    return made | {"loaded": True} if loaded else made


def _json(value: Any) -> Value:
    return Value(value, JSONField())


def _put_together(first: Any, second: Combinable | Func) -> CombinedExpression:
    return CombinedExpression(first, "||", second, output_field=JSONField())


def said_problem(model: type[Translated], name: str, text: str) -> str:
    """Why ``text`` cannot stand in the column ``name``, in one sentence, or "": what holds for the German text."""
    column: Any = model._meta.get_field(name)
    field = column.formfield()
    field.required = False
    try:
        field.clean(text)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
