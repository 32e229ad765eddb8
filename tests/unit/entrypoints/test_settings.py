"""Settings are read once, all mistakes are told at once, and no password is shown."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.entrypoints.settings import Settings, WrongSettings, described, read_settings


def test_every_setting_is_shown_once_in_a_section_that_says_what_it_is_about() -> None:
    shown = described(read_settings({}))

    sections = list(dict.fromkeys(one.section for one in shown))
    assert {one.name for one in shown} == {field.name for field in fields(Settings)}
    assert len(shown) == len({one.variable for one in shown})
    assert [one.section for one in shown] == sorted((one.section for one in shown), key=sections.index)
    assert all(section.endswith(".") for section in sections)


def test_without_any_variable_the_defaults_hold() -> None:
    settings = read_settings({})

    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert settings.home_folder == Path.cwd() / ".higherstudy"


def test_variables_are_read_as_what_they_are() -> None:
    settings = read_settings({"PORT": "0", "DATABASE_LOCK_TIMEOUT": "1.5", "HIGHERSTUDY_HOME": "/srv/study"})

    assert (settings.port, settings.lock_timeout, settings.home_folder) == (0, 1.5, Path("/srv/study"))


def test_a_blank_variable_counts_as_unset() -> None:
    assert read_settings({"PORT": " ", "DATABASE_URL": ""}) == read_settings({})


def test_every_mistake_is_named_at_once() -> None:
    wrong = {
        "PORT": "70000",
        "LOG_LEVEL": "loud",
        "JOBS_AT_ONCE": "many",
        "MIGRATION_DATABASE_URL": "mysql://owner:hidden@localhost/study",
    }

    with pytest.raises(WrongSettings) as refusal:
        read_settings(wrong)

    assert [reason.where for reason in refusal.value.reasons] == [
        "PORT",
        "JOBS_AT_ONCE",
        "LOG_LEVEL",
        "MIGRATION_DATABASE_URL",
        "MIGRATION_DATABASE_URL",
    ]
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://study:s3:cr@t@localhost/study",
        "postgres://localhost/study?user=me&password=s3:cr@t",
        "postgresql://study:s3:/cr@t@localhost:5432/study",
    ],
)
def test_no_password_is_shown(url: str) -> None:
    settings = read_settings({"DATABASE_URL": url})

    shown = {one.variable: one.shown for one in described(settings)}

    assert settings.database_url == url
    assert "cr@t" not in repr(settings)
    assert "cr@t" not in shown["DATABASE_URL"]
    assert "localhost" in shown["DATABASE_URL"]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://localhost:80"),
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"PUBLIC_URL": "https://study.example.org/"}, "https://study.example.org"),
    ],
)
def test_the_servers_address_is_one_that_can_be_followed(given: dict[str, str], address: str) -> None:
    assert read_settings(given).address == address


def test_every_setting_says_what_it_means() -> None:
    assert all(one.meaning.endswith(".") and one.variable.isupper() for one in described(read_settings({})))


@pytest.mark.parametrize(
    ("variable", "given", "sentence"),
    [
        ("PORT", "abc", "A whole number from 0 to 65535 is expected; given was abc."),
        ("PORT", "70000", "A whole number from 0 to 65535 is expected; given was 70000."),
        ("HEALTH_PORT", "99999", "A whole number from 0 to 65535 is expected; given was 99999."),
        ("JOBS_AT_ONCE", "-1", "A whole number from 0 to 1000 is expected; given was -1."),
        ("DATABASE_LOCK_TIMEOUT", "0", "A number above 0 and up to 3600 is expected; given was 0."),
        ("LOG_LEVEL", "loud", "One of debug, error, info, warning is expected; given was loud."),
        ("DATABASE_URL", "postgresql://u:open-sesame@host:port/x", "a whole number from 0 to 65535."),
        ("ALLOWED_ORIGINS", "study.example", "given was study.example."),
    ],
)
def test_what_a_setting_may_be_is_said_in_plain_words(variable: str, given: str, sentence: str) -> None:
    with pytest.raises(WrongSettings) as refusal:
        read_settings({variable: given})

    (reason,) = refusal.value.reasons
    assert reason.where == variable
    assert Messages().reason(reason).endswith(sentence)
    assert "open-sesame" not in Messages().reason(reason)


def test_no_refusal_of_a_setting_speaks_of_types() -> None:
    wrong = {one.variable: "\x00,;" for one in described(read_settings({}))}

    with pytest.raises(WrongSettings) as refusal:
        read_settings(wrong)

    told = " ".join(Messages().reason(reason) for reason in refusal.value.reasons)
    assert len(refusal.value.reasons) > 10
    assert not re.search(r"Expected|`|\b(int|str|float|regex)\b|\{", told)


FROM, SID = "no-reply@study.example", "AC" + "0f" * 16
KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://localhost:many/0"),
        ("S3_BUCKET", "Papers"),
        ("S3_BUCKET", "ab"),
        ("S3_BUCKET", "192.168.0.1"),
        ("S3_BUCKET", "papers-"),
        ("CLAMD", "localhost"),
        ("CLAMD", "localhost:clam"),
        ("CLAMD", "run/clamd.sock"),
        ("PUBLIC_URL", "study.example"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("TOKEN_KEY", "sesame"),
        ("OTHER_TOKEN_KEYS", f"{KEY} sesame"),
        ("CODE_PAGE", "study.example/codes"),
        ("STAFF_SESSION_HOURS", "0"),
        ("LINK_KEY", KEY[4:]),
        ("FACTOR_KEY", KEY[4:]),
        ("PASSKEY_SITE", "https://study.example"),
        ("PASSKEY_SITE", "127.0.0.1"),
        ("PASSKEY_ORIGINS", "study.example"),
        ("SECOND_FACTOR_ROLES", "admin, auditor"),
        ("SIGN_IN_FREE_TRIES", "101"),
        ("MASTER_KEY", KEY[4:]),
        ("OTHER_MASTER_KEYS", f"{KEY} {KEY[4:]}"),
        ("ADMIN_EMAIL", "me"),
        ("MAIL_FROM", "Higher Study"),
        ("MAIL_CHANNEL", "pigeon"),
        ("SMTP_HOST", "mail.study.example:25"),
        ("SMTP_SECURITY", "ssl"),
        ("SENDGRID_URL", "api.sendgrid.com"),
        ("SENDGRID_WEBHOOK_KEY", "sesame"),
        ("SENDGRID_WEBHOOK_KEY", KEY),
        ("TWILIO_URL", "api.twilio.com"),
        ("WEBHOOK_URL", "study.example/v1/webhooks"),
        ("MESSAGE_SECONDS", "0"),
        ("HEALTH_PORT", "8000"),
        ("STOP_SECONDS", "0"),
        ("TRUSTED_PROXIES", "everybody"),
        ("TRUSTED_PROXIES", "10.0.0.0/8 0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0"),
        ("PROXY_HEADER", "x-real-ip"),
        ("ALLOWED_HOSTS", "*.study.example"),
        ("ALLOWED_HOSTS", "https://study.example"),
        ("ALLOWED_HOSTS", "study.example:443"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "null"),
        ("HSTS_SECONDS", "-1"),
        ("ADDRESS_LIMIT", "0"),
    ],
)
def test_a_wrong_form_is_refused(variable: str, given: str) -> None:
    with pytest.raises(WrongSettings) as refusal:
        read_settings({variable: given})

    (reason,) = refusal.value.reasons
    assert reason.where == variable
    assert Messages().reason(reason)


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("REDIS_URL", "rediss://:s3cr@t@cache.study.example:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("S3_BUCKET", "study.papers-2027"),
        ("CLAMD", "/run/clamav/clamd.ctl"),
        ("CLAMD", "scanner:3310"),
        ("CLAMD", "[::1]:3310"),
        ("TOKEN_KEY", KEY),
        ("OTHER_TOKEN_KEYS", f"{KEY} {KEY}"),
        ("CODE_PAGE", "https://study.example/codes"),
        ("LINK_KEY", KEY.replace("/", "_").replace("+", "-")),
        ("MAIL_FROM", "Higher Study <no-reply@study.example>"),
    ],
)
def test_a_right_form_is_taken_as_it_is(variable: str, given: str) -> None:
    settings = read_settings({variable: given})

    (name,) = [one.name for one in described(settings) if one.variable == variable]
    assert getattr(settings, name) == given


@pytest.mark.parametrize(
    ("given", "wrong", "needed"),
    [
        ({"S3_BUCKET": "papers", "S3_ACCESS_KEY_ID": "study"}, "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"),
        ({"S3_BUCKET": "papers", "S3_SECRET_ACCESS_KEY": "x"}, "S3_SECRET_ACCESS_KEY", "S3_ACCESS_KEY_ID"),
        ({"S3_ENDPOINT_URL": "http://localhost:8333"}, "S3_ENDPOINT_URL", "S3_BUCKET"),
        ({"MIGRATION_DATABASE_URL": "postgresql://owner@localhost/study"}, "MIGRATION_DATABASE_URL", "DATABASE_URL"),
        ({"MAIL_CHANNEL": "smtp", "MAIL_FROM": FROM}, "MAIL_CHANNEL", "SMTP_HOST"),
        ({"MAIL_CHANNEL": "smtp", "SMTP_HOST": "mail.study.example"}, "MAIL_CHANNEL", "MAIL_FROM"),
        ({"MAIL_CHANNEL": "sendgrid", "MAIL_FROM": FROM}, "MAIL_CHANNEL", "SENDGRID_API_KEY"),
        ({"SMTP_USER": "study"}, "SMTP_USER", "SMTP_PASSWORD"),
        ({"SMTP_PASSWORD": "x"}, "SMTP_PASSWORD", "SMTP_USER"),
        ({"TWILIO_FROM": "+15005550006"}, "TWILIO_FROM", "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_WHATSAPP_FROM": "+15005550006"}, "TWILIO_WHATSAPP_FROM", "TWILIO_ACCOUNT_SID"),
        (
            {"TWILIO_ACCOUNT_SID": SID, "TWILIO_FROM": "Study"},
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
        ),
        (
            {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "x"},
            "TWILIO_ACCOUNT_SID",
            "TWILIO_FROM / TWILIO_WHATSAPP_FROM",
        ),
    ],
)
def test_a_setting_that_needs_another_says_which(given: dict[str, str], wrong: str, needed: str) -> None:
    with pytest.raises(WrongSettings) as refusal:
        read_settings(given)

    (reason,) = refusal.value.reasons
    assert (reason.where, reason.params) == (wrong, {"other": needed})


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ({}, True),
        ({"HOST": "localhost"}, True),
        ({"HOST": "::1", "PUBLIC_URL": "http://127.0.0.1:5173"}, True),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "192.0.2.1"}, False),
        ({"PUBLIC_URL": "https://study.example"}, False),
        ({"PUBLIC_URL": "http://localhost.study.example"}, False),
    ],
)
def test_cookies_go_over_http_only_where_nobody_else_reaches_the_server(given: dict[str, str], may: bool) -> None:
    environment = {"INSECURE_COOKIES": "true", **given}
    if may:
        assert read_settings(environment).insecure_cookies
        return

    with pytest.raises(WrongSettings) as refused:
        read_settings(environment)

    assert [(one.code, one.where) for one in refused.value.reasons] == [
        ("setting.insecure_cookies", "INSECURE_COOKIES")
    ]


def test_a_setting_is_shown_as_it_can_be_given() -> None:
    shown = {one.variable: one.shown for one in described(read_settings({"MIGRATE_AT_START": "false"}))}

    assert shown["MIGRATE_AT_START"] == "false"


def test_what_is_secret_is_shown_only_as_set() -> None:
    secret = {"S3_BUCKET": "papers", "S3_ACCESS_KEY_ID": "study", "S3_SECRET_ACCESS_KEY": "open-sesame"}
    settings = read_settings(
        {
            **secret,
            "TOKEN_KEY": KEY,
            "OTHER_TOKEN_KEYS": KEY,
            "LINK_KEY": KEY,
            "FACTOR_KEY": KEY,
            "MASTER_KEY": KEY,
            "OTHER_MASTER_KEYS": f"{KEY} {KEY}",
            "REDIS_URL": "redis://:open-sesame@cache/0",
        }
    )

    shown = {one.variable: one.shown for one in described(settings)}

    secrets = ("S3_SECRET_ACCESS_KEY", "TOKEN_KEY", "OTHER_TOKEN_KEYS", "LINK_KEY", "FACTOR_KEY", "MASTER_KEY")
    assert {shown[name] for name in (*secrets, "OTHER_MASTER_KEYS")} == {"***"}
    assert shown["REDIS_URL"] == "redis://:***@cache/0"
    assert "open-sesame" not in repr(settings)
    assert KEY not in repr(settings)


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token-key"
    file.write_text(f"{KEY}\n")

    settings = read_settings({"TOKEN_KEY_FILE": str(file)})

    assert settings.token_key == KEY


def test_a_file_that_is_not_there_and_a_secret_given_twice_are_refused(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.write_text(KEY)

    with pytest.raises(WrongSettings) as refusal:
        read_settings({"TOKEN_KEY_FILE": str(tmp_path / "gone"), "LINK_KEY": KEY, "LINK_KEY_FILE": str(here)})

    told = [f"{reason.where}: {Messages().reason(reason)}" for reason in refusal.value.reasons]
    assert told == [
        "LINK_KEY_FILE: This and LINK_KEY are both set; leave one of them out.",
        f"TOKEN_KEY_FILE: The file {tmp_path / 'gone'} cannot be read: No such file or directory.",
    ]


def test_what_is_no_secret_is_never_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000")

    assert read_settings({"PORT_FILE": str(tmp_path / "port")}).port == 8000


@pytest.mark.parametrize(
    ("given", "site", "pages"),
    [
        ({}, "localhost", ["http://localhost:8000"]),
        ({"PUBLIC_URL": "https://api.study.example"}, "api.study.example", ["https://api.study.example"]),
        (
            {
                "PUBLIC_URL": "https://api.study.example/",
                "PASSKEY_SITE": "study.example",
                "ALLOWED_ORIGINS": "https://a.b",
            },
            "study.example",
            ["https://api.study.example", "https://a.b"],
        ),
        ({"PASSKEY_ORIGINS": "https://a.b https://c.d"}, "localhost", ["https://a.b", "https://c.d"]),
    ],
)
def test_passkeys_belong_to_the_servers_own_site_unless_another_is_named(
    given: dict[str, str], site: str, pages: list[str]
) -> None:
    settings = read_settings(given)

    assert (settings.site_of_passkeys, settings.pages_of_passkeys) == (site, pages)


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, set()),
        ({"DATABASE_URL": "postgresql://somewhere/study"}, {"admin"}),
        ({"DATABASE_URL": "postgresql://somewhere/study", "SECOND_FACTOR_ROLES": "none"}, set()),
        ({"SECOND_FACTOR_ROLES": "admin counsellor"}, {"admin", "counsellor"}),
    ],
)
def test_administrators_of_a_shared_database_need_two_factors_unless_it_is_said_otherwise(
    given: dict[str, str], roles: set[str]
) -> None:
    assert read_settings(given).roles_of_two_factors == roles


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("TWILIO_ACCOUNT_SID", "AC7"),
        ("TWILIO_FROM", "15005550006"),
        ("TWILIO_FROM", "12345"),
        ("TWILIO_FROM", "Preparation to Study"),
        ("TWILIO_WHATSAPP_FROM", "whatsapp:+15005550006"),
    ],
)
def test_a_wrong_account_or_sender_of_short_messages_is_refused(variable: str, given: str) -> None:
    right = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "x", "TWILIO_FROM": "+15005550006"}

    with pytest.raises(WrongSettings) as refusal:
        read_settings({**right, variable: given})

    assert [reason.where for reason in refusal.value.reasons] == [variable]


@pytest.mark.parametrize(
    ("host", "security", "may"),
    [
        ("mail.study.example", "none", False),
        ("10.0.0.7", "none", False),
        ("localhost", "none", True),
        ("127.0.0.1", "none", True),
        ("mail.study.example", "tls", True),
    ],
)
def test_a_password_goes_only_where_nobody_can_read_it(host: str, security: str, may: bool) -> None:
    given = {"MAIL_CHANNEL": "smtp", "MAIL_FROM": FROM, "SMTP_USER": "study", "SMTP_PASSWORD": "x"}
    environment = {**given, "SMTP_HOST": host, "SMTP_SECURITY": security}
    if may:
        assert read_settings(environment).smtp_host == host
        return

    with pytest.raises(WrongSettings) as refused:
        read_settings(environment)

    assert [one.code for one in refused.value.reasons] == ["setting.password_in_the_open"]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, ""),
        ({"PUBLIC_URL": "https://study.example/"}, "https://study.example/v1/webhooks"),
        ({"WEBHOOK_URL": "https://hooks.study.example/in/"}, "https://hooks.study.example/in"),
    ],
)
def test_services_report_where_they_can_reach_us(given: dict[str, str], address: str) -> None:
    assert read_settings(given).webhooks == address


def test_what_opens_other_services_is_shown_only_as_set_and_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("open-sesame\n")
    names = (
        *("SMTP_PASSWORD", "SENDGRID_API_KEY", "TWILIO_AUTH_TOKEN"),
        *("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"),
    )
    others = {"SMTP_USER": "study", "TWILIO_ACCOUNT_SID": SID, "TWILIO_FROM": "Study"}

    settings = read_settings({**others, **{f"{name}_FILE": str(file) for name in names}})

    shown = {one.variable: one.shown for one in described(settings)}
    assert {shown[name] for name in names} == {"***"}
    assert (settings.smtp_password, settings.sendgrid_api_key, settings.twilio_auth_token) == ("open-sesame",) * 3
    assert (settings.stripe_secret_key, settings.stripe_webhook_secret) == ("open-sesame",) * 2


@pytest.mark.parametrize("alone", ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"])
def test_a_key_to_stripe_and_what_it_signs_with_go_together(alone: str) -> None:
    with pytest.raises(WrongSettings) as refusal:
        read_settings({alone: "x"})
    assert [(one.code, one.where) for one in refusal.value.reasons] == [("setting.needs_another", alone)]
