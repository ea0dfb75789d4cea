"""The planning brief: put together, frozen, handed over, answered – in that order, with words."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from programs.briefs import budget, contents
from programs.briefs.base import BriefError
from programs.briefs.budget import BudgetAnswer
from programs.desk.sources import duties_of_the_year
from programs.models import BriefItem, Duty, OutgoingMail, PlanningBrief
from tests import factories
from tests.programs.voices.builders import fresh, lines, now
from tests.revisions.pages import by_class, links, main_of, page_of, parsed

TODAY = now().date()
LIST = reverse("programs_staff:briefs")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def brief(program):
    return factories.make_planning_brief(program=program, budget_year=2027)


@pytest.fixture
def clerk(project_leader, brief):
    """The program's leader, who sees the brief as it is at that moment."""
    return Clerk(project_leader, brief)


class Clerk:
    def __init__(self, by, brief):
        self.by, self.brief = by, brief

    @property
    def seen(self):
        return PlanningBrief.objects.get(pk=self.brief.pk).stamp

    def put_in(self, *titles, **fields):
        ideas = [factories.make_idea(program=self.brief.program, title=t, **fields) for t in titles]
        return [contents.put_in(i, self.brief, self.seen, by=self.by, now=now()) for i in ideas]

    def add(self, idea):
        return contents.put_in(idea, self.brief, self.seen, by=self.by, now=now())

    def take_out(self, item):
        return contents.take_out(self.brief, item.pk, self.seen, by=self.by, now=now())

    def move(self, item, steps):
        return contents.move(self.brief, item.pk, steps, self.seen)

    def freeze(self):
        return budget.freeze(self.brief, self.seen, TODAY)

    def hand_over(self):
        return budget.hand_over(self.brief, self.seen, TODAY)

    def record(self, *answers):
        rows = [BudgetAnswer(item.pk, outcome, words) for item, outcome, words in answers]
        kept = {"by": self.by, "role": "Projektledare", "now": now()}
        return budget.record_answers(self.brief, self.seen, rows, **kept)


def order(brief):
    return [(item.rank, item.idea.title) for item in brief.items.all()]


@pytest.mark.django_db
def test_order_is_what_one_makes_it_and_closes_up(clerk, brief):
    _a, b, c = clerk.put_in("A", "B", "C")

    clerk.move(c, -1)
    assert order(brief) == [(1, "A"), (2, "C"), (3, "B")]
    clerk.move(c, -9)
    clerk.move(b, 1)
    assert order(brief) == [(1, "C"), (2, "A"), (3, "B")]
    clerk.take_out(c)
    assert order(brief) == [(1, "A"), (2, "B")]
    assert lines(c.idea) == ["briefed", "unbriefed"]
    assert fresh(b.idea).outcome == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"state": "held"},
        {"state": "hidden", "state_reason": "Hot."},
        {"outcome": "no", "reply": "Nej."},
    ],
)
def test_only_open_public_ideas_of_the_program_are_put_in(clerk, brief, fields):
    for idea in (
        factories.make_idea(program=brief.program, **fields),
        factories.make_idea(),
        clerk.put_in("A")[0].idea,
    ):
        with pytest.raises(BriefError):
            clerk.add(idea)
    assert order(brief) == [(1, "A")]


@pytest.mark.django_db
def test_idea_whose_author_was_told_that_it_is_in_the_brief_stays_there(clerk, brief):
    (item,) = clerk.put_in("A", outcome="in_brief", reply="Med i underlaget.")
    with pytest.raises(BriefError):
        clerk.take_out(item)
    assert order(brief) == [(1, "A")]


@pytest.mark.django_db
def test_frozen_brief_changes_no_more_and_goes_only_forward(clerk, brief):
    with pytest.raises(BriefError):
        clerk.freeze()  # it is empty
    a, _b = clerk.put_in("A", "B")
    idea = factories.make_idea(program=brief.program)
    for too_early in (clerk.hand_over, lambda: clerk.record((a, "granted", "Ja."))):
        with pytest.raises(BriefError):
            too_early()
    old = clerk.seen

    assert clerk.freeze().frozen.iso == TODAY.isoformat()

    for refused in (
        lambda: clerk.add(idea),
        lambda: clerk.take_out(a),
        lambda: clerk.move(a, 1),
        lambda: clerk.record((a, "granted", "Ja.")),
        clerk.freeze,
        lambda: budget.hand_over(brief, old, TODAY),
    ):
        with pytest.raises(BriefError):
            refused()
    assert order(brief) == [(1, "A"), (2, "B")]
    clerk.hand_over()
    with pytest.raises(BriefError):
        clerk.hand_over()
    brief.refresh_from_db()
    assert (brief.state, brief.handed_over.iso) == ("handed_over", TODAY.isoformat())


@pytest.mark.django_db
def test_budgets_answer_becomes_the_ideas_own_and_a_correction_keeps_the_first(clerk):
    told = {"author_email": "eva@example.se", "email_confirmed_at": now()}
    a, b, c = clerk.put_in("A", "B", "C", **told)
    clerk.freeze()
    clerk.hand_over()

    clerk.record((a, "granted", "2 mkr."), (b, "declined", "Ryms inte."))

    assert (fresh(a.idea).outcome, fresh(a.idea).reply) == ("in_brief", "2 mkr.")
    assert (fresh(b.idea).outcome, fresh(b.idea).reply) == ("no", "Ryms inte.")
    assert (fresh(c.idea).outcome, lines(c.idea)) == ("", ["briefed"])
    granted, declined = OutgoingMail.objects.order_by("pk")
    assert ["inte bestämt" in granted.body, "2 mkr." in granted.body] == [False, True]
    assert "Nu har budgeten svarat på din idé: beviljad." in granted.body
    assert ["Svaret är nej" in declined.body, "Ryms inte." in declined.body] == [True, True]

    clerk.record((b, "partly", "En förstudie."))

    assert (fresh(b.idea).outcome, fresh(b.idea).reply) == ("in_brief", "En förstudie.")
    first, second = b.idea.history.filter(kind="budgeted")
    assert (first.text, second.text, second.before) == ("Ryms inte.", "En förstudie.", "Ryms inte.")
    assert lines(b.idea) == ["briefed", "budgeted", "answered", "budgeted", "answered"]
    assert OutgoingMail.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "words"), [("declined", " "), ("granted", ""), ("x", "Ja.")])
def test_no_answer_is_recorded_without_outcome_and_words(clerk, outcome, words):
    a, b = clerk.put_in("A", "B")
    clerk.freeze()
    clerk.hand_over()

    with pytest.raises(BriefError):
        clerk.record((a, "granted", "Ja."), (b, outcome, words))

    assert set(BriefItem.objects.values_list("outcome", "answer")) == {("pending", "")}
    assert (fresh(a.idea).outcome, fresh(b.idea).outcome) == ("", "")


@pytest.mark.django_db
def test_budget_closes_nothing_that_came_further_or_waits_for_another_year(clerk, program):
    a, b, c = clerk.put_in("A", "B", "C")
    clerk.freeze()
    clerk.hand_over()
    action = factories.make_action(program=program)
    for name, value in {"outcome": "became_action", "reply": "Ja.", "action": action}.items():
        setattr(a.idea, name, value)
    a.idea.save()
    later = factories.make_planning_brief(program=program, budget_year=2028)
    factories.make_brief_item(brief=later, idea=b.idea)
    c.idea.state, c.idea.state_reason = "hidden", "Hot."
    c.idea.save()

    clerk.record(*[(item, "declined", "Ryms inte.") for item in (a, b, c)])

    found = [(fresh(item.idea).outcome, fresh(item.idea).reply) for item in (a, b, c)]
    assert found == [("became_action", "Ja."), ("in_brief", "Ryms inte."), ("", "")]
    assert set(clerk.brief.items.values_list("outcome", flat=True)) == {"declined"}


# --- The pages -----------------------------------------------------------------------------------


def url(brief, act=""):
    name = "programs_staff:brief_act" if act else "programs_staff:brief"
    return reverse(name, args=[brief.pk, act] if act else [brief.pk])


def send(client, brief, act, **fields):
    seen = PlanningBrief.objects.get(pk=brief.pk).stamp
    return client.post(url(brief, act), {"seen": seen} | fields)


@pytest.mark.django_db
def test_leader_takes_a_brief_from_its_start_to_the_budgets_answer(
    program, project_leader, client_for, other_program
):
    leader = client_for(project_leader)
    loved, other = (factories.make_idea(program=program, title=t) for t in ("Bad", "Bro"))
    factories.make_idea(program=other_program, title="Annan ort")
    factories.make_idea(program=program, title="Hållen", state="held")
    year = str(TODAY.year + 1)
    for chosen in ({"program": other_program.pk}, {"program": "9" * 30}, {"program": "\x00"}):
        page = parsed(leader.post(LIST, {"budget_year": year} | chosen))
        assert len(by_class(page, "error-summary")) == 1
    for _twice in range(2):
        response = leader.post(LIST, {"program": program.pk, "budget_year": year})
    brief = PlanningBrief.objects.get()
    assert response.url == url(brief)
    assert url(brief) in links(page_of(leader, LIST))

    shown = leader.get(url(brief))
    assert {idea.title for idea in shown.context["candidates"]} == {"Bad", "Bro"}
    found = leader.get(url(brief) + "?q=bro\x00").context["candidates"]
    assert [idea.title for idea in found] == ["Bro"]
    for idea in (loved, other):
        assert send(leader, brief, "lagg-till", idea=idea.pk).status_code == 302
    first, second = brief.items.all()
    old = {"seen": brief.stamp, "item": second.pk}
    assert leader.post(url(brief, "upp"), old).status_code == 409
    send(leader, brief, "upp", item=second.pk)
    assert order(brief) == [(1, "Bro"), (2, "Bad")]
    for junk in ("", "9" * 30, "x", "²", "0"):
        assert send(leader, brief, "ner", item=junk).status_code == 409
    for act in ("frys", "lamna-over"):
        assert send(leader, brief, act).status_code == 302
    assert send(leader, brief, "ta-bort", item=first.pk).status_code == 409

    half = {f"item-{first.pk}-outcome": "declined", f"item-{first.pk}-answer": ""}
    half |= {f"item-{second.pk}-outcome": "pending", f"item-{second.pk}-answer": ""}
    page = parsed(send(leader, brief, "svara", **half))
    assert len(by_class(page, "field--invalid")) == 1
    assert fresh(loved).outcome == ""
    send(leader, brief, "svara", **half | {f"item-{first.pk}-answer": "Ryms inte."})
    assert (fresh(loved).outcome, fresh(loved).reply) == ("no", "Ryms inte.")
    assert (fresh(other).outcome, first.idea.title) == ("", "Bad")
    assert "Ryms inte." in main_of(page_of(leader, url(brief)))


@pytest.mark.django_db
def test_each_role_reads_and_changes_what_is_theirs(request, program, brief, client_for):
    item = factories.make_brief_item(brief=brief, idea__title="Bad")
    hidden = factories.make_idea(
        program=program, title="Hemlig", state="hidden", state_reason="Hot."
    )
    factories.make_brief_item(brief=brief, idea=hidden)
    found = {}
    for role in ("administrator", "project_leader", "registrar", "politician", "moderator"):
        client = client_for(request.getfixturevalue(role))
        page, listed = client.get(url(brief)), client.get(LIST).status_code
        started = client.post(LIST, {"program": program.pk, "budget_year": TODAY.year + 2})
        changed = send(client, brief, "ner", item=item.pk).status_code
        reads_hidden = b"Hemlig" in page.content
        found[role] = (listed, page.status_code, changed, started.status_code, reads_hidden)
    assert found == {
        "administrator": (200, 200, 302, 302, True),
        "project_leader": (200, 200, 302, 302, True),
        "registrar": (200, 200, 403, 200, True),
        "politician": (200, 200, 403, 200, False),
        "moderator": (403, 403, 403, 403, False),
    }
    assert PlanningBrief.objects.count() == 2


@pytest.mark.django_db
def test_pages_cost_the_same_for_many_rows(program, brief, project_leader, client_for):
    costs = []
    for rows in (1, 6):
        for _row in range(rows):
            factories.make_brief_item(brief=brief)
            factories.make_idea(program=program)
            factories.make_planning_brief(program=program)
        client = client_for(project_leader)
        for page in (LIST, url(brief)):
            with CaptureQueriesContext(connection) as counted:
                assert client.get(page).status_code == 200
            costs.append(len(counted))
    assert costs[:2] == costs[2:]


@pytest.mark.django_db
def test_desk_leads_to_the_briefs_when_the_year_asks_for_one(program, project_leader):
    duties = factories.make_municipality().duties
    duties.create(kind=Duty.Kind.PLANNING_BRIEF, label="Underlag", due_month=5)
    rows = duties_of_the_year(project_leader, datetime.date(2026, 5, 2))
    assert [row.url for row in rows] == [LIST]


@pytest.mark.django_db
def test_voice_page_leads_to_the_brief_and_the_admin_changes_nothing_that_is_decided(
    brief, administrator, client_for
):
    client = client_for(administrator)
    item = factories.make_brief_item(brief=brief)
    voice = reverse("voices_staff:voice", args=["idea", item.idea.pk])
    assert url(brief) in links(page_of(client, voice))
    change = reverse("admin:programs_planningbrief_change", args=[brief.pk])
    sent = {"state": "handed_over", "budget_year": "2031", "note": "Ny", "decision": ""}
    sent |= {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}

    assert client.post(change, sent).status_code == 302

    brief.refresh_from_db()
    assert (brief.state, brief.budget_year, brief.note) == ("open", 2027, "Ny")
