"""The site: halls on column grids, what they give, and what of a plant's needs they cannot give."""

from ironworks.factory.site.check import USABLE, over_limits, site_problems, unsuitable
from ironworks.factory.site.hall import Dock, Hall
from ironworks.factory.site.site import Link, Share, Site
from ironworks.factory.site.space import ROOMS, SPACES, SiteError, Space, space_of

__all__ = [
    "ROOMS",
    "SPACES",
    "USABLE",
    "Dock",
    "Hall",
    "Link",
    "Share",
    "Site",
    "SiteError",
    "Space",
    "over_limits",
    "site_problems",
    "space_of",
    "unsuitable",
]
