"""The institutions' interface, version 1: tickets and events. The signature covers the raw bytes, so operations take
the request as it is; what they accept is declared in openapi.py.
"""

from datetime import timedelta

from django.db.models import Q
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounting_platform.lib.context import request_id
from accounting_platform.lib.errors import DomainError
from education.learning import launch
from education.models import Institution
from education.schools import openapi, rate, reconcile, trial, webhooks
from education.schools.events import read_event
from education.schools.judge import judge
from education.schools.refusals import Refusal

MAX_EVENTS = 1000
MAX_ID = 128
RECEIPT_NOTED_EVERY = timedelta(minutes=1)

api = openapi.InstitutionsAPI(
    title="广东省会计信息服务平台 学习机构接口",
    version="1.0.0",
    description=openapi.DESCRIPTION,
    docs_url=None,
    urls_namespace="education-api",
    # Whoever asks with another method is told so, with or without a token.
    docs_decorator=lambda view: csrf_exempt(require_safe(view)),
)


@api.post("/institutions/{code}/tickets", summary="兑换去学习票据", **openapi.TICKETS)
def tickets(request, code: str):
    institution, message = signed(request, code)
    redeem = trial.redeem if trial.is_asked(request) else launch.redeem
    return answer(redeem(institution, message.payload.get("ticket")))


@api.post("/institutions/{code}/events", summary="发送一条消息", **openapi.EVENTS)
def events(request, code: str):
    institution, message = signed(request, code)
    (verdict,) = judged(request, institution, [read_event(message.id, message.payload)])
    if verdict.refusal:
        raise verdict.refusal
    return answer(taken(verdict) | trial.mark(request))


@api.post("/institutions/{code}/events/batch", summary="发送多条消息", **openapi.BATCH)
def batch(request, code: str):
    institution, message = signed(request, code, max_bytes=webhooks.MAX_BATCH)
    items = message.payload.get("events")
    if not isinstance(items, list) or not items:
        raise Refusal("invalid", errors=[("/events", "须为消息的数组，至少一条")])
    if len(items) > MAX_EVENTS:
        raise Refusal("too_large")
    # An item that is no object has nothing to keep; the id of the envelope stands for nobody.
    read = [read_event(item_id(item), item) if isinstance(item, dict) else None for item in items]
    wanted = [event for event in read if event is not None and event.id and not too_large(event)]
    verdicts = dict(zip(map(id, wanted), judged(request, institution, wanted), strict=True))
    results = [result(place, event, verdicts.get(id(event))) for place, event in enumerate(read)]
    return answer({"results": results} | trial.mark(request))


@api.get("/institutions/{code}/enrolments", summary="查询报名", **openapi.ENROLMENTS)
def enrolments(request, code: str):
    return answer(reconcile.enrolments(asking(request, code), request.GET))


@api.get("/institutions/{code}/credits", summary="查询已入账学分", **openapi.CREDITS)
def credits(request, code: str):
    return answer(reconcile.credits(asking(request, code), request.GET))


@api.get("/institutions/{code}/deliveries", summary="查询回传记录", **openapi.DELIVERIES)
def deliveries(request, code: str):
    return answer(reconcile.deliveries(asking(request, code), request.GET))


@api.get("/institutions/{code}/summary", summary="查询每日汇总", **openapi.SUMMARY)
def summary(request, code: str):
    return answer(reconcile.summary(asking(request, code), request.GET))


def asking(request, code):
    """The institution that asks, counted against its rate."""
    rate.make_room(request)
    institution = webhooks.read_query(request, code)
    rate.count(code)
    return institution


def signed(request, code, **limits):
    """The institution and its message, counted against its rate; a stranger's requests count for nobody."""
    rate.make_room(request)
    institution, message = webhooks.read(request, code, **limits)
    rate.count(code)
    return institution, message


def judged(request, institution, events):
    """One verdict for each event; what is only tried leaves nothing behind."""
    if trial.is_asked(request):
        return trial.try_events(institution, events)
    verdicts = judge(institution, events) if events else []
    note_receipt(institution)
    return verdicts


def item_id(item):
    """An item's id, empty unless it could be a webhook-id as well."""
    given = item.get("id")
    fits = isinstance(given, str) and 0 < len(given) <= MAX_ID and given.isascii() and given.isprintable()
    return given if fits and " " not in given else ""


def too_large(event):
    """Whether an item of a batch is longer than an event may be that is sent alone."""
    return len(event.body.encode()) > webhooks.MAX_EVENT


def taken(verdict):
    return {"status": str(verdict.outcome), "delivery": str(verdict.delivery.public_id)}


def result(place, event, verdict):
    """One line of a batch's answer."""
    if verdict is None and event is not None and event.id:
        return {"id": event.id, "status": "refused"} | problem_of(Refusal("too_large"))
    if verdict is None:
        pointer = f"/events/{place}" + ("" if event is None else "/id")
        sentence = "须为 JSON 对象" if event is None else "须为 1 至 128 个字母、数字或符号"
        return {"id": None, "status": "refused"} | problem_of(
            Refusal("invalid", errors=[(pointer, sentence)])
        )
    line = {"id": event.id} | taken(verdict)
    if verdict.refusal:
        line |= problem_of(verdict.refusal, f"/events/{place}")
    return line


def problem_of(refusal, place=""):
    problem = {"code": refusal.code, "detail": refusal.message}
    if refusal.status == 422:
        problem["errors"] = [
            {"pointer": place + pointer, "detail": sentence} for pointer, sentence in refusal.errors
        ]
    return problem


def note_receipt(institution):
    """Keep when a school last reported, written at most once a minute, since all its requests meet in this row."""
    now = timezone.now()
    before = now - RECEIPT_NOTED_EVERY
    if institution.last_delivery_at is None or institution.last_delivery_at <= before:
        institution.last_delivery_at = now
        stale = Q(last_delivery_at=None) | Q(last_delivery_at__lte=before)
        Institution.objects.filter(stale, pk=institution.pk).update(last_delivery_at=now)


def answer(content, status=200, content_type="application/json"):
    response = JsonResponse(
        content, status=status, content_type=content_type, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "no-store"
    return response


@api.exception_handler(DomainError)
def problem(request, error):
    """Every refusal as application/problem+json."""
    refusal = error if isinstance(error, Refusal) else Refusal("invalid", errors=[("", error.message)])
    content = {"status": refusal.status} | problem_of(refusal) | {"request_id": request_id()}
    response = answer(content, refusal.status, "application/problem+json")
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response
