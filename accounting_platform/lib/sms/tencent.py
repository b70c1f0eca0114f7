"""腾讯云短信 through its own SDK (SendSms of 2021-01-11)."""

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

REGION = "ap-guangzhou"
CODES = Codes(
    phone=(
        "LimitExceeded.PhoneNumber",
        "LimitExceeded.DeliveryFrequencyLimit",
        "FailedOperation.PhoneNumber",
        "InvalidParameterValue.IncorrectPhoneNumber",
    ),
    busy=("RequestLimitExceeded",),
    # Said after the message may have gone on to the carrier.
    unknown=(
        "FailedOperation.OtherError",
        "InternalError.OtherError",
        "InternalError.ParseBackendResponseFail",
        "InternalError.SendAndRecvFail",
        "InternalError.Timeout",
        "InternalError.UnknownError",
    ),
    ours=(
        "AuthFailure",
        "FailedOperation",
        "InternalError.",
        "InvalidParameter",
        "LimitExceeded",
        "MissingParameter",
        "ResourceNotFound",
        "UnauthorizedOperation",
        "UnknownParameter",
        "UnsupportedOperation",
        "UnsupportedRegion",
    ),
)


class TencentBackend:
    """Settings SMS_TENCENT_*; values go in the order in which they stand in our text."""

    def __init__(self) -> None:
        self.ours = configured("SMS_TENCENT", "SECRET_ID", "SECRET_KEY", "APP_ID", "SIGN", "TEMPLATES")
        sdk("tencentcloud.sms.v20210111.sms_client")

    def check(self, templates: list[str]) -> None:
        """ImproperlyConfigured when one of our texts has no number here."""
        for name in templates:
            template_of(self.ours, name)

    def send(self, message: Text) -> Outcome:
        client, (request, sdk_error) = self._client(), self._request(message)
        return within_deadline(lambda: _ask(client, request, sdk_error))

    def _client(self):
        credential, profiles, http, sms_client = sdk(
            "tencentcloud.common.credential",
            "tencentcloud.common.profile.client_profile",
            "tencentcloud.common.profile.http_profile",
            "tencentcloud.sms.v20210111.sms_client",
        )
        scheme, _, host = self.ours["ENDPOINT"].rpartition("://")
        # A pair is what the HTTP library below takes for connecting and reading.
        timeouts = (min(CONNECT_SECONDS, settings.SMS_TIMEOUT), settings.SMS_TIMEOUT)
        profile = http.HttpProfile(protocol=scheme or "https", endpoint=host or None, reqTimeout=timeouts)
        return sms_client.SmsClient(
            credential.Credential(self.ours["SECRET_ID"], self.ours["SECRET_KEY"]),
            self.ours["REGION"] or REGION,
            profiles.ClientProfile(httpProfile=profile),
        )

    def _request(self, message):
        models, errors = sdk(
            "tencentcloud.sms.v20210111.models",
            "tencentcloud.common.exception.tencent_cloud_sdk_exception",
        )
        request = models.SendSmsRequest()
        request.PhoneNumberSet = [CHINA + message.phone]
        request.SmsSdkAppId = self.ours["APP_ID"]
        request.SignName = self.ours["SIGN"]
        request.TemplateId = template_of(self.ours, message.template)
        request.TemplateParamSet = list(message.values.values())
        return request, errors.TencentCloudSDKException


def _ask(client, request, sdk_error):
    try:
        reply = client.SendSms(request)
    except sdk_error as error:
        # The SDK gives its own code to what happened on the way, and a class name to a reply it could not read.
        if error.code == "ClientNetworkError":
            return broken(error)
        return CODES.outcome(str(error.code), error.requestId)
    statuses = reply.SendStatusSet or []
    if len(statuses) != 1 or not statuses[0].Code:
        return Outcome("unknown", told("no-status", reply.RequestId))
    if statuses[0].Code == "Ok":
        return Outcome("sent", told("Ok", reply.RequestId))
    return CODES.outcome(statuses[0].Code, reply.RequestId)
