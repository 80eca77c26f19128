"""Briefs: typed sections of facts (`sections`), put together (`content`), shown on pages and in PDFs."""
