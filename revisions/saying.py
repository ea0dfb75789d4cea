"""Where what someone says goes: to the idea list, or to a program's text while it takes comments.

Of what is said about a program's text – all of it or a piece – while its process is open for
comments, a comment is made; of everything else an idea. The writer may say that it is the other.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Clause, Edition, Municipality
from programs.saying.about import ASKED, NUMBER, About, about_of, about_program
from programs.saying.forms import SayForm
from programs.voices.receiving import receive, sent_before
from revisions.forms import ClauseField
from revisions.models import Comment, Process, Question


@dataclass(frozen=True, slots=True)
class Saying:
    """What the address of the form asks for, on one day.

    `edition` is the text that takes comments just now, None when there is none; `clause` is the
    piece of it that was asked for. `asked` is the process that the address names.
    """

    about: About
    query: str
    asked: Process | None = None
    process: Process | None = None
    edition: Edition | None = None
    clause: Clause | None = None

    @property
    def takes_comments(self) -> bool:
        return self.edition is not None

    @property
    def is_about_text(self) -> bool:
        return self.asked is not None or self.about.text is not None

    @property
    def kind(self) -> str:
        """What comes of it, unless the writer says otherwise."""
        return "comment" if self.takes_comments and self.is_about_text else "idea"

    @property
    def is_piece_missing(self) -> bool:
        """A piece of the text was asked for that the text does not have."""
        slug = self.about.text[1] if self.about.text else ""
        return bool(slug) and self.clause is None and self.about.clause is None


def saying_of(params: Mapping[str, str], today: datetime.date) -> Saying:
    """Read from an address, which may hold anything."""
    query = urlencode(
        {key: params[key].replace("\x00", "")[:200] for key in ASKED if params.get(key)}
    )
    asked = asked_process(params.get("process", ""))
    piece = params.get("stycke", "").replace("\x00", "")[:200]
    about = about_program(asked.program.slug, piece) if asked else about_of(params)
    process = asked if asked and asked.takes_comments(today) else None
    if process is None and about.program:
        running = Process.objects.taking_comments(today).select_related("base", "draft", "program")
        process = running.filter(program=about.program).first()
    if process is None or not process.takes_comments(today) or not process.text_to_comment_on:
        return Saying(about, query, asked)
    edition, clause = process.text_to_comment_on, None
    number, slug = about.text or (None, "")
    if slug and number in (None, edition.number):
        clause = edition.clauses.filter(slug=slug).first()
    return Saying(about, query, asked, process, edition, clause)


def asked_process(number: str) -> Process | None:
    rows = Process.objects.select_related("base", "draft", "program__locality")
    return rows.filter(pk=int(number)).first() if NUMBER.fullmatch(number) else None


def commenting(today: datetime.date) -> list[Process]:
    """The processes whose texts take comments just now."""
    rows = Process.objects.taking_comments(today).select_related("program", "base", "draft")
    return [row for row in rows if row.takes_comments(today) and row.text_to_comment_on]


class TextCommentForm(SayForm):
    """A comment on a text, or on one clause of it."""

    clause = ClauseField(label=_("Which piece of the text?"), empty_label=_("The whole text"))
    question = forms.ChoiceField(
        label=_("A question to think about"),
        choices=[("", _("None in particular")), *Question.choices],
        required=False,
    )

    def __init__(self, edition: Edition, sent: QueryDict | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(sent, *args, **kwargs)
        self.fields["text"].help_text = _(
            "What should stay, change or go? At most 2,000 characters."
        )
        self.fields["clause"].queryset = Clause.objects.filter(edition=edition)


@transaction.atomic
def receive_comment(
    comment: Comment,
    municipality: Municipality,
    now: datetime.datetime,
    *,
    oddities: Collection[str] = (),
) -> Comment | None:
    """None when the comment period is over by now; otherwise as `receive`."""
    rows = Process.objects.select_for_update(no_key=True)
    process = rows.get(pk=comment.process_id)
    if before := sent_before(comment):
        return before
    if not process.takes_comments(timezone.localdate(now)):
        return None
    return receive(comment, municipality, now, oddities=oddities)
