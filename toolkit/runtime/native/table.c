/* Table: what is known of a class of messages. It is made empty, since types refer to each other, and defined when it is
 * first needed. */
#include "native.h"
#include <structmember.h>

#define DENSE_LIMIT 512

/* Where objects of a class keep an attribute; 0 if that is not in a slot. */
Py_ssize_t slot_offset(PyObject *cls, const char *name)
{
    PyObject *found = PyObject_GetAttrString(cls, name);
    Py_ssize_t offset = 0;
    if (!found) {
        PyErr_Clear();
        return 0;
    }
    if (Py_IS_TYPE(found, &PyMemberDescr_Type)) {
        PyMemberDescrObject *descriptor = (PyMemberDescrObject *)found;
        if (PyType_IsSubtype((PyTypeObject *)cls, PyDescr_TYPE(descriptor)) &&
            descriptor->d_member->type == T_OBJECT_EX && !(descriptor->d_member->flags & READONLY))
            offset = descriptor->d_member->offset;
    }
    Py_DECREF(found);
    return offset;
}

/* Whether a class was written in Python, and its bases too: objects of others need more than memory to begin with. */
static int is_plain(PyTypeObject *type)
{
    for (; type && type != &PyBaseObject_Type; type = type->tp_base) {
        if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type->tp_itemsize)
            return 0;
    }
    return type != NULL;
}

static int wrong(const char *what)
{
    PyErr_SetString(PyExc_LookupError, what);
    return -1;
}

static int define_slot(Slot *slot, PyObject *cls, PyObject *given)
{
    const char *name;
    PyObject *value;
    int initial;
    if (!PyTuple_Check(given))
        return wrong("a slot is no tuple");
    if (!PyArg_ParseTuple(given, "siO", &name, &initial, &value))
        return -1;
    slot->offset = slot_offset(cls, name);
    if (!slot->offset)
        return wrong("an attribute is not in a slot");
    slot->initial = (uint8_t)initial;
    slot->value = Py_NewRef(value);
    return 0;
}

/* A name in JSON, with what comes behind it. */
static PyObject *name_text(PyObject *name)
{
    Context context = {0};
    Buffer text = {0};
    if (json_string(&context, &text, name) == 0 && buffer_bytes(&text, ": ", 2) == 0)
        return buffer_finish(&text);
    buffer_clear(&text);
    if (!PyErr_Occurred())
        wrong("a name is not text");
    return NULL;
}

static int define_members(Field *field, PyObject *members, PyObject *names, PyObject *numbers)
{
    if (!PyDict_Check(members) || !PyDict_Check(names) || !PyDict_Check(numbers))
        return wrong("an enum needs its members");
    field->members = Py_NewRef(members);
    field->names = Py_NewRef(names);
    field->numbers = Py_NewRef(numbers);
    field->small = PyMem_Calloc(SMALL_ENUM, sizeof(PyObject *));
    if (!field->small) {
        PyErr_NoMemory();
        return -1;
    }
    for (long number = 0; number < SMALL_ENUM; number++) {
        PyObject *key = PyLong_FromLong(number);
        if (!key)
            return -1;
        field->small[number] = Py_XNewRef(PyDict_GetItemWithError(members, key));
        Py_DECREF(key);
        if (!field->small[number] && PyErr_Occurred())
            return -1;
    }
    return 0;
}

static int define_variant(Field *field, PyObject *variant)
{
    if (!PyType_Check(variant) || !is_plain((PyTypeObject *)variant))
        return wrong("a case is not a class of its own");
    field->variant = (PyTypeObject *)Py_NewRef(variant);
    field->variant_offset = slot_offset(variant, "value");
    return field->variant_offset ? 0 : wrong("a case has no slot");
}

static int define_field(Field *field, PyObject *cls, PyTypeObject *table_type, PyObject *given)
{
    const char *name, *kind, *key;
    PyObject *child, *members, *variant;
    unsigned int number;
    int shape, presence, closed, loose;
    PyObject *json_name, *proto_name, *names, *numbers;
    Kind found, inner, key_kind = KIND_STRING, ignored;
    if (!PyTuple_Check(given))
        return wrong("a field is no tuple");
    if (!PyArg_ParseTuple(
            given, "IsssiippOOOUUOO", &number, &name, &kind, &key, &shape, &presence, &closed, &loose, &child, &members,
            &variant, &json_name, &proto_name, &names, &numbers))
        return -1;
    if (!kind_named(kind, &found, &inner) || (*key && !kind_named(key, &key_kind, &ignored)))
        return wrong("a kind is not known");
    if (number < 1 || number > 0x1FFFFFFF || shape < SHAPE_SINGLE || shape > SHAPE_MAP ||
        (shape == SHAPE_PACKED && !is_packable(found)))
        return wrong("a field makes no sense");
    if (shape == SHAPE_MAP && (!*key || key_kind > KIND_STRING || key_kind == KIND_ENUM || found == KIND_GROUP))
        return wrong("a map makes no sense");
    field->number = number;
    field->kind = (uint8_t)found;
    field->inner = (uint8_t)inner;
    field->key = (uint8_t)key_kind;
    field->shape = (uint8_t)shape;
    field->wire = (uint8_t)wire_of(found);
    field->presence = (uint8_t)presence;
    field->closed = (uint8_t)closed;
    field->loose = (uint8_t)loose;
    field->is_null = found == KIND_ENUM && inner == KIND_ENUM;
    Wire outer = shape == SHAPE_PACKED || shape == SHAPE_MAP ? WIRE_BYTES : (Wire)field->wire;
    field->tag_size = (uint8_t)(write_varint(field->tag, (uint64_t)number << 3 | outer) - field->tag);
    field->offset = slot_offset(cls, name);
    if (!field->offset)
        return wrong("an attribute is not in a slot");
    if (found == KIND_MESSAGE || found == KIND_GROUP) {
        if (!Py_IS_TYPE(child, table_type))
            return wrong("a message needs a table");
        field->child = (Table *)Py_NewRef(child);
    }
    if (found == KIND_ENUM && define_members(field, members, names, numbers) < 0)
        return -1;
    field->json_text = name_text(json_name);
    field->name_text = field->json_text ? name_text(proto_name) : NULL;
    if (!field->name_text)
        return -1;
    return variant == Py_None ? 0 : define_variant(field, variant);
}

static void clear_definition(Table *table)
{
    table->defined = 0;
    Slot *slots = table->slots;
    Field *fields = table->fields;
    Py_ssize_t slot_count = table->slot_count, field_count = table->field_count;
    table->slots = NULL;
    table->fields = NULL;
    table->slot_count = table->field_count = 0;
    PyMem_Free(table->dense);
    table->dense = NULL;
    table->dense_size = 0;
    for (Py_ssize_t index = 0; index < slot_count; index++)
        Py_XDECREF(slots[index].value);
    for (Py_ssize_t index = 0; index < field_count; index++) {
        Field *field = &fields[index];
        Py_XDECREF(field->child);
        Py_XDECREF(field->members);
        Py_XDECREF(field->names);
        Py_XDECREF(field->numbers);
        Py_XDECREF(field->json_text);
        Py_XDECREF(field->name_text);
        Py_XDECREF(field->variant);
        for (int number = 0; field->small && number < SMALL_ENUM; number++)
            Py_XDECREF(field->small[number]);
        PyMem_Free(field->small);
    }
    PyMem_Free(slots);
    PyMem_Free(fields);
    Py_CLEAR(table->cls);
}

/* Which field a number is, and which members a oneof has. */
static int define_order(Table *table)
{
    table->dense_size = 1;
    for (Py_ssize_t index = 0; index < table->field_count; index++) {
        Field *field = &table->fields[index];
        if (index && field->number <= table->fields[index - 1].number)
            return wrong("the fields are not in order");
        if (field->number < DENSE_LIMIT)
            table->dense_size = field->number + 1;
        for (Py_ssize_t before = index - 1; field->variant && before >= 0; before--) {
            if (table->fields[before].variant && table->fields[before].offset == field->offset) {
                table->fields[before].next_member = field;
                field->follows = 1;
                break;
            }
        }
    }
    table->dense = PyMem_Calloc(table->dense_size, sizeof(uint16_t));
    if (!table->dense) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t index = 0; index < table->field_count && table->fields[index].number < table->dense_size; index++)
        table->dense[table->fields[index].number] = (uint16_t)(index + 1);
    return 0;
}

static int define(Table *table, PyObject *cls, PyObject *slots, PyObject *fields, PyTypeObject *table_type)
{
    PyTypeObject *type = (PyTypeObject *)cls;
    if (!is_plain(type) || !PyType_IS_GC(type))
        return wrong("the class is not one of messages");
    table->cls = (PyTypeObject *)Py_NewRef(cls);
    table->slots = PyMem_Calloc((size_t)PyList_GET_SIZE(slots) + 1, sizeof(Slot));
    table->fields = PyMem_Calloc((size_t)PyList_GET_SIZE(fields) + 1, sizeof(Field));
    if (!table->slots || !table->fields) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(slots); index++) {
        table->slot_count = index + 1;
        if (define_slot(&table->slots[index], cls, PyList_GET_ITEM(slots, index)) < 0)
            return -1;
    }
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(fields); index++) {
        table->field_count = index + 1;
        if (define_field(&table->fields[index], cls, table_type, PyList_GET_ITEM(fields, index)) < 0)
            return -1;
    }
    table->unknown_offset = slot_offset(cls, "_unknown");
    table->extensions_offset = slot_offset(cls, "_extensions");
    return table->unknown_offset ? define_order(table) : wrong("the class is not one of messages");
}

static PyObject *table_define(PyObject *self, PyObject *arguments)
{
    PyObject *cls, *slots, *fields;
    int has_json;
    Table *table = (Table *)self;
    if (!PyArg_ParseTuple(
            arguments, "O!O!O!p", &PyType_Type, &cls, &PyList_Type, &slots, &PyList_Type, &fields, &has_json))
        return NULL;
    if (table->defined) /* by another thread */
        Py_RETURN_NONE;
    Table made = {0};
    if (define(&made, cls, slots, fields, Py_TYPE(self)) < 0) {
        clear_definition(&made);
        return NULL;
    }
    if (table->defined) { /* while Python ran */
        clear_definition(&made);
        Py_RETURN_NONE;
    }
    table->cls = made.cls;
    table->slots = made.slots;
    table->slot_count = made.slot_count;
    table->fields = made.fields;
    table->field_count = made.field_count;
    table->dense = made.dense;
    table->dense_size = made.dense_size;
    table->unknown_offset = made.unknown_offset;
    table->extensions_offset = made.extensions_offset;
    table->has_json = has_json;
    table->defined = 1;
    Py_RETURN_NONE;
}

static PyObject *outcome(Context *context, PyObject *made)
{
    if (made)
        return made;
    if (context->pending)
        return Py_NewRef(context->pending);
    if (PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError))
            return NULL; /* KeyboardInterrupt and the like */
        PyErr_Clear(); /* what Python raises as well, and says where */
    }
    Py_RETURN_NONE;
}

static PyObject *table_read(PyObject *self, PyObject *content)
{
    Context context = {.state = PyType_GetModuleState(Py_TYPE(self))};
    PyObject *made = NULL;
    if (!((Table *)self)->defined)
        context.pending = (Table *)self;
    else if (PyBytes_CheckExact(content) && PyBytes_GET_SIZE(content) <= INT32_MAX)
        made = read_whole(
            &context, (Table *)self, (const uint8_t *)PyBytes_AS_STRING(content), PyBytes_GET_SIZE(content));
    return outcome(&context, made);
}

static PyObject *table_write(PyObject *self, PyObject *message)
{
    Context context = {.state = PyType_GetModuleState(Py_TYPE(self))};
    PyObject *made = NULL;
    if (!((Table *)self)->defined)
        context.pending = (Table *)self;
    else
        made = write_whole(&context, (Table *)self, message);
    return outcome(&context, made);
}

static PyObject *table_to_json(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    Context context = {.state = PyType_GetModuleState(Py_TYPE(self))};
    PyObject *made = NULL;
    if (count != 2 || !PyLong_Check(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "expected a message and a style");
        return NULL;
    }
    context.style = (int)(PyLong_AsUnsignedLongMask(arguments[1]) & 7);
    if (!((Table *)self)->defined)
        context.pending = (Table *)self;
    else
        made = json_whole(&context, (Table *)self, arguments[0]);
    return outcome(&context, made);
}

static PyObject *table_from_json(PyObject *self, PyObject *text)
{
    Context context = {.state = PyType_GetModuleState(Py_TYPE(self))};
    PyObject *made = NULL, *bytes = NULL;
    if (!((Table *)self)->defined)
        context.pending = (Table *)self;
    else if (PyUnicode_CheckExact(text) && PyUnicode_IS_COMPACT_ASCII(text))
        made = json_read_whole(&context, (Table *)self, PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text));
    else if (PyBytes_CheckExact(text) || PyUnicode_CheckExact(text)) {
        bytes = PyBytes_CheckExact(text) ? Py_NewRef(text) : PyUnicode_AsUTF8String(text);
        if (bytes)
            made = json_read_whole(
                &context, (Table *)self, (const uint8_t *)PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
    }
    made = outcome(&context, made);
    Py_XDECREF(bytes);
    return made;
}

static PyObject *table_new(PyTypeObject *type, PyObject *arguments, PyObject *named)
{
    PyObject *source;
    if (!PyArg_ParseTuple(arguments, "O", &source))
        return NULL;
    Table *made = (Table *)type->tp_alloc(type, 0);
    if (made)
        made->source = Py_NewRef(source);
    return (PyObject *)made;
}

static int table_traverse(PyObject *self, visitproc visit, void *arg)
{
    Table *table = (Table *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(table->source);
    Py_VISIT(table->cls);
    for (Py_ssize_t index = 0; index < table->slot_count; index++)
        Py_VISIT(table->slots[index].value);
    for (Py_ssize_t index = 0; index < table->field_count; index++) {
        Py_VISIT(table->fields[index].child);
        Py_VISIT(table->fields[index].members);
        Py_VISIT(table->fields[index].names);
        Py_VISIT(table->fields[index].numbers);
        Py_VISIT(table->fields[index].variant);
        for (int number = 0; table->fields[index].small && number < SMALL_ENUM; number++)
            Py_VISIT(table->fields[index].small[number]);
    }
    return 0;
}

static int table_clear(PyObject *self)
{
    clear_definition((Table *)self);
    Py_CLEAR(((Table *)self)->source);
    return 0;
}

static void table_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    table_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"define", table_define, METH_VARARGS, "Say what the class, its slots and its fields are."},
    {"read", table_read, METH_O, "The message of bytes; None to let Python do it, or a table to be defined first."},
    {"write", table_write, METH_O, "The bytes of a message; None to let Python do it, or a table to be defined first."},
    {"to_json", (PyCFunction)(void (*)(void))table_to_json, METH_FASTCALL,
     "The ProtoJSON of a message, in a style of jsonout.py; otherwise like write."},
    {"from_json", table_from_json, METH_O, "The message of ProtoJSON; otherwise like read."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"source", T_OBJECT, offsetof(Table, source), READONLY, "What it is defined by."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, table_new},
    {Py_tp_traverse, table_traverse},
    {Py_tp_clear, table_clear},
    {Py_tp_dealloc, table_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {0, NULL},
};

PyType_Spec table_spec = {
    .name = "toolkit.runtime._native.Table",
    .basicsize = sizeof(Table),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
