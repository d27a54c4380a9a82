/* A message → ProtoJSON text, as json.dumps writes it. -1 without an exception if the Python code has to do it. */
#include "native.h"

static int json_message(Context *context, Buffer *out, Table *table, PyObject *message, int depth);
static int json_plain(Context *context, Buffer *out, PyObject *value, int depth);

static int put_text(Buffer *out, const char *text)
{
    return buffer_bytes(out, text, strlen(text));
}

static int put_integer(Buffer *out, int64_t value)
{
    char text[24];
    return buffer_bytes(out, text, (size_t)PyOS_snprintf(text, sizeof text, "%lld", (long long)value));
}

/* A letter that cannot stand for itself between quotes. */
static uint8_t *escaped(uint8_t *at, Py_UCS4 letter)
{
    static const char short_ones[] = "\"\\\n\r\t\f\b", marks[] = "\"\\nrtfb", digits[] = "0123456789abcdef";
    const char *found = strchr(short_ones, (int)letter);
    *at++ = '\\';
    if (found && letter) {
        *at++ = (uint8_t)marks[found - short_ones];
        return at;
    }
    *at++ = 'u';
    *at++ = '0';
    *at++ = '0';
    *at++ = (uint8_t)digits[letter >> 4];
    *at++ = (uint8_t)digits[letter & 15];
    return at;
}

/* A string in quotes. */
int json_string(Context *context, Buffer *out, PyObject *value)
{
    if (!is_text(value))
        return -1;
    Py_ssize_t length = PyUnicode_GET_LENGTH(value);
    int kind = (int)PyUnicode_KIND(value);
    const void *data = PyUnicode_DATA(value);
    if (length > PY_SSIZE_T_MAX / 16 || buffer_reserve(out, (size_t)length + 2) < 0)
        return -1;
    uint8_t *at = out->data + out->size;
    *at++ = '"';
    for (Py_ssize_t index = 0; index < length; index++) {
        Py_UCS4 letter = PyUnicode_READ(kind, data, index);
        if (letter >= 0x20 && letter < 0x80 && letter != '"' && letter != '\\') {
            *at++ = (uint8_t)letter;
            continue;
        }
        if (letter >= 0xD800 && letter < 0xE000) /* half of a surrogate pair */
            return -1;
        out->size = (size_t)(at - out->data); /* a letter takes up to six bytes, and one is reserved */
        if (buffer_reserve(out, (size_t)(length - index) + 8) < 0)
            return -1;
        at = out->data + out->size;
        context->wide |= letter > 127;
        at = letter < 0x80 ? escaped(at, letter) : utf8(at, letter);
    }
    *at++ = '"';
    out->size = (size_t)(at - out->data);
    return 0;
}

static int json_bytes(Buffer *out, PyObject *value)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (!PyBytes_CheckExact(value))
        return -1;
    size_t size = (size_t)PyBytes_GET_SIZE(value);
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(value);
    if (buffer_reserve(out, size / 3 * 4 + 8) < 0)
        return -1;
    uint8_t *at = out->data + out->size;
    *at++ = '"';
    for (size_t index = 0; index < size; index += 3) {
        size_t left = size - index;
        uint32_t bits = (uint32_t)data[index] << 16 | (uint32_t)(left > 1 ? data[index + 1] : 0) << 8 |
                        (left > 2 ? data[index + 2] : 0);
        *at++ = (uint8_t)letters[bits >> 18];
        *at++ = (uint8_t)letters[bits >> 12 & 63];
        *at++ = left > 1 ? (uint8_t)letters[bits >> 6 & 63] : '=';
        *at++ = left > 2 ? (uint8_t)letters[bits & 63] : '=';
    }
    *at++ = '"';
    out->size = (size_t)(at - out->data);
    return 0;
}

/* The float with the fewest digits that a 32-bit one reads as this; -1 if there is none. */
static int shortest(double *value)
{
    float single = (float)*value;
    if (single - single != 0)
        return -1;
    for (int digits = 6; digits < 10; digits++) {
        char *text = PyOS_double_to_string(*value, 'g', digits, 0, NULL);
        if (!text)
            return -1;
        double made = PyOS_string_to_double(text, NULL, NULL);
        PyMem_Free(text);
        if (made == -1.0 && PyErr_Occurred())
            return -1;
        if ((float)made == single) {
            *value = made;
            return 0;
        }
    }
    return 0;
}

static int json_float(Buffer *out, Kind kind, PyObject *value)
{
    if (!PyFloat_CheckExact(value))
        return -1;
    double number = PyFloat_AS_DOUBLE(value);
    if (number - number != 0)
        return put_text(out, number != number ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    if (kind == KIND_FLOAT && shortest(&number) < 0)
        return -1;
    char *text = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    int failed = text ? put_text(out, text) : -1;
    PyMem_Free(text);
    return failed;
}

static int json_integer(Buffer *out, Kind kind, PyObject *value, int quoted)
{
    uint64_t bits;
    char text[32];
    const char *quote = quoted ? "\"" : "";
    if (integer_of(kind, value, &bits) < 0)
        return -1;
    int is_unsigned = kind == KIND_UINT64 || kind == KIND_FIXED64;
    int size = is_unsigned ? PyOS_snprintf(text, sizeof text, "%s%llu%s", quote, (unsigned long long)bits, quote)
                           : PyOS_snprintf(text, sizeof text, "%s%lld%s", quote, (long long)bits, quote);
    return buffer_bytes(out, text, (size_t)size);
}

static int json_enum(Context *context, Buffer *out, const Field *field, PyObject *value)
{
    uint64_t bits;
    if (integer_of(KIND_INT32, value, &bits) < 0)
        return -1;
    if (field->is_null && !(context->style & STYLE_NUMBERS))
        return put_text(out, "null");
    if (!(context->style & STYLE_NUMBERS)) {
        PyObject *key = PyLong_FromLongLong((int64_t)bits);
        if (!key)
            return -1;
        PyObject *name = PyDict_GetItemWithError(field->names, key);
        Py_DECREF(key);
        if (name)
            return json_string(context, out, name);
        if (PyErr_Occurred())
            return -1;
    }
    return put_integer(out, (int64_t)bits);
}

static int json_scalar(Context *context, Buffer *out, const Field *field, Kind kind, PyObject *value)
{
    switch (kind) {
    case KIND_STRING:
        return json_string(context, out, value);
    case KIND_BYTES:
        return json_bytes(out, value);
    case KIND_BOOL:
        return PyBool_Check(value) ? put_text(out, value == Py_True ? "true" : "false") : -1;
    case KIND_FLOAT:
    case KIND_DOUBLE:
        return json_float(out, kind, value);
    case KIND_ENUM:
        return json_enum(context, out, field, value);
    default:
        return json_integer(out, kind, value, is_wide(kind));
    }
}

static int json_object(Context *context, Buffer *out, PyObject *value, int depth)
{
    Py_ssize_t position = 0;
    PyObject *key, *item;
    int first = 1;
    if (!PyDict_CheckExact(value) || depth >= DEEPEST || put_text(out, "{") < 0)
        return -1;
    while (PyDict_Next(value, &position, &key, &item)) {
        if ((!first && put_text(out, ", ") < 0) || json_string(context, out, key) < 0 || put_text(out, ": ") < 0 ||
            json_plain(context, out, item, depth + 1) < 0)
            return -1;
        first = 0;
    }
    return put_text(out, "}");
}

static int json_array(Context *context, Buffer *out, PyObject *value, int depth)
{
    if (!(PyList_CheckExact(value) || PyTuple_CheckExact(value)) || depth >= DEEPEST || put_text(out, "[") < 0)
        return -1;
    for (Py_ssize_t index = 0; index < PySequence_Fast_GET_SIZE(value); index++) {
        if ((index && put_text(out, ", ") < 0) ||
            json_plain(context, out, PySequence_Fast_GET_ITEM(value, index), depth + 1) < 0)
            return -1;
    }
    return put_text(out, "]");
}

/* What a Value holds; whole numbers without a fraction. */
static int json_plain(Context *context, Buffer *out, PyObject *value, int depth)
{
    if (value == Py_None || value == context->state->null)
        return put_text(out, "null");
    if (PyUnicode_CheckExact(value))
        return json_string(context, out, value);
    if (PyBool_Check(value))
        return put_text(out, value == Py_True ? "true" : "false");
    if (PyLong_CheckExact(value))
        return json_integer(out, KIND_INT64, value, 0);
    if (PyFloat_CheckExact(value)) {
        double number = PyFloat_AS_DOUBLE(value);
        if (number - number != 0 || number >= 9e18 || number <= -9e18)
            return -1;
        return number == (double)(int64_t)number ? put_integer(out, (int64_t)number)
                                                 : json_float(out, KIND_DOUBLE, value);
    }
    return PyDict_CheckExact(value) ? json_object(context, out, value, depth)
                                    : json_array(context, out, value, depth);
}

/* Paths in lowerCamelCase; those that do not come back the same are left to Python. */
static int json_mask(Buffer *out, PyObject *value)
{
    if (!PyList_CheckExact(value) || put_text(out, "\"") < 0)
        return -1;
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(value); index++) {
        PyObject *path = PyList_GET_ITEM(value, index);
        if (!PyUnicode_CheckExact(path) || !PyUnicode_IS_COMPACT_ASCII(path) || (index && put_text(out, ",") < 0) ||
            buffer_reserve(out, (size_t)PyUnicode_GET_LENGTH(path)) < 0)
            return -1;
        const char *letter = PyUnicode_DATA(path), *end = letter + PyUnicode_GET_LENGTH(path);
        for (; letter < end; letter++) {
            int up = *letter == '_' && letter + 1 < end && letter[1] >= 'a' && letter[1] <= 'z';
            if (up)
                letter++;
            else if (!((*letter >= 'a' && *letter <= 'z') || (*letter >= '0' && *letter <= '9') || *letter == '.'))
                return -1;
            out->data[out->size++] = (uint8_t)(up ? *letter - 'a' + 'A' : *letter);
        }
    }
    return put_text(out, "\"");
}

static int json_value(Context *context, Buffer *out, const Field *field, PyObject *value, int depth)
{
    if (!value)
        return -1;
    switch (field->kind) {
    case KIND_MESSAGE:
    case KIND_GROUP:
        return json_message(context, out, field->child, value, depth + 1);
    case KIND_TIMESTAMP:
        return json_timestamp(context, out, value);
    case KIND_DURATION:
        return json_duration(context, out, value);
    case KIND_STRUCT:
        return json_object(context, out, value, depth + 1);
    case KIND_LIST_VALUE:
        return json_array(context, out, value, depth + 1);
    case KIND_VALUE:
        return json_plain(context, out, value, depth + 1);
    case KIND_FIELD_MASK:
        return json_mask(out, value);
    case KIND_WRAPPER:
        return json_scalar(context, out, NULL, (Kind)field->inner, value);
    default:
        return json_scalar(context, out, field, (Kind)field->kind, value);
    }
}

static int json_map(Context *context, Buffer *out, const Field *field, PyObject *map, int depth)
{
    Py_ssize_t position = 0;
    PyObject *key, *value;
    int first = 1;
    if (put_text(out, "{") < 0)
        return -1;
    while (PyDict_Next(map, &position, &key, &value)) {
        if (!first && put_text(out, ", ") < 0)
            return -1;
        first = 0;
        int failed = field->key == KIND_STRING ? json_string(context, out, key)
                     : field->key != KIND_BOOL ? json_integer(out, (Kind)field->key, key, 1)
                     : PyBool_Check(key)       ? put_text(out, key == Py_True ? "\"true\"" : "\"false\"")
                                               : -1;
        if (failed < 0 || put_text(out, ": ") < 0 || json_value(context, out, field, value, depth) < 0)
            return -1;
    }
    return put_text(out, "}");
}

static int json_list(Context *context, Buffer *out, const Field *field, PyObject *list, int depth)
{
    if (put_text(out, "[") < 0)
        return -1;
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(list); index++) {
        if ((index && put_text(out, ", ") < 0) ||
            json_value(context, out, field, PyList_GET_ITEM(list, index), depth) < 0)
            return -1;
    }
    return put_text(out, "]");
}

/* The name of a field, behind what comes before it. */
static int json_name(Context *context, Buffer *out, const Field *field, int *first)
{
    PyObject *name = context->style & STYLE_NAMES ? field->name_text : field->json_text;
    if (!*first && put_text(out, ", ") < 0)
        return -1;
    *first = 0;
    return buffer_bytes(out, PyBytes_AS_STRING(name), (size_t)PyBytes_GET_SIZE(name));
}

static int json_field(Context *context, Buffer *out, const Field *field, PyObject *value, int depth, int *first)
{
    int shown = context->style & STYLE_DEFAULTS;
    if (field->shape == SHAPE_MAP) {
        if (!PyDict_CheckExact(value))
            return -1;
        if (!shown && !PyDict_GET_SIZE(value))
            return 0;
        return json_name(context, out, field, first) < 0 ? -1 : json_map(context, out, field, value, depth);
    }
    if (field->shape != SHAPE_SINGLE) {
        if (!PyList_CheckExact(value))
            return -1;
        if (!shown && !PyList_GET_SIZE(value))
            return 0;
        return json_name(context, out, field, first) < 0 ? -1 : json_list(context, out, field, value, depth);
    }
    if (field->presence && value == Py_None)
        return 0;
    if (!field->presence) {
        int unset = is_default((Kind)field->kind, value);
        if (unset < 0)
            return -1;
        if (unset && !shown)
            return 0;
    }
    return json_name(context, out, field, first) < 0 ? -1 : json_value(context, out, field, value, depth);
}

static int json_oneof(Context *context, Buffer *out, const Field *field, PyObject *value, int depth, int *first)
{
    if (value == Py_None)
        return 0;
    for (; field; field = field->next_member) {
        if (!Py_IS_TYPE(value, field->variant))
            continue;
        if (json_name(context, out, field, first) < 0)
            return -1;
        return json_value(context, out, field, *slot_at(value, field->variant_offset), depth);
    }
    return -1;
}

static int json_message(Context *context, Buffer *out, Table *table, PyObject *message, int depth)
{
    int first = 1;
    if (!table->defined) {
        context->pending = table;
        return -1;
    }
    if (depth >= DEEPEST || !table->has_json || !Py_IS_TYPE(message, table->cls) || has_extensions(table, message) ||
        put_text(out, "{") < 0)
        return -1;
    for (Py_ssize_t index = 0; index < table->field_count; index++) {
        const Field *field = &table->fields[index];
        PyObject *value = *slot_at(message, field->offset);
        if (!value)
            return -1;
        int failed = !field->variant  ? json_field(context, out, field, value, depth, &first)
                     : field->follows ? 0
                                      : json_oneof(context, out, field, value, depth, &first);
        if (failed < 0)
            return -1;
    }
    return put_text(out, "}");
}

PyObject *json_whole(Context *context, Table *table, PyObject *message)
{
    uint8_t small[1024];
    Buffer out = {small, 0, sizeof small, NULL};
    PyObject *made = NULL;
    if (json_message(context, &out, table, message, 0) == 0) {
        if (context->wide)
            made = PyUnicode_DecodeUTF8((const char *)out.data, (Py_ssize_t)out.size, NULL);
        else if ((made = PyUnicode_New((Py_ssize_t)out.size, 127)))
            memcpy(PyUnicode_DATA(made), out.data, out.size);
    }
    buffer_clear(&out);
    return made;
}
