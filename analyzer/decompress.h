/*
 * decompress – a whole compressed file into memory, with a ceiling.
 *
 * Kernel modules and firmware are stored as .gz, .xz or .zst. What comes out of a few
 * bytes can be huge, so every call names the most it takes; nothing is kept of a file
 * that is damaged or larger.
 *
 *	kind = compression_of(head, head_len);
 *	r = decompress_fd(fd, kind, 64 << 20, &plain, err);
 *	if (r == 0)
 *		use(plain.data, plain.len);
 *	free(plain.data);
 */
#pragma once

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct decompressed {
	uint8_t *data; /* never NULL; the caller frees it */
	size_t len;
};

enum compression {
	COMPRESSION_NONE,
	COMPRESSION_GZIP,
	COMPRESSION_XZ,
	COMPRESSION_ZSTD,
};

/** Which of the formats begins like this; the first 6 bytes decide. */
enum compression compression_of(const uint8_t *head, size_t len);
/** "gzip", "xz", "zstd"; "none". */
const char *compression_name(enum compression kind);

/**
 * Decompress @p len bytes: all members or frames of them, one after the other.
 *
 * @param kind      not COMPRESSION_NONE
 * @param max       the most bytes to give, below 4 GiB
 * @param ret       set only on success
 * @return 0; -EBADMSG for a damaged or cut-off file; -EFBIG when there is more than
 *         @p max, or the file asks for more than 128 MiB to be read
 */
int decompress(const uint8_t *data, size_t len, enum compression kind, size_t max,
	       struct decompressed *ret, struct error *err);

/** The same of an open file, whose compressed size must also be at most @p max. */
int decompress_fd(int fd, enum compression kind, size_t max, struct decompressed *ret,
		  struct error *err);
