"""One file per noun of continuing education."""

from education.models.certificate import Certificate
from education.models.conversion import Conversion
from education.models.credit_entry import CreditEntry
from education.models.delivery import Delivery
from education.models.dispute import Dispute
from education.models.enrolment import Enrolment
from education.models.exemption import Exemption
from education.models.institution import Institution, InstitutionSecret, Learner
from education.models.offering import Offering, OfferingDivision
from education.models.proof import Proof
from education.models.rule_trial import RuleTrial
from education.models.ticket import Ticket
from education.models.year_rule import ConversionKind, YearRule, YearRuleChange
from education.models.year_total import YearTotal

__all__ = [
    "Certificate",
    "Conversion",
    "ConversionKind",
    "CreditEntry",
    "Delivery",
    "Dispute",
    "Enrolment",
    "Exemption",
    "Institution",
    "InstitutionSecret",
    "Learner",
    "Offering",
    "OfferingDivision",
    "Proof",
    "RuleTrial",
    "Ticket",
    "YearRule",
    "YearRuleChange",
    "YearTotal",
]
