"""Reflections for the person: how many the programme asks for, and when the next one is."""

from ..models import Application
from ..models.statuses import Status
from ..reads.reflections import next_reflections, reflections_of
from .parts import Section

SHOWN = 3
"""Coming dates on the status page."""


def of_application(application: Application) -> Section | None:
    """For a placed application whose programme asks for reflections."""
    if application.status != Status.PLACED or (found := reflections_of(application)) is None:
        return None
    context = {"reflections": found, "events": list(next_reflections(application)[:SHOWN])}
    return Section("volunteers/sections/reflections.html", context)
