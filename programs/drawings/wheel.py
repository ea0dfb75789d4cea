"""A year as a wheel: months around it, and the year's duties where they happen or are due."""

import datetime
import math
import textwrap
from dataclasses import dataclass
from itertools import pairwise

from programs.yearwheel import Spoke, Wheel

WIDTH, HEIGHT, RADIUS = 480, 380, 118
CENTER_X, CENTER_Y = WIDTH / 2, HEIGHT / 2
# Marks closer than this on the ring would lie on each other.
LEAST_TURN = 0.062
LETTERS_ON_A_LINE = 15
LINE_HEIGHT = 17


@dataclass(frozen=True, slots=True)
class Mark:
    """A duty's dot at (x, y), and where its label's lines stand."""

    spoke: Spoke
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class WheelDrawing:
    marks: list[Mark]
    past: str
    past_is_whole: bool


def draw_wheel(wheel: Wheel, today: datetime.date) -> WheelDrawing:
    """January starts at the top. `past` is the part of the ring that the year has come."""
    turns = apart([turn_of(spoke) for spoke in wheel.spokes])
    marks = []
    for spoke, turn in zip(wheel.spokes, turns, strict=True):
        x, y = at(turn, RADIUS)
        label_x, label_y = at(turn, RADIUS + 24)
        side = math.sin(math.tau * turn)
        anchor = "start" if side > 0.25 else "end" if side < -0.25 else "middle"
        # Near the top and bottom a label stands over or under its dot.
        nudge = -6 if label_y < CENTER_Y - RADIUS else 14 if label_y > CENTER_Y + RADIUS else 5
        lines = textwrap.wrap(spoke.duty.label, LETTERS_ON_A_LINE)
        # Further lines grow away from the ring: upward at the top, downward at the bottom.
        nudge -= (len(lines) - 1) * LINE_HEIGHT * (1 + math.cos(math.tau * turn)) / 2
        marks.append(Mark(spoke, x, y, label_x, label_y + nudge, anchor, lines))
    return WheelDrawing(marks, *past(wheel.year, today))


def turn_of(spoke: Spoke) -> float:
    """0 at New Year, 1 at the next; a duty without a day stands in the middle of its month."""
    if spoke.date and spoke.date.first == spoke.date.last:
        return spoke.date.first.timetuple().tm_yday / 366
    return (spoke.month - 0.5) / 12


def apart(turns: list[float]) -> list[float]:
    """The same turns in the same order, moved within the year where two would collide."""
    order = sorted(range(len(turns)), key=turns.__getitem__)
    result = list(turns)
    for before, index in pairwise(order):
        result[index] = max(result[index], result[before] + LEAST_TURN)
    # The last may now stand past New Year, or on the first: move it back, and those before it.
    latest = min(1.0, min(result, default=0) + 1 - LEAST_TURN)
    for index in reversed(order):
        result[index] = min(result[index], latest)
        latest = result[index] - LEAST_TURN
    return result


def at(turn: float, radius: float) -> tuple[float, float]:
    angle = math.tau * turn
    return CENTER_X + math.sin(angle) * radius, CENTER_Y - math.cos(angle) * radius


def past(year: int, today: datetime.date) -> tuple[str, bool]:
    """An SVG arc from New Year to today; a whole ring cannot be an arc, so that is said apart."""
    if today.year != year:
        return "", today.year > year
    turn = today.timetuple().tm_yday / 366
    if turn == 1:
        return "", True
    x, y = at(turn, RADIUS)
    return (
        f"M{CENTER_X:.0f} {CENTER_Y - RADIUS:.0f}"
        f"A{RADIUS} {RADIUS} 0 {int(turn > 0.5)} 1 {x:.1f} {y:.1f}",
        False,
    )
