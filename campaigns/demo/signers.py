"""The people of the demo: they sign, confirm and write, by the same actions that the pages use."""

from datetime import timedelta

from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.letters import send_letters, write_letters
from campaigns.actions.pledges import ConsentShown, Signing, sign_pledge, withdraw_pledge
from campaigns.demo import content
from campaigns.demo.people import OWN_WORDS, Person, northmere
from campaigns.demo.places import COUNTRY
from campaigns.forms.pledge import CONSENT_VERSION, CONSENTS
from campaigns.links import confirm_token
from campaigns.models import Campaign, LetterVersion, Pledge
from campaigns.places import places
from contacts import clock
from contacts.models import Purpose

CONFIRMED, PENDING = 60, 3


def sign_all(campaign: Campaign, left: timedelta) -> None:
    """Supporters sign over the time that is left, most confirm; some write their own letter, a few still write."""
    people = northmere(CONFIRMED + PENDING)
    own_words = iter(OWN_WORDS)
    # In unequal steps: more people come as word gets around.
    total = sum(range(1, len(people) + 2))
    for number, person in enumerate(people, 1):
        clock.move(left * (len(people) + 1 - number) / total)
        pledge = sign_pledge(campaign=campaign, signing=signing_of(campaign, person, number))
        if number > CONFIRMED:
            continue  # their mail with the link waits in the mailbox
        pledge = confirm_pledge(token=confirm_token(pledge))
        if not pledge.send_untouched and number % 8 != 2:
            text = next(own_words, "") if person.language == "en" else ""
            _write(pledge, text)
    withdrawn = campaign.pledges.get(email=people[3].email)
    withdraw_pledge(pledge=withdrawn)


def _write(pledge: Pledge, text: str) -> None:
    """Put a person's own words in their letters to representatives, and send all of their letters."""
    if text:
        version = LetterVersion.objects.get(
            group__campaign=pledge.campaign, group__name=content.REPRESENTATIVES, language=pledge.language
        )
        write_letters(pledge=pledge, version=version, subject="", body=text)
    send_letters(pledge=pledge)


def signing_of(campaign: Campaign, person: Person, number: int) -> Signing:
    """What the signing page would hand over for a person."""
    where = places(campaign, COUNTRY, person.postal_code, clock.today())
    answers = {q.name: str(q.match.candidates[0].division.pk) for q in where.questions}
    codes = ["", "", "harbour", "", "lantern"]
    return Signing(
        name=person.name,
        email=person.email,
        postal_code=person.postal_code,
        country=COUNTRY,
        city=person.town,
        language=person.language,
        comment=person.comment,
        consents=_consents(person),
        send_untouched=number % 4 != 2,
        divisions=where.answered(answers) or [],
        source=codes[number % len(codes)],
    )


def _consents(person: Person) -> list[ConsentShown]:
    given = {Purpose.CONTACT: True, Purpose.NAME: person.may_be_named, Purpose.STORY: person.may_be_quoted}
    return [
        ConsentShown(
            Purpose.DELIVER,
            True,
            "Deliver my letter to my representatives.",
            CONSENT_VERSION,
            person.language,
        ),
        *(
            ConsentShown(purpose, given[purpose], str(text), CONSENT_VERSION, person.language)
            for purpose, text in CONSENTS.items()
        ),
    ]
