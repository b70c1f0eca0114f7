"""The answers that repeat: five lists over four tables."""

from collection.choices import SchoolingMode
from collection.forms import AwardForm, QualificationForm, SchoolingForm, TalentProgrammeForm
from collection.models import Award, Qualification, Schooling, TalentProgramme
from collection.rows import RowList


def one_needed(profile):
    """全日制教育: everybody has at least one row, were it 无学历."""
    return 1


def one_for_certificate_holders(profile):
    """Who came for a certificate alone (second question yes, first no) has to name one."""
    accountant = profile.accountant
    return int(accountant.holds_certificate and not accountant.works_in_guangdong)


SCHOOLING_COLUMNS = ("education_level", "degree", "school", "major", "entered_on", "graduated_on")
SCHOOLING_LINES = (("education_level", "degree"), ("school", "major"), ("entered_on", "graduated_on"))
FULL_TIME = RowList(
    key="full_time",
    title="全日制教育",
    model=Schooling,
    form=SchoolingForm,
    columns=SCHOOLING_COLUMNS,
    lines=SCHOOLING_LINES,
    fixed={"mode": SchoolingMode.FULL_TIME.value},
    minimum=one_needed,
    add_label="新增全日制教育",
    empty="请至少填写一项全日制教育，没有的选“无学历”。",
)
PART_TIME = RowList(
    key="part_time",
    title="非全日制教育",
    model=Schooling,
    form=SchoolingForm,
    columns=SCHOOLING_COLUMNS,
    lines=SCHOOLING_LINES,
    fixed={"mode": SchoolingMode.PART_TIME.value},
    add_label="新增非全日制教育",
    empty="没有进行过非全日制教育可以不用填写。",
)
QUALIFICATIONS = RowList(
    key="qualifications",
    title="专业技术资格信息",
    model=Qualification,
    form=QualificationForm,
    columns=("type", "level", "method", "name", "obtained_on", "certificate_number"),
    lines=(("type", "level"), ("method", "name"), ("obtained_on", "certificate_number")),
    minimum=one_for_certificate_holders,
    maximum=15,
    add_label="新增专业技术资格",
    empty="没有取得专业技术资格的可以不填；取得多个的，请逐个新增。",
)
TALENT_PROGRAMMES = RowList(
    key="talent_programmes",
    title="高端会计人才信息",
    model=TalentProgramme,
    form=TalentProgrammeForm,
    columns=("type", "selected_year", "state", "graduation_year"),
    lines=(("type",), ("selected_year", "state"), ("graduation_year",)),
    maximum=5,
    add_label="新增高端会计人才信息",
    empty="若不是高端会计人才无需填写。",
)
AWARDS = RowList(
    key="awards",
    title="奖励信息",
    model=Award,
    form=AwardForm,
    columns=("name", "level"),
    lines=(("name",), ("level",)),
    maximum=20,
    add_label="新增奖励",
    empty="没有获得过奖励的不用填写，直接点“下一步”。",
)
