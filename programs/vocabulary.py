"""The municipality's own words: presets to start from, and what pages read."""

from collections.abc import Mapping

from programs.models import Municipality, Term

Forms = tuple[str, str, str, str, bool]

# key: (singular, definite, plural, definite plural, is an "ett" word)
COMMON: dict[str, Forms] = {
    Term.Key.LOCALITY: ("ort", "orten", "orter", "orterna", False),
    Term.Key.PROGRAM: ("program", "programmet", "program", "programmen", True),
    Term.Key.PROGRAM_SHORT: ("program", "programmet", "program", "programmen", True),
    Term.Key.VISION: ("vision", "visionen", "visioner", "visionerna", False),
    Term.Key.LEVEL_1: ("område", "området", "områden", "områdena", True),
    Term.Key.LEVEL_2: ("mål", "målet", "mål", "målen", True),
    Term.Key.LEVEL_3: ("strategi", "strategin", "strategier", "strategierna", False),
    Term.Key.LEVEL_4: ("punkt", "punkten", "punkter", "punkterna", False),
    Term.Key.ACTION: ("åtgärd", "åtgärden", "åtgärder", "åtgärderna", False),
    Term.Key.ACTION_LIST: (
        "åtgärdslista",
        "åtgärdslistan",
        "åtgärdslistor",
        "åtgärdslistorna",
        False,
    ),
    Term.Key.IDEA: ("idé", "idén", "idéer", "idéerna", False),
    Term.Key.PLANNING_BRIEF: (
        "budgetunderlag",
        "budgetunderlaget",
        "budgetunderlag",
        "budgetunderlagen",
        True,
    ),
    Term.Key.PUBLIC_ASSEMBLY: ("stormöte", "stormötet", "stormöten", "stormötena", True),
    Term.Key.ASSOCIATION: (
        "samhällsförening",
        "samhällsföreningen",
        "samhällsföreningar",
        "samhällsföreningarna",
        False,
    ),
    Term.Key.STEERING_GROUP: ("styrgrupp", "styrgruppen", "styrgrupper", "styrgrupperna", False),
    Term.Key.PROJECT_LEADER: (
        "projektledare",
        "projektledaren",
        "projektledare",
        "projektledarna",
        False,
    ),
    Term.Key.NETWORK: ("nätverk", "nätverket", "nätverk", "nätverken", True),
    Term.Key.QUICK_FIX: (
        "snabb åtgärd",
        "snabba åtgärden",
        "snabba åtgärder",
        "snabba åtgärderna",
        False,
    ),
}

PRESETS: dict[str, dict[str, Forms]] = {
    "halmstad": {
        **COMMON,
        Term.Key.PROGRAM: (
            "utvecklingsprogram",
            "utvecklingsprogrammet",
            "utvecklingsprogram",
            "utvecklingsprogrammen",
            True,
        ),
        Term.Key.VISION: (
            "framtidsbild",
            "framtidsbilden",
            "framtidsbilder",
            "framtidsbilderna",
            False,
        ),
        Term.Key.LEVEL_1: (
            "utvecklingsområde",
            "utvecklingsområdet",
            "utvecklingsområden",
            "utvecklingsområdena",
            True,
        ),
        Term.Key.LEVEL_2: ("ambition", "ambitionen", "ambitioner", "ambitionerna", False),
        Term.Key.PLANNING_BRIEF: (
            "underlag till planeringsdirektiv",
            "underlaget till planeringsdirektiv",
            "underlag till planeringsdirektiv",
            "underlagen till planeringsdirektiv",
            True,
        ),
        Term.Key.NETWORK: (
            "nätverk för lokal demokrati",
            "nätverket för lokal demokrati",
            "nätverk för lokal demokrati",
            "nätverken för lokal demokrati",
            True,
        ),
    },
    "flen": {
        **COMMON,
        Term.Key.PROGRAM: (
            "vision och handlingsplan",
            "visionen och handlingsplanen",
            "visioner och handlingsplaner",
            "visionerna och handlingsplanerna",
            False,
        ),
        Term.Key.PROGRAM_SHORT: ("plan", "planen", "planer", "planerna", False),
        Term.Key.LEVEL_1: ("byggsten", "byggstenen", "byggstenar", "byggstenarna", False),
        Term.Key.LEVEL_2: ("punkt", "punkten", "punkter", "punkterna", False),
        Term.Key.ACTION_LIST: (
            "handlingsplan",
            "handlingsplanen",
            "handlingsplaner",
            "handlingsplanerna",
            False,
        ),
        Term.Key.ASSOCIATION: ("bygderåd", "bygderådet", "bygderåd", "bygderåden", True),
        Term.Key.STEERING_GROUP: (
            "samordningsgrupp",
            "samordningsgruppen",
            "samordningsgrupper",
            "samordningsgrupperna",
            False,
        ),
        Term.Key.PROJECT_LEADER: (
            "ortsutvecklare",
            "ortsutvecklaren",
            "ortsutvecklare",
            "ortsutvecklarna",
            False,
        ),
        Term.Key.NETWORK: (
            "bygdenätverk",
            "bygdenätverket",
            "bygdenätverk",
            "bygdenätverken",
            True,
        ),
        Term.Key.QUICK_FIX: ("quickfix", "quickfixen", "quickfixar", "quickfixarna", False),
    },
}


def words_of(municipality: Municipality) -> Mapping[str, Term]:
    """Every term by its key; words the municipality has not chosen come from the common preset."""
    chosen = {term.key: term for term in municipality.terms.all()} if municipality.pk else {}
    return {key: chosen.get(key) or term_from(key, COMMON[key]) for key in Term.Key.values}


def term_from(key: str, forms: Forms) -> Term:
    """An unsaved term."""
    singular, definite, plural, definite_plural, neuter = forms
    return Term(
        key=key,
        singular=singular,
        definite=definite,
        plural=plural,
        definite_plural=definite_plural,
        neuter=neuter,
    )
