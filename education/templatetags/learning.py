"""Template filters of continuing education."""

from django import template

from education.learning import catalogue

register = template.Library()

register.filter("is_slow", catalogue.is_slow)
register.filter("filed_for", catalogue.filed_for)
register.filter("usual_return", catalogue.usual_return)
