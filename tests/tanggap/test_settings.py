"""config.yaml is read whole: every mistake is named with its line and what to write instead."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from tanggap.faults import BadSettings, Fault
from tanggap.settings import faults, read_settings

SECRET = "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0Ga"
ENVIRON = {"TANGGAP_SECRET": SECRET}
KEYS = (
    st.sampled_from(
        ["desk", "server", "store", "channels", "bots", "identity", "name", "port", "token", "web"]
    )
    | st.text()
)
DESK = """\
desk:
  name: Meja Layanan
  public_url: "https://care.example.ac.id/"
  secret: "${TANGGAP_SECRET}"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def found(folder: Path, text: str, environ: dict[str, str] = ENVIRON) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.key, fault.what) for fault in faults(written(folder, text), environ)]


def only(folder: Path, text: str, environ: dict[str, str] = ENVIRON) -> Fault:
    [fault] = faults(written(folder, text), environ)
    return fault


def test_a_short_file_is_enough_and_the_rest_has_defaults(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, DESK), ENVIRON)

    assert settings.desk.name == "Meja Layanan"
    assert settings.desk.secret.get_secret_value() == SECRET
    assert settings.desk.public_url == "https://care.example.ac.id"
    assert settings.desk.zone.key == "Asia/Jakarta"
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8080)
    assert settings.channels == {}


def test_relative_paths_are_counted_from_the_file_and_not_from_where_one_stands(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, DESK), ENVIRON)

    assert settings.store.url == f"sqlite:///{tmp_path}/data/tanggap.db"
    assert settings.store.files == tmp_path / "data/files"


def test_an_absolute_database_and_postgresql_stay_as_they_are(tmp_path: Path) -> None:
    absolute = read_settings(
        written(tmp_path, DESK + 'store: {url: "sqlite:////srv/desk.db", files: /srv/files}'), ENVIRON
    )
    server = read_settings(written(tmp_path, DESK + 'store: {url: "postgresql://desk@db/desk"}'), ENVIRON)

    assert (absolute.store.url, absolute.store.files) == ("sqlite:////srv/desk.db", Path("/srv/files"))
    assert server.store.url == "postgresql://desk@db/desk"


def test_every_mistake_is_named_and_not_only_the_first(tmp_path: Path) -> None:
    text = """\
desk:
  name: ""
  timezone: Asia/Jakart
  public_url: care.example.ac.id
  secret: "${TANGGAP_SECRET}"
server:
  prot: 80
  port: 70000
  trusted_proxies: [rumah]
chanels: {}
"""
    assert found(tmp_path, text) == [
        (2, "desk.name", "masih kosong atau terlalu pendek"),
        (3, "desk.timezone", "zona waktu tidak dikenal"),
        (4, "desk.public_url", "bukan alamat web"),
        (7, "server.prot", "kunci ini tidak dikenal"),
        (8, "server.port", "paling besar 65535"),
        (9, "server.trusted_proxies.0", "bukan alamat jaringan"),
        (10, "chanels", "kunci ini tidak dikenal"),
    ]


def test_what_is_missing_is_named_at_the_block_that_should_hold_it(tmp_path: Path) -> None:
    assert found(tmp_path, "\ndesk:\n  name: Meja\n") == [
        (2, "desk.public_url", "wajib diisi"),
        (2, "desk.secret", "wajib diisi"),
    ]


@pytest.mark.parametrize(
    ("line", "remedy"),
    [("chanels: {}", "maksud Anda channels?"), ("server: {prot: 1}", "maksud Anda port?")],
)
def test_an_unknown_key_brings_the_one_that_was_meant(tmp_path: Path, line: str, remedy: str) -> None:
    assert only(tmp_path, DESK + line).remedy == remedy


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"),
    [
        ("port: 80\n", 5, "port", "pindahkan ke server.port"),
        ("telegram: {}\n", 5, "telegram", "pindahkan ke channels.telegram"),
        ("channels:\n  staff: {}\n", 6, "channels.staff", "pindahkan ke bots.staff"),
        ("server:\n  timezone: Asia/Jakarta\n", 6, "server.timezone", "pindahkan ke desk.timezone"),
    ],
)
def test_a_key_that_stands_in_another_block_is_sent_there(
    tmp_path: Path, text: str, line: int, key: str, remedy: str
) -> None:
    fault = only(tmp_path, DESK + text)

    assert (fault.line, fault.key, fault.what) == (line, key, "kunci ini tidak dikenal")
    assert fault.remedy == remedy


def test_the_desk_needs_a_host_of_its_own(tmp_path: Path) -> None:
    text = DESK.replace("care.example.ac.id/", "www.example.ac.id/layanan/")

    fault = only(tmp_path, text)
    assert (fault.key, "nama host sendiri" in fault.what) == ("desk.public_url", True)


def test_an_unknown_channel_brings_those_that_exist(tmp_path: Path) -> None:
    fault = only(tmp_path, DESK + "channels:\n  telegarm: {}\n")

    assert (fault.line, fault.key, fault.remedy) == (6, "channels.telegarm", "maksud Anda telegram?")


def test_a_key_written_twice_is_a_mistake_and_names_the_first(tmp_path: Path) -> None:
    fault = only(tmp_path, DESK + "server:\n  port: 1\n  port: 2\n")

    assert (fault.line, fault.key) == (7, "server.port")
    assert fault.remedy == "hapus salah satu (yang pertama di baris 6)"


def test_a_secret_that_is_not_there_is_named_once_with_where_to_write_it(tmp_path: Path) -> None:
    fault = only(tmp_path, DESK, {})

    assert (fault.line, fault.key, fault.what) == (4, "desk.secret", "variabel TANGGAP_SECRET belum ada")
    assert ".env" in fault.remedy


def test_a_channel_without_its_secret_does_not_start(tmp_path: Path) -> None:
    fault = only(tmp_path, DESK + 'channels:\n  telegram:\n    token: "${TELEGRAM_TOKEN}"\n')

    assert (fault.line, fault.key, fault.what) == (
        7,
        "channels.telegram.token",
        "variabel TELEGRAM_TOKEN belum ada",
    )


def test_a_channel_checks_its_own_block(tmp_path: Path) -> None:
    fault = only(tmp_path, DESK + 'channels:\n  telegram:\n    token: "123456:abcdef"\n    mode: webhok\n')

    assert (fault.line, fault.key, fault.remedy) == (
        8,
        "channels.telegram.mode",
        "pilih: polling, webhook",
    )


def test_the_env_file_beside_the_settings_gives_secrets_and_the_environment_overrules_it(
    tmp_path: Path,
) -> None:
    env = tmp_path / ".env"
    env.write_text(f"# rahasia\n\nexport TANGGAP_SECRET='{SECRET}'\n", encoding="utf-8")
    env.chmod(0o600)
    path = written(tmp_path, DESK)

    assert read_settings(path, {}).desk.secret.get_secret_value() == SECRET
    assert (
        read_settings(path, {"TANGGAP_SECRET": SECRET[::-1]}).desk.secret.get_secret_value() == SECRET[::-1]
    )


def test_an_env_file_that_others_can_read_is_a_mistake(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text(f"TANGGAP_SECRET={SECRET}\nlupa\n", encoding="utf-8")
    env.chmod(0o644)

    open_to_others, no_pair = faults(written(tmp_path, DESK), {})

    assert (open_to_others.file, open_to_others.remedy) == (env, f"jalankan: chmod 600 {env}")
    assert (no_pair.line, no_pair.what) == (2, "baris ini bukan NAMA=NILAI")


@pytest.mark.parametrize("secret", ["rahasia", "a" * 64, "0123456701234567012345670123456701234567"[:31]])
def test_a_secret_that_is_easily_guessed_is_a_mistake_and_is_never_shown(tmp_path: Path, secret: str) -> None:
    fault = only(tmp_path, DESK, {"TANGGAP_SECRET": secret})

    assert (fault.line, fault.what) == (4, "terlalu mudah ditebak")
    assert secret not in str(fault)


@pytest.mark.parametrize("hole", ["${}", "${TANGGAP SECRET}", "${TANGGAP_SECRET"])
def test_a_hole_that_cannot_be_read_is_a_mistake(tmp_path: Path, hole: str) -> None:
    assert only(tmp_path, DESK.replace("${TANGGAP_SECRET}", hole)).what == "nama variabel tidak terbaca"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("desk:\n  name: [\n", 3, "bukan YAML: "),
        ("desk: &a {}\nserver: *a\n", 2, "bukan YAML: tulis nilainya sendiri, bukan *rujukan"),
        ("desk: !!python/name:os.system\n", 1, "bukan YAML: tanda seru tidak dipakai di sini"),
        ("desk:\n\tname: Meja\n", 2, "bukan YAML: ada tanda tab; pakai spasi"),
        ("desk: {name: Meja\nserver: {}\n", 2, "bukan YAML: kurung siku atau kurung kurawal tidak ditutup"),
        ("desk:\n  name: Meja: satu\n", 2, "bukan YAML: ada titik dua di dalam nilai"),
        ('desk:\n  name: "Meja\n', 3, "bukan YAML: tanda kutip tidak ditutup"),
        ("desk:\n  name: Meja\n port: 1\n", 3, "bukan YAML: lekuk baris ini tidak sejajar"),
        ("desk:\n  name\n  port: 1\n", 3, "bukan YAML: ada titik dua di dalam nilai"),
        ("? [a, b]\n: 1\n", 1, "kunci harus berupa satu kata"),
        ("[" * 10_000, 1, "bersarang terlalu dalam"),
        ("desk: \x00\n", 1, "bukan YAML: "),
        ("- desk\n", 1, "harus berisi kunci dan nilai"),
        ("desk: halo\n", 1, "harus berisi kunci dan nilai"),
        ("", 1, "wajib diisi"),
        ("desk:\n  name: 2026-02-30\n", 2, "nilai ini tidak terbaca"),
        ('desk:\n  name: "\\ud800"\n', 2, "berisi karakter yang bukan teks"),
    ],
)
def test_what_is_no_settings_file_at_all_is_said_in_words(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    said = [(fault.line, fault.what[: len(what)]) for fault in faults(written(tmp_path, text), ENVIRON)]

    assert (line, what) in said


def test_bytes_that_are_no_text_are_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"desk: \xff\xfe")

    assert faults(path, {})[0].what == "tidak dapat dibaca: bukan teks UTF-8"


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings(tmp_path / "config.yaml", {})

    assert (
        str(refused.value)
        == f"{tmp_path}/config.yaml:1: berkas ini tidak ada; jalankan: tanggap init {tmp_path}"
    )


def test_a_staff_bot_by_webhook_needs_a_secret(tmp_path: Path) -> None:
    fault = only(tmp_path, DESK + 'bots:\n  staff: {token: "123456:abc", mode: webhook}\n')

    assert (fault.line, fault.key, fault.what) == (6, "bots.staff", "mode webhook memerlukan secret")


def test_two_bots_do_not_share_one_token(tmp_path: Path) -> None:
    text = 'bots:\n  staff: {token: "123456:abc"}\n  humas: {token: "123456:abc"}\n'
    fault = only(tmp_path, DESK + text)

    assert (fault.line, fault.key, fault.what) == (7, "bots.humas.token", "bot ini sudah dipakai bots.staff")


def test_settings_never_print_a_secret(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, DESK + 'bots:\n  staff: {token: "123456:abc"}\n'), ENVIRON)

    assert SECRET not in repr(settings)
    assert "123456:abc" not in repr(settings)


def test_a_password_with_odd_signs_may_stand_in_an_address(tmp_path: Path) -> None:
    address = 'store: {url: "postgresql://desk:${PG}@db/desk"}'
    settings = read_settings(written(tmp_path, DESK + address), {**ENVIRON, "PG": "p@ss/w#rd%"})

    assert settings.store.url == "postgresql://desk:p%40ss%2Fw%23rd%25@db/desk"


def test_a_file_of_people_is_looked_for_beside_the_settings(tmp_path: Path) -> None:
    text = DESK + 'identity: {directory: "csv:people.csv"}'

    assert only(tmp_path, text).what == f"berkas {tmp_path}/people.csv tidak ada"
    (tmp_path / "people.csv").write_text("id,name\n", encoding="utf-8")
    assert faults(tmp_path / "config.yaml", ENVIRON) == ()


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@trials(deadline=None)
@given(st.text() | st.dictionaries(KEYS, PLAIN).map(yaml.safe_dump))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))

        for fault in faults(path, ENVIRON):
            assert fault.line >= 1
            assert "\n" not in str(fault)


def test_a_key_that_looks_like_a_branch_of_the_checker_is_a_key(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("desk:\n 0[:\n", encoding="utf-8")

    assert "desk.0[" in [fault.key for fault in faults(path, ENVIRON)]
