"""Invented supporters: names, towns, and what some of them say."""

from dataclasses import dataclass
from random import Random

from campaigns.demo.places import SPLIT_CODE, TOWNS, code_of

GIVEN = [
    "Ada", "Bilal", "Carmen", "Dara", "Elif", "Femi", "Greta", "Hugo", "Imani", "Jakub", "Keira", "Lars",
    "Mina", "Nils", "Oona", "Pablo", "Quincy", "Rhea", "Samir", "Tess", "Uma", "Viktor", "Wren", "Xenia",
    "Yusuf", "Zoë", "Anders", "Bronwen", "Chidi", "Delphine",
]  # fmt: skip
FAMILY = [
    "Abernathy", "Bakare", "Castell", "Demir", "Ekholm", "Fairley", "Garrido", "Hollis", "Ibarra", "Jessop",
    "Kowal", "Lovell", "Mbeki-Ross", "Nyberg", "Okafor", "Pemberton", "Quarles", "Rivas", "Sandoval", "Thwaite",
    "Underhill", "Varga", "Whitlock", "Yilmaz", "Zeller",
]  # fmt: skip

# What supporters say when they sign.
COMMENTS = [
    "I rang on a Monday in March and was given a date in August. I am glad I was still able to wait.",
    "My brother got help within a week because he lives one valley over. It should not depend on the valley.",
    "As a teacher I see pupils sit in my classroom with a letter that says “in about half a year”.",
    "The counsellor I was finally given was excellent. Nobody should need my stubbornness to reach her.",
    "I drive a bus in Larkhaven. People tell their driver things they should be able to tell a nurse.",
    "When my daughter was ill we were asked whether it was an emergency. Not yet, we said. That was the answer that cost us months.",
    "I have waited twice. The second time I knew how long it would be, and that was harder.",
    "A group in our library kept me company through the waiting list. The list should have been shorter.",
    "I run a small bakery. Two good people left because help came too late for them to stay at work.",
    "I am a retired nurse. Four weeks is not a luxury, it is what we promise for a knee.",
    "I wrote because my neighbour asked me to, and because she could not write herself this spring.",
    "Waiting is not neutral. Everything I had to hold on to got smaller while I waited.",
    "My students ask me when, not whether. I would like to be able to answer.",
    "We got through it by luck, and luck is not a health policy.",
    "I got help in ten days through work. My sister, same town, waited five months.",
    "I was told to call back every Thursday. I called fourteen Thursdays.",
    "It took me years to ask. It should not take half a year to be answered.",
    "The helpline listened at night. In the day there has to be somebody to go to.",
]
COMMENTS_ES = [
    "Llamé en marzo y me dieron cita en agosto. Cuatro semanas no es pedir demasiado.",
    "Mi madre esperó sin saber cuánto. Saber una fecha ya habría ayudado.",
]
# Whole letters in somebody's own words.
OWN_WORDS = [
    "I waited from March to August. In April I stopped working, in June I stopped answering the phone. What I needed in "
    "March was one hour with somebody who knows. Please make sure that the next person gets that hour.\n\n"
    "I ask you to vote for HB 2217. I will read how you voted.",
    "I teach fourteen-year-olds. This year three of them were given a date that lies after the end of the school year. "
    "They are still in my class, and I am not trained for what they carry.\n\nFour weeks would change that. Please vote for HB 2217.",
    "Two of my people left the bakery because help came too late. I would have kept both. If you count only what care "
    "costs, count this as well.\n\nPlease support HB 2217 and tell me how you will vote.",
    "I am a nurse, retired after thirty-one years. We learned to promise six weeks for a knee and to keep it. A mind "
    "deserves no less. HB 2217 is the promise; please vote for it.",
]


@dataclass(frozen=True)
class Person:
    """An invented supporter; `comment` is empty for most."""

    name: str
    email: str
    postal_code: str
    town: str
    language: str = "en"
    comment: str = ""
    may_be_quoted: bool = False
    may_be_named: bool = False


def person(number: int, random: Random, codes: list[str]) -> Person:
    """The person with a number: the same for the same number and `random`, and no two with one address."""
    name = f"{random.choice(GIVEN)} {random.choice(FAMILY)}"
    code = random.choice(codes)
    plain = "".join(c for c in name.lower().replace("ë", "e") if c.isalpha() or c == " ").replace(" ", ".")
    return Person(name, f"{plain}.{number}@people.example", code, "")


def northmere(count: int, seed: int = 7) -> list[Person]:
    """Supporters all over Northmere, more of them in Larkhaven, every fourth with something to say."""
    random = Random(seed)
    codes = [code_of(n) for n in range(1, len(TOWNS) + 1)]
    codes += codes[20:] * 3 + codes[4:8] + [SPLIT_CODE]
    found = []
    for number in range(1, count + 1):
        plain = person(number, random, codes)
        town = TOWNS[int(plain.postal_code) - 10101] if plain.postal_code != SPLIT_CODE else "Ferrygate"
        in_larkhaven = town.startswith("Larkhaven")
        spanish = number % 11 == 5
        say = number % 3 == 1 and number // 3 < len(COMMENTS)
        comment = COMMENTS[number // 3] if say else ""
        if spanish and not comment:
            comment = COMMENTS_ES[number // 11 % len(COMMENTS_ES)]
        found.append(
            Person(
                name=plain.name,
                email=plain.email,
                postal_code=plain.postal_code,
                town="Larkhaven" if in_larkhaven else town,
                language="es" if spanish else "en",
                comment=comment,
                may_be_quoted=bool(comment) and number % 9 != 1,
                may_be_named=random.random() < 0.5,
            )
        )
    return found
