"""A small platform for the tests of the frame: its own pages, and views in which things go wrong."""

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.urls import include, path

from accounting_platform import views
from accounting_platform.lib.errors import DomainError


def page(request, pk=None):
    return HttpResponse("ok")


def database_down(request):
    raise OperationalError("server closed the connection unexpectedly")


def database_slow(request):
    raise OperationalError("database is locked")


def broken(request):
    raise ZeroDivisionError


def denied(request):
    raise PermissionDenied


def missing(request):
    raise Http404("该学习机构不可用。")


def stale(request):
    raise DomainError("页面已更新，请刷新后重试", status=409)


def often(request):
    raise DomainError("登录失败次数过多，请15分钟后再试或找回密码", status=429)


def full(request):
    raise DomainError("暂时无法保存文件，请稍后再试", status=503)


def refused(request):
    raise DomainError("请选择要查看的内容")


def echo(request):
    return HttpResponse(f"{len(request.POST)}")


people = [
    path("login/", page, name="login"),
    path("registration/", page, name="targets"),
    path("announcements/<int:pk>/", page, name="announcement"),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("display/", views.display, name="display"),
    path("livez", views.livez),
    path("readyz", views.readyz),
    path("down/", database_down),
    path("slow/", database_slow),
    path("broken/", broken),
    path("denied/", denied),
    path("missing/", missing),
    path("stale/", stale),
    path("often/", often),
    path("full/", full),
    path("refused/", refused),
    path("echo/", echo),
    path("", include((people, "registration"))),
]
handler400 = "accounting_platform.views.bad_request"
handler403 = "accounting_platform.views.forbidden"
handler404 = "accounting_platform.views.not_found"
handler500 = "accounting_platform.views.server_error"
