/*
 * strpool – every different byte string once, named by a small integer.
 *
 * Ids are dense and start at 1; 0 is "no string". Equal strings have equal ids, so
 * comparing ids compares strings. Strings may be any bytes but hold no NUL. Texts stay at
 * their address until the pool is released.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint32_t str_id;

struct strpool {
	struct strpool_block *blocks; /* newest first */
	const char **text;	      /* by id; text[0] is "" */
	uint32_t *hash;		      /* by id, to grow without hashing again */
	str_id *slots;		      /* open addressing, 0 = free */
	size_t count, text_cap, slot_count;
};

void strpool_init(struct strpool *pool);
void strpool_release(struct strpool *pool);
/** The id of @p text, added when new; NULL gives 0. */
str_id strpool_add(struct strpool *pool, const char *text);
str_id strpool_add_len(struct strpool *pool, const char *text, size_t len);
/** The id of @p text, or 0 when the pool does not have it. */
str_id strpool_find(const struct strpool *pool, const char *text);
str_id strpool_find_len(const struct strpool *pool, const char *text, size_t len);
/** The text of an id; "" for 0. */
static inline const char *strpool_text(const struct strpool *pool, str_id id)
{
	return pool->text[id];
}
