from django.db import migrations

from revisions import log_lock


class Migration(migrations.Migration):
    dependencies = [("revisions", "0001_processes")]
    operations = [migrations.RunPython(log_lock.install, log_lock.remove)]
