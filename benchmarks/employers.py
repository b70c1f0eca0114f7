"""Searching the directory of employers with 500,000 of them: milliseconds in the database, and by which indexes.

    [DATABASE_URL=postgres://…] .venv/bin/python benchmarks/employers.py [employers] [rounds]

Loads made-up employers into a database of its own (without DATABASE_URL an SQLite file), searches for rare and for very
common names, initials and codes in turns, and prints the slowest and the middle one with the indexes that the database's
own plan names. It fails where a search takes 20 ms or more of database time, or reads the whole table.
"""
# ruff: noqa: E402  Django must be set up before its models can be imported.

import os
import random
import re
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings_test")

import django

django.setup()

from django.conf import settings
from django.db import connection

from collection import employers
from collection.models import Employer

LIMIT_MS = 20
BATCH = 5000
CITIES = ["广州市"] * 30 + ["佛山市", "东莞市"] * 12 + ["中山市", "珠海市", "惠州市", "江门市"] * 6
CITIES += [
    "汕头市",
    "湛江市",
    "茂名市",
    "肇庆市",
    "梅州市",
    "清远市",
    "韶关市",
    "阳江市",
    "云浮市",
    "河源市",
] * 2
DISTRICTS = ["", "", "天河区", "城区", "新区", "高新区", "南沙区", "顺德区"]
SIGNS = "华利鑫恒达盛泰宏博瑞丰源隆昌顺嘉德信和安创联合众诚美康建中天海东南粤岭珠云龙凤金玉宝富贵永祥福兴旺"
TRADES = "纸品 电子 贸易 食品 建筑工程 物业管理 会计服务 投资 科技 服装 家具 物流 餐饮管理 广告 五金 塑料 机械设备".split()
KINDS = ["有限公司"] * 16 + [
    "有限责任公司",
    "股份有限公司",
    "公司",
    "商行",
    "经营部",
    "合伙企业（有限合伙）",
    "厂",
]
RARE = ("广州市𠮷祥纸品有限公司", "91440101MARARE00XX")
SEARCHES = {
    "2 characters, begins a third of all names": "广州",
    "2 characters, inside nearly all names": "公司",
    "2 characters, inside many": "纸品",
    "2 characters, inside few": "凤龙",
    "1 rare character and its neighbour": "𠮷祥",
    "2 characters that never meet": "司公",
    "the end of most names": "有限公司",
    "a whole common beginning": "广州市天河区",
    "5 characters inside": "鑫恒达纸品",
    "a city of few": "云浮",
    "initials, common": "gzs",
    "initials, rare": "yfscqfl",
    "initials of nobody": "qqxx",
    "code, common prefix": "9144",
    "code, rare prefix": "91440101MA00012",
    "code, whole": RARE[1],
    "Latin letters inside": "kpmg",
}


def made_up(number, rng):
    sign = "".join(rng.choices(SIGNS, k=rng.choice((2, 2, 3))))
    name = rng.choice(CITIES) + rng.choice(DISTRICTS) + sign + rng.choice(TRADES) + rng.choice(KINDS)
    typed = int(rng.paretovariate(1.2)) - 1 if rng.random() < 0.2 else 0
    return Employer(
        name=name,
        credit_code=f"91{rng.choice(('440101', '440606', '441900', '445302'))}MA{number:08}",
        industry="22",
        address=f"示范路 {number % 900} 号",
        verified=typed == 0 or rng.random() < 0.5,
        typed_by=typed,
    )


def load(count):
    rng = random.Random(2026)
    begun = time.perf_counter()
    for start in range(0, count - 1, BATCH):
        some = range(start, min(start + BATCH, count - 1))
        Employer.objects.bulk_create([made_up(number, rng) for number in some])
    Employer.objects.create(name=RARE[0], credit_code=RARE[1], verified=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(
        f"{Employer.objects.count()} employers on {connection.vendor} in {time.perf_counter() - begun:.0f} s"
    )


class Watch:
    """Notes the statements of a search and their milliseconds."""

    def __init__(self):
        self.statements, self.ms = [], 0.0

    def __call__(self, execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.ms += 1000 * (time.perf_counter() - begun)
            self.statements.append((sql, params))


def search(text):
    """(hits, Watch) of one search."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        found = employers.find(text)
    return len(found), watch


def plan(statements):
    """The lines of the database's own plans."""
    words = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"{words} {sql}", params)
            yield from (str(row[-1]) for row in cursor.fetchall())


def indexes(lines):
    """(the indexes in use, whether the table is read from end to end)."""
    text = "\n".join(lines)
    used = re.findall(r"(?:Index (?:Only )?Scan(?: Backward)? using|Bitmap Index Scan on) (\S+)", text)
    used += re.findall(r"USING (?:COVERING )?INDEX (\S+)", text) + re.findall(r"SCAN (\w+_fts) VIRTUAL", text)
    whole = re.search(r"Seq Scan on collection_employer|^SCAN (collection_employer|[UV]\d)$", text, re.M)
    short = {re.sub(r"^collection_employer_|_[0-9a-f]{8}(?=_|$)", "", name) for name in used}
    return ", ".join(sorted(short)), whole is not None


def read_best_known():
    """Milliseconds for the best known employers, which a process reads once a minute."""
    begun = time.perf_counter()
    employers.read_best_known()
    return 1000 * (time.perf_counter() - begun)


def main(count=500_000, rounds=15):
    load(count)
    print(
        f"the best known, once a minute: {median(read_best_known() for _ in range(rounds)):.1f} ms, objects made"
    )
    times = {text: [] for text in SEARCHES.values()}
    for _ in range(rounds + 1):
        for text in times:
            times[text].append(search(text)[1].ms)
    failed = False
    print(f"{'search':<44}{'hits':>5}{'ms':>7}{'slowest':>9}  statements, indexes")
    for name, text in SEARCHES.items():
        hits, watch = search(text)
        used, whole = indexes(plan(watch.statements))
        own = times[text][1:]
        failed |= whole or median(own) >= LIMIT_MS
        mark = "  READS THE WHOLE TABLE" if whole else ""
        title = f"{text}: {name}"
        print(
            f"{title:<44}{hits:>5}{median(own):>7.1f}{max(own):>9.1f}  {len(watch.statements)}, {used}{mark}"
        )
    sys.exit("a search is too slow or reads the whole table" if failed else 0)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    own_name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(settings.VAR_DIR) / "employers.sqlite3")
    connection.creation.create_test_db(verbosity=0)
    try:
        main(*numbers)
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)
