"""Triggers: an adopted edition's text never changes, whoever asks the database.

Django's own guards (`EditionLocked`) give the friendly message; these are the last line of
defence. On PostgreSQL they also guard DELETE. On SQLite they do not: there Django empties its
test databases with DELETE, and the models and the admin refuse deletion themselves.

A migration that makes SQLite rebuild `programs_clause` or `programs_edition` drops the triggers
there: run `install` again in a migration after it. `tests/programs/test_editions.py` tells.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = """
CREATE FUNCTION programs_refuse_locked_clause() RETURNS trigger AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM programs_edition
    WHERE state <> 'draft'
      AND ((TG_OP <> 'INSERT' AND id = OLD.edition_id)
        OR (TG_OP <> 'DELETE' AND id = NEW.edition_id))
  ) THEN
    RAISE EXCEPTION 'an adopted edition never changes'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER programs_clause_locked BEFORE INSERT OR UPDATE OR DELETE ON programs_clause
FOR EACH ROW EXECUTE FUNCTION programs_refuse_locked_clause();

CREATE FUNCTION programs_refuse_locked_edition() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'adopted' AND NEW.state = 'superseded'
       AND to_jsonb(OLD) - 'state' = to_jsonb(NEW) - 'state' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'an adopted edition never changes'
    USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER programs_edition_locked BEFORE UPDATE OR DELETE ON programs_edition
FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION programs_refuse_locked_edition();
"""

POSTGRESQL_BACK = """
DROP TRIGGER programs_clause_locked ON programs_clause;
DROP TRIGGER programs_edition_locked ON programs_edition;
DROP FUNCTION programs_refuse_locked_clause();
DROP FUNCTION programs_refuse_locked_edition();
"""

SQLITE = [
    """
    CREATE TRIGGER programs_clause_locked_insert BEFORE INSERT ON programs_clause
    WHEN (SELECT state FROM programs_edition WHERE id = NEW.edition_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'an adopted edition never changes'); END
    """,
    """
    CREATE TRIGGER programs_clause_locked_update BEFORE UPDATE ON programs_clause
    WHEN (SELECT state FROM programs_edition WHERE id = NEW.edition_id) <> 'draft'
      OR (SELECT state FROM programs_edition WHERE id = OLD.edition_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'an adopted edition never changes'); END
    """,
    """
    CREATE TRIGGER programs_edition_locked_update BEFORE UPDATE ON programs_edition
    WHEN OLD.state <> 'draft' AND NOT (
      OLD.state = 'adopted' AND NEW.state = 'superseded'
      AND OLD.program_id = NEW.program_id AND OLD.number = NEW.number
      AND OLD.valid_from IS NEW.valid_from AND OLD.horizon_year IS NEW.horizon_year
      AND OLD.interim_year IS NEW.interim_year AND OLD.note = NEW.note
      AND OLD.decision_id IS NEW.decision_id
    )
    BEGIN SELECT RAISE(ABORT, 'an adopted edition never changes'); END
    """,
]

SQLITE_BACK = [
    "DROP TRIGGER programs_clause_locked_insert",
    "DROP TRIGGER programs_clause_locked_update",
    "DROP TRIGGER programs_edition_locked_update",
]


def install(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For `migrations.RunPython`."""
    _run(schema_editor, [POSTGRESQL], SQLITE)


def remove(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, [POSTGRESQL_BACK], SQLITE_BACK)


def _run(schema_editor: BaseDatabaseSchemaEditor, postgresql: list[str], sqlite: list[str]) -> None:
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        # params=None: a per cent sign in the statement is then only a per cent sign.
        schema_editor.execute(statement, params=None)
