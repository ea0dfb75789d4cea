"""An idea becomes an action: once, with its words, and the chain is there from both ends."""

import pytest
from django.urls import reverse

from programs.models import Action, OutgoingMail, ReplyTemplate
from programs.voices.base import NotPossible, Stale
from programs.voices.promoting import Plan, promote
from tests import factories
from tests.at_once import at_once
from tests.programs.voices.builders import fresh, held, lines, make_voice, now
from tests.programs.voices.pages import page_url, send
from tests.revisions.pages import by_class, links, main_of, page_of, parsed, value_of

WORDS = "Ja! Vi bygger lekplatsen."


def promoted(idea, by, *, seen=None, **fields):
    plan = Plan(**{"title": "Bygg en lekplats", "reply": WORDS} | fields)
    seen = seen or fresh(idea).stamp
    return promote(idea, seen, plan, by=by, role="Projektledare", now=now())


@pytest.mark.django_db
def test_idea_becomes_a_planned_action_that_keeps_what_the_idea_knew(program, project_leader):
    clause = factories.make_clause(edition=factories.make_edition(program=program))
    event = factories.make_event(program=program)
    idea = factories.make_idea(
        program=program,
        clause=clause,
        event=event,
        author_email="eva@example.se",
        email_confirmed_at=now(),
    )
    seen = idea.stamp
    club = factories.make_organisation()

    action = promoted(idea, project_leader, responsible=[club])

    assert (action.program, action.locality) == (program, program.locality)
    assert (action.clause, action.from_event, action.status) == (clause, event, "planned")
    assert list(action.responsible.all()) == [club]
    row = fresh(idea)
    assert (row.outcome, row.reply, row.action) == ("became_action", WORDS, action)
    assert lines(idea) == ["promoted", "answered"]
    (letter,) = OutgoingMail.objects.all()
    assert letter.to == "eva@example.se"
    assert (action.title in letter.body, WORDS in letter.body) == (True, True)
    for again, error in [(seen, Stale), (row.stamp, NotPossible)]:
        with pytest.raises(error):
            promoted(idea, project_leader, seen=again)
    assert Action.objects.count() == OutgoingMail.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"state": "held"}, {"state": "hidden", "state_reason": "Hot."}, {"program": None}],
)
def test_idea_that_is_not_public_or_has_no_place_makes_no_action(project_leader, fields):
    where = {"locality": None} if "program" in fields else {}
    idea = factories.make_idea(**where, **fields)

    with pytest.raises(NotPossible):
        promoted(idea, project_leader)

    assert (Action.objects.count(), lines(idea)) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["title", "reply"])
def test_nothing_is_made_without_title_and_words(project_leader, program, missing):
    idea = factories.make_idea(program=program)
    with pytest.raises(NotPossible):
        promoted(idea, project_leader, **{missing: " \n"})
    assert Action.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_make_one_action():
    idea, leader = factories.make_idea(), factories.make_user()
    seen = idea.stamp

    results = at_once(*[lambda: promoted(idea, leader, seen=seen)] * 2)

    assert sorted(type(row).__name__ for row in results) == ["Action", "Stale"]
    assert Action.objects.count() == 1


@pytest.mark.django_db
def test_page_offers_a_filled_in_form_and_leads_both_ways(program, project_leader, client_for):
    ReplyTemplate.objects.create(name="Blev", outcome="became_action", text="Det blir av!")
    idea = factories.make_idea(program=program, title="Lekplats", text="Vid ån.")
    leader = client_for(project_leader)
    page = page_of(leader, page_url(idea))
    assert [value_of(page, "title"), value_of(page, "description")][1] == "Vid ån."
    assert "Det blir av!" in {
        (each.text or "").strip() for each in page.iter() if each.get("id") == "promote-reply"
    }

    sent = {"title": "Bygg", "reply": "", "due": "inte alls", "responsible": ["9" * 30]}
    page = parsed(send(leader, idea, "atgard", **sent))
    assert len(by_class(page, "error-summary")) == 1
    assert Action.objects.count() == 0
    sent = {"title": "Bygg lekplatsen", "reply": "Ja.", "due": "2028"}
    assert send(leader, idea, "atgard", **sent).status_code == 302

    action = Action.objects.get()
    assert str(action.due) == "2028"
    public_idea, public_action = idea.get_absolute_url(), action.get_absolute_url()
    assert public_action in links(page_of(leader, public_idea))
    assert public_idea in links(page_of(leader, public_action))
    page = parsed(send(leader, idea, "atgard", **sent), 409)
    assert "It already belongs to an action." in main_of(page)
    assert Action.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["moderator", "registrar", "coordinator", "politician"])
def test_others_than_the_leader_and_the_administrator_promote_nothing(
    program, client_for, request, role
):
    idea = factories.make_idea(program=program)
    client = client_for(request.getfixturevalue(role))
    assert send(client, idea, "atgard", title="A", reply="B").status_code == 403
    assert Action.objects.count() == 0


@pytest.mark.django_db
def test_comment_cannot_be_promoted_and_a_held_idea_has_no_form(program, administrator, client_for):
    client = client_for(administrator)
    comment = make_voice("comment", program)
    assert send(client, comment, "atgard", title="A", reply="B").status_code == 403
    page = page_of(client, page_url(held("idea", program)))
    assert [each for each in page.iter() if each.get("id") == "atgard"] == []


@pytest.mark.django_db
def test_idea_granted_by_the_budget_shows_the_whole_chain_from_both_ends(
    program, project_leader, visitor
):
    idea = factories.make_idea(program=program, outcome="in_brief", reply="Med.")
    brief = factories.make_planning_brief(program=program, budget_year=2027)
    factories.make_brief_item(brief=brief, idea=idea, rank=1, outcome="granted", answer="2 mkr.")
    action = promoted(idea, project_leader)
    Action.objects.update(status="completed", completed="2028-05-01", result="Invigd.")
    brief_page = reverse("programs:program_ideas", args=[program.slug])

    for page in (idea.get_absolute_url(), action.get_absolute_url()):
        found = page_of(visitor, page)
        assert f"{brief_page}#underlag-2027" in links(found)
        words = main_of(found)
        assert [word in words for word in ("2027", "priority 1", "granted", "Invigd.")] == [
            True
        ] * 4
    assert "2 mkr." in main_of(page_of(visitor, idea.get_absolute_url()))
    assert idea.get_absolute_url() in links(page_of(visitor, brief_page))
    assert action.get_absolute_url() in links(page_of(visitor, brief_page))
