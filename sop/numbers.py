"""Numbers and addresses that identify a person, found in free text: NIM, NIP, NIK, phone, e-mail.

Each find is cut out before the next kind is looked for; amounts, dates and numbers named as something else go first.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache


def phone_of(text: str) -> str:
    """The E.164 form of a number written in Indonesia, or "" when it is not a person's valid number."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _personal():
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=1)
def _personal() -> frozenset[int]:
    """Kinds of numbers at which one person is reached."""
    import phonenumbers

    return frozenset(
        {
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE,
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        }
    )


_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])", re.I | re.A)
_NIM_LABELLED = re.compile(
    r"\b(?:nim|npm|nrp|nomor induk mahasiswa|no\.? ?induk mahasiswa|student (?:id|number))(?![a-z])"
    r"[\s:=.#-]{0,5}(?:(?:saya|kami|adalah|mahasiswa|nomor|no|is)\b[\s:=.-]{0,5}){0,3}"
    r"((?=[a-z]{0,3}\d)[0-9a-z][0-9a-z./-]{4,24})(?![0-9a-z])",
    re.I | re.A,
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,2000}", re.I)
_OTHER_NUMBER = re.compile(
    r"\b(?:(?:rek|rekening|va|virtual account)\b[^\d\n]{0,30}"
    r"|(?:bni|bri|bca|bsi|btn|mandiri|kode|kode bayar|billing|invoice|faktur|resi|transaksi|pesanan|order|tiket|laporan|surat"
    r"|nidn|nisn|nuptk|npwp|bpjs|kk|kartu keluarga|plat|imei|token|voucher|id pelanggan|meteran)\b[\s.:#=-]{0,4}"
    r"(?:(?:no|nomor|saya|anda|kami|ini|adalah)\b[\s.:#=-]{0,4}){0,3})"
    r"\d[\d ./-]{3,30}",
    re.I | re.A,
)
_AMOUNT = re.compile(
    r"\b(?:rp|idr|sebesar|senilai|sejumlah)\b[\s.:]{0,3}\d[\d.,]{0,20}"
    r"|(?<![\d.])\d{1,3}(?:[.,]\d{3}){1,5}(?:,\d{1,2})?(?![\d.])"
    r"|(?<!\d)\d{4,15}(?=(?:,-|,00|\s?(?:rupiah|ribu|juta|rb|jt)\b))",
    re.I | re.A,
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[.:]\d\d)(?!\d)",
    re.A,
)
_NIP = re.compile(r"(?<![\d+])(\d{8})[ .]?(\d{6})[ .]?([12])[ .]?(\d{3})(?!\d)", re.A)
_NIK = re.compile(r"(?<![\d+])(\d{4}[ .-]?\d{4}[ .-]?\d{4}[ .-]?\d{4})(?!\d)", re.A)
_PHONE = re.compile(r"(?<![\w.+/])(?:\+[1-9]|62|0[2-9])[\d ().-]{6,18}\d(?!\w)", re.A)
_DIGIT = re.compile(r"\d", re.A)
_NUMBER = re.compile(r"(?<![\w.,/+@#-])[1-9]\d{7,14}(?![\w@%]|[.,/-]\d)", re.A)

_PROVINCES = frozenset(
    (
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    )
)
"""The first two digits of a NIK."""

PLAIN = 2  # more bare numbers than this are a list, not a student's number


def numbers_in(text: str) -> Iterator[tuple[str, str]]:
    """Kind ("email", "nim", "nip", "nik", "phone") and value of what the text holds, in one spelling each."""
    rest = text
    for kind, finder, value_of in _FINDERS:
        if finder is not _MAIL and not _DIGIT.search(rest):
            return  # nothing else is written without one
        taken: list[tuple[int, int]] = []
        for match in finder.finditer(rest):
            if value := value_of(match):
                taken.append(match.span())
                if kind:
                    yield kind, value
        rest = _without(rest, taken)
    plain = [match[0] for match in _NUMBER.finditer(rest) if not _is_date(match[0])]
    if len(set(plain)) <= PLAIN:
        yield from (("nim", number) for number in plain)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans cut out, so that no number is read twice."""
    if not spans:
        return text
    kept, place = [], 0
    for start, end in spans:
        kept.append(text[place:start])
        place = end
    return " | ".join([*kept, text[place:]])


def _nim(match: re.Match[str]) -> str:
    value = match[1].rstrip("./-").upper()
    return value if sum(letter.isdecimal() for letter in value) >= 5 else ""


def _nip(match: re.Match[str]) -> str:
    born, appointed = match[1], match[2]
    year, month = int(appointed[:4]), int(appointed[4:])
    fits = _day(int(born[:4]), int(born[4:6]), int(born[6:])) and 1940 <= int(born[:4]) <= 2015
    return (
        "".join(match.groups()) if fits and 15 <= year - int(born[:4]) <= 70 and month in _APPOINTED else ""
    )


_APPOINTED = (*range(1, 13), 21)
"""A month or, for staff on contract (PPPK), 21."""


def _nik(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[1])
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    place = int(digits[:2]) in _PROVINCES and digits[2:4] != "00" and digits[4:6] != "00"
    return (
        digits
        if place and _day(2000 + year % 4, month, day - 40 if day > 40 else day) and digits[12:] != "0000"
        else ""
    )


def _phone(match: re.Match[str]) -> str:
    return phone_of(match[0] if not match[0].startswith("62") else "+" + match[0])


def _day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_date(digits: str) -> bool:
    """20112026 or 20261120: a date written without points."""
    if len(digits) != 8:
        return False
    turned = int(digits[4:]), int(digits[2:4]), int(digits[:2])
    straight = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return any(1940 <= year <= 2060 and _day(year, month, day) for year, month, day in (turned, straight))


def _whole(match: re.Match[str]) -> str:
    return match[0].lower()


_FINDERS = (
    ("email", _MAIL, _whole),
    ("nim", _NIM_LABELLED, _nim),
    (None, _LINK, _whole),
    (None, _OTHER_NUMBER, _whole),
    ("nip", _NIP, _nip),
    (None, _NIP, _whole),
    ("nik", _NIK, _nik),
    (None, _DATE, _whole),
    (None, _AMOUNT, _whole),
    ("phone", _PHONE, _phone),
)
