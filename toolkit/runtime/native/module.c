/* The module. It knows nothing of Python's side until configure() is called. */
#include "native.h"

static PyObject *configure(PyObject *module, PyObject *arguments)
{
    State *state = PyModule_GetState(module);
    PyObject *null, *timestamp, *duration;
    if (!PyArg_ParseTuple(arguments, "OO!O!", &null, &PyType_Type, &timestamp, &PyType_Type, &duration))
        return NULL;
    Py_ssize_t timestamp_parts = slot_offset(timestamp, "_parts"), duration_parts = slot_offset(duration, "_parts");
    if (!timestamp_parts || !duration_parts) {
        PyErr_SetString(PyExc_LookupError, "the parts are not in a slot");
        return NULL;
    }
    PyObject *timestamp_of = PyObject_GetAttrString(timestamp, "of");
    PyObject *duration_of = PyObject_GetAttrString(duration, "of");
    if (!timestamp_of || !duration_of) {
        Py_XDECREF(timestamp_of);
        Py_XDECREF(duration_of);
        return NULL;
    }
    Py_XSETREF(state->null, Py_NewRef(null));
    Py_XSETREF(state->timestamp, (PyTypeObject *)Py_NewRef(timestamp));
    Py_XSETREF(state->duration, (PyTypeObject *)Py_NewRef(duration));
    Py_XSETREF(state->timestamp_of, timestamp_of);
    Py_XSETREF(state->duration_of, duration_of);
    state->timestamp_parts = timestamp_parts;
    state->duration_parts = duration_parts;
    return Py_NewRef(state->table_type);
}

static int execute(PyObject *module)
{
    State *state = PyModule_GetState(module);
    if (times_setup() < 0)
        return -1;
    state->table_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &table_spec, NULL);
    return state->table_type ? 0 : -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->table_type);
    Py_VISIT(state->null);
    Py_VISIT(state->timestamp);
    Py_VISIT(state->duration);
    Py_VISIT(state->timestamp_of);
    Py_VISIT(state->duration_of);
    return 0;
}

static int clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->table_type);
    Py_CLEAR(state->null);
    Py_CLEAR(state->timestamp);
    Py_CLEAR(state->duration);
    Py_CLEAR(state->timestamp_of);
    Py_CLEAR(state->duration_of);
    return 0;
}

static PyMethodDef methods[] = {
    {"configure", configure, METH_VARARGS, "The class of tables; it needs NULL, Timestamp and Duration of this runtime."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Reads and writes messages for toolkit.runtime.native.", sizeof(State), methods,
    slots, traverse, clear, NULL,
};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
