import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.models.editions import numbers
from revisions import drafting, workflow
from revisions.digest import digest_of, text_of
from revisions.models import ClauseChange
from revisions.steps import STEPS, Kind
from revisions.workflow import TransitionError
from tests.revisions import builders as build
from tests.revisions.builders import TODAY

pytestmark = pytest.mark.django_db

# Slug, number and what it stands under, for the text that every draft here starts as.
AS_BEGUN = [
    ("vision", "", None),
    ("bygga", "1", None),
    ("bostader", "1.1", "bygga"),
    ("stationen", "1.1.1", "bostader"),
    ("hamnen", "1.1.2", "bostader"),
    ("vagar", "1.2", "bygga"),
    ("natur", "2", None),
    ("vatten", "2.1", "natur"),
]


@pytest.fixture
def process(db):
    """A revision with a draft just begun. It is put in its step by hand: the way is tested
    elsewhere, and takes long."""
    process = build.start()
    process.step = build.number_of(Kind.REVISION, "draft")
    process.save()
    build.begin(process)
    process.refresh_from_db()
    return process


def clause(process, slug):
    return process.draft.clauses.get(slug=slug)


def outline(process):
    rows = process.draft.clauses.select_related("parent").order_by("position")
    return [(row.slug, row.number, row.parent and row.parent.slug) for row in rows]


def assert_whole(process):
    """What must be so of every draft, whatever was done to it."""
    rows = list(process.draft.clauses.select_related("parent").order_by("position"))
    levels = [row.level for row in rows]
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert len({row.slug for row in rows}) == len(rows)
    assert [row.number for row in rows] == numbers(levels)
    assert levels == sorted(levels, key=lambda level: level > 0)
    for place, row in enumerate(rows):
        above = [other for other in rows[:place] if 0 < other.level < row.level]
        near = None
        for other in reversed(rows[:place]):
            if 0 < other.level < row.level:
                near = other
                break
        assert row.parent == (near if row.level > 1 else None), (row, above)
        assert row.heading.strip() or row.text.strip()
    kept = {row.origin_id for row in rows} | {
        pk for row in rows for pk in row.merged_from.values_list("pk", flat=True)
    }
    dropped = set(
        ClauseChange.objects.filter(process=process, clause=None).values_list("origin", flat=True)
    )
    assert set(process.base.clauses.values_list("pk", flat=True)) <= kept | dropped
    version = process.versions.first()
    assert (version.digest, version.clauses) == (digest_of(process.draft), text_of(process.draft))


def merge(process, one, other, **fields):
    given = {
        "other_id": other.pk,
        "saw_other": drafting.fingerprint(other),
        "heading": "Båda",
        "text": "",
    }
    return build.write(process, drafting.merge_clauses, one, **given | fields)


def split(process, row, **fields):
    given = {"heading": "Ett", "text": "", "second_heading": "Två", "second_text": ""}
    return build.write(process, drafting.split_clause, row, **given | fields)


def add(process, after, level, **fields):
    given = {"heading": "Nytt", "text": ""}
    after = clause(process, after).pk if after else None
    return build.write(process, drafting.add_clause, after=after, level=level, **given | fields)


# The beginning


def test_draft_begins_as_a_copy_where_each_clause_knows_its_origin(process):
    assert outline(process) == AS_BEGUN
    assert digest_of(process.draft) == digest_of(process.base)
    for row in process.draft.clauses.all():
        assert row.origin == process.base.clauses.get(slug=row.slug)
    assert process.versions.get().clauses == text_of(process.draft)
    assert build.last_entry(process).kind == "draft_made"
    assert process.draft.number == process.base.number + 1
    assert_whole(process)


def test_draft_is_begun_once(process):
    with pytest.raises(TransitionError):
        build.act(process, drafting.begin_draft)
    assert process.program.editions.count() == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_text_is_written_in_the_writing_steps_only(kind):
    program = build.make_program(Kind.REVISION if kind == Kind.REVISION else Kind.CREATION)
    process = build.start(kind, program)
    first = drafting.FIRST_WRITING_STEP[kind]
    for number, step in enumerate(STEPS[kind], start=1):
        process.step = number
        process.save()
        with build.sandbox():
            if step.slug == first:
                assert build.begin(process).clauses.exists()
            else:
                with pytest.raises(TransitionError):
                    build.act(process, drafting.begin_draft)
    process.step = build.number_of(kind, first)
    process.save()
    row = build.begin(process).clauses.first()
    process.refresh_from_db()
    for number, step in enumerate(STEPS[kind], start=1):
        process.step = number
        process.save()
        allowed = step.slug in workflow.WRITING_STEPS[kind]
        assert drafting.may_write(process) is allowed
        for call in (
            lambda: build.edit(process, row),
            lambda: add(process, None, 1),
            lambda: build.write(process, drafting.move_clause, row, after=None),
            lambda: split(process, row),
            lambda: build.write(process, drafting.drop_clause, row),
        ):
            with build.sandbox():
                if allowed:
                    call()
                else:
                    with pytest.raises(TransitionError):
                        call()
    assert row.edition.clauses.count() == len(outline(process))


# Each change


def test_edit_changes_the_words_and_nothing_else(process):
    row = build.edit(process, clause(process, "hamnen"), heading=" Hamn ", text="Bygg högt.")
    row.refresh_from_db()
    assert (row.heading, row.text, row.origin.slug) == ("Hamn", "Bygg högt.", "hamnen")
    assert outline(process) == AS_BEGUN
    assert_whole(process)


def test_edit_leaves_what_young_people_said_unless_it_is_given(process):
    row = clause(process, "hamnen")
    build.edit(process, row, youth_voices="Det är mörkt.")
    build.edit(process, row, text="Bygg.")
    row.refresh_from_db()
    assert row.youth_voices == "Det är mörkt."
    build.edit(process, row, youth_voices="")
    row.refresh_from_db()
    assert row.youth_voices == ""


@pytest.mark.parametrize(
    ("after", "level", "place", "number", "parent"),
    [
        ("bygga", 2, 2, "1.1", "bygga"),
        ("bostader", 2, 5, "1.2", "bygga"),
        ("bostader", 3, 3, "1.1.1", "bostader"),
        ("hamnen", 3, 5, "1.1.3", "bostader"),
        ("hamnen", 2, 5, "1.2", "bygga"),
        ("stationen", 2, 5, "1.2", "bygga"),
        ("stationen", 1, 6, "2", None),
        ("vatten", 1, 8, "3", None),
        ("vision", 0, 1, "", None),
        (None, 0, 0, "", None),
        (None, 1, 1, "1", None),
    ],
)
def test_added_clause_lands_after_all_of_the_other_and_moves_nobody(
    process, after, level, place, number, parent
):
    before = {slug: above for slug, _number, above in outline(process)}
    row = add(process, after, level)
    rows = outline(process)
    assert rows[place] == (row.slug, number, parent)
    assert {slug: above for slug, _number, above in rows if slug != row.slug} == before
    assert row.origin is None
    assert_whole(process)


@pytest.mark.parametrize(
    ("after", "level"), [("vision", 2), (None, 3), ("natur", 0), ("natur", 5), ("natur", -1)]
)
def test_clause_is_not_added_where_it_cannot_stand(process, after, level):
    with pytest.raises(TransitionError):
        add(process, after, level)
    assert outline(process) == AS_BEGUN


def test_links_stay_unique_and_readable(process):
    slugs = [add(process, "natur", 2, heading="Rent vatten!").slug for _time in range(3)]
    assert slugs == ["rent-vatten", "rent-vatten-2", "rent-vatten-3"]
    assert add(process, "natur", 2, heading="", text="???").slug == "punkt"
    assert add(process, "natur", 2, heading="  ", text="Å i dag").slug == "a-i-dag"


def test_moved_clause_takes_all_under_it_along(process):
    build.write(
        process,
        drafting.move_clause,
        clause(process, "bostader"),
        after=clause(process, "vatten").pk,
    )
    assert outline(process) == [
        ("vision", "", None),
        ("bygga", "1", None),
        ("vagar", "1.1", "bygga"),
        ("natur", "2", None),
        ("vatten", "2.1", "natur"),
        ("bostader", "2.2", "natur"),
        ("stationen", "2.2.1", "bostader"),
        ("hamnen", "2.2.2", "bostader"),
    ]
    assert_whole(process)


def test_clause_is_not_moved_in_under_itself(process):
    row = clause(process, "bygga")
    for after in ("bygga", "hamnen"):
        with pytest.raises(TransitionError):
            build.write(process, drafting.move_clause, row, after=clause(process, after).pk)
    with pytest.raises(TransitionError):
        build.write(process, drafting.move_clause, clause(process, "hamnen"), after=None)
    assert outline(process) == AS_BEGUN


def test_merge_keeps_both_origins_followers_and_voices(process):
    one, other = clause(process, "vagar"), clause(process, "bostader")
    build.edit(process, one, youth_voices="Mörkt.")
    build.edit(process, other, youth_voices="Dyrt.")
    one.refresh_from_db()
    other.refresh_from_db()
    row = merge(process, one, other)

    row.refresh_from_db()
    assert (row.heading, row.youth_voices) == ("Båda", "Mörkt.\n\nDyrt.")
    assert row.origin.slug == "vagar"
    assert [origin.slug for origin in row.merged_from.all()] == ["bostader"]
    assert outline(process)[2:5] == [
        ("vagar", "1.1", "bygga"),
        ("stationen", "1.1.1", "vagar"),
        ("hamnen", "1.1.2", "vagar"),
    ]
    assert row.changes.count() == 3
    assert_whole(process)


def test_merge_needs_two_on_the_same_level(process):
    row = clause(process, "vagar")
    for other in ("vagar", "natur", "hamnen"):
        with pytest.raises(TransitionError):
            merge(process, row, clause(process, other))
    with pytest.raises(TransitionError):
        merge(process, row, clause(process, "vatten"), heading=" ", text="")
    assert outline(process) == AS_BEGUN


def test_split_parts_stand_side_by_side_and_grew_from_the_same(process):
    first, second = split(process, clause(process, "bostader"))
    assert first.origin == second.origin == process.base.clauses.get(slug="bostader")
    assert outline(process)[2:6] == [
        ("bostader", "1.1", "bygga"),
        ("stationen", "1.1.1", "bostader"),
        ("hamnen", "1.1.2", "bostader"),
        (second.slug, "1.2", "bygga"),
    ]
    for part in (first, second):
        assert part.changes.get().reason == "Många bad om det."
    assert_whole(process)


def test_parts_of_what_was_merged_both_know_where_it_came_from(process):
    row = merge(process, clause(process, "vagar"), clause(process, "bostader"))
    _first, second = split(process, row)
    build.write(process, drafting.drop_clause, row)
    assert [origin.slug for origin in second.merged_from.all()] == ["bostader"]


def test_dropped_clause_goes_with_all_under_it_and_the_reason_stays(process):
    build.write(process, drafting.drop_clause, clause(process, "bostader"))
    assert [slug for slug, *_rest in outline(process)] == [
        "vision",
        "bygga",
        "vagar",
        "natur",
        "vatten",
    ]
    gone = ClauseChange.objects.filter(clause=None).values_list("origin__slug", "reason")
    assert set(gone) == {
        (slug, "Många bad om det.") for slug in ("bostader", "stationen", "hamnen")
    }
    assert process.base.clauses.count() == 8
    assert_whole(process)


def test_dropping_what_was_merged_records_all_that_it_grew_from(process):
    row = merge(process, clause(process, "vagar"), clause(process, "bostader"))
    build.write(process, drafting.drop_clause, row)
    assert_whole(process)


# Saying why, and who was faster


def changes(process):
    row, other = clause(process, "vagar"), clause(process, "vatten")
    fresh = add(process, "vatten", 2)
    return {
        "edit": lambda why: build.edit(process, row, because=why),
        "add": lambda why: add(process, "natur", 2, because=why),
        "move": lambda why: build.write(
            process, drafting.move_clause, row, after=other.pk, because=why
        ),
        "merge": lambda why: merge(process, row, other, because=why),
        "split": lambda why: split(process, row, because=why),
        "drop": lambda why: build.write(process, drafting.drop_clause, row, because=why),
        "drop new": lambda why: build.write(process, drafting.drop_clause, fresh, because=why),
    }


def test_every_change_demands_a_reason(process):
    for name, call in changes(process).items():
        before = digest_of(process.draft), process.versions.count(), ClauseChange.objects.count()
        with pytest.raises(TransitionError):
            call(build.because(" \n"))
        with pytest.raises((TransitionError, ValidationError)):
            call(build.because("x" * 301))
        assert (
            digest_of(process.draft),
            process.versions.count(),
            ClauseChange.objects.count(),
        ) == before, name


def test_every_change_keeps_a_version_and_cites_its_comments(process):
    voice = build.comment(process)
    for name, call in changes(process).items():
        with build.sandbox():
            before = process.versions.count()
            call(build.because(comments=[voice]))
            assert process.versions.count() == before + 1, name
            version = process.versions.first()
            assert (version.digest, version.clauses) == (
                digest_of(process.draft),
                text_of(process.draft),
            )
            assert (version.saved_by, bool(version.what)) == (build.leader(), True)
            assert voice.changes.exists(), name


def test_comment_on_another_process_is_not_cited(process):
    foreign = build.comment(build.start())
    with pytest.raises(TransitionError):
        build.edit(process, because=build.because(comments=[foreign]))


def test_change_of_a_published_draft_is_in_the_log(process):
    build.edit(process)
    assert build.last_entry(process).kind == "draft_made"
    build.publish(process)
    for name, call in changes(process).items():
        with build.sandbox():
            call(build.because("Därför."))
            entry = build.last_entry(process)
            assert (entry.kind, entry.reason) == ("text_changed", "Därför."), name
            assert entry.digest == digest_of(process.draft)


def test_change_of_a_wording_that_is_no_longer_there_is_a_conflict(process):
    row, other = clause(process, "vagar"), clause(process, "vatten")
    saw = drafting.fingerprint(row)
    build.edit(process, row, heading="Trygga gator")
    for call in (
        lambda: build.edit(process, row, saw=saw),
        lambda: build.write(process, drafting.move_clause, row, saw=saw, after=other.pk),
        lambda: build.write(process, drafting.drop_clause, row, saw=saw),
        lambda: merge(process, row, other, saw=saw),
        lambda: merge(process, other, row, saw_other=saw),
        lambda: split(process, row, saw=saw),
    ):
        before = digest_of(process.draft)
        with pytest.raises(drafting.Conflict) as refused:
            call()
        assert refused.value.clause.heading == "Trygga gator"
        assert digest_of(process.draft) == before


def test_change_of_a_clause_that_is_gone_is_a_conflict(process):
    row = clause(process, "vagar")
    gone = {"clause_id": row.pk, "saw": drafting.fingerprint(row)}
    build.write(process, drafting.drop_clause, row)
    with pytest.raises(drafting.Conflict) as refused:
        build.write(process, drafting.edit_clause, heading="x", text="", **gone)
    assert refused.value.clause is None
    with pytest.raises(drafting.Conflict):
        build.write(process, drafting.add_clause, after=row.pk, level=2, heading="x", text="")
    foreign = process.base.clauses.get(slug="natur")
    with pytest.raises(drafting.Conflict):
        build.write(process, drafting.edit_clause, foreign, heading="x", text="")


def test_words_that_do_not_fit_are_refused(process):
    row = clause(process, "vagar")
    for call in (
        lambda: build.edit(process, row, heading=" ", text=" "),
        lambda: build.edit(process, row, heading="x" * 161, text=""),
        lambda: add(process, "natur", 2, heading="x" * 161),
        lambda: add(process, "natur", 2, heading=" "),
        lambda: split(process, row, second_heading=" "),
    ):
        with pytest.raises((TransitionError, ValidationError)):
            call()
    assert outline(process) == AS_BEGUN


def test_what_people_said_of_a_clause_in_a_draft_outlives_it(process):
    """In a creation the draft is what people comment on."""
    row, other = clause(process, "vagar"), clause(process, "bostader")
    said = build.comment(process, edition=process.draft, clause=other)
    answered = build.comment(process, changed_clause=other)
    merge(process, row, other)
    said.refresh_from_db()
    answered.refresh_from_db()
    assert (said.clause, answered.changed_clause) == (row, row)

    build.write(process, drafting.drop_clause, row)
    said.refresh_from_db()
    assert (said.clause, said.clause_was) == (None, "Båda")


# Any order


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "add", "move", "merge", "split", "drop"]),
        st.integers(0, 20),
        st.integers(0, 20),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(operations=OPERATIONS)
def test_any_changes_in_any_order_keep_the_text_whole(process, operations):
    with build.sandbox():
        for what, one, two, level in operations:
            rows = list(process.draft.clauses.order_by("position"))
            row = rows[one % len(rows)] if rows else None
            other = rows[two % len(rows)] if rows else None
            after = None if other is None or two == 0 else other
            before = digest_of(process.draft), process.versions.count()
            try:
                if what == "add":
                    add(process, after and after.slug, level, heading=f"Nytt {one}")
                elif row is None:
                    continue
                elif what == "edit":
                    build.edit(process, row, text=f"Ord {two}")
                elif what == "move":
                    build.write(
                        process, drafting.move_clause, row, after=after.pk if after else None
                    )
                elif what == "merge":
                    merge(process, row, other)
                elif what == "split":
                    split(process, row)
                else:
                    build.write(process, drafting.drop_clause, row)
            except TransitionError:
                assert (digest_of(process.draft), process.versions.count()) == before
            else:
                assert process.versions.count() == before[1] + 1
            assert_whole(process)


def test_version_is_never_changed_by_what_comes_after(process):
    first = process.versions.get()
    build.edit(process, clause(process, "hamnen"), text="Nytt.")
    first_again = process.versions.last()
    assert (first_again.pk, first_again.clauses) == (first.pk, first.clauses)
    assert first_again.saved_at.astimezone().date() == TODAY
