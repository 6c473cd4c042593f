"""What a browser says of itself, in words that a person knows their own device by."""

from functools import lru_cache

from sop.errors import N_
from sop.language import translate

BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("opera", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("ucbrowser", "UC Browser"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
"""The first that fits: most of them also name those below."""
SYSTEMS = (
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("cros", "ChromeOS"),
    ("mac os", "macOS"),
    ("linux", "Linux"),
)


@lru_cache(maxsize=256)
def device(said: str, language: str) -> str:
    """ "Chrome di Windows"; what is not known stays as the browser says it, shortened."""
    words = said.lower()
    browser = next((name for mark, name in BROWSERS if mark in words), "")
    system = next((name for mark, name in SYSTEMS if mark in words), "")
    if browser and system:
        return translate(N_("{browser} di {system}"), language, browser=browser, system=system)
    return browser or system or said[:70]
