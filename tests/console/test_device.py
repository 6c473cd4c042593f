"""A session is named so that its owner knows the device."""

import pytest

from console.device import device

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/120.0 Safari/537.36", "Chrome di Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/120.0 Safari/537.36 Edg/120.0", "Edge di Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox di Linux"),
        (f"Mozilla/5.0 (Linux; Android 13; SM-A145F) {WEBKIT} Chrome/119.0 Mobile Safari/537.36", "Chrome di Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari di iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15", "Safari di macOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("<b>" * 40, ("<b>" * 40)[:70]),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name_and_system(said: str, words: str) -> None:
    assert device(said, "id") == words
