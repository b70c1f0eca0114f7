"""Text messages: `send` hands one to the first gateway of settings.SMS_BACKENDS that takes it.

The dotted names of the backends without a provider stand here; TencentBackend and AliyunBackend have modules of
their own, since their SDKs are optional (requirements-sms.txt).
"""

from .gateways import Backend, Breaker, GatewayError, Outcome, Text, backend, send
from .plain import ConsoleBackend, DemoBackend, FileBackend, MemoryBackend, Sms, outbox

__all__ = [
    "Backend",
    "Breaker",
    "ConsoleBackend",
    "DemoBackend",
    "FileBackend",
    "GatewayError",
    "MemoryBackend",
    "Outcome",
    "Sms",
    "Text",
    "backend",
    "outbox",
    "send",
]
