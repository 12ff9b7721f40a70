"""What strangers may type: every script, and the marks that come along with what they copy."""

import pytest
from django.core.exceptions import ValidationError

from volunteers.validators import validate_single_line, validate_text

WELCOME = [
    "\u202bمرحبا\u202c",
    "\u2068Ali\u2069 und \u2067ليلى\u2069",
    "\u202aa \u2067b\u2069 c\u202c",
    "می\u200cخواهم \u200f",
]
HARMFUL = {
    "override": "\u202eab\u202c",
    "override of digits": "\u202d12\u202c",
    "not closed": "\u202bab",
    "nothing to close": "ab\u202c",
    "closed crosswise": "\u202ba\u2068b\u202c\u2069",
    "bell": "a\x07b",
}


@pytest.mark.parametrize("text", WELCOME)
def test_copied_text_keeps_its_closed_marks_of_direction(text):
    validate_single_line(text)
    validate_text(f"{text}\n{text}")


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_what_turns_the_text_after_it_is_refused(text):
    for validate in (validate_single_line, validate_text):
        with pytest.raises(ValidationError):
            validate(text)


def test_marks_of_direction_are_closed_in_their_line():
    with pytest.raises(ValidationError):
        validate_text("\u202ba\nb\u202c")
