"""The coaches' door: organisation, campaigns, invitations, cards, reports, roadmaps. Every view asks a guard first.

No view here can show anything of an open campaign but the coarse participation, and no number of a closed one that is
not `Released`.
"""

from assessment.web.coach import (
    auth,
    batches,
    campaigns,
    cards,
    drafts,
    health_facts,
    home,
    invitations,
    organisation,
    report_data,
    reports,
    roadmap,
    roadmap_actions,
    roadmap_files,
    trends,
)
from assessment.web.coach.blueprint import blueprint

__all__ = [
    "auth",
    "batches",
    "blueprint",
    "campaigns",
    "cards",
    "drafts",
    "health_facts",
    "home",
    "invitations",
    "organisation",
    "report_data",
    "reports",
    "roadmap",
    "roadmap_actions",
    "roadmap_files",
    "trends",
]
