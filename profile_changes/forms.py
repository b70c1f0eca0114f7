"""The one form of the changes that is not a section's: where a booked move goes."""

from django import forms

from collection.fields import DivisionField


class BookingForm(forms.Form):
    """预约变更行政区划."""

    division = DivisionField(label="预约变更后的行政区划")

    def __init__(self, *args, status="", **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["division"].help_text = DivisionField.hint(status)
