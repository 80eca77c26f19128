"""Invented stories of the demonstration; each says that it is an example."""

from campaigns.actions.stories import confirm_story, tell_story
from campaigns.actions.story_quotes import choose_passage
from campaigns.actions.story_reviews import approve_story, read_story
from campaigns.demo.places import REGION
from campaigns.models import Campaign, OutboxMail
from campaigns.stories.consents import Agreed, in_years
from campaigns.stories.content import Words
from campaigns.stories.links import confirm_token
from contacts.clock import today
from contacts.models import Division, User

# What each says, who it is by, where it may be read, whether briefs may quote it, and what it speaks of.
STORIES: list[tuple[str, str, str, str, bool, list[str]]] = [
    (
        """I asked for help in the first week of the school year. My first appointment was in December.

In those weeks I stopped going to choir, then to work, and then I mostly stayed in one room. What kept me going was a group in the library, every Tuesday at six: five people, a pot of tea, and nobody who said it would pass.

When I finally sat across from a counsellor, it took her twenty minutes to give what I had a name. I do not need anybody to be sorry. I would like the next person to get those twenty minutes in week two.""",
        "Marisol Quintero",
        "name",
        "public",
        True,
        [],
    ),
    (
        """Our boy is sixteen and lives up the valley with us. The nearest clinic is two buses away, and the second one does not wait for the first.

We were told to come back in nine weeks. Nine weeks is a long time to sleep with the bedroom door open.

He is better now, and he is funny again. That is because one nurse called every Friday without being asked to. A service should not depend on one nurse being kind.""",
        "Tobias Renn",
        "initials",
        "public",
        True,
        [],
    ),
    (
        """My sister died two winters ago while she was on the list. She had made the call herself. She had done what every poster says.

I speak of it because people go quiet when I do, and I would like us to be able to talk. If you are where she was: the line on this page is answered by a person, at night too. I have called it myself.""",
        "",
        "nobody",
        "unnamed",
        False,
        ["suicide", "death"],
    ),
    (
        """I work at Saltmouth Harbour Office and I was off sick for four months. My manager Dana Ellery said on the phone that everybody is tired sometimes.

A colleague had been through the same and drove me to my first appointment. I would like there to be more of him, and fewer posters.""",
        "Ruben Askew",
        "name",
        "public",
        True,
        [],
    ),
]


# Of the first story, for briefs.
PASSAGE = (
    "I do not need anybody to be sorry. I would like the next person to get those twenty minutes in week two."
)


def load_stories(campaign: Campaign, reviewer: User) -> None:
    """All but the last are read and approved; the last waits, with something in it for a person to judge."""
    place = Division.objects.filter(ocd_id=REGION).first()
    for n, (text, name, shown_as, where, in_briefs, notes) in enumerate(STORIES, 1):
        email = f"speaker{n}@people.example"
        words = Words(text=text, name=name, email=email, shown_as=shown_as, notes=notes)
        agreed = Agreed(where, in_briefs, in_years(today(), 2), "en", "the demonstration")
        told = tell_story(
            organization=campaign.organization,
            campaign=campaign,
            words=words,
            agreed=agreed,
            division=place,
            is_example=True,
        )
        story = confirm_story(token=confirm_token(told))
        if n < len(STORIES):
            read_story(story=story, actor=reviewer)
            approve_story(story=story, actor=reviewer, revision=story.revision)
        if n == 1:
            choose_passage(story=story, campaign=campaign, typed=PASSAGE, actor=reviewer)
    # Nobody reads mails to people who were invented.
    OutboxMail.objects.filter(story__campaign=campaign).delete()
