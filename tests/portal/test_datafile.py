import datetime
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from portal.datafile import DataError, load, read
from portal.datafile.tables import Table
from portal.management.commands.load_municipality import DEMO_PASSWORD
from programs.dates import PartialDate
from programs.models import (
    Action,
    Clause,
    Document,
    Edition,
    Event,
    Idea,
    Inquiry,
    JoinRequest,
    Membership,
    Municipality,
    Photo,
    SignUp,
    Term,
)
from tests.factories import make_picture
from tests.portal.faulty_data import (
    ABOUT_MUNICIPALITY,
    ACTION,
    DOCUMENT,
    EDITION,
    EVENT,
    GROUP,
    IDEA,
    LOCALITY,
    MUNICIPALITY,
    PROGRAM,
    USER,
    WORLD,
    WRONG,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 4, 16)
DEMO = Path(settings.BASE_DIR, "portal", "demo")


def written(directory: Path, text: str) -> Path:
    path = directory / "fil.toml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(directory: Path, text: str, today: datetime.date = TODAY) -> Municipality:
    return load(written(directory, text), today=today)


def stored() -> dict[str, int]:
    """How many rows of ours there are, by model."""
    ours = [*apps.get_app_config("programs").get_models(), get_user_model()]
    ours += apps.get_app_config("revisions").get_models()
    return {model.__name__: model.objects.count() for model in ours if model.objects.exists()}


def files_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


def cases(wrong: dict[str, tuple[str, str]]) -> Iterator[Any]:
    return (pytest.param(*case, id=name) for name, case in wrong.items())


def assert_refused(path: Path, said: str, media_root: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(path, today=TODAY)
    assert re.fullmatch(rf"{path.name}: {said}", str(caught.value)), str(caught.value)
    assert stored() == {}
    assert files_in(media_root) == []


@pytest.mark.parametrize(("text", "said"), cases(WRONG))
def test_wrong_value_is_named_and_nothing_is_stored(tmp_path, media_root, text, said):
    assert_refused(written(tmp_path, f"{WORLD}\n{text}\n"), said, media_root)


@pytest.mark.parametrize(("line", "said"), cases(ABOUT_MUNICIPALITY))
def test_wrong_value_of_the_municipality_is_named(tmp_path, media_root, line, said):
    name = line.split(" ", 1)[0]
    others = re.sub(rf"^{name} = .*\n", "", MUNICIPALITY, flags=re.MULTILINE)

    assert_refused(written(tmp_path, f"{others}{line}\n"), said, media_root)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"\[municipality\] is missing"),
        ('[[locality]]\nkey = "orten"', r"\[municipality\] is missing"),
        ('municipality = "Halmstad"', r"\[municipality\].*: must be a table"),
        (MUNICIPALITY.replace("[municipality]", "[[municipality]]"), r".*must be a table"),
        ("duty = 1\n" + MUNICIPALITY, r"\[duty.*\].* must be .*"),
        ("[municipality\n", r".*line 1.*"),
        (MUNICIPALITY + 'name = "Igen"', r".*overwrite.*"),
        ('[municipality]\nname = "', r"Unterminated string.*"),
    ],
    ids=["empty", "missing", "text", "list", "number", "broken", "twice", "unfinished"],
)
def test_broken_file_is_told_and_nothing_is_stored(tmp_path, media_root, text, said):
    assert_refused(written(tmp_path, text), said, media_root)


def test_file_that_is_no_text_or_not_there_is_told(tmp_path, media_root):
    path = tmp_path / "fil.toml"
    assert_refused(path, ".*No such file.*", media_root)
    assert_refused(tmp_path, ".*[Dd]irectory.*", media_root)

    path.write_bytes("[municipality]\nname = 'Växjö'".encode("latin-1"))
    assert_refused(path, ".*utf-8.*", media_root)


def test_known_issues_are_tables_with_known_keys(tmp_path, media_root):
    statement = (
        '[accessibility]\nservice_name = "Framtid Exempel"\ncompliance = "partial"\n'
        'assessed_on = "2026-01-01"\nupdated_on = "2026-01-01"\nmethod = "Själva."\n'
        'contact_email = "a@example.se"\nknown_issues = ["Kartan"]\n'
    )

    assert_refused(
        written(tmp_path, MUNICIPALITY + statement),
        r"\[accessibility.*known_issues.*: .+",
        media_root,
    )


def with_photo(directory: Path, text: str) -> str:
    photos = directory / "photos"
    photos.mkdir()
    (photos / "bank.png").write_bytes(make_picture().read())
    return f'{WORLD}{ACTION}[[action.photo]]\nfile = "bank.png"\nalt = "Bänk"\n{text}'


def test_file_with_a_photo_and_a_fault_stores_no_picture(tmp_path, media_root):
    path = written(tmp_path, with_photo(tmp_path, IDEA + 'outcome = "no"\n'))

    assert_refused(path, r"\[idea 1\] bank: .+", media_root)


# What a good file becomes


def test_smallest_file_makes_a_municipality_with_its_words(tmp_path):
    municipality = loaded(tmp_path, MUNICIPALITY)

    assert stored() == {"Municipality": 1, "Term": len(Term.Key.values)}
    assert municipality.brand_color == "#0b5d4a"
    assert (municipality.plan_depth, municipality.reply_days) == (3, 30)


def test_vocabulary_is_a_preset_that_single_words_replace(tmp_path):
    term = (
        '[[term]]\nkey = "locality"\nneuter = true\n'
        'forms = ["samhälle", "samhället", "samhällen", "samhällena"]\n'
    )

    loaded(tmp_path, MUNICIPALITY + 'vocabulary = "flen"\n' + term)

    assert Term.objects.get(key="locality").one == "ett samhälle"
    assert Term.objects.get(key="level_1").plural == "byggstenar"


def test_tables_may_stand_in_any_order(tmp_path):
    municipality, *others = re.split(r"(?=^\[\[\w+\]\])", WORLD, flags=re.MULTILINE)

    loaded(tmp_path, ACTION + 'clause = "centrum"\n' + "".join(reversed(others)) + municipality)

    action = Action.objects.get()
    assert (action.clause.heading, action.locality.name) == ("Centrum", "Orten")


def test_deciding_body_is_the_municipalitys(tmp_path):
    text = WORLD.replace("[[body]]", 'deciding_body = "ks"\n[[body]]', 1)

    assert str(loaded(tmp_path, text).deciding_body) == "Kommunstyrelsen"
    assert str(Municipality.objects.get().deciding_body) == "Kommunstyrelsen"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("T", "2026-04-16"),
        ("T+9", "2026-04-25"),
        ("T-30", "2026-03-17"),
        ("T-366", "2025-04-15"),
        ("Y", "2026"),
        ("Y+1", "2027"),
        ("Y-1", "2025"),
        ("Y-03", "mars 2026"),
        ("Y-11", "november 2026"),
        ("Y-03-12", "2026-03-12"),
        ("Y-1-11", "november 2025"),
        ("Y-1-11-20", "2025-11-20"),
        ("Y+1-01-02", "2027-01-02"),
        ("hösten Y", "hösten 2026"),
        ("våren Y-1", "våren 2025"),
        ("12 mars Y", "2026-03-12"),
        ("hösten 2013", "hösten 2013"),
    ],
)
def test_relative_dates_count_from_the_day_of_loading(tmp_path, text, date):
    loaded(tmp_path, MUNICIPALITY + EVENT.replace('"2026"', f'"{text}"'))

    assert Event.objects.get().date == PartialDate.parse(date)


@pytest.mark.parametrize("date", ["2013", "2013-06-18", '"2013"'])
def test_dates_may_be_written_as_toml_has_them(tmp_path, date):
    loaded(tmp_path, MUNICIPALITY + EVENT.replace('"2026"', date))

    assert Event.objects.get().date == PartialDate.parse(date.strip('"'))


def test_editions_are_adopted_in_order_whatever_their_order_in_the_file(tmp_path):
    editions = (
        '[[program.edition]]\nnumber = 3\nstate = "draft"\n'
        '[[program.edition.clause]]\nkey = "stad"\nlevel = 1\nheading = "Stad"\norigin = "torg"\n'
        '[[program.edition]]\nnumber = 2\nstate = "adopted"\n'
        '[[program.edition.clause]]\nkey = "torg"\nlevel = 1\nheading = "Torg"\norigin = "handel"\n'
        '[[program.edition]]\nnumber = 1\nstate = "superseded"\nvalid_from = "2013"\n'
        '[[program.edition.clause]]\nkey = "handel"\nlevel = 1\nheading = "Handel"\n'
    )

    loaded(tmp_path, WORLD + LOCALITY + PROGRAM + editions)

    found = Edition.objects.filter(program__slug="nytt").order_by("number")
    assert [(row.number, row.state) for row in found] == [
        (1, "superseded"),
        (2, "adopted"),
        (3, "draft"),
    ]
    assert Clause.objects.get(slug="stad").origin.slug == "torg"
    assert Clause.objects.get(slug="torg").origin.slug == "handel"


def test_clauses_stand_under_the_nearest_level_above(tmp_path):
    clauses = "".join(
        f'[[program.edition.clause]]\nkey = "k{number}"\nlevel = {level}\ntext = "Text"\n'
        for number, level in enumerate([0, 1, 2, 3, 2, 1, 3])
    )

    loaded(tmp_path, WORLD + LOCALITY + PROGRAM + EDITION + clauses)

    found = Clause.objects.filter(edition__program__slug="nytt")
    assert [(row.slug, row.number, row.parent and row.parent.slug) for row in found] == [
        ("k0", "", None),
        ("k1", "1", None),
        ("k2", "1.1", "k1"),
        ("k3", "1.1.1", "k2"),
        ("k4", "1.2", "k1"),
        ("k5", "2", None),
        ("k6", "2.1", "k5"),
    ]


def test_groups_have_as_many_members_as_the_file_says(tmp_path):
    member = '[[group.member]]\ncapacity = "politician"\nparty = "S"\ncount = 3\nstarted = "2022"\n'

    loaded(tmp_path, WORLD + GROUP + member)

    assert [(row.role, row.party) for row in Membership.objects.all()] == [("member", "S")] * 3


def test_photo_is_stored_with_its_words(tmp_path, media_root):
    loaded(tmp_path, with_photo(tmp_path, ""))

    assert Photo.objects.get().alt == "Bänk"
    assert files_in(media_root)[0] == "bank.webp"


@pytest.mark.parametrize(("state", "folder"), [("published", "media"), ("held", "held")])
def test_idea_keeps_its_position_and_a_picture_where_its_state_says(tmp_path, state, folder):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "bank.png").write_bytes(make_picture().read())
    sent = 'latitude = 56.8\nlongitude = 12.7\nposition_words = "Vid bron"\n'
    picture = '[[idea.photo]]\nfile = "bank.png"\nalt = "Bänk"\n'

    loaded(tmp_path, f'{WORLD}{IDEA}state = "{state}"\n{sent}{picture}')

    idea = Idea.objects.get()
    assert (idea.latitude, idea.longitude, idea.position_words) == (56.8, 12.7, "Vid bron")
    (photo,) = idea.photos.all()
    assert (tmp_path / folder / (photo.image.name or photo.held.name)).exists()
    assert bool(photo.image) == (state == "published")


def test_document_keeps_its_file_and_edition(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "karta.pdf").write_bytes(b"%PDF-1.7")

    loaded(tmp_path, WORLD + DOCUMENT + 'program = "programmet"\nedition = 1\nfile = "karta.pdf"\n')

    document = Document.objects.get()
    assert document.file.read() == b"%PDF-1.7"
    assert (document.edition.number, document.file_type) == (1, "PDF")


# The command


def command(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_municipality", path, stdout=out, no_color=True, **options)
    return out.getvalue()


def test_command_loads_once_and_changes_nothing_the_second_time(tmp_path):
    path = written(tmp_path, WORLD + ACTION)

    assert command(path) == "Exempels kommun is loaded.\n"
    before = stored()

    assert command(path) == "Exempels kommun is already loaded; nothing was changed.\n"
    assert stored() == before


def test_command_says_in_one_sentence_what_is_wrong(tmp_path):
    path = written(tmp_path, WORLD + ACTION + 'status = "paused"\n')

    with pytest.raises(CommandError, match=r"^Nothing was loaded\. fil\.toml: \[action 1\] bank"):
        command(path)
    assert stored() == {}


def test_dry_run_checks_the_file_and_stores_nothing(tmp_path, media_root):
    path = written(tmp_path, with_photo(tmp_path, ""))

    assert command(path, dry_run=True) == "Exempels kommun can be loaded.\n"
    assert stored() == {}
    assert files_in(media_root) == []


def test_dry_run_says_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match=r"Nothing was loaded\. fil\.toml: .*'nya'"):
        command(written(tmp_path, WORLD + PROGRAM), dry_run=True)


def test_dry_run_on_a_loaded_portal_finds_no_fault_in_the_same_file(tmp_path):
    path = written(tmp_path, WORLD)
    command(path)
    before = stored()

    command(path, dry_run=True)

    assert stored() == before


@pytest.mark.parametrize("is_demo", [True, False])
def test_users_get_the_known_password_only_in_the_demo(tmp_path, settings, is_demo):
    settings.DEMO = is_demo

    command(written(tmp_path, MUNICIPALITY + USER))

    user = get_user_model().objects.get(email="anna@example.se")
    assert user.check_password(DEMO_PASSWORD) == is_demo
    assert user.has_usable_password() == is_demo
    assert (user.is_staff, user.is_superuser) == (True, False)


def test_member_is_the_user_whatever_the_case_of_the_address(tmp_path):
    member = '[[group.member]]\ncapacity = "official"\nuser = "Anna@Example.se"\n'

    loaded(tmp_path, WORLD + USER + GROUP + member)

    assert Membership.objects.get().user.name == "Anna"


# The files in portal/demo. To load a whole one takes seconds: `tests/acceptance` does, once.


def demo_tables(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    def within(where: str, value: object) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(value, dict):
            yield where, value
            for key, inner in value.items():
                yield from within(f"{where}.{key}", inner)
        elif isinstance(value, list):
            for number, inner in enumerate(value, start=1):
                yield from within(f"{where} {number}", inner)

    yield from within(name, read(DEMO / f"{name}.toml"))


@pytest.mark.parametrize("name", ["halmstad", "flen"])
def test_demo_marks_invented_text_with_true_only(name):
    marks = [(where, table["demo"]) for where, table in demo_tables(name) if "demo" in table]

    assert len(marks) > 100
    assert [mark for mark in marks if mark[1] is not True] == []


PERIODS = [
    ("started", "ended"),
    ("started", "due"),
    ("started", "completed"),
    ("started", "passed"),
    ("date", "until"),
]
HAPPENED = ["completed", "replied_on", "frozen_on", "handed_over_on", "passed", "decided", "on"]


def relative(table: dict[str, Any], key: str, today: datetime.date) -> PartialDate | None:
    value = table.get(key)
    return Table(DEMO, "demo", {key: value}, today).partial(key) if value else None


@pytest.mark.parametrize("name", ["halmstad", "flen"])
def test_demo_can_be_loaded_on_any_day_of_the_year(name):
    tables = list(demo_tables(name))
    days = [datetime.date(2028, 1, 1) + datetime.timedelta(days) for days in range(366)]
    wrong = set()
    for where, table in tables:
        for start, end in PERIODS:
            if isinstance(table.get(start), str) and isinstance(table.get(end), str):
                for today in days:
                    begins, ends = relative(table, start, today), relative(table, end, today)
                    if begins.year > ends.year:
                        wrong.add((where, table[start], table[end]))

    assert wrong == set()


@pytest.mark.parametrize("name", ["halmstad", "flen"])
def test_demo_never_says_that_something_happened_in_the_future(name):
    days = [datetime.date(2028, month, 1) for month in range(1, 13)]
    wrong = {
        (where, key, table[key])
        for where, table in demo_tables(name)
        for key in HAPPENED
        if isinstance(table.get(key), str)
        for today in days
        if relative(table, key, today).first > today
    }

    assert wrong == set()


def test_those_who_take_part_are_read_with_the_days_they_came(tmp_path):
    loaded(
        tmp_path,
        f"""{WORLD}{EVENT}takes_sign_ups = true
seats = 10
sign_up_closes = "2026-05-01"
[[event.sign_up]]
name = "Eva"
email = "eva@example.se"
people = 3
on = "T-2"
[[event.sign_up]]
name = "Bo"
state = "unconfirmed"
[[join_request]]
locality = "orten"
phone = "08-465 004 91"
on = "T-4"
[[inquiry]]
kind = "missing"
text = "Hej"
on = "T-1"
""",
    )

    event = Event.objects.get()
    assert (event.seats, event.sign_up_closes_on) == (10, datetime.date(2026, 5, 1))
    found = SignUp.objects.order_by("pk").values_list("name", "people", "state")
    assert list(found) == [("Eva", 3, "seated"), ("Bo", 1, "unconfirmed")]
    days = [localdate(row.created_at) for row in (JoinRequest.objects.get(), Inquiry.objects.get())]
    assert days == [TODAY - datetime.timedelta(days=4), TODAY - datetime.timedelta(days=1)]
    assert Inquiry.objects.get().promised_on == TODAY + datetime.timedelta(days=13)
