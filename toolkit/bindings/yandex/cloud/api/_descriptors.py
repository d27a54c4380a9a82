"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "yandex/cloud/api/operation.proto": (
        b"\x0a yandex/cloud/api/operation.proto\x12\x10yand"
        b"ex.cloud.api\x22C\x0a\x09Operation\x12\x1a\x0a\x08metadata\x18\x01 "
        b"\x01(\x09R\x08metadata\x12\x1a\x0a\x08response\x18\x02 \x01(\x09R\x08respons"
        b"eB:Z8github.com/yandex-cloud/go-genproto"
        b"/yandex/cloud/api;apib\x06proto3",
        (
        ),
    ),
}
