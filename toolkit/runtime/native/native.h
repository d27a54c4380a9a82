/* Messages straight between wire bytes and the slots of their objects, as tables say that Python made of Field.
 *
 * It only ever does what needs no decision: whatever is unusual (wrong values, malformed bytes, extensions, types that
 * a program derived) makes it give up, and the Python code then reads or writes the whole message, or says what is
 * wrong. So there is one place that knows how errors look, and no message is refused here.
 */
#ifndef TOOLKIT_NATIVE_H
#define TOOLKIT_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#ifdef Py_GIL_DISABLED
#error "it relies on the global interpreter lock"
#endif
#ifdef PYPY_VERSION
#error "it needs CPython's objects"
#endif

/* One less than what the official runtime allows for, with some to spare: beyond, the Python code decides. */
#define DEEPEST 90

typedef enum {
    KIND_DOUBLE,
    KIND_FLOAT,
    KIND_INT32,
    KIND_INT64,
    KIND_UINT32,
    KIND_UINT64,
    KIND_SINT32,
    KIND_SINT64,
    KIND_FIXED32,
    KIND_FIXED64,
    KIND_SFIXED32,
    KIND_SFIXED64,
    KIND_BOOL,
    KIND_ENUM,
    KIND_STRING,
    KIND_BYTES,
    KIND_MESSAGE,
    KIND_GROUP,
    KIND_TIMESTAMP,
    KIND_DURATION,
    KIND_STRUCT,
    KIND_VALUE,
    KIND_LIST_VALUE,
    KIND_FIELD_MASK,
    KIND_WRAPPER,
} Kind;

typedef enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_START = 3, WIRE_END = 4, WIRE_32 = 5 } Wire;

typedef enum { SHAPE_SINGLE, SHAPE_LIST, SHAPE_PACKED, SHAPE_MAP } Shape;

/* Whether None is unset, or a field that has to be set. */
enum Presence { PRESENCE_NONE, PRESENCE_OPTIONAL, PRESENCE_REQUIRED };

#define SMALL_ENUM 64

typedef struct Table Table;

typedef struct Field {
    uint32_t number;
    uint8_t kind;
    uint8_t inner; /* the kind inside a wrapper */
    uint8_t key;   /* the kind of a map's keys */
    uint8_t shape;
    uint8_t wire; /* the wire type of one value */
    uint8_t presence; /* enum Presence */
    uint8_t closed;
    uint8_t loose;
    uint8_t follows; /* a member of a oneof, and not its first */
    uint8_t tag_size;
    uint8_t tag[5]; /* of one value, or of a packed list */
    Py_ssize_t offset;
    Table *child;               /* owned */
    PyObject *members;          /* owned: a dictionary of an enum's members by number */
    PyObject *names;            /* owned: its names by number, for JSON */
    PyObject *numbers;          /* owned: its members by name */
    uint8_t is_null;            /* google.protobuf.NullValue */
    PyObject *json_text;        /* owned bytes: the name in JSON, in quotes and with a colon */
    PyObject *name_text;        /* the same of the name in the .proto file */
    PyObject **small;           /* owned, SMALL_ENUM of them, each owned or NULL */
    PyTypeObject *variant;      /* owned: the class of a oneof's case */
    Py_ssize_t variant_offset;
    struct Field *next_member; /* of the same oneof */
} Field;

typedef enum { INITIAL_VALUE, INITIAL_LIST, INITIAL_DICT } Initial;

typedef struct {
    Py_ssize_t offset;
    uint8_t initial;
    PyObject *value; /* owned, of INITIAL_VALUE */
} Slot;

struct Table {
    PyObject_HEAD
    PyObject *source; /* what Python defines it by */
    PyTypeObject *cls;
    Slot *slots;
    Py_ssize_t slot_count;
    Field *fields; /* by number */
    Py_ssize_t field_count;
    uint16_t *dense; /* number → 1 + index in fields, or 0 */
    uint32_t dense_size;
    Py_ssize_t unknown_offset;
    Py_ssize_t extensions_offset; /* or 0 */
    int defined;
    int has_json; /* JSON shows its fields */
};

enum Style { STYLE_NUMBERS = 1, STYLE_DEFAULTS = 2, STYLE_NAMES = 4 }; /* as in jsonout.py */

typedef struct {
    PyTypeObject *table_type;
    PyObject *null;
    PyTypeObject *timestamp; /* datetime with nanoseconds */
    PyTypeObject *duration;
    PyObject *timestamp_of; /* makes one of seconds and nanoseconds */
    PyObject *duration_of;
    Py_ssize_t timestamp_parts; /* where it keeps them */
    Py_ssize_t duration_parts;
} State;

typedef struct {
    State *state;
    Table *pending; /* borrowed: what has to be defined first */
    int style;      /* of JSON */
    int wide;       /* JSON is more than ASCII */
} Context;

static inline PyObject **slot_at(PyObject *object, Py_ssize_t offset)
{
    return (PyObject **)((char *)object + offset);
}

/* Take over a reference, instead of the one that is there. */
static inline void put(PyObject *object, Py_ssize_t offset, PyObject *value)
{
    PyObject **slot = slot_at(object, offset);
    PyObject *old = *slot;
    *slot = value;
    Py_XDECREF(old);
}

/* Sets a field to a value, which it takes over, in the variant of its oneof if it has one; -1 if there is no memory. */
static inline int put_field(PyObject *message, const Field *field, PyObject *value)
{
    if (field->variant) {
        PyObject *variant = field->variant->tp_alloc(field->variant, 0);
        if (!variant) {
            Py_DECREF(value);
            return -1;
        }
        *slot_at(variant, field->variant_offset) = value;
        value = variant;
    }
    put(message, field->offset, value);
    return 0;
}

/* Whether it is a string, whose letters can be read from then on. */
static inline int is_text(PyObject *value)
{
#if PY_VERSION_HEX < 0x030C0000
    return PyUnicode_CheckExact(value) && PyUnicode_READY(value) == 0;
#else
    return PyUnicode_CheckExact(value);
#endif
}

/* buffer.c */
typedef struct {
    uint8_t *data;
    size_t size;
    size_t room;
    PyObject *owner; /* bytes that hold the data, once the first memory was too small */
} Buffer;

int buffer_grow(Buffer *buffer, size_t more);
PyObject *buffer_finish(Buffer *buffer);
void buffer_clear(Buffer *buffer);

static inline int buffer_reserve(Buffer *buffer, size_t more)
{
    return buffer->room - buffer->size >= more ? 0 : buffer_grow(buffer, more);
}

static inline uint8_t *write_varint(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static inline int buffer_varint(Buffer *buffer, uint64_t value)
{
    if (buffer_reserve(buffer, 10) < 0)
        return -1;
    buffer->size = (size_t)(write_varint(buffer->data + buffer->size, value) - buffer->data);
    return 0;
}

static inline int buffer_bytes(Buffer *buffer, const void *data, size_t size)
{
    if (buffer_reserve(buffer, size) < 0)
        return -1;
    if (size)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return 0;
}

/* table.c */
extern PyType_Spec table_spec;
Py_ssize_t slot_offset(PyObject *cls, const char *name);

static inline const Field *find_field(const Table *table, uint32_t number)
{
    if (number < table->dense_size) {
        uint16_t index = table->dense[number];
        return index ? &table->fields[index - 1] : NULL;
    }
    Py_ssize_t low = 0, high = table->field_count;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (table->fields[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->field_count && table->fields[low].number == number ? &table->fields[low] : NULL;
}

/* read.c: NULL without an exception if the Python code has to read the message. */
typedef const uint8_t *Position;
PyObject *read_whole(Context *context, Table *table, const uint8_t *data, Py_ssize_t size);
PyObject *blank(Context *context, Table *table);
PyObject *read_enum(const Field *field, int32_t number);
PyObject *read_scalar(const Field *field, Kind kind, Position *at, Position end);
Position read_long_varint(Position at, Position end, uint64_t *value);
Position skip_value(Position at, Position end, uint32_t tag, int depth, Buffer *copy);

static inline Position read_varint(Position at, Position end, uint64_t *value)
{
    if (at < end && *at < 0x80) {
        *value = *at;
        return at + 1;
    }
    return read_long_varint(at, end, value);
}

/* The tag of a field, NULL if it is none. */
static inline Position read_tag(Position at, Position end, uint32_t *tag)
{
    uint64_t value;
    Position after = read_varint(at, end, &value);
    if (!after || after - at > 5 || value > UINT32_MAX || value < 8)
        return NULL;
    *tag = (uint32_t)value;
    return after;
}

/* The length of what follows, which is there. */
static inline Position read_size(Position at, Position end, Py_ssize_t *size)
{
    uint64_t value;
    Position after = read_varint(at, end, &value);
    if (!after || after - at > 5 || value > (uint64_t)(end - after))
        return NULL;
    *size = (Py_ssize_t)value;
    return after;
}

/* write.c: -1 without an exception if the Python code has to write the message. */
PyObject *write_whole(Context *context, Table *table, PyObject *message);
int write_scalar(Buffer *out, const Field *field, Kind kind, PyObject *value);
int is_default(Kind kind, PyObject *value);
int close_size(Buffer *out, size_t start);
int integer_of(Kind kind, PyObject *value, uint64_t *made);
int has_extensions(const Table *table, PyObject *message);

static inline int open_size(Buffer *out, size_t *start)
{
    if (buffer_reserve(out, 1) < 0)
        return -1;
    *start = ++out->size;
    return 0;
}

/* times.c */
int times_setup(void);
PyObject *read_timestamp(Context *context, Position at, Position end, int depth);
PyObject *read_duration(Context *context, Position at, Position end, int depth);
int write_timestamp(Context *context, Buffer *out, PyObject *value);
int write_duration(Context *context, Buffer *out, PyObject *value);

PyObject *timestamp_of_text(Context *context, Position text, Py_ssize_t size);
PyObject *duration_of_text(Context *context, Position text, Py_ssize_t size);
int json_timestamp(Context *context, Buffer *out, PyObject *value);
int json_duration(Context *context, Buffer *out, PyObject *value);

/* wellknown.c */
PyObject *read_wellknown(Context *context, const Field *field, Position at, Position end, int depth);
int write_wellknown(Context *context, Buffer *out, const Field *field, PyObject *value, int depth);

/* json_write.c: like write.c */
PyObject *json_whole(Context *context, Table *table, PyObject *message);
int json_string(Context *context, Buffer *out, PyObject *value);

/* A letter beyond ASCII in UTF-8; where it ends. */
static inline uint8_t *utf8(uint8_t *at, uint32_t letter)
{
    if (letter < 0x800)
        *at++ = (uint8_t)(0xC0 | letter >> 6);
    else {
        if (letter < 0x10000)
            *at++ = (uint8_t)(0xE0 | letter >> 12);
        else {
            *at++ = (uint8_t)(0xF0 | letter >> 18);
            *at++ = (uint8_t)(0x80 | (letter >> 12 & 63));
        }
        *at++ = (uint8_t)(0x80 | (letter >> 6 & 63));
    }
    *at++ = (uint8_t)(0x80 | (letter & 63));
    return at;
}

/* json_scalars.c */
static inline void skip_space(Position *at, Position end)
{
    while (*at < end && (**at == ' ' || **at == '\n' || **at == '\t' || **at == '\r'))
        ++*at;
}

/* Whether a mark comes next, which is behind then. */
static inline int accept(Position *at, Position end, char mark)
{
    skip_space(at, end);
    if (*at >= end || **at != (uint8_t)mark)
        return 0;
    ++*at;
    return 1;
}

int accept_word(Position *at, Position end, const char *word);
Position plain_string(Position *at, Position end, Py_ssize_t *size);
PyObject *read_string(Position *at, Position end);
PyObject *read_integer(Kind kind, Position *at, Position end, int quoted);
int read_number(Position *at, Position end, double *made);
PyObject *json_read_scalar(const Field *field, Kind kind, Position *at, Position end);

/* json_read.c: like read.c */
PyObject *json_read_whole(Context *context, Table *table, const uint8_t *data, Py_ssize_t size);

/* kinds.c */
int kind_named(const char *name, Kind *kind, Kind *inner);
Wire wire_of(Kind kind);

/* Of 64 bits, which JSON has in quotes. */
static inline int is_wide(Kind kind)
{
    return kind == KIND_INT64 || kind == KIND_UINT64 || kind == KIND_SINT64 || kind == KIND_FIXED64 ||
           kind == KIND_SFIXED64;
}

static inline int is_packable(Kind kind)
{
    return kind <= KIND_ENUM;
}

#endif
