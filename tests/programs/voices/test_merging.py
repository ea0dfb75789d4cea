import pytest

from programs.models import Support
from programs.voices.base import NotPossible, Stale
from programs.voices.merging import MOST_PARTS
from programs.voices.similar import similar_to
from tests.factories import make_idea, make_program
from tests.programs.voices.builders import (
    KINDS,
    Desk,
    every_voice,
    fresh,
    held,
    lines,
    make_voice,
)

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("kind", KINDS)


@both
def test_merged_voice_is_answered_with_the_other_and_keeps_its_text(kind, desk, program):
    target, voice = make_voice(kind, program), make_voice(kind, program, text="Samma sak.")

    desk.merge(voice, target, reply="Fler har sagt samma.")

    row = fresh(voice)
    assert (row.outcome, row.merged_into, row.reply) == (
        "merged",
        target,
        "Fler har sagt samma.",
    )
    assert (row.text, row.state, row.replied_by) == ("Samma sak.", "published", "Projektledare")
    line = row.history.get()
    assert (line.kind, line.detail.split()[0]) == ("merged", target.reference)
    assert list(target.merged.all()) == [row]


@both
def test_held_voice_becomes_public_when_it_is_merged(kind, desk, program):
    target, voice = make_voice(kind, program), held(kind, program)

    desk.merge(voice, target)

    assert (fresh(voice).state, fresh(voice).outcome) == ("published", "merged")
    assert fresh(voice).published_at is not None
    assert lines(voice) == ["published", "merged"]


@both
def test_separated_voice_waits_for_an_answer_of_its_own(kind, desk, program):
    target = make_voice(kind, program)
    voice = make_voice(kind, program, promised_on="2026-03-01")
    desk.merge(voice, target)

    desk.unmerge(voice)

    row = fresh(voice)
    assert (row.outcome, row.merged_into, row.reply, row.replied, row.replied_by) == (
        "",
        None,
        "",
        None,
        "",
    )
    assert str(row.promised_on) == "2026-03-01"
    assert lines(voice) == ["merged", "unmerged"]
    assert row.history.first().text == "Fler har sagt samma."
    with pytest.raises(NotPossible):
        desk.unmerge(voice)


@both
def test_chains_and_circles_are_refused(kind, desk, program):
    first, second, third = (make_voice(kind, program) for _number in range(3))
    desk.merge(first, second)

    for voice, into in [
        (second, first),  # a circle
        (second, third),  # others are merged with it
        (third, first),  # that one leads on
        (third, third),
        (first, third),  # merged already
    ]:
        with pytest.raises(NotPossible):
            desk.merge(voice, into)

    merged = {row.pk: row.merged_into_id for row in every_voice() if row.merged_into_id}
    assert merged == {first.pk: second.pk}


@both
@pytest.mark.parametrize("state", ["refused", "hidden"])
def test_what_is_out_of_sight_is_not_merged_and_nothing_is_merged_with_it(
    kind, desk, program, state
):
    gone = make_voice(kind, program, state=state, state_reason="Därför.")
    voice, waiting = make_voice(kind, program), held(kind, program)

    for one, other in [(gone, voice), (voice, gone), (voice, waiting)]:
        with pytest.raises(NotPossible):
            desk.merge(one, other)

    assert fresh(voice).outcome == fresh(gone).outcome == ""


@both
def test_answered_voice_is_not_merged_but_others_are_merged_with_it(kind, desk, program):
    answered = make_voice(kind, program, outcome="no", reply="Nej.")
    voice = make_voice(kind, program)

    with pytest.raises(NotPossible):
        desk.merge(answered, voice)
    desk.merge(voice, answered)

    assert fresh(voice).merged_into == answered


@both
def test_merging_needs_words_to_the_author(kind, desk, program):
    target, voice = make_voice(kind, program), make_voice(kind, program)

    with pytest.raises(NotPossible):
        desk.merge(voice, target, reply=" ")

    assert fresh(voice).outcome == ""


@both
def test_second_of_two_who_merge_is_told(kind, desk, program, administrator):
    target, voice = make_voice(kind, program), make_voice(kind, program)
    seen = voice.stamp
    desk.merge(voice, target)

    with pytest.raises(Stale):
        Desk(administrator).merge(voice, target, seen=seen)

    assert lines(voice) == ["merged"]


def test_comments_of_different_rounds_are_answered_apart(desk, program):
    voice = make_voice("comment", program)
    other = make_voice("comment", make_program())

    with pytest.raises(NotPossible):
        desk.merge(voice, other)


def test_whoever_stands_behind_several_counts_once_while_they_are_merged(desk, program):
    target, voice = make_idea(program=program), make_idea(program=program)
    for idea, person in [(target, "a"), (target, "b"), (voice, "b"), (voice, "c")]:
        Support.objects.create(idea=idea, address_hash=person)

    def counted(idea):
        annotated = type(idea).objects.with_supporters().get(pk=idea.pk).supporters
        assert annotated == Support.objects.behind(idea).people()
        return annotated

    assert (counted(target), counted(voice)) == (2, 2)
    desk.merge(voice, target)
    assert counted(target) == 3
    desk.unmerge(voice)
    assert (counted(target), counted(voice)) == (2, 2)
    assert counted(make_idea()) == 0


# --- Splitting -----------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("state", ["held", "published"])
def test_split_makes_several_of_one_with_the_same_author_and_promise(kind, desk, program, state):
    voice = make_voice(
        kind,
        program,
        state=state,
        text="Bänkar. Och en buss.",
        author_name="Kim",
        author_email="kim@example.se",
        promised_on="2026-03-01",
        channel="paper",
    )

    first, second, third = desk.split(voice, "Bänkar.", "En buss.", "Och ljus.")

    assert (first.pk, first.text, first.original_text) == (
        voice.pk,
        "Bänkar.",
        "Bänkar. Och en buss.",
    )
    assert list(voice.parts.order_by("pk")) == [second, third]
    assert [part.text for part in (second, third)] == ["En buss.", "Och ljus."]
    for part in (second, third):
        row = fresh(part)
        for name in (
            "author_name",
            "author_email",
            "channel",
            "received",
            "state",
            "of_program",
        ):
            assert getattr(row, name) == getattr(fresh(voice), name)
        assert str(row.promised_on) == "2026-03-01"
        assert row.original_text == ""
        assert not row.is_edited
    assert len({first.reference, second.reference, third.reference}) == 3
    line = voice.history.get()
    assert line.kind == "split"
    assert line.detail == f"{second.reference}, {third.reference}"
    assert line.before.endswith("Bänkar. Och en buss.")
    assert lines(second) == (["received", "published"] if state == "published" else ["received"])


@both
def test_each_part_is_answered_on_its_own(kind, desk, program):
    first, second = desk.split(make_voice(kind, program), "Bänkar.", "En buss.")

    desk.answer(second, "no", "Bussen är regionens.")

    assert (fresh(first).outcome, fresh(second).outcome) == ("", "no")


@both
@pytest.mark.parametrize("texts", [[], ["En."], ["En.", " "], ["x"] * (MOST_PARTS + 1)])
def test_split_into_too_few_or_empty_parts_is_refused(kind, desk, program, texts):
    voice = make_voice(kind, program)

    with pytest.raises(NotPossible):
        desk.split(voice, *texts)

    assert every_voice() == [voice]
    assert fresh(voice).stamp == voice.stamp


@both
def test_what_has_its_answer_or_is_out_of_sight_is_not_split(kind, desk, program):
    target = make_voice(kind, program)
    for fields in [
        {"outcome": "no", "reply": "Nej."},
        {"outcome": "merged", "reply": "Samma.", "merged_into": target},
        {"state": "hidden", "state_reason": "Hot."},
    ]:
        with pytest.raises(NotPossible):
            desk.split(make_voice(kind, program, **fields), "En.", "Två.")


# --- What to merge with --------------------------------------------------------------------------


@both
def test_similar_are_found_in_other_inflections_and_only_where_they_can_be_merged(
    kind, desk, program
):
    voice = held(kind, program, text="Gångvägen till stationshuset är mörk. Sätt upp lampor.")
    alike = make_voice(kind, program, text="Fler lampor på gångvägen till stationen, den är mörk.")
    make_voice(kind, program, text="Öppna biblioteket på kvällarna.")
    make_voice(kind, make_program(), text=voice.text)
    held(kind, program, text=voice.text)
    merged = make_voice(kind, program, text=voice.text)
    desk.merge(merged, alike)

    assert similar_to(voice) == [alike]


@both
def test_similar_costs_one_query_and_nothing_is_like_nothing(
    kind, program, django_assert_num_queries
):
    voice = make_voice(kind, program, text="?!", **({"title": "?"} if kind == "idea" else {}))
    for _number in range(3):
        make_voice(kind, program)
    voice = type(voice).objects.for_queue().get(pk=voice.pk)

    with django_assert_num_queries(2 if kind == "idea" else 1):  # an idea's pictures
        assert similar_to(voice) == []
