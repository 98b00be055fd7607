"""The only room that builds labels, tooltips, messages and documents from text that others wrote."""

from reviewer.desktop.shown.documents import SafeDocument, document
from reviewer.desktop.shown.labels import MessageDialog, PlainLabel, label, message, tip
from reviewer.desktop.shown.markers import Shown, paragraphs, safe, show

__all__ = [
    "MessageDialog",
    "PlainLabel",
    "SafeDocument",
    "Shown",
    "document",
    "label",
    "message",
    "paragraphs",
    "safe",
    "show",
    "tip",
]
