/* Rows by column, laid out as Arrow lays out text: validity bits, offsets, bytes. */
#ifndef TAGWISE_ROWS_H
#define TAGWISE_ROWS_H

#include "header.h"

typedef struct {
    uint8_t *validity; /* bit n: row n has a value */
    int32_t *offsets;  /* one more than rows */
    uint8_t *bytes;
    size_t room;
} text_column;

typedef struct {
    uint32_t columns; /* the header digest comes first, then those of the plan */
    uint32_t most;    /* rows that fit */
    uint32_t count;
    text_column *texts;
    int64_t *sizes;
    int64_t *modified;
    size_t used; /* bytes of text in all columns */
} row_table;

int rows_begin(row_table *table, uint32_t columns, uint32_t most);
void rows_end(row_table *table);

/* Adds what the reader has just read as a row; 0 without memory. */
int rows_add(row_table *table, const header_reader *reader);

#endif
