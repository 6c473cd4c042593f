"""Attachments from Twilio: from its own host with our account, from its file servers without."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2

from sop.errors import N_
from sop.messages import SendFailed, TooLarge

LARGEST_FILE = 100_000_000
"""Bytes; WhatsApp's cap for documents."""
LONGEST_DOWNLOAD = 180.0
MOST_HOPS = 3
FOREIGN = N_("Alamat lampiran ini bukan milik Twilio; tidak diambil.")
FILE_SERVERS = {"media.twiliocdn.com", "mms.twiliocdn.com"}
REDIRECTS = {301, 302, 303, 307, 308}


class Media:
    """Fetches only from the configured API's host and from Twilio's file servers; an `api` on loopback is its own."""

    def __init__(self, http: httpx2.AsyncClient, api: str, account: tuple[str, str]) -> None:
        self._http = http
        self._api = httpx2.URL(api)
        self._account = account

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        """The bytes as they come. Raises TooLarge, SendFailed (with `retry` when it may work later)."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_DOWNLOAD
        size = 0
        try:
            response = await self._follow(address)
            try:
                async for chunk in response.aiter_raw():
                    size += len(chunk)
                    if size > LARGEST_FILE:
                        raise TooLarge
                    if loop.time() > end:
                        raise _later("unduhan terlalu lambat")
                    yield chunk
            finally:
                await response.aclose()
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _later(type(error).__name__) from None

    async def _follow(self, address: str) -> httpx2.Response:
        """The answer that holds the file. Our account's key goes with the first step alone, and to the API's host."""
        url = httpx2.URL(address)
        if not self._is_api(url):
            raise SendFailed(FOREIGN)
        response = await self._get(url, self._account)
        for _ in range(MOST_HOPS):
            if response.status_code == 200:
                return response
            await response.aclose()
            if response.status_code not in REDIRECTS:
                raise _refused(response.status_code)
            url = url.join(response.headers.get("location", ""))
            if not self._is_file_server(url):
                raise SendFailed(FOREIGN)
            response = await self._get(url, None)
        await response.aclose()
        raise SendFailed(N_("Twilio meneruskan alamat lampiran ini terlalu sering."))

    async def _get(self, url: httpx2.URL, account: tuple[str, str] | None) -> httpx2.Response:
        request = self._http.build_request("GET", url, headers={"accept-encoding": "identity"})
        return await self._http.send(request, auth=account, stream=True, follow_redirects=False)

    def _is_api(self, url: httpx2.URL) -> bool:
        ours = self._api
        return (url.scheme, url.host, url.port) == (ours.scheme, ours.host, ours.port)

    def _is_file_server(self, url: httpx2.URL) -> bool:
        """The simulator on loopback redirects to its own loopback addresses."""
        if self._api.host in ("127.0.0.1", "localhost"):
            return url.host == self._api.host
        return url.scheme == "https" and url.port is None and url.host in FILE_SERVERS


def _later(reason: str) -> SendFailed:
    return SendFailed(N_("Lampiran belum dapat diambil dari Twilio") + f": {reason}", retry=timedelta(0))


def _refused(status: int) -> SendFailed:
    if status == 429 or status >= 500:
        return _later(f"jawaban {status}")
    if status == 404:
        return SendFailed(N_("Lampiran ini tidak ada lagi di Twilio."))
    return SendFailed(N_("Twilio menolak memberi lampiran ini") + f": jawaban {status}")
