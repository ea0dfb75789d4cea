"""Processes that a data file tells as a story: each line is one real transition."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.text import capfirst

from portal.datafile import voices
from portal.datafile.rows import Rows
from portal.datafile.tables import Table
from programs.dates import PartialDate
from programs.models import Clause, Decision, Edition, Membership, Municipality, Term
from programs.vocabulary import words_of
from programs.voices.handling import report
from revisions import drafting, workflow
from revisions.approval import voting_members
from revisions.digest import digest_of
from revisions.models import Comment, Process
from revisions.requirements import channels_left


class Story:
    """One process on its way; every `do` is a method of the same name."""

    def __init__(self, table: Table, rows: Rows) -> None:
        self.table, self.rows = table, rows
        self.leader = rows.ref(table, "by", "user")
        self.comments: dict[str, Comment] = {}
        self.added: dict[str, int] = {}
        self.process: Process | None = None
        here = Municipality.objects.prefetch_related("terms").first() or Municipality()
        self.promised_within = datetime.timedelta(days=here.reply_days)
        # What the log says of whoever drives the process: a function, never a name.
        leader = words_of(here)[Term.Key.PROJECT_LEADER].singular
        self.role = table.text("role") or capfirst(leader)

    def tell(self, line: Table) -> None:
        do: Callable[[Table, dict[str, Any]], None] | None = getattr(
            self, f"do_{line.required('do')}", None
        )
        if do is None:
            raise line.error("do", "is not a known transition")
        today = line.day("on") or line.today
        by = self.rows.ref(line, "by", "user") or self.leader
        shared = {"by": by, "role": line.text("role", self.role), "today": today}
        self.process.refresh_from_db()
        try:
            do(line, shared)
        except workflow.TransitionError as error:
            raise line.error("do", error) from error
        line.finish()

    def was(self) -> workflow.Seen:
        return workflow.seen(self.process)

    def clause(
        self, line: Table, field: str = "clause", edition: Edition | None = None
    ) -> Clause | None:
        """A clause of the edition, or else of the draft.

        It is named by its permanent link, or by the key of the `add` that wrote it.
        """
        slug = line.text(field)
        if not slug:
            return None
        rows = Clause.objects.filter(edition=edition or self.process.draft)
        found = rows.filter(slug=slug).first() or rows.filter(pk=self.added.get(slug)).first()
        if found is None:
            raise line.error(field, f"the text has no clause {slug!r}")
        return found

    def comment(self, line: Table, field: str, key: str) -> Comment:
        if key not in self.comments:
            raise line.error(field, f"there is no comment with the key {key!r} above")
        return self.comments[key]

    def because(self, line: Table, by: AbstractBaseUser, today: datetime.date) -> drafting.Because:
        cited = [self.comment(line, "comments", key) for key in line.texts("comments")]
        return drafting.Because(by, line.required("reason"), today, cited, self.role)

    def do_evidence(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.add_evidence(
            self.process,
            self.was(),
            event=self.rows.ref(line, "event"),
            document=self.rows.ref(line, "document"),
            **shared,
        )

    def do_pass(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.pass_step(self.process, self.was(), note=line.text("note"), **shared)

    def do_send_back(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.send_back(
            self.process,
            self.was(),
            to_step=line.number("to_step"),
            reason=line.required("reason"),
            **shared,
        )

    def do_anchor(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.anchor(
            self.process,
            self.was(),
            board_on=line.day("board"),
            members_informed_on=line.day("informed"),
            by_representative=line.flag("by_representative"),
            note=line.text("note"),
            **shared,
        )

    def do_open_comments(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.open_comments(
            self.process,
            self.was(),
            opens_on=line.day("opens"),
            closes_on=line.day("closes"),
            reason=line.text("reason"),
            **shared,
        )

    def do_comment(self, line: Table, shared: dict[str, Any]) -> None:
        """On the text in force when the process began; in a creation on the draft."""
        edition = self.process.base or self.process.draft
        clause = self.clause(line, edition=edition)
        row = line.save(
            Comment(
                process=self.process,
                edition=edition,
                clause=clause,
                question=line.text("question"),
                channel=line.text("channel", "web"),
                received=line.partial("received") or PartialDate(shared["today"]),
                promised_on=line.day("promised_on") or shared["today"] + self.promised_within,
                show_name=line.flag("show_name"),
                state=line.text("state", "held"),
                **voices.common(line, self.rows, line.text("state", "held")),
                **line.texts_of("text", "author_name", "state_reason"),
            )
        )
        voices.begin(row)
        self.comments[line.key or str(row.pk)] = row

    def do_answer(self, line: Table, shared: dict[str, Any]) -> None:
        """The answer to a comment told above, with what it led to in the draft, if anything."""
        row = self.comment(line, "comment", line.required("comment"))
        row.refresh_from_db()
        row.replied = PartialDate(shared["today"])
        row.replied_by = shared["role"]
        row.reply, row.outcome = line.required("reply"), line.required("outcome")
        row.outcome_note = line.text("outcome_note")
        row.authority = line.text("authority")
        row.changed_clause = self.clause(line)
        line.save(row)
        voices.add(row, voices.Kind.ANSWERED, shared["today"], detail=row.outcome, text=row.reply)

    def do_report(self, line: Table, shared: dict[str, Any]) -> None:
        """A reader thinks that a comment told above breaks a rule."""
        row = self.comment(line, "comment", line.required("comment"))
        words = line.all_required("rule", "text")
        now = voices.moment(shared["today"])
        report(row, rule=words["rule"], text=words["text"], key=line.name, now=now)

    def do_channels(self, line: Table, shared: dict[str, Any]) -> None:
        for channel in channels_left(self.process):
            workflow.enter_channel(self.process, self.was(), channel, **shared)

    def do_draft(self, line: Table, shared: dict[str, Any]) -> None:
        note = line.text("note")
        draft = drafting.begin_draft(self.process, self.was(), **shared)
        if note:
            draft.note = note
            draft.save()

    def do_edit(self, line: Table, shared: dict[str, Any]) -> None:
        clause = self.clause(line)
        drafting.edit_clause(
            self.process,
            self.was(),
            clause.pk,
            saw=drafting.fingerprint(clause),
            heading=line.text("heading", clause.heading),
            text=line.text("text", clause.text),
            youth_voices=line.text("youth_voices", clause.youth_voices),
            because=self.because(line, shared["by"], shared["today"]),
        )

    def do_add(self, line: Table, shared: dict[str, Any]) -> None:
        after = self.clause(line, "after")
        clause = drafting.add_clause(
            self.process,
            self.was(),
            after=after.pk if after else None,
            level=line.number("level"),
            heading=line.text("heading"),
            text=line.text("text"),
            because=self.because(line, shared["by"], shared["today"]),
        )
        if line.key:
            self.added[line.key] = clause.pk

    def do_move(self, line: Table, shared: dict[str, Any]) -> None:
        clause, after = self.clause(line), self.clause(line, "after")
        drafting.move_clause(
            self.process,
            self.was(),
            clause.pk,
            saw=drafting.fingerprint(clause),
            after=after.pk if after else None,
            because=self.because(line, shared["by"], shared["today"]),
        )

    def do_drop(self, line: Table, shared: dict[str, Any]) -> None:
        clause = self.clause(line)
        drafting.drop_clause(
            self.process,
            self.was(),
            clause.pk,
            saw=drafting.fingerprint(clause),
            because=self.because(line, shared["by"], shared["today"]),
        )

    def do_publish(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.publish_draft(self.process, self.was(), **shared)

    def do_statement_due(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.set_statement_deadline(self.process, self.was(), due_on=line.day("due"), **shared)

    def do_statement(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.give_statement(
            self.process,
            self.was(),
            body=line.text("body", "association"),
            text=line.text("text"),
            by_representative=line.flag("by_representative"),
            **shared,
        )

    def do_approve(self, line: Table, shared: dict[str, Any]) -> None:
        self.stand(line, shared, is_approved=True)

    def do_ask_for_change(self, line: Table, shared: dict[str, Any]) -> None:
        self.stand(line, shared, is_approved=False)

    def stand(self, line: Table, shared: dict[str, Any], *, is_approved: bool) -> None:
        seat = next(
            (
                seat
                for seat in voting_members(self.process, shared["today"])
                if seat.user_id == shared["by"].pk
            ),
            None,
        )
        if seat is None:
            raise line.error("by", "has no vote in the steering group")
        role = Membership.Capacity(seat.capacity).label
        workflow.take_stand(
            self.process,
            self.was(),
            membership=seat,
            digest=digest_of(self.process.draft),
            is_approved=is_approved,
            reason=line.text("reason"),
            **shared | {"role": str(role).capitalize()},
        )

    def do_minuted(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.minute_approval(
            self.process,
            self.was(),
            event=self.rows.ref(line, "event"),
            digest=digest_of(self.process.draft),
            **shared,
        )

    def do_information(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.record_information(
            self.process,
            self.was(),
            presented_on=line.day("presented") or shared["today"],
            body=line.required("body"),
            case_number=line.required("case_number"),
            remarks=line.text("remarks"),
            **shared,
        )

    def do_decide(self, line: Table, shared: dict[str, Any]) -> None:
        decision = Decision(
            body=self.rows.ref(line, "body"),
            decided=line.partial("decided") or shared["today"],
            outcome=line.required("outcome"),
            title=line.required("title"),
            **line.texts_of("section", "case_number", "text", "url"),
        )
        workflow.record_decision(
            self.process,
            self.was(),
            decision=decision,
            to_step=line.number("to_step"),
            reason=line.text("reason"),
            **shared,
        )

    def do_abort(self, line: Table, shared: dict[str, Any]) -> None:
        workflow.abort(self.process, self.was(), reason=line.required("reason"), **shared)


def tell(story: Story, lines: list[Table]) -> Process:
    """Go on, line by line, from where the process stands."""
    for line in lines:
        story.tell(line)
    story.process.refresh_from_db()
    return story.process
