"""What was dropped, and what the draft said before, is brought back with nothing lost."""

import pytest
from django.utils import translation

from programs.models import Clause
from revisions import drafting
from revisions.digest import digest_of
from revisions.models import ClauseChange, DraftVersion, LogEntry
from revisions.workflow import TransitionError
from tests.revisions import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def process():
    process = builders.start()
    process.step = builders.number_of("revision", "draft")
    process.save()
    builders.begin(process)
    process.refresh_from_db()
    return process


def clause_of(process, slug):
    return builders.process_draft(process).clauses.get(slug=slug)


def outline(process):
    return [
        (clause.number, clause.slug)
        for clause in builders.process_draft(process).clauses.order_by("position")
    ]


def drop(process, slug):
    builders.write(process, drafting.drop_clause, clause_of(process, slug))


def bring_back(process, slug, **fields):
    origin = process.base.clauses.get(slug=slug)
    return builders.write(process, drafting.restore_clause, origin_id=origin.pk, **fields)


def to_version(process, version, **fields):
    given = {"version": version, "saw": digest_of(builders.process_draft(process))} | fields
    return builders.write(process, drafting.restore_version, **given)


def latest(process):
    return DraftVersion.objects.filter(process=process).first()


# --- A dropped clause ----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["vision", "bygga", "bostader", "stationen", "hamnen", "natur"])
def test_dropped_clause_comes_back_where_it_stood_with_all_under_it(process, slug):
    before, digest = outline(process), digest_of(process.draft)
    drop(process, slug)
    assert outline(process) != before

    row = bring_back(process, slug)

    assert outline(process) == before
    assert digest_of(builders.process_draft(process)) == digest
    assert row.origin.slug == slug
    assert {clause.origin.slug for clause in process.draft.clauses.all()} == {
        clause.slug for clause in process.base.clauses.all()
    }


def test_clause_can_come_back_without_what_stood_under_it(process):
    drop(process, "bostader")

    bring_back(process, "bostader", with_below=False)

    slugs = [slug for _number, slug in outline(process)]
    assert slugs == ["vision", "bygga", "bostader", "vagar", "natur", "vatten"]


def test_clause_whose_place_is_gone_says_what_to_bring_back_first(process):
    drop(process, "bygga")

    with pytest.raises(TransitionError, match="Bring back “Fler bostäder” first"):
        bring_back(process, "hamnen")

    assert outline(process) == [("", "vision"), ("1", "natur"), ("1.1", "vatten")]


def test_clause_comes_back_beside_those_that_have_moved(process):
    drop(process, "stationen")
    builders.write(
        process,
        drafting.move_clause,
        clause_of(process, "bostader"),
        after=clause_of(process, "vatten").pk,
    )

    row = bring_back(process, "stationen")

    assert row.parent.slug == "bostader"
    assert [slug for _number, slug in outline(process)][-3:] == ["bostader", "stationen", "hamnen"]


def test_clause_gets_another_link_when_its_own_is_taken(process):
    drop(process, "hamnen")
    builders.write(
        process,
        drafting.add_clause,
        after=clause_of(process, "stationen").pk,
        level=3,
        heading="",
        text="Hamnen",
    )
    assert clause_of(process, "hamnen").origin is None

    row = bring_back(process, "hamnen")

    assert row.slug != "hamnen"
    assert row.origin.slug == "hamnen"


def test_what_is_in_the_draft_or_was_merged_is_not_brought_back(process):
    with pytest.raises(TransitionError, match="in the draft already"):
        bring_back(process, "hamnen")
    hamnen, stationen = clause_of(process, "hamnen"), clause_of(process, "stationen")
    builders.write(
        process,
        drafting.merge_clauses,
        stationen,
        other_id=hamnen.pk,
        saw_other=drafting.fingerprint(hamnen),
        heading="",
        text="Bygg på båda ställena.",
    )

    with pytest.raises(TransitionError, match="in the draft already"):
        bring_back(process, "hamnen")


def test_clause_of_another_text_is_not_brought_back(process):
    strange = builders.make_program().editions.first().clauses.first()

    with pytest.raises(TransitionError, match="not in the text"):
        builders.write(process, drafting.restore_clause, origin_id=strange.pk)


def test_bringing_back_demands_a_reason_keeps_a_version_and_is_told(process):
    drop(process, "natur")
    builders.publish(process)
    versions = process.versions.count()
    with pytest.raises(TransitionError, match="why"):
        bring_back(process, "natur", because=builders.because(" "))
    assert "natur" not in dict(outline(process)).values()

    bring_back(process, "natur", because=builders.because("Vi ångrade oss."))

    assert process.versions.count() == versions + 1
    assert latest(process).what == "Brought back: Natur"
    reasons = ClauseChange.objects.filter(reason="Vi ångrade oss.")
    assert {change.clause.slug for change in reasons} == {"natur", "vatten"}
    assert builders.last_entry(process).kind == LogEntry.Kind.TEXT_CHANGED


# --- A whole version -----------------------------------------------------------------------------


def test_version_comes_back_word_for_word_whatever_was_done_since(process):
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg en park.")
    wanted, kept = latest(process), outline(process)
    origins = {c.slug: c.origin_id for c in builders.process_draft(process).clauses.all()}
    drop(process, "bygga")
    builders.write(
        process, drafting.add_clause, after=None, level=1, heading="Kultur", text="Sjung."
    )
    builders.edit(process, clause_of(process, "vatten"), heading="Renare vatten")

    to_version(process, wanted)

    assert digest_of(builders.process_draft(process)) == wanted.digest
    assert outline(process) == kept
    found = {c.slug: c.origin_id for c in builders.process_draft(process).clauses.all()}
    assert found == origins


def test_version_brought_back_loses_nothing_in_between(process):
    first = latest(process)
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg en park.")
    between = latest(process)
    to_version(process, first)

    to_version(process, between)

    assert clause_of(process, "hamnen").text == "Bygg en park."
    assert process.versions.count() == 4


def test_only_what_changes_gets_the_reason(process):
    first = latest(process)
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg en park.")
    builders.write(process, drafting.add_clause, after=None, level=1, heading="Nytt", text="")
    comment = builders.comment(process, edition=process.draft, clause=clause_of(process, "nytt"))

    to_version(process, first, because=builders.because("Mötet ville ha det så."))

    changes = ClauseChange.objects.filter(reason="Mötet ville ha det så.")
    assert sorted(str(change.clause and change.clause.slug) for change in changes) == [
        "None",
        "hamnen",
    ]
    comment.refresh_from_db()
    assert (comment.clause, comment.clause_was) == (None, "Nytt")


def test_merged_clauses_stand_apart_again(process):
    first = latest(process)
    hamnen, stationen = clause_of(process, "hamnen"), clause_of(process, "stationen")
    builders.write(
        process,
        drafting.merge_clauses,
        stationen,
        other_id=hamnen.pk,
        saw_other=drafting.fingerprint(hamnen),
        heading="",
        text="Bygg på båda ställena.",
    )
    assert clause_of(process, "stationen").merged_from.count() == 1

    to_version(process, first)

    assert clause_of(process, "stationen").merged_from.count() == 0
    assert clause_of(process, "hamnen").origin.slug == "hamnen"


def test_version_is_not_brought_back_over_what_was_not_seen(process):
    first = latest(process)
    saw = digest_of(process.draft)
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg en park.")

    with pytest.raises(TransitionError, match="changed while you were reading"):
        to_version(process, first, saw=saw)

    assert clause_of(process, "hamnen").text == "Bygg en park."


def test_version_that_says_the_same_or_belongs_elsewhere_is_refused(process):
    with pytest.raises(TransitionError, match="reads like that already"):
        to_version(process, latest(process))
    other = builders.placed_at("approval")
    with pytest.raises(TransitionError, match="no text to bring back"):
        to_version(process, latest(other))

    assert Clause.objects.filter(edition=process.draft).count() == 8
