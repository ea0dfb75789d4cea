"""The municipality as a map: places by their position, with labels that do not collide."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programs.models import Locality, Municipality

WIDTH = 690
MOST_HEIGHT = 600
MARGIN = 46
LABEL_HEIGHT = 20
LETTER_WIDTH = 8.4

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A dot at (x, y); its label starts, ends or is centered at (label_x, label_y)."""

    locality: Locality
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Map:
    """Everything in the units of a drawing that is `width` by `height`."""

    width: int
    height: int
    land: str
    waters: list[str]
    places: list[Place]
    is_coastal: bool


def draw_map(municipality: Municipality, localities: Iterable[Locality]) -> Map | None:
    """None when no place has a position."""
    placed = [place for place in localities if place.latitude is not None]
    if not placed:
        return None
    positions = [(place.longitude, place.latitude) for place in placed]
    outline = [(lon, lat) for lon, lat in municipality.map_outline]
    project, height = projection([*outline, *positions])
    dots = [project(position) for position in positions]
    if outline:
        land = smooth([project(point) for point in outline])
    else:
        land = smooth(surroundings(dots, height))
    waters = [
        "M" + " ".join(f"{x:.0f} {y:.0f}" for x, y in map(project, line))
        for line in municipality.map_waters
    ]
    return Map(WIDTH, height, land, waters, label(placed, dots, height), bool(outline))


def projection(points: Sequence[Point]) -> tuple:
    """A function from (longitude, latitude) to the drawing, and the drawing's height.

    Longitude is shortened by the latitude's cosine, which is enough for a municipality.
    """
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    shrink = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * shrink, 0.02)
    down = max(north - south, 0.02)
    scale = min((WIDTH - 2 * MARGIN) / across, (MOST_HEIGHT - 2 * MARGIN) / down)
    height = round(down * scale + 2 * MARGIN)
    left = (WIDTH - across * scale) / 2

    def project(point: Point) -> Point:
        lon, lat = point
        return left + (lon - west) * shrink * scale, MARGIN + (north - lat) * scale

    return project, height


def surroundings(dots: Sequence[Point], height: float) -> list[Point]:
    """A calm shape around the dots, for a municipality that has not drawn its outline."""
    middle = (sum(x for x, _ in dots) / len(dots), sum(y for _, y in dots) / len(dots))
    shape = []
    for turn in range(16):
        angle = math.tau * turn / 16
        reach = max(
            (x - middle[0]) * math.cos(angle) + (y - middle[1]) * math.sin(angle) for x, y in dots
        )
        x = middle[0] + math.cos(angle) * (reach + MARGIN * 0.8)
        y = middle[1] + math.sin(angle) * (reach + MARGIN * 0.8)
        shape.append((min(max(x, 6), WIDTH - 6), min(max(y, 6), height - 6)))
    return shape


def smooth(points: Sequence[Point]) -> str:
    """A closed SVG path through the points (Catmull–Rom as cubic curves)."""
    count = len(points)
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for index in range(count):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
            points[(index + offset) % count] for offset in (-1, 0, 1, 2)
        )
        path += (
            f"C{x1 + (x2 - x0) / 6:.0f} {y1 + (y2 - y0) / 6:.0f} "
            f"{x2 - (x3 - x1) / 6:.0f} {y2 - (y3 - y1) / 6:.0f} {x2:.0f} {y2:.0f}"
        )
    return path + "Z"


def label(localities: Sequence[Locality], dots: Sequence[Point], height: float) -> list[Place]:
    """Labels to the right of the dot where there is room, else left, below or above."""
    taken: list[Box] = [(x - 9, y - 9, x + 9, y + 9) for x, y in dots]
    places = []
    for locality, (x, y) in zip(localities, dots, strict=True):
        width = len(locality.name) * LETTER_WIDTH
        options = [
            (x + 13, y + 5, "start", (x + 13, y - 12, x + 13 + width, y + 10)),
            (x - 13, y + 5, "end", (x - 13 - width, y - 12, x - 13, y + 10)),
            (x, y + 25, "middle", (x - width / 2, y + 10, x + width / 2, y + 30)),
            (x, y - 15, "middle", (x - width / 2, y - 31, x + width / 2, y - 10)),
        ]
        best = min(options, key=lambda option: cost(option[3], taken, height))
        taken.append(best[3])
        places.append(Place(locality, x, y, best[0], best[1], best[2]))
    return places


def cost(box: Box, taken: Iterable[Box], height: float) -> float:
    """How much a label would cover; leaving the drawing counts most. The first of equals wins."""
    left, top, right, bottom = box
    outside = max(0, 2 - left) + max(0, right - WIDTH + 2)
    outside += max(0, 2 - top) + max(0, bottom - height + 2)
    covered = sum(
        max(0, min(right, r) - max(left, l)) * max(0, min(bottom, b) - max(top, t))
        for l, t, r, b in taken  # noqa: E741 (left, top, right, bottom of the others)
    )
    return outside * 1_000_000 + covered
