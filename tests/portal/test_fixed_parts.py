"""What is the same on every page of a language is made once, and everything else for each page."""

from collections.abc import Iterator

import pytest
from django.template import Context, NodeList, Template, engines
from django.template.defaulttags import URLNode
from django.template.loader import get_template
from django.templatetags.i18n import TranslateNode
from django.urls import NoReverseMatch, set_script_prefix
from django.utils.translation import override

from portal.fixed_parts import Fixed, join_fixed

ENGINE = engines["django"].engine


def joined(text: str) -> Template:
    template = Template(text, engine=ENGINE)
    join_fixed(template.nodelist)
    return template


def rendered(text: str, **context: object) -> str:
    """As Django renders it, and twice with the fixed parts joined: the second time from memory."""
    plain: str = Template(text, engine=ENGINE).render(Context(context))
    template = joined(text)
    assert template.render(Context(context)) == plain
    assert template.render(Context(context)) == plain
    return plain


FIXED = {
    "a sentence": '{% load i18n %}<p>{% translate "Mitmachen" %}</p>',
    "a sentence of several lines": "{% load i18n %}{% blocktranslate trimmed %}\n Mitmachen\n{% endblocktranslate %}",
    "an address": '<a href="{% url "portal:catalogue" %}">',
    "an address with a word": '<a href="{% url "portal:page" "impressum" %}#fragen">',
    "a file": '{% load static %}<img src="{% static "mark.svg" %}">',
    "several, and a remark": '{% load i18n %}{# remark #}{% translate "Mitmachen" %}, {% url "portal:catalogue" %}',
}


@pytest.mark.parametrize("text", FIXED.values(), ids=FIXED)
def test_fixed_parts_are_one_node(text: str) -> None:
    template = joined(text)
    assert [type(node) for node in template.nodelist] == [Fixed]
    assert rendered(text)


NOT_FIXED = {
    "a variable": "{{ name }}",
    "a sentence that is a variable": "{% load i18n %}{% translate name %}",
    "a sentence with a filter": '{% load i18n %}{% translate "Mitmachen"|add:name %}',
    "a sentence with a name": "{% load i18n %}{% blocktranslate %}Für {{ name }}{% endblocktranslate %}",
    "a sentence with a number": "{% load i18n %}{% blocktranslate count n=name|length %}Eins{% plural %}Viele"
    "{% endblocktranslate %}",
    "a sentence that is given a name": '{% load i18n %}{% translate "Mitmachen" as found %}{{ found }}',
    "an address with a variable": '{% url "portal:page" name %}',
    "an address that is given a name": '{% url "portal:catalogue" as found %}{{ found }}',
    "a file whose name is a variable": "{% load static %}{% static name %}",
}


@pytest.mark.parametrize("text", NOT_FIXED.values(), ids=NOT_FIXED)
def test_what_depends_on_the_page_is_made_for_each_page(text: str) -> None:
    template = joined(text)
    for name in ("impressum", "a", "impressum"):
        expected = Template(text, engine=ENGINE).render(Context({"name": name}))
        assert template.render(Context({"name": name})) == expected
        assert expected


def test_parts_inside_of_other_tags_are_joined() -> None:
    text = (
        '{% load i18n %}{% if name %}{% translate "Mitmachen" %}{{ name }}{% elif other %}{% translate "Termine" %}!'
        '{% else %}{% translate "Bezirke" %}?{% endif %}'
        '{% for one in name %}<i>{% translate "Beratung" %}</i>{{ one }}{% empty %}{% translate "Zahlen" %}{% endfor %}'
        '{% with a=name %}{% spaceless %}<b> <i>{% translate "Newsletter" %}</i> </b>{% endspaceless %}{% endwith %}'
    )
    assert not list(_single(joined(text).nodelist))
    for name in ("Ali", ""):
        for other in (True, False):
            assert rendered(text, name=name, other=other)


def _single(nodes: NodeList) -> Iterator[object]:
    """Fixed nodes that nobody joined."""
    for kind in (TranslateNode, URLNode):
        yield from (one for one in nodes.get_nodes_by_type(kind) if not one.asvar)


def test_each_language_has_its_own() -> None:
    template = joined('{% load i18n %}<p>{% translate "Mitmachen" %}</p>')
    found = {}
    for code in ("de", "en", "uk", "de"):
        with override(code):
            found.setdefault(code, set()).add(template.render(Context()))
    assert [len(one) for one in found.values()] == [1, 1, 1]
    assert len(set.union(*found.values())) == 3


def test_a_language_that_changes_within_a_page_counts() -> None:
    text = '{% load i18n %}{% translate "Mitmachen" %}{% language "en" %}{% translate "Mitmachen" %}{% endlanguage %}'
    with override("de"):
        assert rendered(text) == "MitmachenGet involved"


def test_each_path_of_the_site_has_its_own() -> None:
    template = joined('{% url "portal:catalogue" %}')
    before = template.render(Context())
    set_script_prefix("/engagement/")
    try:
        assert template.render(Context()) == "/engagement" + before
    finally:
        set_script_prefix("/")
    assert template.render(Context()) == before


def test_a_text_is_not_escaped_where_a_page_was() -> None:
    template = joined('{% url "portal:survey_answer" "a&b" %}')
    for escaped, expected in ((True, "a&amp;b"), (False, "a&b"), (True, "a&amp;b")):
        assert expected in template.render(Context(autoescape=escaped))


def test_a_block_can_still_be_replaced() -> None:
    base = '{% load i18n %}<h1>{% block title %}{% translate "Mitmachen" %}{% endblock %}</h1>'
    own = (
        '{% extends base %}{% load i18n %}{% block title %}{% translate "Termine" %}{% endblock %}'
    )
    with override("de"):
        assert joined(own).render(Context({"base": joined(base)})) == "<h1>Termine</h1>"
        assert joined(base).render(Context()) == "<h1>Mitmachen</h1>"


def test_the_portal_loads_its_templates_so() -> None:
    template = get_template("_footer.html").template
    assert [type(node) for node in template.nodelist] == [Fixed]
    assert not list(_single(get_template("base.html").template.nodelist))


def test_an_address_that_does_not_exist_is_told_every_time() -> None:
    template = joined('{% load i18n %}{% translate "Mitmachen" %}{% url "portal:gone" %}')
    for _time in range(2):
        with pytest.raises(NoReverseMatch, match="gone"):
            template.render(Context())
