/* Values as text: the plain part of `tagwise.scanning.values`. */
#ifndef TAGWISE_VALUES_H
#define TAGWISE_VALUES_H

#include "header.h"

/* Takes `size` bytes behind the values found so far, and returns where; -1 without memory. */
int64_t value_room(header_reader *reader, size_t size);

/* Turns the values of the columns into UTF-8 without the one pad character. */
enum outcome value_texts(header_reader *reader);

#endif
