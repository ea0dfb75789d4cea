import pytest
from django.db import IntegrityError, transaction

from programs.models import Outcome, PlanningBrief
from programs.voices.answering import OUTCOMES
from programs.voices.base import NotPossible, Stale
from programs.voices.choices import actions_for, briefs_for, clauses_for
from tests.factories import (
    make_action,
    make_brief_item,
    make_idea,
    make_locality,
    make_planning_brief,
)
from tests.programs.voices.builders import KINDS, Desk, clause_of, fresh, held, lines, make_voice

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("kind", KINDS)]


@pytest.fixture
def named(program):
    """What each outcome has to name, by outcome."""
    action = make_action(program=program)
    return {
        "became_action": {"action": action},
        "in_action": {"action": action},
        "in_brief": {"brief": make_planning_brief(program=program)},
        "changed_text": {"changed_clause": clause_of(program)},
        "partly": {},
        "no": {},
        "other_authority": {"authority": "Trafikverket"},
    }


def test_outcomes_are_those_there_are_and_merging_is_not_chosen(kind):
    assert {key for key, _label in OUTCOMES} == set(Outcome.values) - {"merged"}


@pytest.mark.parametrize("outcome", [key for key, _label in OUTCOMES])
def test_answer_has_outcome_words_function_and_day(kind, desk, program, named, outcome):
    voice = make_voice(kind, program)

    desk.answer(voice, outcome, "  Så här blir det.  ", **named[outcome])

    row = fresh(voice)
    assert (row.outcome, row.reply, row.replied_by) == (
        outcome,
        "Så här blir det.",
        "Projektledare",
    )
    assert row.replied is not None
    assert (row.action, row.changed_clause, row.authority) == (
        named[outcome].get("action"),
        named[outcome].get("changed_clause"),
        named[outcome].get("authority", ""),
    )
    line = row.history.get()
    assert (line.kind, line.by, line.detail, line.text) == (
        "answered",
        desk.by,
        outcome,
        "Så här blir det.",
    )


@pytest.mark.parametrize("outcome", [key for key, _label in OUTCOMES])
def test_answer_without_what_its_outcome_names_is_refused(kind, desk, program, named, outcome):
    voice = make_voice(kind, program)
    needs = named[outcome]

    tries = [{"reply": " "}, *({"reply": "Ja.", **{name: None}} for name in needs)]
    for said in tries:
        values = {**needs, **said}
        values["authority"] = values.get("authority") or ""
        with pytest.raises(NotPossible):
            desk.answer(voice, outcome, **values)
    for strange in ("", "merged", "maybe"):
        with pytest.raises(NotPossible):
            desk.answer(voice, strange, "Ja.")

    assert fresh(voice).stamp == voice.stamp
    assert lines(voice) == []


def test_new_answer_keeps_the_one_before_in_the_history(kind, desk, program, named):
    voice = make_voice(kind, program)
    desk.answer(voice, "in_action", "Det är på gång.", note="Se listan.", **named["in_action"])

    desk.answer(voice, "no", "Pengarna tog slut.")

    row = fresh(voice)
    assert (row.outcome, row.reply, row.outcome_note, row.action) == (
        "no",
        "Pengarna tog slut.",
        "",
        None,
    )
    first, second = row.history.all()
    assert (first.detail, first.text, first.before) == (
        "in_action",
        "Det är på gång.\n\nSe listan.",
        "",
    )
    assert (second.detail, second.before) == ("no", "Det är på gång.")


def test_partly_may_name_an_action(kind, desk, program, named):
    voice = make_voice(kind, program)

    desk.answer(voice, "partly", "En bit av det.", **named["in_action"])

    assert fresh(voice).action == named["in_action"]["action"]


@pytest.mark.parametrize("state", ["held", "refused", "hidden"])
def test_only_what_is_public_is_answered(kind, desk, program, state):
    voice = make_voice(kind, program, state=state, state_reason="Därför.")

    with pytest.raises(NotPossible):
        desk.answer(voice)

    assert fresh(voice).outcome == ""


def test_merged_voice_is_not_answered_apart(kind, desk, program):
    target = make_voice(kind, program)
    voice = make_voice(kind, program, outcome="merged", merged_into=target, reply="Samma.")

    with pytest.raises(NotPossible):
        desk.answer(voice)

    assert fresh(voice).outcome == "merged"


def test_second_of_two_answers_overwrites_nothing(kind, desk, program, administrator):
    voice = make_voice(kind, program)
    seen = voice.stamp
    desk.answer(voice, "no", "Första svaret.")

    with pytest.raises(Stale):
        Desk(administrator).answer(voice, "partly", "Andra svaret.", seen=seen)

    assert fresh(voice).reply == "Första svaret."


def test_answer_in_the_brief_stands_in_it(kind, desk, program):
    brief = make_planning_brief(program=program)
    make_brief_item(brief=brief, idea=make_idea(program=program), rank=3)
    voice = make_voice(kind, program)

    desk.answer(voice, "in_brief", "Med i underlaget.", brief=brief)
    desk.answer(voice, "in_brief", "Med i underlaget, högt upp.", brief=brief)

    assert fresh(voice).is_in_brief(brief)
    items = list(brief.items.values_list("rank", flat=True))
    assert items == ([3, 4] if kind == "idea" else [3])


@pytest.mark.parametrize("state", ["frozen", "handed_over"])
def test_nothing_is_put_into_a_brief_that_is_closed(kind, desk, program, state):
    brief = make_planning_brief(program=program)
    inside = make_voice(kind, program)
    desk.answer(inside, "in_brief", "Med.", brief=brief)
    PlanningBrief.objects.update(state=state)
    outside = make_voice(kind, program)

    with pytest.raises(NotPossible):
        desk.answer(outside, "in_brief", "Med.", brief=brief)
    desk.answer(inside, "in_brief", "Med, som nummer ett.", brief=brief)

    assert fresh(outside).outcome == ""
    assert not fresh(outside).is_in_brief(brief)


def test_choices_are_those_of_the_program_and_its_place(kind, program, other_program):
    voice = make_voice(kind, program)
    clause = clause_of(program)
    own = make_action(program=program)
    of_place = make_action(program=None, locality=program.locality)
    make_action(program=other_program)
    make_action(program=None, locality=make_locality())
    brief = make_planning_brief(program=program)
    make_planning_brief(program=other_program)
    clause_of(other_program)

    assert set(actions_for(voice)) == {own, of_place}
    assert list(briefs_for(voice)) == [brief]
    assert set(clauses_for(voice)) == set(clause.edition.clauses.all())


def test_database_holds_that_nothing_closes_without_words_and_what_it_names(kind, program):
    voice = held(kind, program)
    rows = type(voice).objects.filter(pk=voice.pk)

    for values in [
        {"outcome": "no"},
        {"outcome": "in_action", "reply": "Ja."},
        {"outcome": "became_action", "reply": "Ja."},
        {"outcome": "other_authority", "reply": "Ja."},
        {"outcome": "merged", "reply": "Ja."},
        {"merged_into": voice.pk, "outcome": "merged", "reply": "Ja."},
        {"split_from": voice.pk},
        {"state": "refused"},
        {"state": "hidden"},
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
