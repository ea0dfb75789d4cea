import datetime

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from programs.dates import SEASONS, PartialDate, Precision, day
from programs.fields import NOT_A_DATE, PartialDateField, PartialDateFormField, edit_text
from programs.models import Action, Event
from tests.factories import make_action, make_event, make_group

DATE = datetime.date


def partial(year: int, month: int = 1, number: int = 1, precision: str = "d") -> PartialDate:
    return PartialDate(DATE(year, month, number), Precision(precision))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """What `parse` can give: a season begins with its first month, a year with January."""
    first = draw(st.dates(DATE(1000, 1, 1), DATE(9999, 12, 31)))
    precision = draw(st.sampled_from(Precision))
    match precision:
        case Precision.MONTH:
            first = first.replace(day=1)
        case Precision.SEASON:
            month = draw(st.sampled_from([first for first, _last in SEASONS.values()]))
            first = DATE(first.year, month, 1)
        case Precision.YEAR:
            first = DATE(first.year, 1, 1)
    return PartialDate(first, precision)


READ_AS = [
    ("2013", partial(2013, precision="y")),
    ("hösten 2013", partial(2013, 9, precision="s")),
    ("Hösten 2013", partial(2013, 9, precision="s")),
    ("höst 2013", partial(2013, 9, precision="s")),
    ("vintern 2014", partial(2014, 1, precision="s")),
    ("våren 2014", partial(2014, 3, precision="s")),
    ("sommaren 2014", partial(2014, 6, precision="s")),
    ("autumn 2013", partial(2013, 9, precision="s")),
    ("spring 2013", partial(2013, 3, precision="s")),
    ("juni 2013", partial(2013, 6, precision="m")),
    ("JUNI  2013 ", partial(2013, 6, precision="m")),
    ("okt. 2013", partial(2013, 10, precision="m")),
    ("maj 2013", partial(2013, 5, precision="m")),
    ("May 2013", partial(2013, 5, precision="m")),
    ("2013-06", partial(2013, 6, precision="m")),
    ("2013-6", partial(2013, 6, precision="m")),
    ("18 juni 2013", partial(2013, 6, 18)),
    ("1 mars 2013", partial(2013, 3, 1)),
    ("18 June 2013", partial(2013, 6, 18)),
    ("18 dec. 2013", partial(2013, 12, 18)),
    ("2013-06-18", partial(2013, 6, 18)),
    ("2012-02-29", partial(2012, 2, 29)),
]


@pytest.mark.parametrize(("text", "date"), READ_AS, ids=[text for text, _date in READ_AS])
def test_parse_reads_swedish_iso_and_english(text, date):
    assert PartialDate.parse(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "13",
        "20133",
        "0000",
        "igår",
        "nästa år",
        "hösten",
        "2013 hösten",
        "hösten 13",
        "hösten 2013/2014",
        "brumaire 2013",
        "2013-13",
        "2013-00",
        "2013-06-00",
        "2013-00-10",
        "2013-02-29",
        "2013-06-31",
        "31 juni 2013",
        "0 juni 2013",
        "2013-06-18-01",
        "2013-06-18T10:00",
        "2013-06-18d",
        "-2013",
        "2013; DROP TABLE",
        "2013\x00",
        "9" * 10_000,
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_parse_refuses_nonsense(text):
    with pytest.raises(ValueError, match=r"not a date|month must|day is out of range|year 0"):
        PartialDate.parse(text)


@given(st.text(max_size=30))
def test_parse_of_any_text_gives_a_date_or_value_error(text):
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    assert date.first <= date.last


@given(partial_dates())
def test_storage_reads_back_as_the_same_date(date):
    assert PartialDate.from_storage(date.storage) == date
    assert len(date.storage) == len(date) == 11


@pytest.mark.parametrize("stored", ["", "2013", "2013-06-18", "2013-06-18x", "2013-02-30d", "xd"])
def test_from_storage_refuses_another_form(stored):
    with pytest.raises(ValueError):  # noqa: PT011 (some come from datetime)
        PartialDate.from_storage(stored)


@given(partial_dates(), partial_dates())
def test_text_order_is_order_in_time(one, other):
    assert (one.storage < other.storage) == (one < other)
    if one.first != other.first:
        assert (one < other) == (one.first < other.first)


def test_order_goes_from_day_to_year_on_the_same_first_day():
    dates = [partial(2013, precision=precision) for precision in ("y", "s", "m", "d")]

    assert [date.precision for date in sorted(dates)] == ["d", "m", "s", "y"]
    assert max(dates) == partial(2013, precision="y")


def test_order_with_a_plain_date_is_refused():
    with pytest.raises(TypeError):
        _ = partial(2013) < DATE(2014, 1, 1)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2013-06-18", DATE(2013, 6, 18)),
        ("februari 2012", DATE(2012, 2, 29)),
        ("februari 2013", DATE(2013, 2, 28)),
        ("december 2013", DATE(2013, 12, 31)),
        ("vintern 2012", DATE(2012, 2, 29)),
        ("våren 2013", DATE(2013, 5, 31)),
        ("sommaren 2013", DATE(2013, 8, 31)),
        ("hösten 2013", DATE(2013, 11, 30)),
        ("2013", DATE(2013, 12, 31)),
    ],
)
def test_last_is_the_last_day_it_may_mean(text, last):
    assert PartialDate.parse(text).last == last


@given(partial_dates())
def test_last_is_never_before_first_and_in_the_same_year(date):
    assert date.first <= date.last
    assert date.last.year == date.first.year == date.year


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2013-06-18", "2013-06-18"),
        ("juni 2013", "2013-06"),
        ("hösten 2013", "2013"),
        ("2013", "2013"),
    ],
)
def test_iso_is_what_a_time_element_takes(text, iso):
    assert PartialDate.parse(text).iso == iso


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["18 juni 2013", "juni 2013", "vintern 2013", "våren 2013", "sommaren 2013"]),
        ("en", ["18 June 2013", "june 2013", "winter 2013", "spring 2013", "summer 2013"]),
    ],
)
def test_date_is_written_in_the_readers_language(language, words):
    dates = ["2013-06-18", "2013-06", "winter 2013", "spring 2013", "summer 2013"]

    with translation.override(language):
        assert [str(PartialDate.parse(date)) for date in dates] == words


@pytest.mark.parametrize("language", ["sv", "en"])
@given(date=partial_dates())
def test_edit_text_reads_back_as_the_same_date(language, date):
    with translation.override(language):
        assert PartialDate.parse(edit_text(date)) == date
        assert PartialDate.parse(str(date)) == date


# The form field and what forms make of it


class DateForm(forms.Form):
    date = PartialDateFormField(required=False)


def test_form_field_gives_a_date():
    form = DateForm({"date": " hösten 2013 "})

    assert form.is_valid()
    assert form.cleaned_data["date"] == partial(2013, 9, precision="s")


def test_form_field_without_text_gives_none():
    form = DateForm({"date": "  "})

    assert form.is_valid()
    assert form.cleaned_data["date"] is None


@pytest.mark.parametrize("text", ["i höstas", "2013-13", "2013\x00", "<b>2013</b>", "9" * 10_000])
def test_form_field_says_what_to_write_and_keeps_what_was_written(text):
    form = DateForm({"date": text})

    assert form.errors == {"date": [NOT_A_DATE]}
    assert form["date"].value() == text


@pytest.mark.parametrize(
    ("typed", "changed"), [("hösten 2013", False), ("2013", True), ("nonsens", True), ("", True)]
)
def test_form_field_knows_whether_the_date_was_changed(typed, changed):
    form = DateForm({"date": typed}, initial={"date": partial(2013, 9, precision="s")})

    assert form.has_changed() == changed


class ActionForm(forms.ModelForm):
    class Meta:
        model = Action
        fields = ["title", "started", "due"]


def test_model_form_shows_the_date_as_it_can_be_typed():
    form = ActionForm(instance=Action(title="Bänkar", due=partial(2013, 9, precision="s")))

    assert 'value="hösten 2013"' in str(form["due"])
    assert "maxlength" not in str(form["due"])


@pytest.mark.django_db
def test_model_form_saves_a_date_and_its_absence():
    action = make_action(title="Bänkar", started=partial(2012))

    form = ActionForm({"title": "Bänkar", "started": "", "due": "juni 2013"}, instance=action)
    form.save()

    action.refresh_from_db()
    assert (action.started, action.due) == (None, partial(2013, 6, precision="m"))


def test_model_form_with_bad_text_has_the_message_at_the_field():
    form = ActionForm({"title": "Bänkar", "due": "så småningom"})

    assert form.errors == {"due": [NOT_A_DATE]}
    assert 'value="så småningom"' in str(form["due"])


def test_staff_form_with_bad_text_has_the_message_at_the_field():
    staff_form = ModelAdmin(Action, admin.site).get_form(None, fields=["title", "due"])

    form = staff_form({"title": "Bänkar", "due": "så småningom"})

    assert form.errors == {"due": [NOT_A_DATE]}
    assert 'value="så småningom"' in str(form["due"])
    assert staff_form({"title": "Bänkar", "due": "juni 2013"}).is_valid()


# The model field


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (None, None),
        ("", None),
        (partial(2013), partial(2013)),
        (DATE(2013, 6, 18), partial(2013, 6, 18)),
        ("2013-09-01s", partial(2013, 9, precision="s")),
        ("hösten 2013", partial(2013, 9, precision="s")),
    ],
)
def test_model_field_takes_dates_and_texts(value, date):
    assert Action._meta.get_field("due").to_python(value) == date


def test_model_field_refuses_nonsense_in_words():
    with pytest.raises(ValidationError) as caught:
        Action(title="Bänkar", due="snart").clean_fields(exclude=["locality"])

    assert caught.value.message_dict == {"due": [NOT_A_DATE]}


def test_model_field_migrates_without_its_fixed_length():
    _name, path, _args, kwargs = PartialDateField("datum").deconstruct()

    assert path == "programs.fields.PartialDateField"
    assert "max_length" not in kwargs


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2013", "hösten 2013", "juni 2013", "2013-06-18"])
def test_model_field_comes_back_from_the_database(text):
    date = PartialDate.parse(text)
    pk = make_event(date=date).pk

    assert Event.objects.get(pk=pk).date == date
    assert Event.objects.values_list("date", flat=True).get(pk=pk) == date
    assert Event.objects.aggregate(latest=models.Max("date")) == {"latest": date}
    assert Event._meta.get_field("date").value_to_string(Event(date=date)) == date.storage


@pytest.mark.django_db
def test_lookups_take_a_date_as_that_whole_day():
    made = {text: make_event(date=PartialDate.parse(text)).pk for text in DATES}

    def found(**lookup):
        pks = set(Event.objects.filter(**lookup).values_list("pk", flat=True))
        return [text for text, pk in made.items() if pk in pks]

    assert found(date=DATE(2013, 6, 18)) == ["2013-06-18"]
    assert found(date=PartialDate.parse("juni 2013")) == ["2013-06"]
    assert found(date__lt=DATE(2013, 6, 1)) == ["2013"]
    assert found(date__lt=PartialDate.parse("juni 2013")) == ["2013"]
    assert found(date__gte=DATE(2013, 6, 1)) == ["2013-06", "2013-06-18", "hösten 2013", "2014"]
    assert found(date__gt=PartialDate.parse("2013-06-18")) == ["hösten 2013", "2014"]
    assert found(date__in=[DATE(2013, 6, 18), PartialDate.parse("2014")]) == ["2013-06-18", "2014"]
    assert found(date__range=(DATE(2013, 6, 1), DATE(2013, 12, 31))) == [
        "2013-06",
        "2013-06-18",
        "hösten 2013",
    ]
    assert found(date__startswith="2013") == ["2013", "2013-06", "2013-06-18", "hösten 2013"]


DATES = ["2013", "2013-06", "2013-06-18", "hösten 2013", "2014"]


@pytest.mark.django_db
def test_lookup_refuses_nonsense():
    with pytest.raises(ValidationError):
        Event.objects.filter(date__gte="snart").exists()


@pytest.mark.django_db
def test_database_orders_as_python_does():
    dates = [PartialDate.parse(text) for text in reversed(DATES)]
    for date in dates:
        make_event(date=date)

    assert list(Event.objects.order_by("date").values_list("date", flat=True)) == sorted(dates)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("started", "due"),
    [
        ("2013-06-18", "2013-06-18"),
        ("hösten 2013", "2013"),
        ("2013-11-30", "juni 2013"),
        ("2013", "2014-01-01"),
        (None, "2013"),
        ("2013", None),
        (None, None),
    ],
)
def test_ends_after_start_compares_years_only(started, due):
    action = make_action(
        started=started and PartialDate.parse(started), due=due and PartialDate.parse(due)
    )

    action.full_clean()


@pytest.mark.django_db
def test_ends_after_start_is_told_in_the_form_and_kept_by_the_database():
    group = make_group(started=partial(2014))
    group.ended = partial(2013, 12, 31)

    with pytest.raises(ValidationError) as caught:
        group.full_clean()
    assert caught.value.message_dict == {"__all__": ["Slutet kan inte komma före starten."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        group.save()


def test_day_is_a_whole_day():
    assert day(DATE(2013, 6, 18)) == partial(2013, 6, 18)
