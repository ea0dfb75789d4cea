"""Which programs are due for revision: once in each term of office of the body that adopts them."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Municipality, Program
from programs.wording import dated
from revisions.steps import Kind
from revisions.terms import BOARD, Term, revision_due, term_of


class State(StrEnum):
    """In order of urgency."""

    LATE = "late"
    DUE = "due"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Due:
    """How a program stands in the term under way.

    `by` is the last day for the next text. `missed` is the last day that has passed without one;
    `adopted` is None when nobody knows when the text in force was adopted. Then, and when it is
    only known roughly, the text counts as old.
    """

    state: State
    term: Term
    by: datetime.date
    adopted: PartialDate | None
    is_first_text: bool
    is_under_way: bool = False
    missed: datetime.date | None = None

    @property
    def words(self) -> SafeString:
        """A plain sentence or two for residents."""
        if self.is_under_way and self.state != State.DONE:
            return dated(
                _("The revision is to be decided by %(by)s, when the term of office ends."),
                by=self.by,
            )
        if self.state == State.DONE and self.is_first_text:
            return dated(
                _("Adopted in this term of office. To be revised by %(by)s at the latest."),
                by=self.by,
            )
        if self.state == State.DONE:
            return dated(
                _("Revised in this term of office. The next time is by %(by)s at the latest."),
                by=self.by,
            )
        if self.state == State.LATE:
            return dated(
                _("Should have been revised by %(missed)s. To be done by %(by)s."),
                missed=self.missed,
                by=self.by,
            )
        return dated(_("To be revised by %(by)s, when the term of office ends."), by=self.by)


def due_of(program: Program, municipality: Municipality, today: datetime.date) -> Due | None:
    """None for a program that is not counted: concluded, without a text, or going in phases.

    Costs no query for programs loaded by `with_current_edition()`. Of a date that is known
    roughly its first day counts, so that a text is never taken for younger than it is.
    """
    edition = program.current_edition
    concluded = program.status == Program.Status.CONCLUDED
    if edition is None or concluded or not municipality.revises_each_term:
        return None
    kinds = {process.kind for process in open_processes(program)}
    if Kind.LOCAL_DEVELOPMENT in kinds:
        return None
    body = body_counted(municipality)
    term, adopted = term_of(body, today), edition.took_force
    by = revision_due(body, adopted.first) if adopted else term.last
    if by > term.last:
        state, missed = State.DONE, None
    elif by == term.last:
        state, missed = State.DUE, None
    else:
        state, missed, by = State.LATE, by, term.last
    return Due(state, term, by, adopted, edition.number == 1, Kind.REVISION in kinds, missed)


def body_counted(municipality: Municipality) -> str:
    """Whose term counts: that of the body which adopts the programs."""
    return municipality.deciding_body.term_of_office if municipality.deciding_body else BOARD


def open_processes(program: Program) -> list:
    """Costs no query after `revisions.templatetags.processes.read_processes`."""
    if not hasattr(program, "open_processes"):
        program.open_processes = list(program.processes.open().with_records())
    return program.open_processes
