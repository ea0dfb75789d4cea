import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models.deletion import ProtectedError

from revisions.models import LogEntry, LogIsAppendOnly
from revisions.replay import Position, replay
from revisions.steps import Kind
from tests.revisions import builders as build
from tests.revisions.builders import TODAY

pytestmark = pytest.mark.django_db

ON_POSTGRESQL = pytest.mark.postgres


@pytest.fixture
def entry(db):
    return build.last_entry(build.start())


def test_entry_says_what_who_as_what_when_and_why():
    process = build.at("approval")
    process = build.send_back(process, 6, "Skolan saknas.", role="Styrgruppen")
    entry = build.last_entry(process)
    assert (entry.kind, entry.step, entry.to_step) == ("sent_back", 7, 6)
    assert (entry.by, entry.role, entry.reason) == (
        build.leader(),
        "Styrgruppen",
        "Skolan saknas.",
    )
    assert entry.at.astimezone().date() == TODAY


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.save(update_fields=["reason"]),
        lambda entry: entry.delete(),
        lambda entry: LogEntry.objects.filter(pk=entry.pk).update(reason="x"),
        lambda entry: LogEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: entry.process.log.update(reason="x"),
        lambda entry: entry.process.log.all().delete(),
        lambda entry: LogEntry.objects.bulk_update([entry], ["reason"]),
        lambda entry: LogEntry.objects.update_or_create(pk=entry.pk, defaults={"reason": "x"}),
    ],
)
def test_log_refuses_every_change_through_its_model(entry, change):
    entry.reason = "x"
    with pytest.raises(LogIsAppendOnly), transaction.atomic():
        change(entry)
    assert LogEntry.objects.get().reason == ""


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: run("UPDATE revisions_logentry SET reason = 'x' WHERE id = %s", entry.pk),
        lambda entry: run("UPDATE revisions_logentry SET step = 9"),
        lambda entry: models.QuerySet(LogEntry).update(reason="x"),
        lambda entry: entry.save_base(force_update=True),
    ],
)
def test_database_refuses_every_update(entry, change):
    entry.reason = "x"
    with pytest.raises(DatabaseError), transaction.atomic():
        change(entry)
    assert LogEntry.objects.get().reason == ""


@ON_POSTGRESQL
def test_database_refuses_every_delete(entry):
    for change in (
        lambda: run("DELETE FROM revisions_logentry WHERE id = %s", entry.pk),
        lambda: models.QuerySet(LogEntry).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert LogEntry.objects.get() == entry


def test_what_the_log_names_cannot_be_deleted(entry):
    for row in (entry.process, entry.by):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()
    assert LogEntry.objects.get() == entry


def test_replay_of_nothing_is_the_beginning():
    assert replay([]) == Position(step=1, attempt=1, is_open=True, outcome="")


@pytest.mark.parametrize("kind", list(Kind))
def test_replay_agrees_after_every_step_and_every_end(kind):
    for process in build.walk(kind):
        assert build.replayed(process) == build.standing_of(process)
        with build.sandbox():
            build.abort(process)
            assert build.replayed(process) == build.standing_of(process)
        if process.current.slug == "decision":
            for outcome, fields in (
                ("rejected", {}),
                ("referred_back", {"to_step": 2, "reason": "Nej."}),
                ("adopted", {}),
            ):
                with build.sandbox():
                    build.decide(process, outcome, **fields)
                    assert build.replayed(process) == build.standing_of(process)
