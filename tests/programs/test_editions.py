import re

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from programs import edition_lock
from programs.models import Clause, Edition, EditionLocked
from programs.models.editions import numbers
from tests.factories import make_clause, make_decision, make_edition, make_program

TEXT = [
    {"slug": "centrum", "heading": "Centrum"},
    {"slug": "torget", "level": 2, "text": "Torget lever."},
]


@pytest.fixture(params=[Edition.State.ADOPTED, Edition.State.SUPERSEDED])
def locked(request, db):
    return make_edition(state=request.param, clauses=TEXT)


@pytest.fixture
def draft(locked):
    """The same program's next text."""
    return make_edition(program=locked.program, clauses=[{"slug": "ny", "heading": "Ny"}])


@pytest.fixture
def unchanged(locked, draft):
    """Fails the test when anything in the locked edition is not as it was."""
    before = stored(locked)
    yield
    assert stored(locked) == before


def stored(edition):
    return (
        Edition.objects.filter(pk=edition.pk).values().get(),
        list(Clause.objects.filter(edition=edition).order_by("pk").values()),
    )


def changed(row, **fields):
    """The row read anew, with fields changed but not saved."""
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    return row


REFUSED = {
    "save": lambda locked, draft: changed(locked, note="Ny").save(),
    "save some fields": lambda locked, draft: changed(locked, note="Ny").save(
        update_fields=["note"]
    ),
    "back to draft": lambda locked, draft: changed(locked, state=Edition.State.DRAFT).save(),
    "clean": lambda locked, draft: locked.clean(),
    "delete": lambda locked, draft: locked.delete(),
    "adopt again": lambda locked, draft: locked.adopt(),
    "update": lambda locked, draft: Edition.objects.filter(pk=locked.pk).update(note="Ny"),
    "update among drafts": lambda locked, draft: Edition.objects.update(note="Ny"),
    "bulk_update": lambda locked, draft: Edition.objects.bulk_update(
        [changed(locked, note="Ny")], ["note"]
    ),
    "delete by query": lambda locked, draft: Edition.objects.filter(pk=locked.pk).delete(),
    "clause save": lambda locked, draft: changed(locked.clauses.first(), text="Ny").save(),
    "clause clean": lambda locked, draft: locked.clauses.first().clean(),
    "clause delete": lambda locked, draft: locked.clauses.first().delete(),
    "clause update": lambda locked, draft: locked.clauses.update(text="Ny"),
    "clause update among drafts": lambda locked, draft: Clause.objects.update(text="Ny"),
    "clause bulk_update": lambda locked, draft: Clause.objects.bulk_update(
        [changed(locked.clauses.first(), text="Ny")], ["text"]
    ),
    "clause update_or_create": lambda locked, draft: Clause.objects.update_or_create(
        edition=locked, slug="torget", defaults={"text": "Ny"}
    ),
    "clause delete by query": lambda locked, draft: locked.clauses.all().delete(),
    "clause added": lambda locked, draft: make_clause(edition=locked),
    "clause added by bulk_create": lambda locked, draft: Clause.objects.bulk_create(
        [Clause(edition=locked, slug="x", level=1, position=9, heading="X")]
    ),
    "clause moved in": lambda locked, draft: changed(draft.clauses.first(), edition=locked).save(),
    "clause moved out": lambda locked, draft: changed(locked.clauses.first(), edition=draft).save(),
    "clause moved out by update": lambda locked, draft: locked.clauses.update(edition=draft),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED.keys())
def test_locked_edition_refuses_change_with_a_clear_error(locked, draft, unchanged, attempt):
    with pytest.raises(EditionLocked), transaction.atomic():
        attempt(locked, draft)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


PAST_THE_MODELS = {
    "clause update": lambda locked, draft: run(
        "UPDATE programs_clause SET text = 'Ny' WHERE edition_id = %s", locked.pk
    ),
    "clause insert": lambda locked, draft: run(
        "INSERT INTO programs_clause"
        " (edition_id, slug, level, position, number, heading, text, youth_voices)"
        " VALUES (%s, 'x', 1, 9, '9', 'X', '', '')",
        locked.pk,
    ),
    "clause moved in": lambda locked, draft: run(
        "UPDATE programs_clause SET edition_id = %s WHERE edition_id = %s", locked.pk, draft.pk
    ),
    "clause moved out": lambda locked, draft: run(
        "UPDATE programs_clause SET edition_id = %s WHERE edition_id = %s", draft.pk, locked.pk
    ),
    "edition update": lambda locked, draft: run(
        "UPDATE programs_edition SET note = 'Ny' WHERE id = %s", locked.pk
    ),
    "edition back to draft": lambda locked, draft: run(
        "UPDATE programs_edition SET state = 'draft', number = 99 WHERE id = %s", locked.pk
    ),
    "edition changed while superseded": lambda locked, draft: run(
        "UPDATE programs_edition SET state = 'superseded', note = 'Ny' WHERE id = %s", locked.pk
    ),
    "moved in by update": lambda locked, draft: draft.clauses.update(edition=locked),
    "moved in by add": lambda locked, draft: locked.clauses.add(draft.clauses.first()),
    "moved out by add": lambda locked, draft: draft.clauses.add(locked.clauses.first()),
    "moved in by bulk_update": lambda locked, draft: Clause.objects.bulk_update(
        [changed(draft.clauses.first(), edition=locked)], ["edition"]
    ),
    "plain queryset": lambda locked, draft: models.QuerySet(Clause).update(text="Ny"),
    "edition upsert": lambda locked, draft: Edition.objects.bulk_create(
        [Edition(program=locked.program, number=locked.number, note="Ny")],
        update_conflicts=True,
        unique_fields=["program", "number"],
        update_fields=["note"],
    ),
    "clause upsert": lambda locked, draft: Clause.objects.bulk_create(
        [
            Clause(
                pk=locked.clauses.first().pk,
                edition=draft,
                slug="x",
                level=1,
                position=9,
                heading="X",
            )
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["edition"],
    ),
}


@pytest.mark.parametrize("attempt", PAST_THE_MODELS.values(), ids=PAST_THE_MODELS.keys())
def test_locked_edition_is_guarded_by_the_database(locked, draft, unchanged, attempt):
    refused = pytest.raises(IntegrityError, match="an adopted edition never changes")
    with refused, transaction.atomic():
        attempt(locked, draft)


# On SQLite Django empties its test databases with DELETE: see edition_lock.py.
@pytest.mark.postgres
@pytest.mark.parametrize("table", ["programs_clause", "programs_edition"])
def test_locked_edition_is_guarded_against_raw_delete(locked, draft, unchanged, table):
    column = "edition_id" if table == "programs_clause" else "id"
    refused = pytest.raises(IntegrityError, match="an adopted edition never changes")
    with refused, transaction.atomic():
        run(f"DELETE FROM {table} WHERE {column} = %s", locked.pk)  # noqa: S608


def test_locked_edition_keeps_its_decision(db):
    edition = make_edition(decision=make_decision(), state=Edition.State.ADOPTED)

    with pytest.raises(ProtectedError):
        edition.decision.delete()


def test_triggers_exist(db):
    """A migration that makes SQLite rebuild the tables must install them again."""
    if connection.vendor == "sqlite":
        sources = edition_lock.SQLITE
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sources = [edition_lock.POSTGRESQL]
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {name for (name,) in cursor.fetchall()}

    expected = set(re.findall(r"CREATE TRIGGER (\w+)", "".join(sources)))
    assert len(expected) >= 2
    assert expected <= names


def test_draft_can_be_changed(draft):
    clause = draft.clauses.get()
    changed(draft, note="Ny").save()
    changed(clause, heading="Nytt").save()
    make_clause(edition=draft, slug="till", heading="Till")
    Clause.objects.bulk_create(
        [Clause(edition=draft, slug="sist", level=1, position=9, heading="Sist")]
    )
    draft.clauses.filter(slug="till").update(text="Text")
    run("UPDATE programs_clause SET text = 'Sql' WHERE slug = 'sist'")

    draft.refresh_from_db()
    assert draft.note == "Ny"
    assert [str(row) for row in draft.clauses.order_by("position")] == ["1 Nytt", "Till", "Sist"]
    assert draft.clauses.get(slug="sist").text == "Sql"
    draft.clauses.all().delete()
    draft.delete()


def test_draft_accepts_clauses_while_another_program_has_adopted_an_empty_text(db):
    make_edition(state=Edition.State.ADOPTED)
    draft = make_edition()

    make_clause(edition=draft)

    assert draft.clauses.count() == 1


def test_adopt_supersedes_the_edition_in_force(db):
    first = make_edition(state=Edition.State.ADOPTED, clauses=TEXT)
    second = make_edition(program=first.program, clauses=TEXT)
    elsewhere = make_edition(state=Edition.State.ADOPTED)
    before = stored(first)

    second.adopt()

    assert second.state == Edition.State.ADOPTED
    for row in (first, second, elsewhere):
        row.refresh_from_db()
    assert [first.state, second.state, elsewhere.state] == ["superseded", "adopted", "adopted"]
    assert first.program.current_edition == second
    assert stored(first) == (before[0] | {"state": "superseded"}, before[1])


def test_adopt_of_a_stale_draft_is_refused(db):
    draft = make_edition()
    stale = Edition.objects.get(pk=draft.pk)
    draft.adopt()

    with pytest.raises(EditionLocked):
        stale.adopt()


def test_public_editions_are_those_that_have_been_in_force(db):
    first = make_edition(state=Edition.State.SUPERSEDED)
    program = first.program
    make_edition(program=program)

    assert list(Edition.objects.public().values_list("number", "state")) == [
        (2, "adopted"),
        (1, "superseded"),
    ]
    assert [row.number for row in Edition.objects.adopted()] == [2]


@pytest.mark.parametrize("state", [Edition.State.DRAFT, Edition.State.ADOPTED])
def test_program_has_one_draft_and_one_adopted_edition(db, state):
    program = make_program()
    Edition.objects.create(program=program, number=1, state=state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(program=program, number=2, state=state)
    Edition.objects.create(program=make_program(), number=2, state=state)


def test_program_has_each_number_once(db):
    edition = make_edition(state=Edition.State.ADOPTED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(program=edition.program, number=edition.number)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], []),
        ([0, 0], ["", ""]),
        ([0, 1, 2, 3, 3, 2, 1], ["", "1", "1.1", "1.1.1", "1.1.2", "1.2", "2"]),
        ([1, 2, 3, 4, 4, 1, 2], ["1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2", "2", "2.1"]),
        ([1, 3, 1, 3], ["1", "1.1", "2", "2.1"]),
        ([2, 2], ["1", "2"]),
    ],
)
def test_numbers_follow_from_levels(levels, expected):
    assert numbers(levels) == expected


@pytest.mark.parametrize("fields", [{"heading": "", "text": ""}, {"level": 5}, {"level": -1}])
def test_clause_that_cannot_be_is_refused_by_the_database(db, fields):
    draft = make_edition()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_clause(edition=draft, **fields)


def test_clause_link_is_unique_in_its_edition(db):
    edition = make_edition(clauses=TEXT)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_clause(edition=edition, slug="torget")
    make_clause(edition=make_edition(), slug="torget")
