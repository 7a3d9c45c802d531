/* The plain part of the header reader: Part 10 objects in little endian whose encoding has no fault.
 *
 * Nothing here explains a fault. Whatever is not plain is NOT_PLAIN, and `tagwise.scanning.reader` reads that object
 * from its start: so both readers give the same row. Nothing here knows Python; a fuzzer drives it directly.
 */
#ifndef TAGWISE_HEADER_H
#define TAGWISE_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "blake2b.h"

enum outcome { PLAIN = 0, NOT_PLAIN = 1, NO_MEMORY = 2 };

/* What a VR is, by its two letters; what the flags mean is said once, in `tagwise.scanning.values` and `elements`. */
enum vr_kind {
    VR_SHORT = 1,     /* its length has 16 bits in explicit VR */
    VR_LONG = 2,      /* 32 bits */
    VR_SEQUENCE = 4,  /* SQ: never a text */
    VR_NUL_PAD = 8,   /* text padded with NUL */
    VR_SPACE_PAD = 16, /* text padded with a space */
    VR_CHARSET = 32,  /* text under Specific Character Set */
    VR_NUMBER = 64,   /* binary numbers; `number` has their code */
};

typedef struct {
    uint8_t kind;
    char number; /* code of `struct`: H h L l Q q; T is a tag */
} vr_rule;

typedef struct {
    uint32_t tag;
    int32_t place; /* among the values of a row */
} wanted_tag;

typedef struct {
    vr_rule vrs[26 * 26];
    wanted_tag *wanted; /* sorted by tag */
    uint32_t wanted_count;
    uint32_t columns; /* the first places are columns; further ones are read for the reader's own use */
    vr_rule *own;     /* the VR of each column in the dictionary */
    uint8_t *in_meta; /* of each column: whether it stands in the file meta information */
    int32_t transfer_syntax, character_set, sop_class; /* places */
    uint32_t last;    /* the greatest tag of the data set that is wanted */
    char **referring; /* how UIDs of classes begin that the other reader has to look into */
    uint32_t referring_count;
} header_plan;

typedef struct {
    int64_t start; /* in `bytes`; -1: the attribute is absent */
    uint32_t size;
    uint16_t vr; /* index in header_plan.vrs plus 1; 0 in implicit VR */
} header_value;

/* One reader at work; it may be used for any number of objects, one after the other. */
typedef struct {
    const header_plan *plan;
    header_value *values; /* one per place */
    uint8_t *bytes;       /* values, in the order they were found */
    size_t used, room;
    uint8_t *window; /* a part of the object, from the offset `base` on */
    size_t window_room;
    const uint8_t *data; /* `window`, or an object in memory */
    uint64_t base, there; /* offset of data[0]; number of bytes in data */
    uint64_t size;        /* of the object */
    int file;             /* descriptor, or -1 where the object is in memory */
    uint64_t loaded, skipped;
    blake2b hash;
    uint64_t hashed;
    int hashing;
    uint8_t digest[DIGEST_BYTES];
    int64_t file_size, modified;
} header_reader;

int header_begin(header_reader *reader, const header_plan *plan);
void header_end(header_reader *reader);

/* Reads an object. Afterwards `values` are the texts of the columns in UTF-8, and `digest` is the header digest. */
enum outcome header_of_bytes(header_reader *reader, const uint8_t *data, size_t size);
enum outcome header_of_file(header_reader *reader, const char *path);

#endif
