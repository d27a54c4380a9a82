/* The parts of JSON text → strings, numbers and enums. NULL without an exception if the Python code has to read it, as for
 * all that is not the usual form of a value, or is wrong. */
#include "native.h"

int accept_word(Position *at, Position end, const char *word)
{
    size_t size = strlen(word);
    skip_space(at, end);
    if ((size_t)(end - *at) < size || memcmp(*at, word, size) != 0)
        return 0;
    *at += size;
    return 1;
}

/* What is between the quotes of a string without escapes; NULL if it has some. */
Position plain_string(Position *at, Position end, Py_ssize_t *size)
{
    if (!accept(at, end, '"'))
        return NULL;
    Position start = *at;
    while (*at < end && **at != '"') {
        if (**at < 0x20 || **at == '\\')
            return NULL;
        ++*at;
    }
    if (*at >= end)
        return NULL;
    *size = *at - start;
    ++*at;
    return start;
}

static int hex4(Position at, Position end, uint32_t *made)
{
    *made = 0;
    if (end - at < 4)
        return -1;
    for (int index = 0; index < 4; index++) {
        uint8_t digit = at[index];
        int value = digit >= '0' && digit <= '9'   ? digit - '0'
                    : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                    : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                   : -1;
        if (value < 0)
            return -1;
        *made = *made << 4 | (uint32_t)value;
    }
    return 0;
}

/* The letter behind a backslash; half of a surrogate pair fails. */
static int unescape(Position *at, Position end, uint32_t *letter)
{
    static const char marks[] = "\"\\/bfnrt", letters[] = "\"\\/\b\f\n\r\t";
    uint32_t low;
    if (*at >= end)
        return -1;
    uint8_t mark = *(*at)++;
    const char *found = mark ? strchr(marks, mark) : NULL;
    if (found) {
        *letter = (uint32_t)letters[found - marks];
        return 0;
    }
    if (mark != 'u' || hex4(*at, end, letter) < 0)
        return -1;
    *at += 4;
    if (*letter < 0xD800 || *letter >= 0xE000)
        return 0;
    if (*letter >= 0xDC00 || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u' || hex4(*at + 2, end, &low) < 0 ||
        low < 0xDC00 || low >= 0xE000)
        return -1;
    *at += 6;
    *letter = 0x10000 + ((*letter - 0xD800) << 10) + (low - 0xDC00);
    return 0;
}

static PyObject *escaped_string(Position *at, Position end)
{
    Buffer text = {0};
    PyObject *made = NULL;
    while (*at < end && **at != '"') {
        uint32_t letter = *(*at)++;
        if (letter < 0x20 || (letter == '\\' && unescape(at, end, &letter) < 0) || buffer_reserve(&text, 4) < 0)
            goto done;
        uint8_t *to = text.data + text.size;
        if (letter < 0x80 || (*at)[-1] >= 0x80) /* an escape ends with ASCII; other bytes are copied */
            *to++ = (uint8_t)letter;
        else
            to = utf8(to, letter);
        text.size = (size_t)(to - text.data);
    }
    if (*at < end) {
        ++*at;
        made = PyUnicode_DecodeUTF8((const char *)text.data, (Py_ssize_t)text.size, NULL);
    }
done:
    buffer_clear(&text);
    return made;
}

PyObject *read_string(Position *at, Position end)
{
    Py_ssize_t size;
    skip_space(at, end);
    Position before = *at, start = plain_string(at, end, &size);
    if (start)
        return PyUnicode_DecodeUTF8((const char *)start, size, NULL);
    *at = before;
    return accept(at, end, '"') ? escaped_string(at, end) : NULL;
}

/* Digits, which may have a minus; they are behind then, and no other sign of a number follows. */
static int read_digits(Position *at, Position end, int *minus, uint64_t *made)
{
    *minus = *at < end && **at == '-';
    *at += *minus;
    Position start = *at;
    *made = 0;
    while (*at < end && **at >= '0' && **at <= '9') {
        uint64_t digit = (uint64_t)(*(*at)++ - '0');
        if (*made > (UINT64_MAX - digit) / 10)
            return -1;
        *made = *made * 10 + digit;
    }
    if (*at == start || (*start == '0' && *at - start > 1))
        return -1;
    return *at < end && (**at == '.' || **at == 'e' || **at == 'E') ? -1 : 0;
}

static int fits(Kind kind, int minus, uint64_t size)
{
    uint64_t negative, positive;
    switch (kind) {
    case KIND_UINT32:
    case KIND_FIXED32:
        negative = 0;
        positive = UINT32_MAX;
        break;
    case KIND_UINT64:
    case KIND_FIXED64:
        negative = 0;
        positive = UINT64_MAX;
        break;
    default:
        positive = is_wide(kind) ? INT64_MAX : INT32_MAX;
        negative = positive + 1;
    }
    return size <= (minus ? negative : positive);
}

/* An integer, which may be in quotes. */
PyObject *read_integer(Kind kind, Position *at, Position end, int quoted)
{
    int minus;
    uint64_t size;
    quoted = accept(at, end, '"') || quoted;
    if (read_digits(at, end, &minus, &size) < 0 || !fits(kind, minus, size))
        return NULL;
    if (quoted && !(*at < end && *(*at)++ == '"'))
        return NULL;
    return minus ? PyLong_FromLongLong((int64_t)(~size + 1)) : PyLong_FromUnsignedLongLong(size);
}

/* A number; whole ones are integers first, as in Python, so that there is no negative zero. */
int read_number(Position *at, Position end, double *made)
{
    char text[40];
    size_t size = 0;
    int whole = 1;
    skip_space(at, end);
    while (*at < end && strchr("+-.0123456789eE", (int)**at) && **at) {
        if (size == sizeof text - 1)
            return -1;
        whole &= **at == '-' || (**at >= '0' && **at <= '9');
        text[size++] = (char)*(*at)++;
    }
    text[size] = '\0';
    const char *digits = text + (*text == '-'), *after = digits;
    while (*after >= '0' && *after <= '9')
        after++;
    if (after == digits || (*digits == '0' && after - digits > 1) || text[size - 1] == '.' ||
        (*after == '.' && !(after[1] >= '0' && after[1] <= '9')))
        return -1; /* not what JSON calls a number */
    char *rest;
    *made = PyOS_string_to_double(text, &rest, NULL);
    if (PyErr_Occurred() || *rest || *made - *made != 0)
        return -1;
    if (whole && *made == 0)
        *made = 0;
    return 0;
}

static PyObject *read_float(Kind kind, Position *at, Position end)
{
    double made;
    if (accept_word(at, end, "\"NaN\""))
        return PyFloat_FromDouble(Py_NAN);
    if (accept_word(at, end, "\"Infinity\""))
        return PyFloat_FromDouble(Py_HUGE_VAL);
    if (accept_word(at, end, "\"-Infinity\""))
        return PyFloat_FromDouble(-Py_HUGE_VAL);
    if (read_number(at, end, &made) < 0)
        return NULL;
    if (kind == KIND_FLOAT) {
        float single = (float)made;
        if (single - single != 0)
            return NULL;
        made = (double)single;
    }
    return PyFloat_FromDouble(made);
}

static int base64_digit(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z'     ? letter - 'A'
           : letter >= 'a' && letter <= 'z'   ? letter - 'a' + 26
           : letter >= '0' && letter <= '9'   ? letter - '0' + 52
           : letter == '+' || letter == '-'   ? 62
           : letter == '/' || letter == '_'   ? 63
                                              : -1;
}

static PyObject *read_base64(Position *at, Position end)
{
    Py_ssize_t size;
    Position text = plain_string(at, end, &size);
    for (int padding = 0; text && padding < 2 && size && text[size - 1] == '='; padding++)
        size--;
    if (!text || size % 4 == 1)
        return NULL;
    PyObject *made = PyBytes_FromStringAndSize(NULL, size / 4 * 3 + (size % 4 ? size % 4 - 1 : 0));
    uint8_t *to = made ? (uint8_t *)PyBytes_AS_STRING(made) : NULL;
    uint32_t bits = 0;
    for (Py_ssize_t index = 0; made && index < size; index++) {
        int digit = base64_digit(text[index]);
        if (digit < 0) {
            Py_DECREF(made);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)digit;
        if (index % 4)
            *to++ = (uint8_t)(bits >> (6 - 2 * (index % 4)));
    }
    return made;
}

static PyObject *json_read_enum(const Field *field, Position *at, Position end)
{
    int minus;
    uint64_t size;
    skip_space(at, end);
    if (*at < end && **at == '"') {
        PyObject *name = read_string(at, end);
        PyObject *found = name ? Py_XNewRef(PyDict_GetItemWithError(field->numbers, name)) : NULL;
        Py_XDECREF(name);
        return found;
    }
    if (read_digits(at, end, &minus, &size) < 0 || !fits(KIND_INT32, minus, size))
        return NULL;
    return read_enum(field, (int32_t)(minus ? -(int64_t)size : (int64_t)size));
}

PyObject *json_read_scalar(const Field *field, Kind kind, Position *at, Position end)
{
    switch (kind) {
    case KIND_STRING:
        return read_string(at, end);
    case KIND_BYTES:
        return read_base64(at, end);
    case KIND_BOOL:
        if (accept_word(at, end, "true"))
            return Py_NewRef(Py_True);
        return accept_word(at, end, "false") ? Py_NewRef(Py_False) : NULL;
    case KIND_FLOAT:
    case KIND_DOUBLE:
        return read_float(kind, at, end);
    case KIND_ENUM:
        return json_read_enum(field, at, end);
    default:
        return read_integer(kind, at, end, 0);
    }
}
