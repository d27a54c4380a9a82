"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "google/rpc/status.proto": (
        b"\x0a\x17google/rpc/status.proto\x12\x0agoogle.rpc\x1a\x19g"
        b"oogle/protobuf/any.proto\x22f\x0a\x06Status\x12\x12\x0a\x04co"
        b"de\x18\x01 \x01(\x05R\x04code\x12\x18\x0a\x07message\x18\x02 \x01(\x09R\x07message"
        b"\x12.\x0a\x07details\x18\x03 \x03(\x0b2\x14.google.protobuf.AnyR"
        b"\x07detailsB^\x0a\x0ecom.google.rpcB\x0bStatusProtoP"
        b"\x01Z7google.golang.org/genproto/googleapis"
        b"/rpc/status;status\xa2\x02\x03RPCb\x06proto3",
        (
            "google/protobuf/any.proto",
        ),
    ),
}
