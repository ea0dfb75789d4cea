from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programs")

    def ready(self) -> None:
        from easy_thumbnails.signal_handlers import generate_aliases_global  # noqa: PLC0415
        from easy_thumbnails.signals import saved_file  # noqa: PLC0415 (apps must be loaded)

        # Pictures are scaled when they are saved, so that no reader waits for it.
        saved_file.connect(generate_aliases_global)
