"""What is thrown away of a frozen letter that goes another way after all; nothing of it has left."""

THAWED: dict[str, object] = {
    "note": "",
    "batch": None,
    "contact_point": None,
    "recipient": "",
    "domain": "",
    "message_id": None,
    "raw": None,
    "content_sha256": "",
    "queued_at": None,
    "window_closes": None,
    "send_after": None,
    "crash_count": 0,
}
