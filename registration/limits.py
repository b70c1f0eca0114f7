"""How often something may be tried: one table of named limits, counted in the database alone.

`count` and `add` are one upsert each, so parallel tries lose no count, and a lost cache opens nothing. Keys are
keyed hashes, never the phone, number or address itself.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounting_platform.lib.clock import next_midnight, today
from accounting_platform.lib.encryption import keyed_hash
from accounting_platform.lib.errors import DomainError
from registration.models import AttemptCount

DAY, PAUSE = "day", "pause"
MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
# What is counted for the platform as a whole has one key.
PLATFORM = "platform"
# A shared network is known by its first 64 bits: behind them one household has more addresses than there are people.
IPV6_NETWORK = 64
# A loopback address is our own proxy and tells nothing about the caller.
LOOPBACK = ("127.", "::1")
SMS_DOWN = "短信服务暂时不可用，请稍后再试"


@dataclass(frozen=True)
class Limit:
    """At most `maximum` in a `window`, which begins with the first try, or anew with each one when it `extends`.

    DAY is the calendar day in Asia/Shanghai, PAUSE is settings.SMS_COOLDOWN_SECONDS; a maximum may be the name of a
    setting. Without a message the limit refuses nobody: it is added to, and looked at where it is `reached`.
    """

    name: str
    maximum: int | str
    window: timedelta | str
    message: str = ""
    extends: bool = False
    status: int = 429

    @property
    def most(self):
        """The maximum as a number."""
        return getattr(settings, self.maximum) if isinstance(self.maximum, str) else self.maximum


# {seconds} and {minutes} in a message are what remains of the window.
LIMITS = {
    limit.name: limit
    for limit in (
        Limit("sms_day", 5, DAY, "今天的短信验证码已发送5次，请隔天办理"),
        Limit("sms_pause", 1, PAUSE, "请在{seconds}秒后再获取"),
        # Reached, these two ask for a proof of work and refuse nobody.
        Limit("sms_address", 30, HOUR),
        Limit("sms_minute", "SMS_PER_MINUTE", MINUTE),
        Limit("sms_budget", "SMS_DAILY_BUDGET", DAY),
        # Of one provider: so many failures in a minute, and nothing goes to it for the next.
        Limit("sms_failures", 20, MINUTE),
        Limit("sms_open", 1, MINUTE, SMS_DOWN, status=503),
        # A lock lasts as long as its window, so the window begins anew with each failure.
        Limit("login", 5, QUARTER, "登录失败次数过多，请15分钟后再试或找回密码", extends=True),
        # Over it a log-in from this client address takes a proof of work; nobody is refused.
        Limit("login_address", 100, QUARTER),
        Limit("proof", 1000, QUARTER, "安全验证请求过于频繁，请{minutes}分钟后再试"),
        Limit("password", 5, QUARTER, "当前密码错误次数过多，请15分钟后再试", extends=True),
        # Of one staff account; the day keeps somebody who knows the password from guessing on and on.
        Limit("staff_code", 5, QUARTER, "验证码错误次数过多，请15分钟后再试", extends=True),
        Limit("staff_code_day", 30, DAY, "今天验证码错误次数过多，请明天再试，或请省级管理员重置验证器"),
        Limit("recovery", 10, HOUR, "找回密码的次数过多，请{minutes}分钟后再试"),
        # Codes one member may have sent to phones that are not theirs yet.
        Limit("phone_change", 10, DAY, "今天更换手机号码的次数过多，请明天再试，或致电服务电话"),
        Limit("lost_phone", 3, DAY, "该证件号码今天提交申请的次数过多，请明天再试，或致电服务电话"),
        Limit("export", 3, DAY, "今天导出的次数过多，请明天再试"),
        Limit("paper", 30, HOUR, "生成 PDF 的次数过多，请{minutes}分钟后再试"),
        Limit("share", 30, DAY, "今天分享的次数过多，请明天再试"),
        # Links of one client address that led nowhere: over it nothing is looked up any more.
        Limit("verify", 30, QUARTER, "核验次数过多，请{minutes}分钟后再试"),
    )
}

# Over the maximum nothing is written and no row comes back; a window that has ended starts anew with one.
ENDLESS = 2**31 - 1
COUNT = """
INSERT INTO registration_attemptcount AS kept ("limit", "key", "window", "count", "expires_at")
VALUES (%s, %s, %s, 1, %s)
ON CONFLICT ("limit", "key", "window") DO UPDATE SET
    "count" = CASE WHEN kept."expires_at" <= %s THEN 1 ELSE kept."count" + 1 END,
    "expires_at" = CASE WHEN kept."expires_at" <= %s OR %s THEN excluded."expires_at" ELSE kept."expires_at" END
WHERE kept."count" < %s OR kept."expires_at" <= %s
RETURNING "count"
"""

CLEAR = """DELETE FROM registration_attemptcount WHERE "limit" = %s AND "key" = %s AND "window" = %s"""
USED = """
SELECT "count" FROM registration_attemptcount WHERE "limit" = %s AND "key" = %s AND "window" = %s AND "expires_at" > %s
"""


def count(name, key):
    """Count one try and return how many remain, or raise DomainError (429) without counting it."""
    limit = LIMITS[name]
    if end_of_window(limit, timezone.now()) <= timezone.now():
        return limit.most
    counted = upsert(limit, key, at_most=limit.most)
    if counted is None:
        raise refusal(limit, key)
    return limit.most - counted


def add(name, key):
    """Count one more of something that nobody is refused for, and return the number of the running window."""
    return upsert(LIMITS[name], key, at_most=ENDLESS)


def upsert(limit, key, *, at_most):
    """Count one try in one statement; the number it got, None when `at_most` are counted already."""
    now = timezone.now()
    ends = end_of_window(limit, now)
    now, ends = (connection.ops.adapt_datetimefield_value(moment) for moment in (now, ends))
    values = [limit.name, key, window_of(limit), ends, now, now, limit.extends, at_most, now]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        rows = cursor.fetchall()
    return rows[0][0] if rows else None


def used(name, key):
    """How many tries the running window holds."""
    with connection.cursor() as cursor:
        cursor.execute(*query(name, key))
        row = cursor.fetchone()
    return row[0] if row else 0


def query(name, key):
    """What `used` asks, as a statement with its values, for those who ask the database something else anyway."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    return USED, [name, key, window_of(LIMITS[name]), now]


def left(name, key):
    """How many tries remain in the running window."""
    return max(0, LIMITS[name].most - used(name, key))


def reached(name, key):
    """Whether the running window holds as many tries as the limit allows."""
    return not left(name, key)


def proof_wanted(*, address, session_sends):
    """Whether the next SMS code takes a proof of work: from the second send in a session on (`session_sends` were
    made), after 30 sends an hour from this client address, and for everybody in a minute of very many sends."""
    if session_sends >= 1:
        return True
    if address_key(address) and reached("sms_address", address_key(address)):
        return True
    return reached("sms_minute", PLATFORM)


def address_key(address):
    """What a client address is counted under, "" for one that tells nothing about the caller."""
    if not address or address.startswith(LOOPBACK):
        return ""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 6 and not parsed.ipv4_mapped:
        address = str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
    return keyed_hash("address", address)


def give_back(name, key, *, day=None):
    """Take back one counted try; `day` names the calendar day it was counted on when that is not today."""
    rows = AttemptCount.objects.filter(limit=name, key=key, window=window_of(LIMITS[name], day), count__gt=0)
    rows.update(count=F("count") - 1)


def clear(name, key):
    """Forget all tries of the running window."""
    with connection.cursor() as cursor:
        cursor.execute(*clearing(name, key))


def clearing(name, key):
    """What `clear` does, as a statement with its values, for those who write something else anyway."""
    return CLEAR, [name, key, window_of(LIMITS[name])]


def seconds_left(name, key):
    """Seconds until the running window ends, 0 when none runs."""
    ends = running(LIMITS[name], key).values_list("expires_at", flat=True).first()
    return max(0, math.ceil((ends - timezone.now()).total_seconds())) if ends else 0


def running(limit, key):
    rows = AttemptCount.objects.filter(limit=limit.name, key=key, window=window_of(limit))
    return rows.filter(expires_at__gt=timezone.now())


def window_of(limit, day=None):
    return (day or today()).isoformat() if limit.window == DAY else ""


def end_of_window(limit, now):
    if limit.window == DAY:
        return next_midnight()
    return now + (timedelta(seconds=settings.SMS_COOLDOWN_SECONDS) if limit.window == PAUSE else limit.window)


def refusal(limit, key):
    seconds = max(1, seconds_left(limit.name, key))
    message = limit.message.format(seconds=seconds, minutes=math.ceil(seconds / 60))
    return DomainError(message, code=limit.name, status=limit.status)
