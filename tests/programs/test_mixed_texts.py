"""A sentence of several languages: each part says which it is in, on a page and in a mail."""

from django.utils.translation import override

from programs.models.translated import Said, filled_in, put_together
from programs.templatetags.texts import as_said
from volunteers.notifications import in_german

NAME = Said("Sozialamt <1>", is_german=True)


def test_only_the_german_part_is_marked_and_all_of_it_escaped():
    said = filled_in("يجيبك: %(who)s <b>", who=NAME)
    assert said == "يجيبك: Sozialamt <1> <b>"
    assert as_said(said) == (
        'يجيبك: <span lang="de" dir="auto">Sozialamt &lt;1&gt;</span> &lt;b&gt;'
    )


def test_parts_of_parts_stay_apart():
    inner = filled_in("تنسيق %(entry)s", entry=Said("Lesen", is_german=True))
    said = put_together(inner, " (", NAME, ")")
    assert said == "تنسيق Lesen (Sozialamt <1>)"
    assert as_said(said).count('<span lang="de"') == 2
    assert as_said(said).endswith("</span>)")


def test_words_in_the_language_of_the_page_are_not_marked():
    assert as_said(filled_in("%(a)s und %(b)s", a="Ä & Ö", b=Said("B"))) == "Ä &amp; Ö und B"
    assert filled_in("ohne Wort") == "ohne Wort"


def test_a_mail_marks_the_same_part():
    with override("ar"):
        marked = in_german.as_said(filled_in("يجيبك: %(who)s", who=NAME))
    assert in_german.unmarked(marked) == "يجيبك: Sozialamt <1>"
    assert in_german.html(marked) == (
        'يجيبك: <span lang="de" dir="auto">Sozialamt &lt;1&gt;</span>'
    )
