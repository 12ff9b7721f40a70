"""The agreement of a tandem: one proposes, the other accepts or changes; both see what counts and since when."""

import threading

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from programs.addresses import admin_path
from volunteers.links import tandems as tandem_links
from volunteers.models import Agreement, Tandem
from volunteers.models.companions import Hold, Side
from volunteers.services import agreements, ending, first_weeks, holds

pytestmark = pytest.mark.django_db

TEXTS = {"often": "dienstags", "place": "Bücherei", "what": "Deutsch üben", "what_not": ""}
OTHER = TEXTS | {"often": "mittwochs"}


def path_of(tandem, side):
    return tandem_links.agreement_path(tandem, side)


def page(client, tandem, side):
    return client.get(path_of(tandem, side)).content.decode()


@pytest.mark.slow
def test_one_proposes_the_other_accepts_and_both_see_it_with_its_date(client, running):
    assert client.post(path_of(running, Side.NEWCOMER), TEXTS).status_code == 302
    (message,) = mail.outbox
    assert message.to == [running.application.email]
    assert "dienstags" not in message.body
    assert "wartet auf die Zustimmung" in page(client, running, Side.NEWCOMER)
    assert "Einverstanden</button>" not in page(client, running, Side.NEWCOMER)
    own = client.get(tandem_links.page_of(running, Side.VOLUNTEER)).content.decode()
    assert "Ein Vorschlag für Ihre Absprache wartet auf Sie." in own
    assert "Einverstanden</button>" in page(client, running, Side.VOLUNTEER)

    number = Agreement.objects.get().pk
    accepted = client.post(path_of(running, Side.VOLUNTEER), {"accept": number})
    assert accepted.status_code == 302
    again = client.post(path_of(running, Side.VOLUNTEER), {"accept": number})
    assert again.status_code == 302
    assert [m.to for m in mail.outbox[1:]] == [[running.request.email]]
    for side in Side:
        text = page(client, running, side)
        assert "dienstags" in text
        assert "Beide einverstanden seit dem" in text


def test_nobody_accepts_their_own_proposal(running):
    own = agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    with pytest.raises(agreements.ChangedMeanwhile):
        agreements.accept(tandem=running, side=Side.NEWCOMER, number=own.pk)
    assert Agreement.objects.get().accepted_at is None


def test_another_proposal_takes_the_place_of_the_one_that_waits_and_what_counts_stays(running):
    first = agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    agreements.accept(tandem=running, side=Side.VOLUNTEER, number=first.pk)
    agreements.propose(tandem=running, side=Side.NEWCOMER, texts=OTHER)
    counter = agreements.propose(
        tandem=running, side=Side.VOLUNTEER, texts=TEXTS | {"often": "freitags"}
    )
    assert set(running.agreements.values_list("often", flat=True)) == {"dienstags", "freitags"}
    agreements.accept(tandem=running, side=Side.NEWCOMER, number=counter.pk)
    assert running.agreements.get().often == "freitags"


def test_the_same_words_from_both_sides_are_accepted(running):
    agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    agreements.propose(tandem=running, side=Side.VOLUNTEER, texts=TEXTS)
    assert running.agreements.get().accepted_at is not None


def test_correcting_ones_own_proposal_mails_nobody_again(running):
    agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    agreements.propose(tandem=running, side=Side.NEWCOMER, texts=OTHER)
    assert len(mail.outbox) == 1
    assert running.agreements.get().often == "mittwochs"


def test_who_accepts_what_has_changed_meanwhile_reads_the_new_words_first(client, running):
    old = agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    agreements.propose(tandem=running, side=Side.NEWCOMER, texts=OTHER)
    response = client.post(path_of(running, Side.VOLUNTEER), {"accept": old.pk})
    assert response.status_code == 409
    text = response.content.decode()
    assert "hat sich inzwischen geändert" in text
    assert "mittwochs" in text
    assert running.agreements.get().accepted_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "in mindestens ein Feld"),
        ({"often": "   "}, "in mindestens ein Feld"),
        ({"what": "x" * 301}, "höchstens 300 Zeichen"),
        ({"what": "a\x07b"}, "Steuerzeichen"),
        ({"accept": "9" * 30}, "in mindestens ein Feld"),
        ({"accept": "-1", "what": "a\x00"}, "Nullzeichen"),
    ],
)
def test_unfriendly_words_get_a_sentence_and_stay(client, running, typed, sentence):
    response = client.post(path_of(running, Side.NEWCOMER), typed)
    assert response.status_code == 422
    text = response.content.decode()
    assert sentence in text
    assert typed.get("what", "").replace("\x00", "").replace("\x07", "")[:300] in text
    assert not Agreement.objects.exists()


def test_a_number_of_another_tandem_is_not_accepted(client, running, circle):
    response = client.post(path_of(running, Side.NEWCOMER), {"accept": 10**17})
    assert response.status_code == 409


def test_html_is_shown_as_it_was_typed(client, running):
    client.post(path_of(running, Side.NEWCOMER), {"what": "<script>alert(1)</script>"})
    assert "<script>alert" not in page(client, running, Side.VOLUNTEER)
    assert "&lt;script&gt;" in page(client, running, Side.VOLUNTEER)


def test_it_goes_when_the_tandem_ends_and_rests_with_it(client, running):
    agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    holds.hold(tandem=running, as_=Hold.COORDINATION)
    assert client.get(path_of(running, Side.NEWCOMER)).status_code == 410
    with pytest.raises(first_weeks.Resting):
        agreements.propose(tandem=running, side=Side.NEWCOMER, texts=OTHER)
    ending.end_tandem(tandem=running, reason="moved", side=Side.NEWCOMER)
    assert not Agreement.objects.exists()
    for response in (
        client.get(path_of(running, Side.NEWCOMER)),
        client.post(path_of(running, Side.NEWCOMER), TEXTS),
    ):
        assert response.status_code == 410


def test_the_coordination_sees_since_when_and_never_what(client, running, coordinator):
    made = agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    agreements.accept(tandem=running, side=Side.VOLUNTEER, number=made.pk)
    client.force_login(coordinator)
    text = client.get(admin_path(running)).content.decode()
    assert f"seit {timezone.localdate():%d.%m.%Y}" in text
    assert "Bücherei" not in text


def test_the_database_keeps_one_that_waits_and_one_that_counts(running):
    for accepted_at in (None, timezone.now()):
        fields = {"tandem": running, "proposed_by": "newcomer", "accepted_at": accepted_at}
        Agreement.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.create(**fields)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_other_changes_accepts_only_what_was_read(running):
    made = agreements.propose(tandem=running, side=Side.NEWCOMER, texts=TEXTS)
    results = []

    def accept():
        try:
            agreements.accept(tandem=running, side=Side.VOLUNTEER, number=made.pk)
            results.append("accepted")
        except agreements.ChangedMeanwhile:
            results.append("changed")
        finally:
            connection.close()

    def change():
        agreements.propose(tandem=running, side=Side.NEWCOMER, texts=OTHER)
        connection.close()

    threads = [threading.Thread(target=work) for work in (accept, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = [
        one.often for one in Tandem.objects.get().agreements.filter(accepted_at__isnull=False)
    ]
    assert counts == (["dienstags"] if results == ["accepted"] else [])
