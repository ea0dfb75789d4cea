import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from portal.staticfiles import IMPORT, fold

STATIC = Path(configured.BASE_DIR, "static")
CSS = STATIC / "css"
# Follows Django's own admin sheets, which know no layers and select by id.
ADMIN = CSS / "admin.css"
STYLE_SHEETS = sorted(set(CSS.rglob("*.css")) - {ADMIN})
ROOTS = ("main.css", "staff.css", "sheet.css")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MOST_COMPRESSED = 7 * 1024


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(CSS).as_posix()


def named(pattern: str) -> list[tuple[str, str]]:
    """Every (style sheet, what the pattern finds in it)."""
    return [
        (name_of(path), found)
        for path in STYLE_SHEETS
        for found in re.findall(pattern, text_of(path))
    ]


def sources() -> dict[str, tuple[FileSystemStorage, str]]:
    """What collectstatic gives to the storage."""
    return {path: (storage, path) for path, storage in FileSystemFinder().list([])}


def folded(directory: Path, **files: str) -> str:
    for name, text in files.items():
        path = directory / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".css").write_text(text)
    storage = FileSystemStorage(location=directory)
    paths = [path.relative_to(directory).as_posix() for path in directory.rglob("*.css")]
    return fold("css/main.css", {path: (storage, path) for path in paths})


def test_fold_puts_each_import_in_its_layer_in_order(tmp_path):
    text = folded(
        tmp_path,
        css__main='@layer a, b;\n@import url("one.css") layer(a);\n'
        '@import url("parts/two.css") layer(b);\nhtml { color: red }',
        css__one="p { color: blue }",
        css__parts__two="a { color: green }",
    )

    assert " ".join(text.split()) == (
        "@layer a, b; @layer a { p { color: blue } } @layer b { a { color: green } } "
        "html { color: red }"
    )


def test_fold_follows_imports_of_imports(tmp_path):
    text = folded(
        tmp_path,
        css__main='@import url("parts/one.css") layer(a);',
        css__parts__one='@import url("../two.css") layer(b);',
        css__two="p { color: blue }",
    )

    assert " ".join(text.split()) == "@layer a { @layer b { p { color: blue } } }"


def test_fold_of_a_missing_file_stops(tmp_path):
    with pytest.raises(KeyError, match="gone"):
        folded(tmp_path, css__main='@import url("gone.css") layer(a);')


@pytest.mark.parametrize("root", ROOTS)
def test_root_folds_without_an_import_left(root):
    text = COMMENT.sub("", fold(f"css/{root}", sources()))

    assert "@import" not in text
    assert text.count("{") == text.count("}")


def test_every_style_sheet_is_imported_once_in_a_layer():
    imported = []
    for root in ROOTS:
        text = text_of(CSS / root)
        found = [match["path"] for match in IMPORT.finditer(text)]
        layers = re.search(r"@layer ([^;]+);", text)[1].split(", ")
        imported += found

        assert text.count("@import") == len(found)
        assert {match["layer"] for match in IMPORT.finditer(text)} <= set(layers)
        assert "theme" in layers

    assert sorted(imported) == [name_of(path) for path in STYLE_SHEETS if path.name not in ROOTS]


def test_what_only_staff_see_is_not_in_the_public_sheet():
    imported = {match["path"] for match in IMPORT.finditer(text_of(CSS / "main.css"))}

    assert [path for path in imported if path.startswith("staff/")] == []


def test_only_the_roots_import():
    assert {sheet for sheet, _found in named("@import")} <= set(ROOTS)


def test_every_url_is_written_where_folding_leaves_it_right():
    urls = [
        (sheet, url.strip("\"'"))
        for sheet, url in named(r"url\(([^)]+)\)")
        if not url.endswith('.css"')
    ]

    assert urls != []
    # Folding does not rewrite paths: only a file beside main.css points where it says.
    assert [sheet for sheet, _url in urls if "/" in sheet] == []
    assert [url for _sheet, url in urls if not (CSS / url).is_file()] == []


def test_nothing_is_important_and_no_id_is_selected():
    assert named(r"!\s*important") == []
    selectors = [
        (sheet, selector.strip())
        for sheet, selector in named(r"([^{};]+)\{")
        if re.search(r"#[A-Za-z_]", selector)
    ]
    assert selectors == []


def test_component_has_one_class_prefix_and_a_file_of_that_name():
    strangers = []
    for path in sorted((CSS / "components").glob("*.css")):
        selectors = re.findall(r"([^{};]+)\{", text_of(path))
        names = set(re.findall(r"\.([a-z][a-z-]*)", " ".join(selectors)))
        if names and not any(name.startswith(path.stem) for name in names):
            strangers.append((path.name, sorted(names)))

    assert strangers == []


OURS = ["django.contrib.staticfiles.finders.FileSystemFinder"]


@pytest.fixture
def collected(settings, tmp_path) -> Path:
    """Only our own files: to compress all of the admin's takes long."""
    settings.STATICFILES_FINDERS = OURS
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.staticfiles.FoldedStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return settings.STATIC_ROOT


def address_of_main(collected: Path) -> str:
    return json.loads((collected / "staticfiles.json").read_text())["paths"]["css/main.css"]


def test_collected_style_sheet_is_one_small_file(collected, settings):
    address = address_of_main(collected)
    text = (collected / address).read_text(encoding="utf-8")

    assert re.fullmatch(r"css/main\.[0-9a-f]{12}\.css", address)
    assert "@import" not in text
    assert "/*" not in text
    assert text == (collected / "css/main.css").read_text(encoding="utf-8").replace(
        *renamed_font(collected)
    )
    assert gzip.decompress((collected / f"{address}.gz").read_bytes()).decode() == text
    assert (collected / f"{address}.gz").stat().st_size <= MOST_COMPRESSED


def renamed_font(collected: Path) -> tuple[str, str]:
    name = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return f"../{name}", f"../{paths[name]}"


def test_collected_staff_style_sheet_is_one_file(collected):
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    text = (collected / paths["css/staff.css"]).read_text(encoding="utf-8")

    assert "@import" not in text
    assert text.startswith("@layer reset,")


def test_collecting_again_gives_the_same_style_sheet(collected):
    before = address_of_main(collected)

    call_command("collectstatic", interactive=False, verbosity=0)

    assert address_of_main(collected) == before


def compressed(collected: Path) -> set[str]:
    files = collected.rglob("*")
    names = {path.relative_to(collected).as_posix() for path in files if path.is_file()}
    return {name for name in names if name.endswith((".gz", ".br"))}


def test_only_what_pages_link_to_is_compressed(collected):
    address = address_of_main(collected)

    assert {name for name in compressed(collected) if name.startswith("css/main")} == {
        f"{address}.br",
        f"{address}.gz",
    }


def test_demo_is_not_compressed_for_the_network(collected, settings):
    settings.DEMO = True

    call_command("collectstatic", interactive=False, verbosity=0, clear=True)

    assert {Path(name).suffix for name in compressed(collected)} == {".gz"}


def test_collecting_after_a_change_in_one_component_folds_it_in(settings, tmp_path):
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css/main.css").write_text('@import url("one.css") layer(a);')
    (source / "css/one.css").write_text("p { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = OURS
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.staticfiles.FoldedStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    before = address_of_main(tmp_path / "static")

    (source / "css/one.css").write_text("p { color: blue }")
    call_command("collectstatic", interactive=False, verbosity=0)

    after = address_of_main(tmp_path / "static")
    assert after != before
    assert (tmp_path / "static" / after).read_text() == "@layer a{p{color:blue}}"


@pytest.mark.django_db
def test_page_links_to_the_collected_style_sheet(collected, client):
    page = client.get("/").content.decode()

    assert f'<link rel="stylesheet" href="/static/{address_of_main(collected)}">' in page
