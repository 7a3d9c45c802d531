/* `tagwise.scanning._kernel`: the plain part of the header reader for Python, without its lock while it reads. */
#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>

#include "header.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    PyObject_HEAD
    header_plan plan;
} kernel;

static void plan_end(header_plan *plan)
{
    for (uint32_t index = 0; plan->referring && index < plan->referring_count; index++)
        free(plan->referring[index]);
    free(plan->referring);
    free(plan->wanted);
    free(plan->own);
    free(plan->in_meta);
    memset(plan, 0, sizeof *plan);
}

static int by_tag(const void *left, const void *right)
{
    uint32_t first = ((const wanted_tag *)left)->tag, second = ((const wanted_tag *)right)->tag;
    return (first > second) - (first < second);
}

/* The arguments are lists of tuples; each of these functions is 0 with an exception set. */

static int plan_vrs(header_plan *plan, PyObject *vrs)
{
    for (Py_ssize_t index = 0; index < PyList_Size(vrs); index++) {
        const char *letters, *number;
        int kind;
        if (!PyArg_ParseTuple(PyList_GetItem(vrs, index), "sis", &letters, &kind, &number))
            return 0;
        if (strlen(letters) != 2 || letters[0] < 'A' || letters[0] > 'Z' || letters[1] < 'A' || letters[1] > 'Z') {
            PyErr_SetString(PyExc_ValueError, "a VR has two capital letters");
            return 0;
        }
        plan->vrs[(letters[0] - 'A') * 26 + (letters[1] - 'A')] = (vr_rule){(uint8_t)kind, *number};
    }
    return 1;
}

static int plan_columns(header_plan *plan, PyObject *columns)
{
    Py_ssize_t count = PyList_Size(columns);
    plan->columns = (uint32_t)count;
    plan->own = calloc((size_t)count + 1, sizeof *plan->own);
    plan->in_meta = calloc((size_t)count + 1, 1);
    if (!plan->own || !plan->in_meta) {
        PyErr_NoMemory();
        return 0;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        const char *number;
        int kind, in_meta;
        if (!PyArg_ParseTuple(PyList_GetItem(columns, index), "isp", &kind, &number, &in_meta))
            return 0;
        plan->own[index] = (vr_rule){(uint8_t)kind, *number};
        plan->in_meta[index] = (uint8_t)in_meta;
    }
    return 1;
}

static int plan_wanted(header_plan *plan, PyObject *wanted)
{
    Py_ssize_t count = PyList_Size(wanted);
    plan->wanted = calloc((size_t)count + 1, sizeof *plan->wanted);
    if (!plan->wanted) {
        PyErr_NoMemory();
        return 0;
    }
    plan->transfer_syntax = plan->character_set = plan->sop_class = -1;
    for (Py_ssize_t index = 0; index < count; index++) {
        unsigned int tag;
        int place;
        if (!PyArg_ParseTuple(PyList_GetItem(wanted, index), "Ii", &tag, &place))
            return 0;
        if (place < 0 || place >= count) {
            PyErr_SetString(PyExc_ValueError, "a place is not among the wanted attributes");
            return 0;
        }
        plan->wanted[index] = (wanted_tag){tag, place};
        if (tag == 0x00020010)
            plan->transfer_syntax = place;
        else if (tag == 0x00080005)
            plan->character_set = place;
        else if (tag == 0x00080016)
            plan->sop_class = place;
        if (tag >> 16 != 2 && tag > plan->last)
            plan->last = tag;
    }
    plan->wanted_count = (uint32_t)count;
    qsort(plan->wanted, (size_t)count, sizeof *plan->wanted, by_tag);
    if (plan->transfer_syntax < 0 || plan->character_set < 0 || plan->sop_class < 0 || plan->columns > count) {
        PyErr_SetString(PyExc_ValueError, "transfer syntax, character set, SOP class and all columns must be wanted");
        return 0;
    }
    return 1;
}

static int plan_referring(header_plan *plan, PyObject *referring)
{
    Py_ssize_t count = PyList_Size(referring);
    plan->referring = calloc((size_t)count + 1, sizeof *plan->referring);
    if (!plan->referring) {
        PyErr_NoMemory();
        return 0;
    }
    plan->referring_count = (uint32_t)count;
    for (Py_ssize_t index = 0; index < count; index++) {
        const char *start = PyBytes_AsString(PyList_GetItem(referring, index));
        if (!start)
            return 0;
        plan->referring[index] = malloc(strlen(start) + 1);
        if (!plan->referring[index]) {
            PyErr_NoMemory();
            return 0;
        }
        strcpy(plan->referring[index], start);
    }
    return 1;
}

static PyObject *kernel_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    PyObject *vrs, *columns, *wanted, *referring;
    (void)names;
    if (!PyArg_ParseTuple(args, "O!O!O!O!:Kernel", &PyList_Type, &vrs, &PyList_Type, &columns, &PyList_Type, &wanted,
                          &PyList_Type, &referring))
        return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    kernel *self = (kernel *)allocate(type, 0);
    if (!self)
        return NULL;
    if (!plan_vrs(&self->plan, vrs) || !plan_columns(&self->plan, columns) || !plan_wanted(&self->plan, wanted)
        || !plan_referring(&self->plan, referring)) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void kernel_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    plan_end(&((kernel *)self)->plan);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *digest_text(const header_reader *reader)
{
    char text[2 * DIGEST_BYTES + 1];
    for (int place = 0; place < DIGEST_BYTES; place++)
        PyOS_snprintf(text + 2 * place, 3, "%02x", reader->digest[place]);
    return PyUnicode_FromString(text);
}

/* The values and the digest of one object, or None. */
static PyObject *single(const header_reader *reader, enum outcome outcome)
{
    if (outcome == NO_MEMORY)
        return PyErr_NoMemory();
    if (outcome == NOT_PLAIN)
        Py_RETURN_NONE;
    PyObject *values = PyTuple_New((Py_ssize_t)reader->plan->columns);
    for (uint32_t column = 0; values && column < reader->plan->columns; column++) {
        const header_value *value = &reader->values[column];
        PyObject *text = Py_None;
        if (value->start >= 0)
            text = PyUnicode_DecodeUTF8((const char *)reader->bytes + value->start, (Py_ssize_t)value->size, "strict");
        else
            Py_INCREF(text);
        if (!text || PyTuple_SetItem(values, (Py_ssize_t)column, text))
            Py_CLEAR(values);
    }
    if (!values)
        return NULL;
    return Py_BuildValue("NNLL", values, digest_text(reader), (long long)reader->file_size,
                         (long long)reader->modified);
}

static PyObject *read_bytes(PyObject *self, PyObject *object)
{
    char *data;
    Py_ssize_t size;
    header_reader reader;
    if (PyBytes_AsStringAndSize(object, &data, &size))
        return NULL;
    PyObject *row = NULL;
    if (!header_begin(&reader, &((kernel *)self)->plan))
        PyErr_NoMemory();
    else
        row = single(&reader, header_of_bytes(&reader, (const uint8_t *)data, (size_t)size));
    header_end(&reader);
    return row;
}

static PyObject *read_file(PyObject *self, PyObject *path)
{
    header_reader reader;
    char *name;
    if (PyBytes_AsStringAndSize(path, &name, NULL))
        return NULL;
    PyObject *row = NULL;
    if (!header_begin(&reader, &((kernel *)self)->plan)) {
        PyErr_NoMemory();
    } else {
        enum outcome outcome;
        Py_BEGIN_ALLOW_THREADS
        outcome = header_of_file(&reader, name);
        Py_END_ALLOW_THREADS
        row = single(&reader, outcome);
    }
    header_end(&reader);
    return row;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Reads files until the time is over or the text enough, at least one; returns how many, or -1 without memory. */
static Py_ssize_t read_all(header_reader *reader, row_table *table, const char **names, uint8_t *plain,
                           Py_ssize_t count, double seconds, size_t most)
{
    double late = now() + seconds;
    Py_ssize_t done = 0;
    while (done < count) {
        enum outcome outcome = header_of_file(reader, names[done]);
        if (outcome == NO_MEMORY || (outcome == PLAIN && !rows_add(table, reader)))
            return -1;
        plain[done++] = outcome == PLAIN;
        if (table->used > most || now() > late)
            break;
    }
    return done;
}

static PyObject *bytes_of(const void *data, size_t size)
{
    return PyBytes_FromStringAndSize(data, (Py_ssize_t)size);
}

static PyObject *table_object(const row_table *table, const uint8_t *plain, Py_ssize_t done)
{
    PyObject *columns = PyList_New(0);
    for (uint32_t index = 0; columns && index < table->columns; index++) {
        const text_column *text = &table->texts[index];
        size_t used = (size_t)text->offsets[table->count];
        PyObject *column = Py_BuildValue("NNN", bytes_of(text->validity, (size_t)table->count / 8 + 1),
                                         bytes_of(text->offsets, ((size_t)table->count + 1) * sizeof *text->offsets),
                                         bytes_of(text->bytes, used));
        if (!column || PyList_Append(columns, column))
            Py_CLEAR(columns);
        Py_XDECREF(column);
    }
    if (!columns)
        return NULL;
    return Py_BuildValue("NNNN", bytes_of(plain, (size_t)done),
                         bytes_of(table->sizes, table->count * sizeof *table->sizes),
                         bytes_of(table->modified, table->count * sizeof *table->modified), columns);
}

static PyObject *read_files(PyObject *self, PyObject *args)
{
    PyObject *paths;
    double seconds;
    Py_ssize_t most;
    if (!PyArg_ParseTuple(args, "O!dn:read_files", &PyTuple_Type, &paths, &seconds, &most))
        return NULL;
    Py_ssize_t count = PyTuple_Size(paths);
    header_reader reader = {0};
    row_table table = {0};
    PyObject *answer = NULL;
    /* The tuple and the bytes in it cannot change while other threads run. */
    const char **names = calloc((size_t)count + 1, sizeof *names);
    uint8_t *plain = calloc((size_t)count + 1, 1);
    if (!names || !plain || count > INT32_MAX || !header_begin(&reader, &((kernel *)self)->plan)
        || !rows_begin(&table, reader.plan->columns, (uint32_t)count)) {
        PyErr_NoMemory();
        goto end;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        char *name;
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(paths, index), &name, NULL))
            goto end;
        names[index] = name;
    }
    Py_ssize_t done;
    Py_BEGIN_ALLOW_THREADS
    done = read_all(&reader, &table, names, plain, count, seconds, (size_t)most);
    Py_END_ALLOW_THREADS
    answer = done < 0 ? PyErr_NoMemory() : table_object(&table, plain, done);
end:
    rows_end(&table);
    header_end(&reader);
    free(names);
    free(plain);
    return answer;
}

static PyMethodDef METHODS[] = {
    {"read_bytes", read_bytes, METH_O, "Values, digest, 0, 0 of an object in memory, or None where it is not plain."},
    {"read_file", read_file, METH_O, "Values, digest, size and time of change of a file, or None where it is not plain."},
    {"read_files", read_files, METH_VARARGS, "Rows of files by column."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot SLOTS[] = {
    {Py_tp_new, kernel_new},
    {Py_tp_dealloc, kernel_dealloc},
    {Py_tp_methods, METHODS},
    {Py_tp_doc, "Reads the headers of plain objects; `tagwise.scanning.kernel` says what it is called with."},
    {0, NULL},
};

static PyType_Spec KERNEL = {"tagwise.scanning._kernel.Kernel", sizeof(kernel), 0, Py_TPFLAGS_DEFAULT, SLOTS};

static PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT, "_kernel", "The plain part of the header reader, in C.", -1, NULL, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void)
{
    PyObject *module = PyModule_Create(&MODULE);
    PyObject *type = module ? PyType_FromSpec(&KERNEL) : NULL;
    if (!type || PyModule_AddObjectRef(module, "Kernel", type)) {
        Py_XDECREF(type);
        Py_XDECREF(module);
        return NULL;
    }
    Py_DECREF(type);
    return module;
}
