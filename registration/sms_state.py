"""What the page says about a message that is on its way: sent, slow, or not sent after all.

The row looked at is the one that the press wrote. For 找回密码 that is the question to the worker, whose state is the
same whether number and phone belong together or not.
"""

import time

from registration.choices import SmsState
from registration.models import SmsMessage

# Seconds after the press: a first look for refusals, one when the worker should have been there, then again and again.
FIRST_LOOK, SLOW_AFTER, AGAIN, LAST_LOOK = 8, 60, 20, 300
SLOW = "短信发送较慢，请稍候或稍后再试。超过 5 分钟仍未收到，请重新获取，或致电服务电话"
NOT_SENT = "短信未能发出，本次不计次数。请核对手机号码，稍后重新获取"


def shown(kept):
    """Words, rest of the pause and time of the next look, for what the session keeps of a press."""
    age = time.time() - kept["at"]
    if age >= LAST_LOOK:
        return {}
    state = SmsMessage.objects.filter(pk=kept["message"]).values_list("state", flat=True).first()
    if state == SmsState.REFUSED:
        return {"words": NOT_SENT, "lost": True}
    if state not in (SmsState.WAITING, SmsState.SENDING):
        return {"words": kept["words"], "until": kept["until"]}
    if age < SLOW_AFTER:
        look_after = FIRST_LOOK if age < FIRST_LOOK else int(SLOW_AFTER - age) + 1
        return {"words": kept["words"], "until": kept["until"], "look_after": look_after}
    return {"words": SLOW, "until": kept["until"], "look_after": AGAIN}
