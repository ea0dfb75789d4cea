"""Supporting an idea: one for each confirmed address, which is not kept."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs import public_forms
from programs.models import Idea, OutgoingMail, Subscription, Support, VoiceState
from programs.voices import letters, supporting
from tests.at_once import at_once
from tests.factories import make_idea, make_municipality, make_program

pytestmark = pytest.mark.django_db
EVA = "eva@example.se"
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _municipality(db):
    make_municipality()


@pytest.fixture
def idea(program):
    return make_idea(program=program, title="Lekplats vid ån")


def form(email=EVA, *, age=60, **fields):
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=age), tick=False):
        stamp = public_forms.new_stamp()
    return {"email": email, "stamp": stamp} | fields


def ask(client, idea, email=EVA, **fields):
    return client.post(reverse("programs:support", args=[idea.pk]), form(email, **fields))


def link_in(letter: OutgoingMail) -> str:
    return re.search(r"http://127.0.0.1:8000(/ideer/\S+/stod/\S+/)", letter.body)[1]


def link_for(idea, email=EVA) -> str:
    token = supporting.token_for(idea, email)
    return reverse("programs:support_confirm", args=[idea.pk, token])


def people(idea) -> int:
    return Idea.objects.with_supporters().get(pk=idea.pk).supporters


# --- Asking --------------------------------------------------------------------------------------


def test_support_is_counted_once_the_button_behind_the_letter_is_pressed(idea):
    client = Client(enforce_csrf_checks=True)

    asked = ask(client, idea)
    letter = OutgoingMail.objects.get()
    link = link_in(letter)

    assert asked.status_code == 302
    assert "Titta i din inkorg" in client.get(asked.url).content.decode()
    assert letter.to == EVA
    assert letter.subject == "Bekräfta att du stöder idén: Lekplats vid ån"
    assert "sparar inte din adress" in letter.body
    assert people(idea) == 0
    page = client.get(link)
    assert "Ja, jag stöder idén" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert people(idea) == 0
    for _press in range(2):
        assert client.post(link, {"do": "support"}).status_code == 302
    assert people(idea) == 1
    assert "Du stöder idén" in client.get(link).content.decode()
    assert not client.cookies


def test_support_keeps_no_address(client, idea):
    client.post(link_for(idea))

    support = Support.objects.get()
    assert EVA not in str(vars(support))
    assert "eva" not in link_for(idea)
    assert not Subscription.objects.exists()
    ask(client, idea)
    with time_machine.travel(timezone.now() + DAY + datetime.timedelta(minutes=1)):
        letter = OutgoingMail.objects.get()
        letter.state, letter.sent_at = "sent", timezone.now()
        letter.save()
        OutgoingMail.objects.to_forget(timezone.now()).forget()
    letter.refresh_from_db()
    assert (letter.to, letter.body) == ("", "")


def test_same_address_supports_once_however_it_is_written(client, idea):
    for email in (EVA, "Eva@Example.SE"):
        client.post(link_for(idea, email))
    client.post(link_for(idea, "ali@example.se"))

    assert people(idea) == 2


def test_support_is_taken_back_the_same_way(client, idea):
    link = link_for(idea)
    client.post(link, {"do": "support"})

    answer_before = ask(client, idea)
    answer_other = ask(client, idea, "ali@example.se")
    assert answer_before.url == answer_other.url
    assert "Ta tillbaka mitt stöd" in client.get(link).content.decode()
    for _press in range(2):
        client.post(link, {"do": "withdraw"})

    assert people(idea) == 0
    client.post(link, {"do": "support"})
    assert people(idea) == 1


def test_sent_twice_makes_one_letter(client, idea):
    fields = form()
    url = reverse("programs:support", args=[idea.pk])

    assert [client.post(url, fields).status_code for _click in range(2)] == [302, 302]

    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"email": "inte en adress"}, {"email": ""}, {"email": "a\x00@b.se"}, {"stamp": "x"}]
)
def test_form_that_does_not_fit_comes_back(client, idea, wrong):
    response = client.post(
        reverse("programs:support", args=[idea.pk]),
        form("kvar@example.se") | {"follow": "on"} | wrong,
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "error-summary" in page
    assert re.search(r'name="follow"[^>]*checked', page)
    assert not OutgoingMail.objects.exists()


def test_machine_gets_no_letter_and_a_person_only_presses_again(client, idea):
    response = ask(client, idea, website="https://spam.example")

    assert response.status_code == 200
    page = response.content.decode()
    assert "tryck på knappen en gång till" in page
    assert "spam.example" not in page
    assert not OutgoingMail.objects.exists()


def test_burst_from_one_network_is_slowed_while_others_get_through(client, idea):
    url = reverse("programs:support", args=[idea.pk])

    codes = [client.post(url, form(f"a{number}@x.se")).status_code for number in range(15)]
    slowed = client.post(url, form("b@x.se"))
    other = client.post(url, form("c@x.se"), REMOTE_ADDR="198.51.100.7")

    assert codes == [302] * 12 + [429] * 3
    assert "b@x.se" in slowed.content.decode()
    assert "Vänta" in slowed.content.decode()
    assert other.status_code == 302


def test_nobodys_mailbox_is_filled_from_here(client, idea, monkeypatch):
    monkeypatch.setattr(public_forms, "LIMITS", ())
    for number in range(14):
        response = client.post(
            reverse("programs:support", args=[idea.pk]), form(), REMOTE_ADDR=f"198.51.{number}.7"
        )
        assert response.status_code == 302

    assert OutgoingMail.objects.filter(to=EVA).count() == 10


# --- Which ideas ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN])
def test_idea_that_is_not_public_cannot_be_supported_or_seen(client, program, state):
    idea = make_idea(program=program, title="Hemlig", state=state, state_reason="x")

    assert client.get(reverse("programs:support", args=[idea.pk])).status_code == 404
    assert ask(client, idea).status_code == 404
    for method in (client.get, client.post):
        response = method(link_for(idea))
        assert response.status_code == 404
        assert "Hemlig" not in response.content.decode()
    assert not Support.objects.exists()


def test_answered_idea_takes_no_more_support_but_one_can_take_it_back(client, idea):
    link, other = link_for(idea), link_for(idea, "ali@example.se")
    client.post(link)
    Idea.objects.update(outcome="no", reply="Nej.")

    assert ask(client, idea).status_code == 409
    assert "Svaret har kommit" in client.get(other).content.decode()
    assert client.post(other).status_code == 409
    assert people(idea) == 1
    client.post(link, {"do": "withdraw"})
    assert people(idea) == 0


def test_idea_in_the_brief_still_takes_support(client, idea):
    Idea.objects.update(outcome="in_brief", reply="Vi får se.")

    assert client.post(link_for(idea)).status_code == 302
    assert people(idea) == 1


def test_merged_ideas_count_each_person_once_and_lead_on(client, idea, program):
    merged = make_idea(program=program)
    for email, of in [("a@x.se", idea), ("a@x.se", merged), ("b@x.se", merged)]:
        client.post(link_for(of, email))
    late = link_for(merged, "c@x.se")
    Idea.objects.filter(pk=merged.pk).update(outcome="merged", reply="S", merged_into=idea)

    assert people(idea) == 2
    assert client.get(reverse("programs:support", args=[merged.pk])).url == reverse(
        "programs:support", args=[idea.pk]
    )
    client.post(late)
    assert people(idea) == 3
    assert Support.objects.filter(idea=idea).count() == 2
    client.post(link_for(idea, "a@x.se"), {"do": "withdraw"})
    assert people(idea) == 2
    Idea.objects.filter(pk=merged.pk).update(outcome="", reply="", merged_into=None)
    assert (people(idea), people(merged)) == (1, 1)


@pytest.mark.parametrize("change", ["too old", "forged", "other idea", "garbage"])
def test_link_that_is_not_ours_or_too_old_is_dead(client, idea, change):
    url = link_for(idea)
    if change == "too old":
        with time_machine.travel(timezone.now() - 8 * DAY, tick=False):
            url = link_for(idea)
    elif change == "forged":
        url = url[:-4] + "xyz/"
    elif change == "other idea":
        other = make_idea()
        url = url.replace(f"/{idea.pk}/", f"/{other.pk}/")
    else:
        url = reverse("programs:support_confirm", args=[idea.pk, "å\x00:x"])

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert not Support.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_supports_at_once_make_one(idea):
    hashed = supporting.address_hash(EVA)

    results = at_once(
        *[lambda: supporting.add(idea, hashed, timezone.now()) for _press in range(5)]
    )

    assert results == [None] * 5
    assert Support.objects.count() == 1


# --- Word when the answer comes ------------------------------------------------------------------


def test_supporter_who_wants_word_gets_it(client, idea):
    ask(client, idea, follow="on")
    letter = OutgoingMail.objects.get()
    row = Subscription.objects.get()
    assert "vi skriver till dig när idén får svar" in letter.body
    assert row.confirmed_at is None

    client.post(link_in(letter))

    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert f"/folj/{row.token}/" in client.get(link_in(letter)).content.decode()
    Idea.objects.update(outcome="no", reply="Nej.")
    letters.answered(Idea.objects.get())
    assert OutgoingMail.objects.filter(to=EVA, key__startswith="follower:").count() == 1


def test_looking_at_the_link_makes_no_follower(client, idea):
    ask(client, idea, follow="on")
    link = link_in(OutgoingMail.objects.get())

    client.get(link)
    client.head(link)

    assert Subscription.objects.get().confirmed_at is None
    assert not Support.objects.exists()


# --- Shown in lists ------------------------------------------------------------------------------


def support(idea, *emails):
    for email in emails:
        Support.objects.create(idea=idea, address_hash=supporting.address_hash(email))


def test_lists_show_support_and_sort_by_it(client, program):
    few = make_idea(program=program, title="Få", received="2026-03-01")
    many = make_idea(program=program, title="Många", received="2026-01-01")
    none = make_idea(program=program, title="Inga", received="2026-02-01")
    support(few, "a@x.se")
    support(many, "a@x.se", "b@x.se")
    support(make_idea(program=program, outcome="merged", reply="S", merged_into=many), "c@x.se")

    def titles(query=""):
        page = client.get(reverse("programs:program_ideas", args=[program.slug]) + query)
        return re.findall(r'rows__title"><a href="[^"]+">([^<]+)', page.content.decode())

    latest, supported = titles(), titles("?ordning=stod")
    assert latest.index("Få") < latest.index("Inga") < latest.index("Många")
    assert supported[:2] == ["Många", "Få"]
    page = client.get(reverse("programs:ideas") + "?ordning=stod&status=waiting").content.decode()
    assert re.findall(r"· (\d+) stöder", page) == ["3", "1"]
    assert titles("?ordning=annat") == latest
    assert none.title in supported


def test_idea_page_shows_support_and_offers_it_while_it_can_be_given(client, idea):
    url = idea.get_absolute_url()
    offer = reverse("programs:support", args=[idea.pk])
    assert f'href="{offer}"' in client.get(url).content.decode()
    assert "person stöder" not in client.get(url).content.decode()

    support(idea, "a@x.se")
    Idea.objects.update(outcome="no", reply="Nej.")

    page = client.get(url).content.decode()
    assert "1 person stöder idén" in page
    assert f'href="{offer}"' not in page


def test_export_has_a_column_for_support(client, program):
    idea = make_idea(program=program)
    support(idea, "a@x.se", "b@x.se")

    rows = client.get("/ideer.csv").content.decode("utf-8-sig").splitlines()

    column = rows[0].split(";").index("Antal som stöder")
    assert rows[1].split(";")[column] == "2"


@pytest.mark.parametrize("query", ["", "?ordning=stod"])
def test_lists_take_as_many_queries_for_one_as_for_many(
    client, query, django_assert_max_num_queries
):
    program = make_program()

    def grow(rows):
        for number in range(rows):
            target = make_idea(program=program)
            support(target, "a@x.se", f"{number}@x.se")
            make_idea(program=program, outcome="merged", reply="S", merged_into=target)

    url = reverse("programs:program_ideas", args=[program.slug]) + query
    grow(1)
    with django_assert_max_num_queries(60) as for_one:
        client.get(url)
    grow(12)
    with django_assert_max_num_queries(len(for_one)):
        client.get(url)


def test_count_agrees_with_the_people_behind(program):
    ideas = [make_idea(program=program) for _idea in range(6)]
    for number, idea in enumerate(ideas):
        support(idea, *(f"{person}@x.se" for person in range(number)))
    for child, parent in [(1, 0), (2, 0), (4, 5)]:
        Idea.objects.filter(pk=ideas[child].pk).update(
            outcome="merged", reply="S", merged_into=ideas[parent]
        )

    counted = {idea: idea.supporters for idea in Idea.objects.with_supporters()}

    assert counted == {idea: Support.objects.behind(idea).people() for idea in ideas}
    assert counted[ideas[0]] == 2
