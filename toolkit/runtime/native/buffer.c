/* Bytes that grow. The first memory is the caller's, and small; then they are in a Python object, so that they need not
 * be copied in the end. */
#include "native.h"

int buffer_grow(Buffer *buffer, size_t more)
{
    if (more > (size_t)PY_SSIZE_T_MAX / 4 || buffer->size > (size_t)PY_SSIZE_T_MAX / 4) {
        PyErr_NoMemory();
        return -1;
    }
    size_t room = buffer->size + buffer->size / 2 + more + 64;
    if (buffer->owner) {
        if (_PyBytes_Resize(&buffer->owner, (Py_ssize_t)room) < 0) {
            buffer->data = NULL;
            buffer->size = buffer->room = 0;
            return -1;
        }
    }
    else {
        PyObject *made = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)room);
        if (!made)
            return -1;
        if (buffer->size)
            memcpy(PyBytes_AS_STRING(made), buffer->data, buffer->size);
        buffer->owner = made;
    }
    buffer->data = (uint8_t *)PyBytes_AS_STRING(buffer->owner);
    buffer->room = room;
    return 0;
}

/* The bytes, as a new reference; the buffer is empty then. */
PyObject *buffer_finish(Buffer *buffer)
{
    PyObject *made;
    if (buffer->owner) {
        made = buffer->owner;
        buffer->owner = NULL;
        _PyBytes_Resize(&made, (Py_ssize_t)buffer->size); /* NULL with an exception if there is no memory */
    }
    else
        made = PyBytes_FromStringAndSize((char *)buffer->data, (Py_ssize_t)buffer->size);
    buffer->data = NULL;
    buffer->size = buffer->room = 0;
    return made;
}

void buffer_clear(Buffer *buffer)
{
    Py_CLEAR(buffer->owner);
}
