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
# The outline is drawn coarsely: a jetty just outside it is still in the municipality.
SHORE = 16
# Four decimals are some ten meters, which is finer than anyone can point on such a map.
DECIMALS = 4

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
class Projection:
    """From (longitude, latitude) to the drawing, and back.

    Longitude is shortened by the latitude's cosine, which is enough for a municipality.
    """

    west: float
    north: float
    shrink: float
    scale: float
    left: float

    def __call__(self, point: Point) -> Point:
        lon, lat = point
        x = self.left + (lon - self.west) * self.shrink * self.scale
        return x, MARGIN + (self.north - lat) * self.scale

    def back(self, point: Point) -> Point:
        x, y = point
        lon = self.west + (x - self.left) / (self.shrink * self.scale)
        return lon, self.north - (y - MARGIN) / self.scale


@dataclass(frozen=True, slots=True)
class Map:
    """Everything in the units of a drawing that is `width` by `height`.

    `shore` is the outline as it is drawn; empty for a municipality that has not drawn its own.
    """

    width: int
    height: int
    land: str
    waters: list[str]
    places: list[Place]
    shore: list[Point]
    projection: Projection

    @property
    def is_coastal(self) -> bool:
        return bool(self.shore)

    def pin(self, latitude: float, longitude: float) -> Point | None:
        """Where a position stands in the drawing; None when it lies outside it."""
        x, y = self.projection((longitude, latitude))
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None

    def nearest(self, point: Point) -> Locality:
        """The place whose dot stands nearest to a point in the drawing."""
        x, y = point
        return min(self.places, key=lambda row: math.hypot(row.x - x, row.y - y)).locality

    def position(self, x: float, y: float) -> tuple[float, float] | None:
        """Latitude and longitude of a point in the drawing; None outside the municipality."""
        is_here = 0 <= x <= self.width and 0 <= y <= self.height
        if not is_here or (self.shore and not near(self.shore, (x, y))):
            return None
        longitude, latitude = self.projection.back((x, y))
        return round(latitude, DECIMALS), round(longitude, DECIMALS)


def draw_map(municipality: Municipality, localities: Iterable[Locality]) -> Map | None:
    """None when no place has a position."""
    placed = [place for place in localities if place.latitude is not None]
    if not placed:
        return None
    positions = [(place.longitude, place.latitude) for place in placed]
    outline = [(lon, lat) for lon, lat in municipality.map_outline]
    project, height = projection([*outline, *positions])
    dots = [project(position) for position in positions]
    shore = [project(point) for point in outline]
    land = smooth(shore or surroundings(dots, height))
    waters = [
        "M" + " ".join(f"{x:.0f} {y:.0f}" for x, y in map(project, line))
        for line in municipality.map_waters
    ]
    return Map(WIDTH, height, land, waters, label(placed, dots, height), shore, project)


def projection(points: Sequence[Point]) -> tuple[Projection, int]:
    """What fits the points into the drawing, and the drawing's height."""
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    shrink = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * shrink, 0.02)
    down = max(north - south, 0.02)
    scale = min((WIDTH - 2 * MARGIN) / across, (MOST_HEIGHT - 2 * MARGIN) / down)
    height = round(down * scale + 2 * MARGIN)
    return Projection(west, north, shrink, scale, (WIDTH - across * scale) / 2), height


def near(shape: Sequence[Point], point: Point) -> bool:
    """Whether a point lies within a closed shape, or at most `SHORE` outside it."""
    x, y = point
    is_within = False
    for (x0, y0), (x1, y1) in zip(shape, [*shape[1:], shape[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            is_within = not is_within
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length if length else 0
        along = min(1, max(0, along))
        if math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)) <= SHORE:
            return True
    return is_within


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
