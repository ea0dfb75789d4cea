"""Ideas that someone may be about to write once more.

The index gives what has any of the telling words; what is offered is then weighed here, by how
many and how rare the words in common are, and by whether it is about the same place.
"""

import math
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from modelsearch.query import Or, PlainText

from programs.chain import merge_target
from programs.models import Idea, Locality
from programs.saying.about import About

MOST_OFFERED = 4
MOST_READ = 200
MOST_STEMS = 16
FEW_STEMS = 2
# So large a part of the telling words that occur in any idea, the rare ones counting more.
SHARE_HERE = 0.4
SHARE_ELSEWHERE = 0.65

# Words that say nothing of what an idea is about.
COMMON_WORDS = """
about all alla allt alltid also and andra annan annat are att bara been behov behöva behöver
behövs bland blev bli blir borde bort bra but bäst bästa bättre både can could dag dem den denna
deras dess dessa det detta dig din dit ditt dom där efter eller endast ett finns fler flera
flest folk for fram framför from från får fått för före föreslår förslag ganska gav genom ger
gick gjort gärna gör göra had hade han hans har has have hej hela helst henne hennes here hit
hon hos how hur här idag idé idéer igen inga ingen ingenting inget innan inom inte into jag just
kan kanske kom kommer kommun kommunen kul kunde kunna lite länge längre låter man med mellan men
mer mera mest min mitt more mot mycket måste ned ner nog not nu ny nya när nära någon något
några och också ofta olika ordna ort orten oss our out plats platsen program programmet på redan
runt samma sedan should sig sin sina sist sitt själv ska skall skulle skönt snart som some stor
stora sätt så sådan sådana tack than that the their there they this till tills tog tror trots
tur tycker under upp utan utanför vad var vara varför varit varje vem verkligen very vet vid
vilka vilken vilket vill ville vore väl väldigt vår våra vårt want was what when where which who
why with would you your även åt önskan önskar önskas över
"""
COMMON = frozenset(COMMON_WORDS.split())
# Swedish endings, the longest first. What is left is compared as the beginning of a word, so that
# "cykelvägen" finds "cykelväg" and the other way round.
ENDING = re.compile(
    r"(?<=\w{3})(?:arnas|ernas|ornas|arna|erna|orna|ande|ades|aren|ens|ets|ade|are|ans|en|et|an|ar"
    r"|er|or|at|na|as|ns|n|a|e|t|s)$"
)


@dataclass(frozen=True, slots=True)
class Weighed:
    weight: float
    idea: Idea


def similar_ideas(text: str, about: About, seen: Collection[int] = ()) -> list[Idea]:
    """Public ideas that say much the same, the most alike first; each with `supporters`.

    One that was merged stands for the one it was merged with. Those in `seen` are left out.
    Costs a handful of queries however many ideas there are.
    """
    asked = stems(text)
    if not asked:
        return []
    weighed = weigh_all(asked, candidates(asked, about), about)
    chosen: dict[int, Idea] = {}
    for row in weighed:
        idea = merge_target(row.idea) or row.idea
        if idea.pk not in seen and len(chosen) < MOST_OFFERED:
            chosen.setdefault(idea.pk, idea)
    return with_supporters(list(chosen))


def candidates(asked: list[str], about: About) -> list[Idea]:
    """The latest that have any of the words: first those about the same place, then others.

    Not in the index's own order: SQLite would weigh every row anew for every word.
    """
    rows = (
        Idea.objects.public()
        .select_related("program__locality", "locality", "merged_into__merged_into")
        .order_by("-id")
    )
    words = Or([PlainText(stem) for stem in asked]) if len(asked) > 1 else PlainText(asked[0])
    here = []
    if about.locality:
        here = rows.filter(locality=about.locality)
        here = list(here.autocomplete(words, order_by_relevance=False)[:MOST_READ])
    found = rows.autocomplete(words, order_by_relevance=False)[:MOST_READ]
    return [*here, *(idea for idea in found if idea not in here)]


def with_supporters(keys: list[int]) -> list[Idea]:
    """The ideas with those keys, in that order."""
    rows = Idea.objects.public().for_list().filter(pk__in=keys)
    found = {idea.pk: idea for idea in rows.annotate(supporters=Count("supports"))}
    return [found[key] for key in keys if key in found]


def weigh_all(asked: list[str], rows: list[Idea], about: About) -> list[Weighed]:
    """Those that are enough alike, the most alike first."""
    shared = {
        idea.pk: shared_with(asked, f"{idea.title} {idea.text}", but=str(place_of(idea) or ""))
        for idea in rows
    }
    common = Counter(stem for found in shared.values() for stem in found)
    rarity = {stem: math.log(1 + len(rows) / count) for stem, count in common.items()}
    whole = sum(rarity.values())
    fewest = 1 if len(asked) <= FEW_STEMS else 2
    found = []
    for idea in rows:
        is_here = same_place(idea, about)
        in_title = shared_with(asked, idea.title)
        weight = sum(rarity[stem] for stem in shared[idea.pk])
        least = whole * (SHARE_HERE if is_here else SHARE_ELSEWHERE)
        if len(shared[idea.pk]) < fewest or weight < least:
            continue
        weight += sum(rarity[stem] for stem in in_title)
        found.append(Weighed(weight * (2 if is_here else 1), idea))
    return sorted(found, key=lambda row: (-row.weight, -row.idea.pk))


def same_place(idea: Idea, about: About) -> bool:
    """True also when either is about no place in particular."""
    place = place_of(idea)
    return place is None or about.locality is None or place == about.locality


def place_of(idea: Idea) -> Locality | None:
    return idea.locality or (idea.program.locality if idea.program else None)


def stems(text: str) -> list[str]:
    """The beginnings of the telling words, the longest first: "cykelväg" for "cykelvägarna"."""
    telling = {word for word in words_of(text) if word not in COMMON}
    found = {ENDING.sub("", word) for word in telling}
    return sorted(found, key=lambda stem: (-len(stem), stem))[:MOST_STEMS]


def shared_with(asked: list[str], text: str, but: str = "") -> set[str]:
    """Those of the stems that any word of the text begins with; `but` is words that do not count.

    Two ideas are not alike because both name the place that they are about.
    """
    words = words_of(text) - words_of(but)
    return {stem for stem in asked if any(word.startswith(stem) for word in words)}


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text.lower()))
