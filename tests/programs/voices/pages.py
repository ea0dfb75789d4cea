"""Reads the queue and the page of a voice as a person does, and sends their forms."""

from typing import Any

from django.test import Client
from django.urls import reverse

from programs.models import Voice
from programs.voices.kinds import kind_of
from tests.programs.voices.builders import fresh
from tests.revisions.pages import by_class, page_of, words_in

QUEUE = reverse("voices_staff:queue")
PUBLISH = reverse("voices_staff:publish_many")


def page_url(voice: Voice) -> str:
    return reverse("voices_staff:voice", args=[kind_of(voice), voice.pk])


def act_url(voice: Voice, act: str) -> str:
    return reverse("voices_staff:act", args=[kind_of(voice), voice.pk, act])


def pick(voice: Voice) -> str:
    return f"{kind_of(voice)}-{voice.pk}-{fresh(voice).stamp}"


def send(client: Client, voice: Voice, act: str, query: str = "", **fields: Any) -> Any:
    """Send an act's form as the page would, from how the voice is now."""
    sent = {"seen": fresh(voice).stamp} | fields
    return client.post(act_url(voice, act) + query, sent)


def shown(client: Client, query: str = "") -> list[str]:
    """The references in the list, in its order."""
    response = client.get(QUEUE + query)
    assert response.status_code == 200
    return [row.voice.reference for row in response.context["rows"]]


def tabs(client: Client, query: str = "") -> dict[str, int]:
    response = client.get(QUEUE + query)
    return {tab.key: count for tab, count, _is_chosen in response.context["tabs"]}


def rows_of(client: Client, query: str = "") -> list[str]:
    return [words_in(row) for row in by_class(page_of(client, QUEUE + query), "queue__row")]
