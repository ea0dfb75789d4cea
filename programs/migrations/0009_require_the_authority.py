from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("programs", "0008_name_the_authority"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'other_authority'), _negated=True), models.Q(('authority', ''), _negated=True), _connector='OR'), name='idea_outcome_names_the_authority', violation_error_message='Say which authority it is for.'),
        ),
    ]
