"""Anything that staff may do with voices, in any order: what must hold all the same."""

from collections import defaultdict

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from programs.models import Idea, Outcome, Rule, Support, VoiceState
from programs.voices import handling
from programs.voices.base import Stale, VoiceError
from programs.voices.kinds import kinds
from tests import factories
from tests.programs.voices.builders import (
    KINDS,
    Desk,
    clause_of,
    destinations,
    fresh,
    held,
    make_voice,
    now,
    process_of,
)

WORDS = st.sampled_from(["Skriv om platsen.", "Nej, för ån är djup.", " "])
PLACE = st.integers(0, 9)
MOST = 5
# Merging and answering meet in most ways, so they come more often.
VERBS = [
    *["merge"] * 4,
    *["answer"] * 3,
    *["publish", "refuse", "hide", "show_again", "unmerge", "edit", "split", "move", "report"],
    *["come_in", "from_an_old_page"],
]


CAN = {
    "publish": lambda row: row.state == VoiceState.HELD,
    "show_again": lambda row: row.state == VoiceState.HIDDEN,
    "unmerge": lambda row: row.is_merged,
}


class Office(RuleBasedStateMachine):
    """A desk with few voices of one kind, so that much is done with each."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.texts: dict[tuple, str] = {}
        self.lines: dict[tuple, int] = {}
        self.shown: set[tuple] = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(kind=st.sampled_from(KINDS))
    def open_the_office(self, kind):
        self.kind, self.voices = kind, []
        self.program, self.other = factories.make_program(), factories.make_program()
        for program in (self.program, self.other):
            process_of(program)
        self.desk = Desk(factories.make_user())
        self.named = {
            "action": factories.make_action(program=self.program),
            "brief": factories.make_planning_brief(program=self.program),
            "changed_clause": clause_of(self.program),
            "authority": "Trafikverket",
        }
        self.counter = 0
        for is_held in (False, False, True):
            self.come_in(is_held, self.counter)

    def attempt(self, call):
        """Refused it leaves no trace; anything but a refusal is a bug."""
        before = self.everything()
        try:
            with transaction.atomic():
                call()
        except VoiceError:
            assert self.everything() == before
            return False
        return True

    def rows(self):
        """Every voice with the length of its history, in one query for each kind."""
        return [
            row
            for model in kinds().values()
            for row in model.objects.select_related("merged_into").annotate(
                lines=Count("history", distinct=True)
            )
        ]

    def everything(self):
        return [(row.pk, row.stamp, row.original_text, row.lines) for row in self.rows()]

    def key(self, row):
        return (row._meta.model_name, row.pk)

    @rule(
        verb=st.sampled_from(VERBS),
        place=PLACE,
        other=PLACE,
        words=WORDS,
        broken=st.sampled_from(["", *Rule.values]),
        outcome=st.sampled_from(["", *Outcome.values]),
        whole=st.booleans(),
    )
    def do(self, verb, place, other, words, broken, outcome, whole):
        """One rule for all verbs: a rule for each would leave most of them undone in most runs."""
        voice, desk = self.voice(place), self.desk
        match verb:
            case "come_in":
                self.come_in(whole, other)
            case "publish" | "show_again" | "unmerge":
                ready = [row for row in map(fresh, self.voices) if CAN[verb](row)]
                voice = ready[place % len(ready)] if ready and whole else voice
                self.attempt(lambda: getattr(desk, verb)(voice))
            case "refuse" | "hide":
                call = getattr(desk, verb)
                done = self.attempt(lambda: call(voice, rule=broken, reason=words))
                assert not done or (broken and words.strip())
            case "edit":
                self.counter += 1
                text = f"Text {self.counter}"
                self.attempt(lambda: desk.edit(voice, text, reason=words))
            case "answer":
                named = self.named if whole else {}
                done = self.attempt(lambda: desk.answer(voice, outcome, words, **named))
                assert not done or fresh(voice).state == VoiceState.PUBLISHED
            case "merge":
                into = self.voice(place + 1 + other)
                self.attempt(lambda: desk.merge(voice, into, reply=words))
            case "split":
                self.split(voice, other % 4)
            case "move":
                keys = [*destinations(fresh(voice)), "nowhere-1"]
                self.attempt(lambda: desk.move(voice, to=keys[other % len(keys)]))
            case "report":
                self.report_and_look(voice, words)
            case "from_an_old_page":
                with pytest.raises(Stale), transaction.atomic():
                    desk.publish(voice, seen="0" * 16)

    def come_in(self, is_held, supporter):
        if len(self.voices) < MOST:
            self.counter += 1
            text = f"Text {self.counter}"
            voice = (held if is_held else make_voice)(self.kind, self.program, text=text)
            if self.kind == "idea":
                Support.objects.create(idea=voice, address_hash=str(supporter % 3))
            self.texts[self.key(voice)] = text
            self.voices.append(voice)

    def split(self, voice, parts):
        if len(self.voices) < MOST:
            texts = [f"Del {number}" for number in range(parts)]
            made = []
            self.attempt(lambda: made.extend(self.desk.split(voice, *texts)))
            self.texts |= {self.key(part): part.text for part in made[1:]}
            self.voices += made[1:]

    def report_and_look(self, voice, words):
        entry = handling.report(voice, rule="threat", text=words, key=f"k{words}", now=now())
        if entry:
            self.attempt(lambda: self.desk.handle(voice, entry.pk, words=words))

    def voice(self, place):
        return self.voices[place % len(self.voices)]

    @invariant()
    def all_that_must_hold_holds(self):
        for row in self.rows():
            self.is_closed_only_with_outcome_and_words(row)
            self.is_out_of_sight_only_by_a_rule(row)
            self.is_merged_in_one_step(row)
            self.is_kept_as_it_came_in(row)
        self.support_is_counted_once()

    def is_closed_only_with_outcome_and_words(self, row):
        if row.outcome:
            assert row.reply.strip()
            assert row.replied_by
            assert row.state in {VoiceState.PUBLISHED, VoiceState.HIDDEN}
        else:
            assert (row.reply, row.replied_by, row.replied) == ("", "", None)
        assert not row.action or row.outcome in {"became_action", "in_action", "partly"}
        assert row.action or row.outcome not in {"became_action", "in_action"}
        if row.outcome == "in_brief":
            assert row.is_in_brief(self.named["brief"])
        assert (row.outcome == "changed_text") == (row.changed_clause_id is not None)
        assert (row.outcome == "other_authority") == bool(row.authority)

    def is_out_of_sight_only_by_a_rule(self, row):
        out = row.state in {VoiceState.REFUSED, VoiceState.HIDDEN}
        assert out == bool(row.state_rule) == bool(row.state_reason.strip())
        if self.key(row) in self.shown:
            assert row.state in {VoiceState.PUBLISHED, VoiceState.HIDDEN}
        if row.state == VoiceState.PUBLISHED:
            self.shown.add(self.key(row))

    def is_merged_in_one_step(self, row):
        assert (row.outcome == "merged") == row.is_merged
        if row.merged_into:
            assert row.merged_into_id != row.pk
            assert row.merged_into.merged_into_id is None

    def is_kept_as_it_came_in(self, row):
        assert self.texts[self.key(row)] in {row.text, row.original_text}
        assert row.lines >= self.lines.get(self.key(row), 0)
        self.lines[self.key(row)] = row.lines

    def support_is_counted_once(self):
        people = defaultdict(set)
        for support in Support.objects.select_related("idea"):
            for idea in {support.idea_id, support.idea.merged_into_id or support.idea_id}:
                people[idea].add(support.address_hash)
        for idea in Idea.objects.with_supporters():
            assert idea.supporters == len(people[idea.pk])


@pytest.mark.django_db
def test_whatever_is_done_no_voice_is_closed_without_an_outcome_or_lost():
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=20,
            phases=[Phase.generate],  # a smaller example is not worth minutes
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
