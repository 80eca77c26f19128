"""The embedded size's broker: a folder of files, each of which appears whole or not at all."""

import os
from time import monotonic
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """kombu's own writes a message in place, and a worker that looks at that moment reads half of it and dies."""

    def _put(self, queue: str, payload: object, **kwargs: object) -> None:  # type: ignore[override]
        name = f"{monotonic() * 1000:.0f}_{uuid4()}.{queue}.msg"
        unfinished = os.path.join(self.data_folder_out, f".{uuid4()}")
        try:
            with open(unfinished, "xb") as file:
                file.write(dumps(payload).encode())  # type: ignore[no-untyped-call]
            os.rename(unfinished, os.path.join(self.data_folder_out, name))
        except OSError as fault:
            raise ChannelError("The broker's folder can't be written to.") from fault


class Transport(filesystem.Transport):
    Channel = Channel
