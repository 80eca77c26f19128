"""Request bodies: JSON as RFC 8259 has it, and nothing that a database or an answer could choke on."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from campaigns.api.problems import TooLarge


class StrictJSONParser(BaseParser):
    """UTF-8, bounded in size, each name once in an object, no NaN, no half characters."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(_("Send at most %(most)s bytes.") % {"most": most})
        try:
            text = body.decode("utf-8")
            found = json.loads(text, object_pairs_hook=_each_name_once, parse_constant=_refuse)
            # "\ud800" alone is a legal escape in JSON, but no text: it can't be stored or sent back.
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        except UnicodeError:
            raise ParseError(_("The body is not valid UTF-8.")) from None
        except ValueError as fault:
            raise ParseError(_("The body is not JSON: %(fault)s") % {"fault": fault}) from None
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        return found


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
