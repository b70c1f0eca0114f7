"""What learners fill in: an application for 学分折算, a question about a study."""

from django import forms

from accounting_platform.lib.model_choices import AnyKey
from collection.fields import AnswerChoiceField, DayField, TextField
from education import conversions, disputes
from education.choices import DisputeTopic
from education.ledger.entries import plain
from education.proof_fields import PicturesField

MOST_UNITS = 99
LONGEST_WORDS = 300


class KindField(AnyKey, forms.ModelChoiceField):
    """The kinds of open years, each with what it brings."""

    def label_from_instance(self, kind):
        return f"{kind.rule.year} 年度：{kind.name}（每{kind.unit} {plain(kind.credits)} 学分）"


class ConversionForm(forms.Form):
    kind = KindField(
        label="折算项目",
        queryset=None,
        empty_label="请选择",
        error_messages={"required": "请选择折算项目", "invalid_choice": "请重新选择折算项目"},
    )
    quantity = forms.IntegerField(
        label="数量",
        min_value=1,
        max_value=MOST_UNITS,
        initial=1,
        help_text="按项目的单位填写，如 2 科填 2，3 天填 3。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}),
        error_messages={
            "required": "请填写数量",
            "invalid": "数量请填整数，如 1",
            "min_value": "数量至少为 1，请核对",
            "max_value": f"数量最多为 {MOST_UNITS}，请核对",
        },
    )
    obtained_on = DayField(label="取得时间", help_text="通过考试、毕业、发表或参会的时间，如 2026-07。")
    words = TextField(
        label="补充说明",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-counter": LONGEST_WORDS}),
    )
    files = PicturesField(label="证明材料", error_messages={"required": "请上传证明材料的照片"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = conversions.open_kinds()


class MoreProofForm(forms.Form):
    files = PicturesField(label="补充证明材料", error_messages={"required": "请先选择图片"})


class DisputeForm(forms.Form):
    topic = AnswerChoiceField(label="问题", choices=DisputeTopic)
    words = TextField(
        label="说明",
        max_length=disputes.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "data-counter": disputes.LONGEST}),
        help_text="已替您写好开头，可以修改补充。不用写证件号码，工作人员看得到您的档案号。",
    )
