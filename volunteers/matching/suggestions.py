"""The best for one request, for one application, and for all open requests together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from programs.models import District, Entry, Field
from programs.one_row import OneOf, has_one

from ..models import Application, CompanionRequest, Tandem
from ..models.requests import CompanionRequestQuerySet
from ..models.statuses import Status
from . import conditions, criteria
from .criteria import PlaceNames, Said
from .loading import READY, load_helpers, load_seekers
from .obstacles import Obstacle
from .profiles import Helper, Seeker
from .rules import Rules, current
from .together import Scores, assign

if TYPE_CHECKING:
    from ..models import User

M = TypeVar("M", bound=Model)
SHOWN = 20
"""The number of suggestions, and of people who do not fit, on one page."""

MOST_REQUESTS, MOST_PEOPLE = 500, 6_000
"""More are not compared: those that wait longest. That many are some seconds (``assignment.py``)."""

ELSEWHERE = (Entry.Kind.PROGRAMME, Entry.Kind.OPPORTUNITY, Entry.Kind.ROOM)
"""Kinds of entries where a placement is not a tandem."""


class Verdict(NamedTuple):
    """The result for one pair, as text."""

    points: int
    reasons: list[Said]
    against: list[str]
    obstacles: list[Obstacle]


@dataclass
class Pair:
    """A pair to show; records are loaded only for pairs that are shown."""

    seeker: Seeker
    helper: Helper
    verdict: Verdict
    request: CompanionRequest | None = None
    application: Application | None = None


@dataclass
class Suggestions:
    """``fitting``: best first. ``excluded``: those with the most points that break a condition.

    ``count``: the number of all fitting ones.
    """

    fitting: list[Pair]
    excluded: list[Pair]
    count: int

    @property
    def shown(self) -> list[Pair]:
        return [*self.fitting, *self.excluded]


def open_requests(user: "User") -> "QuerySet[CompanionRequest]":
    """Open requests that the user may see and that may get another companion, the longest waiting first."""
    return without_proposal(CompanionRequest.objects.visible_to(user))


def without_proposal(requests: CompanionRequestQuerySet) -> "QuerySet[CompanionRequest]":
    """Those for which somebody can be proposed, the longest waiting first."""
    return requests.with_room().order_by("confirmed_at", "pk")


def candidates(user: "User") -> "QuerySet[Application]":
    """Applications that may lead to a tandem and that the user may see."""
    return leading_to_tandems(Application.objects.visible_to(user))


def leading_to_tandems(applications: "QuerySet[Application]") -> "QuerySet[Application]":
    """Those that may lead to a tandem now, the longest waiting first.

    These are the ready ones, and of the placed ones those whose placement is a tandem. Somebody
    placed in a café, for example, is left out, and so is a group.
    """
    found = applications.filter(volunteer__isnull=False, group_size__isnull=True)
    wanted = Q(status=Status.READY) | (Q(status=Status.PLACED) & _placed_in_tandem())
    return found.filter(wanted).order_by("confirmed_at", "pk")


def for_tandems(application: Application) -> bool:
    """Whether this application may lead to a tandem, once it is ready."""
    if application.volunteer_id is None:
        return False
    own = Application.objects.filter(_placed_in_tandem(), pk=application.pk)
    return application.status != Status.PLACED or own.exists()


def is_candidate(application: Application, user: "User") -> bool:
    """Whether it is one of :func:`candidates`; asks the database only about those that could be by their status."""
    could = application.status in READY
    return could and candidates(user).filter(pk=application.pk).exists()


def _placed_in_tandem() -> Q:
    """Asked row by row, without joins: the longest waiting are the first of an index."""
    in_tandem = has_one(Tandem.objects.alive().filter(application=OuterRef("pk")))
    leading = Q(programme_entry__makes_tandems=True) | ~Q(kind__in=ELSEWHERE)
    entries = Entry.objects.filter(leading).order_by().values("pk")
    return in_tandem | Q(entry__isnull=True) | Q(OneOf("entry", ArraySubquery(entries)))


def for_request(request: CompanionRequest, user: "User") -> Suggestions:
    """Volunteers for one request."""
    found = CompanionRequest.objects.filter(pk=request.pk)
    helpers = load_helpers(_longest_waiting(candidates(user), MOST_PEOPLE), found)
    scores = Scores(load_seekers(found), helpers, current())
    pairs = [(0, column) for column in range(len(scores.helpers))]
    suggested = _ranked(scores, pairs, scores.points[0], scores.allowed[0])
    for pair in suggested.shown:
        pair.request = request
    _load_applications(suggested.shown)
    return suggested


def for_application(application: Application, user: "User") -> Suggestions:
    """Open requests for one application."""
    found = Application.objects.filter(pk=application.pk)
    asked = _longest_waiting(open_requests(user), MOST_PEOPLE)
    scores = Scores(load_seekers(asked), load_helpers(found, asked), current())
    pairs = [(row, 0) for row in range(len(scores.seekers))]
    suggested = _ranked(scores, pairs, scores.points[:, 0], scores.allowed[:, 0])
    for pair in suggested.shown:
        pair.application = application
    _load_requests(suggested.shown)
    return suggested


def _longest_waiting(rows: "QuerySet[M]", most: int) -> "QuerySet[M]":
    """The first ``most`` of ``rows``, which are in the order of waiting."""
    keys = list(rows.values_list("pk", flat=True)[:most])
    first: QuerySet[M] = rows.model._default_manager.filter(OneOf("pk", keys))
    return first.order_by("confirmed_at", "pk")


def _ranked(
    scores: Scores,
    pairs: list[tuple[int, int]],
    points: NDArray[np.int16],
    allowed: NDArray[np.bool_],
) -> Suggestions:
    """Most points first; with equal points the longest waiting first. Loads no records."""
    order = np.argsort(-points, kind="stable")
    names = _names()
    fitting = [_pair(scores, *pairs[int(i)], names) for i in order[allowed[order]][:SHOWN]]
    excluded = [_pair(scores, *pairs[int(i)], names) for i in order[~allowed[order]][:SHOWN]]
    return Suggestions(fitting, excluded, int(allowed.sum()))


def overall(user: "User") -> list[Pair]:
    """For all open requests that the user may see: the pairs with the greatest total of points.

    This is an assignment problem; a person with room for several tandems has several columns. A request
    for several companions gets one at a time. Among
    equally good solutions the longest waiting come first. Pairs that break a condition, or without
    any points, are dropped.
    """
    asked = _longest_waiting(open_requests(user), MOST_REQUESTS)
    helpers = load_helpers(_longest_waiting(candidates(user), MOST_PEOPLE), asked)
    scores = Scores(load_seekers(asked), helpers, current())
    names = _names()
    chosen = assign(scores)
    pairs = [_pair(scores, row, column, names) for row, column in chosen]
    pairs.sort(key=lambda pair: -pair.verdict.points)
    _load_requests(pairs)
    _load_applications(pairs)
    return pairs


def _pair(scores: Scores, row: int, column: int, names: PlaceNames) -> Pair:
    seeker, helper = scores.seekers[row], scores.helpers[column]
    verdict = judge(seeker, helper, names, int(scores.points[row, column]), scores.rules)
    return Pair(seeker, helper, verdict)


def judged(seeker: Seeker, helper: Helper, rules: Rules) -> Verdict:
    """The result for one pair that is in no table of points."""
    return _pair(Scores([seeker], [helper], rules), 0, 0, _names()).verdict


def judge(seeker: Seeker, helper: Helper, names: PlaceNames, points: int, rules: Rules) -> Verdict:
    """The result for one pair, as text."""
    said = criteria.said(seeker, helper, names, rules)
    reasons = [one for one in said if one.reason]
    if seeker.wish and seeker.wish == helper.gender:
        wish = CompanionRequest.Wish(seeker.wish).label
        reasons.append(Said(0, _("wünscht %(wish)s: ja") % {"wish": wish}))
    against = [one.against for one in said if one.against]
    return Verdict(points, reasons, against, conditions.obstacles_of(seeker, helper, rules))


def _names() -> PlaceNames:
    return PlaceNames(
        dict(District.objects.values_list("pk", "short_name")),
        dict(Field.objects.values_list("pk", "name")),
    )


def _load_requests(pairs: list[Pair]) -> None:
    """The records of the shown pairs."""
    requests = CompanionRequest.objects.select_related("district", "organisation", "programme")
    found = requests.in_bulk({pair.seeker.pk for pair in pairs})
    for pair in pairs:
        pair.request = found[pair.seeker.pk]


def _load_applications(pairs: list[Pair]) -> None:
    applications = Application.objects.select_related("entry", "organisation")
    found = applications.in_bulk({pair.helper.pk for pair in pairs})
    for pair in pairs:
        pair.application = found[pair.helper.pk]
