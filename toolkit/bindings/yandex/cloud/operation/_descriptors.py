"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "yandex/cloud/operation/operation.proto": (
        b"\x0a&yandex/cloud/operation/operation.proto"
        b"\x12\x16yandex.cloud.operation\x1a\x19google/protobu"
        b"f/any.proto\x1a\x1fgoogle/protobuf/timestamp.p"
        b"roto\x1a\x17google/rpc/status.proto\x22\x84\x03\x0a\x09Operat"
        b"ion\x12\x0e\x0a\x02id\x18\x01 \x01(\x09R\x02id\x12 \x0a\x0bdescription\x18\x02 \x01(\x09"
        b"R\x0bdescription\x129\x0a\x0acreated_at\x18\x03 \x01(\x0b2\x1a.goog"
        b"le.protobuf.TimestampR\x09createdAt\x12\x1d\x0a\x0acrea"
        b"ted_by\x18\x04 \x01(\x09R\x09createdBy\x12;\x0a\x0bmodified_at\x18\x05"
        b" \x01(\x0b2\x1a.google.protobuf.TimestampR\x0amodifi"
        b"edAt\x12\x12\x0a\x04done\x18\x06 \x01(\x08R\x04done\x120\x0a\x08metadata\x18\x07 \x01"
        b"(\x0b2\x14.google.protobuf.AnyR\x08metadata\x12*\x0a\x05er"
        b"ror\x18\x08 \x01(\x0b2\x12.google.rpc.StatusH\x00R\x05error\x122"
        b"\x0a\x08response\x18\x09 \x01(\x0b2\x14.google.protobuf.AnyH\x00"
        b"R\x08responseB\x08\x0a\x06resultBb\x0a\x1ayandex.cloud.api"
        b".operationZDgithub.com/yandex-cloud/go-g"
        b"enproto/yandex/cloud/operation;operation"
        b"b\x06proto3",
        (
            "google/protobuf/any.proto",
            "google/protobuf/timestamp.proto",
            "google/rpc/status.proto",
        ),
    ),
}
