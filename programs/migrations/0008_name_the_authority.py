"""What was written about the outcome has to do where the authority was not named apart."""

from typing import Any

from django.db import migrations


def name_it(apps: Any, _schema_editor: Any) -> None:
    rows = apps.get_model("programs", "Idea").objects.filter(outcome="other_authority", authority="")
    for row in rows.only("outcome_note", "reply"):
        row.authority = (row.outcome_note or row.reply)[:120]
        row.save(update_fields=["authority"])


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0007_answers_name_what_they_led_to"),
    ]
    operations = [migrations.RunPython(name_it, migrations.RunPython.noop)]
