"""The search index is kept only for tests that search: to keep it costs a fifth of the suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.test import override_settings
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import (
    post_delete_signal_handler,
    post_save_signal_handler,
    register_signal_handlers,
)

AS_CONFIGURED = settings.MODELSEARCH_BACKENDS


class SearchBackend(BaseSearchBackend):
    """Indexes nothing, and refuses to search: to find nothing here would prove nothing."""

    def _search(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError("There is no search index here: mark the test with `searches`.")


@contextmanager
def no_search_index() -> Iterator[None]:
    forget_signal_handlers()
    with override_settings(MODELSEARCH_BACKENDS={"default": {"BACKEND": __name__}}):
        yield
    register_signal_handlers()


@contextmanager
def search_index() -> Iterator[None]:
    """The portal's own index again, for what happens inside."""
    register_signal_handlers()
    with override_settings(MODELSEARCH_BACKENDS=AS_CONFIGURED):
        yield
    forget_signal_handlers()


def forget_signal_handlers() -> None:
    for model in get_indexed_models():
        post_save.disconnect(post_save_signal_handler, sender=model)
        post_delete.disconnect(post_delete_signal_handler, sender=model)
