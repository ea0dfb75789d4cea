"""What authors and followers are told: when, in which words, and each of them once."""

import datetime
import re

import pytest
from django.utils import timezone

from programs.models import OutgoingMail, Rule, VoiceState
from programs.voices import completions, letters
from programs.voices.links import author_token, author_url, voice_of_token
from revisions.models import Comment
from tests.factories import (
    make_action,
    make_edition,
    make_idea,
    make_municipality,
    make_organisation,
    make_process,
    make_subscription,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.UTC)
SITE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def municipality(db):
    return make_municipality(portal_name="Framtid Halmstad", contact_email="ort@example.se")


def make_own(**fields):
    """An idea whose author can be reached."""
    fields = {"title": "Lekplats vid ån", "author_email": "eva@example.se"} | fields
    return make_idea(email_confirmed_at=NOW, **fields)


def make_comment(program, **fields):
    edition = make_edition(program=program, state="adopted", clauses=["Centrum"])
    process = make_process(program=program, base=edition)
    fields = {"author_email": "eva@example.se", "email_confirmed_at": NOW} | fields
    return Comment.objects.create(
        process=process, edition=edition, text="Behåll målet om bryggan.", **fields
    )


def lines(letter: OutgoingMail) -> list[str]:
    return letter.body.splitlines()


# --- The first letter ----------------------------------------------------------------------------


def test_receipt_has_reference_promise_and_link_and_nothing_that_was_written(program):
    idea = make_idea(
        program=program,
        title="Fula ord",
        text="Elaka ord",
        author_name="Elaka Eva",
        author_email="offer@example.se",
        state=VoiceState.HELD,
        promised_on=datetime.date(2026, 12, 28),
    )

    letter = letters.received(idea)

    assert letter.subject == f"Tack! Vi har tagit emot din idé ({idea.reference})"
    assert f"{SITE}{author_url(idea)}" in lines(letter)
    assert "* Du får svar senast den 28 december 2026." in lines(letter)
    assert "* En person läser det du skrev. Sedan visas det på webbplatsen." in lines(letter)
    assert not re.search("fula|elaka", letter.subject + letter.body, re.IGNORECASE)
    assert letters.received(idea) is None


def test_receipt_of_what_is_shown_at_once_says_so(program):
    letter = letters.received(make_idea(program=program, author_email="eva@example.se"))

    assert "* Det du skrev visas på webbplatsen. En person läser det i efterhand." in lines(letter)


def test_nothing_but_the_receipt_goes_to_an_address_that_is_not_confirmed(program):
    action = make_action(program=program)
    idea = make_idea(program=program, author_email="eva@example.se", outcome="no", reply="Nej.")
    other = make_idea(program=program)

    told = [
        letters.published(idea),
        letters.refused(idea),
        letters.hidden(idea),
        letters.answered(idea),
        letters.answered_together(idea, other, 1),
        letters.merged(idea),
        letters.unmerged(idea),
        letters.split(idea, [other]),
        letters.looked_again(idea, "Nej."),
        letters.became_action(idea, action),
        letters.action_completed(idea, action),
        letters.received(other),
    ]

    assert told == [None] * 12
    assert not OutgoingMail.objects.exists()


# --- What happens to it --------------------------------------------------------------------------


def test_published_letter_says_where_whether_the_name_shows_and_when_the_answer_comes(program):
    due = datetime.date(2026, 12, 4)
    named = make_own(program=program, author_name="Eva Ek", promised_on=due)
    shown = make_own(program=program, author_name="Eva Ek", show_name=True, outcome="no", reply="N")
    nameless = make_own(program=program)

    letter = letters.published(named)
    assert letter.subject == "Din idé finns nu på webbplatsen: Lekplats vid ån"
    assert f"{SITE}/ideer/{named.pk}/" in lines(letter)
    assert "Ditt namn visas inte." in lines(letter)
    assert "Du får svar senast den 4 december 2026. Vi skriver till dig när det kommer." in lines(
        letter
    )
    assert "Fram till dess kan andra stödja idén. Dela gärna länken." in lines(letter)
    body = letters.published(shown).body
    assert "Ditt namn visas intill." in body
    assert "stödja" not in body
    assert "namn visas" not in letters.published(nameless).body


@pytest.mark.parametrize("state", [VoiceState.REFUSED, VoiceState.HIDDEN])
def test_letter_on_what_is_not_shown_has_rule_reason_and_the_way_to_a_new_look(program, state):
    idea = make_own(
        program=program, state=state, state_rule=Rule.PRIVATE, state_reason="Grannen nämns & syns."
    )
    tell = letters.refused if state == VoiceState.REFUSED else letters.hidden
    idea.history.create(kind=state)

    letter = tell(idea)

    assert "Regeln det gäller: privata uppgifter om någon." in lines(letter)
    assert "Grannen nämns & syns." in lines(letter)
    assert "Be om en ny bedömning på din egen sida" in letter.body
    assert f"{SITE}{author_url(idea)}" in lines(letter)
    assert f"/ideer/{idea.pk}/" not in letter.body
    assert tell(idea) is None
    idea.history.create(kind=state)
    assert tell(idea) is not None


OUTCOMES = {
    "became_action": "Din idé har blivit en åtgärd: ”Ny brygga”. Läs mer här:",
    "in_action": "Din idé ingår i en åtgärd: ”Ny brygga”. Läs mer här:",
    "in_brief": "Din idé finns nu med i budgetunderlaget. Det betyder att förslaget är med när "
    "pengarna i budgeten ska fördelas. Det är inte bestämt än att det blir av.",
    "changed_text": "Din idé har ändrat texten i programmet.",
    "partly": "En del av det du föreslår blir av. I svaret står vad.",
    "no": "Svaret är nej. Här förklarar vi varför.",
    "other_authority": "Det här bestämmer inte kommunen om. I svaret står vem som gör det.",
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_answer_says_what_each_outcome_means(program, outcome):
    action = make_action(program=program, title="Ny brygga")
    idea = make_own(
        program=program,
        outcome=outcome,
        action=action if "action" in outcome else None,
        reply="Tack!\n\nVi <gör> det.",
        replied_by="Projektledare",
        outcome_note="Se listan.",
    )

    letter = letters.answered(idea)

    said = lines(letter)
    assert letter.subject == "Din idé har fått svar: Lekplats vid ån"
    start = said.index(OUTCOMES[outcome])
    if "action" in outcome:
        assert said[start + 1] == f"{SITE}{action.get_absolute_url()}"
    answer = said.index("Projektledare svarar:")
    assert said[answer + 1 : answer + 7] == ["", "Tack!", "", "Vi <gör> det.", "", "Se listan."]
    assert f"{SITE}/ideer/{idea.pk}/" in said


def test_changed_answer_is_told_once_more(program):
    idea = make_own(program=program, outcome="no", reply="Nej.")
    idea.history.create(kind="answered")
    first, again = letters.answered(idea), letters.answered(idea)
    idea.history.create(kind="answered")

    changed = letters.answered(idea)

    assert first is not None
    assert again is None
    assert changed.subject == "Svaret på din idé har ändrats: Lekplats vid ån"


def test_comment_has_letters_in_its_own_words(program):
    comment = make_comment(program, state="published", outcome="partly", reply="Delvis.")

    letter = letters.answered(comment)

    assert letter.subject == "Din synpunkt har fått svar: Behåll målet om bryggan"
    assert "Nu finns det ett svar på din synpunkt ”Behåll målet om bryggan”." in letter.body
    assert f"{SITE}{comment.get_absolute_url()}" in lines(letter)


def test_municipalitys_own_word_is_used_with_its_gender(program, municipality):
    forms = {"definite": "förslaget", "plural": "förslag", "definite_plural": "förslagen"}
    municipality.terms.create(key="idea", singular="förslag", neuter=True, **forms)

    letter = letters.published(make_own(program=program))

    assert letter.subject == "Ditt förslag finns nu på webbplatsen: Lekplats vid ån"
    assert "stödja förslaget" in letter.body


def test_merged_author_hears_of_the_merging_and_of_the_common_answer(program):
    target = make_idea(program=program, title="Bad", promised_on=datetime.date(2026, 12, 4))
    idea = make_own(program=program, outcome="merged", reply="Samma.", merged_into=target)

    merged = letters.merged(idea)
    target.outcome, target.reply = "no", "Nej, ån är för grund."
    together = letters.answered_together(idea, target, 1)

    assert merged.subject == "Din idé har slagits ihop med ”Bad”"
    assert "Ni får ett gemensamt svar, senast den 4 december 2026." in lines(merged)
    assert f"{SITE}/ideer/{target.pk}/" in lines(merged)
    assert "Nej, ån är för grund." in lines(together)
    assert "Svaret är nej. Här förklarar vi varför." in lines(together)
    assert letters.answered_together(idea, target, 1) is None
    assert letters.answered_together(idea, target, 2).subject.startswith("Svaret på din idé")


def test_merged_into_one_with_an_answer_gets_that_answer(program):
    target = make_idea(program=program, title="Bad", outcome="no", reply="För grunt.")
    idea = make_own(program=program, outcome="merged", reply="Samma.", merged_into=target)

    assert "För grunt." in lines(letters.merged(idea))


def test_other_occasions_have_their_letters(program):
    idea = make_own(program=program, promised_on=datetime.date(2026, 12, 4))

    unmerged, split = letters.unmerged(idea), letters.split(idea, [make_idea(title="Del två")])
    looked = letters.looked_again(idea, "Vi står fast.")

    assert "Du får ett eget svar senast den 4 december 2026." in unmerged.body
    assert [line for line in lines(split) if line.startswith("* ")] == [
        "* Lekplats vid ån",
        "* Del två",
    ]
    assert "Vi står fast." in lines(looked)


def test_action_and_its_completion_are_told_with_who_and_what_came_of_it(program):
    action = make_action(
        program=program,
        title="Ny brygga",
        due="hösten 2027",
        responsible=[make_organisation(name="Tekniska"), make_organisation(name="Båtklubben")],
    )
    idea = make_own(program=program, action=action, outcome="became_action", reply="Ja!")

    began = letters.became_action(idea, action)
    action.status, action.completed, action.result = "completed", "2027-11-13", "Den håller."
    action.save()
    action.refresh_from_db()
    done = letters.action_completed(idea, action)

    assert began.subject == "Din idé har blivit en åtgärd: Ny brygga"
    assert "Ansvarig: Båtklubben, Tekniska" in lines(began)
    assert "Beräknas vara klart: hösten 2027" in lines(began)
    assert "Ja!" in lines(began)
    assert done.subject == "Nu är det klart: Ny brygga"
    assert "Klart: 13 november 2027" in lines(done)
    assert "Den håller." in lines(done)
    assert letters.action_completed(idea, action) is None


# --- Followers of an idea ------------------------------------------------------------------------


def test_followers_are_told_once_each_and_authors_only_as_authors(program):
    idea = make_own(program=program, outcome="no", reply="Nej.")
    merged = make_idea(program=program, outcome="merged", reply="Samma.", merged_into=idea)
    for email, of in [
        ("a@example.se", idea),
        ("A@example.se", merged),
        ("b@example.se", merged),
        ("EVA@example.se", idea),
    ]:
        make_subscription(email=email, idea=of, confirmed_at=NOW)
    make_subscription(email="okand@example.se", idea=idea)

    letters.answered(idea)
    letters.answered(idea)

    told = OutgoingMail.objects.order_by("to")
    assert [letter.to for letter in told] == ["a@example.se", "b@example.se", "eva@example.se"]
    letter = told.get(to="b@example.se")
    assert letter.subject == f"En idé som du följer har fått svar: {merged.title}"
    assert f"Idén ”{merged.title}”, som du följer, har slagits ihop med" in letter.body
    assert "Idén" in letter.body
    assert "din idé" not in letter.body.lower()
    row = merged.subscriptions.get(email="b@example.se")
    assert letter.headers == {
        "List-Unsubscribe": f"<{SITE}/folj/{row.token}/sluta/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_followers_hear_of_the_action_and_that_it_is_done(program):
    action = make_action(program=program, title="Ny brygga")
    idea = make_idea(program=program, action=action, outcome="became_action", reply="Ja.")
    make_subscription(email="a@example.se", idea=idea, confirmed_at=NOW)

    letters.became_action(idea, action)
    letters.action_completed(idea, action)

    assert list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True)) == [
        "En idé som du följer har blivit en åtgärd: Ny brygga",
        "Nu är det klart: Ny brygga",
    ]


# --- Completed, whatever way it was recorded -----------------------------------------------------


def test_completion_is_noticed_and_told_once(program):
    action = make_action(program=program, title="Ny brygga")
    idea = make_own(program=program, action=action, outcome="became_action", reply="Ja.")
    merged = make_own(
        program=program, author_email="b@x.se", outcome="merged", reply="S", merged_into=idea
    )
    day = datetime.timedelta(days=1)
    assert type(action).objects.notice_statuses(NOW) == 0
    type(action).objects.update(status="completed")

    assert type(action).objects.notice_statuses(NOW + day) == 1
    assert type(action).objects.notice_statuses(NOW + day) == 0
    assert completions.tell_of_completed(NOW + day) == 1
    assert completions.tell_of_completed(NOW + 2 * day) == 1
    assert completions.tell_of_completed(NOW + 9 * day) == 0

    told = OutgoingMail.objects.order_by("to").values_list("to", "subject")
    assert list(told) == [
        ("b@x.se", "Nu är det klart: Ny brygga"),
        ("eva@example.se", "Nu är det klart: Ny brygga"),
    ]
    assert merged.history.count() == 0


def test_completion_that_the_answer_told_of_is_not_told_again(program):
    action = make_action(program=program, status="completed")
    type(action).objects.update(status_seen="ongoing")
    type(action).objects.notice_statuses(NOW)
    idea = make_own(program=program, action=action, outcome="became_action", reply="Klart redan.")
    idea.history.create(kind="answered", at=NOW + datetime.timedelta(hours=1))

    assert completions.tell_of_completed(NOW + datetime.timedelta(days=1)) == 0


# --- The author's link ---------------------------------------------------------------------------


def test_link_opens_the_voice_it_was_made_for(program):
    idea = make_own(program=program)
    comment = make_comment(program)

    assert voice_of_token(author_token(idea)) == idea
    assert voice_of_token(author_token(comment)) == comment
    assert "eva" not in author_token(idea)


@pytest.mark.parametrize(
    "token",
    ["", "-", "idea", "idea-", "idea--", "idea-2222222-x", "user-{ref}-{sig}", "idea-{ref}-{sig}x",
     "comment-{ref}-{sig}", "idea-{ref}", "idea-{ref}-", "idea-%-{sig}", "é-å-ö", "idea-å-ä"],
)  # fmt: skip
def test_link_that_is_not_ours_opens_nothing(program, token):
    idea = make_own(program=program)
    _kind, ref, sig = author_token(idea).split("-", 2)

    assert voice_of_token(token.format(ref=ref, sig=sig)) is None


def test_link_dies_with_the_address(program):
    idea = make_own(program=program)
    token = author_token(idea)
    type(idea).objects.update(author_email="annan@example.se")
    assert voice_of_token(token) is None
    type(idea).objects.update(author_email="", contact_erased_on=timezone.localdate())
    assert voice_of_token(token) is None
