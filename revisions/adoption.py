"""A draft takes force: one transaction with all its effects."""

from programs.models import Action, Clause, Decision, Program
from revisions.models import Process


def adopt(process: Process, decision: Decision) -> None:
    """Put the draft in force under its decision, and let open work follow the text.

    The caller holds the locks and records it in the log.
    """
    draft, program = process.draft, process.program
    draft.decision = decision
    draft.valid_from = decision.decided
    draft.save()
    draft.adopt()
    relink_open_actions(program, new={clause.pk: clause for clause in draft.clauses.all()})
    if program.status == Program.Status.PREPARATION:
        program.status = Program.Status.ACTIVE
        program.save(update_fields=["status", "updated_at"])


def relink_open_actions(program: Program, new: dict[int, Clause]) -> None:
    """Each open action serves the clause that its old one grew into; the first of several.

    What served a clause that was dropped keeps its link to the older text, where it can be read.
    """
    heirs: dict[int, Clause] = {}
    for clause in sorted(new.values(), key=lambda clause: clause.position):
        if clause.origin_id:
            heirs.setdefault(clause.origin_id, clause)
        for merged in clause.merged_from.all():
            heirs.setdefault(merged.pk, clause)
    for action in Action.objects.filter(program=program, clause__isnull=False).open():
        if heir := heirs.get(action.clause_id):
            action.clause = heir
            action.save(update_fields=["clause", "updated_at"])
