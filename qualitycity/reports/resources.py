"""What a paper may load while it is set: named things in memory, and nothing else in the world."""

from __future__ import annotations

from weasyprint.urls import URLFetcher, URLFetcherResponse


class NothingElse(URLFetcher):
    """Serves the given addresses and refuses every other one: no network, no file, no data address.

    ``resources`` maps an address to (bytes, media type). What was asked for in vain stands in ``refused``.
    """

    def __init__(self, resources: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=())
        self._resources = resources
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url not in self._resources:
            self.refused.append(url)
            raise ValueError(f"a paper loads nothing from outside: {url}")
        body, media_type = self._resources[url]
        return URLFetcherResponse(url, body, {"Content-Type": media_type})
