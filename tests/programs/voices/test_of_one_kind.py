"""What only ideas have, or only comments: titles, pictures, the text that they are about."""

import pytest
from django.core.files.storage import storages

from programs.voices.base import NotPossible
from tests.factories import make_idea, make_idea_photo, make_picture, make_process, make_program
from tests.programs.voices.builders import destinations, fresh, held, lines, process_of

pytestmark = pytest.mark.django_db


def test_title_that_is_changed_is_kept_too(desk, program):
    voice = make_idea(program=program, title="Kalle", text="Om en bänk.")

    desk.edit(voice, "Om en bänk.", title="En bänk")

    row = fresh(voice)
    assert (row.title, row.original_title, row.original_text) == ("En bänk", "Kalle", "")
    assert row.is_edited


# --- Pictures ------------------------------------------------------------------------------------


def pictures_of(voice):
    return [(bool(photo.held), bool(photo.image)) for photo in voice.photos.all()]


def test_pictures_are_public_only_while_the_idea_is(
    desk, program, django_capture_on_commit_callbacks
):
    voice = held("idea", program)
    photo = make_idea_photo(idea=voice, held=make_picture("bild.png"))
    name = photo.held.name

    with django_capture_on_commit_callbacks(execute=True):
        desk.publish(voice)
    assert pictures_of(voice) == [(False, True)]
    public = voice.photos.get().image
    assert public.name != name
    assert not storages["held"].exists(name)
    small = public["card"]

    with django_capture_on_commit_callbacks(execute=True):
        desk.hide(voice)
    assert pictures_of(voice) == [(True, False)]
    assert not storages["default"].exists(public.name)
    assert not storages["default"].exists(small.name)

    with django_capture_on_commit_callbacks(execute=True):
        desk.show_again(voice)
    assert pictures_of(voice) == [(False, True)]


def test_picture_that_was_kept_back_is_not_shown_with_the_idea(desk, program):
    voice = held("idea", program)
    photo = make_idea_photo(idea=voice)

    desk.publish(voice, with_pictures=False)
    assert pictures_of(voice) == [(True, False)]
    desk.hide(voice)
    desk.show_again(voice)
    assert pictures_of(voice) == [(True, False)]
    desk.set_picture(voice, photo.pk, shown=True)
    assert pictures_of(voice) == [(False, True)]
    desk.set_picture(voice, photo.pk, shown=False)
    assert pictures_of(voice) == [(True, False)]
    assert lines(voice).count("picture") == 2


def test_comments_move_only_to_texts_that_take_them(desk, program):
    voice = held("comment", program)
    without_text = make_process(program=make_program())
    finished = process_of(make_program())
    type(finished).objects.filter(pk=finished.pk).update(is_open=False, outcome="aborted")

    for process in (without_text, finished):
        assert f"process-{process.pk}" not in destinations(voice)
        with pytest.raises(NotPossible):
            desk.move(voice, to=f"process-{process.pk}")
