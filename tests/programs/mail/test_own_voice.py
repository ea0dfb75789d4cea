"""The author's own page: what it shows, what its buttons do, and that nothing happens by itself."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs import public_forms
from programs.models import Erasure, OutgoingMail, VoiceEntry, VoiceState
from programs.voices import confirming
from programs.voices.links import author_url
from tests.at_once import at_once
from tests.factories import (
    make_action,
    make_idea,
    make_municipality,
    make_outgoing_mail,
)
from tests.programs.mail.test_letters import make_comment

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.UTC)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def _municipality(db):
    make_municipality()


@pytest.fixture
def idea(program):
    return make_idea(
        program=program,
        title="Lekplats vid ån",
        text="Med gungor.",
        author_name="Eva Ek",
        author_email="eva@example.se",
        state=VoiceState.HELD,
        promised_on=datetime.date(2026, 12, 4),
    )


def words(response) -> str:
    text = TAG.sub(" ", response.content.decode().partition("<main")[2].partition("</main>")[0])
    return re.sub(r" ([,.:])", r"\1", " ".join(unescape(text).split()))


def stations(response) -> list[str]:
    html = response.content.decode()
    chain = re.search(r'<ol class="chain".*?</ol>', html, re.S)[0]
    rows = re.findall(r"<li.*?</li>", chain, re.S)
    return [" ".join(unescape(TAG.sub(" ", row)).split()) for row in rows]


def press(client, voice, do: str, **fields):
    return client.post(author_url(voice), {"do": do, **fields})


def kinds(voice) -> list[str]:
    return list(voice.history.values_list("kind", flat=True))


def changed(voice, **fields):
    type(voice).objects.filter(pk=voice.pk).update(**fields)
    voice.refresh_from_db()
    return voice


# --- What it shows -------------------------------------------------------------------------------


def test_own_page_shows_the_way_of_what_was_sent_in(client, idea, program):
    assert stations(client.get(author_url(idea))) == [
        "Kom in 1 februari 2026",
        "Ska läsas Väntar på sin tur",
        "På webbplatsen Senare",
        "Svar senast 4 december 2026",
    ]

    changed(idea, state="published", published_at=NOW)
    with time_machine.travel(NOW):
        assert stations(client.get(author_url(idea)))[1:] == [
            "Läst av oss Klart",
            "På webbplatsen 28 november 2026",
            "Svar senast 4 december 2026",
        ]
    with time_machine.travel(NOW + datetime.timedelta(days=9)):
        late = stations(client.get(author_url(idea)))[-1]
    assert late == "Svaret är sent, skulle ha kommit senast 4 december 2026"

    action = make_action(program=program, title="Gungor", status="ongoing")
    answer = {"outcome": "became_action", "reply": "Ja, två gungor.", "replied": "2026-11-28"}
    changed(idea, action=action, **answer)
    page = client.get(author_url(idea))
    assert stations(page)[-3:] == [
        "Besvarat Blev en åtgärd 28 november 2026",
        "Åtgärd Gungor Pågår",
        "Genomfört Senare",
    ]
    assert "Ja, två gungor." in words(page)

    changed(action, status="completed", completed="2027-05-01")
    assert stations(client.get(author_url(idea)))[-1] == "Genomfört 1 maj 2027"


def test_own_page_of_a_merged_idea_follows_the_common_answer(client, idea, program):
    target = make_idea(program=program, title="Bad", outcome="no", reply="För grunt.")
    changed(idea, state="published", outcome="merged", reply="Samma.", merged_into=target)

    page = client.get(author_url(idea))

    assert stations(page)[-2:] == ["Hör ihop med Bad", "Besvarat Nej"]
    assert "För grunt." in words(page)


@pytest.mark.parametrize(
    ("state", "station"),
    [("refused", "Inte publicerad Reklam eller skräp"), ("hidden", "Visas inte längre Reklam")],
)
def test_own_page_says_why_it_is_not_shown(client, idea, state, station):
    changed(idea, state=state, state_rule="advertising", state_reason="Det är en annons.")

    page = client.get(author_url(idea))

    assert stations(page)[-1].startswith(station)
    assert "Regeln det gäller: reklam eller skräp. Det är en annons." in words(page)
    assert f"/ideer/{idea.pk}/" not in page.content.decode()


def test_own_page_works_for_a_comment(client, program):
    comment = make_comment(program, email_confirmed_at=None)

    page = client.get(author_url(comment))
    press(client, comment, "confirm")

    assert "Din synpunkt" in words(page)
    assert stations(page)[0].startswith("Kom in")
    comment.refresh_from_db()
    assert comment.is_reachable
    assert kinds(comment) == ["confirmed"]


def test_own_page_keeps_the_link_to_itself(client, idea):
    page = client.get(author_url(idea))

    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in page.content.decode()
    assert "eva@example.se" not in page.content.decode()
    assert "e…@example.se" in words(page)
    pressed = press(client, idea, "confirm")
    assert pressed.headers["Referrer-Policy"] == "no-referrer"
    assert not client.cookies


def test_own_page_in_as_many_queries_with_a_long_history(client, idea, django_assert_num_queries):
    for _line in range(30):
        idea.history.create(kind="note")

    with django_assert_num_queries(4):
        client.get(author_url(idea))


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_that_does_not_work_says_so(client, method):
    response = getattr(client, method)(reverse("programs:own_voice", args=["idea-2222222-x"]))

    assert response.status_code == 404
    assert "Länken fungerar inte" in words(response)


# --- Confirming ----------------------------------------------------------------------------------


def test_looking_confirms_nothing(client, idea):
    for method in (client.get, client.head):
        assert method(author_url(idea)).status_code == 200
    for method in (client.put, client.patch, client.delete, client.options):
        assert method(author_url(idea)).status_code == 405

    idea.refresh_from_db()
    assert idea.email_confirmed_at is None
    assert kinds(idea) == []


def test_address_is_confirmed_once_with_a_button(idea):
    client = Client(enforce_csrf_checks=True)

    first = press(client, idea, "confirm")
    idea.refresh_from_db()
    moment = idea.email_confirmed_at
    press(client, idea, "confirm")

    assert (first.status_code, first.url) == (302, author_url(idea))
    assert moment is not None
    idea.refresh_from_db()
    assert idea.email_confirmed_at == moment
    assert kinds(idea) == ["confirmed"]
    assert "Bekräfta din e-postadress" not in words(client.get(author_url(idea)))


def test_button_that_is_not_there_does_nothing(client, idea):
    for do in ("publish", "", "\x00"):
        assert press(client, idea, do).status_code == 302

    assert kinds(idea) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_make_one(idea):
    at_once(*[lambda: confirming.confirm(idea, timezone.now()) for _press in range(4)])

    assert kinds(idea) == ["confirmed"]


# --- The name ------------------------------------------------------------------------------------


def test_author_shows_and_hides_the_name(client, idea):
    press(client, idea, "show-name")
    idea.refresh_from_db()
    assert idea.show_name
    press(client, idea, "show-name")

    press(client, idea, "hide-name")
    idea.refresh_from_db()
    assert not idea.show_name
    assert kinds(idea) == ["corrected", "corrected"]


def test_nameless_author_has_no_name_to_show(client, idea):
    changed(idea, author_name="")

    assert 'id="namn"' not in client.get(author_url(idea)).content.decode()
    press(client, idea, "show-name")
    idea.refresh_from_db()
    assert not idea.show_name


# --- A new look ----------------------------------------------------------------------------------


def ask(client, voice, text="Ingen nämns vid namn.", **fields):
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=1)):
        stamp = public_forms.new_stamp()
    return press(client, voice, "new-look", **({"text": text, "stamp": stamp} | fields))


def test_author_asks_for_a_new_look_once_at_a_time(client, idea):
    changed(idea, state="refused", state_reason="Grannen nämns.")

    asked, doubled = ask(client, idea), ask(client, idea)
    again = ask(client, idea, "En gång till.")

    assert asked.status_code == doubled.status_code == 302
    assert again.status_code == 409
    assert "Det har du redan bett om." in words(again)
    entry = idea.history.get()
    assert (entry.kind, entry.text) == (VoiceEntry.Kind.REVIEW_ASKED, "Ingen nämns vid namn.")
    assert entry.needs_attention
    page = words(client.get(author_url(idea)))
    assert "Du bad om en ny bedömning" in page
    idea.history.update(needs_attention=False)
    assert ask(client, idea, "Nu då?").status_code == 302
    assert idea.history.count() == 2


def test_new_look_needs_words_and_keeps_what_was_typed(client, idea):
    changed(idea, state="hidden", state_reason="Grannen nämns.")

    empty = ask(client, idea, "  ")
    stale = ask(client, idea, "Mina skäl.", stamp="gammal")
    nul = ask(client, idea, "a\x00b")

    for response in (empty, stale, nul):
        assert response.status_code == 200
        assert "error-summary" in response.content.decode()
    assert "Mina skäl." in stale.content.decode()
    assert not idea.history.exists()


@pytest.mark.parametrize("state", ["held", "published"])
def test_there_is_no_new_look_at_what_is_not_refused(client, idea, state):
    changed(idea, state=state)

    response = ask(client, idea)

    assert response.status_code == 409
    assert not idea.history.exists()


def test_new_looks_are_slowed_down(client, idea, monkeypatch):
    changed(idea, state="refused", state_reason="Grannen nämns.")
    for _time in range(12):
        public_forms.slow_down(client.get("/").wsgi_request, "own_voice", timezone.now())

    response = ask(client, idea)

    assert response.status_code == 429
    assert "Ingen nämns vid namn." in response.content.decode()
    assert not idea.history.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_new_look_asked_for_twice_at_once_is_one(idea):
    changed(idea, state="refused", state_reason="Grannen nämns.")

    def asking(text):
        return lambda: confirming.ask_for_new_look(idea, text, timezone.now())

    results = at_once(asking("Ett."), asking("Två."), asking("Tre."))

    refused = [each for each in results if isinstance(each, confirming.CannotAsk)]
    assert len(refused) == 2
    assert idea.history.count() == 1


# --- Removing one's details ----------------------------------------------------------------------


def test_author_removes_name_and_address_at_once(client, idea):
    press(client, idea, "confirm")
    url = author_url(idea)
    own = make_outgoing_mail(key=f"idea:{idea.reference}:received:1", to="eva@example.se")
    sent = make_outgoing_mail(
        key=f"idea:{idea.reference}:answered:1", to="eva@example.se", state="sent", sent_at=NOW
    )
    other = make_outgoing_mail(key="idea:2222222:received:1", to="eva@example.se")

    response = press(client, idea, "erase")

    assert response.url == reverse("programs:contact_erased")
    assert "Dina uppgifter är borttagna" in words(client.get(response.url))
    idea.refresh_from_db()
    assert (idea.author_name, idea.author_email, idea.show_name) == ("", "", False)
    assert idea.contact_erased_on == timezone.localdate()
    assert idea.text == "Med gungor."
    assert not idea.is_reachable
    assert kinds(idea) == ["confirmed", "contact_erased"]
    erasure = Erasure.objects.get()
    assert erasure.counts == {"idea": 1, "letters": 2}
    states = OutgoingMail.objects.order_by("pk").values_list("pk", "to", "state")
    assert list(states) == [
        (own.pk, "", "dropped"),
        (sent.pk, "", "sent"),
        (other.pk, "eva@example.se", "queued"),
    ]
    assert client.get(url).status_code == 404
    assert client.post(url, {"do": "erase"}).status_code == 404
    assert Erasure.objects.count() == 1


def test_verb_on_a_voice_whose_address_is_gone_does_nothing(idea):
    old = type(idea).objects.get(pk=idea.pk)
    confirming.erase_contact(idea, NOW)

    for verb in (
        lambda: confirming.confirm(old, NOW),
        lambda: confirming.show_name(old, NOW, shown=True),
        lambda: confirming.ask_for_new_look(old, "x", NOW),
        lambda: confirming.erase_contact(old, NOW),
    ):
        with pytest.raises(confirming.LinkDied):
            verb()
    assert connection.in_atomic_block
    assert kinds(idea) == ["contact_erased"]
