"""What has to be set."""

from __future__ import annotations

from tests.fuzz.bases import base
from toolkit.descriptors.loader import load
from toolkit.semantics.facts import Facts


def test_oneofs() -> None:
    """A oneof has to be set where an option says so, and nowhere else."""
    facts = Facts(load(base()))
    required = {
        (message.full_name, oneof.name)
        for message in facts.schema.messages.values()
        for oneof in message.oneofs
        if message.package.startswith("acme.") and facts.oneof_required(oneof)
    }
    assert required == {("acme.zoo.v1.Cat", "home")}
    assert len(facts.schema.messages["acme.shop.v1.Order"].oneofs) == 2
