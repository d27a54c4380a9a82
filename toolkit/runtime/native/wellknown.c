/* Struct, Value, ListValue, FieldMask and the wrappers, as the plain values that Python has for them. */
#include "native.h"

static PyObject *read_struct(Context *context, Position at, Position end, int depth);
static PyObject *read_list(Context *context, Position at, Position end, int depth);
static int write_value(Context *context, Buffer *out, PyObject *value, int depth);

/* The value of a Value; what is set more than once is left to Python, which merges. */
static PyObject *read_plain(Context *context, Position at, Position end, int depth)
{
    PyObject *found = NULL;
    uint64_t value;
    Py_ssize_t size;
    if (depth >= DEEPEST)
        return NULL;
    while (at < end) {
        uint32_t tag;
        at = read_tag(at, end, &tag);
        if (!at || found)
            goto failed;
        switch (tag) {
        case 1 << 3 | WIRE_VARINT:
            at = read_varint(at, end, &value);
            found = at ? Py_NewRef(Py_None) : NULL;
            break;
        case 2 << 3 | WIRE_64:
            found = read_scalar(NULL, KIND_DOUBLE, &at, end);
            break;
        case 3 << 3 | WIRE_BYTES:
            found = read_scalar(NULL, KIND_STRING, &at, end);
            break;
        case 4 << 3 | WIRE_VARINT:
            found = read_scalar(NULL, KIND_BOOL, &at, end);
            break;
        case 5 << 3 | WIRE_BYTES:
        case 6 << 3 | WIRE_BYTES:
            at = read_size(at, end, &size);
            if (!at)
                goto failed;
            found = tag >> 3 == 5 ? read_struct(context, at, at + size, depth + 1)
                                  : read_list(context, at, at + size, depth + 1);
            at += size;
            break;
        default:
            goto failed;
        }
        if (!found || !at)
            goto failed;
    }
    return found ? found : Py_NewRef(Py_None);
failed:
    Py_XDECREF(found);
    return NULL;
}

static int read_struct_entry(Context *context, PyObject *made, Position at, Position end, int depth)
{
    PyObject *key = NULL, *value = NULL;
    Py_ssize_t size;
    int failed = -1;
    if (depth >= DEEPEST)
        return -1;
    while (at < end) {
        uint32_t tag;
        at = read_tag(at, end, &tag);
        if (at && tag == (1 << 3 | WIRE_BYTES) && !key)
            key = read_scalar(NULL, KIND_STRING, &at, end);
        else if (at && tag == (2 << 3 | WIRE_BYTES) && !value && (at = read_size(at, end, &size))) {
            value = read_plain(context, at, at + size, depth + 1);
            at += size;
        }
        else
            goto done;
        if (!at || (tag >> 3 == 1 ? !key : !value))
            goto done;
    }
    if (key && value)
        failed = PyDict_SetItem(made, key, value);
done:
    Py_XDECREF(key);
    Py_XDECREF(value);
    return failed;
}

/* The next bytes behind a tag that has to be 10: all of Struct, ListValue and FieldMask have just one field. */
static Position next_element(Position at, Position end, Position *inner)
{
    uint32_t tag;
    Py_ssize_t size;
    at = read_tag(at, end, &tag);
    if (!at || tag != (1 << 3 | WIRE_BYTES))
        return NULL;
    *inner = read_size(at, end, &size);
    return *inner ? *inner + size : NULL;
}

static PyObject *read_struct(Context *context, Position at, Position end, int depth)
{
    PyObject *made = PyDict_New();
    while (made && at < end) {
        Position inner;
        at = next_element(at, end, &inner);
        if (!at || read_struct_entry(context, made, inner, at, depth + 1) < 0)
            Py_CLEAR(made);
    }
    return made;
}

static int append(PyObject *list, PyObject *value)
{
    int failed = value ? PyList_Append(list, value) : -1;
    Py_XDECREF(value);
    return failed;
}

static PyObject *read_list(Context *context, Position at, Position end, int depth)
{
    PyObject *made = PyList_New(0);
    while (made && at < end) {
        Position inner;
        at = next_element(at, end, &inner);
        if (!at || append(made, read_plain(context, inner, at, depth + 1)) < 0)
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *read_mask(Position at, Position end)
{
    PyObject *made = PyList_New(0);
    while (made && at < end) {
        Position inner;
        at = next_element(at, end, &inner);
        if (!at || append(made, PyUnicode_DecodeUTF8((const char *)inner, at - inner, NULL)) < 0)
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *read_wrapper(const Field *field, Position at, Position end, int depth)
{
    Kind kind = (Kind)field->inner;
    PyObject *found = NULL;
    while (at < end) {
        uint32_t tag;
        at = read_tag(at, end, &tag);
        if (at && tag == (1u << 3 | (uint32_t)wire_of(kind))) {
            Py_XSETREF(found, read_scalar(NULL, kind, &at, end));
            if (!found)
                return NULL;
        }
        else if (at)
            at = skip_value(at, end, tag, depth, NULL);
        if (!at) {
            Py_XDECREF(found);
            return NULL;
        }
    }
    if (found)
        return found;
    switch (kind) {
    case KIND_STRING:
        return PyUnicode_FromString("");
    case KIND_BYTES:
        return PyBytes_FromStringAndSize(NULL, 0);
    case KIND_BOOL:
        return Py_NewRef(Py_False);
    case KIND_FLOAT:
    case KIND_DOUBLE:
        return PyFloat_FromDouble(0);
    default:
        return PyLong_FromLong(0);
    }
}

/* The value of a field, from the bytes of the message that it is on the wire. */
PyObject *read_wellknown(Context *context, const Field *field, Position at, Position end, int depth)
{
    PyObject *found;
    if (depth >= DEEPEST)
        return NULL;
    switch (field->kind) {
    case KIND_TIMESTAMP:
        return read_timestamp(context, at, end, depth);
    case KIND_DURATION:
        return read_duration(context, at, end, depth);
    case KIND_STRUCT:
        return read_struct(context, at, end, depth);
    case KIND_LIST_VALUE:
        return read_list(context, at, end, depth);
    case KIND_FIELD_MASK:
        return read_mask(at, end);
    case KIND_WRAPPER:
        return read_wrapper(field, at, end, depth);
    case KIND_VALUE:
        found = read_plain(context, at, end, depth);
        if (found == Py_None)
            Py_SETREF(found, Py_NewRef(context->state->null));
        return found;
    default:
        return NULL;
    }
}

static int write_struct(Context *context, Buffer *out, PyObject *value, int depth)
{
    Py_ssize_t position = 0;
    PyObject *key, *item;
    if (!PyDict_CheckExact(value) || depth >= DEEPEST)
        return -1;
    while (PyDict_Next(value, &position, &key, &item)) {
        size_t entry, inner;
        if (buffer_varint(out, 1 << 3 | WIRE_BYTES) < 0 || open_size(out, &entry) < 0 ||
            buffer_varint(out, 1 << 3 | WIRE_BYTES) < 0 || write_scalar(out, NULL, KIND_STRING, key) < 0 ||
            buffer_varint(out, 2 << 3 | WIRE_BYTES) < 0 || open_size(out, &inner) < 0 ||
            write_value(context, out, item, depth + 1) < 0 || close_size(out, inner) < 0 || close_size(out, entry) < 0)
            return -1;
    }
    return 0;
}

static int write_list(Context *context, Buffer *out, PyObject *value, int depth)
{
    if (!(PyList_CheckExact(value) || PyTuple_CheckExact(value)) || depth >= DEEPEST)
        return -1;
    for (Py_ssize_t index = 0; index < PySequence_Fast_GET_SIZE(value); index++) {
        size_t inner;
        if (buffer_varint(out, 1 << 3 | WIRE_BYTES) < 0 || open_size(out, &inner) < 0 ||
            write_value(context, out, PySequence_Fast_GET_ITEM(value, index), depth + 1) < 0 ||
            close_size(out, inner) < 0)
            return -1;
    }
    return 0;
}

static int write_value(Context *context, Buffer *out, PyObject *value, int depth)
{
    size_t inner;
    if (value == Py_None || value == context->state->null)
        return buffer_bytes(out, "\x08\x00", 2);
    if (PyUnicode_CheckExact(value))
        return buffer_varint(out, 3 << 3 | WIRE_BYTES) < 0 ? -1 : write_scalar(out, NULL, KIND_STRING, value);
    if (PyBool_Check(value))
        return buffer_bytes(out, value == Py_True ? "\x20\x01" : "\x20\x00", 2);
    if (PyFloat_CheckExact(value) || PyLong_CheckExact(value))
        return buffer_varint(out, 2 << 3 | WIRE_64) < 0 ? -1 : write_scalar(out, NULL, KIND_DOUBLE, value);
    int is_struct = PyDict_CheckExact(value);
    if (buffer_varint(out, (is_struct ? 5 : 6) << 3 | WIRE_BYTES) < 0 || open_size(out, &inner) < 0 ||
        (is_struct ? write_struct(context, out, value, depth + 1) : write_list(context, out, value, depth + 1)) < 0)
        return -1;
    return close_size(out, inner);
}

static int write_mask(Buffer *out, PyObject *value)
{
    if (!PyList_CheckExact(value))
        return -1;
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(value); index++) {
        if (buffer_varint(out, 1 << 3 | WIRE_BYTES) < 0 ||
            write_scalar(out, NULL, KIND_STRING, PyList_GET_ITEM(value, index)) < 0)
            return -1;
    }
    return 0;
}

/* The bytes of the message that a value is on the wire, without their size. */
int write_wellknown(Context *context, Buffer *out, const Field *field, PyObject *value, int depth)
{
    switch (field->kind) {
    case KIND_TIMESTAMP:
        return write_timestamp(context, out, value);
    case KIND_DURATION:
        return write_duration(context, out, value);
    case KIND_STRUCT:
        return write_struct(context, out, value, depth);
    case KIND_LIST_VALUE:
        return write_list(context, out, value, depth);
    case KIND_FIELD_MASK:
        return write_mask(out, value);
    case KIND_VALUE:
        return write_value(context, out, value, depth);
    case KIND_WRAPPER: {
        int unset = is_default((Kind)field->inner, value);
        if (unset)
            return unset > 0 ? 0 : -1;
        if (buffer_varint(out, 1u << 3 | (uint32_t)wire_of((Kind)field->inner)) < 0)
            return -1;
        return write_scalar(out, NULL, (Kind)field->inner, value);
    }
    default:
        return -1;
    }
}
