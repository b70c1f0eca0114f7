"""The whole demo under one supervisor: tables, demo world, worker with its timetable, site, demo school."""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounting_platform import processes
from accounting_platform.management import banner, static_files

START_SECONDS = 100


def interrupt(number, frame):
    raise KeyboardInterrupt


def pending_migrations():
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


class Command(BaseCommand):
    help = "Runs the demo on loopback: site on PORT, demo school on SCHOOL_PORT. Ctrl-C ends all."
    requires_system_checks = []
    children = ()

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("serve_demo is for DEMO=1; see deploy/ for a real installation.")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, interrupt)
        self.children = []
        self.site = f"http://127.0.0.1:{settings.PORT}"
        self.school = f"http://127.0.0.1:{settings.SCHOOL_PORT}"
        self.state = Path(settings.VAR_DIR) / "serving.json"
        with self.sole_user_of_the_folder():
            try:
                self.serve()
            except KeyboardInterrupt:
                self.stdout.write("\n正在停止 · stopping")
            finally:
                self.end()

    def sole_user_of_the_folder(self):
        """An open file with a lock that lasts as long as this process; the ports are looked at under it."""
        lock = (Path(settings.VAR_DIR) / "serving.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(banner.ALREADY_RUNNING) from None
        for name in ("PORT", "SCHOOL_PORT"):
            if processes.port_taken(getattr(settings, name)):
                raise CommandError(banner.port_taken(name, getattr(settings, name)))
        return lock

    def serve(self):
        self.state.unlink(missing_ok=True)
        if pending_migrations():
            self.stdout.write("正在建立数据库 · creating the tables")
            call_command("migrate", interactive=False, verbosity=0)
        if static_files.collect():
            self.stdout.write("已收集静态文件 · static files collected")
        # These two load while the demo world is looked at; the school needs what it finds there.
        self.start(
            "web", "gunicorn", "--config", "deploy/gunicorn.conf.py", "accounting_platform.wsgi:application"
        )
        self.start("worker", "celery", "--app", "accounting_platform", "worker", *self.worker_options())
        call_command("demo_world", verbosity=0)
        connections.close_all()
        self.start("school", "education.demo_school")
        self.wait_until_it_answers()
        self.write_state()
        self.stdout.write(banner.welcome(self.site, self.school, Path(settings.VAR_DIR)))
        while True:
            time.sleep(0.5)
            self.fail_if_one_died()

    def worker_options(self):
        schedule = Path(settings.VAR_DIR) / "timetable"
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return ["--beat", "--schedule", str(schedule), "--concurrency", "2", "--loglevel", "INFO", *quiet]

    def start(self, name, module, *arguments):
        own = {"PORT": settings.PORT, "SCHOOL_PORT": settings.SCHOOL_PORT, "VAR_DIR": settings.VAR_DIR}
        env = os.environ | {key: str(value) for key, value in own.items()} | {"PYTHONUNBUFFERED": "1"}
        log = Path(settings.VAR_DIR) / "log" / f"{name}.log"
        command = [sys.executable, "-m", module, *arguments]
        self.children.append(processes.Child(name, command, log=log, cwd=settings.BASE_DIR, env=env))

    def wait_until_it_answers(self):
        until = time.monotonic() + START_SECONDS
        waiting = [(f"{self.site}/readyz", False), (f"{self.school}/", True)]
        while waiting:
            self.fail_if_one_died()
            if time.monotonic() > until:
                raise CommandError(banner.no_answer(waiting[0][0], self.children[0].last_lines()))
            url, any_status = waiting[0]
            if processes.answers(url, any_status=any_status):
                waiting.pop(0)
            else:
                time.sleep(0.05)

    def fail_if_one_died(self):
        for child in self.children:
            if not child.alive:
                raise CommandError(
                    banner.died(child.name, child.process.returncode, child.last_lines(), child.log)
                )

    def write_state(self):
        pids = {child.name: child.pid for child in self.children}
        part = self.state.with_suffix(".part")
        part.write_text(json.dumps({"site": self.site, "school": self.school, "pids": pids}))
        part.replace(self.state)

    def end(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.state.unlink(missing_ok=True)
        processes.stop(self.children)
