"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "yandex/cloud/validation.proto": (
        b"\x0a\x1dyandex/cloud/validation.proto\x12\x0cyandex."
        b"cloud\x22T\x0a\x0aMapKeySpec\x12\x14\x0a\x05value\x18\x01 \x01(\x09R\x05valu"
        b"e\x12\x18\x0a\x07pattern\x18\x02 \x01(\x09R\x07pattern\x12\x16\x0a\x06length\x18\x03 "
        b"\x01(\x09R\x06lengthBJ\x0a\x10yandex.cloud.apiZ6github."
        b"com/yandex-cloud/go-genproto/yandex/clou"
        b"d;cloudb\x06proto3",
        (
        ),
    ),
}
