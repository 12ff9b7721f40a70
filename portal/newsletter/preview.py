"""The preview of an issue while it is written: what the form says now, as HTML and as text, without saving it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from .content import Content, assemble, blocks_of, content_of, left_out
from .issue_models import NewsletterBlock, NewsletterIssue
from .rendering import LARGEST, Links, render


@dataclass
class Draft:
    """What was typed, as far as it is right, and what is wrong with the rest."""

    content: Content
    problems: list[str]


def saved(issue: NewsletterIssue) -> Draft:
    return Draft(content_of(issue), _left_out(blocks_of(issue)))


def typed(issue: NewsletterIssue, form: Any, formset: Any) -> Draft:
    """From the bound forms of the page; nothing is saved."""
    problems = [] if form.is_valid() else _errors(form)
    blocks: list[NewsletterBlock] = []
    for number, one in enumerate(formset.forms, start=1):
        if not one.is_valid():
            name = _("Baustein")
            problems += [f"{name} {number}: {error}" for error in _errors(one)]
        elif one.cleaned_data.get("DELETE") or not (one.instance.pk or one.has_changed()):
            continue
        blocks.append(one.instance)
    blocks.sort(key=lambda block: (block.position or 0, block.pk or float("inf")))
    return Draft(assemble(issue, blocks), problems + _left_out(blocks))


def _errors(form: Any) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _left_out(blocks: list[NewsletterBlock]) -> list[str]:
    pairs = ((block, left_out(block)) for block in blocks)
    text = _("„%(block)s“ geht nicht hinaus: %(why)s")
    return [text % {"block": block, "why": why} for block, why in pairs if why]


def preview_page(request: HttpRequest, issue: NewsletterIssue, draft: Draft) -> HttpResponse:
    """A page for the frame beside the form. The mail stands in a frame of its own, without scripts."""
    page = settings.SITE_URL + issue.get_absolute_url()
    mail = render(draft.content, web_url=page)
    size = mail.size()
    context = {
        "mail": mail.finished(Links(leave=page, choose=page)),
        "problems": draft.problems,
        "size": -(-size // 1000),
        "most": LARGEST // 1000,
        "is_too_large": size > LARGEST,
    }
    return render_page(request, "admin/newsletter/preview.html", context)


in_a_frame: Any = csp_replace(
    {"style-src": [SELF, UNSAFE_INLINE], "frame-ancestors": [SELF], "frame-src": [SELF]}
)
framed_preview: Callable[[HttpRequest, NewsletterIssue, Draft], HttpResponse] = never_cache(
    xframe_options_sameorigin(in_a_frame(preview_page))
)
