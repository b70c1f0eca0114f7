"""How single answers are called, explained and typed, by the name of their column."""

from collection.choices import CodeList

# Answers taken from a code list, by the name of their column.
CODE_LISTS = {
    "ethnic_group": CodeList.ETHNIC_GROUP,
    "political_status": CodeList.POLITICAL_STATUS,
    "country": CodeList.COUNTRY,
    "accounting_post": CodeList.ACCOUNTING_POST,
    "admin_position": CodeList.ADMIN_POSITION,
    "technical_position": CodeList.TECHNICAL_POSITION,
    "industry": CodeList.INDUSTRY,
    "economic_type": CodeList.ECONOMIC_TYPE,
    "abacus_grade": CodeList.ABACUS_GRADE,
    "education_level": CodeList.EDUCATION_LEVEL,
    "degree": CodeList.DEGREE,
}
# Where "nothing" is an answer, it is called by its name.
NO_CHOICE_LABELS = {"abacus_grade": "无"}

MONTH_HINT = "如 1993-07 或 1993 年 7 月"
LABELS = {"abacus_grade": "是否有珠算等级"}
HINTS = {
    "email": "没有可以不填",
    "birth_date": "如 1980-07-05",
    "accounting_since": MONTH_HINT,
    "accounting_years": "按开始从事会计工作时间推算，可以修改",
    "technical_position_since": f"{MONTH_HINT}；选“无职务”的不用填写",
    "employer_name": "输入 2 个字即可搜索，找不到可直接填写全称",
    "credit_code": "18 位，见营业执照或法人登记证书",
    "employer_phone": "如 020-83330000，有分机再写“转801”",
    "home_address": "请写到门牌号",
    "school_name": "请填写学校全称",
    "entered_on": "如 1990-09",
    "graduated_on": "如 1993-07；只有还在读的可以不填",
    "degree": "没有学位的可以不选",
    "obtained_on": "如 2004-10，记不清可以不填",
    "certificate_number": "没有带在身边可以不填",
    "selected_year": "填写培养入选年度，如 2019",
    "graduation_year": "培养状态为“已毕业”时填写",
}
ATTRS = {
    "email": {"autocomplete": "email", "inputmode": "email"},
    "birth_date": {"autocomplete": "bday"},
    "home_address": {"autocomplete": "street-address"},
    "employer_name": {"autocomplete": "organization"},
    "employer_phone": {"class": "num", "inputmode": "tel"},
    "credit_code": {"class": "num", "autocapitalize": "characters", "spellcheck": "false"},
    # For dependent.js: another answer of the same form, and the values that make this one superfluous or needed.
    "technical_position_since": {"data-unless": "technical_position 00"},
    "degree": {"data-unless": "education_level 61 71 90"},
    "major": {"data-unless": "education_level 61 71 90"},
    "school": {"data-unless": "education_level 90"},
    "entered_on": {"data-unless": "education_level 90"},
    "graduated_on": {"data-unless": "education_level 90"},
    "graduation_year": {"data-only": "state graduated"},
}
