import pytest

from programs.models import Group, Membership
from revisions import drafting, workflow
from revisions.approval import approval_of, voting_members
from revisions.digest import digest_of
from revisions.models import Process
from revisions.steps import Kind
from revisions.workflow import StaleStep, StepBlocked, TransitionError
from tests import factories
from tests.revisions import builders as build
from tests.revisions.builders import TODAY, TOMORROW, YESTERDAY, Capacity

pytestmark = pytest.mark.django_db

P, R, A = Capacity.POLITICIAN, Capacity.RESIDENT, Capacity.ASSOCIATION


@pytest.fixture
def process(db):
    """At the approval, with a steering group that has nobody in it yet."""
    process = build.placed_at("approval")
    Membership.objects.filter(group__program=process.program).delete()
    return process


def seats(process, *capacities):
    return [build.add_seat(process.program, capacity) for capacity in capacities]


def state(process, today=TODAY):
    return approval_of(Process.objects.get(pk=process.pk), today)


@pytest.mark.parametrize(
    ("group", "approving", "is_met", "lacking"),
    [
        ([P, R], [], False, 2),
        ([P, R], [0], False, 1),
        ([P, R], [0, 1], True, 0),
        ([P, P, R], [0, 2], True, 0),
        ([P, P, R], [0, 1], False, 0),
        ([P, R, A], [1, 2], False, 0),
        ([P, P, R, R], [0, 2], False, 1),
        ([P, P, R, R], [0, 1, 2], True, 0),
        ([P, P, P, R, A], [0, 1, 4], True, 0),
        ([P, P, P, R, A], [0, 3], False, 1),
        ([P], [0], False, 0),
        ([R], [0], False, 0),
    ],
)
def test_rule_is_a_majority_with_a_politician_and_a_resident(
    process, group, approving, is_met, lacking
):
    made = seats(process, *group)
    for number in approving:
        build.approve(process, made[number])

    found = state(process)
    assert (found.is_met, found.lacking, found.voting) == (is_met, lacking, len(group))
    if is_met:
        assert build.act(process, workflow.pass_step).step == 8
    else:
        with pytest.raises(StepBlocked):
            build.act(process, workflow.pass_step)


@pytest.mark.parametrize(
    ("politician", "resident", "group", "is_met"),
    [
        (False, True, [R, R], True),
        (True, False, [P, P], True),
        (False, False, [P], True),
        (True, True, [P, P], False),
        (False, True, [P, P], False),
        (True, False, [R, A], False),
    ],
)
def test_municipality_says_who_must_be_among_them(process, politician, resident, group, is_met):
    factories.make_municipality(
        approval_needs_politician=politician, approval_needs_resident=resident
    )
    for seat in seats(process, *group):
        build.approve(process, seat)
    assert state(process).is_met is is_met


@pytest.mark.parametrize("needs", [True, False])
def test_nobody_with_a_vote_never_approves(process, needs):
    factories.make_municipality(approval_needs_politician=needs, approval_needs_resident=needs)
    found = state(process)
    assert (found.voting, found.has_majority, found.is_met, found.lacking) == (0, False, False, 1)
    seats(process, Capacity.OFFICIAL, Capacity.BUSINESS)
    assert state(process).is_met is False
    with pytest.raises(StepBlocked):
        build.act(process, workflow.pass_step)


def test_officials_have_no_vote(process):
    politician, resident, official = seats(process, P, R, Capacity.OFFICIAL)
    with pytest.raises(TransitionError):
        build.approve(process, official)
    assert voting_members(process, TODAY) == [politician, resident]


def test_member_whose_seat_has_ended_neither_votes_nor_counts(process):
    politician, resident, gone = seats(process, P, R, R)
    build.approve(process, gone)
    build.approve(process, politician)
    assert state(process).is_met is True
    gone.ended = YESTERDAY
    gone.save()

    found = state(process)
    assert (found.is_met, found.voting, found.approving) == (False, 2, [politician])
    with pytest.raises(TransitionError):
        build.approve(process, gone)
    build.approve(process, resident)
    assert state(process).is_met is True


def test_seat_that_has_not_begun_has_no_vote(process):
    seat = build.add_seat(process.program, P, started=TOMORROW)
    assert voting_members(process, TODAY) == []
    assert voting_members(process, TOMORROW) == [seat]


def test_member_who_cannot_sign_in_counts_among_those_with_a_vote(process):
    politician, resident = seats(process, P, R)
    for _ in range(2):
        build.add_seat(process.program, R, user=None)
    for seat in (politician, resident):
        build.approve(process, seat)
    found = state(process)
    assert (found.voting, found.lacking, found.is_met) == (4, 1, False)


def test_member_takes_the_same_stand_once_on_a_text(process):
    politician, resident = seats(process, P, R)
    build.approve(process, politician)
    build.approve(process, resident, is_approved=False, reason="Skolan saknas.")
    for seat, is_approved in ((politician, True), (resident, False)):
        with pytest.raises(TransitionError):
            build.approve(process, seat, is_approved=is_approved, reason="Nej.")
    assert process.approvals.count() == 2
    assert build.log_kinds(process).count("approved") == 1


def test_member_who_changes_their_mind_is_counted_as_they_say_last(process):
    both = seats(process, P, R)
    for seat in both:
        build.approve(process, seat)
    assert state(process).is_met is True

    build.approve(process, both[1], is_approved=False, reason="Skolan saknas.")
    assert (state(process).is_met, state(process).approving) == (False, [both[0]])
    with pytest.raises(StepBlocked):
        build.act(process, workflow.pass_step)

    build.approve(process, both[1])
    assert state(process).is_met is True
    assert process.approvals.count() == 4
    assert build.log_kinds(process)[-4:] == ["approved", "approved", "change_asked", "approved"]


def test_person_with_two_seats_has_one_vote(process):
    person = factories.make_user()
    politician = build.add_seat(process.program, P, user=person)
    resident = build.add_seat(process.program, R, user=person)
    build.approve(process, politician)
    with pytest.raises(TransitionError):
        build.approve(process, resident)

    found = state(process)
    assert (found.voting, found.has_politician, found.has_resident) == (1, True, False)
    assert found.is_met is False


def test_nobody_approves_for_someone_else(process):
    politician, resident = seats(process, P, R)
    with pytest.raises(TransitionError):
        build.approve(process, politician, by=resident.user)
    stranger = build.add_seat(build.make_program(), P)
    with pytest.raises(TransitionError):
        build.approve(process, stranger)
    assert state(process).approving == []


def test_seat_without_a_person_is_nobodys(process):
    vacant = build.add_seat(process.program, P, user=None)
    with pytest.raises(TransitionError):
        build.approve(process, vacant, by=build.leader())


def test_approval_of_another_wording_is_refused(process):
    (seat,) = seats(process, P)
    read = digest_of(process.draft)
    build.edit(process)
    with pytest.raises(TransitionError):
        build.approve(process, seat, digest=read)
    assert not process.approvals.filter(membership=seat).exists()


def test_changed_letter_takes_the_force_of_approvals_away_and_back(process):
    both = seats(process, P, R)
    for seat in both:
        build.approve(process, seat)
    clause = process.draft.clauses.get(slug="hamnen")
    build.edit(process, clause, text="Bygg i hamnen!")

    found = state(process)
    assert (found.is_met, found.approving) == (False, [])
    assert [point.earlier.membership for point in found.standpoints] == both
    assert [point.approval for point in found.standpoints] == [None, None]
    assert build.last_entry(process).kind == "text_changed"
    with pytest.raises(StepBlocked):
        build.act(process, workflow.pass_step)

    # The same wording again is the same text.
    build.edit(process, clause, text="Bygg i hamnen.")
    assert state(process).is_met is True


@pytest.mark.parametrize("what", ["heading", "text", "youth_voices", "order", "drop", "add"])
def test_every_change_of_the_text_changes_its_digest(process, what):
    before = digest_of(process.draft)
    clause = process.draft.clauses.get(slug="vagar")
    area = process.draft.clauses.get(slug="natur")
    {
        "heading": lambda: build.edit(process, clause, heading="Trygga väger", text=""),
        "text": lambda: build.edit(process, clause, text="."),
        "youth_voices": lambda: build.edit(process, clause, text="", youth_voices="Mörkt."),
        "order": lambda: build.write(process, drafting.move_clause, clause, after=area.pk),
        "drop": lambda: build.write(process, drafting.drop_clause, clause),
        "add": lambda: build.write(
            process, drafting.add_clause, after=clause.pk, level=3, heading="", text="Lampor."
        ),
    }[what]()
    assert digest_of(process.draft) != before


def test_wish_for_a_change_needs_words_and_does_not_approve(process):
    politician, resident = seats(process, P, R)
    build.approve(process, politician)
    with pytest.raises(TransitionError):
        build.approve(process, resident, is_approved=False, reason="  ")
    build.approve(process, resident, is_approved=False, reason="Skolan saknas.")

    assert state(process).is_met is False
    entry = build.last_entry(process)
    assert (entry.kind, entry.reason) == ("change_asked", "Skolan saknas.")


def test_approval_of_an_earlier_attempt_does_not_count(process):
    for seat in seats(process, P, R):
        build.approve(process, seat)
    process = build.send_back(process, 6)
    process = build.pass_on(process)
    assert process.current.slug == "approval"
    assert state(process).is_met is False
    assert process.approvals.filter(attempt=1).count() == 2


# As minuted


def test_minutes_of_a_meeting_approve_for_the_group(process):
    seats(process, P, R)
    meeting = build.make_meeting(process)
    digest = digest_of(process.draft)
    build.act(process, workflow.minute_approval, event=meeting, digest=digest)

    assert state(process).is_met is True
    assert build.last_entry(process).kind == "approval_minuted"
    with pytest.raises(StaleStep):
        build.act(process, workflow.minute_approval, event=meeting, digest=digest)
    build.edit(process)
    assert state(process).is_met is False


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "working_group_meeting"},
        {"date": TOMORROW},
        {"is_cancelled": True},
        {"program": None},
        {"date": YESTERDAY},
    ],
)
def test_only_a_steering_meeting_that_saw_the_text_can_be_minuted(process, fields):
    """The draft was begun today, so that yesterday's meeting cannot have seen it."""
    meeting = build.make_meeting(process, **fields)
    with pytest.raises(TransitionError):
        build.act(process, workflow.minute_approval, event=meeting, digest=digest_of(process.draft))
    assert state(process).is_met is False


def test_text_changed_after_the_meeting_is_not_the_minuted_one(process):
    meeting = build.make_meeting(process)
    build.edit(process, because=build.because(today=TOMORROW))
    for digest in (digest_of(process.draft), "0" * 64):
        with pytest.raises(TransitionError):
            build.act(
                process, workflow.minute_approval, event=meeting, digest=digest, today=TOMORROW
            )


# Who votes


def test_coordination_group_votes_only_where_there_is_no_steering_group(process):
    other = build.add_seat(process.program, P, kind=Group.Kind.COORDINATION)
    assert voting_members(process, TODAY) == []
    process.program.groups.filter(kind=Group.Kind.STEERING).update(ended=YESTERDAY)
    assert voting_members(process, TODAY) == [other]


def test_state_of_approval_costs_the_same_for_few_and_many(process, django_assert_num_queries):
    process = Process.objects.get(pk=process.pk)
    seats(process, P, R)
    with django_assert_num_queries(6):
        state_of_two = approval_of(process, TODAY)
    seats(process, *[R] * 20)
    with django_assert_num_queries(5):
        assert approval_of(process, TODAY).voting == state_of_two.voting + 20


# At the decision


def test_approval_still_holds_when_seats_have_ended_before_the_decision():
    process = build.at("decision")
    Membership.objects.update(ended=YESTERDAY)
    assert build.decide(process).outcome == Process.Outcome.ADOPTED


def test_approval_still_holds_when_sent_back_to_a_later_step():
    process = build.send_back(build.at("decision"), 8)
    process = build.pass_on(process)
    assert build.decide(process).outcome == Process.Outcome.ADOPTED


def test_text_changed_behind_the_engine_is_not_adopted():
    process = build.at("decision")
    process.draft.clauses.filter(slug="hamnen").update(text="Bygg ett kasino.")
    with pytest.raises(TransitionError):
        build.decide(process)
    process.draft.refresh_from_db()
    assert process.draft.state == "draft"
    assert not process.program.decisions.exists()


def test_creation_asks_for_no_approval():
    assert build.finished(Kind.CREATION).outcome == Process.Outcome.ADOPTED
