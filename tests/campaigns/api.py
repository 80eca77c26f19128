"""What the tests of the API share: a body that signs, sending it, and what a problem looks like."""

import json
from uuid import uuid4


def body(**changes):
    return {"name": "Ada Lund", "email": "ada@people.example", "postal_code": "20000", **changes}


def sign(client, campaign, data=None, key=None, **headers):
    return client.post(
        f"/api/v1/campaigns/{campaign.pk}/pledges/",
        json.dumps(body() if data is None else data),
        content_type="application/json",
        headers={"Idempotency-Key": key or str(uuid4()), **headers},
    )


def is_problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert {"type", "title", "status", "detail"} <= document.keys()
    assert document["status"] == status
    return document
