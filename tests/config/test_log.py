"""Logs carry ids; what libraries quote of people is masked."""

import json
import logging
import sys

from config.log import JsonLine, Line, mask


def record(message, *args, exc_info=None):
    return logging.LogRecord("campaigns", logging.WARNING, __file__, 1, message, args, exc_info)


def test_addresses_signed_links_and_tokens_are_masked():
    assert (
        mask('Key (email)=(ada.b+x@exämple.org) "<ben@example.org>"')
        == 'Key (email)=([address]) "<[address]>"'
    )
    assert mask("Not Found: /p/eyJhbGciOi:1x:abc/confirm/") == "Not Found: /p/[token]/confirm/"
    for prefix in ("/story/", "/r/", "/u/ask/", "/digest/", "/calendar/"):
        masked = mask(f"Internal Server Error: {prefix}eyJhbGciOi:1x:abc/change/")
        assert masked == f"Internal Server Error: {prefix}[token]/change/"
    assert mask("/calendar/abc:1x.ics") == "/calendar/[token]"
    assert mask("Authorization: Bearer osp_abcDEF-123_x") == "Authorization: Bearer [api token]"


def test_ids_and_counts_stay():
    text = "letter 018f3c1e-0000-7000-8000-000000000001: 3 attempts at /c/harbour/care/"
    assert mask(text) == text


def test_a_line_for_the_terminal_is_masked_too():
    assert "ada@" not in Line("%(message)s").format(record("mail to %s", "ada@example.org"))


def test_production_lines_are_json_and_cannot_be_forged():
    line = JsonLine().format(record('first\n{"level": "ERROR"}'))
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["level"] == "WARNING" and entry["logger"] == "campaigns" and entry["at"].endswith("+00:00")


def test_the_trace_of_an_error_names_nobody():
    try:
        raise ValueError("duplicate key: ada@example.org")
    except ValueError:
        line = JsonLine().format(record("it failed", exc_info=sys.exc_info()))
    assert "ValueError" in line and "ada@" not in line
