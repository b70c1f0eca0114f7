"""No input gives a 5xx: odd bytes in every field of every form, in addresses, queries, headers and bodies."""

import json
from html.parser import HTMLParser
from io import BytesIO
from itertools import count
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounting_platform.handler import PlatformRequest
from accounting_platform.middleware import MAX_BODY
from accounting_platform.tests.test_urls import STATUS, WHO, arguments, desk_addresses
from accounting_platform.tests.url_world import make_world
from education.tests.factories import event, make_offering, post_signed

pytestmark = pytest.mark.django_db
# As bytes, since half of them are no text.
HOSTILE = [
    b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\x1b[0m\r\nX: y", b"",
    "\u202e\u2066".encode(), "１２３".encode(), "١٢٣".encode(), "²".encode(), "𠮷👨‍👩‍👧".encode(), b"%00", b"\\ud800",
    b"-1", b"0", b"1e400", b"NaN", b"Infinity", b"9" * 25, b"9" * 5000, b"2026-02-30", b"9999-99", b"0000-00-00",
    b"x" * 100_000, "汉".encode() * 30_000, b"../../../etc/passwd", b"' OR 1=1 --", b"<script>alert(1)</script>",
    b"{{7*7}}{% debug %}", b"${jndi:ldap://x}", b"http://[", b"//evil.example", b"javascript:alert(1)", b"[]", b"{}", b"on",
]  # fmt: skip
QUERY = [
    "q",
    "next",
    "page",
    "p",
    "o",
    "e",
    "year",
    "kind",
    "reveal",
    "rescue",
    "id__in",
    "state",
    "from",
    "offset",
    "_popup",
]
QUERY += [
    "text",
    "auto",
    "field",
    "_to_field",
    "_changelist_filters",
    "level",
    "parent",
    "code",
    "name",
    "term",
]


@pytest.fixture(autouse=True)
def our_way_in(monkeypatch):
    """Django's test client makes requests of its own class; a server makes them of ours."""
    monkeypatch.setattr("django.test.client.WSGIRequest", PlatformRequest)


@pytest.fixture
def world():
    return make_world()


class Controls(HTMLParser):
    """What a browser would send of a page, all its forms together: names with their values."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.select = {}, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name, value = told.get("name"), told.get("value") or ""
        if tag == "select":
            self.select = name
        if tag == "option" and self.select and ("selected" in told or self.select not in self.fields):
            self.fields[self.select] = value.encode()
        if tag in {"input", "textarea", "button"} and name:
            ticked = told.get("type") not in {"radio", "checkbox"} or "checked" in told
            self.fields[name] = value.encode() if ticked else self.fields.get(name, b"")


def forms(world, who):
    """(address, its fields as the page fills them) of everything this person can post to."""
    client = world.enter(who)
    urls = [reverse(name, args=arguments(name, world)) for name in STATUS if "api" not in name]
    if who == "staff":
        urls += [
            url for _page, url, statuses in desk_addresses(world) if not statuses.endswith(("403", "405"))
        ]
    for url in urls:
        page = client.get(url, follow=True)
        fields = Controls(page.text).fields if "html" in page.get("Content-Type", "") else {}
        fields.pop("csrfmiddlewaretoken", None)
        yield url, fields or {"field": b"", "phone": b"", "document_number": b""}


def post(client, url, fields):
    """A form as a browser would send it, well-formed or not."""
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())
    return client.post(url, body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("who", WHO)
def test_every_field_takes_hostile_values(world, who):
    """One field odd, the others as the page filled them; each field meets some of the values, each value many fields."""
    turn, broken, found = count(), [], list(forms(world, who))
    for url, fields in found:
        client = world.enter(who)
        # Of the desk's long forms every third field: what reads them is the admin's own code.
        desk = url.startswith("/admin/")
        for name in list(fields)[len(url) % 3 : 40 : 3] if desk else list(fields)[:40]:
            for _ in range(1 if desk else 2):
                value = HOSTILE[next(turn) * 7 % len(HOSTILE)]
                status = post(client, url, fields | {name: value}).status_code
                broken += [(url, name, value[:20], status)] * (status >= 500)

    assert broken == []
    assert len(found) > 30 and next(turn) > 200


@pytest.mark.parametrize("who", WHO)
def test_every_form_takes_hostile_values_in_all_fields(world, who):
    broken = []
    for place, (url, fields) in enumerate(forms(world, who)):
        client = world.enter(who)
        few = 10 if url.startswith("/admin/") else 5
        for value in HOSTILE[place % few :: few]:
            status = post(client, url, dict.fromkeys(list(fields)[:150], value)).status_code
            broken += [(url, value[:20], status)] * (status >= 500)

    assert broken == []


@pytest.mark.parametrize("who", WHO)
def test_every_address_takes_hostile_queries(world, who):
    client, broken = world.enter(who), []
    urls = [reverse(name, args=arguments(name, world)) for name in STATUS]
    if who == "staff":
        urls += [
            url
            for page, url, _statuses in desk_addresses(world)
            if page.endswith(("changelist", "_add", "autocomplete"))
        ]

    for place, url in enumerate(urls):
        for turn, value in enumerate(HOSTILE[place % 4 :: 4]):
            if len(value) > 5000:
                continue
            names = QUERY if turn % 2 else [QUERY[(place + turn) % len(QUERY)]]
            query = "&".join(f"{name}={quote_from_bytes(value)}" for name in names)
            status = client.get(f"{url}?{query}").status_code
            broken += [(url, query[:60], status)] * (status >= 500)

    assert broken == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["document_number", "password", "username", "phone", "sms_code", "q", "next"]),
            st.binary(max_size=40),
        ),
        max_size=6,
    )
)
@hypothesis_settings(max_examples=60)
def test_doors_take_any_bytes(client, fields):
    for url in ("/login/", "/password-reset/", "/registration/", "/registration/sms-codes/", "/admin/login/"):
        assert post(client, url, dict(fields)).status_code < 500


# --- addresses, headers


@pytest.mark.parametrize(
    "value",
    [
        "%00",
        "a%00b",
        "%ff%fe",
        "%ed%a0%80",
        "9" * 40,
        "-1",
        "..",
        "%2e%2e%2f",
        "x" * 3000,
        "%0d%0aX:y",
        "{{7}}",
    ],
)
def test_addresses_take_anything(world, value):
    client = world.enter("staff")
    paths = [
        "",
        "announcements/",
        "collection/",
        "collection/attachments/",
        "education/offerings/",
        "changes/",
        "account/export/",
    ]
    paths += [
        "api/v1/institutions/",
        "admin/",
        "admin/registration/",
        "admin/registration/user/",
        "admin/collection/profile/",
    ]

    for path in paths:
        for rest in ("", "/", "/change/", "/events", "/study/", "/state/"):
            # As a server hands it over: the path decoded into bytes, one character each.
            answer = client.generic("GET", f"/{path}{value}{rest}")
            assert 300 <= answer.status_code < 500, (path, rest)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("cookie", 'session="a\\000b\\000cdefgh"; csrf="\\377"; text="\\000"; messages="\\000"'),
        ("cookie", "session=" + "x" * 8000),
        ("cookie", "=;;=;,\xff\xfe;session"),
        ("referer", "http://["),
        ("origin", "http://["),
        ("accept-language", "x" * 5000),
        ("x-forwarded-for", "6.6.6.6, [::1, \x00"),
        ("hx-current-url", "http://["),
        ("hx-target", "\x00"),
        ("if-modified-since", "never"),
        ("if-none-match", '"' * 99),
        ("range", "bytes=-9999999999999999999999-"),
        ("accept", "\xff"),
        ("x-request-id", "\r\n<script>"),
    ],
)
def test_headers_take_anything(world, header, value):
    for who in ("visitor", "collected"):
        for url in (
            "/",
            "/account/",
            "/collection/",
            "/collection/employers/?q=a",
            "/admin/",
            "/education/",
            "/login/",
        ):
            client = world.enter(who)
            extra = {"hx-request": "true"} if header.startswith("hx") else {}
            for method in (client.get, client.post):
                assert method(url, headers={header: value, **extra}).status_code < 500, url


# --- bodies


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=\xff", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\x00\"\r\n\r\n\x00\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=a\r\n\r\n@@@\r\n--x--"),
        ("multipart/form-data; boundary=x; charset=base64", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=x; charset=utf-16", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--"),
        ("application/x-www-form-urlencoded; charset=hex", b"a=1"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AAA-"),
        ("text/plain; charset=idna", b"a=1"),
        ("application/json; charset=base64", b"{}"),
        ("\xff/\x00", b"a=1"),
        ("", b"a=1"),
    ],
)  # fmt: skip
def test_malformed_bodies_are_4xx(world, content_type, body):
    for url in (
        "/login/",
        "/collection/attachments/",
        "/registration/",
        "/api/v1/institutions/x/events",
        "/admin/login/",
    ):
        client = world.enter("collected")
        answer = client.generic("POST", url + "?a=%C3%A9", body, content_type)
        assert answer.status_code < 500, url


@pytest.mark.parametrize("length", ["-1", "abc", "²", "9" * 5000, "1e9", " 5", "١٢"])
def test_odd_lengths_are_no_fault_of_ours(length):
    answer = Client(raise_request_exception=False).generic("POST", "/login/", b"a=1", CONTENT_LENGTH=length)

    assert answer.status_code == (413 if length == "9" * 5000 else 400)


class Silent:
    """A body that was announced and never comes."""

    def read(self, *size):
        raise TimeoutError("timed out")

    readline = read


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"],
)
def test_body_that_never_comes_is_400(content_type):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    institution = make_offering().institution
    urls = (
        [f"/api/v1/institutions/{institution.code}/events"]
        if "json" in content_type
        else ["/login/", "/collection/attachments/"]
    )

    for url in urls:
        silent = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": "100", "wsgi.input": Silent()}
        assert client.generic("POST", url, **silent).status_code == 400


def test_too_much_is_413_in_chinese(world):
    client = world.enter("collected")
    limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    answers = [
        post(client, "/login/", {f"a{number}": b"1" for number in range(limit + 1)}),
        client.post("/collection/attachments/", {f"f{number}": BytesIO(b"x") for number in range(21)}),
        client.post("/login/", {"a": "x" * (MAX_BODY + 1)}),
    ]

    for answer in answers:
        assert answer.status_code == 413
        assert "提交的内容过大" in answer.text and answer["X-Request-ID"] in answer.text


def test_last_of_repeated_parameters_counts(client):
    body = "document_number=1&document_number=440106198001010020&password=a&password=b"

    answer = client.post("/login/", body, content_type="application/x-www-form-urlencoded")

    assert answer.context["form"]["document_number"].value() == "440106198001010020"


# --- what schools send, rightly signed


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        "a\x00b",
        "x" * 60_000,
        -1,
        1e308,
        10**30,
        True,
        None,
        [],
        {},
        "９",
        "1e999",
        "2026-02-30T99:00:00Z",
    ],
)
def test_signed_events_take_anything(client, value):
    institution = make_offering().institution
    sent = event(
        "enrolment.created", enrolment="R-1", document={"type": "resident_id", "number": "1", "name": "a"}
    )

    for name in [*sent, *sent.get("data", {})]:
        odd = sent | {name: value} if name in sent else sent | {"data": sent["data"] | {name: value}}
        body = json.dumps(odd).encode()
        assert post_signed(client, institution, "events", body).status_code < 500, name
