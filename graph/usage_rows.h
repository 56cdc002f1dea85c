/*
 * usage_rows – the sums of a graph's evidence as they are stored: shared by usage.c, which
 * reads them, and usage_write.c, which adds to them.
 */
#pragma once

#include "base/strpool.h"
#include "graph/store.h"
#include "graph/usage_sum.h"

struct usage_rows {
	struct strpool digests;
	ARRAY_OF(const char *) digest; /* by id of evidence; [0] "" */
	struct usage_sum uses, memory;
	uint32_t file_count;
};

/** Read all. Release it also after an error. @return 0; -EIO; -EINVAL damaged */
int usage_rows_load(struct store *st, struct usage_rows *ret, struct error *err);
void usage_rows_release(struct usage_rows *rows);
/** Note one more digest, of the next id, which is returned. */
uint32_t usage_rows_add_digest(struct usage_rows *rows, const char *digest);
