"""Names follow DIN 91379: every letter it lists is taken, stored, found, sorted, printed; nothing else is."""

import struct
import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject

from tests import factories
from tests.clients import client_of
from tests.importing import problems, take_over, upload
from tests.programs.test_exports import exported
from tests.volunteers.applications.test_sign_up import AMINA
from tests.volunteers.papers.test_papers import letter, read
from volunteers.models import Application, CompanionRequest, Volunteer
from volunteers.names import NameField, refused, tidied, validate_name
from volunteers.names.repertoire import DATA, LETTERS, SEQUENCES, SIGNS, is_latin

GLYPHS = (*LETTERS, *SEQUENCES)
PARTS = ["".join(GLYPHS[start : start + 50]) for start in range(0, len(GLYPHS), 50)]
"""All letters and sequences, as thirteen long names."""
WITHOUT = str.maketrans(
    {
        "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "ß": "ss", "ẞ": "SS",
        "Þ": "TH", "þ": "th", "Ð": "D", "ð": "d", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i",
        "ĸ": "k", "Ł": "L", "ł": "l", "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "Ƈ": "C", "ƈ": "c",
        "Ə": "E", "ə": "e", "Ɨ": "I", "ɨ": "i", "Ʒ": "Z", "ʒ": "z", "Ǥ": "G", "ǥ": "g", "ŉ": "n",
        "Ŀ": "L", "ŀ": "l", "Ĳ": "IJ", "ĳ": "ij",
    }
)  # fmt: skip
"""The letters that no decomposition turns into basic ones, and what the standard searches them by."""
EXCLUDED = {
    "digit": ("Anna 2", "„2“"),
    "Arabic digit": ("علي ٣", "„٣“"),
    "emoji": ("Zoë 🌻", "„🌻“"),
    "markup": ("<b>Bo</b>", "„&lt;“"),
    "and": ("Bo & Co", "„&amp;“"),
    "quotation mark": ('Probe "Ada"', "„&quot;“"),
    "letter of no European name": ("Ɛkua", "„Ɛ“"),
    "combination that is not listed": ("Q\u0300uin", "„Q\u0300“"),
    "wide letter": ("Ａda", "„Ａ“"),
    "mathematical letter": ("𝐀da", "„𝐀“"),
    "ligature": ("Ada ﬁ", "„ﬁ“"),
    "control character": ("A\x07da", "U+0007"),
    "direction override": ("A\u202eda", "U+202E"),
    "isolate": ("A\u2066da", "U+2066"),
    "private use": ("A\ue000da", "U+E000"),
    "unassigned": ("A\u0378da", "U+0378"),
    "tag": ("A\U000e0041da", "U+E0041"),
    "letter that nobody sees": ("A\u3164da", "ㅤ"),
}


def plain(text):
    """Without diacritics, as somebody types it who has none on the keyboard."""
    marks = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(marks).translate(WITHOUT)


@pytest.fixture
def own():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(own):
    return factories.make_member(own).user


def test_repertoire_is_that_of_the_standard():
    assert (len(LETTERS), len(SEQUENCES), len(SIGNS)) == (500, 149, 18)
    assert len(set(GLYPHS + SIGNS)) == 500 + 149 + 18
    assert all(unicodedata.normalize("NFC", one) == one for one in GLYPHS)
    assert all("LATIN" in unicodedata.name(one) for one in LETTERS)
    assert all(len(one) > 1 and one[0] in LETTERS for one in SEQUENCES)
    assert "2022-08" in DATA["standard"]
    assert DATA["source"]
    assert DATA["as_of"] == "2022-08"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_sequence_and_sign_is_taken_however_it_is_written(form):
    for one in (*GLYPHS, *SIGNS):
        name = unicodedata.normalize(form, f"A{one}a")
        validate_name(name)
        assert tidied(name) == unicodedata.normalize("NFC", name)


def test_every_field_for_a_name_of_a_person_is_one():
    models = {one._meta.get_field("name") for one in (Application, Volunteer, CompanionRequest)}
    assert all(isinstance(one, NameField) for one in models)


@pytest.mark.slow
def test_no_other_latin_letter_digit_symbol_or_control_is_taken():
    listed = {*LETTERS, *SIGNS}
    taken = [
        f"{code:04X}"
        for code in range(0x20, sys.maxunicode + 1)
        if (char := chr(code)) not in listed
        and (unicodedata.category(char)[0] in "CNSPZ" or is_latin(char))
        and unicodedata.normalize("NFC", char) not in listed
        and not refused(f"A{char}a")
    ]
    assert taken == []


@pytest.mark.parametrize(
    "name",
    [
        "محمد علي", "علی‌رضا", "Олена Шевченко", "Ελένη Παπαδοπούλου", "李小龍", "김민준", "ジョン・スミス",
        "ኣስመራ ተስፋይ", "ਗੁਰਪ੍ਰੀਤ", "স্বপ্ন", "თამარ", "Հայկ", "שָׁלוֹם", "Ana-María O’Neill",
    ],
)  # fmt: skip
def test_names_in_other_scripts_are_taken_as_before(name):
    validate_name(tidied(name))
    assert tidied(name) == unicodedata.normalize("NFC", name)


def test_copied_name_loses_what_nobody_sees():
    assert tidied("\ufeffAnna\u00a0Mu\u0308l\u00adler\u200b ") == "Anna Müller"
    assert tidied("\u200fعلي") == "علي"


@pytest.mark.slow
@pytest.mark.django_db
def test_letters_go_from_the_form_through_search_and_lists_onto_paper(client, own, katrin):
    for number, part in enumerate(PARTS):
        data = {
            **AMINA,
            "name": unicodedata.normalize("NFD", part),
            "email": f"n{number}@example.org",
        }
        url = reverse("volunteers:sign_up_entry", args=[own.slug])
        assert client.post(url, data).status_code == 302
    stored = Application.objects.order_by("pk")
    assert [one.name for one in stored] == PARTS
    stored.update(status="new", confirmed_at="2026-11-01T10:00Z", organisation=own)

    staff = client_of(katrin)
    url = reverse("admin:volunteers_application_changelist")
    for typed in (str, plain, str.lower, lambda part: unicodedata.normalize("NFD", part)):
        for part, one in zip(PARTS, stored, strict=True):
            found = staff.get(url, {"q": typed(part)}).context["cl"].result_list
            assert [row.pk for row in found] == [one.pk], typed(part)

    for kind in ("csv", "xlsx"):
        rows = exported(staff, "volunteers_application", kind)
        assert set(PARTS) <= {cell for row in rows for cell in row}


def glyphs_of(pdf):
    """The numbers of the glyphs on all pages; 0 is .notdef, the empty box."""
    reader = read(pdf)
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            texts = {b"Tj": operands, b"TJ": operands[0] if operands else []}.get(operator, [])
            for text in texts:
                if isinstance(text, TextStringObject | ByteStringObject):
                    yield from (code for (code,) in struct.iter_unpack(">H", text.original_bytes))


def test_every_letter_is_printed_with_a_glyph_of_its_own():
    for part in PARTS:
        glyphs = list(glyphs_of(letter(name=" ".join(part))))
        assert len(glyphs) > len(part)
        assert 0 not in glyphs


@pytest.mark.slow
@pytest.mark.django_db
def test_letters_are_imported_and_what_is_excluded_is_refused_with_its_character(own, katrin):
    head = "Name;E-Mail\n"
    rows = "".join(f"{part};p{number}@example.org\n" for number, part in enumerate(PARTS))
    take_over(katrin, "volunteers_volunteer", (head + rows).encode())
    assert set(Application.objects.values_list("name", flat=True)) == set(PARTS)

    bad = head + "Anna 2;a@example.org\nƐkua;b@example.org\nZoë 🌻;c@example.org\n"
    reasons = problems(upload(katrin, "volunteers_volunteer", bad.encode()))
    assert [(row, column) for row, column, _reason in reasons] == [
        (2, "Name"),
        (3, "Name"),
        (4, "Name"),
    ]
    assert all(char in reasons[at][2] for at, char in enumerate("2Ɛ🌻"))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "shown"), EXCLUDED.values(), ids=EXCLUDED)
def test_what_is_excluded_is_refused_with_a_sentence_that_names_it(client, own, name, shown):
    url = reverse("volunteers:sign_up_entry", args=[own.slug])
    response = client.post(url, {**AMINA, "name": name})
    assert response.status_code == 422
    assert shown in response.content.decode()
    assert not Application.objects.exists()
    with pytest.raises(ValidationError):
        Volunteer(name=name, email="a@example.org").full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, _shown in EXCLUDED.values()])
def test_search_for_what_no_name_has_finds_nobody(own, katrin, name):
    factories.make_application(own)
    url = reverse("admin:volunteers_application_changelist")
    response = client_of(katrin).get(url, {"q": name})
    assert response.status_code == 200
    assert not response.context["cl"].result_list


IN_ORDER = [
    "Ahorn",
    "ʿAlī",
    "Ärmel",
    "Čech",
    "Dvořák",
    "Əliyev",
    "Łukasz",
    "Öztürk",
    "Šimić",
    "Zander",
]


def sorted_both_ways(staff, name_of_list, column_name):
    """The records of a list in the administration, sorted by a column up and down."""
    url = reverse(f"admin:{name_of_list}_changelist")
    columns = list(staff.get(url).context["cl"].list_display)
    column = columns.index(column_name)
    return [
        list(staff.get(url, {"o": f"{sign}{column}"}).context["cl"].result_list)
        for sign in ("", "-")
    ]


@pytest.mark.slow
@pytest.mark.django_db
def test_lists_sort_names_by_their_letters(own, katrin):
    for name in reversed(IN_ORDER):
        factories.make_application(own, name)
    assert list(Volunteer.objects.values_list("name", flat=True)) == IN_ORDER
    up, down = sorted_both_ways(client_of(katrin), "volunteers_application", "who")
    assert [one.name for one in up] == IN_ORDER
    assert [one.name for one in down] == IN_ORDER[::-1]


@pytest.mark.slow
@pytest.mark.django_db
def test_lists_sort_names_that_they_compute_by_their_letters_too(own, katrin):
    for name in reversed(IN_ORDER):
        factories.make_conduct_check(factories.make_ready(own, name), katrin)
    up, down = sorted_both_ways(client_of(katrin), "volunteers_conductcheck", "person")
    assert [one.known_name for one in up] == IN_ORDER
    assert [one.known_name for one in down] == IN_ORDER[::-1]
