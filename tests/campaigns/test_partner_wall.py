"""A partner's login tries every address of the site with every id of others, in every way: it gets what is its own."""

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver
from django.utils.encoding import iri_to_uri

from campaigns import models as campaign_models
from contacts.actions.members import make_token
from contacts.models import ApiToken, AuditEntry, Supporter, Tag, User
from tests import factories as make
from tests.campaigns.test_console_rights import one_of_everything

# It makes thousands of requests.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.timeout(900)]

CANARY = "Kanarienvogel"  # stands in everything of others that a partner has no business with
METHODS = ["get", "post", "head", "put", "patch", "delete", "options"]
# Its own to do, and done for good: leaving is tried elsewhere. The brake of the whole installation is any owner's.
LEFT_OUT = {"account_logout", "joint-leave", "sending-move", "channel-resume", "domain-resume"}
# What changes by anybody's looking at public pages, or by time.
RESTLESS = {"tally", "clock", "heartbeat", "apitoken", "user"}


def routes(resolver=None, prefix=""):
    """Every address of the site as its pieces: the pattern's text and the names of its blanks."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if one.app_name != "admin":  # operators only; tried in its own tests
                yield from routes(one, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one.name or "", one.pattern.converters


def written(route, converters, values):
    """A route with its blanks filled in."""
    path = "/" + route.lstrip("^/").rstrip("$")
    for name in converters:
        for kind in ("uuid", "slug", "str", "int", "path"):
            path = path.replace(f"<{kind}:{name}>", str(values.get(name, 1)))
        path = path.replace(f"<{name}>", str(values.get(name, 1)))
    return iri_to_uri(path)


def mark(organization):
    """The canary, into everything of an organisation that is nobody's but its own."""
    supporters = Supporter.objects.filter(organization=organization)
    for n, person in enumerate(supporters):
        person.name, person.email, person.city = f"{CANARY} {n}", f"{CANARY}{n}@people.example", CANARY
        person.save()
    campaigns = organization.campaigns.all()
    pledges = campaign_models.Pledge.objects.filter(campaign__in=campaigns)
    pledges.update(name=CANARY, city=CANARY, street=CANARY)
    campaign_models.Drive.objects.filter(campaign__in=campaigns).update(name=CANARY)
    campaign_models.Letter.objects.filter(drive__campaign__in=campaigns).update(subject=CANARY, body=CANARY)
    campaign_models.LetterVersion.objects.filter(group__campaign__in=campaigns).update(subject=CANARY)
    campaign_models.InboundMail.objects.filter(organization=organization).update(text=CANARY)
    campaign_models.Registration.objects.filter(event__organization=organization).update(name=CANARY)
    campaign_models.PartnerInvitation.objects.filter(campaign__in=campaigns).update(
        organization_name=CANARY, terms=CANARY * 3
    )
    campaign_models.Partnership.objects.filter(campaign__in=campaigns).update(
        terms=CANARY * 3, signed_name=CANARY, left_reason=CANARY
    )
    Tag.objects.filter(organization=organization).update(name=CANARY)
    organization.jobs.update(title=CANARY)
    ApiToken.objects.filter(organization=organization).update(name=CANARY)
    User.objects.filter(roles__organization=organization).update(name=CANARY)
    AuditEntry.objects.filter(organization=organization).update(verb=CANARY)
    make.CampaignFactory(organization=organization, state="draft", opened_at=None, title=CANARY)


def rows():
    """Everything that is stored, row by row."""
    found = {}
    for model in apps.get_models():
        if (
            model._meta.app_label in {"contacts", "policy", "campaigns"}
            and model._meta.model_name not in RESTLESS
        ):
            for row in model._default_manager.values():
                found[model._meta.label, row[model._meta.pk.attname]] = row
    return found


@pytest.mark.parametrize("is_partner_only", [True, False])
def test_a_partner_tries_every_address_with_every_id(client, is_partner_only):
    worlds = [one_of_everything(), one_of_everything()]
    lead, _third = (organization for organization, _ids in worlds)
    for organization, _ids in worlds:
        mark(organization)
    campaign = campaign_models.Campaign.objects.get(pk=worlds[0][1]["campaign_id"])
    mine = make.OrganizationFactory(name="Lantern Club", is_partner_only=is_partner_only)
    part = make.PartnershipFactory(campaign=campaign, organization=mine)
    chosen = make.SupporterFactory(organization=lead, name="Ada Lund")
    make.PledgeFactory(campaign=campaign, supporter=chosen)
    make.PartnerConsentFactory(partnership=part, supporter=chosen)
    not_chosen = campaign.pledges.counted().exclude(supporter=chosen).count()
    assert not_chosen  # somebody else signed, whose name the canary is
    me = make.RoleFactory(organization=mine, name="owner").user
    make.RoleFactory(organization=mine, name="reviewer", user=me)
    _token, secret = make_token(organization=mine, name="Mine", actor=me)
    client.force_login(me)

    before = rows()
    seen, tried = set(), 0
    for route, name, converters in routes():
        if name in LEFT_OUT or not route:
            continue
        for owner, ids in worlds:
            slugs = [owner.slug, mine.slug] if "org" in converters else [""]
            for slug in slugs:
                verb = "cancel" if "move" in name else "publish"
                values = {"slug": campaign.slug, "verb": verb, "token": "x" * 43, **ids, "org": slug}
                path = written(route, converters, values)
                is_api = path.startswith("/api/")
                # Below the name of another nothing is reached at all, and the rarer ways to ask don't depend on
                # whose the ids are.
                ways = METHODS if is_api or (slug == mine.slug and owner == lead) else METHODS[:2]
                for method in ways if is_partner_only else ways[:1]:
                    if (method, path) in seen:
                        continue
                    seen.add((method, path))
                    headers = {"Authorization": f"Bearer {secret}"} if is_api else {}
                    answer = getattr(client, method)(path, headers=headers)
                    tried += 1
                    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    assert CANARY.encode() not in body, (method, path)
                    assert answer.status_code != 500, (method, path)
                    if path.startswith("/console/") and slug not in {"", mine.slug}:
                        assert answer.status_code in {404, 405}, (method, path)
    assert tried > 1000
    after = rows()
    changed = {
        key
        for key, row in before.items()
        if after.get(key) != row and key != ("campaigns.Partnership", part.pk)
    }
    assert changed == set()
    # And what is its own is there.
    assert b"Ada Lund" in client.get(f"/console/{mine.slug}/joint/{part.pk}/people/").content


def test_every_id_of_the_lead_is_tried_where_an_id_is_asked_for(client):
    lead, ids = one_of_everything()
    mark(lead)
    mine = make.OrganizationFactory(is_partner_only=True)
    campaign = campaign_models.Campaign.objects.get(pk=ids["campaign_id"])
    part = make.PartnershipFactory(campaign=campaign, organization=mine)
    me = make.RoleFactory(organization=mine, name="owner").user
    _token, secret = make_token(organization=mine, name="Mine", actor=me)
    client.force_login(me)
    known = {str(pk) for _label, pk in rows()} - {str(part.pk)}
    known = sorted(pk for pk in known if len(pk) == 36)
    for route, name, converters in routes():
        uuids = [one for one, kind in converters.items() if type(kind).__name__ == "UUIDConverter"]
        is_own = route.startswith(("console/", "api/v1/organization/"))
        # Where a partner gets as far as an id at all.
        if len(uuids) != 1 or not is_own or not ("joint" in route or "jobs/" in route or "members" in route):
            continue
        for pk in known:
            path = written(route, converters, {uuids[0]: pk, "org": mine.slug, "verb": "cancel"})
            headers = {"Authorization": f"Bearer {secret}"} if path.startswith("/api/") else {}
            answer = client.get(path, headers=headers)
            assert answer.status_code in {404, 405}, (name, path)
