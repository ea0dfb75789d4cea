"""Triggers: the log of a process is only added to, whoever asks the database.

As with `programs.edition_lock`, DELETE is guarded on PostgreSQL only: Django empties SQLite's
test databases with it.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = """
CREATE FUNCTION revisions_refuse_log_change() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'the log is only added to' USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER revisions_log_locked BEFORE UPDATE OR DELETE ON revisions_logentry
FOR EACH ROW EXECUTE FUNCTION revisions_refuse_log_change();
"""
POSTGRESQL_BACK = """
DROP TRIGGER revisions_log_locked ON revisions_logentry;
DROP FUNCTION revisions_refuse_log_change();
"""
SQLITE = """
CREATE TRIGGER revisions_log_locked BEFORE UPDATE ON revisions_logentry
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END
"""
SQLITE_BACK = "DROP TRIGGER revisions_log_locked"


def install(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For `migrations.RunPython`."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if is_postgresql else SQLITE, params=None)


def remove(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL_BACK if is_postgresql else SQLITE_BACK, params=None)
