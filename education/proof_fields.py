"""The control that takes several pictures of proof at once."""

from django import forms

from accounting_platform.lib.errors import DomainError
from education import proofs

HINT = f"JPG 或 PNG 图片，最多 {proofs.MOST} 张，合计不超过 12MB。"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures, judged by their headers; an empty list without any."""

    def __init__(self, **kwargs):
        attrs = {"accept": "image/jpeg,image/png", "data-shrink-files": True}
        super().__init__(widget=SeveralFiles(attrs=attrs), **{"help_text": HINT} | kwargs)

    def clean(self, data, initial=None):
        files = [one for one in data or [] if one]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        files = [super(PicturesField, self).clean(one, initial) for one in files]
        try:
            proofs.check(files)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None
        return files
