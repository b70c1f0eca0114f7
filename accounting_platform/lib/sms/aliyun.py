"""阿里云短信 through its own SDK (SendSms of 2017-05-25)."""

import json

from django.conf import settings

from .gateways import Outcome, Text
from .providers import (
    CHINA,
    CONNECT_SECONDS,
    Codes,
    broken,
    configured,
    sdk,
    template_of,
    told,
    within_deadline,
)

ENDPOINT = "dysmsapi.aliyuncs.com"
CODES = Codes(
    # The first is the provider's own limit per phone: the person's, no fault of ours.
    phone=("isv.BUSINESS_LIMIT_CONTROL", "isv.MOBILE_"),
    busy=("Throttling",),
    # Said after the message may have gone on to the carrier.
    unknown=("isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "isp.UNKNOWN_ERR_CODE"),
    ours=("isv.", "isp.RAM_PERMISSION_DENY"),
)
OK = "OK"


class AliyunBackend:
    """Settings SMS_ALIYUN_*; values go by their names in our text."""

    def __init__(self) -> None:
        self.ours = configured("SMS_ALIYUN", "KEY_ID", "KEY_SECRET", "SIGN", "TEMPLATES")
        sdk("alibabacloud_dysmsapi20170525.client")

    def check(self, templates: list[str]) -> None:
        """ImproperlyConfigured when one of our texts has no number here."""
        for name in templates:
            template_of(self.ours, name)

    def send(self, message: Text) -> Outcome:
        (models,) = sdk("alibabacloud_dysmsapi20170525.models")
        request = models.SendSmsRequest(
            phone_numbers=CHINA + message.phone,
            sign_name=self.ours["SIGN"],
            template_code=template_of(self.ours, message.template),
            template_param=json.dumps(message.values, ensure_ascii=False),
        )
        client = self._client()
        return within_deadline(lambda: _ask(client, request))

    def _client(self):
        dysms, openapi = sdk("alibabacloud_dysmsapi20170525.client", "alibabacloud_tea_openapi.models")
        scheme, _, host = (self.ours["ENDPOINT"] or ENDPOINT).rpartition("://")
        return dysms.Client(
            openapi.Config(
                access_key_id=self.ours["KEY_ID"],
                access_key_secret=self.ours["KEY_SECRET"],
                endpoint=host,
                protocol=(scheme or "https").upper(),
                connect_timeout=int(min(CONNECT_SECONDS, settings.SMS_TIMEOUT) * 1000),
                read_timeout=int(settings.SMS_TIMEOUT * 1000),
            )
        )


def _ask(client, request):
    try:
        # Without retry options the SDK asks once: a second try of its own could send a second text.
        reply = client.send_sms(request)
    except Exception as error:
        return _failed(error)
    body = reply.body
    if body is None or not body.code:
        return Outcome("unknown", "no-status")
    if body.code == OK:
        return Outcome("sent", told(OK, body.request_id))
    return CODES.outcome(body.code, body.request_id)


def _failed(error):
    """The outcome of what the SDK raised: an HTTP status with a code in it, or a call that broke off."""
    status, code = getattr(error, "status_code", None), getattr(error, "code", None)
    if not status:
        return broken(error)
    request_id = getattr(error, "request_id", "")
    outcome = CODES.outcome(str(code), request_id)
    if status >= 500 and outcome.fault != "busy":
        return Outcome("unknown", told(code, request_id))
    # A 4xx with a code comes from the provider's front desk, before any sending.
    if code in (None, "None") or outcome.status != "unknown" or str(code).startswith(CODES.unknown):
        return outcome
    return Outcome("refused", told(code, request_id), "ours")
