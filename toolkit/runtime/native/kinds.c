/* The kinds of fields by the names that Field.kind and WELL_KNOWN use. A kind that is not here makes Python read and
 * write the messages that have it. */
#include "native.h"

typedef struct {
    const char *name;
    Kind kind;
    Kind inner;
} Named;

#define PREFIX "google.protobuf."

static const Named KINDS[] = {
    {"double", KIND_DOUBLE, 0},
    {"float", KIND_FLOAT, 0},
    {"int32", KIND_INT32, 0},
    {"int64", KIND_INT64, 0},
    {"uint32", KIND_UINT32, 0},
    {"uint64", KIND_UINT64, 0},
    {"sint32", KIND_SINT32, 0},
    {"sint64", KIND_SINT64, 0},
    {"fixed32", KIND_FIXED32, 0},
    {"fixed64", KIND_FIXED64, 0},
    {"sfixed32", KIND_SFIXED32, 0},
    {"sfixed64", KIND_SFIXED64, 0},
    {"bool", KIND_BOOL, 0},
    {"enum", KIND_ENUM, 0},
    {"string", KIND_STRING, 0},
    {"bytes", KIND_BYTES, 0},
    {"message", KIND_MESSAGE, 0},
    {"group", KIND_GROUP, 0},
    {PREFIX "NullValue", KIND_ENUM, KIND_ENUM},
    {PREFIX "Timestamp", KIND_TIMESTAMP, 0},
    {PREFIX "Duration", KIND_DURATION, 0},
    {PREFIX "Struct", KIND_STRUCT, 0},
    {PREFIX "Value", KIND_VALUE, 0},
    {PREFIX "ListValue", KIND_LIST_VALUE, 0},
    {PREFIX "FieldMask", KIND_FIELD_MASK, 0},
    {PREFIX "DoubleValue", KIND_WRAPPER, KIND_DOUBLE},
    {PREFIX "FloatValue", KIND_WRAPPER, KIND_FLOAT},
    {PREFIX "Int64Value", KIND_WRAPPER, KIND_INT64},
    {PREFIX "UInt64Value", KIND_WRAPPER, KIND_UINT64},
    {PREFIX "Int32Value", KIND_WRAPPER, KIND_INT32},
    {PREFIX "UInt32Value", KIND_WRAPPER, KIND_UINT32},
    {PREFIX "BoolValue", KIND_WRAPPER, KIND_BOOL},
    {PREFIX "StringValue", KIND_WRAPPER, KIND_STRING},
    {PREFIX "BytesValue", KIND_WRAPPER, KIND_BYTES},
};

/* Whether there is a kind of that name. */
int kind_named(const char *name, Kind *kind, Kind *inner)
{
    for (size_t index = 0; index < sizeof KINDS / sizeof *KINDS; index++) {
        if (strcmp(KINDS[index].name, name) == 0) {
            *kind = KINDS[index].kind;
            *inner = KINDS[index].inner;
            return 1;
        }
    }
    return 0;
}

Wire wire_of(Kind kind)
{
    switch (kind) {
    case KIND_DOUBLE:
    case KIND_FIXED64:
    case KIND_SFIXED64:
        return WIRE_64;
    case KIND_FLOAT:
    case KIND_FIXED32:
    case KIND_SFIXED32:
        return WIRE_32;
    case KIND_GROUP:
        return WIRE_START;
    default:
        return is_packable(kind) ? WIRE_VARINT : WIRE_BYTES;
    }
}
