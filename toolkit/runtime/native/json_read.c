/* ProtoJSON text → a message, by the rules of json_scalars.c. */
#include "native.h"

#define MOST_FIELDS 512

static PyObject *read_object(Context *context, Table *table, Position *at, Position end, int depth);
static PyObject *read_any_value(Context *context, Position *at, Position end, int depth);

static PyObject *read_any_object(Context *context, Position *at, Position end, int depth)
{
    PyObject *made = PyDict_New();
    int more = made && !accept(at, end, '}');
    while (more) {
        PyObject *key = read_string(at, end), *value = NULL;
        Py_ssize_t before = PyDict_GET_SIZE(made);
        if (key && accept(at, end, ':'))
            value = read_any_value(context, at, end, depth + 1);
        int good = value && PyDict_SetItem(made, key, value) == 0 && PyDict_GET_SIZE(made) > before;
        Py_XDECREF(key);
        Py_XDECREF(value);
        more = good && accept(at, end, ',');
        if (!more && (!good || !accept(at, end, '}')))
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *read_any_array(Context *context, Position *at, Position end, int depth)
{
    PyObject *made = PyList_New(0);
    int more = made && !accept(at, end, ']');
    while (more) {
        PyObject *value = read_any_value(context, at, end, depth + 1);
        int good = value && PyList_Append(made, value) == 0;
        Py_XDECREF(value);
        more = good && accept(at, end, ',');
        if (!more && (!good || !accept(at, end, ']')))
            Py_CLEAR(made);
    }
    return made;
}

/* What a Value holds; null is None. */
static PyObject *read_any_value(Context *context, Position *at, Position end, int depth)
{
    double number;
    skip_space(at, end);
    if (depth >= DEEPEST || *at >= end)
        return NULL;
    switch (**at) {
    case '{':
        ++*at;
        return read_any_object(context, at, end, depth);
    case '[':
        ++*at;
        return read_any_array(context, at, end, depth);
    case '"':
        return read_string(at, end);
    case 'n':
        return accept_word(at, end, "null") ? Py_NewRef(Py_None) : NULL;
    case 't':
    case 'f':
        return json_read_scalar(NULL, KIND_BOOL, at, end);
    default:
        return read_number(at, end, &number) < 0 ? NULL : PyFloat_FromDouble(number);
    }
}

/* Paths, in lowerCamelCase. */
static PyObject *read_paths(Position *at, Position end)
{
    Py_ssize_t size;
    Position letter = plain_string(at, end, &size);
    if (!letter)
        return NULL;
    Position last = letter + size;
    PyObject *made = PyList_New(0);
    while (made && size && letter <= last) {
        Buffer path = {0};
        PyObject *text = NULL;
        int good = 1;
        for (; good && letter < last && *letter != ','; letter++) {
            int upper = *letter >= 'A' && *letter <= 'Z';
            good = upper || (*letter >= 'a' && *letter <= 'z') || (*letter >= '0' && *letter <= '9') || *letter == '.';
            if (good && (good = buffer_reserve(&path, 2) == 0)) {
                if (upper)
                    path.data[path.size++] = '_';
                path.data[path.size++] = (uint8_t)(upper ? *letter - 'A' + 'a' : *letter);
            }
        }
        if (good)
            text = PyUnicode_DecodeUTF8((const char *)path.data, (Py_ssize_t)path.size, NULL);
        if (!text || PyList_Append(made, text) < 0)
            Py_CLEAR(made);
        Py_XDECREF(text);
        buffer_clear(&path);
        letter++;
    }
    return made;
}

/* A value that is not null. */
static PyObject *json_read_value(Context *context, const Field *field, Position *at, Position end, int depth)
{
    Py_ssize_t size;
    Position text;
    switch (field->kind) {
    case KIND_MESSAGE:
    case KIND_GROUP:
        return accept(at, end, '{') ? read_object(context, field->child, at, end, depth + 1) : NULL;
    case KIND_TIMESTAMP:
    case KIND_DURATION:
        text = plain_string(at, end, &size);
        if (!text)
            return NULL;
        return field->kind == KIND_TIMESTAMP ? timestamp_of_text(context, text, size)
                                             : duration_of_text(context, text, size);
    case KIND_STRUCT:
        return accept(at, end, '{') ? read_any_object(context, at, end, depth + 1) : NULL;
    case KIND_LIST_VALUE:
        return accept(at, end, '[') ? read_any_array(context, at, end, depth + 1) : NULL;
    case KIND_VALUE:
        return read_any_value(context, at, end, depth + 1);
    case KIND_FIELD_MASK:
        return read_paths(at, end);
    case KIND_WRAPPER:
        return json_read_scalar(NULL, (Kind)field->inner, at, end);
    default:
        return json_read_scalar(field, (Kind)field->kind, at, end);
    }
}

/* A value, or what null stands for; NULL if that is nothing. */
static PyObject *read_or_null(Context *context, const Field *field, Position *at, Position end, int depth, int *is_null)
{
    *is_null = accept_word(at, end, "null");
    if (!*is_null)
        return json_read_value(context, field, at, end, depth);
    if (field->kind == KIND_VALUE)
        return Py_NewRef(context->state->null);
    return field->is_null ? read_enum(field, 0) : NULL;
}

static PyObject *read_key(const Field *field, Position *at, Position end)
{
    if (field->key == KIND_STRING)
        return read_string(at, end);
    if (field->key != KIND_BOOL) {
        skip_space(at, end);
        return *at < end && **at == '"' ? read_integer((Kind)field->key, at, end, 1) : NULL;
    }
    if (accept_word(at, end, "\"true\""))
        return Py_NewRef(Py_True);
    return accept_word(at, end, "\"false\"") ? Py_NewRef(Py_False) : NULL;
}

static PyObject *read_map(Context *context, const Field *field, Position *at, Position end, int depth)
{
    PyObject *made = accept(at, end, '{') ? PyDict_New() : NULL;
    int more = made && !accept(at, end, '}'), is_null;
    while (more) {
        PyObject *key = read_key(field, at, end), *value = NULL;
        Py_ssize_t before = PyDict_GET_SIZE(made);
        if (key && accept(at, end, ':'))
            value = read_or_null(context, field, at, end, depth, &is_null);
        int good = value && PyDict_SetItem(made, key, value) == 0 && PyDict_GET_SIZE(made) > before;
        Py_XDECREF(key);
        Py_XDECREF(value);
        more = good && accept(at, end, ',');
        if (!more && (!good || !accept(at, end, '}')))
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *read_list(Context *context, const Field *field, Position *at, Position end, int depth)
{
    PyObject *made = accept(at, end, '[') ? PyList_New(0) : NULL;
    int more = made && !accept(at, end, ']'), is_null;
    while (more) {
        PyObject *value = read_or_null(context, field, at, end, depth, &is_null);
        int good = value && PyList_Append(made, value) == 0;
        Py_XDECREF(value);
        more = good && accept(at, end, ',');
        if (!more && (!good || !accept(at, end, ']')))
            Py_CLEAR(made);
    }
    return made;
}

static int is_named(PyObject *text, Position name, Py_ssize_t size)
{
    const char *known = PyBytes_AS_STRING(text); /* in quotes, with a colon and a space */
    return PyBytes_GET_SIZE(text) == size + 4 && memcmp(known + 1, name, (size_t)size) == 0;
}

/* The field of a key, most likely the one after the last; NULL if there is none. */
static const Field *field_named(const Table *table, Position name, Py_ssize_t size, Py_ssize_t likely)
{
    for (Py_ssize_t tried = 0; tried < table->field_count; tried++, likely++) {
        if (likely >= table->field_count)
            likely = 0;
        if (is_named(table->fields[likely].json_text, name, size))
            return &table->fields[likely];
    }
    for (Py_ssize_t index = 0; index < table->field_count; index++) {
        if (is_named(table->fields[index].name_text, name, size))
            return &table->fields[index];
    }
    return NULL;
}

static int read_member(Context *context, const Field *field, PyObject *message, Position *at, Position end, int depth)
{
    PyObject *value;
    int is_null = 0;
    if (field->shape != SHAPE_SINGLE) {
        if (accept_word(at, end, "null"))
            return 0;
        value = field->shape == SHAPE_MAP ? read_map(context, field, at, end, depth)
                                          : read_list(context, field, at, end, depth);
    }
    else
        value = read_or_null(context, field, at, end, depth, &is_null);
    if (!value)
        return is_null && !PyErr_Occurred() ? 0 : -1;
    if (field->variant && *slot_at(message, field->offset) != Py_None) { /* a second member */
        Py_DECREF(value);
        return -1;
    }
    return put_field(message, field, value);
}

static int read_members(Context *context, Table *table, PyObject *message, Position *at, Position end, int depth)
{
    uint8_t seen[MOST_FIELDS / 8] = {0}; /* a bit for each field */
    Py_ssize_t likely = 0, size;
    if (accept(at, end, '}'))
        return 0;
    do {
        Position name = plain_string(at, end, &size);
        const Field *field = name ? field_named(table, name, size, likely) : NULL;
        if (!field || !accept(at, end, ':'))
            return -1;
        likely = field - table->fields;
        uint8_t bit = (uint8_t)(1 << likely % 8);
        if (seen[likely / 8] & bit || read_member(context, field, message, at, end, depth) < 0)
            return -1;
        seen[likely / 8] |= bit;
        likely++;
    } while (accept(at, end, ','));
    return accept(at, end, '}') ? 0 : -1;
}

/* A message behind its opening brace. */
static PyObject *read_object(Context *context, Table *table, Position *at, Position end, int depth)
{
    if (depth >= DEEPEST || (table->defined && (!table->has_json || table->field_count > MOST_FIELDS)))
        return NULL;
    PyObject *made = blank(context, table);
    if (made && read_members(context, table, made, at, end, depth) < 0)
        Py_CLEAR(made);
    return made;
}

PyObject *json_read_whole(Context *context, Table *table, const uint8_t *data, Py_ssize_t size)
{
    Position at = data, end = data + size;
    if (!accept(&at, end, '{'))
        return NULL;
    PyObject *made = read_object(context, table, &at, end, 0);
    skip_space(&at, end);
    if (made && at != end)
        Py_CLEAR(made);
    return made;
}
