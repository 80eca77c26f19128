"""The people of the demo: they sign, confirm and write, by the same actions that the pages use."""

from datetime import timedelta

from django.utils.translation import override

from campaigns.actions.confirmations import as_signed, confirm_pledge
from campaigns.actions.letters import send_letters, write_letters
from campaigns.actions.pledges import ConsentShown, Signing, sign_pledge, withdraw_pledge
from campaigns.demo import content
from campaigns.demo.people import OWN_WORDS, Person, northmere
from campaigns.demo.places import COUNTRY
from campaigns.forms.consents import consents_shown
from campaigns.links import confirm_token
from campaigns.models import Campaign, LetterVersion, Partnership, Pledge
from campaigns.partners_now import partners_of
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
        pledge = confirm_as_signed(pledge)
        if not pledge.send_untouched and number % 8 != 2:
            text = next(own_words, "") if person.language == "en" else ""
            _write(pledge, text)
    withdrawn = campaign.pledges.get(email=people[3].email)
    withdraw_pledge(pledge=withdrawn)


def confirm_as_signed(pledge: Pledge) -> Pledge:
    """Follow the link of the mail, and leave everything ticked that was."""
    return confirm_pledge(token=confirm_token(pledge), left=as_signed(pledge))


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
    code = codes[number % len(codes)]
    return Signing(
        name=person.name,
        email=person.email,
        postal_code=person.postal_code,
        country=COUNTRY,
        city=person.town,
        language=person.language,
        comment=person.comment,
        consents=_consents(campaign, person, _chosen(campaign, code, number)),
        send_untouched=number % 4 != 2,
        divisions=where.answered(answers) or [],
        source=code,
    )


def _chosen(campaign: Campaign, code: str, number: int) -> list[Partnership]:
    """Most who came by a partner's page choose it, some of the others choose all who ask, and most of them nobody."""
    if code:
        return [one for one in partners_of(campaign) if one.source_code == code and number % 3]
    return partners_of(campaign) if number % 7 == 0 else []


def _consents(campaign: Campaign, person: Person, partners: list[Partnership]) -> list[ConsentShown]:
    ticked = {Purpose.CONTACT: True, Purpose.NAME: person.may_be_named, Purpose.STORY: person.may_be_quoted}
    with override(person.language):
        return consents_shown(campaign, [purpose for purpose, said in ticked.items() if said], partners)
