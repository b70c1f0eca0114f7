"""The platform, and beside it the limit for callbacks: a bare view that verifies the signature and has all the effects
of one completed study in one hand-written statement, without any of the rules. Served by benchmarks/callbacks.py.
"""
# ruff: noqa: E402  Django must be set up before its models can be imported.

import hashlib
import json
import os
import sys
import time
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings_test")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounting_platform import handler, urls
from accounting_platform.lib import signing
from accounting_platform.lib.encryption import seal
from education.models import InstitutionSecret
from education.schools import rate

BOOK = """
WITH study AS (
    UPDATE education_enrolment SET state = 'completed', credits = %(credits)s, percent = 100, ended_at = now(),
        last_message_at = now(), reported_at = %(said)s
    WHERE institution_id = %(institution)s AND reference = %(reference)s AND state = 'in_progress'
    RETURNING id, profile_id, year, kind
), delivery AS (
    INSERT INTO education_delivery (public_id, institution_id, message_id, event_type, digest, body, outcome, code,
                                    reason, enrolment_id, received_at, repeats)
    SELECT gen_random_uuid(), %(institution)s, %(id)s, 'study.completed', %(digest)s, %(body)s, 'accepted', '', '',
           id, now(), 0
    FROM study RETURNING id, public_id
), entry AS (
    INSERT INTO education_creditentry (profile_id, year, kind, source, credits, general_professional, institution_id,
                                       enrolment_id, delivery_id, finished_at, booked_at)
    SELECT profile_id, year, kind, 'study', %(credits)s, 0, %(institution)s, study.id, delivery.id, %(finished)s, now()
    FROM study, delivery
), message AS (
    INSERT INTO registration_message (accountant_id, title, body, created_at)
    SELECT accountant_id, '学分已入账', %(told)s, now()
    FROM study JOIN collection_profile profile ON profile.id = study.profile_id
), total AS (
    INSERT INTO education_yeartotal (profile_id, year, public, professional, general_professional)
    SELECT profile_id, year, 0, %(credits)s, 0 FROM study
    ON CONFLICT (profile_id, year) DO UPDATE SET professional = education_yeartotal.professional + excluded.professional
)
SELECT public_id FROM delivery
"""


@cache
def secret_of(code):
    """The limit asks for the school once in its life."""
    known = InstitutionSecret.objects.select_related("institution").get(institution__code=code)
    return known.secret, known.institution_id


@csrf_exempt
def bare(request, code):
    secret, institution = secret_of(code)
    if not signing.verify([secret], request.headers, request.body, time.time()):
        return HttpResponse(status=401)
    rate.count(code)
    event = json.loads(request.body)
    data = event["data"]
    values = {
        "institution": institution,
        "id": request.headers["webhook-id"],
        "digest": hashlib.sha256(request.body).hexdigest(),
        "body": seal(request.body, "education_delivery.body"),
        "said": event["timestamp"],
        "reference": data["enrolment"],
        "credits": data["credits"],
        "finished": data["finished_at"],
        "told": f"您在{code}的 {data['credits']} 学分已经入账，可在“我的学习”查看。",
    }
    with connection.cursor() as cursor:
        cursor.execute(BOOK, values)
        ((public_id,),) = cursor.fetchall()
    return JsonResponse({"status": "accepted", "delivery": str(public_id)})


# As many as the machine takes; what a school may send a second is tested elsewhere.
rate.LIMIT = 10**9
urlpatterns = [*urls.urlpatterns, path("api/bare/<str:code>", bare)]
settings.ROOT_URLCONF = __name__
application = handler.PlatformHandler()
