"""The respondents' door: cards, open links, the form, what happened to it, and why anybody should believe it.

No account, no session, no cookie, no script. What somebody has answered travels in the body of their own requests
until it is sent, and is nowhere else.
"""

from assessment.web.respond.views import blueprint

__all__ = ["blueprint"]
