"""The rules of the house that a machine can hold: who imports whom, and what templates contain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.backends.django import get_installed_libraries

ROOT = Path(settings.BASE_DIR)
# Each may import those after it.
APPS = ["portal", "revisions", "programs"]
MAY_IMPORT = {app: set(APPS[number:]) for number, app in enumerate(APPS)}
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MOST_LINES = 400

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
LOAD = re.compile(r"\{%\s*load\s+(.*?)\s*%\}")
# What the content security policy would stop: styles and scripts written in the page.
INLINE = {
    "style attribute": re.compile(r"""<[^>]*\sstyle\s*=""", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=""", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "address with data": re.compile(r"""(?:src|href)=["']?data:""", re.IGNORECASE),
    "another host": re.compile(r"""<(?:script|link|img)\b[^>]*(?:src|href)=["']?(?:https?:)?//"""),
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """The modules that a module imports anywhere in it, also below `if` and in functions."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join([*above, *([node.module] if node.module else [])])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


def apps_in(modules: Iterator[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules} & set(APPS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path):
    app = path.relative_to(ROOT).parts[0]

    assert apps_in(imported(path)) <= MAY_IMPORT[app]


def test_nobody_imports_the_portal():
    others = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "portal"]

    assert [name_of(path) for path in others if "portal" in apps_in(imported(path))] == []


def test_steps_import_nothing_of_ours():
    assert apps_in(imported(ROOT / "revisions" / "steps.py")) == set()


def test_imports_are_found_wherever_they_stand(tmp_path):
    package = tmp_path / "programs" / "views"
    package.mkdir(parents=True)
    module = package / "odd.py"
    module.write_text(
        "import portal.urls as urls\n"
        "from . import lists\n"
        "from ..models import Action\n"
        "def late():\n    from revisions.models import Process\n"
    )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.test_architecture.ROOT", tmp_path)
        assert list(imported(module)) == [
            "portal.urls",
            "programs.views",
            "programs.models",
            "revisions.models",
        ]


def test_no_module_has_grown_into_two():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in MODULES}

    assert {
        name: length
        for name, length in lengths.items()
        if length > MOST_LINES and "/migrations/" not in name
    } == {}


def late_imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each function that imports, and what is written on and above the lines that do."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for function in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            imports = [
                node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            if imports:
                around = [
                    lines[number]
                    for node in imports
                    for number in (node.lineno - 2, node.end_lineno - 1)
                ]
                yield f"{name_of(path)}: {function.name}", "\n".join(around)


def test_import_within_a_function_says_why():
    a_reason = re.compile(r"#\s*(?!noqa: \S+$)\S", re.MULTILINE)
    found = [late for path in MODULES for late in late_imports(path)]

    assert [function for function, around in found if not a_reason.search(around)] == []


def libraries(path: Path) -> list[str]:
    return [
        name
        for words in LOAD.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))
        for name in words.partition(" from ")[2].split() or words.split()
    ]


@pytest.mark.parametrize("folder", ["programs", "revisions", "components", "forms"])
def test_templates_load_tags_of_their_own_app_or_below_it(folder):
    # A program page shows its revision through tags that `revisions` provides: the other way
    # round than imports go, and the only thing that it knows about revisions.
    allowed = {"programs", "revisions", "django", "crispy_forms", "easy_thumbnails"}
    module_of = get_installed_libraries()
    strangers = [
        (name_of(path), library)
        for path in TEMPLATES
        if path.relative_to(ROOT / "templates").parts[0] == folder
        for library in libraries(path)
        if module_of[library].partition(".")[0] not in allowed
    ]

    assert strangers == []


def test_templates_include_only_what_is_theirs_or_shared():
    parts = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
    strangers = []
    for path in TEMPLATES:
        app = path.relative_to(ROOT / "templates").parts[0]
        for name in parts.findall(path.read_text(encoding="utf-8")):
            owner = name.partition("/")[0]
            if owner in APPS and owner != app and owner not in MAY_IMPORT.get(app, set()):
                strangers.append((name_of(path), name))

    assert strangers == []


def is_fragment(path: Path) -> bool:
    return path.name.startswith("_") or path.parent.name == "components"


@pytest.mark.parametrize("path", [path for path in TEMPLATES if is_fragment(path)], ids=name_of)
def test_fragment_opens_with_what_it_needs(path):
    text = path.read_text(encoding="utf-8")

    assert re.match(r"(?:\{% load [^%]+%\}\s*)*\{#", text)


def test_every_endblock_has_its_name():
    nameless = [
        name_of(path) for path in TEMPLATES if re.search(r"\{%\s*endblock\s*%\}", path.read_text())
    ]

    assert nameless == []


@pytest.mark.parametrize("kind", INLINE)
def test_nothing_inline_in_any_page(kind):
    found = [
        (name_of(path), match[0][:60])
        for path in [*TEMPLATES, *MODULES]
        for match in INLINE[kind].finditer(COMMENT.sub("", path.read_text(encoding="utf-8")))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("kind", "html"),
    [
        ("style attribute", '<p class="a"\n style="color: red">'),
        ("style element", "<style>p {}</style>"),
        ("event attribute", '<a href="/" onclick="go()">'),
        ("inline script", "<script>go()</script>"),
        ("inline script", '<script type="module">go()</script>'),
        ("script address", '<a href="javascript:go()">'),
        ("address with data", '<img src="data:image/png;base64,AA">'),
        ("another host", '<link rel="stylesheet" href="https://example.se/a.css">'),
    ],
)
def test_inline_is_recognised(kind, html):
    assert INLINE[kind].search(html)


@pytest.mark.parametrize(
    "html",
    [
        '<script type="module" src="/static/js/filter.js"></script>',
        '<svg><path d="M0 0" stroke-linecap="round"/></svg>',
        '<a href="https://www.digg.se/">Digg</a>',
        '<div data-on="1" class="style">',
    ],
)
def test_ordinary_markup_is_not_taken_for_inline(html):
    assert [kind for kind, pattern in INLINE.items() if pattern.search(html)] == []
