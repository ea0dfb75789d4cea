"""At each clause of a text that is open for comments: a way to comment, and how many did."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Clause, Edition
from revisions.models import Comment, Process


def takes_comments_on(process: Process, edition: Edition, today: datetime.date) -> bool:
    """On the text in force when it began; in a creation on the draft, once that is published."""
    text = process.base_id or (process.draft_id if process.draft_published_at else None)
    return edition.pk == text and process.takes_comments(today)


def add_comment_links(process: Process, clauses: Iterable[Clause]) -> None:
    """Gives each clause its line, as `say`. One query."""
    counts = Comment.objects.filter(process=process).counts_by_clause()
    where = [process.program.slug, process.pk]
    write, read = (
        reverse("revisions:comment", args=where),
        reverse("revisions:comments", args=where),
    )
    for clause in clauses:
        clause.say = line(clause, write, read, counts.get(clause.pk, 0))


def line(clause: Clause, write: str, read: str, count: int) -> SafeString:
    link = format_html(
        '<a href="{}?stycke={}">{}<span class="visually-hidden"> {}</span></a>',
        write,
        clause.slug,
        _("Comment on this"),
        clause.label if clause.level else Truncator(clause.title).words(6),
    )
    if not count:
        return link
    words = ngettext("%(n)s comment", "%(n)s comments", count) % {"n": count}
    return format_html('{} · <a href="{}?stycke={}">{}</a>', link, read, clause.slug, words)
