"""What a person can do with a process now: one thing first, the rest folded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programs.models import VoiceState
from revisions.digest import digest_of
from revisions.forms import TransitionForm
from revisions.models import Approval, Comment, Process
from revisions.permissions import may_drive
from revisions.requirements import Place, Standing
from revisions.staff.forms import RecordForm
from revisions.staff.transitions import ON_BEHALF, TRANSITIONS, Transition

# What goes back, or ends the process: it stands last.
TURNING = ("approve", "ask", "withdraw", "reopen", "back", "abort")
STANDS = {"approve": True, "ask": False}


@dataclass(slots=True)
class Task:
    """A form with its words. `id` is the part of the page that requirements link to."""

    name: str
    id: str
    heading: Promise | str
    verb: Promise | str
    form: TransitionForm
    hint: Promise | str = ""
    links: Sequence[Place] = ()
    is_first: bool = False


@dataclass(slots=True)
class Tasks:
    """`now` is what is missing, `more` what can be done as well, `mending` what rights a mistake.

    One thing comes first: the form in `now` that `is_first`, the draft when `draft_is_first`, the
    place in `first`, or passing on when `can_pass`. None of them while one can only wait.
    """

    now: list[Task] = field(default_factory=list)
    more: list[Task] = field(default_factory=list)
    mending: list[Task] = field(default_factory=list)
    pass_on: TransitionForm | None = None
    publish: TransitionForm | None = None
    first: Place | None = None
    draft_is_first: bool = False
    can_pass: bool = False
    waits: bool = False

    @property
    def any(self) -> bool:
        return bool(self.now or self.more or self.mending or self.pass_on or self.publish)


def tasks_of(
    process: Process,
    user: AbstractBaseUser,
    rows: Sequence[Standing],
    refused: dict[str, TransitionForm],
    stand: Approval | None = None,
) -> Tasks:
    """For that person; what was refused is shown with what was typed, wherever the process is.

    `stand` is what they have said of the text as it reads now. The first time they do it on the
    approval's own page, beside the text.
    """
    wanted = [row for row in rows if not row.is_met and not row.waits]
    here: dict[str, Promise | str] = {}
    for row in wanted:
        if row.part:
            here.setdefault(row.part, row.verb)
    result = Tasks()
    for name, transition in TRANSITIONS.items():
        if name in STANDS and (stand is None or stand.is_approved is STANDS[name]):
            continue
        form = refused.get(name) or form_for(process, user, name, transition)
        if form is None:
            continue
        if name == "pass":
            result.pass_on = form
        elif name == "publish":
            result.publish = form
        else:
            task = task_of(process, name, transition, form)
            if not may_drive(user, process.program):
                task.hint, task.links = "", ()
            place(result, task, here)
    order = list(here)
    result.now.sort(key=lambda task: order.index(task.id))
    for name, form in refused.items():
        bring_forward(result, name, form)
    drives = may_drive(user, process.program)
    lacks = any(not row.is_met for row in rows)
    result.can_pass = result.pass_on is not None and not lacks
    choose_first(result, wanted if drives else [])
    if drives and lacks and not wanted:
        result.first = comments_to_review(process)
        result.waits = result.first is None
    return result


def comments_to_review(process: Process) -> Place | None:
    """What came in is read while it comes in: nobody else sees it before."""
    if not Comment.objects.filter(process=process, state=VoiceState.HELD).exists():
        return None
    url = reverse("revisions_staff:comments", args=[process.pk])
    return Place(f"{url}?visa=review", _("Review the comments"))


def form_for(
    process: Process, user: AbstractBaseUser, name: str, transition: Transition
) -> TransitionForm | None:
    """None where there is nothing for that person to do with it."""
    if not (transition.is_open_to(user, process) and transition.is_possible(process)):
        return None
    if name == "statement" and not (may_drive(user, process.program) or process.draft_published_at):
        return None  # there is nothing yet that the association can read
    initial = {}
    if "digest" in transition.form.base_fields and process.draft:
        initial["digest"] = digest_of(process.draft)
    return transition.form(process, prefix=name, initial=initial)


def task_of(process: Process, name: str, transition: Transition, form: TransitionForm) -> Task:
    is_again = transition.again and is_recorded(process, name, form)
    heading = transition.again if is_again else transition.heading
    slug = process.current.slug if process.current else ""
    links = transition.links(process) if slug else ()
    hint = transition.hint
    if hint is ON_BEHALF and slug not in transition.by_association:
        hint = ""
    return Task(name, transition.mends, heading, transition.verb, form, hint, links)


def is_recorded(process: Process, name: str, form: TransitionForm) -> bool:
    if name == "period":
        return process.comments_open_on is not None
    return isinstance(form, RecordForm) and form.latest is not None


def place(result: Tasks, task: Task, here: dict[str, Promise | str]) -> None:
    """Missing things first, each once; corrections with what turns the process.

    `here` are the parts of the page where something is missing, with what one does there.
    """
    if task.name in TURNING or task.heading == TRANSITIONS[task.name].again:
        result.mending.append(task)
    elif task.id in here and task.id not in {other.id for other in result.now}:
        task.heading = here[task.id]
        result.now.append(task)
    else:
        if task.id in {other.id for other in result.now}:
            task.id = f"{task.name}-form"  # another way to the same end
        result.more.append(task)


def bring_forward(result: Tasks, name: str, form: TransitionForm) -> None:
    """A form that was refused stands open, above what is folded."""
    for group in (result.more, result.mending):
        for task in group:
            if task.form is form:
                group.remove(task)
                result.now.insert(0, task)
                return


def choose_first(result: Tasks, wanted: Sequence[Standing]) -> None:
    if result.can_pass:
        return
    if not wanted:
        if result.now:
            result.now[0].is_first = True
        return
    first = wanted[0]
    same = [task for task in result.now if task.id == first.part]
    if not first.part:
        result.first = first.place
    elif same:
        same[0].is_first = True
    else:
        result.draft_is_first = first.part == "draft"
