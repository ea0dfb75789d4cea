"""What the page with the form shows, in each state that it can be in."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.drawings.map import WIDTH, Map, draw_map
from programs.models import Idea, Locality
from programs.public_forms import TooMany
from programs.saying.forms import IdeaForm, SayForm
from programs.wording import clause_name, idea_state
from revisions.saying import Saying, TextCommentForm, commenting

# The map lies under buttons as wide as these: a browser sends where on the button one clicked.
MAP_WIDTHS = (272, 320, 544)
DIGITS = re.compile(r"[0-9]{1,5}")
# What only one of the two forms has is kept while the writer goes to the other and back.
ONLY_IDEAS = ("where", "position_words", "pin", "photo_mark", "photo_alt", "photo_mine", "seen")
ONLY_COMMENTS = ("clause", "question")


@dataclass
class SayPage:
    """`sent` is what came with the request, a copy of which the form then holds."""

    request: HttpRequest
    saying: Saying
    now: datetime.datetime
    sent: QueryDict = field(default_factory=QueryDict)
    told: str = ""
    is_closed: bool = False

    @cached_property
    def places(self) -> list[Locality]:
        return list(Locality.objects.all())

    @cached_property
    def map(self) -> Map | None:
        return draw_map(current(self.request).municipality, self.places)

    @property
    def kind(self) -> str:
        """What the form is for: what it was for when it was sent, if that can still be."""
        if "kind" not in self.sent:
            return self.saying.kind
        is_comment = self.sent["kind"] == "comment" and self.saying.takes_comments
        return "comment" if is_comment else "idea"

    @property
    def act(self) -> str:
        """Which button was pressed; a click on the map is one."""
        if any(f"map{width}.x" in self.sent for width in MAP_WIDTHS):
            return "pin"
        return self.sent.get("do", "send")

    @property
    def is_loose(self) -> bool:
        """The writer has said that it is about something else than the page they came from."""
        return bool(self.sent.get("loose"))

    @property
    def shows_where(self) -> bool:
        return self.kind == "idea" and (self.is_loose or self.saying.about.locality is None)

    @property
    def is_too_late(self) -> bool:
        """A comment was sent in, but the text takes none now."""
        return self.sent.get("kind") == "comment" and not self.saying.takes_comments

    def close(self) -> None:
        """The comment period is over: what was written may be sent as an idea."""
        self.is_closed = True
        self.saying = replace(self.saying, process=None, edition=None, clause=None)
        self.sent["kind"] = "idea"

    def change(self) -> bool:
        """Do what a button asks that sends nothing; False when the form is to be sent."""
        match self.act:
            case "pin":
                self.put_pin()
            case "unpin":
                self.sent["pin"] = ""
            case "drop_photo":
                self.sent["photo_mark"] = ""
            case "other":
                self.sent["kind"], self.sent["loose"] = "idea", "1"
                if self.saying.about.locality and not self.sent.get("where"):
                    self.sent["where"] = self.saying.about.locality.slug
            case "comment":
                self.keep_picture()
                self.sent["kind"] = "comment"
            case "edit":
                pass
            case _:
                return False
        return True

    def put_pin(self) -> None:
        """A browser sends where on the picture one clicked; with the keyboard it sends 0, 0."""
        for width in MAP_WIDTHS:
            across, down = self.sent.get(f"map{width}.x", ""), self.sent.get(f"map{width}.y", "")
            if not (DIGITS.fullmatch(across) and DIGITS.fullmatch(down)):
                continue
            scale = WIDTH / width
            position = self.map and self.map.position(int(across) * scale, int(down) * scale)
            if position:
                self.sent["pin"] = ",".join(map(str, position))
            elif int(across) == int(down) == 0:
                self.told = _("The map needs a pointer. Say in words where it is instead.")
            else:
                self.told = _("That is outside the municipality. Click on the land.")

    def keep_picture(self) -> None:
        """A picture chosen just before the writer goes to the form that has no place for it."""
        if self.kind == "idea" and self.request.FILES:
            form = self.form()
            form.show_again()
            self.sent["photo_mark"] = form.data.get("photo_mark", "")

    def new_form(self) -> SayForm:
        initial = {"kind": self.kind, "clause": self.saying.clause}
        if self.kind == "comment":
            return TextCommentForm(self.saying.edition, None, initial=initial)
        return IdeaForm(self.places, None, initial=initial)

    def form(self, *, with_files: bool = True) -> SayForm:
        """The form with what was sent."""
        self.sent["kind"] = self.kind
        if self.kind == "comment":
            return TextCommentForm(self.saying.edition, self.sent)
        return IdeaForm(self.places, self.sent, self.request.FILES if with_files else None)

    def show_again(self, slow: TooMany | None = None) -> HttpResponse:
        """Everything that was typed, with nothing said of what is missing: it was not sent."""
        form = self.form(with_files=slow is None)
        form.show_again("photo")
        return self.show(form, slow=slow)

    def show(
        self, form: SayForm, *, slow: TooMany | None = None, offered: Sequence[Idea] = ()
    ) -> HttpResponse:
        if offered:
            seen = {*form.cleaned_data["seen"], *(idea.pk for idea in offered)}
            form.set_value("seen", ",".join(map(str, sorted(seen))))
        response = render(
            self.request,
            "revisions/say_similar.html" if offered and not slow else "revisions/say.html",
            self.context(form)
            | {"form": form, "slow": slow, "offered": [self.row(idea) for idea in offered]},
            status=429 if slow else 409 if self.is_closed else 200,
        )
        if slow:
            response["Retry-After"] = str(slow.minutes * 60)
        return response

    def context(self, form: SayForm) -> dict[str, Any]:
        saying, here = self.saying, current(self.request)
        is_comment, today = self.kind == "comment", timezone.localdate(self.now)
        title = (
            _("Leave a comment")
            if is_comment
            else _("Leave %(idea)s") % {"idea": here.words["idea"].one}
        )
        clause = saying.clause if is_comment else saying.about.clause
        reply_days = datetime.timedelta(days=here.municipality.reply_days)
        return {
            "section": "ideas",
            "crumbs": self.crumbs(title),
            "title": title,
            "action": f"?{saying.query}" if saying.query else "?",
            "is_comment": is_comment,
            "is_loose": self.is_loose,
            "saying": saying,
            "about": None if self.is_loose else saying.about,
            "clause": None if self.is_loose else clause,
            "clause_name": clause_name(clause, here.words) if clause and clause.number else "",
            "shows_where": self.shows_where,
            "promised_on": today + reply_days,
            "commenting": [] if saying.about.thing or is_comment else commenting(today),
            "is_closed": self.is_closed,
            "told": self.told,
            "carried": self.carried(),
            "map": None if is_comment else self.map,
            "map_sizes": self.map_sizes(),
            "pin": self.pin(form),
            "picture_mark": getattr(form, "held_mark", ""),
        }

    def carried(self) -> list[tuple[str, str]]:
        """What the other form has, which this one keeps for it."""
        names = ONLY_IDEAS if self.kind == "comment" else ONLY_COMMENTS
        return [(name, self.sent[name]) for name in names if self.sent.get(name)]

    def map_sizes(self) -> list[tuple[int, int]]:
        if self.kind == "comment" or self.map is None:
            return []
        return [(width, round(self.map.height * width / WIDTH)) for width in MAP_WIDTHS]

    def pin(self, form: SayForm) -> tuple[float, float] | None:
        """Where the chosen position stands on the map."""
        position = form.cleaned_data.get("pin") if form.is_bound else None
        return self.map.pin(*position) if position and self.map else None

    def crumbs(self, title: str) -> list[tuple[str, str]]:
        words, about = current(self.request).words, self.saying.about
        if about.locality is None:
            return [(capfirst(words["idea"].plural), reverse("programs:ideas")), (title, "")]
        crumbs = [
            (capfirst(words["locality"].plural), reverse("programs:localities")),
            (about.locality.name, about.locality.get_absolute_url()),
        ]
        if about.program:
            crumbs.append((about.program.name, about.program.get_absolute_url()))
        return [*crumbs, (title, "")]

    def row(self, idea: Idea) -> dict[str, Any]:
        """What one has to know of an idea to say whether it is the same."""
        state, tone = idea_state(idea, timezone.localdate(self.now))
        return {
            "idea": idea,
            "state": state,
            "tone": tone,
            "where": str(idea.locality or idea.program or ""),
            "can_be_supported": not idea.outcome,
        }
