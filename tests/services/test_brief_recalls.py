"""Words taken back at the very moment a brief that quotes them is stored: no version with them stays."""

import threading
import time

import pytest
from django.db import connections

from campaigns import brief_requests, brief_sets
from campaigns.actions.brief_sets import request_set
from campaigns.actions.briefs import request_brief
from campaigns.actions.pledges import withdraw_pledge
from contacts.clock import now
from contacts.models import Consent, Post
from policy.briefs import pdf
from policy.models import Brief, BriefState, ItemState
from tests import factories as make

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
WORDS = "I waited nine weeks for a first appointment, and lost my job on the way."


@pytest.fixture
def writer():
    pledge = make.PledgeFactory(campaign=make.campaign_with_targets(), comment=WORDS)
    Consent.objects.create(
        supporter=pledge.supporter, purpose="story", given=True, text="You may.", text_version="1",
        language="en", source="page", at=now(),
    )  # fmt: skip
    return pledge


def meanwhile(work):
    """Start `work` in a thread with a connection of its own."""

    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def quoting():
    return [
        brief for brief in Brief.objects.exclude(state=BriefState.RECALLED) if WORDS in str(brief.content)
    ]


def test_who_withdraws_while_a_brief_is_stored_waits_and_takes_it_back(writer, monkeypatch):
    real, threads = brief_requests.briefs.request_brief, []

    def store(**fields):
        """The brief is checked and its people are locked; now somebody withdraws."""
        if not threads:
            threads.append(meanwhile(lambda: withdraw_pledge(pledge=writer)))
            time.sleep(1)
            assert threads[0].is_alive()
        return real(**fields)

    monkeypatch.setattr(brief_requests.briefs, "request_brief", store)
    brief = request_brief(campaign=writer.campaign, kind="issue", actor=None)
    monkeypatch.undo()
    threads[0].join(30)
    brief.refresh_from_db()
    assert brief.state == BriefState.RECALLED
    assert quoting() == []


def test_a_brief_gathered_before_somebody_withdrew_is_gathered_again(writer, monkeypatch):
    real, threads = brief_requests.documents.document_of, []

    def gather(*args, **fields):
        document = real(*args, **fields)
        if not threads:
            threads.append(meanwhile(lambda: withdraw_pledge(pledge=writer)))
            threads[0].join(30)
        return document

    monkeypatch.setattr(brief_requests.documents, "document_of", gather)
    brief = request_brief(campaign=writer.campaign, kind="issue", actor=None)
    brief.refresh_from_db()
    assert brief.state == BriefState.READY
    assert WORDS not in str(brief.content)
    assert quoting() == []


def test_who_withdraws_while_a_set_takes_a_version_over_takes_it_back_there_too(writer, monkeypatch):
    for post in Post.objects.select_related("division"):
        make.ResidenceFactory(supporter=writer.supporter, division=post.division)
    monkeypatch.setattr(pdf, "render", lambda *_args, **_fields: pdf.Pdf(b"%PDF-1.7", 1))
    first = request_set(campaign=writer.campaign, actor=None)
    brief_sets.work(first.pk, seconds=60)
    assert quoting()
    take, moment, threads = brief_sets._take_unchanged, brief_sets.now, []

    def withdrawn_meanwhile():
        if not threads:
            threads.append(meanwhile(lambda: withdraw_pledge(pledge=writer)))
            threads[0].join(1)
        return moment()

    def take_over(*args):
        monkeypatch.setattr(brief_sets, "now", withdrawn_meanwhile)
        return take(*args)

    monkeypatch.setattr(brief_sets, "_take_unchanged", take_over)
    again = request_set(campaign=writer.campaign, actor=None)
    brief_sets.work(again.pk, seconds=60)
    threads[0].join(30)
    assert not again.items.filter(state=ItemState.READY, brief__state=BriefState.RECALLED).exists()
    assert quoting() == []
