"""Letters to the US Congress as Communicating With Congress 2.0 messages.

The elements, their order and their forms are those of the House's published field list; `cwc.xsd` names it.
"""

import re
import uuid
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _t
from lxml import etree

from campaigns.channels.base import Parcel, Route, Unfit, Wording
from campaigns.models import Campaign, ChannelName, Letter, Pledge
from contacts.models import ContactKind, Post
from policy.models import Measure

CONGRESS = "ocd-jurisdiction/country:us/government"
# The policy areas of the Library of Congress, which every bill has one of (congress.gov, "Policy Area Terms").
TOPICS = [
    "Agriculture and Food",
    "Animals",
    "Armed Forces and National Security",
    "Arts, Culture, Religion",
    "Civil Rights and Liberties, Minority Issues",
    "Commerce",
    "Congress",
    "Crime and Law Enforcement",
    "Economics and Public Finance",
    "Education",
    "Emergency Management",
    "Energy",
    "Environmental Protection",
    "Families",
    "Finance and Financial Sector",
    "Foreign Trade and International Finance",
    "Government Operations and Politics",
    "Health",
    "Housing and Community Development",
    "Immigration",
    "International Affairs",
    "Labor and Employment",
    "Law",
    "Native Americans",
    "Public Lands and Natural Resources",
    "Science, Technology, Communications",
    "Social Sciences and History",
    "Social Welfare",
    "Sports and Recreation",
    "Taxation",
    "Transportation and Public Works",
    "Water Resources Development",
]
# Similar to the suggested text by as much or more: nobody wrote it, so it is the organisation's statement.
UNEDITED = 0.98

_PLACE = re.compile(r"^ocd-division/country:us/(?:state|district|territory):([a-z]{2})(?:/cd:(\d{1,2}))?$")
_CLASS = re.compile(r"\bclass[ _-]?([123])$", re.IGNORECASE)
_BILL = re.compile(r"^(h|s)\.?\s*(r|res|j\.?\s*res|con\.?\s*res)?\.?\s*(\d{1,5})$", re.IGNORECASE)
_ZIP = re.compile(r"\d{5}(-\d{4})?")
# XML 1.0 §2.2: no other control characters, no lone surrogates, none of these two.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def office_code(post: Post) -> str:
    """`HVA04` for a House seat, `HWY00` at large, `SWY01` for a senator by class; empty for any other post."""
    place = _PLACE.match(post.division.ocd_id)
    if post.chamber.jurisdiction.ocd_id != CONGRESS or place is None:
        return ""
    state, district = place[1].upper(), place[2]
    if post.chamber.kind == "lower":
        return f"H{state}{int(district or 0):02d}"
    senate_class = _CLASS.search(post.seat)
    if post.chamber.kind == "upper" and senate_class:
        return f"S{state}{int(senate_class[1]):02d}"
    return ""


def derived_code(post: Post) -> str:
    """The code of a House seat. Of the Senate only some offices take part: theirs are entered as contact points."""
    return office_code(post) if post.chamber.kind == "lower" else ""


def is_open(campaign: Campaign) -> bool:
    """Whether there is an endpoint, and a topic, without which no office takes a message."""
    return bool(settings.CWC_URL) and campaign.topic in TOPICS


def missing(pledge: Pledge) -> list[str]:
    """What the writer left out and every congressional office demands."""
    needed = {"prefix": pledge.prefix, "street": pledge.street, "city": pledge.city}
    lacking = [field for field, value in needed.items() if not value.strip()]
    if len(pledge.name.split()) < 2:
        lacking.append("name")
    if not _ZIP.fullmatch(pledge.postal_code):
        lacking.append("postal_code")
    return lacking


def campaign_id(letter: Letter) -> str:
    """One for each drive and letter version: offices sort mass mail by it."""
    return uuid.uuid5(letter.drive_id, letter.version_id.hex).hex


def bill_of(measure: Measure, on: date) -> tuple[str, str, str] | None:
    """Congress, type and number of a federal bill; None for anything else. Bills end with their congress."""
    found = _BILL.match(measure.identifier.strip())
    if measure.jurisdiction.ocd_id != CONGRESS or found is None:
        return None
    kind = re.sub(r"[.\s]", "", f"{found[1]}{found[2] or ''}").lower()
    if kind in {"h", "sr"}:
        return None
    # The first met in 1789, each for two years from January of an odd one (20th Amendment).
    return str((on.year - 1789) // 2 + 1), kind, found[3]


def freeze(parcel: Parcel) -> bytes:
    """The message in UTF-8, checked against the schema. Raises Unfit, naming what does not fit."""
    letter, pledge = parcel.letter, parcel.letter.pledge
    campaign = pledge.campaign
    root = etree.Element("CWC")
    _add(root, CWCVersion="2.0")
    delivery = etree.SubElement(root, "Delivery")
    _add(
        delivery,
        DeliveryId=letter.pk.hex,
        DeliveryDate=f"{parcel.date:%Y%m%d}",
        DeliveryAgent=settings.CWC_AGENT,
        DeliveryAgentAckEmailAddress=settings.CWC_AGENT_EMAIL,
    )
    contact = etree.SubElement(delivery, "DeliveryAgentContact")
    _add(
        contact,
        DeliveryAgentContactName=settings.CWC_CONTACT,
        DeliveryAgentContactEmail=settings.CWC_AGENT_EMAIL,
        DeliveryAgentContactPhone=settings.CWC_PHONE,
    )
    _add(delivery, Organization=campaign.organization.name, CampaignId=campaign_id(letter))
    _add(etree.SubElement(root, "Recipient"), MemberOffice=parcel.recipient, IsResponseRequested="Y")
    _constituent(etree.SubElement(root, "Constituent"), letter)
    _message(etree.SubElement(root, "Message"), parcel)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    check(document)
    return document


def _constituent(element: etree._Element, letter: Letter) -> None:
    pledge = letter.pledge
    first, _space, last = " ".join(pledge.name.split()).rpartition(" ")
    place = _PLACE.match(letter.post.division.ocd_id)
    state = (
        pledge.region.upper() if re.fullmatch(r"[A-Za-z]{2}", pledge.region) else place and place[1].upper()
    )
    digits = re.sub(r"\D", "", pledge.phone).removeprefix("1")
    _add(
        element,
        Prefix=pledge.prefix,
        FirstName=first,
        LastName=last,
        Address1=pledge.street,
        City=pledge.city,
        StateAbbreviation=state or "",
        Zip=pledge.postal_code,
        Phone=f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else "",
        Email=pledge.email,
        EmailValidation="Y",  # confirmed by the link in a mail
    )


def _message(element: etree._Element, parcel: Parcel) -> None:
    campaign = parcel.letter.pledge.campaign
    measure = campaign.measure
    _add(element, Subject=parcel.subject)
    _add(etree.SubElement(element, "LibraryOfCongressTopics"), LibraryOfCongressTopic=campaign.topic)
    bill = bill_of(measure, parcel.date.date()) if measure else None
    if bill is not None and measure is not None:
        around = etree.SubElement(element, "Bills") if settings.CWC_WRAP_BILLS else element
        _add(
            etree.SubElement(around, "Bill"),
            BillCongress=bill[0],
            BillTypeAbbreviation=bill[1],
            BillNumber=bill[2],
        )
        _add(element, ProOrCon={"support": "Pro", "oppose": "Con"}.get(measure.position, ""))
    if parcel.letter.similarity >= UNEDITED:
        _add(element, OrganizationStatement=parcel.body)
    else:
        _add(element, ConstituentMessage=parcel.body)


def _add(parent: etree._Element, **values: str) -> None:
    """Children with text, in the order given; empty ones are left out, for the schema to miss where they must stand."""
    for name, value in values.items():
        if value:
            etree.SubElement(parent, name).text = _NOT_XML.sub("", value)


def check(document: bytes) -> None:
    """Raise Unfit, naming the field, unless the document is what the schema allows. Nothing outside it is loaded."""
    schema = _schema()
    parsed = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    if not schema.validate(parsed):
        # The path and not libxml's own message, which may quote what the supporter typed.
        fault = schema.error_log[0]
        raise Unfit(
            _t("A congressional office can't take this letter: %(field)s is missing or has the wrong form.")
            % {"field": fault.path.rpartition("/")[2] or "CWC"}
        )


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).with_name("cwc.xsd"))))


def read(raw: bytes) -> Wording:
    """The subject, and the supporter's own words or the suggested text, whichever the message carries."""
    parsed = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    found = parsed.findtext("Message/ConstituentMessage") or parsed.findtext("Message/OrganizationStatement")
    return Wording(str(parsed.findtext("Message/Subject") or ""), str(found or ""))


ROUTE = Route(
    ChannelName.CWC,
    ContactKind.CWC,
    freeze,
    read,
    is_timed=True,
    is_open=is_open,
    missing=missing,
    asks=("prefix", "street", "city"),
    asked_in=(CONGRESS,),
    derived=derived_code,
    domain_of=lambda _code: "cwc",
)
