"""Sending mail: by SMTP, or into a folder that stands in for it."""
