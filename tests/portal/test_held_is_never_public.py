"""Nothing of a voice that is held, refused or hidden is public: no page, feed, file or count."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from programs.following import weekly
from programs.following.news import program_news
from programs.models import Idea, OutgoingMail, Rule, VoiceState
from revisions.news import process_news
from tests.factories import (
    make_action,
    make_idea,
    make_municipality,
    make_program,
    make_subscription,
)
from tests.portal.addresses import every_address
from tests.revisions.builders import sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.searches]

PUBLIC = VoiceState.PUBLISHED
FORMS = ("csv", "xlsx", "atom")
# How lists may be asked, and what a search for the secret words gives.
QUERIES = ("", "?q=Xhemlig", "?status=vantar", "?sida=2")

ideas = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(VoiceState.values),
            "kind": st.sampled_from(["plain", "answered", "to action", "merged", "merged into"]),
            "show_name": st.booleans(),
            "at": st.sampled_from(["program", "place"]),
        }
    ),
    min_size=1,
    max_size=5,
)


def told(program, action, other, number, said) -> Idea:
    """One whose every word can be told from those of the others."""
    state, kind = said["state"], said["kind"]
    fields = {}
    if kind == "to action":
        fields = {"outcome": "became_action", "action": action, "reply": f"Xsvar{number}x"}
    elif kind == "merged":
        fields = {"outcome": "merged", "merged_into": other, "reply": f"Xsvar{number}x"}
    elif kind == "answered":
        fields = {"outcome": "no", "reply": f"Xsvar{number}x"}
    row = make_idea(
        program=program if said["at"] == "program" else None,
        locality=program.locality,
        title=f"Xrubrik{number}x",
        text=f"Xhemlig{number}x",
        author_name=f"Xnamn{number}x",
        author_email=f"xpost{number}x@example.se",
        show_name=said["show_name"],
        position_words=f"Xplats{number}x",
        state=state,
        state_rule=Rule.PRIVATE if state in {"refused", "hidden"} else "",
        state_reason=f"Xskal{number}x" if state in {"refused", "hidden"} else "",
        **fields,
    )
    if kind == "merged into":
        make_idea(
            program=program,
            text=f"Xhemlig{number}x och mer",
            title=f"Xrubrik{number}x igen",
            state=state,
            state_rule=row.state_rule,
            state_reason=row.state_reason,
            outcome="merged",
            merged_into=row,
            reply="Se den andra.",
        )
    return row


@settings(
    max_examples=10,
    # To make a failing example smaller would read every page a hundred times.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(told_of=ideas)
def test_only_what_is_published_is_found_anywhere(client, told_of):
    make_municipality()
    with sandbox():
        program = make_program()
        action = make_action(program=program)
        addresses = every_address(program)
        other = make_idea(program=program, title="En annan")
        rows = [told(program, action, other, number, said) for number, said in enumerate(told_of)]
        pages = set(addresses.values()) | {row.get_absolute_url() for row in rows}
        pages |= {reverse("programs:ideas_export", args=[form]) for form in FORMS}
        pages |= {action.get_absolute_url(), program.locality.get_absolute_url()}
        lists = ("/ideer/", "/sok/", f"/program/{program.slug}/ideer/")
        pages |= {path + query for path in lists for query in QUERIES}
        make_subscription(program=program, confirmed_at=rows[0].created_at)

        seen = "".join(text_of(client, page) for page in sorted(pages))
        seen += "".join(OutgoingMail.objects.values_list("body", flat=True))

        for number, row in enumerate(rows):
            words = [f"Xhemlig{number}x", f"Xrubrik{number}x", f"Xplats{number}x"]
            words += [f"Xsvar{number}x", f"Xnamn{number}x"]
            if row.state != PUBLIC:
                assert [word for word in words if word in seen] == []
            else:
                assert f"Xhemlig{number}x" in seen
            assert f"xpost{number}x@example.se" not in seen
            assert f"Xskal{number}x" not in seen
            if not row.show_name:
                assert f"Xnamn{number}x" not in seen


def test_the_weekly_letter_tells_of_nothing_held(client):
    make_municipality()
    program = make_program()
    follower = make_subscription(program=program)
    idea = make_idea(program=program, title="Xrubrik", state=VoiceState.HELD)
    follower.confirmed_at = idea.created_at
    follower.save()

    weekly.send(idea.created_at, (program_news, process_news))

    bodies = "".join(OutgoingMail.objects.values_list("body", flat=True))
    assert "Xrubrik" not in bodies


def text_of(client, page: str) -> str:
    """What anyone gets there; pages that ask for the key of a letter are their owner's own."""
    if page.startswith(("/min/", "/folj/")) or "/stod/" in page:
        return ""
    answer = client.get(page)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="ignore")
