from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0010_jobs_that_mail_news")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="second_person_opens",
            field=models.BooleanField(
                default=False,
                help_text="Whoever asks for the review can't open it; another owner or organizer does.",
                verbose_name="a second person looks before a campaign opens",
            ),
        ),
    ]
