/* Wire bytes → a message. Every read is checked against the end; NULL without an exception means that the Python code has
 * to read the message, as it does for all that is malformed. */
#include "native.h"

static Position read_fields(
    Context *context, Table *table, PyObject *message, Position at, Position end, uint32_t group, int depth,
    Buffer *unknown);

Position read_long_varint(Position at, Position end, uint64_t *value)
{
    uint64_t made = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (at >= end)
            return NULL;
        uint8_t byte = *at++;
        made |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            *value = made;
            return shift == 63 && byte > 1 ? NULL : at;
        }
    }
    return NULL;
}

static inline uint32_t little32(Position at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline uint64_t little64(Position at)
{
    return (uint64_t)little32(at) | (uint64_t)little32(at + 4) << 32;
}

/* What is behind a tag, which is copied with its smallest numbers, as Python writes it again. */
Position skip_value(Position at, Position end, uint32_t tag, int depth, Buffer *copy)
{
    uint64_t value;
    Py_ssize_t size = tag & 1 ? 4 : 8;
    if (copy && buffer_varint(copy, tag) < 0)
        return NULL;
    switch (tag & 7) {
    case WIRE_VARINT:
        at = read_varint(at, end, &value);
        return at && copy && buffer_varint(copy, value) < 0 ? NULL : at;
    case WIRE_BYTES:
        at = read_size(at, end, &size);
        if (!at || (copy && buffer_varint(copy, (uint64_t)size) < 0))
            return NULL;
        break;
    case WIRE_64:
        size = 8;
        break;
    case WIRE_32:
        size = 4;
        break;
    case WIRE_START:
        if (depth >= DEEPEST)
            return NULL;
        while (1) {
            uint32_t inner;
            at = read_tag(at, end, &inner);
            if (!at)
                return NULL;
            if ((inner & 7) == WIRE_END)
                return inner >> 3 != tag >> 3 || (copy && buffer_varint(copy, inner) < 0) ? NULL : at;
            at = skip_value(at, end, inner, depth + 1, copy);
            if (!at)
                return NULL;
        }
    default:
        return NULL;
    }
    if (end - at < size || (copy && buffer_bytes(copy, at, (size_t)size) < 0))
        return NULL;
    return at + size;
}

PyObject *read_enum(const Field *field, int32_t number)
{
    if (number >= 0 && number < SMALL_ENUM && field->small[number])
        return Py_NewRef(field->small[number]);
    PyObject *key = PyLong_FromLong(number);
    if (!key)
        return NULL;
    PyObject *found = Py_XNewRef(PyDict_GetItemWithError(field->members, key));
    if (!found && !field->closed && !PyErr_Occurred())
        found = PyObject_GetItem(field->members, key); /* a value without a name */
    Py_DECREF(key);
    return found;
}

static PyObject *of_varint(const Field *field, Kind kind, uint64_t value)
{
    switch (kind) {
    case KIND_INT32:
        return PyLong_FromLong((int32_t)(uint32_t)value);
    case KIND_INT64:
        return PyLong_FromLongLong((int64_t)value);
    case KIND_UINT32:
        return PyLong_FromUnsignedLong((uint32_t)value);
    case KIND_UINT64:
        return PyLong_FromUnsignedLongLong(value);
    case KIND_SINT32:
        return PyLong_FromLong((int32_t)((uint32_t)value >> 1 ^ (~((uint32_t)value & 1) + 1)));
    case KIND_SINT64:
        return PyLong_FromLongLong((int64_t)(value >> 1 ^ (~(value & 1) + 1)));
    case KIND_BOOL:
        return PyBool_FromLong(value != 0);
    case KIND_ENUM:
        return read_enum(field, (int32_t)(uint32_t)value);
    default:
        return NULL;
    }
}

static PyObject *of_fixed(Kind kind, Position at)
{
    uint32_t small;
    uint64_t large;
    float single;
    double number;
    switch (kind) {
    case KIND_FIXED32:
        return PyLong_FromUnsignedLong(little32(at));
    case KIND_SFIXED32:
        return PyLong_FromLong((int32_t)little32(at));
    case KIND_FIXED64:
        return PyLong_FromUnsignedLongLong(little64(at));
    case KIND_SFIXED64:
        return PyLong_FromLongLong((int64_t)little64(at));
    case KIND_FLOAT:
        small = little32(at);
        memcpy(&single, &small, sizeof single);
        return PyFloat_FromDouble((double)single);
    case KIND_DOUBLE:
        large = little64(at);
        memcpy(&number, &large, sizeof number);
        return PyFloat_FromDouble(number);
    default:
        return NULL;
    }
}

/* A number, string or bytes of the wire type that belongs to the kind. */
PyObject *read_scalar(const Field *field, Kind kind, Position *at, Position end)
{
    uint64_t value;
    Py_ssize_t size;
    Position start = *at;
    if (kind == KIND_STRING || kind == KIND_BYTES) {
        start = read_size(start, end, &size);
        if (!start)
            return NULL;
        *at = start + size;
        if (kind == KIND_BYTES)
            return PyBytes_FromStringAndSize((const char *)start, size);
        return PyUnicode_DecodeUTF8((const char *)start, size, field && field->loose ? "surrogateescape" : NULL);
    }
    Wire wire = wire_of(kind);
    if (wire == WIRE_VARINT) {
        *at = read_varint(start, end, &value);
        return *at ? of_varint(field, kind, value) : NULL;
    }
    size = wire == WIRE_32 ? 4 : 8;
    if (end - start < size)
        return NULL;
    *at = start + size;
    return of_fixed(kind, start);
}

/* A message as it is before its first field. */
PyObject *blank(Context *context, Table *table)
{
    if (!table->defined) {
        context->pending = table;
        return NULL;
    }
    PyObject *made = table->cls->tp_alloc(table->cls, 0);
    if (!made)
        return NULL;
    for (Py_ssize_t index = 0; index < table->slot_count; index++) {
        const Slot *slot = &table->slots[index];
        PyObject *value = slot->initial == INITIAL_LIST   ? PyList_New(0)
                          : slot->initial == INITIAL_DICT ? PyDict_New()
                                                          : Py_NewRef(slot->value);
        if (!value) {
            Py_DECREF(made);
            return NULL;
        }
        *slot_at(made, slot->offset) = value;
    }
    return made;
}

/* Read fields into a message that is there already, up to the end, or to the end of a group. */
static Position read_into(
    Context *context, Table *table, PyObject *message, Position at, Position end, uint32_t group, int depth)
{
    Buffer unknown = {0};
    if (depth >= DEEPEST)
        return NULL;
    at = read_fields(context, table, message, at, end, group, depth, &unknown);
    if (at && unknown.size) {
        PyObject *found = buffer_finish(&unknown), *before = Py_XNewRef(*slot_at(message, table->unknown_offset));
        if (found && before && PyBytes_CheckExact(before) && PyBytes_GET_SIZE(before)) {
            PyObject *both = PySequence_Concat(before, found);
            Py_SETREF(found, both);
        }
        Py_XDECREF(before);
        if (!found)
            return NULL;
        put(message, table->unknown_offset, found);
    }
    buffer_clear(&unknown);
    return at;
}

/* The bytes of a nested message at a position, or the position itself for a group, which has no size. */
static Position open_message(const Field *field, Position at, Position end, Position *inner_end)
{
    Py_ssize_t size;
    *inner_end = end;
    if (field->kind == KIND_GROUP)
        return at;
    at = read_size(at, end, &size);
    if (at)
        *inner_end = at + size;
    return at;
}

/* A value of any kind, behind its tag. */
static PyObject *read_value(Context *context, const Field *field, Position *at, Position end, int depth)
{
    if (field->kind <= KIND_BYTES)
        return read_scalar(field, (Kind)field->kind, at, end);
    Position inner_end, inner = open_message(field, *at, end, &inner_end);
    if (!inner)
        return NULL;
    if (field->kind > KIND_GROUP) {
        *at = inner_end;
        return read_wellknown(context, field, inner, inner_end, depth + 1);
    }
    PyObject *made = blank(context, field->child);
    if (!made)
        return NULL;
    uint32_t group = field->kind == KIND_GROUP ? field->number : 0;
    *at = read_into(context, field->child, made, inner, inner_end, group, depth + 1);
    if (!*at)
        Py_CLEAR(made);
    return made;
}

/* Read a message that was there before: its fields are merged. 1 if there was none. */
static int read_again(Context *context, const Field *field, PyObject *message, Position *at, Position end, int depth)
{
    PyObject *there = *slot_at(message, field->offset);
    if (field->variant) {
        if (!there || !Py_IS_TYPE(there, field->variant))
            return 1;
        there = *slot_at(there, field->variant_offset);
    }
    if (!there || there == Py_None)
        return 1;
    if (field->kind > KIND_GROUP || !field->child->defined || !Py_IS_TYPE(there, field->child->cls))
        return -1;
    Position inner_end, inner = open_message(field, *at, end, &inner_end);
    if (!inner)
        return -1;
    Py_INCREF(there);
    uint32_t group = field->kind == KIND_GROUP ? field->number : 0;
    *at = read_into(context, field->child, there, inner, inner_end, group, depth + 1);
    Py_DECREF(there);
    return *at ? 0 : -1;
}

static int read_single(Context *context, const Field *field, PyObject *message, Position *at, Position end, int depth)
{
    if (field->kind > KIND_BYTES) {
        int again = read_again(context, field, message, at, end, depth);
        if (again <= 0)
            return again;
    }
    PyObject *value = read_value(context, field, at, end, depth);
    if (!value)
        return -1;
    return put_field(message, field, value);
}

/* How many elements follow one another, the first of which is behind its tag. */
static Py_ssize_t count_run(const Field *field, uint32_t tag, Position at, Position end)
{
    Py_ssize_t count = 0;
    while ((at = skip_value(at, end, tag, 0, NULL))) {
        count++;
        if (end - at < field->tag_size || memcmp(at, field->tag, field->tag_size) != 0)
            return count;
        at += field->tag_size;
    }
    return -1;
}

/* Add what is in one list to another, which a program may have got hold of meanwhile. */
static int extend(PyObject *message, const Field *field, PyObject *found)
{
    PyObject *there = *slot_at(message, field->offset);
    if (!there || !PyList_CheckExact(there))
        return -1;
    if (PyList_GET_SIZE(there) == 0) {
        put(message, field->offset, Py_NewRef(found));
        return 0;
    }
    return PyList_SetSlice(there, PyList_GET_SIZE(there), PyList_GET_SIZE(there), found);
}

/* Elements that each have a tag. The list has their number at once; nobody sees it before it is full. */
static int read_run(
    Context *context, const Field *field, uint32_t tag, PyObject *message, Position *at, Position end, int depth)
{
    Py_ssize_t count = field->kind == KIND_GROUP || field->shape == SHAPE_PACKED ? 1 : count_run(field, tag, *at, end);
    if (count < 0)
        return -1;
    PyObject *found = PyList_New(count);
    if (!found)
        return -1;
    PyObject_GC_UnTrack(found);
    for (Py_ssize_t index = 0; index < count; index++) {
        if (index)
            *at += field->tag_size;
        PyObject *value = read_value(context, field, at, end, depth);
        if (!value) {
            PyObject_GC_Track(found);
            Py_DECREF(found);
            return -1;
        }
        PyList_SET_ITEM(found, index, value);
    }
    PyObject_GC_Track(found);
    int failed = extend(message, field, found);
    Py_DECREF(found);
    return failed;
}

/* How many numbers are packed, -1 if they don't end with the bytes. */
static Py_ssize_t count_packed(Wire wire, Position at, Py_ssize_t size)
{
    Py_ssize_t width = wire == WIRE_32 ? 4 : 8, count = 0;
    if (wire != WIRE_VARINT)
        return size % width ? -1 : size / width;
    for (Py_ssize_t index = 0; index < size; index++)
        count += at[index] < 128;
    return size && at[size - 1] >= 128 ? -1 : count;
}

static int read_packed(const Field *field, PyObject *message, Position *at, Position end)
{
    Py_ssize_t size, count;
    Position inner = read_size(*at, end, &size);
    if (!inner || (count = count_packed((Wire)field->wire, inner, size)) < 0)
        return -1;
    *at = end = inner + size;
    PyObject *found = PyList_New(count);
    if (!found)
        return -1;
    PyObject_GC_UnTrack(found);
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *value = NULL;
        uint64_t number;
        if (field->wire != WIRE_VARINT)
            value = read_scalar(field, (Kind)field->kind, &inner, end);
        else if ((inner = read_varint(inner, end, &number)))
            value = of_varint(field, (Kind)field->kind, number);
        if (!value) {
            PyObject_GC_Track(found);
            Py_DECREF(found);
            return -1;
        }
        PyList_SET_ITEM(found, index, value);
    }
    PyObject_GC_Track(found);
    int failed = inner == end ? extend(message, field, found) : -1;
    Py_DECREF(found);
    return failed;
}

/* The value of an entry that has none. */
static PyObject *missing_value(Context *context, const Field *field)
{
    switch (field->kind) {
    case KIND_STRING:
        return PyUnicode_FromString("");
    case KIND_BYTES:
        return PyBytes_FromStringAndSize(NULL, 0);
    case KIND_FLOAT:
    case KIND_DOUBLE:
        return PyFloat_FromDouble(0);
    case KIND_ENUM:
        return field->closed ? NULL : of_varint(field, KIND_ENUM, 0);
    case KIND_MESSAGE:
        return blank(context, field->child);
    default:
        return field->kind < KIND_ENUM ? of_varint(field, (Kind)field->kind, 0) : NULL;
    }
}

static PyObject *missing_key(Kind kind)
{
    return kind == KIND_STRING ? PyUnicode_FromString("")
           : kind == KIND_BOOL ? Py_NewRef(Py_False)
                               : PyLong_FromLong(0);
}

/* The two fields of an entry; what is unusual fails. */
static int read_pair(
    Context *context, const Field *field, Position at, Position end, int depth, PyObject **key, PyObject **value)
{
    while (at < end) {
        uint32_t tag;
        at = read_tag(at, end, &tag);
        if (!at)
            return -1;
        if (tag == (8u | (uint32_t)wire_of((Kind)field->key)) && !*key)
            *key = read_scalar(NULL, (Kind)field->key, &at, end);
        else if (tag == (16u | field->wire) && !*value)
            *value = read_value(context, field, &at, end, depth);
        else
            return -1;
        if (!at || (tag >> 3 == 1 ? !*key : !*value))
            return -1;
    }
    if (!*key)
        *key = missing_key((Kind)field->key);
    if (!*value)
        *value = missing_value(context, field);
    return *key && *value ? 0 : -1;
}

static int read_entry(Context *context, const Field *field, PyObject *message, Position *at, Position end, int depth)
{
    PyObject *key = NULL, *value = NULL;
    Py_ssize_t size;
    Position inner = read_size(*at, end, &size);
    if (!inner || depth >= DEEPEST)
        return -1;
    *at = inner + size;
    int failed = read_pair(context, field, inner, *at, depth + 1, &key, &value);
    if (!failed) {
        PyObject *there = Py_XNewRef(*slot_at(message, field->offset));
        failed = there && PyDict_CheckExact(there) ? PyDict_SetItem(there, key, value) : -1;
        Py_XDECREF(there);
    }
    Py_XDECREF(key);
    Py_XDECREF(value);
    return failed;
}

static int read_field(
    Context *context, const Field *field, uint32_t tag, PyObject *message, Position *at, Position end, int depth)
{
    if (field->shape == SHAPE_SINGLE)
        return read_single(context, field, message, at, end, depth);
    return field->shape == SHAPE_MAP ? read_entry(context, field, message, at, end, depth)
                                     : read_run(context, field, tag, message, at, end, depth);
}

static Position read_fields(
    Context *context, Table *table, PyObject *message, Position at, Position end, uint32_t group, int depth,
    Buffer *unknown)
{
    while (at < end) {
        uint32_t tag;
        at = read_tag(at, end, &tag);
        if (!at)
            return NULL;
        uint32_t wire = tag & 7;
        if (wire == WIRE_END)
            return group && tag >> 3 == group ? at : NULL;
        const Field *field = find_field(table, tag >> 3);
        if (field && wire == (field->shape == SHAPE_MAP ? (uint32_t)WIRE_BYTES : field->wire)) {
            if (read_field(context, field, tag, message, &at, end, depth) < 0)
                return NULL;
        }
        else if (
            field && wire == WIRE_BYTES && is_packable((Kind)field->kind) &&
            (field->shape == SHAPE_LIST || field->shape == SHAPE_PACKED)) {
            if (read_packed(field, message, &at, end) < 0)
                return NULL;
        }
        else {
            if (!field && table->extensions_offset) /* an extension, perhaps */
                return NULL;
            at = skip_value(at, end, tag, depth, unknown);
            if (!at)
                return NULL;
        }
    }
    return group ? NULL : at;
}

PyObject *read_whole(Context *context, Table *table, const uint8_t *data, Py_ssize_t size)
{
    PyObject *made = blank(context, table);
    if (made && !read_into(context, table, made, data, data + size, 0, 0))
        Py_CLEAR(made);
    return made;
}
