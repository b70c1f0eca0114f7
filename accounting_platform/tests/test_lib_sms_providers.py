"""Both providers through their own SDKs, against a stand-in: what each reply makes of a message."""

import json
import logging
import re
import sys
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.lib import sms
from accounting_platform.lib.sms.aliyun import AliyunBackend
from accounting_platform.lib.sms.tencent import TencentBackend
from accounting_platform.tests import sms_stub
from accounting_platform.tests.repository import text
from accounting_platform.tests.sms_stub import aliyun, tencent, tencent_error

PHONE, CODE = "13800005678", "481503"
SENT, UNKNOWN = ("sent", ""), ("unknown", "")
PHONES, OURS, BUSY = ("refused", "phone"), ("refused", "ours"), ("refused", "busy")

TENCENT = {
    "ok": (tencent("Ok"), SENT),
    "daily limit of the phone": (tencent("LimitExceeded.PhoneNumberDailyLimit"), PHONES),
    "half-minute limit of the phone": (tencent("LimitExceeded.PhoneNumberThirtySecondLimit"), PHONES),
    "phone in the blacklist": (tencent("FailedOperation.PhoneNumberInBlacklist"), PHONES),
    "no such phone": (tencent("InvalidParameterValue.IncorrectPhoneNumber"), PHONES),
    "our daily limit": (tencent("LimitExceeded.AppDailyLimit"), OURS),
    "no money left": (tencent("FailedOperation.InsufficientBalanceInSmsPackage"), OURS),
    "signature not approved": (tencent("FailedOperation.SignatureIncorrectOrUnapproved"), OURS),
    "wrong secret": (tencent_error("AuthFailure.SignatureFailure"), OURS),
    "too fast": (tencent_error("RequestLimitExceeded"), BUSY),
    "lost behind the provider": (tencent("InternalError.Timeout"), UNKNOWN),
    "internal error": (tencent_error("InternalError"), UNKNOWN),
    "a code nobody knows": (tencent("SomethingNew"), UNKNOWN),
    "no status": ((200, {"Response": {"SendStatusSet": [], "RequestId": "r-1"}}), UNKNOWN),
    "500": ((500, {"Response": {}}), UNKNOWN),
    "malformed": ((200, b'{"Response": {"SendSta'), UNKNOWN),
    "not what was promised": ((200, []), UNKNOWN),
    "slow": ("slow", UNKNOWN),
    "dripping": ("drip", UNKNOWN),
    "cut": ("cut", UNKNOWN),
}
ALIYUN = {
    "ok": (aliyun("OK"), SENT),
    "limit of the phone": (aliyun("isv.BUSINESS_LIMIT_CONTROL"), PHONES),
    "no such phone": (aliyun("isv.MOBILE_NUMBER_ILLEGAL"), PHONES),
    "our daily limit": (aliyun("isv.DAY_LIMIT_CONTROL"), OURS),
    "no money left": (aliyun("isv.AMOUNT_NOT_ENOUGH"), OURS),
    "template not approved": (aliyun("isv.SMS_TEMPLATE_ILLEGAL"), OURS),
    "no right": (aliyun("isp.RAM_PERMISSION_DENY"), OURS),
    "wrong key": (aliyun("InvalidAccessKeyId.NotFound", 404), OURS),
    "wrong secret": (aliyun("SignatureDoesNotMatch", 400), OURS),
    "too fast": (aliyun("Throttling.User", 400), BUSY),
    "too fast for all": (aliyun("Throttling", 503), BUSY),
    "lost behind the provider": (aliyun("isp.SYSTEM_ERROR"), UNKNOWN),
    "lost, with a 4xx": (aliyun("isp.SYSTEM_ERROR", 400), UNKNOWN),
    "a code nobody knows": (aliyun("SomethingNew"), UNKNOWN),
    "no code": ((200, {"RequestId": "r-1"}), UNKNOWN),
    "4xx without a code": ((403, {"RequestId": "r-1"}), UNKNOWN),
    "500": (aliyun("InternalError", 500), UNKNOWN),
    "500 without JSON": ((500, b"<html>"), UNKNOWN),
    "malformed": ((200, b'{"Code": "O'), UNKNOWN),
    "not what was promised": ((200, []), UNKNOWN),
    "slow": ("slow", UNKNOWN),
    "dripping": ("drip", UNKNOWN),
    "cut": ("cut", UNKNOWN),
}
MATRIX = [
    pytest.param(backend, reply, expected, id=f"{backend.__name__}-{name}")
    for backend, replies in ((TencentBackend, TENCENT), (AliyunBackend, ALIYUN))
    for name, (reply, expected) in replies.items()
]
BOTH = pytest.mark.parametrize("backend", [TencentBackend, AliyunBackend])


@pytest.fixture
def stub(settings, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with sms_stub.running() as stub:
        common = {"SIGN": "our-sign", "TEMPLATES": "code_register=T-1, code_reset=", "ENDPOINT": stub.url}
        tencent_ = {"SECRET_ID": "our-id", "SECRET_KEY": "our-secret", "APP_ID": "our-app", "REGION": ""}
        settings.SMS_TENCENT = common | tencent_
        settings.SMS_ALIYUN = common | {"KEY_ID": "our-id", "KEY_SECRET": "our-secret"}
        settings.SMS_TIMEOUT = 1
        yield stub


def change(settings, **changes):
    settings.SMS_TENCENT = settings.SMS_TENCENT | changes
    settings.SMS_ALIYUN = settings.SMS_ALIYUN | changes


def send(backend):
    return backend().send(sms.Text(PHONE, f"您的验证码 {CODE}", "code_register", {"code": CODE}))


@pytest.mark.parametrize(("backend", "reply", "expected"), MATRIX)
def test_reply_makes_the_outcome(stub, backend, reply, expected):
    stub.reply = reply
    # Importing an SDK is no part of the deadline.
    backend()

    began = time.monotonic()
    outcome = send(backend)

    assert (outcome.status, outcome.fault) == expected
    # Asked once, whatever came of it: a second try could be a second text.
    assert len(stub.asked) == 1
    assert time.monotonic() - began < sms_stub.SLOW_SECONDS
    assert PHONE not in outcome.detail and CODE not in outcome.detail


def test_tencent_is_asked_in_its_own_format(stub):
    stub.reply = tencent("Ok")
    send(TencentBackend)

    headers, body = stub.asked[0]
    assert headers["Authorization"].startswith("TC3-HMAC-SHA256 Credential=our-id/")
    assert headers["X-TC-Action"] == "SendSms"
    assert body == {
        "PhoneNumberSet": [f"+86{PHONE}"],
        "SmsSdkAppId": "our-app",
        "SignName": "our-sign",
        "TemplateId": "T-1",
        "TemplateParamSet": [CODE],
    }


def test_aliyun_is_asked_in_its_own_format(stub):
    stub.reply = aliyun("OK")
    send(AliyunBackend)

    headers, query = stub.asked[0]
    assert headers["Authorization"].startswith("ACS3-HMAC-SHA256 Credential=our-id,")
    assert headers["x-acs-action"] == "SendSms"
    asked = query | {"TemplateParam": json.loads(query["TemplateParam"])}
    assert asked == {
        "PhoneNumbers": f"+86{PHONE}",
        "SignName": "our-sign",
        "TemplateCode": "T-1",
        "TemplateParam": {"code": CODE},
    }


@BOTH
def test_nobody_there_is_certainly_not_sent(stub, settings, backend):
    change(settings, ENDPOINT="http://127.0.0.1:1")

    with pytest.raises(sms.GatewayError, match="no connection"):
        send(backend)


@BOTH
def test_missing_sdk_is_refused_by_the_name_of_the_extra(stub, monkeypatch, backend):
    for name in ("tencentcloud.sms.v20210111.sms_client", "alibabacloud_dysmsapi20170525.client"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(ImproperlyConfigured, match="not installed: pip install -r requirements-sms.txt"):
        backend()


@BOTH
def test_missing_setting_is_refused_by_its_name(stub, settings, backend):
    change(settings, SIGN="")

    with pytest.raises(ImproperlyConfigured, match="Set SMS_[A-Z]+_SIGN in the environment"):
        send(backend)


@BOTH
def test_text_without_a_number_is_refused_by_its_name(stub, backend):
    with pytest.raises(ImproperlyConfigured, match="no number for code_reset"):
        backend().check(["code_register", "code_reset"])
    with pytest.raises(ImproperlyConfigured, match="no number for code_reset"):
        backend().send(sms.Text(PHONE, "", "code_reset"))
    assert stub.asked == []


def test_every_setting_of_a_provider_has_an_example(settings):
    names = [f"SMS_TENCENT_{name}" for name in settings.SMS_TENCENT]
    names += [f"SMS_ALIYUN_{name}" for name in settings.SMS_ALIYUN]

    assert set(names) - set(re.findall(r"^#? ?([A-Z_]+)=", text(".env.example"), re.M)) == set()


@BOTH
@pytest.mark.parametrize("reply", ["ok", "cut", "slow", "500"])
def test_no_log_line_holds_phone_or_code(stub, caplog, backend, reply):
    stub.reply = (TENCENT if backend is TencentBackend else ALIYUN)[reply][0]
    caplog.set_level(logging.DEBUG)
    send(backend)

    assert PHONE not in caplog.text and CODE not in caplog.text
