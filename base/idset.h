/*
 * idset – a set of small integers (ids) as bits. It has a fixed size chosen at the start;
 * ids at or above it are programming errors.
 */
#pragma once

#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

struct idset {
	uint64_t *words;
	size_t size; /* ids 0 .. size - 1 */
};

static inline size_t idset_words(const struct idset *set)
{
	return (set->size + 63) / 64;
}

static inline void idset_init(struct idset *set, size_t size)
{
	set->size = size;
	set->words = mem_calloc(idset_words(set), sizeof(*set->words));
}

static inline void idset_release(struct idset *set)
{
	free(set->words);
	*set = (struct idset){ 0 };
}

static inline bool idset_has(const struct idset *set, size_t id)
{
	assert(id < set->size);
	return set->words[id / 64] >> (id % 64) & 1;
}

/** Add @p id; true when it was not there before. */
static inline bool idset_add(struct idset *set, size_t id)
{
	uint64_t bit = (uint64_t)1 << (id % 64);
	bool added;

	assert(id < set->size);
	added = !(set->words[id / 64] & bit);
	set->words[id / 64] |= bit;
	return added;
}

static inline void idset_remove(struct idset *set, size_t id)
{
	assert(id < set->size);
	set->words[id / 64] &= ~((uint64_t)1 << (id % 64));
}

static inline void idset_clear(struct idset *set)
{
	memset(set->words, 0, idset_words(set) * sizeof(*set->words));
}

/** Make @p set (of the same size) equal to @p other. */
static inline void idset_copy(struct idset *set, const struct idset *other)
{
	assert(set->size == other->size);
	memcpy(set->words, other->words, idset_words(set) * sizeof(*set->words));
}

static inline size_t idset_count(const struct idset *set)
{
	size_t n = 0;

	for (size_t i = 0; i < idset_words(set); i++)
		n += (size_t)__builtin_popcountll(set->words[i]);
	return n;
}

/** The first id at or after @p from that is in the set, or its size when there is none.
 */
static inline size_t idset_next(const struct idset *set, size_t from)
{
	for (; from < set->size; from++) {
		uint64_t rest = set->words[from / 64] >> (from % 64);

		if (rest) {
			from += (size_t)__builtin_ctzll(rest);
			return from < set->size ? from : set->size;
		}
		from |= 63;
	}
	return set->size;
}

/** Loop over the ids in rising order. */
#define idset_each(set, id)                                                              \
	for (size_t id = idset_next(set, 0); id < (set)->size;                           \
	     id = idset_next(set, id + 1))
