"""The judges of answers that repeat: each looks at one row and the facts (coach.Facts), or at the facts of a whole list."""

from datetime import date

from accounting_platform.lib import clock
from collection import codes
from collection.choices import (
    CodeList,
    QualificationLevel,
    QualificationMethod,
    QualificationType,
    TalentState,
)
from collection.judges_work import ENOUGH, is_too_early

# 学历 from low to high, and the degree that goes with each; the first figure of a degree's code is its rank.
LEVELS = ("71", "61", "41", "31", "21", "14", "11")
UNIVERSITY = {"21": 1, "14": 2, "11": 3}
WITHOUT_DEGREES = ("31", "41")
DEGREE_RANKS = {"4": 1, "3": 2, "2": 3}
DOUBLE_BACHELOR = "X02"
LEAST_AGE, UNIVERSITY_AGE = 5, 14
# Months by which two full-time studies may overlap, as holidays do.
OVERLAP = 2
LONG_TRAINING = 8
# How titles are usually obtained; older ones were given otherwise.
USUAL_METHODS = {
    QualificationLevel.JUNIOR: QualificationMethod.EXAM,
    QualificationLevel.INTERMEDIATE: QualificationMethod.EXAM,
    QualificationLevel.SENIOR: QualificationMethod.EXAM_AND_REVIEW,
    QualificationLevel.FULL_SENIOR: QualificationMethod.REVIEW,
}
RANKED = list(QualificationLevel.values)
# The least accounting qualification behind an appointed 会计专业技术职务.
BEHIND_POSITION = {
    "03": QualificationLevel.INTERMEDIATE,
    "04": QualificationLevel.SENIOR,
    "05": QualificationLevel.FULL_SENIOR,
}


# --- 学历


def graduated_after_entry(row, facts):
    entered, graduated = row.entered_on, row.graduated_on
    late = entered and graduated and graduated <= entered
    return "毕业时间应晚于入学时间，请核对" if late else ""


def entered_after_birth(row, facts):
    return "入学时间早于年满 5 周岁，请核对" if age_at(row.entered_on, facts) < LEAST_AGE else ""


def young_at_university(row, facts):
    if row.education_level not in UNIVERSITY or age_at(row.entered_on, facts) >= UNIVERSITY_AGE:
        return ""
    return f"入读{level_name(row)}时还不满 {UNIVERSITY_AGE} 周岁。{ENOUGH}"


def age_at(day, facts):
    """Years of age, roughly; more than enough where either day is unknown."""
    born = facts.accountant.birth_date
    return (day - born).days / 365.25 if day and born else 200


def degree_rank(code):
    """1 学士, 2 硕士, 3 博士; 0 for none and for honorary ones, which go with any schooling."""
    return 1 if code == DOUBLE_BACHELOR else DEGREE_RANKS.get((code or "")[:1], 0)


def level_name(row):
    return codes.label(CodeList.EDUCATION_LEVEL, row.education_level)


def level_has_degrees(row, facts):
    if row.education_level in WITHOUT_DEGREES and degree_rank(row.degree):
        return f"{level_name(row)}学历没有学位，请核对学历，或把学位改为“请选择”"
    return ""


def degree_fits_level(row, facts):
    usual, rank = UNIVERSITY.get(row.education_level), degree_rank(row.degree)
    if usual is None or not rank or rank == usual:
        return ""
    degree = codes.label(CodeList.DEGREE, row.degree)
    return f"学历是“{level_name(row)}”，学位是“{degree}”，一般不是同一级。{ENOUGH}"


def one_full_time_at_once(row, facts):
    for number, other in earlier_rows(row, facts, "full_time"):
        if min(months_shared(row, other), months_shared(other, row)) > OVERLAP:
            return f"与全日制教育 {number} 的时间重叠，同一时间一般只读一个全日制。{ENOUGH}"
    return ""


def months_shared(row, other):
    """Months from the entry of one to the end of the other."""
    end = other.graduated_on or clock.today()
    start = row.entered_on or date.max
    return (end.year - start.year) * 12 + end.month - start.month


def earlier_rows(row, facts, *lists):
    """The rows that stand before this one on the page, with their numbers."""
    rows = facts.all_rows(*lists)
    place = next((i for i, (_number, other) in enumerate(rows) if other is row), 0)
    return rows[:place]


def levels_in_order(row, facts):
    """Said on the higher of two that was finished before the lower one."""
    for _number, other in facts.all_rows("full_time", "part_time"):
        known = row.graduated_on and other.graduated_on
        if known and height(row) > height(other) >= 0 and row.graduated_on < other.graduated_on:
            return f"“{level_name(row)}”的毕业时间早于“{level_name(other)}”的毕业时间。{ENOUGH}"
    return ""


def height(row):
    return LEVELS.index(row.education_level) if row.education_level in LEVELS else -1


def schooling_once(row, facts):
    same = ("education_level", "school", "entered_on")
    twins = twins_of(row, earlier_rows(row, facts, "full_time", "part_time"), same)
    return f"这段学历填了两次，重复的请删除。{ENOUGH}" if row.school and twins else ""


def twins_of(row, others, names):
    return [other for _number, other in others if all(getattr(row, n) == getattr(other, n) for n in names)]


# --- 专业技术资格, 高端会计人才, 奖励


def obtained_after_sixteen(row, facts):
    return "取得时间应晚于年满16周岁，请核对" if is_too_early(row.obtained_on, facts.accountant) else ""


def title_of(row):
    return f"{QualificationType(row.type).label}{QualificationLevel(row.level).label}"


def is_named(row):
    return row.type in QualificationType.values and row.level in QualificationLevel.values


def usual_method(row, facts):
    if not is_named(row) or row.type == QualificationType.OTHER or not row.method:
        return ""
    usual = USUAL_METHODS[row.level]
    if row.method == usual:
        return ""
    given = QualificationMethod(row.method).label
    return f"{title_of(row)}资格一般通过“{usual.label}”取得，您填的是“{given}”。{ENOUGH}"


def qualifications_in_order(row, facts):
    """Said on the higher of two that was obtained before the lower one."""
    for _number, other in facts.all_rows("qualifications"):
        if not (is_named(row) and is_named(other) and row.obtained_on and other.obtained_on):
            continue
        higher = row.type == other.type and RANKED.index(row.level) > RANKED.index(other.level)
        if higher and row.obtained_on < other.obtained_on:
            return f"{title_of(row)}资格的取得时间早于{title_of(other)}。{ENOUGH}"
    return ""


def qualification_once(row, facts):
    twins = twins_of(row, earlier_rows(row, facts, "qualifications"), ("type", "level", "name"))
    if not is_named(row) or not twins:
        return ""
    return f"{title_of(row)}资格填了两次，重复的请删除；是两个不同证书的请写上证书名称。"


def certificate_is_named(facts):
    if not facts.accountant.holds_certificate or facts.rows.get("qualifications"):
        return ""
    return f"您在注册时选择了持有会计专业技术资格证书，这里还没有填写专业技术资格。{ENOUGH}"


def position_has_qualification(facts):
    needed = BEHIND_POSITION.get(facts.technical_position)
    if needed is None:
        return ""
    held = [row.level for _n, row in facts.all_rows("qualifications") if row.type == "accounting"]
    if any(level in RANKED and RANKED.index(level) >= RANKED.index(needed) for level in held):
        return ""
    title = codes.label(CodeList.TECHNICAL_POSITION, facts.technical_position)
    return (
        f"工作信息里的会计专业技术职务是“{title}”，专业技术资格里没有会计类{needed.label}以上的资格。{ENOUGH}"
    )


def selected_after_sixteen(row, facts):
    grown = facts.accountant.sixteenth_birthday
    early = row.selected_year and grown and row.selected_year < grown.year
    return "入选年度早于年满16周岁的年份，请核对" if early else ""


def graduated_after_selection(row, facts):
    early = row.selected_year and row.graduation_year and row.graduation_year < row.selected_year
    return "毕业年度不能早于入选年度，请核对" if early else ""


def long_training(row, facts):
    if row.state != TalentState.IN_TRAINING or not row.selected_year:
        return ""
    years = clock.year() - row.selected_year
    return f"{row.selected_year} 年入选，至今仍是“培养中”。{ENOUGH}" if years > LONG_TRAINING else ""


def award_once(row, facts):
    twins = twins_of(row, earlier_rows(row, facts, "awards"), ("name", "level"))
    return f"这项奖励填了两次，重复的请删除。{ENOUGH}" if row.name and twins else ""
