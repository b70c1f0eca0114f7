"""The demo's text messages and staff codes, readable by everyone who runs it: the pages that show phones and codes in full."""

import json
import re
import time
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from registration.models import StaffDevice

SHOWN = 30
STEP = 30
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@require_GET
def demo_sms(request):
    """The newest messages of settings.SMS_FILE."""
    if not settings.DEMO:
        raise Http404("the demo alone shows messages")
    return render(request, "demo/sms.html", {"texts": newest(Path(settings.SMS_FILE))})


@never_cache
@require_GET
def demo_codes(request):
    """What the authenticator apps of the demo's staff show now, and who is who."""
    if not settings.DEMO:
        raise Http404("the demo alone shows codes")
    devices = StaffDevice.objects.filter(confirmed=True).select_related("user").order_by("pk")
    now = int(time.time())
    people = written("demo_logins.json")
    passwords = {one["username"]: one["password"] for one in people if "username" in one}
    context = {"staff": [shown(device, passwords) for device in devices], "seconds": STEP - now % STEP}
    return render(request, "demo/codes.html", context)


@never_cache
@require_GET
def demo_school_keys(request):
    """Codes and secrets of the demo's schools, and somebody to report credits for, as the demo world wrote them down."""
    if not settings.DEMO:
        raise Http404("the demo alone shows secrets")
    told = written("demo_school.json")
    context = {"schools": told.get("schools", []), "site": told.get("platform_url", "")}
    people = [one for one in written("demo_logins.json") or [] if one.get("collected")]
    return render(request, "demo/school_keys.html", context | {"people": people[:1]})


def written(name):
    """What the demo world wrote into a file of the data folder."""
    path = Path(settings.VAR_DIR) / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def shown(device, passwords):
    """One account with its password and its code of this moment, and whether that code is spent already."""
    clock = device.clock()
    return {
        "user": device.user,
        "password": passwords.get(device.user.username, ""),
        "code": f"{clock.token():06}",
        "spent": device.last_step >= clock.t(),
    }


def newest(path):
    """The last messages of the file, newest first, each with its code drawn out."""
    if not path.exists():
        return []
    texts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[-SHOWN:]]
    for text in texts:
        code = CODE.search(text["text"])
        text["code"] = code[0] if code else ""
        text["at"] = datetime.fromisoformat(text["sent_at"])
    return texts[::-1]
