"""What looks odd and may yet be true: shown on the check page, never in the way."""

from accounting_platform.lib import clock
from accounting_platform.lib.validators import credit_code_warning
from collection.choices import DutyStatus, QualificationLevel, QualificationMethod, QualificationType

YEARS_APART = 1
# How titles are usually obtained; older ones were given otherwise.
USUAL_METHODS = {
    QualificationLevel.JUNIOR: QualificationMethod.EXAM,
    QualificationLevel.INTERMEDIATE: QualificationMethod.EXAM,
    QualificationLevel.SENIOR: QualificationMethod.EXAM_AND_REVIEW,
    QualificationLevel.FULL_SENIOR: QualificationMethod.REVIEW,
}


def for_section(section, profile, saved):
    """The sentences to show beside one section's answers; `saved` are its stored rows."""
    judge = JUDGES.get(section.key)
    return [words for words in judge(profile, saved) if words] if judge else []


def about_work(profile, saved):
    yield about_targets(profile)
    yield about_years(profile)
    yield credit_code_warning(profile.credit_code) if profile.credit_code else None


def about_targets(profile):
    """The answers given before registration against 在岗状态."""
    does_accounting = profile.duty_status == DutyStatus.ACCOUNTING
    if profile.accountant.works_in_guangdong and not does_accounting:
        status = profile.get_duty_status_display()
        return f"您在注册时选择了“在广东省内（除深圳）从事会计工作”，在岗状态却是“{status}”。请核对，确认无误可以继续。"
    if does_accounting and not profile.accountant.works_in_guangdong:
        return "您在注册时选择了不在广东省内（除深圳）从事会计工作，在岗状态却是“会计工作岗位”。请核对，确认无误可以继续。"
    return None


def about_years(profile):
    """从事会计工作年限 against its beginning."""
    if profile.accounting_since is None or profile.accounting_years is None:
        return None
    expected = years_since(profile.accounting_since)
    if abs(expected - profile.accounting_years) <= YEARS_APART:
        return None
    return (
        f"从事会计工作年限填的是 {profile.accounting_years} 年，"
        f"按开始时间推算约为 {expected} 年。请核对，中间有间断的可以照此提交。"
    )


def years_since(day):
    """Whole years from a day until today."""
    today = clock.today()
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def about_qualifications(profile, saved):
    for row in saved["qualifications"]:
        usual = USUAL_METHODS[row.level]
        if row.type != QualificationType.OTHER and row.method != usual:
            title = f"{row.get_type_display()}{row.get_level_display()}"
            yield f"{title}资格一般通过“{usual.label}”取得，您填的是“{row.get_method_display()}”。请核对，确认无误可以继续。"


JUDGES = {"work": about_work, "professional": about_qualifications}
