"""Reasons and notes as they are stored, for pages to show in the reader's language."""

from django import template

from campaigns.reason_words import reason_in_words

register = template.Library()
register.filter("in_words", reason_in_words)
