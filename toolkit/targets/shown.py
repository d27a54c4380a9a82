"""What is shown to the readers of an API: everything but what the settings of the site hide."""

from __future__ import annotations

from toolkit.semantics.facts import Facts
from toolkit.semantics.visibility import Visibility, digest_of, visible
from toolkit.targets.site.settings import SiteSettings
from toolkit.targets.workspace import Workspace


def shown_facts(workspace: Workspace) -> tuple[Facts, str]:
    """The facts about what is shown, and a digest of its names, which is empty if nothing is hidden."""
    chosen = workspace.settings.of(SiteSettings)
    marks = Visibility(chosen.internal, chosen.hide, chosen.hide_options, chosen.hide_restricted)
    schema = visible(workspace.facts, marks)
    if schema is workspace.schema:
        return workspace.facts, ""
    return Facts(schema, workspace.mappings, workspace.reader), digest_of(schema)
