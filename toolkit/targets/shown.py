"""What is shown to the readers of an API: everything but what the settings of the site hide."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, digest_of, visible
from toolkit.targets.site.settings import SiteSettings
from toolkit.targets.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """What is shown."""

    facts: Facts
    digest: str
    """Of its names; empty if nothing is hidden."""
    link_host: str
    """Prefix of links in comments that begin with a slash, or empty."""

    @classmethod
    def of(cls, workspace: Workspace) -> Shown:
        """What is shown of a workspace."""
        chosen = workspace.settings.of(SiteSettings)
        marks = Visibility(chosen.internal, chosen.hide, chosen.hide_options, chosen.hide_restricted)
        schema, link_host = visible(workspace.facts, marks), chosen.link_host.rstrip("/")
        if schema is workspace.schema:
            return cls(workspace.facts, "", link_host)
        return cls(Facts(schema, workspace.mappings, workspace.reader), digest_of(schema), link_host)
