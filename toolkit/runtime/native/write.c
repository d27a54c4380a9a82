/* A message → wire bytes. Nothing here runs Python code, so what is borrowed stays: only objects of exactly the built-in
 * types are written, and messages of exactly their classes. */
#include "native.h"

static int write_message(Context *context, Buffer *out, Table *table, PyObject *message, int depth);

/* Put the size before what was written since open_size(). */
int close_size(Buffer *out, size_t start)
{
    size_t size = out->size - start, width = 1;
    for (size_t left = size; left >= 128; left >>= 7)
        width++;
    if (width > 1) {
        if (buffer_reserve(out, width - 1) < 0)
            return -1;
        memmove(out->data + start + width - 1, out->data + start, size);
        out->size += width - 1;
    }
    write_varint(out->data + start - 1, size);
    return 0;
}

/* The number as it is in a varint, -1 if it does not fit the kind. */
static int varint_of(Kind kind, PyObject *value, uint64_t *made)
{
    int overflow;
    if (kind == KIND_BOOL) {
        *made = value == Py_True;
        return PyBool_Check(value) ? 0 : -1;
    }
    if (!PyLong_Check(value))
        return -1;
    int64_t number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow) {
        if (kind != KIND_UINT64 || overflow < 0)
            return -1;
        *made = PyLong_AsUnsignedLongLong(value);
        return PyErr_Occurred() ? -1 : 0;
    }
    *made = (uint64_t)number;
    switch (kind) {
    case KIND_INT32:
    case KIND_ENUM:
        return number == (int32_t)number ? 0 : -1;
    case KIND_UINT32:
        return number == (uint32_t)number ? 0 : -1;
    case KIND_UINT64:
        return number >= 0 ? 0 : -1;
    case KIND_SINT32:
        *made = (uint64_t)number << 1 ^ (uint64_t)(number < 0 ? -1 : 0);
        return number == (int32_t)number ? 0 : -1;
    case KIND_SINT64:
        *made = (uint64_t)number << 1 ^ (uint64_t)(number < 0 ? -1 : 0);
        return 0;
    default:
        return 0;
    }
}

static int write_little(uint8_t *at, uint64_t value, int width)
{
    for (int index = 0; index < width; index++)
        at[index] = (uint8_t)(value >> 8 * index);
    return width;
}

/* An integer of any kind, in 64 bits; -1 if it does not fit. */
int integer_of(Kind kind, PyObject *value, uint64_t *made)
{
    switch (kind) {
    case KIND_FIXED32:
        return varint_of(KIND_UINT32, value, made);
    case KIND_SFIXED32:
    case KIND_SINT32:
        return varint_of(KIND_INT32, value, made);
    case KIND_FIXED64:
        return varint_of(KIND_UINT64, value, made);
    case KIND_SFIXED64:
    case KIND_SINT64:
        return varint_of(KIND_INT64, value, made);
    default:
        return varint_of(kind, value, made);
    }
}

/* A number of fixed size; how many bytes it takes, -1 if it does not fit. */
static int write_fixed(uint8_t *at, Kind kind, PyObject *value)
{
    if (kind == KIND_FLOAT || kind == KIND_DOUBLE) {
        double number;
        if (PyFloat_CheckExact(value))
            number = PyFloat_AS_DOUBLE(value);
        else if (!PyLong_Check(value) || ((number = PyLong_AsDouble(value)) == -1.0 && PyErr_Occurred()))
            return -1;
        if (kind == KIND_FLOAT)
            return PyFloat_Pack4(number, (char *)at, 1) < 0 ? -1 : 4;
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        return write_little(at, bits, 8);
    }
    uint64_t made;
    if (integer_of(kind, value, &made) < 0)
        return -1;
    return write_little(at, made, kind == KIND_FIXED32 || kind == KIND_SFIXED32 ? 4 : 8);
}

/* UTF-8 behind its size. The string is not asked for its own copy, which would stay with it. */
static int write_string(Buffer *out, PyObject *value)
{
    if (!is_text(value))
        return -1;
    Py_ssize_t length = PyUnicode_GET_LENGTH(value);
    if (PyUnicode_IS_COMPACT_ASCII(value))
        return buffer_varint(out, (uint64_t)length) < 0 ? -1 : buffer_bytes(out, PyUnicode_DATA(value), (size_t)length);
    size_t start;
    int kind = (int)PyUnicode_KIND(value); /* 1, 2 or 4 bytes a letter, which take up to 2, 3 or 4 */
    size_t most = (size_t)(kind == 4 ? 4 : kind + 1);
    if (length > PY_SSIZE_T_MAX / 16 || open_size(out, &start) < 0 || buffer_reserve(out, (size_t)length * most) < 0)
        return -1;
    const void *data = PyUnicode_DATA(value);
    uint8_t *at = out->data + out->size;
    for (Py_ssize_t index = 0; index < length; index++) {
        Py_UCS4 letter = PyUnicode_READ(kind, data, index);
        if (letter < 0x80)
            *at++ = (uint8_t)letter;
        else if (letter >= 0xD800 && letter < 0xE000) /* half of a surrogate pair */
            return -1;
        else
            at = utf8(at, letter);
    }
    out->size = (size_t)(at - out->data);
    return close_size(out, start);
}

/* A number, string or bytes, without a tag. */
int write_scalar(Buffer *out, const Field *field, Kind kind, PyObject *value)
{
    (void)field;
    if (kind == KIND_STRING)
        return write_string(out, value);
    if (kind == KIND_BYTES) {
        if (!PyBytes_CheckExact(value))
            return -1;
        size_t size = (size_t)PyBytes_GET_SIZE(value);
        return buffer_varint(out, size) < 0 ? -1 : buffer_bytes(out, PyBytes_AS_STRING(value), size);
    }
    if (wire_of(kind) == WIRE_VARINT) {
        uint64_t made;
        return varint_of(kind, value, &made) < 0 ? -1 : buffer_varint(out, made);
    }
    if (buffer_reserve(out, 8) < 0)
        return -1;
    int width = write_fixed(out->data + out->size, kind, value);
    if (width < 0)
        return -1;
    out->size += (size_t)width;
    return 0;
}

/* Whether a value is what an unset field holds; -1 if it is no value of the kind. */
int is_default(Kind kind, PyObject *value)
{
    uint64_t made;
    uint8_t fixed[8];
    switch (kind) {
    case KIND_STRING:
        return PyUnicode_CheckExact(value) ? PyUnicode_GET_LENGTH(value) == 0 : -1;
    case KIND_BYTES:
        return PyBytes_CheckExact(value) ? PyBytes_GET_SIZE(value) == 0 : -1;
    case KIND_FLOAT:
    case KIND_DOUBLE: /* the bits, since a negative zero is none */
        if (write_fixed(fixed, KIND_DOUBLE, value) < 0)
            return -1;
        return memcmp(fixed, "\0\0\0\0\0\0\0\0", 8) == 0;
    case KIND_FIXED32:
    case KIND_FIXED64:
    case KIND_SFIXED32:
    case KIND_SFIXED64:
        if (write_fixed(fixed, kind, value) < 0)
            return -1;
        return PyLong_Check(value) && memcmp(fixed, "\0\0\0\0\0\0\0\0", wire_of(kind) == WIRE_32 ? 4 : 8) == 0;
    default:
        return varint_of(kind, value, &made) < 0 ? -1 : made == 0;
    }
}

/* A value of any kind, behind its tag. */
static int write_one(Context *context, Buffer *out, const Field *field, PyObject *value, int depth)
{
    size_t start;
    if (!value)
        return -1;
    if (field->kind <= KIND_BYTES)
        return write_scalar(out, field, (Kind)field->kind, value);
    if (field->kind == KIND_GROUP) {
        if (write_message(context, out, field->child, value, depth + 1) < 0)
            return -1;
        return buffer_varint(out, (uint64_t)field->number << 3 | WIRE_END);
    }
    if (open_size(out, &start) < 0)
        return -1;
    int failed = field->kind == KIND_MESSAGE ? write_message(context, out, field->child, value, depth + 1)
                                             : write_wellknown(context, out, field, value, depth + 1);
    return failed < 0 ? -1 : close_size(out, start);
}

static int write_tagged(Context *context, Buffer *out, const Field *field, PyObject *value, int depth)
{
    if (buffer_reserve(out, sizeof field->tag) < 0)
        return -1;
    memcpy(out->data + out->size, field->tag, sizeof field->tag);
    out->size += field->tag_size;
    return write_one(context, out, field, value, depth);
}

static int write_packed(Buffer *out, const Field *field, PyObject *list)
{
    Py_ssize_t count = PyList_GET_SIZE(list);
    size_t start;
    if (!count)
        return 0;
    if (count > PY_SSIZE_T_MAX / 16 || buffer_bytes(out, field->tag, field->tag_size) < 0 ||
        open_size(out, &start) < 0 || buffer_reserve(out, (size_t)count * (field->wire == WIRE_VARINT ? 10 : 8)) < 0)
        return -1;
    uint8_t *at = out->data + out->size;
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *value = PyList_GET_ITEM(list, index);
        if (!value)
            return -1;
        if (field->wire == WIRE_VARINT) {
            uint64_t made;
            if (varint_of((Kind)field->kind, value, &made) < 0)
                return -1;
            at = write_varint(at, made);
        }
        else {
            int width = write_fixed(at, (Kind)field->kind, value);
            if (width < 0)
                return -1;
            at += width;
        }
    }
    out->size = (size_t)(at - out->data);
    return close_size(out, start);
}

static int write_map(Context *context, Buffer *out, const Field *field, PyObject *map, int depth)
{
    Py_ssize_t position = 0;
    PyObject *key, *value;
    if (!PyDict_CheckExact(map) || depth >= DEEPEST)
        return -1;
    uint32_t key_tag = 8u | (uint32_t)wire_of((Kind)field->key), value_tag = 16u | field->wire;
    while (PyDict_Next(map, &position, &key, &value)) {
        size_t entry;
        if (buffer_bytes(out, field->tag, field->tag_size) < 0 || open_size(out, &entry) < 0 ||
            buffer_varint(out, key_tag) < 0 || write_scalar(out, NULL, (Kind)field->key, key) < 0 ||
            buffer_varint(out, value_tag) < 0 || write_one(context, out, field, value, depth + 1) < 0 ||
            close_size(out, entry) < 0)
            return -1;
    }
    return 0;
}

static int write_field(Context *context, Buffer *out, const Field *field, PyObject *value, int depth)
{
    if (field->shape == SHAPE_MAP)
        return write_map(context, out, field, value, depth);
    if (field->shape != SHAPE_SINGLE) {
        if (!PyList_CheckExact(value))
            return -1;
        if (field->shape == SHAPE_PACKED)
            return write_packed(out, field, value);
        for (Py_ssize_t index = 0; index < PyList_GET_SIZE(value); index++) {
            if (write_tagged(context, out, field, PyList_GET_ITEM(value, index), depth) < 0)
                return -1;
        }
        return 0;
    }
    if (field->presence) {
        if (value == Py_None)
            return field->presence == PRESENCE_OPTIONAL ? 0 : -1;
    }
    else {
        int unset = is_default((Kind)field->kind, value);
        if (unset)
            return unset > 0 ? 0 : -1;
    }
    return write_tagged(context, out, field, value, depth);
}

static int write_oneof(Context *context, Buffer *out, const Field *field, PyObject *value, int depth)
{
    if (value == Py_None)
        return 0;
    for (; field; field = field->next_member) {
        if (Py_IS_TYPE(value, field->variant))
            return write_tagged(context, out, field, *slot_at(value, field->variant_offset), depth);
    }
    return -1;
}

/* Whether a message has extensions, or may have. */
int has_extensions(const Table *table, PyObject *message)
{
    if (!table->extensions_offset)
        return 0;
    PyObject *extensions = *slot_at(message, table->extensions_offset);
    return !extensions || !PyDict_CheckExact(extensions) || PyDict_GET_SIZE(extensions);
}

static int write_message(Context *context, Buffer *out, Table *table, PyObject *message, int depth)
{
    if (!table->defined) {
        context->pending = table;
        return -1;
    }
    if (depth >= DEEPEST || !Py_IS_TYPE(message, table->cls))
        return -1;
    if (has_extensions(table, message))
        return -1;
    for (Py_ssize_t index = 0; index < table->field_count; index++) {
        const Field *field = &table->fields[index];
        PyObject *value = *slot_at(message, field->offset);
        if (!value)
            return -1;
        if (field->variant) {
            if (!field->follows && write_oneof(context, out, field, value, depth) < 0)
                return -1;
        }
        else if (write_field(context, out, field, value, depth) < 0)
            return -1;
    }
    PyObject *unknown = *slot_at(message, table->unknown_offset);
    if (!unknown || !PyBytes_CheckExact(unknown))
        return -1;
    return buffer_bytes(out, PyBytes_AS_STRING(unknown), (size_t)PyBytes_GET_SIZE(unknown));
}

PyObject *write_whole(Context *context, Table *table, PyObject *message)
{
    uint8_t small[512];
    Buffer out = {small, 0, sizeof small, NULL};
    if (write_message(context, &out, table, message, 0) < 0) {
        buffer_clear(&out);
        return NULL;
    }
    return buffer_finish(&out);
}
