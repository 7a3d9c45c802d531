/* Columns that grow by a row at a time. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

int rows_begin(row_table *table, uint32_t columns, uint32_t most)
{
    memset(table, 0, sizeof *table);
    table->columns = columns + 1;
    table->most = most;
    table->texts = calloc(table->columns, sizeof *table->texts);
    table->sizes = calloc((size_t)most + 1, sizeof *table->sizes);
    table->modified = calloc((size_t)most + 1, sizeof *table->modified);
    if (!table->texts || !table->sizes || !table->modified)
        return 0;
    for (uint32_t index = 0; index < table->columns; index++) {
        text_column *text = &table->texts[index];
        text->validity = calloc((size_t)most / 8 + 1, 1);
        text->offsets = calloc((size_t)most + 1, sizeof *text->offsets);
        text->room = 16 * (size_t)most + 64;
        text->bytes = malloc(text->room);
        if (!text->validity || !text->offsets || !text->bytes)
            return 0;
    }
    return 1;
}

void rows_end(row_table *table)
{
    for (uint32_t index = 0; table->texts && index < table->columns; index++) {
        free(table->texts[index].validity);
        free(table->texts[index].offsets);
        free(table->texts[index].bytes);
    }
    free(table->texts);
    free(table->sizes);
    free(table->modified);
    memset(table, 0, sizeof *table);
}

static int add_text(row_table *table, text_column *text, const uint8_t *bytes, size_t size, int is_there)
{
    size_t used = (size_t)text->offsets[table->count];
    if (size > INT32_MAX - used)
        return 0;
    if (size > text->room - used) {
        size_t room = 2 * text->room + size;
        uint8_t *larger = realloc(text->bytes, room);
        if (!larger)
            return 0;
        text->bytes = larger;
        text->room = room;
    }
    if (size)
        memcpy(text->bytes + used, bytes, size);
    if (is_there)
        text->validity[table->count / 8] |= (uint8_t)(1u << table->count % 8);
    text->offsets[table->count + 1] = (int32_t)(used + size);
    table->used += size;
    return 1;
}

int rows_add(row_table *table, const header_reader *reader)
{
    static const char HEX[] = "0123456789abcdef";
    uint8_t digest[2 * DIGEST_BYTES];
    if (table->count >= table->most)
        return 0;
    for (int place = 0; place < DIGEST_BYTES; place++) {
        digest[2 * place] = (uint8_t)HEX[reader->digest[place] >> 4];
        digest[2 * place + 1] = (uint8_t)HEX[reader->digest[place] & 15];
    }
    if (!add_text(table, &table->texts[0], digest, sizeof digest, 1))
        return 0;
    for (uint32_t column = 0; column + 1 < table->columns; column++) {
        const header_value *value = &reader->values[column];
        int is_there = value->start >= 0;
        const uint8_t *bytes = is_there ? reader->bytes + value->start : NULL;
        if (!add_text(table, &table->texts[column + 1], bytes, is_there ? value->size : 0, is_there))
            return 0;
    }
    table->sizes[table->count] = reader->file_size;
    table->modified[table->count] = reader->modified;
    table->count++;
    return 1;
}
