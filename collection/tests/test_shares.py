"""Shares: what a link shows, when it ends, and who may see or end it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from collection.archive_paper import ArchiveSheet
from collection.services import store_version
from collection.tests.factories import make_profile
from registration import closing, shares
from registration.models import AuditEvent, Share
from registration.tests.factories import make_accountant, make_paper, make_share

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile():
    return make_profile(submitted=True)


@pytest.fixture
def owner(profile):
    return profile.accountant


@pytest.fixture
def sheet(owner):
    return ArchiveSheet.find(owner, clock.today().isoformat())


@pytest.fixture
def share(owner, sheet):
    return make_share(owner, sheet, groups=["identity", "work"])


def checked(client, share, **headers):
    return client.get(reverse("registration:verify", args=[share.token]), **headers)


# --- what the link shows


def test_link_shows_what_was_chosen_and_masks_the_numbers(client, owner, share):
    page = checked(client, share)

    assert page.status_code == 200 and "有效" in page.text and owner.name in page.text
    assert owner.document_number not in page.text and owner.phone not in page.text
    assert owner.document_number[:6] + "********" in page.text and "身份信息" in page.text
    assert "工作信息" in page.text and "学历信息" not in page.text


def test_link_shows_name_and_state_when_nothing_else_was_chosen(client, owner, sheet):
    page = checked(client, make_share(owner, sheet)).text

    assert owner.name in page and sheet.profile.archive_number in page
    assert "身份信息" not in page and "工作信息" not in page


def test_check_page_is_kept_nowhere_and_tells_no_other_site(client, share):
    page = checked(client, share)

    assert page["Cache-Control"] == "no-store" and '<meta name="referrer" content="no-referrer">' in page.text
    assert "noindex" in page["X-Robots-Tag"] and '<meta name="robots" content="noindex' in page.text


def test_content_and_token_lie_sealed(owner, share):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT content, token, token_key FROM registration_share")
        content, token, key = cursor.fetchone()

    assert owner.name.encode() not in bytes(content) and share.token.encode() not in bytes(token)
    assert share.token not in key and len(share.token) == 22


def test_views_are_counted_but_not_the_owners_own(client, owner, share):
    checked(client, share)
    client.head(reverse("registration:verify", args=[share.token]))
    client.force_login(owner.user)
    checked(client, share)

    share.refresh_from_db()
    assert share.views == 1 and share.last_viewed_at is not None


def test_change_of_what_is_shown_is_told(client, profile, owner, share, at):
    at(timezone.now() + timedelta(hours=2))
    other = make_share(owner, ArchiveSheet.find(owner, clock.today().isoformat()), groups=["awards"])
    at(timezone.now() + timedelta(hours=2))
    profile.employer_name = "另一家公司"
    profile.save(update_fields=["employer_name"])
    store_version(profile, cause="changed", by=None)

    changed, unchanged = checked(client, share).text, checked(client, other).text

    assert "内容已更新" in changed and "另一家公司" not in changed
    assert "内容已更新" not in unchanged and "有效" in unchanged


# --- how it ends


def test_revoked_share_shows_nothing_at_once(client, owner, share):
    make_paper(owner, ArchiveSheet.find(owner, ""), share=share)
    client.force_login(owner.user)

    answer = client.post(reverse("registration:revoke_share", args=[share.pk]))
    page = checked(client, share)

    assert answer.url == reverse("registration:shares") and page.status_code == 200
    assert "已撤销" in page.text and share.content["archive_number"] not in page.text
    share.refresh_from_db()
    assert share.content is None and not share.paperfile_set.exists()
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == ["share.created", "share.revoked"]


def test_expired_share_shows_nothing_and_forgets(client, share, at):
    at(timezone.now() + timedelta(days=30))
    assert "有效" in checked(client, share).text

    at(timezone.now() + timedelta(days=1))
    page = checked(client, share).text
    shares.sweep()

    assert "已过期" in page and share.content["archive_number"] not in page
    share.refresh_from_db()
    assert share.content is None
    at(timezone.now() + timedelta(days=181))
    shares.sweep()
    assert not Share.objects.exists()


def test_closing_the_account_revokes_every_share(client, owner, share):
    closing.erase_own(owner)

    assert "已撤销" in checked(client, share).text
    share.refresh_from_db()
    assert share.content is None


def test_share_of_a_closed_account_shows_nothing_even_when_it_was_left(client, owner, share):
    type(owner).objects.update(closed_at=timezone.now())

    assert "已撤销" in checked(client, share).text


def test_links_that_lead_nowhere_all_read_the_same(client):
    pages = [client.get(f"/verify/{token}/") for token in ("a" * 22, "short", "x" * 300)]

    assert [page.status_code for page in pages] == [404] * 3
    assert all("没有找到这份材料" in page.text for page in pages)
    assert all(page["Cache-Control"] == "no-store" for page in pages)


def test_guessing_from_one_address_is_stopped(client, share):
    there = {"REMOTE_ADDR": "203.0.113.5"}
    for number in range(30):
        assert client.get(f"/verify/{number}/", **there).status_code == 404

    assert checked(client, share, **there).status_code == 429
    assert checked(client, share, REMOTE_ADDR="203.0.113.6").status_code == 200


# --- the owner's side


def test_owner_chooses_and_gets_link_and_code(client, owner, sheet):
    client.force_login(owner.user)
    url = reverse("registration:new_share", args=["archive"])

    asked = client.get(url).text
    sent = client.post(url, {"groups": ["work"], "ends_on": clock.today() + timedelta(days=3)})
    page = client.get(sent.url).text

    assert f'value="{clock.today() + timedelta(days=30)}"' in asked and "checked" not in asked
    share = Share.objects.get()
    assert (share.groups, share.last_day) == (["work"], clock.today() + timedelta(days=3))
    assert share.url in page and 'src="data:image/svg+xml' in page and "工作信息" in page
    assert share.label in client.get(reverse("registration:shares")).text


@pytest.mark.parametrize("days", [0, 366])
def test_end_lies_within_the_coming_year(client, owner, days):
    client.force_login(owner.user)
    url = reverse("registration:new_share", args=["archive"])

    answer = client.post(url, {"ends_on": clock.today() + timedelta(days=days)})

    assert answer.status_code == 400 and "一年以内" in answer.text
    assert not Share.objects.exists()


def test_shares_of_others_are_nobodys(client, owner, share):
    client.force_login(make_accountant().user)

    assert client.get(reverse("registration:share", args=[share.pk])).status_code == 404
    assert client.post(reverse("registration:revoke_share", args=[share.pk])).status_code == 404
    assert share.label not in client.get(reverse("registration:shares")).text
    share.refresh_from_db()
    assert share.is_live


def test_twenty_at_a_time(owner, sheet):
    for _ in range(20):
        make_share(owner, sheet)

    with pytest.raises(DomainError, match="最多 20 个"):
        make_share(owner, sheet)


def test_list_takes_as_many_queries_for_many_as_for_one(client, owner, sheet, django_assert_max_num_queries):
    client.force_login(owner.user)
    make_share(owner, sheet)
    client.get(reverse("registration:shares"))
    with django_assert_max_num_queries(4) as one:
        client.get(reverse("registration:shares"))
    make_share(owner, sheet)
    make_share(owner, sheet)

    with django_assert_max_num_queries(len(one)):
        client.get(reverse("registration:shares"))


def test_past_day_is_shared_as_it_stood(client, owner, profile, at):
    at("2026-03-18 10:00:00")
    store_version(profile, cause="submitted", by=None)
    at("2026-05-01 10:00:00")
    sheet = ArchiveSheet.find(owner, date(2026, 3, 18).isoformat())

    page = checked(client, make_share(owner, sheet, groups=["work"])).text

    assert "2026 年 3 月 18 日的档案" in page and "有效" in page
