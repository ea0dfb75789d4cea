"""The way of one voice, from when it came in to what came of it, as stations on a line."""

import datetime
from collections.abc import Mapping

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.chain import Item, Link
from programs.models import Action, Term, Voice, VoiceState
from programs.templatetags.portal_text import when


def stations(voice: Voice, words: Mapping[str, Term], today: datetime.date) -> list[Link]:
    """The last that is reached is the current one; what comes after has words of its own."""
    done = [Link(_("Came in"), [Item(when(voice.received) or _("Date unknown"))])]
    if voice.state == VoiceState.HELD:
        reading = Link(_("To be read"), note=_("Waits for its turn"), is_current=True)
        return [*done, reading, Link(_("On the site"), note=_("Later")), _answer_later(voice)]
    done.append(Link(_("Read by us"), [Item(_("Done"))]))
    if voice.state != VoiceState.PUBLISHED:
        refused = voice.state == VoiceState.REFUSED
        said = _("Not published") if refused else _("No longer shown")
        rule = capfirst(voice.get_state_rule_display()) or _("See why below")
        end = Link(said, note=rule, is_current=True)
        return [*done, end]
    done.append(Link(_("On the site"), [Item(_published(voice))]))
    answered = voice.merged_into or voice
    if voice.merged_into:
        other = Item(str(voice.merged_into), voice.merged_into.get_absolute_url())
        done.append(Link(_("Merged with"), [other]))
    if not answered.outcome:
        return [*done, _answer_now(answered, today)]
    action = getattr(answered, "action", None)
    outcome = Item(capfirst(answered.get_outcome_display()), meta=when(answered.replied))
    done.append(Link(_("Answered"), [outcome], is_current=action is None))
    return [*done, *_what_came_of_it(action, words)] if action else done


def _published(voice: Voice) -> str:
    if voice.published_at:
        return when(timezone.localtime(voice.published_at).date())
    return _("Anyone can read it")


def _answer_later(voice: Voice) -> Link:
    if voice.promised_on is None:
        return Link(_("Answer"), note=_("Later"))
    return Link(_("Answer by"), note=when(voice.promised_on))


def _answer_now(voice: Voice, today: datetime.date) -> Link:
    if voice.promised_on is None:
        return Link(_("Answer"), note=_("Being written"), is_current=True)
    words = _("Answer is late, promised by") if voice.is_late(today) else _("Answer by")
    return Link(words, note=when(voice.promised_on), is_current=True)


def _what_came_of_it(action: Action, words: Mapping[str, Term]) -> list[Link]:
    is_done = action.status == Action.Status.COMPLETED
    item = Item(
        action.title,
        action.get_absolute_url(),
        "" if is_done else capfirst(action.get_status_display()),
    )
    end = Link(_("Completed"), note=_("Later"))
    if is_done:
        end = Link(_("Completed"), [Item(when(action.completed) or _("Done"))], is_current=True)
    kind = capfirst(words["action"].singular)
    return [Link(kind, [item], is_current=not is_done), end]
