/* BLAKE2b (RFC 7693) without a key, for digests of 16 bytes. */
#ifndef TAGWISE_BLAKE2B_H
#define TAGWISE_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 16

typedef struct {
    uint64_t state[8];
    uint64_t counted; /* bytes compressed so far; 2^64 of them never come from one object */
    uint8_t block[128];
    size_t held; /* bytes in block */
} blake2b;

void blake2b_begin(blake2b *hash);
void blake2b_add(blake2b *hash, const uint8_t *data, size_t size);
void blake2b_end(blake2b *hash, uint8_t digest[DIGEST_BYTES]);

#endif
