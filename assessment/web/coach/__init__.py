"""The coaches' door: organisation, campaigns, invitations, cards, reports. Every view asks a guard first.

No view here can show anything of an open campaign but the coarse participation, and no number of a closed one that is
not `Released`.
"""

from assessment.web.coach import auth, campaigns, cards, drafts, home, invitations, organisation, report_data, reports
from assessment.web.coach.blueprint import blueprint

__all__ = [
    "auth",
    "blueprint",
    "campaigns",
    "cards",
    "drafts",
    "home",
    "invitations",
    "organisation",
    "report_data",
    "reports",
]
