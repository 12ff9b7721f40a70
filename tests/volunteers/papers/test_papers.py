"""Documents: real typst, real fonts, and the structure of the PDF."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdf
import pytest

from volunteers import papers
from volunteers.papers import printing

SCRIPTS = {
    "Latin": "Maximiliane Müller-Lüdenscheidt Nguyễn Thị Ánh Şêrko Ğ ı",
    "Cyrillic": "Володимир Їжак",
    "Greek": "Ελένη Παπαδοπούλου",
    "Arabic": "أحمد المهدي السعيد",
    "Persian": "احمد رحیم‌زاده گچ پژ",
    "Pashto": "پښتو ځوان ټولنه",
    "Hebrew": "שלום עליכם",
    "Tigrinya": "ኣስመራ ተስፋይ ገብረመስቀል",
    "Armenian": "Հայկ",
    "Georgian": "გიორგი ᲒᲘᲝᲠᲒᲘ",
    "Tamil": "தமிழ் செல்வன்",
    "Devanagari": "नमस्ते",
    "Bengali": "রহিম",
    "Sinhala": "සිංහල",
    "Thai": "สมชาย",
    "Khmer": "ខ្មែរ",
    "Burmese": "မြန်မာ",
    "Chinese": "王小明",
    "Japanese": "たなか タナカ 田中",
    "Korean": "김민준",
    "emoji": "Anna 😀 🎉 👩🏽‍🎓",
}
FACES = {
    "Arabic": "KurintoSans",
    "Cyrillic": "SourceSans3",
    "Tigrinya": "KurintoSans",
    "Khmer": "NotoSansKhmer",
    "Burmese": "NotoSansMyanmar",
    "emoji": "NotoEmoji",
}


def letter(**changes):
    values = {
        "name": "Amina Beispiel",
        "organisation": "Evangelische Gesellschaft Stuttgart e. V.",
        "activity": "Lesen üben mit Kindern",
        "place_date": "Stuttgart, 22. November 2026",
        "signer": "Koordination WillkommensPaten",
    }
    return papers.conduct_check_letter(**values | changes)


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return " ".join("".join(page.extract_text() for page in read(pdf).pages).split())


def faces_of(pdf):
    fonts = [f for page in read(pdf).pages for f in page["/Resources"]["/Font"].values()]
    return {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}


def tags_of(element):
    """Kinds of the structure elements below ``element``, in reading order."""
    element = element.get_object()
    if isinstance(element, pypdf.generic.ArrayObject):
        return [tag for kid in element for tag in tags_of(kid)]
    if not isinstance(element, dict):
        return []
    own = [element["/S"]] if "/S" in element else []
    return own + (tags_of(element["/K"]) if "/K" in element else [])


def test_letter_asks_for_the_certificate_on_one_a4_page():
    pdf = letter()
    (page,) = read(pdf).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    text = text_of(pdf)
    for part in (
        "Amina Beispiel",
        "Evangelische Gesellschaft Stuttgart e. V.",
        "Lesen üben mit Kindern",
        "Stuttgart, 22. November 2026",
        "Koordination WillkommensPaten",
        "Geburtsdatum",
        "Anschrift",
        "Unterschrift",
    ):
        assert part in text
    assert "§ 30a Absatz 2 BZRG" in text.replace("\xa0", " ")
    assert "§ 72a SGB VIII" in text.replace("\xa0", " ")
    assert "keine Gebühr" in text


def test_letter_is_tagged_and_says_language_and_title():
    root = read(letter()).trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Führungszeugnis" in read(letter()).metadata.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = tags_of(root["/StructTreeRoot"]["/K"])
    assert tags[:1] == ["/Document"]
    assert tags.count("/H1") == 1
    assert "/P" in tags


@pytest.mark.parametrize("script", SCRIPTS)
def test_name_prints_in_its_script_without_fonts_of_the_system(script):
    pdf = letter(name=SCRIPTS[script])
    assert any(face.startswith(FACES.get(script, "")) for face in faces_of(pdf))
    letters = {char for char in SCRIPTS[script] if char.isalpha()}
    assert letters
    assert letters <= set(text_of(pdf))


def test_arabic_letters_join():
    """The same letter has another shape at the start and in the middle of a word."""
    (page,) = read(letter(name="محمد")).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    (arabic,) = (font for font in fonts if "Kurinto" in font["/BaseFont"])
    assert arabic["/ToUnicode"].get_data().count(b"<0645>\n") == 2


def test_no_font_of_the_system_is_known():
    paths = [Path(font.path) for font in printing._fonts().fonts() if font.path]
    assert paths
    assert all(any(path.is_relative_to(folder) for folder in printing.FONTS) for path in paths)


@pytest.mark.parametrize(
    "name",
    [
        '#let x = 1 #read("/pyproject.toml")',
        "*fett* _schräg_ `Code` $x^2$ @ziel <marke>",
        "<script>alert(1)</script> &amp; \"Anna\" 'B' \\ // /* */ ~ -- ...",
        "= Überschrift - Liste + Zahl / Begriff: [] {} ()",
    ],
)
def test_marks_of_the_template_language_print_as_typed(name):
    assert name in text_of(letter(name=name))


@pytest.mark.parametrize(("char", "shown"), [("𓀀", "𓀀"), ("\U0001f8ff", "U+1F8FF")])
def test_character_without_a_font_is_refused_by_name(char, shown):
    with pytest.raises(papers.CannotPrint) as caught:
        letter(name=f"Anna {char}")
    assert f"„{shown}“ lässt sich nicht drucken" in str(caught.value)


def test_invisible_characters_do_no_harm():
    assert "Anna" in text_of(letter(name="\ufeffAnna\u200b\u200e \u00adBeispiel\u2028"))


@pytest.mark.slow
def test_many_at_once_each_get_their_own():
    names = [f"Person Nummer {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda name: letter(name=name), names))
    for name, pdf in zip(names, made, strict=True):
        assert name in text_of(pdf)


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    folder = Path(papers.__file__).parent
    before = {path.name for path in folder.iterdir()}
    letter()
    assert not list(tmp_path.iterdir())
    assert {path.name for path in folder.iterdir()} == before
