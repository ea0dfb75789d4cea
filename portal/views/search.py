"""Search over everything public."""

import re
from dataclasses import dataclass

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from modelsearch.query import And, Phrase, PlainText, SearchQuery

from programs.models import Action, Clause, Document, Event, Idea, Locality, Program

HITS_PER_KIND = 8
EXCERPT = 180
QUOTES = re.compile(r'["“”„]')


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search for"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


@dataclass(frozen=True, slots=True)
class Hit:
    title: SafeString
    url: str
    where: str
    excerpt: SafeString


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing found; `more` says that there were others than those shown."""

    name: Promise | str
    hits: list[Hit]
    more: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    kinds = find(words) if plain(words) else []
    return render(
        request,
        "portal/search.html",
        {
            "section": "search",
            "crumbs": [(_("Search"), "")],
            "form": form,
            "words_searched": words,
            "kinds": kinds,
            "total": sum(len(kind.hits) for kind in kinds),
        },
    )


def find(words: str) -> list[Kind]:
    """What matches all the words, by kind; as many queries whatever is found.

    First what the index finds for whole words (on PostgreSQL in any inflection), then what only
    begins with them: "cykel" also has to find "cykelvägen". A phrase in quotation marks is taken
    as it stands.
    """
    public: list[tuple[Promise, QuerySet, str]] = [
        (gettext_lazy("Places"), Locality.objects.all(), "description"),
        (gettext_lazy("Programs"), Program.objects.select_related("locality"), "summary"),
        (
            gettext_lazy("Actions"),
            Action.objects.select_related("program", "locality"),
            "description",
        ),
        (
            gettext_lazy("Ideas"),
            Idea.objects.public().select_related("locality", "program"),
            "text",
        ),
        (
            gettext_lazy("Meetings"),
            Event.objects.select_related("program", "locality"),
            "description",
        ),
        (
            gettext_lazy("The programs' texts"),
            Clause.objects.in_force().select_related("edition__program"),
            "text",
        ),
        (
            gettext_lazy("Documents"),
            Document.objects.public().select_related(
                "program", "locality", "event", "action__program"
            ),
            "note",
        ),
    ]
    kinds = []
    for name, rows, field in public:
        found = list(rows.search(query_of(words))[: HITS_PER_KIND + 1])
        if not QUOTES.search(words):
            begins = rows.autocomplete(plain(words), operator="and")[: HITS_PER_KIND + 1]
            found += [row for row in begins if row not in found]
        if found:
            hits = [hit(row, field, words) for row in found[:HITS_PER_KIND]]
            kinds.append(Kind(name, hits, len(found) > HITS_PER_KIND))
    return kinds


def query_of(words: str) -> SearchQuery:
    """All the words; those in quotation marks as a phrase."""
    parts = re.findall(r'"([^"]*)"|([^\s"]+)', QUOTES.sub('"', words))
    terms = [
        Phrase(plain(phrase)) if phrase else PlainText(plain(word), operator="and")
        for phrase, word in parts
        if plain(phrase or word)
    ]
    return And(terms) if len(terms) > 1 else terms[0]


def plain(words: str) -> str:
    """Letters and digits only: the index would take signs and AND for its own language."""
    return " ".join(re.findall(r"[^\W_]+", words.lower()))


def hit(row: object, field: str, words: str) -> Hit:
    where = getattr(row, "locality", None) or getattr(row, "program", None)
    if isinstance(row, Clause):
        where = row.edition.program
    url = row.get_absolute_url()
    if isinstance(row, Document) and not url:
        owner = row.program or row.event or row.action or row.locality
        url = owner.get_absolute_url() if owner else ""
    return Hit(
        title=marked(str(row), words),
        url=url,
        where=str(where) if where else "",
        excerpt=excerpt(getattr(row, field), words),
    )


def excerpt(text: str, words: str) -> SafeString:
    """The text around the first word found, with every found word marked."""
    match = pattern(words).search(text)
    start = max(0, (match.start() if match else 0) - EXCERPT // 3)
    start = text.find(" ", start) + 1 if start else 0
    piece = text[start : start + EXCERPT]
    if start + EXCERPT < len(text):
        piece = piece.rsplit(" ", 1)[0] + " …"
    return mark_safe(("… " if start else "") + marked(piece, words))  # noqa: S308 (escaped below)


def marked(text: str, words: str) -> SafeString:
    parts = pattern(words).split(text)
    # split() with one group gives the text between matches at even places, matches at odd ones.
    return format_html_join(
        "",
        "{}",
        (
            (mark_safe(f"<mark>{conditional_escape(part)}</mark>") if odd else part,)  # noqa: S308
            for odd, part in ((place % 2, part) for place, part in enumerate(parts))
        ),
    )


def pattern(words: str) -> re.Pattern[str]:
    """Any of the words, from its beginning and with any ending, as the index finds them."""
    found = [re.escape(word) for word in re.findall(r"\w+", words) if len(word) > 1]
    return re.compile(rf"(\b(?:{'|'.join(found)})\w*)" if found else r"(\b\B)", re.IGNORECASE)
