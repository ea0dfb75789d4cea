"""The table about a process: what is known of its past, and the story of how it went on."""

from portal.datafile.processes import Story, tell
from portal.datafile.rows import Rows
from portal.datafile.tables import Table
from programs.models import Edition
from revisions.models import Process
from revisions.steps import STEPS
from revisions.workflow import Past, TransitionError, enter_history, start


def process(table: Table, rows: Rows) -> Process:
    """Begun by history (`step`), known only roughly, or by its story's first day; then told."""
    lines, steps = list(table.tables("do")), list(table.tables("step"))
    has_past = bool(steps) or not lines
    story = Story(table, rows)
    note = table.text("note")
    story.process = remembered(table, steps, story, rows) if has_past else begun(table, story, rows)
    table.finish()
    if note:
        story.process.note = note
        story.process.save(update_fields=["note"])
    return tell(story, lines)


def begun(table: Table, story: Story, rows: Rows) -> Process:
    try:
        return start(
            rows.ref(table, "program"),
            table.required("kind"),
            by=story.leader,
            role=story.role,
            today=table.day("started") or table.today,
        )
    except TransitionError as error:
        raise table.error("program", error) from error


def remembered(table: Table, steps: list[Table], story: Story, rows: Rows) -> Process:
    program, kind = rows.ref(table, "program"), table.required("kind")
    if kind not in STEPS:
        raise table.error("kind", f"{kind!r} is not one of {', '.join(STEPS)}")
    number, plan = table.number("edition"), None
    if number is not None:
        plan = Edition.objects.public().filter(program=program, number=number).first()
        if plan is None:
            raise table.error("edition", f"no text {number} of the program has been in force")
    try:
        return enter_history(
            program,
            kind,
            past(steps, kind, rows),
            started=table.partial("started"),
            ended=table.partial("ended"),
            outcome=table.text("outcome"),
            plan=plan,
            by=story.leader,
            role=story.role,
            today=table.day("entered") or table.today,
        )
    except TransitionError as error:
        raise table.error("", error) from error


def past(steps: list[Table], kind: str, rows: Rows) -> list[Past]:
    least, passed, result = 1, True, []
    for step in steps:
        number = step.number("step")
        if number not in range(least, len(STEPS[kind]) + 1):
            raise step.error("step", f"{number} is not a step that can come here")
        if not passed:
            raise step.error("step", "the step before it has not been passed")
        least, passed = number + 1, step.partial("passed")
        result.append(
            Past(
                number,
                started=step.partial("started"),
                passed=passed,
                note=step.text("note"),
                events=rows.refs(step, "events", "event"),
                documents=rows.refs(step, "documents", "document"),
            )
        )
        step.finish()
    return result
