"""Facts → sections: which facts a brief of each kind says, and in which order.

Pure: everything comes in as plain facts, the campaign's numbers too (they are passed down to here, because
policies know nothing of campaigns). Call it with the brief's language active.
"""

from policy.briefs.content.district import district_sheet
from policy.briefs.content.issue import issue_brief
from policy.briefs.content.leave_behind import leave_behind
from policy.briefs.content.petition import delivery_pack
from policy.briefs.content.report import campaign_report
from policy.briefs.content.year import yearly_report

__all__ = [
    "campaign_report",
    "delivery_pack",
    "district_sheet",
    "issue_brief",
    "leave_behind",
    "yearly_report",
]
