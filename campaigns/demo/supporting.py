"""Invented organisations that support the campaigns of the demonstration, a few with a logo drawn here."""

import io

from PIL import Image, ImageDraw

from campaigns.actions.endorsements import (
    Contact,
    Shown,
    ask_endorsement,
    confirm_endorsement,
    enter_endorsement,
)
from campaigns.models import Campaign, OutboxMail
from contacts.models import User

# Name, website, place, what they say, and the shape and colour of the logo; empty for none.
ORGANIZATIONS = [
    ("Uplands Farmers' Union", "uplands-farmers", "Upper Dale", "Our members live an hour from any door that is open.", "hill", "#0b6e5f"),
    ("Northmere Nurses' Guild", "nurses-guild", "Larkhaven", "We can help in week two. We are asked in month five.", "cross", "#b4470f"),
    ("Lantern Street Library", "lantern-library", "Larkhaven", "", "ring", "#1f5fa8"),
    ("Saltmouth Parents' Circle", "parents-circle", "Saltmouth", "Nine weeks is a long time in the life of a child.", "", ""),
    ("Ferrygate Football Club", "ferrygate-fc", "Ferrygate", "", "ring", "#8a5a00"),
    ("Association of Bakers and Small Shops", "small-shops", "", "Two good people left because help came too late.", "", ""),
    ("Night Bus Drivers of Northmere", "night-bus", "", "", "hill", "#55606e"),
]  # fmt: skip
# It waits in the console, for the visitor to look at.
WAITING = Shown(
    name="Harbour Pilots' Benevolent Fund",
    website="https://pilots-fund.example.org/",
    place="Saltmouth",
    statement="We pay for what the region does not. We would rather not have to.",
)


def load_supporting(campaign: Campaign, organizer: User, first: int = 0) -> None:
    """Organisations from the list, entered as if they had been given by letter."""
    for name, host, place, statement, shape, colour in ORGANIZATIONS[first:]:
        shown = Shown(
            name=name,
            website=f"https://{host}.example.org/",
            place=place,
            statement=statement,
            logo=_drawn(shape, colour) if shape else None,
        )
        enter_endorsement(campaign=campaign, shown=shown, actor=organizer)


def load_waiting(campaign: Campaign) -> None:
    """One more, asked for and confirmed now, which waits to be looked at."""
    contact = Contact("Piet Rowan", "office@pilots-fund.example")
    asked = ask_endorsement(campaign=campaign, shown=WAITING, contact=contact)
    if asked is not None:
        confirm_endorsement(endorsement=asked)
        # Nobody reads mails to people who were invented.
        OutboxMail.objects.filter(endorsement=asked).delete()


def _drawn(shape: str, colour: str) -> bytes:
    """A small logo: one figure in one colour, on white."""
    picture = Image.new("RGB", (320, 160), "white")
    pen = ImageDraw.Draw(picture)
    if shape == "hill":
        pen.polygon([(40, 130), (130, 30), (190, 95), (220, 65), (280, 130)], fill=colour)
    elif shape == "cross":
        pen.rounded_rectangle((135, 25, 185, 135), 12, fill=colour)
        pen.rounded_rectangle((105, 55, 215, 105), 12, fill=colour)
    else:
        pen.ellipse((105, 25, 215, 135), outline=colour, width=20)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
