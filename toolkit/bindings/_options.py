"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "google/api/annotations.proto": (
        b"\x0a\x1cgoogle/api/annotations.proto\x12\x0agoogle.a"
        b"pi\x1a\x15google/api/http.proto\x1a google/protob"
        b"uf/descriptor.proto:K\x0a\x04http\x12\x1e.google.pro"
        b"tobuf.MethodOptions\x18\xb0\xca\xbc\x22 \x01(\x0b2\x14.google.ap"
        b"i.HttpRuleR\x04httpBn\x0a\x0ecom.google.apiB\x10Anno"
        b"tationsProtoP\x01ZAgoogle.golang.org/genpro"
        b"to/googleapis/api/annotations;annotation"
        b"s\xa2\x02\x04GAPIb\x06proto3",
        (
            "google/api/http.proto",
            "google/protobuf/descriptor.proto",
        ),
    ),
    "google/api/http.proto": (
        b"\x0a\x15google/api/http.proto\x12\x0agoogle.api\x22y\x0a\x04H"
        b"ttp\x12*\x0a\x05rules\x18\x01 \x03(\x0b2\x14.google.api.HttpRule"
        b"R\x05rules\x12E\x0a\x1ffully_decode_reserved_expansi"
        b"on\x18\x02 \x01(\x08R\x1cfullyDecodeReservedExpansion\x22\xda"
        b"\x02\x0a\x08HttpRule\x12\x1a\x0a\x08selector\x18\x01 \x01(\x09R\x08selector\x12"
        b"\x12\x0a\x03get\x18\x02 \x01(\x09H\x00R\x03get\x12\x12\x0a\x03put\x18\x03 \x01(\x09H\x00R\x03put\x12"
        b"\x14\x0a\x04post\x18\x04 \x01(\x09H\x00R\x04post\x12\x18\x0a\x06delete\x18\x05 \x01(\x09H\x00R"
        b"\x06delete\x12\x16\x0a\x05patch\x18\x06 \x01(\x09H\x00R\x05patch\x127\x0a\x06custo"
        b"m\x18\x08 \x01(\x0b2\x1d.google.api.CustomHttpPatternH\x00"
        b"R\x06custom\x12\x12\x0a\x04body\x18\x07 \x01(\x09R\x04body\x12#\x0a\x0dresponse"
        b"_body\x18\x0c \x01(\x09R\x0cresponseBody\x12E\x0a\x13additional_"
        b"bindings\x18\x0b \x03(\x0b2\x14.google.api.HttpRuleR\x12ad"
        b"ditionalBindingsB\x09\x0a\x07pattern\x22;\x0a\x11CustomHtt"
        b"pPattern\x12\x12\x0a\x04kind\x18\x01 \x01(\x09R\x04kind\x12\x12\x0a\x04path\x18\x02 \x01"
        b"(\x09R\x04pathBg\x0a\x0ecom.google.apiB\x09HttpProtoP\x01Z"
        b"Agoogle.golang.org/genproto/googleapis/a"
        b"pi/annotations;annotations\xa2\x02\x04GAPIb\x06proto"
        b"3",
        (
        ),
    ),
    "yandex/cloud/api/operation.proto": (
        b"\x0a yandex/cloud/api/operation.proto\x12\x10yand"
        b"ex.cloud.api\x1a google/protobuf/descriptor"
        b".proto\x22C\x0a\x09Operation\x12\x1a\x0a\x08metadata\x18\x01 \x01(\x09R\x08m"
        b"etadata\x12\x1a\x0a\x08response\x18\x02 \x01(\x09R\x08response:[\x0a\x09o"
        b"peration\x12\x1e.google.protobuf.MethodOptions"
        b"\x18\xa6\xaa\x05 \x01(\x0b2\x1b.yandex.cloud.api.OperationR\x09o"
        b"perationB:Z8github.com/yandex-cloud/go-g"
        b"enproto/yandex/cloud/api;apib\x06proto3",
        (
            "google/protobuf/descriptor.proto",
        ),
    ),
    "yandex/cloud/validation.proto": (
        b"\x0a\x1dyandex/cloud/validation.proto\x12\x0cyandex."
        b"cloud\x1a google/protobuf/descriptor.proto\x22"
        b"T\x0a\x0aMapKeySpec\x12\x14\x0a\x05value\x18\x01 \x01(\x09R\x05value\x12\x18\x0a\x07p"
        b"attern\x18\x02 \x01(\x09R\x07pattern\x12\x16\x0a\x06length\x18\x03 \x01(\x09R\x06l"
        b"ength:@\x0a\x0bexactly_one\x12\x1d.google.protobuf.O"
        b"neofOptions\x18\x98\x98\x06 \x01(\x08R\x0aexactlyOne:;\x0a\x08requi"
        b"red\x12\x1d.google.protobuf.FieldOptions\x18\xfd\x98\x06 \x01"
        b"(\x08R\x08required:9\x0a\x07pattern\x12\x1d.google.protobu"
        b"f.FieldOptions\x18\xfe\x98\x06 \x01(\x09R\x07pattern:5\x0a\x05value"
        b"\x12\x1d.google.protobuf.FieldOptions\x18\xff\x98\x06 \x01(\x09R"
        b"\x05value:3\x0a\x04size\x12\x1d.google.protobuf.FieldOp"
        b"tions\x18\x80\x99\x06 \x01(\x09R\x04size:7\x0a\x06length\x12\x1d.google.p"
        b"rotobuf.FieldOptions\x18\x81\x99\x06 \x01(\x09R\x06length:7\x0a\x06"
        b"unique\x12\x1d.google.protobuf.FieldOptions\x18\x82\x99"
        b"\x06 \x01(\x08R\x06unique:R\x0a\x07map_key\x12\x1d.google.protob"
        b"uf.FieldOptions\x18\x86\x99\x06 \x01(\x0b2\x18.yandex.cloud.M"
        b"apKeySpecR\x06mapKey:5\x0a\x05bytes\x12\x1d.google.prot"
        b"obuf.FieldOptions\x18\x87\x99\x06 \x01(\x09R\x05bytesBJ\x0a\x10yand"
        b"ex.cloud.apiZ6github.com/yandex-cloud/go"
        b"-genproto/yandex/cloud;cloudb\x06proto3",
        (
            "google/protobuf/descriptor.proto",
        ),
    ),
}
