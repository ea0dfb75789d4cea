from django.db import migrations

from programs import edition_lock


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_programs_and_lists")]
    operations = [migrations.RunPython(edition_lock.install, edition_lock.remove)]
