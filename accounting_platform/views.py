"""The frame's own pages: home, help, text size, health checks and the pages for when something went wrong."""

import logging
import sys
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounting_platform.context_processors import TEXT_SIZES, facts
from accounting_platform.lib import context as request_context

logger = logging.getLogger(__name__)
DATABASE_ERRORS = (OperationalError, InterfaceError)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
YEAR_SECONDS = 365 * 86400
# Refusals with a page of their own, and when to come back.
REFUSAL_PAGES = {
    403: "errors/403.html",
    404: "errors/404.html",
    409: "errors/409.html",
    413: "errors/413.html",
    429: "errors/429.html",
    503: "errors/503.html",
}
RETRY_AFTER = {429: "60", 503: "30"}


@require_GET
def home(request):
    """首页. Its parts come from settings.HOME_PANELS, each a callable from request to context, lowest app first.

    Parts, all optional: `announcements` (title, body, published_at); `hero` (hello, phrases, text, action);
    `sheet` (caption, columns, rows, total, foot, url); `collection_tile` and `education_tile` (lines, actions).
    An action is a pair of label and address.
    """
    context = {}
    for path in settings.HOME_PANELS:
        context |= import_string(path)(request)
    return render(request, "home.html", context)


@require_GET
def help_page(request):
    """常见问题, one anchor per question."""
    return render(request, "help.html")


@require_POST
def display(request):
    """Keep the reader's text size for a year and go back to the page they came from."""
    size = request.POST.get("text", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = redirect(target)
    if size in TEXT_SIZES and size:
        secure = settings.SESSION_COOKIE_SECURE
        name = settings.TEXT_SIZE_COOKIE_NAME
        response.set_cookie(name, size, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    elif size in TEXT_SIZES:
        response.delete_cookie(settings.TEXT_SIZE_COOKIE_NAME, samesite="Lax")
    return response


@never_cache
@require_safe
def livez(request):
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Whether this node can serve: database, migrations, storage and clock."""
    results = {}
    for name, check in READY_CHECKS.items():
        try:
            check()
            results[name] = "ok"
        except Exception:
            # Any failure means "send nobody here"; the reason belongs in the log, not in a public answer.
            logger.exception("readyz: %s", name)
            results[name] = "fail"
    ready = set(results.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if ready else "fail", "checks": results}, status=200 if ready else 503
    )


def check_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@cache  # a success holds for the life of the process; failures are asked again
def check_migrations():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("migrations are missing")


def check_storage():
    name = default_storage.save(f"readyz/{uuid.uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)


def check_clock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        (now,) = cursor.fetchone()
    now = now if isinstance(now, datetime) else parse_datetime(now).replace(tzinfo=UTC)
    if abs(now - datetime.now(UTC)) > timedelta(minutes=1):
        raise RuntimeError("clocks of node and database differ")


READY_CHECKS = {
    "database": check_database,
    "migrations": check_migrations,
    "storage": check_storage,
    "clock": check_clock,
}


# --- when something went wrong


def plain_page(request, status, template, code, detail, **extra):
    """An error page drawn without session, user and database; for the API its problem document."""
    request_id = request_context.request_id()
    if request.path.startswith("/api/"):
        problem = {"status": status, "code": code, "detail": detail, "request_id": request_id}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {"platform": facts(request), "request_id": request_id, "detail": detail} | extra
    return HttpResponse(render_to_string(template, context), status=status)


def full_page(request, status, template, code, detail):
    """An error page with menu and name, for errors that leave the rest of the platform well."""
    if request.path.startswith("/api/"):
        return plain_page(request, status, template, code, detail)
    context = {"request_id": request_context.request_id(), "detail": detail}
    return render(request, template, context, status=status)


def bad_request(request, exception=None):
    """400, or 413 where Django found more data, fields or files than allowed."""
    if isinstance(exception, TOO_MUCH):
        return too_large(request)
    if isinstance(exception, DisallowedHost):
        detail, home = "请从本平台的正式网址进入。", settings.PUBLIC_URL or "/"
        return plain_page(request, 400, "errors/400.html", "host", detail, way_home=home)
    return plain_page(request, 400, "errors/400.html", "malformed", "请求的内容不完整，请返回重试。")


def forbidden(request, exception=None):
    """403."""
    return full_page(request, 403, "errors/403.html", "forbidden", "您没有办理这项业务的权限。")


def csrf_failure(request, reason=""):
    """403 for a form whose token has gone stale."""
    return full_page(request, 403, "errors/csrf.html", "csrf", "页面已过期，请返回刷新后重试")


def not_found(request, exception=None):
    """404; a view may give the reason in Http404("…") when it is meant for readers (Chinese)."""
    if request.path.startswith("/api/"):
        return plain_page(request, 404, "errors/404.html", "not_found", "没有这个接口地址，请检查地址。")
    reason = str(exception.args[0]) if exception is not None and exception.args else ""
    detail = reason if reason and not reason[0].isascii() else "这个页面不存在，或者已经移走。"
    return full_page(request, 404, "errors/404.html", "not_found", detail)


def not_allowed(request, methods):
    """405 with the methods that would do."""
    page = plain_page(request, 405, "errors/405.html", "method", "这个网址不能这样打开。")
    page["Allow"] = ", ".join(methods)
    return page


def refused(request, error):
    """The page of a DomainError that no view has shown beside its form."""
    template = REFUSAL_PAGES.get(error.status, "errors/400.html")
    page = full_page(request, error.status, template, error.code or "refused", f"{error}。")
    if error.status in RETRY_AFTER:
        page["Retry-After"] = RETRY_AFTER[error.status]
    return page


def too_large(request):
    """413."""
    return plain_page(request, 413, "errors/413.html", "too_large", "提交的内容过大")


def server_error(request):
    """500, or 503 when the reason is the database."""
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_ERRORS):
        return unavailable(request, error)
    return plain_page(request, 500, "errors/500.html", "internal", "系统出现错误，请稍后再试")


def unavailable(request, error=None):
    """503 with the time to come back: busy when a statement or lock timed out, else under maintenance."""
    if error is not None:
        logger.error("database unavailable: %s", type(error.__cause__ or error).__name__)
    busy = is_busy(error)
    detail = "系统繁忙，请稍后再试" if busy else "系统维护中，请稍后再试"
    retry_url = request.get_full_path() if request.method == "GET" else ""
    response = plain_page(
        request, 503, "errors/503.html", "unavailable", detail, busy=busy, retry_url=retry_url
    )
    response["Retry-After"] = "5" if busy else "30"
    return response


def is_busy(error):
    """Whether the database refused for lack of time (PostgreSQL timeouts and deadlocks, SQLite's busy wait)."""
    cause = getattr(error, "__cause__", None)
    return getattr(cause, "pgcode", None) in {"57014", "55P03", "40P01"} or "locked" in str(error or "")
