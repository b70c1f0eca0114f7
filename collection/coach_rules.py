"""The rules between answers, in one table: what each refuses or only mentions, on which field, and why it is there.

A refusal compares answers of one step, or of a step and the person's birth date, so that a step once accepted stays so.
What ties two steps is only ever mentioned, on the check page and at changes. A judge gives the sentence or "".
"""

from collections.abc import Callable
from dataclasses import dataclass

from collection import judges_rows as rows
from collection import judges_work as work

REFUSE, WARN = "refuse", "warn"


@dataclass(frozen=True)
class Rule:
    """One rule; `lists` when it judges rows (each, or the list as a `whole`), `also` names other sections it reads."""

    key: str
    effect: str
    section: str
    field: str
    judge: Callable[..., str]
    reason: str
    lists: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    whole: bool = False


SCHOOLINGS = ("full_time", "part_time")
QUALIFICATIONS = ("qualifications",)
TALENTS = ("talent_programmes",)

RULES = (
    # --- 工作信息
    Rule(
        "start_after_sixteen", REFUSE, "work", "accounting_since", work.start_after_sixteen,
        "劳动法不允许招用未满 16 周岁的人",
    ),
    Rule(
        "position_after_sixteen", REFUSE, "work", "technical_position_since", work.position_after_sixteen,
        "聘任以在岗为前提，在岗须年满 16 周岁",
    ),
    Rule(
        "years_since_sixteen", REFUSE, "work", "accounting_years", work.years_since_sixteen,
        "年限不可能超过年满 16 周岁以来的年数",
    ),
    Rule(
        "targets_fit_status", WARN, "work", "duty_status", work.targets_fit_status,
        "注册时的采集对象回答与在岗状态应一致；注册后情况会变，所以只提醒",
    ),
    Rule(
        "years_fit_start", WARN, "work", "accounting_years", work.years_fit_start,
        "年限一般等于开始时间至今；有中断的会少一些",
    ),
    Rule(
        "position_after_start", WARN, "work", "technical_position_since", work.position_after_start,
        "一般先从事会计工作，后受聘会计专业技术职务；转岗的例外",
    ),
    Rule(
        "title_needs_years", WARN, "work", "technical_position", work.title_needs_years,
        "会计系列职称评价标准对高级、正高级有任职年限要求；破格的例外",
    ),
    Rule(
        "post_fits_head", WARN, "work", "admin_position", work.post_fits_head,
        "负责人岗位与行政职务通常相符；代理、兼任的例外",
    ),
    Rule(
        "head_has_title", WARN, "work", "admin_position", work.head_has_title,
        "会计法、总会计师条例对会计机构负责人和总会计师的任职要求",
    ),
    Rule(
        "employer_in_division", WARN, "work", "division", work.employer_in_division,
        "信用代码第 3 至 8 位是登记机关所在地；总部代码、迁址的单位例外",
    ),
    Rule(
        "credit_code_inside", WARN, "work", "credit_code", work.credit_code_inside,
        "GB 11714 校验；老机构的代码确有不符的",
    ),
    Rule(
        "student_is_studying", WARN, "work", "duty_status", work.student_is_studying,
        "在校生应有一段还没有毕业的学历", also=("education",),
    ),
    # --- 学历信息
    Rule(
        "graduated_after_entry", REFUSE, "education", "graduated_on", rows.graduated_after_entry,
        "毕业不会早于入学", lists=SCHOOLINGS,
    ),
    Rule(
        "entered_after_birth", REFUSE, "education", "entered_on", rows.entered_after_birth,
        "不足 5 周岁不会入学", lists=SCHOOLINGS,
    ),
    Rule(
        "level_has_degrees", REFUSE, "education", "degree", rows.level_has_degrees,
        "学位条例只设学士、硕士、博士三级，大专、中专不授学位", lists=SCHOOLINGS,
    ),
    Rule(
        "degree_fits_level", WARN, "education", "degree", rows.degree_fits_level,
        "学位一般与学历同级；以同等学力申请学位的例外", lists=SCHOOLINGS,
    ),
    Rule(
        "young_at_university", WARN, "education", "entered_on", rows.young_at_university,
        "不足 14 周岁入读大学很少见", lists=SCHOOLINGS,
    ),
    Rule(
        "one_full_time_at_once", WARN, "education", "entered_on", rows.one_full_time_at_once,
        "同一时间一般只有一个全日制学籍", lists=("full_time",),
    ),
    Rule(
        "levels_in_order", WARN, "education", "graduated_on", rows.levels_in_order,
        "一般先取得较低的学历", lists=SCHOOLINGS,
    ),
    Rule(
        "schooling_once", WARN, "education", "school", rows.schooling_once,
        "同一段学历只填一次", lists=SCHOOLINGS,
    ),
    # --- 专业技术信息
    Rule(
        "obtained_after_sixteen", REFUSE, "professional", "obtained_on", rows.obtained_after_sixteen,
        "报考专业技术资格须有学历或工作年限，不会早于年满 16 周岁", lists=QUALIFICATIONS,
    ),
    Rule(
        "usual_method", WARN, "professional", "method", rows.usual_method,
        "初级、中级考试，高级考评结合，正高级评审；早年的例外", lists=QUALIFICATIONS,
    ),
    Rule(
        "qualifications_in_order", WARN, "professional", "obtained_on", rows.qualifications_in_order,
        "同一类型一般逐级取得", lists=QUALIFICATIONS,
    ),
    Rule(
        "qualification_once", WARN, "professional", "level", rows.qualification_once,
        "同一资格只填一次", lists=QUALIFICATIONS,
    ),
    Rule(
        "certificate_is_named", WARN, "professional", "", rows.certificate_is_named,
        "注册时说持有证书的，一般有一条资格", lists=QUALIFICATIONS, whole=True,
    ),
    Rule(
        "position_has_qualification", WARN, "professional", "", rows.position_has_qualification,
        "聘任会计师以上职务以同级资格为前提；证书未到手的例外", lists=QUALIFICATIONS, also=("work",), whole=True,
    ),
    Rule(
        "selected_after_sixteen", REFUSE, "professional", "selected_year", rows.selected_after_sixteen,
        "入选者是在职的高级人才", lists=TALENTS,
    ),
    Rule(
        "graduated_after_selection", REFUSE, "professional", "graduation_year", rows.graduated_after_selection,
        "毕业不会早于入选", lists=TALENTS,
    ),
    Rule(
        "long_training", WARN, "professional", "state", rows.long_training,
        "培养期一般不超过 6 年", lists=TALENTS,
    ),
    # --- 奖励信息
    Rule(
        "award_once", WARN, "awards", "name", rows.award_once,
        "同一奖励只填一次", lists=("awards",),
    ),
)  # fmt: skip
