"""Flen's eight places in their phases: what is history, what was done here, and who may act."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from programs.models import Document, Event
from programs.permissions import (
    is_association_representative_in,
    is_politician_in,
    leads,
    roles_of,
)
from revisions import workflow
from revisions.models import LogEntry, Process
from revisions.replay import replay
from revisions.requirements import missing
from tests.acceptance.conftest import TODAY, Site, has_words
from tests.acceptance.conftest import missing as lacks

pytestmark = pytest.mark.django_db

# Program: phase, whether it goes on, how many steps were entered as history.
STANDS = {
    "malmkoping": (3, True, 2),
    "flen": (3, True, 2),
    "halleforsnas": (4, True, 2),
    "sparreholm": (4, False, 4),
    "bettna": (2, True, 1),
    "skebokvarn": (3, True, 2),
    "mellosa": (1, True, 0),
    "vadsbro": (1, True, 0),
}
ALL = list(STANDS)


def process_of(slug: str) -> Process:
    return Process.objects.select_related("program").get(program__slug=slug)


@pytest.mark.parametrize("slug", ALL)
def test_a_place_stands_in_its_phase_and_the_log_replays_to_it(flen: Site, slug: str) -> None:
    process = process_of(slug)
    phase, is_open, past = STANDS[slug]

    assert (process.step, process.is_open) == (phase, is_open)
    told = replay(process.log.all())
    assert (told.step, told.attempt, told.is_open, told.outcome) == (
        process.step,
        process.attempt,
        process.is_open,
        process.outcome,
    )
    assert process.log.filter(kind=LogEntry.Kind.HISTORY).count() == past
    moments = list(process.log.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)


@pytest.mark.parametrize("slug", ALL)
def test_a_place_shows_evidence_and_log_in_flens_own_words(flen: Site, slug: str) -> None:
    process = process_of(slug)
    page = flen.page(process.get_absolute_url())

    events = Event.objects.filter(pk__in=process.evidence.values("event"))
    assert events or slug == "malmkoping"
    for event in events:
        assert event.get_absolute_url() in page.links
        assert f'datetime="{event.date.iso}"' in page.html
    log = " ".join(page.parts("ol", "log"))
    assert has_words(log, "Arbetet började med fas 1, Mobilisera.")
    assert not re.search("projektledar|samhällsförening|styrgrupp", page.text, re.IGNORECASE)
    if STANDS[slug][2]:
        assert has_words(log, "Antecknat i efterhand", "av ortsutvecklaren")
        assert not has_words(log, "av .")


def test_history_keeps_its_coarse_dates(flen: Site) -> None:
    page = flen.page(process_of("sparreholm").get_absolute_url())
    steps = page.parts("li", "path__step")

    assert has_words(steps[0], "januari 2011–2011")
    assert has_words(steps[1], "2011–april 2012", "Antaget Kommunfullmäktige april 2012")
    assert has_words(steps[3], "2017–februari 2018")
    log = page.parts("ol", "log")[0]
    assert not lacks(log, "februari 2018 Fas 4, Avsluta, är klar.", "april 2012 Fas 2")
    # No day is made up: the only ones are of the two meetings and of the entering.
    days = {"21 maj 2013", "22 augusti 2017", "28 september 2025"}
    assert set(re.findall(r"\d{1,2} \w+ 20\d\d", log)) == days


def test_finished_place_tells_the_whole_way(flen: Site) -> None:
    page = flen.page(process_of("sparreholm").get_absolute_url())
    panel = page.parts("section", "panel--call")[0]

    assert not lacks(
        panel,
        "Det tog 7 år och 1 månad, från januari 2011 till februari 2018.",
        "Kommunfullmäktige antog planen (april 2012).",
    )


def test_bettna_reads_a_draft_of_its_plan_before_the_council_decides(flen: Site) -> None:
    process = process_of("bettna")
    page = flen.page(process.get_absolute_url())
    draft = f"/program/bettna/process/{process.pk}/forslag/"

    assert draft in page.links
    assert draft in flen.page("/program/bettna/").links
    assert has_words(page.text, "Förslaget till plan publicerades", "påhittat för demon")
    assert not lacks(flen.page(draft).text, "221 och 52", "Föreningarna sköter en stig var")
    assert [row.requirement.key for row in missing(process, TODAY)] == ["plan_adopted"]


def test_halleforsnas_has_begun_to_conclude_and_lacks_its_evaluation(flen: Site) -> None:
    process = process_of("halleforsnas")
    page = flen.page(process.get_absolute_url())

    assert [row.requirement.key for row in missing(process, TODAY)] == ["evaluation_published"]
    assert not process.evidence.filter(document__kind=Document.Kind.EVALUATION).exists()
    assert has_words(page.text, "Fas 4 av 4: Avsluta.", "Stormöte: vad lärde vi oss av planen?")
    with pytest.raises(workflow.StepBlocked):
        workflow.pass_step(process, workflow.seen(process), by=user("ortsutvecklare"), today=TODAY)


def user(name: str):
    return get_user_model().objects.get(email=f"{name}@demo.flen.se")


def test_each_demo_sign_in_plays_its_part(flen: Site) -> None:
    bettna, malmkoping = process_of("bettna").program, process_of("malmkoping").program

    assert all(leads(user("ortsutvecklare"), process_of(slug).program) for slug in ALL)
    assert is_politician_in(user("politiker"), malmkoping)
    assert is_association_representative_in(user("forening"), malmkoping)
    convened = roles_of(user("sammankallande")).convened_programs
    assert convened == {bettna.pk}
    assert roles_of(user("admin")).administers


@pytest.mark.parametrize(
    ("name", "drives"),
    [("ortsutvecklare", True), ("admin", True), ("sammankallande", False), ("politiker", None)],
)
def test_staff_page_of_bettna_is_for_those_with_a_task_there(
    flen: Site, name: str, drives: bool | None
) -> None:
    client = Client()
    client.force_login(user(name), backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(f"/admin/process/{process_of('bettna').pk}/")

    assert answer.status_code == (403 if drives is None else 200)
    if drives is not None:
        assert ("decision-section" in answer.content.decode()) == drives
