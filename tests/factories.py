"""Rows for tests. Every `make_` function takes the fields that matter and fills in the rest."""

from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from programs import models
from programs.models.editions import numbers
from revisions.models import Process, StepRecord
from revisions.steps import Kind

PASSWORD = "en lång lösenordsfras"


def make_picture(
    name: str = "bild.png", *, size: tuple[int, int] = (8, 6), format_: str = "PNG"
) -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", size, "#0b5d4a").save(data, format_)
    return SimpleUploadedFile(name, data.getvalue())


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = models.Municipality
        django_get_or_create = ["code"]

    code = "1380"
    name = "Halmstads kommun"
    short_name = "Halmstad"
    portal_name = "Framtid Halmstad"
    headline = "Så utvecklas din ort"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence("Förening {}".format)
    slug = factory.Sequence("forening-{}".format)
    kind = models.Organisation.Kind.ASSOCIATION


class LocalityFactory(DjangoModelFactory):
    class Meta:
        model = models.Locality

    name = factory.Sequence("Ort {}".format)
    slug = factory.Sequence("ort-{}".format)
    kind = models.Locality.Kind.LOCALITY


class LocalBodyFactory(DjangoModelFactory):
    class Meta:
        model = models.LocalBody

    locality = factory.SubFactory(LocalityFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class ProgramFactory(DjangoModelFactory):
    class Meta:
        model = models.Program

    locality = factory.SubFactory(LocalityFactory)
    name = factory.LazyAttribute(lambda program: f"Framtid {program.locality.name}")
    slug = factory.Sequence("framtid-{}".format)
    status = models.Program.Status.ACTIVE


class DecidingBodyFactory(DjangoModelFactory):
    class Meta:
        model = models.DecidingBody

    name = factory.Sequence("Kommunstyrelsen {}".format)
    slug = factory.Sequence("kommunstyrelsen-{}".format)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.Decision

    program = factory.SubFactory(ProgramFactory)
    body = factory.SubFactory(DecidingBodyFactory)
    title = factory.Sequence("Beslut {}".format)


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = models.Edition

    program = factory.SubFactory(ProgramFactory)
    number = factory.LazyAttribute(lambda edition: edition.program.editions.count() + 1)


class ClauseFactory(DjangoModelFactory):
    class Meta:
        model = models.Clause

    edition = factory.SubFactory(EditionFactory)
    level = 1
    position = factory.LazyAttribute(lambda clause: clause.edition.clauses.count() + 1)
    slug = factory.Sequence("punkt-{}".format)
    heading = factory.Sequence("Område {}".format)


class InProgram(DjangoModelFactory):
    """What belongs to a program and its place; `program=None` makes it the place's own."""

    class Meta:
        abstract = True

    program = factory.SubFactory(ProgramFactory)

    @factory.lazy_attribute
    def locality(self) -> models.Locality:
        return self.program.locality if self.program else LocalityFactory()


class GroupFactory(InProgram):
    class Meta:
        model = models.Group

    kind = models.Group.Kind.WORKING
    name = factory.Sequence("Grupp {}".format)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    email = factory.Sequence("person{}@example.se".format)
    name = factory.Sequence("Person {}".format)
    is_staff = True

    @classmethod
    def _create(cls, model: type, *args: Any, password: str = PASSWORD, **fields: Any) -> Any:
        return model.objects.create_user(*args, password=password, **fields)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.Membership

    group = factory.SubFactory(GroupFactory)
    capacity = models.Membership.Capacity.OFFICIAL


class EventFactory(InProgram):
    class Meta:
        model = models.Event

    kind = models.Event.Kind.PUBLIC_ASSEMBLY
    title = factory.Sequence("Stormöte {}".format)
    date = "2026-03-14"


class AgeGroupFactory(DjangoModelFactory):
    class Meta:
        model = models.AgeGroup

    event = factory.SubFactory(EventFactory)
    from_age = factory.Sequence(lambda number: number)
    participants = 3


class ActionFactory(InProgram):
    class Meta:
        model = models.Action
        skip_postgeneration_save = True

    title = factory.Sequence("Åtgärd {}".format)

    @factory.post_generation
    def responsible(self, _create: bool, organisations: Iterable | None, **_: Any) -> None:
        self.responsible.set(organisations or [])


class ActionUpdateFactory(DjangoModelFactory):
    class Meta:
        model = models.ActionUpdate

    action = factory.SubFactory(ActionFactory)
    text = factory.Sequence("Nytt om åtgärden {}".format)


class IdeaFactory(InProgram):
    class Meta:
        model = models.Idea

    title = factory.Sequence("Idé {}".format)
    text = "En lekplats vid ån."
    received = "2026-02-01"
    state = models.VoiceState.PUBLISHED

    @factory.lazy_attribute
    def authority(self) -> str:
        return "Trafikverket" if getattr(self, "outcome", "") == "other_authority" else ""


class IdeaEntryFactory(DjangoModelFactory):
    class Meta:
        model = models.IdeaEntry

    voice = factory.SubFactory(IdeaFactory)
    kind = models.VoiceEntry.Kind.RECEIVED


class IdeaPhotoFactory(DjangoModelFactory):
    class Meta:
        model = models.IdeaPhoto

    idea = factory.SubFactory(IdeaFactory)
    held = factory.LazyFunction(make_picture)
    alt = "En grop i vägen"


class SubscriptionFactory(DjangoModelFactory):
    class Meta:
        model = models.Subscription

    email = factory.Sequence("foljare{}@example.se".format)


class SignUpFactory(DjangoModelFactory):
    class Meta:
        model = models.SignUp

    event = factory.SubFactory(EventFactory)
    email = factory.Sequence("deltagare{}@example.se".format)


class InquiryFactory(DjangoModelFactory):
    class Meta:
        model = models.Inquiry

    kind = models.Inquiry.Kind.MISSING
    text = "Jag hittar inte anteckningarna."
    promised_on = "2026-03-01"


class JoinRequestFactory(DjangoModelFactory):
    class Meta:
        model = models.JoinRequest

    locality = factory.SubFactory(LocalityFactory)
    email = factory.Sequence("nyfiken{}@example.se".format)
    consented_at = factory.LazyFunction(timezone.now)


class OutgoingMailFactory(DjangoModelFactory):
    class Meta:
        model = models.OutgoingMail

    key = factory.Sequence("test:{}".format)
    to = "nagon@example.se"
    subject = "Ett brev"
    body = "Hej!\n"
    send_after = factory.LazyFunction(timezone.now)
    forget_at = factory.LazyAttribute(lambda mail: mail.send_after + timedelta(days=30))


class PlanningBriefFactory(DjangoModelFactory):
    class Meta:
        model = models.PlanningBrief

    program = factory.SubFactory(ProgramFactory)
    budget_year = factory.Sequence(lambda number: 2027 + number)


class BriefItemFactory(DjangoModelFactory):
    class Meta:
        model = models.BriefItem

    brief = factory.SubFactory(PlanningBriefFactory)
    idea = factory.SubFactory(IdeaFactory, program=factory.SelfAttribute("..brief.program"))
    rank = factory.Sequence(lambda number: number + 1)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = models.Document

    program = factory.SubFactory(ProgramFactory)
    title = factory.Sequence("Dokument {}".format)
    kind = models.Document.Kind.MEETING_NOTES
    url = "https://example.se/protokoll.pdf"


class PhotoFactory(DjangoModelFactory):
    class Meta:
        model = models.Photo

    image = factory.LazyFunction(make_picture)
    alt = "Folk vid ån"


class ProcessFactory(DjangoModelFactory):
    class Meta:
        model = Process

    program = factory.SubFactory(ProgramFactory)
    kind = Kind.REVISION


class StepRecordFactory(DjangoModelFactory):
    class Meta:
        model = StepRecord

    process = factory.SubFactory(ProcessFactory)
    number = factory.Sequence(lambda number: number % 9 + 1)


def make_municipality(**fields: Any) -> models.Municipality:
    """The installation's only one: asked for again, the same row is given."""
    return MunicipalityFactory(**fields)


def make_organisation(**fields: Any) -> models.Organisation:
    return OrganisationFactory(**fields)


def make_locality(**fields: Any) -> models.Locality:
    return LocalityFactory(**fields)


def make_local_body(**fields: Any) -> models.LocalBody:
    return LocalBodyFactory(**fields)


def make_program(**fields: Any) -> models.Program:
    return ProgramFactory(**fields)


def make_deciding_body(**fields: Any) -> models.DecidingBody:
    return DecidingBodyFactory(**fields)


def make_decision(**fields: Any) -> models.Decision:
    return DecisionFactory(**fields)


def make_edition(
    *,
    state: str = models.Edition.State.DRAFT,
    clauses: Iterable[str | dict[str, Any]] = (),
    **fields: Any,
) -> models.Edition:
    """An edition in that state, reached the way real ones reach it.

    A clause is a dict of fields, or the heading of an area. Parents follow from the levels in
    reading order. A superseded edition gets a successor, which is then the adopted one.
    """
    edition = EditionFactory(**fields)
    make_clauses(edition, clauses)
    if state != models.Edition.State.DRAFT:
        edition.adopt()
    if state == models.Edition.State.SUPERSEDED:
        EditionFactory(program=edition.program).adopt()
        edition.refresh_from_db()
    return edition


def make_clauses(
    edition: models.Edition, clauses: Iterable[str | dict[str, Any]]
) -> list[models.Clause]:
    rows = [{"heading": clause} if isinstance(clause, str) else clause for clause in clauses]
    levels = [row.get("level", 1) for row in rows]
    above: dict[int, models.Clause] = {}
    made = []
    for row, level, number in zip(rows, levels, numbers(levels), strict=True):
        parents = [above[other] for other in range(level - 1, 0, -1) if other in above]
        parent = {"parent": parents[0]} if parents else {}
        clause = make_clause(edition=edition, **{"level": level, **parent, "number": number, **row})
        above = {other: above[other] for other in above if other < level} | {level: clause}
        made.append(clause)
    return made


def make_clause(**fields: Any) -> models.Clause:
    return ClauseFactory(**fields)


def make_group(**fields: Any) -> models.Group:
    return GroupFactory(**fields)


def make_user(**fields: Any) -> Any:
    """A member of staff whose password is `PASSWORD`."""
    return UserFactory(**fields)


def make_membership(**fields: Any) -> models.Membership:
    return MembershipFactory(**fields)


def make_event(**fields: Any) -> models.Event:
    return EventFactory(**fields)


def make_age_group(**fields: Any) -> models.AgeGroup:
    return AgeGroupFactory(**fields)


def make_action(**fields: Any) -> models.Action:
    return ActionFactory(**fields)


def make_action_update(**fields: Any) -> models.ActionUpdate:
    return ActionUpdateFactory(**fields)


def make_idea(**fields: Any) -> models.Idea:
    return IdeaFactory(**fields)


def make_idea_entry(**fields: Any) -> models.IdeaEntry:
    return IdeaEntryFactory(**fields)


def make_idea_photo(**fields: Any) -> models.IdeaPhoto:
    """Held, unless it is given an `image`."""
    if "image" in fields:
        fields.setdefault("held", "")
    return IdeaPhotoFactory(**fields)


def make_subscription(**fields: Any) -> models.Subscription:
    """Of a new program, unless it is of something else."""
    if not fields.keys() & {"program", "locality", "idea"}:
        fields["program"] = ProgramFactory()
    return SubscriptionFactory(**fields)


def make_sign_up(**fields: Any) -> models.SignUp:
    return SignUpFactory(**fields)


def make_inquiry(**fields: Any) -> models.Inquiry:
    return InquiryFactory(**fields)


def make_join_request(**fields: Any) -> models.JoinRequest:
    return JoinRequestFactory(**fields)


def make_outgoing_mail(**fields: Any) -> models.OutgoingMail:
    return OutgoingMailFactory(**fields)


def make_planning_brief(**fields: Any) -> models.PlanningBrief:
    return PlanningBriefFactory(**fields)


def make_brief_item(**fields: Any) -> models.BriefItem:
    return BriefItemFactory(**fields)


def make_document(**fields: Any) -> models.Document:
    """A link, unless it is given a `file`."""
    if "file" in fields:
        fields.setdefault("url", "")
    return DocumentFactory(**fields)


def make_photo(**fields: Any) -> models.Photo:
    """Of a new place, unless it is of something else."""
    if not fields.keys() & {"locality", "action", "event"}:
        fields["locality"] = LocalityFactory()
    return PhotoFactory(**fields)


def make_process(**fields: Any) -> Process:
    return ProcessFactory(**fields)


def make_step_record(**fields: Any) -> StepRecord:
    return StepRecordFactory(**fields)


def make_one_of_each(program: models.Program) -> dict[type, Any]:
    """One row of every model that belongs to a program or its place, by model."""
    place = program.locality
    group = make_group(program=program)
    event = make_event(program=program, group=group)
    action = make_action(program=program)
    edition = make_edition(program=program, clauses=["Område"])
    brief = make_planning_brief(program=program)
    idea = make_idea(program=program)
    process = make_process(program=program)
    rows = [
        place,
        make_local_body(locality=place),
        program,
        edition,
        edition.clauses.get(),
        action,
        make_action_update(action=action),
        idea,
        make_idea_entry(voice=idea),
        make_idea_photo(idea=idea),
        make_inquiry(program=program),
        make_join_request(locality=place, group=group),
        make_sign_up(event=event),
        brief,
        make_brief_item(brief=brief),
        event,
        make_age_group(event=event),
        group,
        make_membership(group=group),
        make_document(program=program),
        make_photo(action=action),
        make_decision(program=program),
        process,
        make_step_record(process=process),
    ]
    return {type(row): row for row in rows}
