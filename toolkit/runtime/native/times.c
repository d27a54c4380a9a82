/* Timestamps and durations: datetime and timedelta, and the classes of this runtime for what has nanoseconds. */
#include "native.h"
#include <datetime.h>

#define NANOS 1000000000
#define FIRST_SECOND (-62135596800LL)
#define LAST_SECOND 253402300799LL
#define LONGEST 86399999913599LL /* as in times.py */
#define EPOCH_DAY 719162         /* days from 0001-01-01 to 1970-01-01 */

static const int BEFORE_MONTH[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

int times_setup(void)
{
    PyDateTime_IMPORT;
    return PyDateTimeAPI ? 0 : -1;
}

static int is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t day_of(int year, int month, int day)
{
    int64_t before = year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400;
    return days + BEFORE_MONTH[month - 1] + (month > 2 && is_leap(year)) + day - 1;
}

/* A moment in UTC of days after 0001-01-01, seconds and microseconds. */
static PyObject *moment(int64_t days, int second, int micros)
{
    int64_t centuries4 = days / 146097, left = days % 146097;
    int64_t centuries = left / 36524 < 4 ? left / 36524 : 3;
    left -= centuries * 36524;
    int64_t years4 = left / 1461;
    left %= 1461;
    int64_t years = left / 365 < 4 ? left / 365 : 3;
    left -= years * 365;
    int64_t year = centuries4 * 400 + centuries * 100 + years4 * 4 + years + 1;
    int leap = is_leap(year), month = 1;
    while (left >= BEFORE_MONTH[month] + (month > 1 && leap))
        month++;
    int day = (int)left - BEFORE_MONTH[month - 1] - (month > 2 && leap) + 1;
    return PyDateTimeAPI->DateTime_FromDateAndTime(
        (int)year, month, day, second / 3600, second / 60 % 60, second % 60, micros, PyDateTime_TimeZone_UTC,
        PyDateTimeAPI->DateTimeType);
}

static int read_parts(Position at, Position end, int depth, int64_t *seconds, int32_t *nanos)
{
    *seconds = 0;
    *nanos = 0;
    while (at < end) {
        uint32_t tag;
        uint64_t value;
        at = read_tag(at, end, &tag);
        if (!at)
            return -1;
        if (tag == 8 || tag == 16) {
            at = read_varint(at, end, &value);
            if (at && tag == 8)
                *seconds = (int64_t)value;
            else if (at)
                *nanos = (int32_t)(uint32_t)value;
        }
        else
            at = skip_value(at, end, tag, depth, NULL);
        if (!at)
            return -1;
    }
    return 0;
}

PyObject *read_timestamp(Context *context, Position at, Position end, int depth)
{
    int64_t seconds;
    int32_t nanos;
    if (read_parts(at, end, depth, &seconds, &nanos) < 0)
        return NULL;
    if (nanos % 1000 || seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS)
        return PyObject_CallFunction(context->state->timestamp_of, "Li", (long long)seconds, (int)nanos);
    int64_t since = seconds - FIRST_SECOND;
    return moment(since / 86400, (int)(since % 86400), nanos / 1000);
}

PyObject *read_duration(Context *context, Position at, Position end, int depth)
{
    int64_t seconds;
    int32_t nanos;
    if (read_parts(at, end, depth, &seconds, &nanos) < 0)
        return NULL;
    int differ = (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0);
    if (nanos % 1000 || seconds > LONGEST || seconds < -LONGEST || nanos <= -NANOS || nanos >= NANOS || differ)
        return PyObject_CallFunction(context->state->duration_of, "Li", (long long)seconds, (int)nanos);
    return PyDelta_FromDSU((int)(seconds / 86400), (int)(seconds % 86400), nanos / 1000);
}

/* The parts that one of this runtime's classes keeps; -1 if it keeps none. */
static int kept_parts(PyObject *value, Py_ssize_t offset, int64_t *seconds, int64_t *nanos)
{
    PyObject *parts = *slot_at(value, offset);
    if (!parts || !PyTuple_CheckExact(parts) || PyTuple_GET_SIZE(parts) != 2 ||
        !PyLong_CheckExact(PyTuple_GET_ITEM(parts, 0)) || !PyLong_CheckExact(PyTuple_GET_ITEM(parts, 1)))
        return -1;
    *seconds = PyLong_AsLongLong(PyTuple_GET_ITEM(parts, 0));
    *nanos = PyLong_AsLongLong(PyTuple_GET_ITEM(parts, 1));
    return PyErr_Occurred() || *nanos != (int32_t)*nanos ? -1 : 0;
}

static int write_parts(Buffer *out, int64_t seconds, int64_t nanos)
{
    if (buffer_reserve(out, 22) < 0)
        return -1;
    uint8_t *at = out->data + out->size;
    if (seconds) {
        *at++ = 8;
        at = write_varint(at, (uint64_t)seconds);
    }
    if (nanos) {
        *at++ = 16;
        at = write_varint(at, (uint64_t)nanos);
    }
    out->size = (size_t)(at - out->data);
    return 0;
}

int write_timestamp(Context *context, Buffer *out, PyObject *value)
{
    int64_t seconds, nanos;
    if (PyDateTime_CheckExact(value)) {
        if (PyDateTime_DATE_GET_TZINFO(value) != PyDateTime_TimeZone_UTC)
            return -1;
        int64_t day = day_of(PyDateTime_GET_YEAR(value), PyDateTime_GET_MONTH(value), PyDateTime_GET_DAY(value));
        int minutes = PyDateTime_DATE_GET_HOUR(value) * 60 + PyDateTime_DATE_GET_MINUTE(value);
        seconds = (day - EPOCH_DAY) * 86400 + minutes * 60 + PyDateTime_DATE_GET_SECOND(value);
        nanos = (int64_t)PyDateTime_DATE_GET_MICROSECOND(value) * 1000;
    }
    else if (
        !Py_IS_TYPE(value, context->state->timestamp) ||
        kept_parts(value, context->state->timestamp_parts, &seconds, &nanos) < 0)
        return -1;
    return write_parts(out, seconds, nanos);
}

/* Seconds and nanoseconds of one sign; -1 for what is not known here. */
static int duration_parts(Context *context, PyObject *value, int64_t *seconds, int64_t *nanos)
{
    if (PyDelta_CheckExact(value)) {
        *seconds = (int64_t)PyDateTime_DELTA_GET_DAYS(value) * 86400 + PyDateTime_DELTA_GET_SECONDS(value);
        *nanos = (int64_t)PyDateTime_DELTA_GET_MICROSECONDS(value) * 1000;
        if (*seconds < 0 && *nanos) {
            ++*seconds;
            *nanos -= NANOS;
        }
        return 0;
    }
    if (!Py_IS_TYPE(value, context->state->duration))
        return -1;
    return kept_parts(value, context->state->duration_parts, seconds, nanos);
}

int write_duration(Context *context, Buffer *out, PyObject *value)
{
    int64_t seconds, nanos;
    return duration_parts(context, value, &seconds, &nanos) < 0 ? -1 : write_parts(out, seconds, nanos);
}

/* That many digits of a number, behind a mark. Printing takes longer than all the rest. */
static uint8_t *digits(uint8_t *at, char mark, int64_t number, int count)
{
    *at++ = (uint8_t)mark;
    for (int index = count - 1; index >= 0; index--) {
        at[index] = (uint8_t)('0' + number % 10);
        number /= 10;
    }
    return at + count;
}

/* As many threes of digits as there are. */
static uint8_t *fraction(uint8_t *at, int64_t nanos)
{
    if (!nanos)
        return at;
    if (nanos % 1000000 == 0)
        return digits(at, '.', nanos / 1000000, 3);
    return nanos % 1000 == 0 ? digits(at, '.', nanos / 1000, 6) : digits(at, '.', nanos, 9);
}

int json_timestamp(Context *context, Buffer *out, PyObject *value)
{
    int64_t nanos, seconds;
    PyObject *shown = NULL;
    if (PyDateTime_CheckExact(value)) {
        if (PyDateTime_DATE_GET_TZINFO(value) != PyDateTime_TimeZone_UTC)
            return -1;
        shown = Py_NewRef(value);
        nanos = (int64_t)PyDateTime_DATE_GET_MICROSECOND(value) * 1000;
    }
    else {
        if (!Py_IS_TYPE(value, context->state->timestamp) ||
            kept_parts(value, context->state->timestamp_parts, &seconds, &nanos) < 0 || seconds < FIRST_SECOND ||
            seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS)
            return -1;
        shown = moment((seconds - FIRST_SECOND) / 86400, (int)((seconds - FIRST_SECOND) % 86400), 0);
    }
    if (!shown)
        return -1;
    int year = PyDateTime_GET_YEAR(shown), month = PyDateTime_GET_MONTH(shown), day = PyDateTime_GET_DAY(shown);
    int hour = PyDateTime_DATE_GET_HOUR(shown), minute = PyDateTime_DATE_GET_MINUTE(shown);
    int second = PyDateTime_DATE_GET_SECOND(shown);
    Py_DECREF(shown);
    if (buffer_reserve(out, 40) < 0)
        return -1;
    uint8_t *at = digits(out->data + out->size, '"', year, 4);
    at = digits(digits(at, '-', month, 2), '-', day, 2);
    at = digits(digits(digits(at, 'T', hour, 2), ':', minute, 2), ':', second, 2);
    at = fraction(at, nanos);
    *at++ = 'Z';
    *at++ = '"';
    out->size = (size_t)(at - out->data);
    return 0;
}

int json_duration(Context *context, Buffer *out, PyObject *value)
{
    int64_t seconds, nanos;
    char text[40];
    if (duration_parts(context, value, &seconds, &nanos) < 0 || seconds > 315576000000LL ||
        seconds < -315576000000LL || nanos <= -NANOS || nanos >= NANOS || (seconds < 0 && nanos > 0) ||
        (seconds > 0 && nanos < 0))
        return -1;
    int minus = seconds < 0 || nanos < 0;
    long long whole = seconds < 0 ? -seconds : seconds;
    int size = PyOS_snprintf(text, sizeof text, minus ? "\"-%lld" : "\"%lld", whole);
    if (buffer_bytes(out, text, (size_t)size) < 0 || buffer_reserve(out, 16) < 0)
        return -1;
    uint8_t *at = fraction(out->data + out->size, nanos < 0 ? -nanos : nanos);
    *at++ = 's';
    *at++ = '"';
    out->size = (size_t)(at - out->data);
    return 0;
}

/* Digits from a place of a text on; -1 if there are others. */
static int64_t number_at(Position text, int at, int count)
{
    int64_t made = 0;
    for (int index = at; index < at + count; index++) {
        if (text[index] < '0' || text[index] > '9')
            return -1;
        made = made * 10 + (text[index] - '0');
    }
    return made;
}

/* A point and up to nine digits, as nanoseconds; -1 if it is something else, 0 for nothing. */
static int64_t fraction_of(Position text, Py_ssize_t size)
{
    if (!size)
        return 0;
    if (size < 2 || size > 10 || *text != '.')
        return -1;
    int64_t made = number_at(text, 1, (int)size - 1);
    for (Py_ssize_t digits = size; made > 0 && digits < 10; digits++)
        made *= 10;
    return made;
}

/* A moment in UTC, such as 2026-01-31T12:00:00.5Z. */
PyObject *timestamp_of_text(Context *context, Position text, Py_ssize_t size)
{
    if (size < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[size - 1] != 'Z')
        return NULL;
    int64_t year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
    int64_t hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
    int64_t nanos = fraction_of(text + 19, size - 20);
    if (year < 1 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59 || nanos < 0)
        return NULL;
    int last = BEFORE_MONTH[month] - BEFORE_MONTH[month - 1] + (month == 2 && is_leap(year));
    if (day > last)
        return NULL;
    int64_t days = day_of((int)year, (int)month, (int)day);
    int seconds = (int)(hour * 3600 + minute * 60 + second);
    if (nanos % 1000)
        return PyObject_CallFunction(
            context->state->timestamp_of, "Li", (long long)((days - EPOCH_DAY) * 86400 + seconds), (int)nanos);
    return PyDateTimeAPI->DateTime_FromDateAndTime(
        (int)year, (int)month, (int)day, (int)hour, (int)minute, (int)second, (int)(nanos / 1000),
        PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
}

/* A span, such as -1.5s. */
PyObject *duration_of_text(Context *context, Position text, Py_ssize_t size)
{
    int minus = size && *text == '-', digits = 0;
    text += minus;
    size -= minus + 1; /* the s */
    while (digits < size && digits < 13 && text[digits] >= '0' && text[digits] <= '9')
        digits++;
    if (size < 1 || !digits || digits > 12 || text[size] != 's')
        return NULL;
    int64_t seconds = number_at(text, 0, digits), nanos = fraction_of(text + digits, size - digits);
    if (nanos < 0 || seconds > 315576000000LL)
        return NULL;
    if (minus) {
        seconds = -seconds;
        nanos = -nanos;
    }
    if (nanos % 1000)
        return PyObject_CallFunction(context->state->duration_of, "Li", (long long)seconds, (int)nanos);
    return PyDelta_FromDSU((int)(seconds / 86400), (int)(seconds % 86400), (int)(nanos / 1000));
}
