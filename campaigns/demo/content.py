"""The invented coalition, in its own words. Every figure here is an example and is marked as one."""

COALITION = {
    "name": "Northmere Coalition for Mental Health",
    "slug": "northmere-coalition",
    "about": "People with experience of mental illness, their families, and those who treat and teach them. We work for help that comes in time, close to home, and without shame.",
    "website": "https://coalition.example.org/",
    "email": "hello@northmere-coalition.example",
    "mail_domain": "northmere-coalition.example",
    "postal_address": "Coalition House\n12 Lantern Street\nLarkhaven 10122",
    "privacy_url": "https://coalition.example.org/privacy/",
    "language": "en",
    "time_zone": "UTC",
}
# Accounts of the demonstration, all with one password: address, name, roles.
ACCOUNTS = [
    ("owner@demo.example", "Olive Warden", ["owner"]),
    ("organizer@demo.example", "Oran Ganley", ["organizer", "reviewer"]),
    ("staff@demo.example", "Stella Faro", ["staff"]),
]

ISSUE = {
    "title": "Waiting for mental health care",
    "slug": "waiting-for-care",
    "summary": "In Northmere, people wait months for a first appointment, and longest where there are fewest other ways to get help.",
    "body": """A first appointment is where help begins: somebody listens, says what this is, and what comes next. In Northmere
half of all people wait longer than **41 days** for it; in the Uplands, longer than **63**. One in five people no longer comes when it is
their turn. Most of them did not get well; they gave up, or came to the emergency department instead.

The region sets a limit for hip and knee operations and keeps it. For mental health care it sets none, so nobody has to
plan for one, publish one, or explain why it was missed.

Four weeks is what services elsewhere manage with the same money for each patient, once somebody has to count.""",
}
SECOND_ISSUE = {
    "title": "Counsellors in schools",
    "slug": "counsellors-in-schools",
    "summary": "One counsellor looks after 1,900 pupils. Trouble that is seen early is smaller trouble.",
    "body": "Half of all lasting mental illness begins before the age of fifteen, in a place where adults see children every day.",
}

MEASURE = {
    "kind": "bill",
    "identifier": "HB 2217",
    "title": "Care within Four Weeks Act",
    "summary": """Gives everybody a right to a first appointment within **four weeks** of asking. Each health district publishes its
waiting times every month. Where the limit is missed, the district pays for an appointment elsewhere, travel included.
Phased in over two years, with 34 posts for the districts that wait longest.""",
    "url": "https://assembly.example.org/bills/hb-2217",
    "position": "support",
    "reasons": "A limit makes waiting visible, and what is visible gets planned for.",
}
# Milestones, in days before today; the vote lies ahead.
EVENTS = [
    ("drafted", 162, "", "with the patients' council"),
    ("introduced", 118, "lower", "by Delegate Benari and eleven others"),
    ("referred", 111, "HEALTH", ""),
    ("heard", 46, "lower", "23 witnesses, seven of them patients"),
    ("amended", 20, "lower", "travel costs added"),
]
VOTE_IN_DAYS = 34

EVIDENCE = [
    (
        "Half of all people wait longer than this for a first appointment in Northmere",
        "41",
        "days",
        "Example: Northmere Care Survey",
        "https://survey.example.org/northmere/waiting-times",
        140,
    ),
    (
        "Half of all people in the Uplands wait longer than this",
        "63",
        "days",
        "Example: Northmere Care Survey, by district",
        "https://survey.example.org/northmere/districts",
        140,
    ),
    (
        "People who no longer come when it is their turn",
        "20",
        "%",
        "Example: Register of appointments",
        "https://register.example.org/missed-first-appointments",
        210,
    ),
    (
        "Days people wait where a four-week limit is law (half wait longer)",
        "19",
        "days",
        "Example: Neighbouring regions compared",
        "https://compare.example.org/waiting-limits",
        320,
    ),
    (
        "Share of the region's health budget that the act needs each year",
        "0.4",
        "%",
        "Example: Budget office, cost of HB 2217",
        "https://budget.example.org/hb-2217",
        60,
    ),
]
RESOURCE = {
    "kind": "helpline",
    "name": "Northmere Night Line",
    "description": "Somebody listens, every night, whatever it is about. Free and confidential.",
    "phone": "000 555 0199",
    "website": "https://nightline.example.org/",
    "opening": "Mon-Sun 18:00-08:00",
    "languages": "English, Spanish",
    "cost": "free",
    "is_example": "on",
}

CAMPAIGN = {
    # The office whose mail fails stays unreachable, so that the console has something to say of it.
    "channels": ["email"],
    "slug": "four-weeks",
    "title": "Nobody should wait longer than four weeks for help",
    "ask": "Vote for HB 2217, the Care within Four Weeks Act",
    "why": """Asking for help is the hardest part. In Northmere, what comes next is a waiting list: **41 days** for half of us, **63** in
the Uplands. One in five people never gets to the end of it.

For a knee, the region promises six weeks and keeps the promise. For a mind, it promises nothing. **HB 2217** changes that: a
first appointment within four weeks, waiting times published every month, and an appointment elsewhere where the limit is missed.

The House of Delegates votes soon. Your representatives hear from lobbyists every day. They hear from people who waited far
too seldom. A letter in your own words, from the place they speak for, is read.""",
    "language": "en",
    "goal": 500,
    "editing_minutes": 60,
}
SECOND_CAMPAIGN = {
    "slug": "counsellor-in-every-school",
    "title": "A counsellor in every school",
    "ask": "Put a counsellor for every 500 pupils into next year's budget",
    "why": "One counsellor for 1,900 pupils can put out fires. One for 500 can see the smoke.",
    "language": "en",
    "goal": 300,
    "editing_minutes": 60,
}

REPRESENTATIVES = "Your representatives"
MINISTER = "Minister for Health and Care"
# Letter versions: group, language, then the parts.
VERSIONS = [
    {
        "group": REPRESENTATIVES,
        "language": "en",
        "subject": "Please vote for {{measure}}, care within four weeks",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}}, and I ask you to vote for {{measure}}, the {{measure_title}}.\n\nPeople here wait 41 days for a first appointment, and one in five no longer comes when it is their turn. For a knee operation our region promises six weeks and keeps the promise. For mental health care it promises nothing.",
        "talking_points": "Have you, or has somebody close to you, waited for help? How long was it?\nWhat did the waiting change: work, school, family?\nWhat would help in time have made possible?\nWhat do you expect from the person who speaks for {{city}}?",
        "closing": "Four weeks is possible: our neighbours do it. Please tell me how you will vote.",
    },
    {
        "group": REPRESENTATIVES,
        "language": "es",
        "subject": "Por favor, vote a favor de {{measure}}: atención en cuatro semanas",
        "salutation": "Estimado/a {{title}} {{representative}}:",
        "opening": "Vivo en {{city}} y le pido que vote a favor de {{measure}}, la ley de atención en cuatro semanas.\n\nAquí se esperan 41 días para una primera cita, y una de cada cinco personas ya no acude cuando llega su turno. Para una operación de rodilla la región promete seis semanas y lo cumple. Para la salud mental no promete nada.",
        "talking_points": "¿Ha esperado usted, o alguien cercano? ¿Cuánto tiempo?\n¿Qué cambió la espera: el trabajo, la escuela, la familia?\n¿Qué habría sido posible con ayuda a tiempo?",
        "closing": "Cuatro semanas son posibles: nuestros vecinos lo hacen. Por favor, dígame cómo votará.",
    },
    {
        "group": MINISTER,
        "language": "en",
        "subject": "Please get our districts ready for {{measure}}",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}}. The House is about to vote on {{measure}}, the {{measure_title}}. Whether it helps me and my neighbours depends on how well our health district is prepared.",
        "talking_points": "What is care like where you live?\nHow far is the nearest appointment?",
        "closing": "Please publish the waiting times of every district now, before the law asks for it, and tell us which posts are filled first.",
    },
    {
        "group": MINISTER,
        "language": "es",
        "subject": "Por favor, prepare nuestros distritos para {{measure}}",
        "salutation": "Estimado/a {{title}} {{representative}}:",
        "opening": "Vivo en {{city}}. La Cámara va a votar {{measure}}. Que la ley nos ayude depende de que nuestro distrito sanitario esté preparado.",
        "talking_points": "¿Cómo es la atención donde vive?\n¿A qué distancia está la cita más cercana?",
        "closing": "Le pido que publique ya los tiempos de espera de cada distrito y que nos diga qué puestos se cubrirán primero.",
    },
]
SECOND_VERSION = {
    "language": "en",
    "subject": "A counsellor for every school in {{district}}",
    "salutation": "Dear {{title}} {{representative}},",
    "opening": "I live in {{city}}. One counsellor looks after 1,900 pupils here.",
    "talking_points": "Who listened to you when you were fourteen?",
    "closing": "Please put one counsellor for every 500 pupils into next year's budget.",
}

# Where legislators stand: name, level (1 opposed … 5 champion), days ago, on what evidence.
STANCES = [
    ("Salma Benari", 5, 118, "Introduced the bill"),
    ("Priya Raman", 5, 46, "Spoke for it at the hearing"),
    ("Vivian Holloway", 4, 30, "Said in a newsletter that she will vote for it"),
    ("Theo Marchetti", 4, 46, "Asked for the travel costs that are now in it"),
    ("Maren Oakes", 4, 25, "Answered a constituent's letter"),
    ("Agnes Tolliver", 3, 46, "Wants to see the cost first"),
    ("Desmond Achebe", 3, 28, "Has met patients and not decided"),
    ("Gordon Fetch", 3, 40, "Says his district has other worries"),
    ("Edmund Pike", 2, 46, "Called a limit “the wrong tool” at the hearing"),
    ("Hamish Arkwright", 2, 33, "Prefers a pilot in one district"),
    ("Leopold Grange", 1, 22, "Opposes new rights without new taxes"),
]
STANCE_SOURCE = "https://records.example.org/statements"
