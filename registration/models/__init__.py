"""The ground: who somebody is, what was sent to them, what was done, and how often."""

from registration.models.account import Accountant, User, UserManager
from registration.models.attempt_count import AttemptCount
from registration.models.audit import AuditEvent
from registration.models.data_export import DataExport
from registration.models.key_canary import KeyCanary
from registration.models.notice import Announcement, Message
from registration.models.proof import SpentProof
from registration.models.recovery_request import RecoveryRequest
from registration.models.share import PaperFile, Share
from registration.models.sms import SmsCode, SmsMessage
from registration.models.staff_code import RescueCode, StaffDevice

__all__ = [
    "Accountant",
    "Announcement",
    "AttemptCount",
    "AuditEvent",
    "DataExport",
    "KeyCanary",
    "Message",
    "PaperFile",
    "RecoveryRequest",
    "RescueCode",
    "Share",
    "SmsCode",
    "SmsMessage",
    "SpentProof",
    "StaffDevice",
    "User",
    "UserManager",
]
