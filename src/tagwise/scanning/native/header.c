/* The walk over the elements of a plain object. The rules are those of `reader.py` and `elements.py`.
 *
 * Every byte is reached through `at_hand`, which says how many bytes follow it. Offsets have 64 bits, lengths 32, and
 * the offset of an element is never above the size of the object, so no sum of them wraps.
 */
#define _FILE_OFFSET_BITS 64
#include "header.h"
#include "values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

#ifndef FIRST_READ /* the fuzzer makes them small, so that windows end everywhere */
#define FIRST_READ (16u * 1024) /* most headers fit */
#define FURTHER_READ (64u * 1024)
#endif
#define LARGEST_WINDOW (64u * 1024) /* a value of BULK bytes fits */
#define MOST_LOADED (8u * 1024 * 1024) /* far below MAX_WALKED of the other reader, which says when it is too much */
#define MOST_SKIPPED 1024u
#define BULK 0xFFFFu
#define UNDEFINED 0xFFFFFFFFu
#define ITEM 0xFFFEE000u
#define ITEM_END 0xFFFEE00Du
#define SEQUENCE_END 0xFFFEE0DDu

int header_begin(header_reader *reader, const header_plan *plan)
{
    memset(reader, 0, sizeof *reader);
    reader->plan = plan;
    uint32_t places = plan->columns;
    for (uint32_t index = 0; index < plan->wanted_count; index++)
        if ((uint32_t)plan->wanted[index].place >= places)
            places = (uint32_t)plan->wanted[index].place + 1;
    reader->values = calloc(places, sizeof *reader->values);
    reader->room = 16 * 1024;
    reader->bytes = malloc(reader->room);
    reader->window_room = LARGEST_WINDOW;
    reader->window = malloc(reader->window_room);
    return reader->values && reader->bytes && reader->window;
}

void header_end(header_reader *reader)
{
    free(reader->values);
    free(reader->bytes);
    free(reader->window);
    memset(reader, 0, sizeof *reader);
}

static void hash_to(header_reader *reader, uint64_t at)
{
    if (!reader->hashing || at <= reader->hashed)
        return;
    blake2b_add(&reader->hash, reader->data + (reader->hashed - reader->base), (size_t)(at - reader->hashed));
    reader->hashed = at;
}

/* Reads from the offset `at` on until the window has `count` bytes; 0 where the file gives less than it has. */
static int load(header_reader *reader, uint64_t at, size_t count)
{
    if (count > reader->size - at)
        count = (size_t)(reader->size - at);
    if (reader->loaded + count > MOST_LOADED)
        return 0;
    size_t done = 0;
    while (done < count) {
        ssize_t part = pread(reader->file, reader->window + done, count - done, (off_t)(at + done));
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return 0;
        done += (size_t)part;
    }
    reader->loaded += count;
    reader->data = reader->window;
    reader->base = at;
    reader->there = count;
    return 1;
}

/* The bytes from the offset `at` on, at least `need` of them or all there are; `there` is how many. NULL: not plain. */
static const uint8_t *at_hand(header_reader *reader, uint64_t at, size_t need, uint64_t *there)
{
    if (at > reader->size)
        return NULL;
    uint64_t position = at - reader->base;
    if (at >= reader->base && position <= reader->there
        && (reader->there - position >= need || reader->base + reader->there == reader->size)) {
        *there = reader->there - position;
        return reader->data + position;
    }
    /* All of an object in memory is at hand, unless it is huge. */
    if (reader->file < 0 || need > reader->window_room || at < reader->base)
        return NULL;
    hash_to(reader, at);
    if (!load(reader, at, need > FURTHER_READ ? need : FURTHER_READ))
        return NULL;
    *there = reader->there;
    return reader->data;
}

static uint32_t two(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t four(const uint8_t *bytes)
{
    return two(bytes) | two(bytes + 2) << 16;
}

static uint32_t tag_at(const uint8_t *bytes)
{
    return two(bytes) << 16 | two(bytes + 2);
}

static int is_capital(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z';
}

static int looks_explicit(const uint8_t *element)
{
    return is_capital(element[4]) && is_capital(element[5]);
}

/* Index of a VR plus 1, or 0 for one that is not in PS3.5. */
static uint16_t vr_at(const header_plan *plan, const uint8_t *letters)
{
    if (!is_capital(letters[0]) || !is_capital(letters[1]))
        return 0;
    unsigned index = (unsigned)(letters[0] - 'A') * 26 + (unsigned)(letters[1] - 'A');
    return plan->vrs[index].kind & (VR_SHORT | VR_LONG) ? (uint16_t)(index + 1) : 0;
}

static int32_t place_of(const header_plan *plan, uint32_t tag)
{
    uint32_t low = 0, high = plan->wanted_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->wanted[middle].tag < tag)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->wanted_count && plan->wanted[low].tag == tag ? plan->wanted[low].place : -1;
}

/* Tells whether a value without interest lies within the object, and keeps a long one out of the digest.
 *
 * `start` is within the window, or right behind it: the head of the element was at hand.
 */
static int pass_over(header_reader *reader, uint64_t start, uint32_t size)
{
    uint64_t there;
    if (start > reader->size || size > reader->size - start)
        return 0;
    if (size <= BULK) {
        /* It counts for the digest, so it has to be in the window. */
        return at_hand(reader, start, size, &there) && there >= size;
    }
    if (++reader->skipped > MOST_SKIPPED)
        return 0;
    hash_to(reader, start);
    if (reader->hashing)
        reader->hashed = start + size;
    if (start + size > reader->base + reader->there) {
        /* What is skipped is not read. The window is empty until somebody asks for more. */
        reader->base = start + size;
        reader->there = 0;
    }
    return 1;
}

/* The offset after a value of undefined length, or 0. `depth` is odd inside a sequence, even inside an item. */
static uint64_t after_items(header_reader *reader, uint64_t at, int outer_implicit)
{
    uint64_t depth = 1, implicit_since = 0;
    int implicit = outer_implicit;
    while (depth) {
        int in_item = depth % 2 == 0;
        uint64_t there, start = at + 8;
        const uint8_t *head = at_hand(reader, at, 12, &there);
        if (!head || there < 8)
            return 0;
        uint32_t tag = tag_at(head), size = four(head + 4);
        if (in_item && !implicit && (head[4] || head[5])) {
            uint16_t vr = vr_at(reader->plan, head + 4);
            if (!vr)
                return 0;
            if (reader->plan->vrs[vr - 1].kind & VR_SHORT) {
                size = two(head + 6);
            } else if (there >= 12) {
                size = four(head + 8);
                start = at + 12;
            } else {
                return 0;
            }
        }
        if (tag == ITEM_END) {
            at = start;
            if (in_item) {
                depth--;
                if (depth < implicit_since) {
                    implicit = outer_implicit;
                    implicit_since = 0;
                }
            }
        } else if (in_item == (tag == ITEM || tag == SEQUENCE_END)) {
            return 0;
        } else if (tag == SEQUENCE_END) {
            at = start;
            depth--;
        } else if (size == UNDEFINED) {
            depth++;
            at = start;
            if (!in_item && !implicit) {
                head = at_hand(reader, at, 6, &there);
                if (!head || there < 6)
                    return 0;
                if (!looks_explicit(head)) {
                    implicit = 1;
                    implicit_since = depth;
                }
            }
        } else {
            if (!pass_over(reader, start, size))
                return 0;
            at = start + size;
        }
    }
    return at;
}

static enum outcome keep(header_reader *reader, int32_t place, uint64_t start, uint32_t size, uint16_t vr)
{
    uint64_t there;
    if (size > BULK)
        return NOT_PLAIN;
    const uint8_t *value = at_hand(reader, start, size, &there);
    if (!value || there < size)
        return NOT_PLAIN;
    int64_t kept = value_room(reader, size);
    if (kept < 0)
        return NO_MEMORY;
    memcpy(reader->bytes + kept, value, size);
    reader->values[place] = (header_value){.start = kept, .size = size, .vr = vr};
    return PLAIN;
}

/* Walks from `*at` to the first tag above `last`, or to the end of the object. */
static enum outcome walk(header_reader *reader, uint64_t *at, uint32_t after, uint32_t last, int implicit)
{
    for (;;) {
        uint64_t there, start = *at + 8;
        const uint8_t *head = at_hand(reader, *at, 12, &there);
        if (!head)
            return NOT_PLAIN;
        if (!there)
            return PLAIN;
        if (there < 8)
            return NOT_PLAIN;
        uint32_t tag = tag_at(head), size = four(head + 4);
        if (tag > last)
            return PLAIN;
        if (tag <= after)
            return NOT_PLAIN;
        uint16_t vr = 0;
        if (!implicit) {
            vr = vr_at(reader->plan, head + 4);
            if (!vr)
                return NOT_PLAIN;
            if (reader->plan->vrs[vr - 1].kind & VR_SHORT) {
                size = two(head + 6);
            } else if (there >= 12) {
                size = four(head + 8);
                start = *at + 12;
            } else {
                return NOT_PLAIN;
            }
        }
        if (size == UNDEFINED) {
            uint64_t end = after_items(reader, start, implicit);
            if (!end)
                return NOT_PLAIN;
            *at = end;
            continue;
        }
        /* A group 0002 inside the data set is not the file meta information. */
        int32_t place = after || tag > 0x0002FFFF ? place_of(reader->plan, tag) : -1;
        if (place >= 0) {
            enum outcome kept = keep(reader, place, start, size, vr);
            if (kept != PLAIN)
                return kept;
        } else if (!pass_over(reader, start, size)) {
            return NOT_PLAIN;
        }
        *at = start + size;
    }
}

/* Tells whether a value, without blanks at its end, is this text. */
static int is_text(const header_reader *reader, int32_t place, const char *text)
{
    const header_value *value = &reader->values[place];
    if (value->start < 0)
        return 0;
    const uint8_t *bytes = reader->bytes + value->start;
    size_t size = value->size;
    while (size && (bytes[size - 1] == ' ' || !bytes[size - 1]))
        size--;
    return size == strlen(text) && !memcmp(bytes, text, size);
}

static int needs_the_other(const header_reader *reader)
{
    static const char *const SYNTAXES[] = {
        "1.2.840.10008.1.2.2", /* big endian */
        "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205", /* deflated */
    };
    if (reader->values[reader->plan->transfer_syntax].start < 0)
        return 1;
    for (size_t index = 0; index < sizeof SYNTAXES / sizeof *SYNTAXES; index++)
        if (is_text(reader, reader->plan->transfer_syntax, SYNTAXES[index]))
            return 1;
    return 0;
}

static int refers(const header_reader *reader)
{
    const header_value *value = &reader->values[reader->plan->sop_class];
    if (value->start < 0)
        return 0;
    for (uint32_t index = 0; index < reader->plan->referring_count; index++) {
        size_t size = strlen(reader->plan->referring[index]);
        if (size <= value->size && !memcmp(reader->bytes + value->start, reader->plan->referring[index], size))
            return 1;
    }
    return 0;
}

/* The window or the object is in place, its first bytes at hand. */
static enum outcome read_object(header_reader *reader)
{
    uint64_t at = 132, there;
    for (uint32_t index = 0; index < reader->plan->wanted_count; index++)
        reader->values[reader->plan->wanted[index].place].start = -1;
    reader->used = 0;
    reader->skipped = 0;
    reader->hashing = 0;
    if (reader->there < 140 || memcmp(reader->data + 128, "DICM", 4) || !looks_explicit(reader->data + at))
        return NOT_PLAIN;
    enum outcome walked = walk(reader, &at, 0x0001FFFF, 0x0002FFFF, 0);
    if (walked != PLAIN)
        return walked;
    if (needs_the_other(reader))
        return NOT_PLAIN;
    const uint8_t *first = at_hand(reader, at, 8, &there);
    if (!first || there < 8 || !two(first))
        return NOT_PLAIN;
    blake2b_begin(&reader->hash);
    reader->hashing = 1;
    reader->hashed = at;
    walked = walk(reader, &at, 0, reader->plan->last, !looks_explicit(first));
    if (walked != PLAIN)
        return walked;
    if (refers(reader))
        return NOT_PLAIN;
    hash_to(reader, at);
    blake2b_end(&reader->hash, reader->digest);
    return value_texts(reader);
}

enum outcome header_of_bytes(header_reader *reader, const uint8_t *data, size_t size)
{
    reader->file = -1;
    reader->data = data;
    reader->base = 0;
    reader->size = size;
    reader->there = size < MOST_LOADED ? size : MOST_LOADED;
    reader->loaded = 0;
    return read_object(reader);
}

static int modified_of(const struct stat *status, int64_t *modified)
{
#ifdef __APPLE__
    const struct timespec *time = &status->st_mtimespec;
#else
    const struct timespec *time = &status->st_mtim;
#endif
    if (time->tv_sec < -9000000000 || time->tv_sec > 9000000000)
        return 0; /* 64 bits of nanoseconds end in the year 2262: the other reader knows what to store */
    *modified = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
    return 1;
}

static enum outcome read_open(header_reader *reader)
{
    struct stat status;
    if (fstat(reader->file, &status) || !S_ISREG(status.st_mode) || !modified_of(&status, &reader->modified))
        return NOT_PLAIN;
    if (status.st_size <= 140)
        return NOT_PLAIN;
    reader->size = (uint64_t)status.st_size;
    reader->file_size = (int64_t)status.st_size;
    reader->base = reader->there = reader->loaded = 0;
    reader->hashing = 0;
    if (!load(reader, 0, FIRST_READ))
        return NOT_PLAIN;
    return read_object(reader);
}

enum outcome header_of_file(header_reader *reader, const char *path)
{
    struct stat status;
    /* Opening is not harmless: it ends a pipe's writer, rewinds a tape, starts a watchdog. */
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return NOT_PLAIN;
    reader->file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (reader->file < 0)
        return NOT_PLAIN;
    enum outcome outcome = read_open(reader);
    close(reader->file);
    reader->file = -1;
    return outcome;
}
