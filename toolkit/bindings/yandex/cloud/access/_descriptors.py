"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "yandex/cloud/access/access.proto": (
        b"\x0a yandex/cloud/access/access.proto\x12\x13yand"
        b"ex.cloud.access\x22-\x0a\x07Subject\x12\x0e\x0a\x02id\x18\x01 \x01(\x09R\x02"
        b"id\x12\x12\x0a\x04type\x18\x02 \x01(\x09R\x04type\x22`\x0a\x0dAccessBinding\x12"
        b"\x17\x0a\x07role_id\x18\x01 \x01(\x09R\x06roleId\x126\x0a\x07subject\x18\x02 \x01("
        b"\x0b2\x1c.yandex.cloud.access.SubjectR\x07subject"
        b"\x22x\x0a\x19ListAccessBindingsRequest\x12\x1f\x0a\x0bresourc"
        b"e_id\x18\x01 \x01(\x09R\x0aresourceId\x12\x1b\x0a\x09page_size\x18\x02 \x01("
        b"\x03R\x08pageSize\x12\x1d\x0a\x0apage_token\x18\x03 \x01(\x09R\x09pageTok"
        b"en\x22\x91\x01\x0a\x1aListAccessBindingsResponse\x12K\x0a\x0facc"
        b"ess_bindings\x18\x01 \x03(\x0b2\x22.yandex.cloud.access"
        b".AccessBindingR\x0eaccessBindings\x12&\x0a\x0fnext_p"
        b"age_token\x18\x02 \x01(\x09R\x0dnextPageToken\x22\x88\x01\x0a\x18SetAc"
        b"cessBindingsRequest\x12\x1f\x0a\x0bresource_id\x18\x01 \x01(\x09"
        b"R\x0aresourceId\x12K\x0a\x0faccess_bindings\x18\x02 \x03(\x0b2\x22."
        b"yandex.cloud.access.AccessBindingR\x0eacces"
        b"sBindings\x22<\x0a\x19SetAccessBindingsMetadata\x12\x1f"
        b"\x0a\x0bresource_id\x18\x01 \x01(\x09R\x0aresourceId\x22\x9b\x01\x0a\x1bUpda"
        b"teAccessBindingsRequest\x12\x1f\x0a\x0bresource_id\x18\x01"
        b" \x01(\x09R\x0aresourceId\x12[\x0a\x15access_binding_delta"
        b"s\x18\x02 \x03(\x0b2'.yandex.cloud.access.AccessBind"
        b"ingDeltaR\x13accessBindingDeltas\x22?\x0a\x1cUpdateA"
        b"ccessBindingsMetadata\x12\x1f\x0a\x0bresource_id\x18\x01 \x01"
        b"(\x09R\x0aresourceId\x22\xa1\x01\x0a\x12AccessBindingDelta\x12@\x0a"
        b"\x06action\x18\x01 \x01(\x0e2(.yandex.cloud.access.Acce"
        b"ssBindingActionR\x06action\x12I\x0a\x0eaccess_bindin"
        b"g\x18\x02 \x01(\x0b2\x22.yandex.cloud.access.AccessBind"
        b"ingR\x0daccessBinding\x22s\x0a\x1dAccessBindingsOper"
        b"ationResult\x12R\x0a\x10effective_deltas\x18\x01 \x03(\x0b2'."
        b"yandex.cloud.access.AccessBindingDeltaR\x0f"
        b"effectiveDeltas*Q\x0a\x13AccessBindingAction\x12%"
        b"\x0a!ACCESS_BINDING_ACTION_UNSPECIFIED\x10\x00\x12\x07\x0a"
        b"\x03ADD\x10\x01\x12\x0a\x0a\x06REMOVE\x10\x02b\x06proto3",
        (
        ),
    ),
}
