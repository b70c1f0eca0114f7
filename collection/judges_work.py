"""The judges of the work step: each looks at the facts (coach.Facts) and gives a sentence, or "" where all is well."""

from accounting_platform.lib import clock
from accounting_platform.lib.validators import credit_code_warning
from collection import codes
from collection.choices import CodeList, DutyStatus

ENOUGH = "请核对，确认无误可以继续。"
YEARS_APART = 1
# 会计专业技术职务, in order; 其他 stands beside them.
BELOW_ACCOUNTANT = ("00", "01", "02")
SENIOR, FULL_SENIOR = "04", "05"
YEARS_OF_TITLE = {SENIOR: 5, FULL_SENIOR: 10}
# 从事会计工作岗位 and 会计行政职务 by code.
HEAD_POST, CHIEF_POST = "01", "02"
PLAIN, HEADS, CHIEF = "01", ("02", "03"), "04"
YEARS_OF_A_HEAD = 3
SHENZHEN = "4403"


def is_too_early(day, accountant):
    """Whether a day, or a month given by its first day, lies before the 16th birthday."""
    grown = accountant.sixteenth_birthday
    if not day or not grown:
        return False
    return (day.year, day.month) < (grown.year, grown.month) if day.day == 1 else day < grown


def years_since(day):
    """Whole years from a day until today."""
    today = clock.today()
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def start_after_sixteen(facts):
    early = is_too_early(facts.accounting_since, facts.accountant)
    return "开始从事会计工作时间应晚于年满16周岁。" if early else ""


def position_after_sixteen(facts):
    early = is_too_early(facts.technical_position_since, facts.accountant)
    return "会计专业技术职务聘任时间应晚于年满16周岁。" if early else ""


def years_since_sixteen(facts):
    years, grown = facts.accounting_years, facts.accountant.sixteenth_birthday
    if years is None or grown is None or years <= years_since(grown) + YEARS_APART:
        return ""
    return f"从事会计工作年限填的是 {years} 年，超过了年满16周岁以来的年数，请核对"


def targets_fit_status(facts):
    """The answers given before registration against 在岗状态."""
    does_accounting = facts.duty_status == DutyStatus.ACCOUNTING
    if not facts.duty_status or does_accounting == facts.accountant.works_in_guangdong:
        return ""
    if does_accounting:
        return f"您在注册时选择了不在广东省内（除深圳）从事会计工作，在岗状态却是“会计工作岗位”。{ENOUGH}"
    status = DutyStatus(facts.duty_status).label
    return f"您在注册时选择了“在广东省内（除深圳）从事会计工作”，在岗状态却是“{status}”。{ENOUGH}"


def years_fit_start(facts):
    if facts.accounting_since is None or facts.accounting_years is None:
        return ""
    expected = years_since(facts.accounting_since)
    if abs(expected - facts.accounting_years) <= YEARS_APART:
        return ""
    return (
        f"从事会计工作年限填的是 {facts.accounting_years} 年，"
        f"按开始时间推算约为 {expected} 年。请核对，中间有间断的可以照此提交。"
    )


def position_after_start(facts):
    start, appointed = facts.accounting_since, facts.technical_position_since
    if start is None or appointed is None or (appointed.year, appointed.month) >= (start.year, start.month):
        return ""
    return f"会计专业技术职务的聘任时间早于开始从事会计工作时间。{ENOUGH}"


def title_needs_years(facts):
    needed = YEARS_OF_TITLE.get(facts.technical_position)
    if needed is None or facts.accounting_years is None or facts.accounting_years >= needed:
        return ""
    title = codes.label(CodeList.TECHNICAL_POSITION, facts.technical_position)
    return f"{title}一般须从事会计工作满 {needed} 年，您填的是 {facts.accounting_years} 年。{ENOUGH}"


def post_fits_head(facts):
    post, head = facts.accounting_post, facts.admin_position
    if not head or (post, head) == (CHIEF_POST, CHIEF):
        return ""
    if post == CHIEF_POST or post == HEAD_POST and head == PLAIN:
        names = (
            codes.label(CodeList.ACCOUNTING_POST, post),
            codes.label(CodeList.ADMIN_POSITION, head),
        )
        return "从事的会计工作岗位是“{}”，会计行政职务却是“{}”。".format(*names) + ENOUGH
    return ""


def head_has_title(facts):
    """会计机构负责人: 会计师 or three years of accounting; 总会计师: 会计师."""
    if facts.technical_position not in BELOW_ACCOUNTANT or facts.accounting_years is None:
        return ""
    head = codes.label(CodeList.ADMIN_POSITION, facts.admin_position)
    if facts.admin_position in HEADS and facts.accounting_years < YEARS_OF_A_HEAD:
        return f"{head}应具备会计师以上专业技术职务资格，或者从事会计工作三年以上。{ENOUGH}"
    if facts.admin_position == CHIEF:
        return f"{head}一般应具有会计师以上专业技术资格。{ENOUGH}"
    return ""


def employer_in_division(facts):
    """Where the employer is registered against 行政区划, city by city; provincial and national bodies are anywhere."""
    region, division = facts.credit_code[2:8] if facts.credit_code else "", facts.division or ""
    anywhere = region[:2] in ("", "10") or region[:4] == "4400" or division.endswith("-B")
    if anywhere or not division or region[:4] == division[:4]:
        return ""
    chosen = codes.division_name(division)
    if region[:4] == SHENZHEN:
        place = "深圳市，深圳的会计人员在深圳市办理"
    elif region[:2] != "44":
        place = "广东省外"
    else:
        place = codes.label(CodeList.DIVISION, region[:4] + "00")
    return f"按统一社会信用代码，单位登记地在{place}，行政区划选的是“{chosen}”。{ENOUGH}"


def credit_code_inside(facts):
    return credit_code_warning(facts.credit_code) or "" if facts.credit_code else ""


def student_is_studying(facts):
    rows = [row for _number, row in facts.all_rows("full_time", "part_time")]
    if facts.duty_status != DutyStatus.STUDENT or not rows or any(is_open(row) for row in rows):
        return ""
    return f"在岗状态是“在校生”，学历信息里却都已毕业。在读的学历请不填毕业时间。{ENOUGH}"


def is_open(row):
    return row.entered_on is not None and row.graduated_on is None
