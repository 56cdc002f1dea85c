/*
 * units – byte sizes as people write and read them.
 *
 * Written sizes: "4096", "10K", "10KiB", "1.5MB", "2 GiB", "20MB". K, M, G, T and KiB ..
 * TiB are powers of 1024, kB/KB, MB, GB, TB powers of 1000.
 */
#pragma once

#include "base/error.h"

#include <stdint.h>

enum units_style {
	UNITS_IEC, /* 1.5 MiB, base 1024 */
	UNITS_SI,  /* 1.6 MB, base 1000 */
};

#define UNITS_TEXT_MAX 24

/** "1.5 MiB" or "1.6 MB" into @p buf; returns @p buf. Below 1 K: "512 B". */
const char *units_format(char buf[UNITS_TEXT_MAX], uint64_t bytes,
			 enum units_style style);
/**
 * Read a size.
 * @return 0; -EINVAL with a text that names what is wrong; -ERANGE above 2^63 - 1
 */
int units_parse(const char *text, uint64_t *ret_bytes, struct error *err);
