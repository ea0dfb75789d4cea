"""The list of what has come in: who sees what of it, in which order, and publishing from it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_idea, make_idea_photo, make_locality, make_program
from tests.programs.voices.builders import KINDS, Desk, fresh, held, lines, make_voice, process_of
from tests.programs.voices.pages import PUBLISH, QUEUE, page_url, pick, rows_of, shown, tabs
from tests.revisions.pages import by_class, links, main_of, page_of, queries

pytestmark = pytest.mark.django_db

ALLOWED = ["superuser", "administrator", "registrar", "moderator", "project_leader"]
REFUSED = [
    "outsider",
    "coordinator",
    "politician",
    "resident_representative",
    "association_representative",
]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


def days(today, number):
    return today + datetime.timedelta(days=number)


# --- Who sees what -------------------------------------------------------------------------------


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(QUEUE).url == f"/admin/login/?next={QUEUE}"
    assert client.post(PUBLISH).url == f"/admin/login/?next={PUBLISH}"


@pytest.mark.parametrize("role", REFUSED)
def test_queue_is_not_for_those_without_a_task_in_it(request, client_for, role, program):
    client = client_for(request.getfixturevalue(role))
    voice = held("idea", program)

    assert client.get(QUEUE).status_code == 403
    assert client.post(PUBLISH, {"pick": pick(voice)}).status_code == 403
    assert fresh(voice).state == "held"


@pytest.mark.parametrize("role", ALLOWED)
def test_each_role_sees_what_is_theirs(request, client_for, role, program, other_program):
    client = client_for(request.getfixturevalue(role))
    mine = [held(kind, program) for kind in KINDS]
    mine.append(make_idea(program=None, locality=program.locality, state="held"))
    others = [held(kind, other_program) for kind in KINDS]
    others.append(make_idea(program=None, locality=make_locality(), state="held"))
    everything = mine if role == "project_leader" else [*mine, *others]

    assert set(shown(client)) == {voice.reference for voice in everything}
    assert tabs(client)["granska"] == len(everything)
    publishes = "Publish" in main_of(page_of(client, QUEUE))
    assert publishes == (role != "registrar")


def test_registrar_reads_and_changes_nothing(client_for, registrar, program):
    voice = held("idea", program)

    response = client_for(registrar).post(PUBLISH, {"pick": pick(voice)})

    assert response.status_code == 403
    assert fresh(voice).state == "held"


def test_leader_publishes_nothing_of_another_program(leader, program, other_program):
    mine, other = held("idea", program), held("comment", other_program)

    response = leader.post(PUBLISH, {"pick": [pick(mine), pick(other)]})

    assert response.status_code == 403
    assert (fresh(mine).state, fresh(other).state) == ("held", "held")


# --- What stands in it ---------------------------------------------------------------------------


def test_tabs_hold_what_they_say(leader, project_leader, program, today):
    late, soon = days(today, -1), days(today, 5)
    voices = {
        "held": held("idea", program, promised_on=soon),
        "held late": held("comment", program, promised_on=late),
        "odd": held("idea", program, held_because="2 länkar", promised_on=soon),
        "open": make_voice("comment", program, promised_on=soon),
        "mine": make_voice("idea", program, assigned_to=project_leader, promised_on=soon),
        "late": make_voice("idea", program, promised_on=late),
        "answered": make_voice("comment", program, outcome="no", reply="Nej."),
        "refused": make_voice("idea", program, state="refused", state_reason="Hot."),
        "appealed": make_voice("idea", program, state="refused", state_reason="Hot."),
        "reported": make_voice("comment", program, outcome="no", reply="Nej."),
    }
    for name, kind in [("appealed", "review_asked"), ("reported", "reported")]:
        voices[name].history.create(kind=kind, needs_attention=True)
    names = {voice.reference: name for name, voice in voices.items()}
    in_tab = {
        "": set(voices) - {"answered", "refused"},
        "granska": {"held", "held late", "odd"},
        "svara": {"open", "mine", "late"},
        "sena": {"held late", "late"},
        "anmalda": {"odd", "appealed", "reported"},
        "mina": {"mine"},
        "alla": set(voices),
    }

    for tab, expected in in_tab.items():
        assert {names[row] for row in shown(leader, f"?visa={tab}")} == expected, tab
    assert tabs(leader) == {tab: len(expected) for tab, expected in in_tab.items()}


def test_what_was_promised_first_stands_first_whatever_kind_it_is(leader, program, today):
    second = make_voice("comment", program, promised_on=days(today, 2))
    first = held("idea", program, promised_on=days(today, -9))
    last = make_voice("idea", program)
    third = held("comment", program, promised_on=days(today, 3))

    order = [voice.reference for voice in (first, second, third, last)]
    assert shown(leader) == order
    assert shown(leader, "?visa=alla") == [
        voice.reference for voice in (third, last, first, second)
    ]


def test_row_tells_enough_to_judge_by(leader, program, today):
    long = "Ett ord. " * 120
    voice = held(
        "idea",
        program,
        title="En bänk",
        text=long,
        promised_on=days(today, -2),
        received=days(today, -12),
        channel="phone",
        held_because="kanske ett telefonnummer",
    )
    photo = make_idea_photo(idea=voice, alt="En tom plats")
    public = make_voice("comment", program)
    public.history.create(kind="reported", detail="private", text="Hon!", needs_attention=True)

    row, other = rows_of(leader)

    for words in (
        f"Idé · {program} · by telephone · 12 days ago · {voice.reference}",
        "En bänk",
        "The portal noticed: kanske ett telefonnummer",
        "Late, promised",
        "To review",
    ):
        assert words in row
    assert row.count("Ett") == row.count("ord.") == 120
    assert "Reported by a reader: private details about someone. “Hon!”" in other
    assert "About the whole text" in other
    page = page_of(leader, QUEUE)
    assert reverse("voices_staff:picture", args=[photo.pk]) in links(page)
    assert f"{page_url(public)}#svara" in links(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?typ=comment", ["comment"]),
        ("?typ=idea", ["idea"]),
        ("?q=bänk", ["idea"]),
        ("?q=BÄNK+ån", ["idea"]),
        ("?q=ABCDFGH", ["comment"]),
        ("?q=abcdfgh", ["comment"]),
        ("?q=finns+inte", []),
        ("?visa=granska&typ=comment", []),
        ("?omgang=999999999", []),
        ("?typ=x&visa=x&q=%00&program=x&omgang=x", ["idea", "comment"]),
        ("?omgang=99999999999999999999&sida=99999999999", ["idea", "comment"]),
    ],
)
def test_list_is_narrowed_and_odd_values_narrow_nothing(leader, program, query, found):
    voices = {
        "idea": held("idea", program, title="En bänk", text="Vid ån.", promised_on="2026-01-01"),
        "comment": make_voice("comment", program, reference="ABCDFGH", promised_on="2026-01-02"),
    }

    assert shown(leader, query) == [voices[kind].reference for kind in found]


def test_list_is_narrowed_to_a_program_and_a_round(client_for, administrator, program):
    client, other = client_for(administrator), make_program()
    one, two = held("comment", program), held("idea", other)

    assert shown(client, f"?program={other.slug}") == [two.reference]
    process = process_of(program)
    assert shown(client, f"?omgang={process.pk}") == [one.reference]
    assert f"Only comments on: Revision of {program}." in main_of(
        page_of(client, f"{QUEUE}?omgang={process.pk}")
    )


def test_program_of_another_cannot_be_chosen(leader, program, other_program):
    held("idea", other_program)
    voice = held("idea", program)

    response = leader.get(f"{QUEUE}?program={other_program.slug}")

    assert "program" in response.context["form"].errors
    assert [row.voice for row in response.context["rows"]] == [voice]


def test_empty_list_says_so(leader):
    assert "What residents send in stands here as it comes." in main_of(page_of(leader, QUEUE))
    assert "Nothing matches" in main_of(page_of(leader, f"{QUEUE}?q=x"))


def test_list_takes_the_same_queries_for_one_row_and_for_fifty(leader, program):
    def grow(rows):
        for number in range(rows):
            for kind in KINDS:
                voice = held(kind, program, held_because="2 länkar")
                voice.history.create(kind="reported", needs_attention=True)
                make_voice(kind, program, merged_into=None, outcome="no", reply="Nej.")
            make_idea_photo(idea=make_idea(program=program, state="held", title=f"Bild {number}"))

    grow(1)
    few = {query: queries(leader, QUEUE + query) for query in ("", "?visa=alla", "?q=a&typ=idea")}

    grow(25)

    assert {query: queries(leader, QUEUE + query) for query in few} == few


# --- Publishing from it --------------------------------------------------------------------------


def test_one_is_published_and_the_next_stands_where_one_is(leader, program):
    first, second = (held("idea", program, promised_on=f"2026-01-0{day}") for day in (1, 2))

    response = leader.post(f"{PUBLISH}?visa=granska", {"only": pick(first)})

    assert response.url == f"{QUEUE}?visa=granska#idea-{second.pk}"
    assert (fresh(first).state, fresh(second).state) == ("published", "held")
    assert lines(first) == ["published"]


def test_ticked_ones_are_published_and_each_that_was_not_is_told(
    leader, program, moderator, client_for
):
    voices = [held(kind, program) for kind in KINDS * 2]
    picks = [pick(voice) for voice in voices]
    Desk(moderator).refuse(voices[1])

    response = leader.post(PUBLISH, {"pick": picks}, follow=True)

    assert [fresh(voice).state for voice in voices] == [
        "published",
        "refused",
        "published",
        "published",
    ]
    told = [str(message) for message in response.context["messages"]]
    assert len(told) == 2
    assert told[0].startswith(f"{voices[1].reference} was not published. Moderator was faster")
    assert told[1] == "3 are published."


@pytest.mark.parametrize(
    "picks",
    [[], [""], ["idea"], ["idea-x-y"], ["pot-1-x"], ["idea-999999999-x"], ["idea-" + "9" * 30]],
)
def test_nothing_ticked_publishes_nothing_and_says_so(leader, program, picks):
    voice = held("idea", program)

    response = leader.post(PUBLISH, {"pick": picks}, follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "Nothing was published: tick what is to be shown first."
    ]
    assert fresh(voice).state == "held"


def test_answered_and_public_rows_cannot_be_ticked(leader, program):
    held("idea", program)
    make_voice("idea", program)
    make_voice("comment", program, outcome="no", reply="Nej.")

    page = page_of(leader, f"{QUEUE}?visa=alla")

    boxes = [each for each in page.iter() if each.get("name") == "pick"]
    assert len(boxes) == 1
    assert len(by_class(page, "queue__row")) == 3


def test_publishing_is_posted(leader):
    assert leader.get(PUBLISH).status_code == 405
