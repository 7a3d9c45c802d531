/* Drives the native reader with damaged objects; compiled with the address and undefined behaviour sanitizers.
 *
 * Usage: fuzz_kernel ROUNDS SEED FILE...
 */
#define _GNU_SOURCE
#include "header.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t state;

static uint32_t chance(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? (uint32_t)(state >> 32) % below : 0;
}

static void set_vr(header_plan *plan, const char *letters, uint8_t kind, char number)
{
    plan->vrs[(letters[0] - 'A') * 26 + letters[1] - 'A'] = (vr_rule){kind, number};
}

static wanted_tag wanted[] = {
    {0x00020010, 0}, {0x00080005, 1}, {0x00080008, 2}, {0x00080016, 3}, {0x00080018, 4},
    {0x00080060, 5}, {0x00100010, 6}, {0x00100020, 7}, {0x00280009, 8}, {0x00280010, 9},
};
static vr_rule own[10];
static uint8_t in_meta[10] = {1};
static char *referring[] = {"1.2.840.10008.5.1.4.1.1.88."};

static header_plan plan_of_test(void)
{
    static const char *const texts[] = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM"};
    static const char *const under[] = {"LO", "LT", "PN", "SH", "ST"};
    static const char *const longs[] = {"OB", "OW", "UN", "OF", "OD", "OL", "OV"};
    header_plan plan = {.wanted = wanted, .wanted_count = 10, .columns = 10, .own = own, .in_meta = in_meta,
                        .transfer_syntax = 0, .character_set = 1, .sop_class = 3, .last = 0x00280010,
                        .referring = referring, .referring_count = 1};
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
        set_vr(&plan, texts[index], VR_SHORT | VR_SPACE_PAD, 0);
    for (size_t index = 0; index < sizeof under / sizeof *under; index++)
        set_vr(&plan, under[index], VR_SHORT | VR_SPACE_PAD | VR_CHARSET, 0);
    for (size_t index = 0; index < sizeof longs / sizeof *longs; index++)
        set_vr(&plan, longs[index], VR_LONG, 0);
    set_vr(&plan, "UI", VR_SHORT | VR_NUL_PAD, 0);
    set_vr(&plan, "SQ", VR_LONG | VR_SEQUENCE, 0);
    set_vr(&plan, "UC", VR_LONG | VR_SPACE_PAD | VR_CHARSET, 0);
    set_vr(&plan, "US", VR_SHORT | VR_NUMBER, 'H');
    set_vr(&plan, "SS", VR_SHORT | VR_NUMBER, 'h');
    set_vr(&plan, "UL", VR_SHORT | VR_NUMBER, 'L');
    set_vr(&plan, "SV", VR_LONG | VR_NUMBER, 'q');
    set_vr(&plan, "AT", VR_SHORT | VR_NUMBER, 'T');
    set_vr(&plan, "FD", VR_SHORT | VR_NUMBER, 'd');
    for (int column = 0; column < 10; column++)
        own[column] = (vr_rule){VR_SHORT | VR_SPACE_PAD | VR_CHARSET, 0};
    own[8] = (vr_rule){VR_SHORT | VR_NUMBER, 'T'};
    own[9] = (vr_rule){VR_SHORT | VR_NUMBER, 'H'};
    return plan;
}

static size_t damage(uint8_t *data, size_t size, size_t near)
{
    static const uint8_t pieces[][8] = {
        {0xFF, 0xFF, 0xFF, 0xFF}, {0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF}, {0xFE, 0xFF, 0x0D, 0xE0},
        {0xFE, 0xFF, 0xDD, 0xE0}, {'S', 'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, {'U', 'N', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
        {'O', 'B', 0, 0, 0xF0, 0xFF, 0xFF, 0xFF}, {0, 0, 1, 0}, {'S', 'V', 0, 0, 7, 0, 0, 0},
    };
    if (near > size)
        near = size;
    for (uint32_t changes = chance(4); changes && size > 16 && near > 16; changes--) {
        size_t at = chance((uint32_t)near - 8);
        switch (chance(4)) {
        case 0: data[at] ^= (uint8_t)(1u << chance(8)); break;
        case 1: data[at] = (uint8_t)chance(256); break;
        case 2: memcpy(data + at, pieces[chance(sizeof pieces / sizeof *pieces)], 8); break;
        default: if (chance(3) == 0) size = at + chance(9); near = near > size ? size : near;
        }
    }
    return size;
}

int main(int count, char **arguments)
{
    header_plan plan = plan_of_test();
    header_reader reader;
    unsigned long rounds = strtoul(arguments[1], NULL, 10), plain = 0, total = 0;
    state = strtoull(arguments[2], NULL, 10) | 1;
    if (!header_begin(&reader, &plan))
        return 3;
    for (int argument = 3; argument < count; argument++) {
        FILE *file = fopen(arguments[argument], "rb");
        static uint8_t original[400000];
        size_t whole = file ? fread(original, 1, sizeof original, file) : 0;
        if (file)
            fclose(file);
        row_table table;
        if (!rows_begin(&table, plan.columns, (uint32_t)rounds))
            return 3;
        for (unsigned long round = 0; round < rounds; round++) {
            uint8_t *data = malloc(whole + 1);
            memcpy(data, original, whole);
            size_t size = damage(data, whole, chance(8) ? 1500 : whole);
            uint8_t *exact = malloc(size + !size); /* one byte too far is seen */
            memcpy(exact, data, size);
            free(data);
            reader.file_size = 0;
            enum outcome in_memory = header_of_bytes(&reader, exact, size);
            uint8_t digest[DIGEST_BYTES];
            memcpy(digest, reader.digest, sizeof digest);
            int held = memfd_create("object", 0);
            char path[64];
            snprintf(path, sizeof path, "/proc/self/fd/%d", held);
            if (held < 0 || write(held, exact, size) != (ssize_t)size)
                return 3;
            enum outcome in_file = header_of_file(&reader, path);
            close(held);
            if (in_file != in_memory || (in_file == PLAIN && memcmp(digest, reader.digest, sizeof digest))) {
                fprintf(stderr, "%s: round %lu: %d in memory, %d in a file\n", arguments[argument], round, in_memory,
                        in_file);
                return 4;
            }
            if (in_file == PLAIN && !rows_add(&table, &reader))
                return 3;
            plain += in_file == PLAIN;
            total++;
            free(exact);
        }
        rows_end(&table);
    }
    header_end(&reader);
    printf("%lu of %lu plain\n", plain, total);
    return 0;
}
