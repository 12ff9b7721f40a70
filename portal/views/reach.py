"""The business card of whoever answers the telephone for an entry."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from programs.models import Entry
from programs.vcards import vcard
from volunteers.reads.reach import reach


def card(request: HttpRequest, slug: str) -> HttpResponse:
    """A vCard by function, never with a name."""
    entries = Entry.objects.published().select_related("organisation", "department")
    entry = get_object_or_404(entries, slug=slug)
    reached = reach(entry)
    made = vcard(
        name=reached.phone_role,
        organisation=reached.phone_of.title,
        phone=reached.phone,
        note=reached.phone_hours,
        url=settings.SITE_URL + entry.get_absolute_url(),
    )
    response = HttpResponse(made, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{entry.slug}.vcf"'
    return response
