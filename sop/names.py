"""The name a person gives in a text: after "nama saya", "perkenalkan saya", or a form's "Nama:"."""

import re

_CALLED = re.compile(
    r"\b(?:nama(?: lengkap)?(?: saya)?(?: adalah)?\s{0,3}[:=]|nama(?: lengkap)? saya(?: adalah| ialah)?|my name is"
    r"|perkenalkan,?(?: nama)? saya)[ \t]{1,3}([^\n\d,;:/|()<>@!?]{2,80})",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_SENTENCE = """
    ada adalah agar akan alamat alumni angkatan apa asal atau beda belum berbeda bukan dan dari daftar data dengan di dosen
    email fakultas from hendak hilang i ini ingin itu izin jadi juga jurusan karena ke kelas keliru kok kurang mahasiswa
    mahasiswi masih mau memohon menjadi minta mohon muncul nama nik nim nip no nomor npm orang orangtua pada pegawai prodi
    program saat salah saya sebagai selaku semester sudah staf tapi tercantum terdaftar tertulis tetapi tidak typo umur
    untuk usia wali warga yang and student the not lupa gagal butuh perlu tanya lapor punya bisa dapat telah sedang sering
    baru bayar login tinggal
"""
_NOT_A_NAME = frozenset(_SENTENCE.split())
_VERB = re.compile(r"ke\w+an|me[mn]\w+|ber\w+|ter\w+|\w+kan|\w+nya")
_PARTICLES = frozenset({"al", "bin", "binti", "de", "el", "van", "von"})
_LONGEST = 6  # words of a name


def name_in(text: str) -> str:
    """The first name given, or ""; a sentence such as "nama saya tidak muncul" names nobody."""
    for called in _CALLED.finditer(text):
        if words := _name(_until_stop(called[1])):
            return " ".join(words)
    return ""


def _until_stop(text: str) -> list[str]:
    """The words up to the first that belongs to the sentence and not to a name."""
    words: list[str] = []
    for word in text.split():
        match = _WORD.match(word)
        if match is None or word.lower().strip(".") in _NOT_A_NAME or (words and _VERB.fullmatch(word)):
            break
        ends = match.end() < len(word) or (word.endswith(".") and len(word) > 4)
        words.append(match[0].rstrip(".") if ends else match[0])
        if ends:
            break
    return words


def _name(words: list[str]) -> list[str]:
    """Capitalised words stay together; in small letters up to three words are a name, of more only the first is."""
    if not words:
        return []
    if words[0][:1].islower():
        return [word.capitalize() for word in (words if len(words) <= 3 else words[:1])]
    kept = words[:1]
    for word in words[1:_LONGEST]:
        if not (word[:1].isupper() or word.lower() in _PARTICLES):
            break
        kept.append(word)
    return kept
