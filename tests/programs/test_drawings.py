import datetime
import math
import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programs.dates import PartialDate
from programs.drawings import map as map_drawing
from programs.drawings import wheel as wheel_drawing
from programs.drawings.map import LETTER_WIDTH, MOST_HEIGHT, Map, Place, draw_map
from programs.drawings.wheel import CENTER_X, CENTER_Y, LEAST_TURN, RADIUS, apart, draw_wheel
from programs.models import Duty, Locality, Municipality
from programs.yearwheel import Spoke, State, Wheel

DATE = datetime.date

# The wheel


def spoke(due_month: int, date: str | None = None) -> Spoke:
    state = State.PLANNED if date else State.DUE
    due_on = DATE(2026, due_month, 28)
    parsed = PartialDate.parse(date) if date else None
    return Spoke(Duty(due_month=due_month, label="Styrgrupp"), state, due_on, parsed)


def turn_at(x: float, y: float) -> float:
    """Where a point lies around the wheel: 0 at the top, 0.25 to the right."""
    return math.atan2(x - CENTER_X, CENTER_Y - y) / math.tau % 1


def shortest_way(turns: list[float]) -> float:
    """The smallest distance around the ring between two that stand next to each other."""
    around = sorted(turn % 1 for turn in turns)
    ways = [after - before for before, after in pairwise(around)]
    return min([*ways, around[0] + 1 - around[-1]])


@pytest.mark.parametrize(
    ("due_month", "date", "turn"),
    [
        (1, None, 0.5 / 12),
        (6, None, 5.5 / 12),
        (12, None, 11.5 / 12),
        (6, "2026-07-02", 183 / 366),
        (6, "september 2026", 8.5 / 12),
    ],
)
def test_mark_stands_on_the_ring_at_its_day_or_in_its_month(due_month, date, turn):
    [mark] = draw_wheel(Wheel(None, 2026, [spoke(due_month, date)]), DATE(2026, 1, 1)).marks

    assert turn_at(mark.x, mark.y) == pytest.approx(turn)
    assert math.hypot(mark.x - CENTER_X, mark.y - CENTER_Y) == pytest.approx(RADIUS)


def test_label_turns_away_from_the_ring():
    spokes = [spoke(month) for month in (1, 3, 6, 9)]

    marks = draw_wheel(Wheel(None, 2026, spokes), DATE(2026, 1, 1)).marks

    assert [mark.anchor for mark in marks] == ["start", "start", "start", "end"]
    assert (
        draw_wheel(Wheel(None, 2026, [spoke(7, "2026-07-01")]), DATE(2026, 1, 1)).marks[0].anchor
        == "middle"
    )
    for mark in marks:
        assert math.hypot(mark.label_x - CENTER_X, mark.label_y - CENTER_Y) > RADIUS + 11


def test_wheel_without_duties_has_no_marks():
    assert draw_wheel(Wheel(None, 2026, []), DATE(2026, 6, 1)).marks == []


def test_marks_keep_the_order_of_the_duties():
    spokes = [spoke(11), spoke(4), spoke(4), spoke(8)]

    marks = draw_wheel(Wheel(None, 2026, spokes), DATE(2026, 1, 1)).marks

    assert [mark.spoke for mark in marks] == spokes
    assert turn_at(marks[1].x, marks[1].y) < turn_at(marks[2].x, marks[2].y)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
@example([11.5 / 12, 11.5 / 12, 0.5 / 12])
@example([1.0, 1.0, 1.0, 0.0])
def test_marks_never_lie_on_each_other_not_even_at_new_year(turns):
    assert shortest_way(apart(turns)) >= LEAST_TURN - 1e-9


@given(st.lists(st.floats(0, 1), max_size=12))
def test_marks_keep_their_order_in_time(turns):
    moved = apart(turns)

    assert sorted(range(len(turns)), key=turns.__getitem__) == sorted(
        range(len(turns)), key=moved.__getitem__
    )


def test_mark_that_stands_free_is_not_moved():
    assert apart([0.01, 0.5, 0.1, 0.94]) == [0.01, 0.5, 0.1, 0.94]


ARC = re.compile(r"M240 72A118 118 0 ([01]) 1 (\d+\.\d) (\d+\.\d)")


@pytest.mark.parametrize(
    ("today", "large", "turn"),
    [
        (DATE(2026, 1, 1), "0", 1 / 366),
        (DATE(2026, 4, 1), "0", 91 / 366),
        (DATE(2026, 7, 1), "0", 182 / 366),
        (DATE(2026, 8, 1), "1", 213 / 366),
        (DATE(2026, 12, 31), "1", 365 / 366),
    ],
)
def test_past_is_an_arc_from_new_year_to_today(today, large, turn):
    drawing = draw_wheel(Wheel(None, 2026, []), today)

    arc = ARC.fullmatch(drawing.past)

    assert arc[1] == large
    assert turn_at(float(arc[2]), float(arc[3])) == pytest.approx(turn, abs=1e-3)
    assert not drawing.past_is_whole


def test_past_of_a_year_that_is_over_is_the_whole_ring():
    drawing = draw_wheel(Wheel(None, 2025, []), DATE(2026, 1, 1))

    assert (drawing.past, drawing.past_is_whole) == ("", True)


def test_past_of_a_year_to_come_is_nothing():
    drawing = draw_wheel(Wheel(None, 2027, []), DATE(2026, 12, 31))

    assert (drawing.past, drawing.past_is_whole) == ("", False)


@given(st.dates(DATE(1990, 1, 1), DATE(2100, 12, 31)))
@example(DATE(2028, 12, 31))
def test_past_never_begins_and_ends_in_the_same_point(today):
    drawing = draw_wheel(Wheel(None, today.year, []), today)

    # Such an arc is drawn as nothing at all.
    assert drawing.past_is_whole or not drawing.past.endswith(" 240.0 72.0")


def test_wheel_fits_its_drawing():
    assert wheel_drawing.WIDTH / 2 - RADIUS > 11
    assert wheel_drawing.HEIGHT / 2 - RADIUS > 11


# The map

HALMSTAD = [[12.6, 56.6], [12.6, 56.9], [13.2, 56.9], [13.2, 56.6]]


def place(latitude: float | None, longitude: float | None, name: str = "Ort") -> Locality:
    return Locality(name=name, latitude=latitude, longitude=longitude)


def label_box(place: Place) -> tuple[float, float]:
    """The label's left and right end."""
    width = len(place.locality.name) * LETTER_WIDTH
    left = {"start": 0, "middle": width / 2, "end": width}[place.anchor]
    return place.label_x - left, place.label_x - left + width


def is_inside(drawing: Map) -> bool:
    dots = all(
        0 <= place.x <= drawing.width and 0 <= place.y <= drawing.height for place in drawing.places
    )
    labels = all(
        label_box(place)[0] >= 0
        and label_box(place)[1] <= drawing.width
        and 12 <= place.label_y <= drawing.height
        for place in drawing.places
    )
    return dots and labels


@pytest.mark.parametrize("localities", [[], [place(None, None)]])
def test_map_without_any_position_is_none(localities):
    assert draw_map(Municipality(), localities) is None


def test_place_without_a_position_is_left_out():
    drawing = draw_map(Municipality(), [place(56.7, 12.8, "Getinge"), place(None, None, "Okänd")])

    assert [place.locality.name for place in drawing.places] == ["Getinge"]


@pytest.mark.parametrize("outline", [[], HALMSTAD])
def test_map_of_one_place_has_it_inside(outline):
    drawing = draw_map(Municipality(map_outline=outline), [place(56.7, 12.9, "Getinge")])

    assert len(drawing.places) == 1
    assert is_inside(drawing)
    assert 0 < drawing.height <= MOST_HEIGHT


def test_dots_lie_as_the_places_do():
    north, south = place(56.9, 12.8, "Norr"), place(56.6, 12.8, "Söder")
    west, east = place(56.7, 12.6, "Väst"), place(56.7, 13.1, "Öst")

    drawing = draw_map(Municipality(), [north, south, west, east])

    at = {place.locality.name: place for place in drawing.places}
    assert [place.locality for place in drawing.places] == [north, south, west, east]
    assert at["Norr"].y < at["Väst"].y < at["Söder"].y
    assert at["Väst"].x < at["Norr"].x < at["Öst"].x
    assert at["Norr"].x == at["Söder"].x
    assert at["Väst"].y == at["Öst"].y


def test_map_is_as_wide_as_it_is_in_nature():
    # At 60° north a degree of longitude is half as long as one of latitude.
    corners = [place(60.0, 12.0), place(60.0, 12.4), place(59.9, 12.0), place(60.1, 12.0)]

    one, other, south, north = draw_map(Municipality(), corners).places

    assert (other.x - one.x) / (south.y - north.y) == pytest.approx(1, abs=0.01)


def test_map_draws_the_outline_and_the_waters():
    waters = [[[12.7, 56.7], [12.8, 56.8]], [[13.0, 56.65], [13.1, 56.7]]]
    municipality = Municipality(map_outline=HALMSTAD, map_waters=waters)

    drawing = draw_map(municipality, [place(56.7, 12.9)])

    assert drawing.is_coastal
    assert re.fullmatch(r"M\d+ \d+(C-?\d+( -?\d+){5}){4}Z", drawing.land)
    assert len(drawing.waters) == 2
    assert all(re.fullmatch(r"M\d+ \d+ \d+ \d+", water) for water in drawing.waters)


def test_map_without_an_outline_has_calm_surroundings_and_no_coast():
    drawing = draw_map(Municipality(), [place(56.7, 12.9), place(56.8, 12.7)])

    assert not drawing.is_coastal
    assert drawing.waters == []
    assert drawing.land.count("C") == 16


def test_place_outside_the_outline_stays_in_the_drawing():
    drawing = draw_map(Municipality(map_outline=HALMSTAD), [place(56.3, 12.2, "Utanför")])

    assert is_inside(drawing)


def test_labels_of_near_places_do_not_cover_each_other():
    near = [place(56.70, 12.90, "Getinge"), place(56.705, 12.905, "Oskarström")]

    one, other = draw_map(Municipality(map_outline=HALMSTAD), near).places

    apart_across = label_box(one)[1] <= label_box(other)[0] or (
        label_box(other)[1] <= label_box(one)[0]
    )
    assert apart_across or abs(one.label_y - other.label_y) >= map_drawing.LABEL_HEIGHT


positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
# The longest name that has room beside any dot; Sweden's longest locality name has 26 letters.
names = st.text("abcdefghijåäö", min_size=1, max_size=39)
localities = st.lists(
    st.builds(lambda position, name: place(*position, name), positions, names),
    min_size=1,
    max_size=30,
)


@given(localities)
def test_any_positions_stay_inside_the_map(localities):
    drawing = draw_map(Municipality(), localities)

    assert len(drawing.places) == len(localities)
    assert is_inside(drawing)
    assert "nan" not in drawing.land


@given(localities, st.lists(positions, min_size=1, max_size=20))
def test_any_positions_stay_inside_the_map_whatever_its_outline(localities, outline):
    municipality = Municipality(map_outline=[[lon, lat] for lat, lon in outline])

    drawing = draw_map(municipality, localities)

    assert is_inside(drawing)
    assert 0 < drawing.height <= MOST_HEIGHT
