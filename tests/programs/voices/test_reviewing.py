import datetime

import pytest

from programs.models import Idea
from programs.voices import handling
from programs.voices.base import NotPossible, Stale
from tests.factories import (
    make_action,
    make_brief_item,
    make_locality,
    make_planning_brief,
    make_user,
)
from tests.programs.voices.builders import (
    KINDS,
    Desk,
    clause_of,
    destinations,
    fresh,
    held,
    lines,
    make_voice,
    now,
    process_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("kind", KINDS)]


# --- Shown or not --------------------------------------------------------------------------------


def test_held_voice_that_is_published_can_be_read_by_all(kind, desk, program):
    voice = held(kind, program)

    desk.publish(voice)

    row = fresh(voice)
    assert row.state == "published"
    assert row.published_at is not None
    assert list(type(voice).objects.public()) == [row]
    line = row.history.get()
    assert (line.kind, line.by) == ("published", desk.by)


def test_refusal_names_rule_and_reason(kind, desk, program):
    voice = held(kind, program)

    desk.refuse(voice, rule="private", reason="  Skriv om platsen.  ")

    row = fresh(voice)
    assert (row.state, row.state_rule, row.state_reason) == (
        "refused",
        "private",
        "Skriv om platsen.",
    )
    line = row.history.get()
    assert (line.kind, line.detail, line.text) == ("refused", "private", "Skriv om platsen.")
    assert line.detail_words == row.get_state_rule_display() != "private"


@pytest.mark.parametrize("said", [{"rule": ""}, {"rule": "ugly"}, {"reason": " \n"}])
@pytest.mark.parametrize("verb", ["refuse", "hide"])
def test_nothing_is_refused_or_hidden_without_rule_and_reason(kind, desk, program, verb, said):
    voice = held(kind, program) if verb == "refuse" else make_voice(kind, program)
    before = voice.stamp

    with pytest.raises(NotPossible):
        getattr(desk, verb)(voice, **said)

    assert fresh(voice).stamp == before
    assert lines(voice) == []


def test_hidden_voice_can_be_shown_again_and_keeps_when_it_was_published(kind, desk, program):
    voice = held(kind, program)
    published_at = desk.publish(voice).published_at

    desk.hide(voice)
    assert not type(voice).objects.public().exists()
    desk.show_again(voice)

    row = fresh(voice)
    assert (row.state, row.state_rule, row.state_reason) == ("published", "", "")
    assert row.published_at == published_at
    assert lines(voice) == ["published", "hidden", "published"]


def test_refused_voice_can_be_published_after_all(kind, desk, program):
    voice = held(kind, program)
    desk.refuse(voice)
    voice.history.create(kind="review_asked", text="Titta igen.", needs_attention=True)

    desk.publish(voice)

    assert fresh(voice).state == "published"
    assert not voice.history.filter(needs_attention=True).exists()


def test_refusal_can_be_given_another_reason(kind, desk, program):
    voice = held(kind, program)
    desk.refuse(voice, reason="Nej.")
    voice.history.create(kind="review_asked", text="Varför?", needs_attention=True)

    desk.refuse(voice, rule="off_topic", reason="Muren är privat.")

    assert (fresh(voice).state_rule, fresh(voice).state_reason) == ("off_topic", "Muren är privat.")
    assert lines(voice) == ["refused", "review_asked", "refused"]
    assert not voice.history.filter(needs_attention=True).exists()


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("held", "hide"),
        ("held", "show_again"),
        ("published", "publish"),
        ("published", "refuse"),
        ("published", "show_again"),
        ("refused", "hide"),
        ("refused", "show_again"),
        ("hidden", "publish"),
        ("hidden", "refuse"),
        ("hidden", "hide"),
    ],
)
def test_what_does_not_fit_the_state_is_refused_and_leaves_no_trace(
    kind, desk, program, state, verb
):
    voice = make_voice(kind, program, state=state, state_reason="Därför.")

    with pytest.raises(NotPossible):
        getattr(desk, verb)(voice)

    assert fresh(voice).state == state
    assert lines(voice) == []


def test_second_of_two_colleagues_is_told_who_was_faster(kind, desk, program, administrator):
    voice = held(kind, program)
    seen = voice.stamp
    desk.publish(voice)

    with pytest.raises(Stale, match=r"^Projektledare was faster \(\d\d\.\d\d\): published\."):
        Desk(administrator).refuse(voice, seen=seen)

    assert fresh(voice).state == "published"
    assert lines(voice) == ["published"]


# --- Rewording -----------------------------------------------------------------------------------


def test_edit_keeps_what_first_came_in_and_every_wording_between(kind, desk, program):
    voice = make_voice(kind, program, text="Ring mig på 070.")

    desk.edit(voice, "Ring mig.")
    desk.edit(voice, "Ring kommunen.", reason="Ingen att ringa.")

    row = fresh(voice)
    assert (row.text, row.original_text) == ("Ring kommunen.", "Ring mig på 070.")
    assert row.is_edited
    first, second = row.history.all()
    assert (first.kind, first.text) == ("edited", "Ett telefonnummer.")
    assert first.before.endswith("Ring mig på 070.")
    assert second.before.endswith("Ring mig.")


@pytest.mark.parametrize(
    ("text", "reason"), [("Samma.", "Fel."), ("", "Fel."), ("Annat.", "  "), (" Samma. ", "Fel.")]
)
def test_edit_without_change_or_reason_does_nothing(kind, desk, program, text, reason):
    voice = make_voice(kind, program, text="Samma.")

    with pytest.raises(NotPossible):
        desk.edit(voice, text, reason=reason)

    assert not fresh(voice).is_edited
    assert lines(voice) == []


# --- Around it -----------------------------------------------------------------------------------


def test_report_is_looked_at_by_a_person(kind, desk, program):
    voice = make_voice(kind, program)

    handling.report(voice, rule="private", text=" Hon känns igen. ", key="abc", now=now())
    entry = voice.history.get()
    assert (entry.kind, entry.detail, entry.text, entry.by) == (
        "reported",
        "private",
        "Hon känns igen.",
        None,
    )
    assert list(type(voice).objects.flagged()) == [voice]

    desk.handle(voice, entry.pk, words="Ingen pekas ut.")

    assert list(type(voice).objects.flagged()) == []
    assert lines(voice) == ["reported", "handled"]
    with pytest.raises(Stale):
        desk.handle(voice, entry.pk, words="Igen.")


def test_report_sent_twice_is_one_and_nothing_else_than_public_is_reported(kind, program):
    voice, other = make_voice(kind, program), held(kind, program)

    for _time in range(2):
        handling.report(voice, rule="threat", text="Hot.", key="abc", now=now())
    assert handling.report(other, rule="threat", text="Hot.", key="abc", now=now()) is None

    assert (voice.history.count(), other.history.count()) == (1, 0)
    with pytest.raises(NotPossible):
        handling.report(voice, rule="ugly", text="", key="x", now=now())


def test_hiding_what_was_reported_settles_the_report(kind, desk, program):
    voice = make_voice(kind, program)
    handling.report(voice, rule="threat", text="Hot.", key="abc", now=now())

    desk.hide(voice)

    assert list(type(voice).objects.flagged()) == []


def test_report_needs_words_on_what_it_led_to(kind, desk, program):
    voice = make_voice(kind, program)
    entry = handling.report(voice, rule="threat", text="", key="a", now=now())

    for number, words in [(entry.pk, " "), (entry.pk + 1000, "Inget.")]:
        with pytest.raises(NotPossible):
            desk.handle(voice, number, words=words)
    assert list(type(voice).objects.flagged()) == [voice]


def test_notes_are_kept_once_and_disturb_nobody(kind, desk, program):
    voice = make_voice(kind, program)
    seen, changed_at = voice.stamp, fresh(voice).updated_at

    for _time in range(2):
        desk.add_note(voice, text="Ringde Trafikverket.", key="k1")
    with pytest.raises(NotPossible):
        desk.add_note(voice, text="  ", key="k2")

    assert [(line.kind, line.text) for line in voice.history.all()] == [
        ("note", "Ringde Trafikverket.")
    ]
    assert fresh(voice).stamp == seen
    assert fresh(voice).updated_at == changed_at


def test_voice_is_assigned_to_those_who_may_review_it(
    kind, desk, program, moderator, politician, registrar
):
    voice = held(kind, program)

    desk.assign(voice, to=moderator)
    assert fresh(voice).assigned_to == moderator
    for stranger in (politician, registrar, make_user()):
        with pytest.raises(NotPossible):
            desk.assign(voice, to=stranger)
    desk.assign(voice, to=None)

    assert fresh(voice).assigned_to is None
    assert [line.detail for line in voice.history.all()] == ["Moderator", "nobody in particular"]


# --- Moving --------------------------------------------------------------------------------------


def test_voice_moves_to_another_program_and_leaves_what_was_of_the_old(
    kind, desk, program, other_program
):
    process = process_of(other_program)
    voice = held(kind, program, clause=clause_of(program), assigned_to=desk.by)
    key = f"program-{other_program.pk}" if kind == "idea" else f"process-{process.pk}"
    assert key in destinations(voice)

    desk.move(voice, to=key)

    row = fresh(voice)
    assert (row.of_program, row.of_place) == (other_program, other_program.locality)
    assert (row.clause, row.assigned_to) == (None, None)
    assert row.history.get().detail == f"{program} → {other_program}"


def test_ideas_move_to_places_and_comments_to_pieces_of_their_text(kind, desk, program):
    voice, place = held(kind, program), make_locality()
    if kind == "idea":
        voice.about_action = make_action(program=program)
        voice.save()
        desk.move(voice, to=f"place-{place.pk}")
        row = fresh(voice)
        assert (row.program, row.locality, row.about_action) == (None, place, None)
        desk.move(voice, to="municipality-")
        assert (fresh(voice).of_program, fresh(voice).of_place) == (None, None)
        assert [line.detail for line in voice.history.all()] == [
            f"{program} → {place}",
            f"{place} → the whole municipality",
        ]
    else:
        clause = clause_of(program)
        desk.move(voice, to=f"clause-{clause.pk}")
        assert fresh(voice).clause == clause
        desk.move(voice, to="whole-")
        assert fresh(voice).clause is None


@pytest.mark.parametrize(
    "to",
    ["", "x", "program-", "program-x", "process-0", "clause-999999999", "place-\x00", "9" * 99],
)
def test_voice_moves_nowhere_that_is_not(kind, desk, program, to):
    voice = held(kind, program)

    with pytest.raises(NotPossible):
        desk.move(voice, to=to)

    assert fresh(voice).stamp == voice.stamp


def test_what_hangs_together_with_its_place_is_not_moved(kind, desk, program, other_program):
    process = process_of(other_program)
    key = f"program-{other_program.pk}" if kind == "idea" else f"process-{process.pk}"
    answered = make_voice(kind, program, outcome="no", reply="Nej.")
    target = make_voice(kind, program)
    merged = make_voice(kind, program, outcome="merged", merged_into=target, reply="Samma.")
    named = make_voice(kind, program)
    if kind == "idea":
        make_brief_item(brief=make_planning_brief(program=program), idea=named)
    else:
        change = named.process.clause_changes.create(reason="Många.", made_by=desk.by)
        change.comments.add(named)

    for voice in (answered, merged, target, named):
        with pytest.raises(NotPossible):
            desk.move(voice, to=key)
        assert fresh(voice).of_program == program


def test_lateness_is_the_same_in_the_database_and_in_one_row(kind, program):
    today = datetime.date(2026, 5, 4)
    for state in ("held", "published", "refused", "hidden"):
        for days in (-1, 0, 1):
            promised = today + datetime.timedelta(days=days)
            make_voice(kind, program, state=state, state_reason="x", promised_on=promised)
    rows = type(make_voice(kind, program)).objects.all()

    assert set(rows.late(today)) == {row for row in rows if row.is_late(today)}
    assert Idea.objects.late(today).count() == (1 if kind == "idea" else 0)
