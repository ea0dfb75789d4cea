"""Nothing that is held, refused or hidden about a text is public anywhere, nor who wrote it."""

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from programs.models import Edition, VoiceState
from revisions.models import ClauseChange, Comment, Process
from tests.factories import make_edition, make_municipality, make_program, make_user
from tests.portal.addresses import every_address
from tests.revisions.builders import sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.searches]

TEXT = [{"slug": "torget", "heading": "Torget"}, {"slug": "parken", "heading": "Parken"}]
# What an address may be asked for, by how it ends.
QUERIES = {
    "/synpunkter/": ("", "?stycke=torget", "?utfall=vantar", "?q=Xhemlig"),
    "/tack/": ("?ref=BCDFG0H",),
    "/sok/": ("?q=Xhemlig",),
}

comments = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(VoiceState.values),
            "clause": st.sampled_from([None, "old", "new"]),
            "show_name": st.booleans(),
            "answered": st.booleans(),
            "is_behind_a_change": st.booleans(),
            "is_on_removed": st.booleans(),
        }
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def process():
    """A revision that is open for comments; what it is about has a row of each kind."""
    make_municipality()
    program = make_program()
    base = make_edition(program=program, state=Edition.State.ADOPTED, clauses=TEXT)
    today = timezone.localdate()
    return Process.objects.create(
        program=program,
        kind="revision",
        step=5,
        base=base,
        comments_open_on=today,
        comments_close_on=today,
    )


@pytest.fixture
def addresses(process):
    found = list(every_address(process.program, process).values())
    # A program has one draft at a time, also while its older texts are made.
    process.draft = make_edition(program=process.program, state=Edition.State.DRAFT, clauses=TEXT)
    process.draft_published_at = timezone.now()
    process.save()
    return found


def told(process: Process, number: int, said: dict) -> Comment:
    """One comment whose every word can be told from those of the others."""
    state = said["state"]
    edition = process.draft if said["clause"] == "new" else process.base
    row = Comment.objects.create(
        process=process,
        edition=edition,
        clause=edition.clauses.get(slug="torget") if said["clause"] else None,
        clause_was=f"Xborta{number}x" if said["is_on_removed"] and not said["clause"] else "",
        reference=f"BCDFG{number}H",
        text=f"Xhemlig{number}x",
        author_name=f"Xnamn{number}x",
        show_name=said["show_name"],
        author_email=f"xpost{number}x@example.se",
        state=state,
        state_reason=f"Xskal{number}x" if state in {"refused", "hidden"} else "",
        reply=f"Xsvar{number}x" if said["answered"] else "",
        outcome="no" if said["answered"] else "",
        received=timezone.localdate(),
    )
    if said["is_behind_a_change"]:
        change = ClauseChange.objects.create(
            process=process,
            clause=process.draft.clauses.get(slug="torget"),
            reason="Skäl",
            made_by=make_user(),
        )
        change.comments.add(row)
    return row


def secrets_of(number: int, said: dict) -> list[str]:
    """What no visitor may read. Why something was hidden stands where it stood."""
    secret = [f"xpost{number}x"]
    if not (said["show_name"] and said["state"] == "published"):
        secret.append(f"Xnamn{number}x")
    if said["state"] != "published":
        secret += [f"Xhemlig{number}x", f"Xsvar{number}x", f"Xborta{number}x"]
    if said["state"] != "hidden":
        secret.append(f"Xskal{number}x")
    return secret


@settings(
    max_examples=6,
    # To make a failing example smaller would read every page a hundred times.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(comments)
def test_held_comment_is_never_public(client, addresses, process, said):
    with sandbox():
        for number, each in enumerate(said):
            told(process, number, each)
        secret = [words for number, each in enumerate(said) for words in secrets_of(number, each)]
        seen = ""
        for url in addresses:
            asked = (queries for end, queries in QUERIES.items() if url.endswith(end))
            for query in next(asked, ("",)):
                body = client.get(url + query).content.decode(errors="replace")
                # What someone searched for stands in the field they wrote it in.
                body = body.replace('value="Xhemlig"', "")
                assert [(url + query, words) for words in secret if words in body] == []
                seen += body
        for number, each in enumerate(said):
            assert (f"Xhemlig{number}x" in seen) == (each["state"] == "published")
