import io
import os
import subprocess
import sys
from types import ModuleType

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

from tools import messages

HEADER = """msgid ""
msgstr ""
"Language: sv\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> ModuleType:
    """The tool at work in a small project of its own: one view and one template."""
    (tmp_path / "portal" / "migrations").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal" / "views.py").write_text('title = _("Home")\n')
    (tmp_path / "templates" / "page.html").write_text('{% translate "Search" %}\n')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SWEDISH", tmp_path / "sv" / "django.po")
    written(messages, "Home", "Start", "Search", "Sök")
    return messages


def written(tool: ModuleType, *pairs: str, flags: str = "") -> None:
    """A catalog of these texts and their Swedish."""
    entries = [
        f'{flags}msgid "{text}"\nmsgstr "{swedish}"\n'
        for text, swedish in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    tool.SWEDISH.parent.mkdir(exist_ok=True)
    tool.SWEDISH.write_text(HEADER + "\n".join(entries), encoding="utf-8")


def code(tool: ModuleType, text: str) -> None:
    (tool.ROOT / "portal" / "views.py").write_text(text)


def template(tool: ModuleType, text: str) -> None:
    (tool.ROOT / "templates" / "page.html").write_text(text)


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    *problems, advice = capsys.readouterr().err.splitlines()
    assert advice == "Run `make messages` and translate in locale/sv."
    return problems


def collected(tool: ModuleType) -> set[object]:
    return {message.id for message in tool.template() if message.id}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"PORTAL_MODE": "test"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_text_of_the_portal_is_translated():
    result = run(sys.executable, "tools/messages.py", "check")

    assert (result.returncode, result.stderr) == (0, "")


def test_catalog_that_is_complete_passes(project, capsys):
    assert project.check() == 0
    assert capsys.readouterr().err == ""


def test_check_tells_a_text_without_swedish(project, capsys):
    written(project, "Home", "Start", "Search", "")

    assert project.check() == 1
    assert said(capsys) == ["not translated: 'Search'"]


def test_check_tells_a_text_that_was_not_collected(project, capsys):
    written(project, "Home", "Start")

    assert project.check() == 1
    assert said(capsys) == ["not collected: 'Search'"]


def test_check_tells_swedish_that_no_text_uses(project, capsys):
    written(project, "Home", "Start", "Search", "Sök", "Away", "Borta")

    assert project.check() == 1
    assert said(capsys) == ["no longer used: 'Away'"]


def test_check_tells_a_guess(project, capsys):
    written(project, "Home", "Start", "Search", "Sök", flags="#, fuzzy\n")

    assert project.check() == 1
    assert said(capsys) == ["fuzzy: 'Home'", "fuzzy: 'Search'"]


def test_check_tells_a_lost_placeholder(project, capsys):
    code(project, '_("Home of %(name)s")')
    project.SWEDISH.write_text(
        f'{HEADER}#, python-format\nmsgid "Home of %(name)s"\nmsgstr "Hem för %(namn)s"\n\n'
        'msgid "Search"\nmsgstr "Sök"\n'
    )

    assert project.check() == 1
    [problem] = said(capsys)
    assert problem.startswith("'Home of %(name)s': ")


def test_check_tells_a_plural_with_one_form(project, capsys):
    code(project, 'ngettext("%(n)s idea", "%(n)s ideas", 2)')
    project.SWEDISH.write_text(
        f'{HEADER}msgid "%(n)s idea"\nmsgid_plural "%(n)s ideas"\n'
        'msgstr[0] "%(n)s idé"\nmsgstr[1] ""\n\nmsgid "Search"\nmsgstr "Sök"\n'
    )

    assert project.check() == 1
    assert said(capsys)[0] == "not translated: ('%(n)s idea', '%(n)s ideas')"


def test_check_tells_texts_of_different_contexts_apart(project, capsys):
    code(project, 'pgettext("duty", "Home")\n_("Home")')

    assert project.check() == 1
    assert said(capsys) == ["not collected: 'Home'"]


@pytest.mark.parametrize(
    "text",
    [
        '_("Found")',
        'gettext("Found")',
        'gettext_lazy("Found")',
        'gettext_noop("Found")',
        'pgettext("duty", "Found")',
        'pgettext_lazy("duty", "Found")',
        '_("Fo"\n  "und")',
        'x = {"a": [_("Found")]}',
    ],
)
def test_texts_of_python_are_collected(project, text):
    code(project, text)

    assert collected(project) == {"Found", "Search"}


@pytest.mark.parametrize("name", ["ngettext", "ngettext_lazy"])
def test_plurals_of_python_are_collected(project, name):
    code(project, f'{name}("One", "Many", 2)')

    assert collected(project) == {("One", "Many"), "Search"}


@pytest.mark.parametrize(
    "text",
    [
        '{% translate "Found" %}',
        "{% translate 'Found' %}",
        '{% trans "Found" %}',
        '{% translate "Found" as words %}',
        '{% translate "Found" context "duty" %}',
        '{% tag _("Found") "open" %}',
        '{{ _("Found") }}',
        '{{ words|default:_("Found") }}',
        "{% blocktranslate %}Found{% endblocktranslate %}",
        "{% blocktranslate trimmed %}\n  Found\n{% endblocktranslate %}",
        "It's {# don't #} \"here\" ( {% translate \"Found\" %} ' it isn't",
        '<svg viewBox="0 0 1 1">\n\n  {% if a %}\n {% translate "Found" %}{% endif %}\\',
    ],
)
def test_texts_of_templates_are_collected(project, text):
    template(project, text)

    assert collected(project) == {"Home", "Found"}


def test_placeholders_and_plurals_of_templates_are_collected(project):
    template(
        project,
        "{% blocktranslate count n=ideas|length %}{{ n }} idea{% plural %}{{ n }} ideas"
        "{% endblocktranslate %}{% blocktranslate with name=x.y %}Hi {{ name }}, 100%"
        "{% endblocktranslate %}",
    )

    assert collected(project) == {"Home", ("%(n)s idea", "%(n)s ideas"), "Hi %(name)s, 100%%"}


def test_migrations_and_other_files_are_not_collected(project):
    (project.ROOT / "portal" / "migrations" / "0001.py").write_text('_("Old")')
    (project.ROOT / "portal" / "data.toml").write_text('_("Data")')

    assert collected(project) == {"Home", "Search"}


def test_update_keeps_what_is_translated_and_drops_what_is_not_used(project, capsys):
    written(project, "Home", "Start", "Away", "Borta")

    assert project.update() == 0

    assert capsys.readouterr().out == "2 texts, 1 without Swedish.\n"
    with project.SWEDISH.open("rb") as file:
        found = {message.id: message.string for message in read_po(file) if message.id}
    assert found == {"Home": "Start", "Search": ""}
    assert "Borta" not in project.SWEDISH.read_text()


def test_update_twice_changes_nothing_the_second_time(project):
    project.update()
    before = project.SWEDISH.read_bytes()

    project.update()

    assert project.SWEDISH.read_bytes() == before


def test_compiled_catalog_is_what_django_reads(project):
    assert project.compile_swedish() == 0

    compiled = project.SWEDISH.with_suffix(".mo").read_bytes()
    assert read_mo(io.BytesIO(compiled)).get("Home").string == "Start"


def test_demo_is_in_swedish_also_on_a_new_machine():
    # Compiled catalogs are not kept in the repository: what starts the demo has to make one.
    catalog = "locale/sv/LC_MESSAGES/django.po"

    recipe = run("make", "--dry-run", "--what-if", catalog, "demo").stdout

    assert 0 < recipe.find("tools/messages.py compile") < recipe.find("manage.py demo")
