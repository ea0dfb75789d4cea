"""Two colleagues at once, in real threads: only a database that locks rows can show it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from programs.models import Support
from programs.voices import handling
from programs.voices.base import NotPossible, Stale, VoiceError
from tests import factories
from tests.programs.voices.builders import KINDS, Desk, fresh, held, lines, make_voice, now

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("kind", KINDS),
]


@pytest.fixture
def desk():
    return Desk(factories.make_user())


def at_once(*calls):
    """What each call gave or raised, when all were made at the same moment."""
    barrier = Barrier(len(calls))

    def made(call):
        try:
            barrier.wait(timeout=10)
            return call()
        except VoiceError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))


def refusals(results):
    return [type(row) for row in results if isinstance(row, VoiceError)]


def test_published_and_refused_at_once_is_one_of_them(kind, desk):
    voice = held(kind)
    seen = voice.stamp

    results = at_once(lambda: desk.publish(voice, seen=seen), lambda: desk.refuse(voice, seen=seen))

    assert refusals(results) == [Stale]
    assert lines(voice) == [fresh(voice).state]
    assert (fresh(voice).state == "refused") == bool(fresh(voice).state_reason)


def test_two_answers_at_once_are_one(kind, desk):
    voice = make_voice(kind)
    seen = voice.stamp

    results = at_once(
        lambda: desk.answer(voice, "no", "Ett.", seen=seen),
        lambda: desk.answer(voice, "partly", "Två.", seen=seen),
    )

    assert refusals(results) == [Stale]
    assert lines(voice) == ["answered"]
    assert (fresh(voice).outcome, fresh(voice).reply) in {("no", "Ett."), ("partly", "Två.")}


def test_merged_both_ways_at_once_is_one_way(kind, desk):
    one = make_voice(kind)
    other = make_voice(kind, one.of_program)

    results = at_once(lambda: desk.merge(one, other), lambda: desk.merge(other, one))

    assert refusals(results) == [NotPossible]
    merged = [voice for voice in (fresh(one), fresh(other)) if voice.is_merged]
    assert len(merged) == 1


def test_merge_and_answer_of_the_same_at_once_is_one_of_them(kind, desk):
    voice = make_voice(kind)
    other = make_voice(kind, voice.of_program)
    seen = voice.stamp

    results = at_once(
        lambda: desk.merge(voice, other, seen=seen), lambda: desk.answer(voice, seen=seen)
    )

    assert refusals(results) == [Stale]
    assert fresh(voice).outcome in {"merged", "no"}
    assert len(lines(voice)) == 1


def test_target_that_is_merged_on_at_once_makes_no_chain(kind, desk):
    first = make_voice(kind)
    second, third = (make_voice(kind, first.of_program) for _number in range(2))

    at_once(lambda: desk.merge(first, second), lambda: desk.merge(second, third))

    for voice in (first, second, third):
        row = fresh(voice)
        assert row.merged_into is None or row.merged_into.merged_into is None


def test_one_form_sent_many_times_at_once_reports_once(kind):
    voice = make_voice(kind)

    def report():
        return handling.report(voice, rule="threat", text="Hot.", key="abc", now=now())

    results = at_once(*[report] * 4)

    assert len({row.pk for row in results}) == voice.history.count() == 1


def test_hidden_while_it_is_reported_leaves_no_report_to_look_at(kind, desk):
    voice = make_voice(kind)

    at_once(
        lambda: desk.hide(voice),
        lambda: handling.report(voice, rule="threat", text="", key="a", now=now()),
    )

    assert fresh(voice).state == "hidden"
    assert not voice.history.filter(needs_attention=True).exists()
    assert Support.objects.count() == 0
