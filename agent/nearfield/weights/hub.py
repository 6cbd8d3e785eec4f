"""Weights from the model hub: one file of a repository at a pinned commit, over HTTP.

NEARFIELD_HUB moves the hub to another address, such as a mirror in the same house. Redirects are followed. A download
that breaks off is taken up where it stopped, by the Range header; a server that does not know it starts again.
"""

from __future__ import annotations

import http.client
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING

from nearfield.weights.sources import CHUNK, SourceError, Tick, length, opened_at

if TYPE_CHECKING:
    from pathlib import Path

    from nearfield.weights.catalogue import File, HubSource

DEFAULT_HUB = "https://huggingface.co"
PATIENCE = 30.0
"""Seconds without a byte after which a connection counts as dead."""


class HubFetcher:
    """One repository."""

    scratch = 0

    def __init__(self, source: HubSource) -> None:
        self._source = source

    @property
    def label(self) -> str:
        return "hub"

    def fetch(self, file: File, part: Path, tick: Tick) -> None:
        url = self._url(file)
        while (before := length(part)) < file.size:
            self._append(url, file, part, tick)
            if (now := length(part)) <= before:
                # Every connection must bring the end nearer; one that does not would be asked for ever.
                raise SourceError(f"{url} broke off after {now} of {file.size} bytes")

    def _url(self, file: File) -> str:
        base = (os.environ.get("NEARFIELD_HUB") or DEFAULT_HUB).rstrip("/")
        if not base.startswith(("http://", "https://")):
            raise SourceError(f"NEARFIELD_HUB must begin with http:// or https://, and is {base!r}")
        path = urllib.parse.quote(self._source.paths.get(file.name, file.name))
        return f"{base}/{self._source.repo}/resolve/{self._source.commit}/{path}"

    def _append(self, url: str, file: File, part: Path, tick: Tick) -> None:
        """As much of the rest as one connection gives."""
        with closing(_open(url, length(part))) as response:
            start, total = _extent(response)
            if total is not None and total != file.size:
                raise SourceError(f"{url} has {total} bytes where the catalogue says {file.size}")
            if start > length(part):
                raise SourceError(f"{url} was answered from byte {start} on, which was not asked for")
            with opened_at(part, start) as out:
                done = start
                while chunk := _read(response):
                    if done + len(chunk) > file.size:
                        raise SourceError(f"{url} is longer than the {file.size} bytes of the catalogue")
                    out.write(chunk)
                    done += len(chunk)
                    tick(done)


def _open(url: str, start: int) -> http.client.HTTPResponse:
    headers = {"User-Agent": "nearfield", **({"Range": f"bytes={start}-"} if start else {})}
    try:
        # The address begins with http:// or https://: `_url` saw to that.
        request = urllib.request.Request(url, headers=headers)  # noqa: S310
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=PATIENCE)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            return _open(url, 0)
        raise SourceError(_refusal(url, error.code)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise SourceError(f"{url} cannot be reached ({reason})") from error
    return response


def _refusal(url: str, code: int) -> str:
    if code in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
        return f"{url} is not open to everyone (HTTP {code})"
    if code in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
        return f"{url} does not exist (HTTP {code})"
    if code == http.HTTPStatus.TOO_MANY_REQUESTS or code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{url} is too busy to answer just now (HTTP {code})"
    return f"{url} was refused (HTTP {code})"


def _extent(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """The byte this answer begins at, and the size of the whole file if the server tells."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        said = re.match(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if said is None:
            raise SourceError("the server sent a part without saying which")
        return int(said[1]), None if said[2] == "*" else int(said[2])
    size = response.headers.get("Content-Length", "")
    return 0, int(size) if size.isdecimal() else None


def _read(response: http.client.HTTPResponse) -> bytes:
    """The next bytes; none at the end or when the connection is lost, which only the count can tell apart."""
    try:
        return response.read(CHUNK)
    except (OSError, http.client.HTTPException):
        return b""
