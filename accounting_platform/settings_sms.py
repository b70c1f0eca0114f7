"""The settings of text messages: limits, and the providers' accounts. settings.py takes them in."""

import environ

env = environ.Env()

# Between two codes to one phone.
SMS_COOLDOWN_SECONDS = env.int("SMS_COOLDOWN_SECONDS", 60)
# Texts a day (alarms at 50, 75 and 100 %), and codes a minute from which on everybody proves some work first.
SMS_DAILY_BUDGET = env.int("SMS_DAILY_BUDGET", 50_000)
SMS_PER_MINUTE = env.int("SMS_PER_MINUTE", 300)
# Over so many seconds nobody knows whether a text went out: it counts as sent.
SMS_TIMEOUT = env.float("SMS_TIMEOUT", 5)
# Providers through their own SDKs (requirements-sms.txt); .env.example says what each of these is.
SMS_TENCENT = {
    name: env.str(f"SMS_TENCENT_{name}", "")
    for name in ("SECRET_ID", "SECRET_KEY", "APP_ID", "SIGN", "TEMPLATES", "REGION", "ENDPOINT")
}
SMS_ALIYUN = {
    name: env.str(f"SMS_ALIYUN_{name}", "")
    for name in ("KEY_ID", "KEY_SECRET", "SIGN", "TEMPLATES", "ENDPOINT")
}
