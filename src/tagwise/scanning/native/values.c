/* The text of values. The rules are those of `values.py`; character sets other than the commonest are not plain. */
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE 0x1B

enum charset { LATIN_1, UTF_8, OTHER };

int64_t value_room(header_reader *reader, size_t size)
{
    if (size > reader->room - reader->used) {
        size_t room = 2 * reader->room + size;
        uint8_t *bytes = realloc(reader->bytes, room);
        if (!bytes)
            return -1;
        reader->bytes = bytes;
        reader->room = room;
    }
    int64_t start = (int64_t)reader->used;
    reader->used += size;
    return start;
}

/* What Specific Character Set says: the three terms that are plain, ISO_IR 6, 100 and 192, or none. */
static enum charset charset_of(const header_reader *reader)
{
    const header_value *value = &reader->values[reader->plan->character_set];
    if (value->start < 0)
        return LATIN_1;
    const uint8_t *term = reader->bytes + value->start;
    size_t size = value->size;
    while (size && (term[size - 1] == ' ' || !term[size - 1]))
        size--;
    while (size && (*term == ' ' || !*term))
        term++, size--;
    if (!size || (size == 8 && !memcmp(term, "ISO_IR 6", 8)) || (size == 10 && !memcmp(term, "ISO_IR 100", 10)))
        return LATIN_1;
    return size == 10 && !memcmp(term, "ISO_IR 192", 10) ? UTF_8 : OTHER;
}

static int is_utf_8(const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint8_t first = bytes[at++];
        if (first < 0x80)
            continue;
        size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first < 0xC2 || first > 0xF4 || more > size - at)
            return 0;
        uint8_t second = bytes[at];
        /* Longer than need be, a surrogate, or above U+10FFFF: the second byte tells. */
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90)
            || (first == 0xF4 && second > 0x8F))
            return 0;
        for (; more; more--)
            if ((bytes[at++] & 0xC0) != 0x80)
                return 0;
    }
    return 1;
}

static enum outcome from_latin_1(header_reader *reader, header_value *value)
{
    size_t high = 0;
    for (uint32_t at = 0; at < value->size; at++)
        high += reader->bytes[value->start + at] >> 7;
    int64_t start = value_room(reader, value->size + high);
    if (start < 0)
        return NO_MEMORY;
    const uint8_t *from = reader->bytes + value->start;
    uint8_t *to = reader->bytes + start;
    for (uint32_t at = 0; at < value->size; at++) {
        if (from[at] < 0x80) {
            *to++ = from[at];
        } else {
            *to++ = (uint8_t)(0xC0 | from[at] >> 6);
            *to++ = (uint8_t)(0x80 | (from[at] & 0x3F));
        }
    }
    value->start = start;
    value->size += (uint32_t)high;
    return PLAIN;
}

static uint64_t number_at(const uint8_t *bytes, size_t width)
{
    uint64_t number = 0;
    for (size_t place = width; place; place--)
        number = number << 8 | bytes[place - 1];
    return number;
}

static enum outcome from_numbers(header_reader *reader, header_value *value, char code)
{
    size_t width = code == 'H' || code == 'h' ? 2 : code == 'Q' || code == 'q' ? 8 : 4;
    if (!memchr("HhLlQqT", code, 7))
        return NOT_PLAIN; /* decimal text of floating point numbers is Python's business */
    if (value->size % width) {
        value->start = -1;
        return PLAIN;
    }
    size_t count = value->size / width, written = 0;
    int64_t start = value_room(reader, 21 * count + 1);
    if (start < 0)
        return NO_MEMORY;
    for (size_t index = 0; index < count; index++) {
        const uint8_t *bytes = reader->bytes + value->start + width * index;
        uint64_t number = code == 'T' ? number_at(bytes, 2) << 16 | number_at(bytes + 2, 2) : number_at(bytes, width);
        uint64_t sign = (uint64_t)1 << (8 * width - 1);
        char text[24];
        int length = code >= 'a' && number & sign
                         ? snprintf(text, sizeof text, "-%llu", (unsigned long long)(2 * sign - number))
                         : snprintf(text, sizeof text, "%llu", (unsigned long long)number);
        if (index)
            reader->bytes[start + (int64_t)written++] = '\\';
        memcpy(reader->bytes + start + written, text, (size_t)length);
        written += (size_t)length;
    }
    reader->used = (size_t)start + written;
    value->start = start;
    value->size = (uint32_t)written;
    return PLAIN;
}

static enum outcome from_text(header_reader *reader, header_value *value, uint8_t kind, enum charset charset)
{
    const uint8_t *bytes = reader->bytes + value->start;
    uint8_t pad = kind & VR_NUL_PAD ? 0 : ' ', high = 0;
    int escapes = 0;
    if (value->size && value->size % 2 == 0 && bytes[value->size - 1] == pad)
        value->size--;
    for (uint32_t at = 0; at < value->size; at++) {
        high |= bytes[at];
        escapes |= bytes[at] == ESCAPE;
    }
    if (kind & VR_CHARSET) {
        if (escapes || (high & 0x80 && charset == OTHER))
            return NOT_PLAIN;
        if (high & 0x80 && charset == UTF_8)
            return is_utf_8(bytes, value->size) ? PLAIN : NOT_PLAIN;
    }
    return high & 0x80 ? from_latin_1(reader, value) : PLAIN;
}

enum outcome value_texts(header_reader *reader)
{
    const header_plan *plan = reader->plan;
    enum charset charset = charset_of(reader);
    for (uint32_t column = 0; column < plan->columns; column++) {
        header_value *value = &reader->values[column];
        if (value->start < 0)
            continue;
        vr_rule rule = {0};
        if (value->vr)
            rule = plan->vrs[value->vr - 1];
        if (rule.kind & VR_SEQUENCE) {
            value->start = -1;
            continue;
        }
        if (!(rule.kind & (VR_NUL_PAD | VR_SPACE_PAD | VR_NUMBER)))
            rule = plan->own[column];
        enum outcome outcome = rule.kind & VR_NUMBER
                                   ? from_numbers(reader, value, rule.number)
                                   : from_text(reader, value, rule.kind, plan->in_meta[column] ? LATIN_1 : charset);
        if (outcome != PLAIN)
            return outcome;
    }
    return PLAIN;
}
