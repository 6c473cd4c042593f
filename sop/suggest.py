"""Which category a report's words speak for: keywords and naive Bayes on what officers chose, and which words weighed. Pure.

A keyword counts as if officers had chosen its category for it a few times already; their real choices outweigh it with
time. A suggestion is shown beside the buttons and never applied by itself.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from math import log

from msgspec import Struct

from sop.office import Category

SMOOTH = 1.0  # Laplace
KEYWORD = 4.0  # choices that a keyword is worth
MOST = 150  # words of one ticket
SHOWN = 4  # words that explain
LONGEST = 20_000  # characters looked at
WORD = 24  # letters of a word; longer ones are none

_ADDRESS = re.compile(r"@|://|www\.")
_WORD = re.compile(r"[^\W\d_]{3,}")
_BEFORE = re.compile(r"^(?:meng|meny|mem|men|peng|pem|pen|per|ber|ter|me|di|ke)(?=\w{4})")
_AFTER = re.compile(r"(?<=\w{4})(?:nya|lah|kah|pun|kan|an)$")
_COMMON = """
    ada adalah agar akan aku anda apa apakah atas atau bagaimana bagi bahwa baik bang bapak banyak baru beberapa belum bila
    bisa boleh bu buat bukan bulan cara dan dapat dari demikian dengan di dia dong dulu hal halo hari harus ibu ini itu izin
    jadi jika juga kak kakak kalau kali kami kasih kata ke kenapa kepada kita lagi lain lalu maaf mahasiswa mas masih mau
    mbak melalui mengapa mohon nama namun nanti nim nya oleh pada pagi pak para perlu pernah pun saat saja salam saya sama
    sampai sangat saudara sebagai sebelum sedang sejak selamat semua seperti serta siang sore sudah supaya tahun tanya telah
    tentang terhadap terima terimakasih tersebut tetapi tidak tolong untuk waktu yang yth about and are but can could dear
    for from good has have hello how is it mine morning my not please sir thank thanks that the this was what when where
    why will with you your
"""
_EMPTY = frozenset(_COMMON.split())


class Counts(Struct, frozen=True, kw_only=True):
    """What officers chose: in how many tickets of a category each word stood. Only the words asked about need be there.

    `totals` are the sums over all words of a category, `tickets` how many were filed there, `vocabulary` how many
    different words were seen at all.
    """

    words: Mapping[int, Mapping[str, int]] = {}
    totals: Mapping[int, int] = {}
    tickets: Mapping[int, int] = {}
    vocabulary: int = 0


class Reason(Struct, frozen=True):
    """A word as it was written, and its log odds for the category (natural logarithm)."""

    word: str
    weight: float


class Suggestion(Struct, frozen=True, kw_only=True):
    """`score` is the log odds of the category against all others: `base` plus the weights of all words.

    `why` are the words that spoke for it, the weightiest first.
    """

    category: int
    score: float
    base: float
    why: tuple[Reason, ...]


def words_of(text: str) -> dict[str, str]:
    """root -> as it was written first. No numbers, addresses, courtesies; each word once, however often it stands."""
    found: dict[str, str] = {}
    plain = " ".join(part for part in text[:LONGEST].lower().split() if not _ADDRESS.search(part))
    for word in _WORD.findall(plain):
        base = root(word) if len(word) <= WORD else ""
        if base and word not in _EMPTY and base not in _EMPTY:
            found.setdefault(base, word)
        if len(found) == MOST:
            break
    return found


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """The word without the commonest Indonesian affixes, kept simple: "pembayaran" -> "bayar", "terkunci" -> "kunci"."""
    for _ in range(2):
        word = _AFTER.sub("", word)
    return _BEFORE.sub("", word)


def suggest(
    heard: Mapping[str, str], categories: Mapping[int, Category], counts: Counts
) -> Suggestion | None:
    """The category that the words speak for most, where they speak for it rather than against; None: nobody can tell."""
    model = _Model(categories, counts)
    scored = sorted(
        (model.judged(number, heard) for number in categories), key=lambda one: (-one.score, one.category)
    )
    best = [one for one in scored if one.why][:2]
    if not best or best[0].score <= 0 or (len(best) == 2 and best[0].score == best[1].score):
        return None
    return best[0]


class _Model:
    """Keywords and counts together, for one question."""

    def __init__(self, categories: Mapping[int, Category], counts: Counts) -> None:
        self._numbers = tuple(categories)
        self._counts = counts
        self._keys = {
            number: frozenset(root(word) for key in each.keywords for word in key.lower().split())
            for number, each in categories.items()
        }
        keyed = frozenset().union(*self._keys.values())
        self._vocabulary = counts.vocabulary + len(keyed) + 1
        self._totals = {
            number: counts.totals.get(number, 0) + KEYWORD * len(self._keys[number])
            for number in self._numbers
        }
        self._all = sum(self._totals.values())
        self._tickets = sum(counts.tickets.get(number, 0) for number in self._numbers)

    def judged(self, number: int, heard: Mapping[str, str]) -> Suggestion:
        weights = [(written, self._weight(number, base)) for base, written in heard.items()]
        base = self._prior(number)
        why = sorted((Reason(word, weight) for word, weight in weights if weight > 0), key=_weightiest)
        score = base + sum(weight for _, weight in weights)
        return Suggestion(category=number, score=score, base=base, why=tuple(why[:SHOWN]))

    def _prior(self, number: int) -> float:
        """The category's share of the tickets, against the rest's."""
        own = self._counts.tickets.get(number, 0) + SMOOTH
        rest = self._tickets - own + SMOOTH + SMOOTH * max(1, len(self._numbers) - 1)
        return log(own / rest)

    def _weight(self, number: int, word: str) -> float:
        """Log odds of one word; 0 for what was never seen anywhere."""
        own = self._seen(number, word)
        everywhere = sum(self._seen(each, word) for each in self._numbers)
        if not everywhere:
            return 0.0
        smooth = SMOOTH * self._vocabulary
        here = (own + SMOOTH) / (self._totals[number] + smooth)
        there = (everywhere - own + SMOOTH) / (self._all - self._totals[number] + smooth)
        return log(here / there)

    def _seen(self, number: int, word: str) -> float:
        known = self._counts.words.get(number, {}).get(word, 0)
        return known + (KEYWORD if word in self._keys[number] else 0.0)


def _weightiest(reason: Reason) -> tuple[float, str]:
    return -reason.weight, reason.word
