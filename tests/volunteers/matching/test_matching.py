"""Matching: points, conditions, texts, and the best pairs for all together."""

import itertools

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programs.models import DayPart, Language
from tests import factories
from volunteers.matching import conditions, criteria, suggestions, together
from volunteers.matching.criteria import PlaceNames
from volunteers.matching.profiles import (
    ANY_PROGRAMME,
    Helper,
    People,
    Positions,
    Profile,
    Seeker,
    Seekers,
    bits,
    common,
)
from volunteers.matching.rules import FIELDS_AT_MOST, SLOTS_AT_MOST, STANDARD
from volunteers.models import Application
from volunteers.services import tandems

DISTRICTS = ("01", "04", "05", "06")
NAMES = PlaceNames(
    {number: f"Bezirk {number}" for number in DISTRICTS}, {n: f"Feld {n}" for n in range(99)}
)


def sets(values):
    return st.frozensets(st.sampled_from(values), max_size=4)


common_fields = {
    "languages": sets(["de", "ar", "uk", "ti"]),
    "districts": sets(DISTRICTS),
    "fields": sets(range(90)),
    "weekdays": sets(range(7)),
    "dayparts": sets(DayPart.values),
    "email": st.sampled_from(["", "a@example.org", "b@example.org"]),
}
seekers_of = st.builds(
    Seeker,
    pk=st.integers(1, 5),
    near=sets(DISTRICTS),
    wish=st.sampled_from(["", "woman", "man"]),
    needs_check=st.booleans(),
    protected_by=st.sampled_from([0, 0, 7, 8]),
    waited=st.integers(0, 200),
    **common_fields,
)
helpers_of = st.builds(
    Helper,
    pk=st.integers(1, 50),
    volunteer=st.integers(1, 50),
    gender=st.sampled_from(["", "woman", "man", "diverse"]),
    ready=st.booleans(),
    room=st.integers(0, 2),
    has_check=st.booleans(),
    needs_check=st.booleans(),
    programme=st.sampled_from([ANY_PROGRAMME, 0, 7, 8]),
    prepared=st.booleans(),
    turned_down=st.frozensets(st.integers(1, 5), max_size=2),
    **common_fields,
)


def unique(people):
    return list({one.pk: one for one in people}.values())


@pytest.mark.slow
@given(
    st.lists(seekers_of, min_size=1, max_size=4).map(unique),
    st.lists(helpers_of, min_size=1, max_size=4).map(unique),
)
def test_masks_and_words_say_the_same(seekers, helpers):
    table = together.Scores(seekers, helpers)
    for (row, seeker), (column, helper) in itertools.product(
        enumerate(seekers), enumerate(helpers)
    ):
        said = criteria.said(seeker, helper, NAMES)
        assert sum(one.points for one in said) == table.points[row, column]
        assert (not conditions.obstacles_of(seeker, helper)) == table.allowed[row, column]
        assert all(bool(one.reason) == (one.points > 0) for one in said)
        assert not any(one.reason and one.against for one in said)


@given(st.lists(sets(range(150)), min_size=1, max_size=5), st.lists(sets(range(150)), min_size=1))
def test_common_counts_over_more_than_64_values(left, right):
    positions = {value: value for value in range(150)}
    found = common(bits(left, positions), bits(right, positions))
    assert found.tolist() == [[len(a & b) for b in right] for a in left]


@pytest.mark.slow
@given(
    st.lists(seekers_of, min_size=1, max_size=4).map(unique),
    st.lists(helpers_of, min_size=1, max_size=4).map(unique),
)
def test_overall_proposal_is_the_best_there_is_and_breaks_nothing(seekers, helpers):
    table = together.Scores(seekers, helpers)
    chosen = together.assign(table)
    assert len({row for row, _ in chosen}) == len(chosen), "one proposal for each request"
    for volunteer in {helper.volunteer for helper in helpers}:
        columns = [c for _, c in chosen if helpers[c].volunteer == volunteer]
        rooms = [helper.room for helper in helpers if helper.volunteer == volunteer]
        assert len(columns) <= max(rooms)
    assert all(table.allowed[row, column] and table.points[row, column] for row, column in chosen)
    assert sum(int(table.points[pair]) for pair in chosen) == best_by_trying(table)


def best_by_trying(table):
    """The greatest total by brute force; each person as often as they have room."""
    people = {}
    for column, helper in enumerate(table.helpers):
        people.setdefault(helper.volunteer, []).append(column)
    slots = [
        columns
        for columns in people.values()
        for _ in range(max(table.helpers[c].room for c in columns))
    ]

    def points(row, columns):
        return max(int(table.points[row, c]) if table.allowed[row, c] else 0 for c in columns)

    def best(row, free):
        if row == len(table.seekers):
            return 0
        without = best(row + 1, free)
        return max(
            [without] + [points(row, slots[slot]) + best(row + 1, free - {slot}) for slot in free]
        )

    return best(0, frozenset(range(len(slots))))


def seeker(**fields):
    return Seeker(**({"pk": 1, "languages": frozenset({"ar"})} | fields))


def helper(**fields):
    return Helper(**({"pk": 9, "volunteer": 9, "languages": frozenset({"de", "ar"})} | fields))


def words(one, other):
    return [said.reason or said.against for said in criteria.said(one, other, NAMES)]


def test_reasons_in_words():
    tuesday_evening = {"weekdays": frozenset({1}), "dayparts": frozenset({"evening"})}
    one = seeker(districts=frozenset({"01"}), fields=frozenset({3}), **tuesday_evening)
    other = helper(districts=frozenset({"01", "05"}), fields=frozenset({3, 4}), **tuesday_evening)
    assert words(one, other) == [
        "spricht Arabisch",
        "gleicher Stadtbezirk",
        "hilft bei: Feld 3",
        "beide dienstags abends",
    ]


def test_what_speaks_against_in_words():
    one = seeker(languages=frozenset({"ti"}), districts=frozenset({"01"}), fields=frozenset({1}))
    other = helper(districts=frozenset({"06"}))
    assert words(one, other) == [
        "keine gemeinsame Sprache",
        "anderer Teil der Stadt: Bezirk 06",
        "kein gemeinsames Thema genannt",
        "keine gemeinsame Zeit genannt",
    ]


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (({1, 3}, ()), ({1, 3}, {"evening"}), "beide dienstags und donnerstags abends"),
        ((), ({1}, {"evening"}), "keine gemeinsame Zeit genannt"),
        (((), {"morning"}), ((), {"morning"}), "beide vormittags"),
        (({5}, ()), ({5, 6}, ()), "beide samstags"),
        (({0}, {"morning"}), ({0}, {"evening"}), "keine gemeinsame Zeit genannt"),
    ],
)
def test_times_in_words(one, other, text):
    def times(pair):
        days, parts = pair or ((), ())
        return {"weekdays": frozenset(days), "dayparts": frozenset(parts)}

    assert words(seeker(**times(one)), helper(**times(other)))[-1] == text


def test_neighbouring_district_counts_less_than_the_same():
    near = words(
        seeker(districts=frozenset({"01"}), near=frozenset({"04"})),
        helper(districts=frozenset({"04"})),
    )
    assert near[1] == "Nachbarbezirk: Bezirk 04"
    assert STANDARD.next_district < STANDARD.same_district


def test_a_common_language_counts_most():
    rest = (
        STANDARD.same_district,
        STANDARD.field * FIELDS_AT_MOST,
        STANDARD.slot * SLOTS_AT_MOST,
        STANDARD.waiting * STANDARD.waiting_weeks,
    )
    assert STANDARD.language > STANDARD.german_only > max(rest)


def test_best_for_all_beats_the_greedy_list():
    """Taking the best pair first would leave the second request without a volunteer."""
    arabic, both = frozenset({"ar"}), frozenset({"ar", "uk"})
    one = Seeker(pk=1, languages=arabic, districts=frozenset({"01"}))
    two = Seeker(pk=2, languages=frozenset({"uk"}))
    everything = Helper(pk=1, volunteer=1, languages=both, districts=frozenset({"01"}))
    only_arabic = Helper(pk=2, volunteer=2, languages=arabic)
    table = together.Scores([one, two], [everything, only_arabic])
    assert table.points[0, 0] == table.points.max()
    assert together.assign(table) == [(0, 1), (1, 0)]


def test_among_equals_the_longest_waiting_comes_first():
    waiting = [Seeker(pk=n, languages=frozenset({"ar"})) for n in (1, 2, 3)]
    table = together.Scores(waiting, [helper()])
    assert together.assign(table) == [(0, 0)]


def test_nothing_to_assign_is_no_error():
    assert together.assign(together.Scores([], [])) == []
    assert together.assign(together.Scores([seeker()], [])) == []
    assert together.assign(together.Scores([], [helper()])) == []


def test_profile_without_times_has_none_and_half_told_ones_mean_all():
    assert Profile(pk=1).days == Profile(pk=1).parts == frozenset()
    assert Profile(pk=1, weekdays=frozenset({1})).parts == frozenset(DayPart.values)
    assert Profile(pk=1, dayparts=frozenset({"evening"})).days == frozenset(range(7))


def test_every_language_has_its_bit():
    people = [Seeker(pk=n, languages=frozenset({value})) for n, value in enumerate(Language.values)]
    masks = Seekers(people, Positions.of(people, []))
    assert len({tuple(row) for row in masks.languages}) == len(people)
    assert isinstance(masks, People)


# --- Pages ----------------------------------------------------------------------------------


@pytest.fixture
def circle(db):
    return factories.make_circle(department=factories.make_clearing_office())


@pytest.fixture
def staff(client, circle):
    user = factories.make_member(circle).user
    client.force_login(user)
    return user


def page_of(client, view, *args):
    response = client.get(reverse(f"admin:volunteers_{view}", args=args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.slow
def test_page_ranks_volunteers_with_reasons_and_tells_why_others_do_not_fit(client, staff, circle):
    districts = factories.make_districts()
    request = factories.make_request(
        organisation=circle, wish="woman", district=districts["feuerbach"], weekdays=[1]
    )
    factories.make_ready(
        circle,
        "Ina Beste",
        gender="woman",
        weekdays=[1],
        districts=[districts["feuerbach"]],
    )
    factories.make_ready(circle, "Eva Zweite", gender="woman", languages=["de"])
    factories.make_ready(circle, "Jan Mann", gender="man")
    factories.make_ready(circle, "Kim Unbekannt")
    page = page_of(client, "companionrequest_fitting", request.pk)
    shown = [name for name in ("Ina Beste", "Eva Zweite", "Jan Mann") if name in page]
    assert sorted(shown, key=page.index) == ["Ina Beste", "Eva Zweite", "Jan Mann"]
    for text in (
        "2 Personen passen",
        "spricht Arabisch",
        "gleicher Stadtbezirk",
        "beide dienstags",
        "wünscht eine Frau: ja",
        "keine gemeinsame Sprache",
        "wünscht eine Frau: nein",
        "das Geschlecht ist nicht angegeben",
    ):
        assert text in page


@pytest.mark.slow
def test_foreign_volunteers_are_not_suggested(client, staff, circle):
    other = factories.make_circle("Freundeskreis Nord")
    factories.make_ready(other, "Fremde Person")
    request = factories.make_request(organisation=circle)
    assert "Fremde Person" not in page_of(client, "companionrequest_fitting", request.pk)
    assert "Fremde Person" not in page_of(client, "companionrequest_overall")


@pytest.mark.slow
def test_the_other_way_round_and_all_together(client, staff, circle):
    application = factories.make_ready(circle, "Ina Beste")
    factories.make_request("Samira", organisation=circle)
    factories.make_request("Anna", organisation=circle, languages=["pl"])
    foreign = factories.make_request("Olena", organisation=factories.make_circle("Nord"))
    page = page_of(client, "application_requests", application.pk)
    assert page.index("Samira") < page.index("Anna")
    assert foreign.name not in page
    assert "Samira" in page_of(client, "application_change", application.pk)
    overall = page_of(client, "companionrequest_overall")
    assert "Samira" in overall
    assert "Ina Beste" in overall


@pytest.mark.slow
def test_placed_elsewhere_is_no_candidate_but_placed_with_room_is(client, staff, circle):
    request = factories.make_request(organisation=circle)
    cafe = factories.make_entry("Sprachcafé", organisation=circle)
    factories.make_ready(circle, "Cem Café", entry=cafe, status="placed")
    twice = factories.make_ready(circle, "Zoe Zweimal", tandem_limit=2)
    factories.make_tandem(factories.make_request("Anna", organisation=circle), twice)
    page = page_of(client, "companionrequest_fitting", request.pk)
    assert "Cem Café" not in page
    assert "Zoe Zweimal" in page


@pytest.mark.slow
def test_button_proposes_and_a_second_click_says_so(client, staff, circle):
    request, application = factories.make_request(organisation=circle), factories.make_ready(circle)
    url = reverse("admin:volunteers_companionrequest_propose", args=[request.pk, application.pk])
    assert client.get(url).status_code == 405
    page = client.post(url, follow=True).content.decode()
    assert "Beide bekommen eine Mail" in page
    page = client.post(url, follow=True).content.decode()
    assert "schon einen Vorschlag" in page
    assert request.tandems.count() == 1
    foreign = factories.make_ready(factories.make_circle("Nord"), "Fremd")
    url = reverse("admin:volunteers_companionrequest_propose", args=[request.pk, foreign.pk])
    assert client.post(url).status_code == 404


def fill(circle, number, start=0):
    fields = [factories.make_field(name) for name in ("Sprache", "Arbeit")]
    district = factories.make_district()
    for index in range(start, start + number):
        factories.make_ready(
            circle, f"Person {index}", districts=[district], fields=fields, weekdays=[1]
        )
        factories.make_request(
            f"Suche {index}", organisation=circle, district=district, fields=fields, weekdays=[1]
        )


@pytest.mark.slow
@pytest.mark.parametrize("view", ["fitting", "overall", "requests"])
def test_same_queries_at_one_and_at_thirty(client, staff, circle, django_assert_num_queries, view):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill(circle, 1)
    application = Application.objects.get(name="Person 0")
    request = suggestions.open_requests(staff).get()
    urls = {
        "fitting": reverse("admin:volunteers_companionrequest_fitting", args=[request.pk]),
        "overall": reverse("admin:volunteers_companionrequest_overall"),
        "requests": reverse("admin:volunteers_application_requests", args=[application.pk]),
    }
    client.get(urls[view])
    with CaptureQueriesContext(connection) as once:
        client.get(urls[view])
    assert len(once) <= 18
    fill(circle, 29, start=1)
    with django_assert_num_queries(len(once)):
        client.get(urls[view])


@pytest.mark.slow
def test_a_request_with_a_proposal_is_not_proposed_again(staff, circle):
    request, application = factories.make_request(organisation=circle), factories.make_ready(circle)
    factories.make_ready(circle, "Ben Weber")
    assert [pair.seeker.pk for pair in suggestions.overall(staff)] == [request.pk]
    tandems.propose(request=request, application=application)
    assert suggestions.overall(staff) == []
