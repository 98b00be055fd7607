"""A scorecard as a page, as Markdown and as JSON."""

from reviewer.exports.scorecard.page import html
from reviewer.exports.scorecard.ticket import markdown
from reviewer.exports.scorecard.values import as_json

__all__ = ["as_json", "html", "markdown"]
