"""What staff see above the list of text messages."""

from django.conf import settings

from registration import breaker, volume


class ShowsBudget:
    """Admin mixin: today's texts against the budget, and whether a provider can be reached at all."""

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"subtitle": standing()} | (extra_context or {}))


def standing():
    """今天已发送 1200 条，每日额度 50000 条（2%）, and what keeps codes from going out."""
    used, budget = volume.used_today(), settings.SMS_DAILY_BUDGET
    words = f"今天已发送 {used} 条，每日额度 {budget} 条（{100 * used // max(budget, 1)}%）"
    if volume.is_used_up():
        words += "，额度已用完，验证码暂停发送"
    if breaker.is_open():
        words += "，短信渠道连续失败，验证码暂停发送"
    return words
