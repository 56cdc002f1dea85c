/*
 * usage_sum – the sums over all evidence: rows that hang on a file and are told apart by a
 * key, each with what was added up, by how many pieces of evidence, and one of these as an
 * example. Adding is associative and commutative: the example is the evidence with the
 * least digest.
 */
#pragma once

#include "graph/usage_pack.h"

#define SUM_VALUES 3

struct sum_row {
	uint64_t key;
	uint64_t value[SUM_VALUES];
	uint32_t evidences, example; /* ids of evidence */
	uint32_t next; /* row of the same file with a greater key; 0: none */
};

struct usage_sum {
	uint32_t *first;	       /* [count]: row of each file; 0: none */
	uint32_t count;		       /* files: ids 0 .. count - 1 */
	ARRAY_OF(struct sum_row) rows; /* [0] unused */
	const char **digests;	       /* by id of evidence; borrowed, may move on */
};

void usage_sum_init(struct usage_sum *sum, uint32_t file_count);
void usage_sum_release(struct usage_sum *sum);

/** The normalized rows of one piece of evidence. */
void usage_sum_add_uses(struct usage_sum *sum, const use_rows *rows, uint32_t evidence);
void usage_sum_add_memory(struct usage_sum *sum, const memory_rows *rows,
			  uint32_t evidence);
/** A row as it was stored. */
void usage_sum_add_row(struct usage_sum *sum, file_id file, const struct sum_row *row);

/* Keys: of a use, and of memory (file is the executable there). */
uint64_t usage_sum_use_key(enum file_use_kind use, enum use_scope scope, file_id by);
uint64_t usage_sum_memory_key(enum use_scope scope, file_id mapped);
static inline enum file_use_kind usage_sum_key_use(uint64_t key)
{
	return (enum file_use_kind)(key >> 40);
}
static inline enum use_scope usage_sum_key_scope(uint64_t key)
{
	return (enum use_scope)(key >> 32 & 0xff);
}
static inline file_id usage_sum_key_file(uint64_t key)
{
	return (file_id)key;
}
