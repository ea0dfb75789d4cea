"""The demo's mailbox, from which the whole flow can be tried; nobody else has it."""

import re
from runpy import run_path

import pytest

from portal import urls
from programs.models import Idea
from programs.voices import letters
from tests.factories import make_idea, make_municipality, make_outgoing_mail, make_subscription

pytestmark = pytest.mark.django_db
BOX = "/demo/brev/"


@pytest.fixture(autouse=True)
def _municipality(db):
    make_municipality()


@pytest.fixture
def _demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.portal.demo_urls"


def test_mailbox_is_only_in_the_demo(client, settings):
    make_outgoing_mail()
    assert client.get(BOX).status_code == 404
    assert BOX not in client.get("/").content.decode()

    settings.ROOT_URLCONF = "tests.portal.demo_urls"
    assert client.get(BOX).status_code == 404
    assert client.get(f"{BOX}1/").status_code == 404


@pytest.mark.parametrize("is_demo", [True, False])
def test_mailbox_has_addresses_in_demo_mode_alone(settings, is_demo):
    settings.DEMO = is_demo

    patterns = run_path(urls.__file__)["urlpatterns"]

    assert any(str(entry.pattern) == "demo/brev/" for entry in patterns) == is_demo


@pytest.mark.usefixtures("_demo")
def test_mailbox_lists_letters_and_their_readers(client):
    make_outgoing_mail(to="eva@demo.example", subject="Äldst")
    make_outgoing_mail(to="ali@demo.example", subject="Nyast")
    make_outgoing_mail(to="", subject="Glömt")

    everything = client.get(BOX).content.decode()
    evas = client.get(f"{BOX}?till=eva%40demo.example").content.decode()
    nobodys = client.get(f"{BOX}?till=%00&sida=x").content.decode()

    assert everything.index("Nyast") < everything.index("Äldst")
    assert "Glömt" not in everything
    assert "ali@demo.example (1)" in everything
    assert "Nyast" not in evas
    assert "Äldst" in evas
    assert "Äldst" in nobodys
    assert f'href="{BOX}"' in client.get("/").content.decode()
    assert client.post(BOX).status_code == 405


@pytest.mark.usefixtures("_demo")
def test_links_in_the_mailbox_work_wherever_the_demo_is(client, settings, program):
    settings.SITE_URL = "http://127.0.0.1:8261"
    settings.ALLOWED_HOSTS = ["demo.example"]
    idea = make_idea(program=program, author_email="eva@demo.example", state="held")
    letter = letters.received(idea)

    page = client.get(f"{BOX}{letter.pk}/", headers={"host": "demo.example"}).content.decode()
    links = re.findall(r'href="http://demo\.example(/min/[^"]+)"', page)

    assert len(links) == 1
    client.post(links[0], {"do": "confirm"}, headers={"host": "demo.example"})
    assert Idea.objects.get().is_reachable


@pytest.mark.usefixtures("_demo")
def test_mailbox_has_the_button_that_stops_a_letter(client, program, settings):
    row = make_subscription(program=program)
    stop = f"/folj/{row.token}/sluta/"
    letter = make_outgoing_mail(headers={"List-Unsubscribe": f"<{settings.SITE_URL}{stop}>"})

    page = client.get(f"{BOX}{letter.pk}/").content.decode()

    assert f'action="{stop}"' in page
    assert 'name="List-Unsubscribe" value="One-Click"' in page
