"""One file per noun of continuing education."""

from education.models.certificate import Certificate
from education.models.credit_entry import CreditEntry
from education.models.delivery import Delivery
from education.models.enrolment import Enrolment
from education.models.institution import Institution, InstitutionSecret, Learner
from education.models.offering import Offering, OfferingDivision
from education.models.ticket import Ticket
from education.models.year_rule import YearRule
from education.models.year_total import YearTotal

__all__ = [
    "Certificate",
    "CreditEntry",
    "Delivery",
    "Enrolment",
    "Institution",
    "InstitutionSecret",
    "Learner",
    "Offering",
    "OfferingDivision",
    "Ticket",
    "YearRule",
    "YearTotal",
]
