#include "base/strpool.h"

#include "base/macros.h"
#include "base/mem.h"

#include <string.h>

#define BLOCK_BYTES (64 * 1024)

struct strpool_block {
	struct strpool_block *next;
	size_t used, size;
	char bytes[];
};

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ (32 bit) */
static uint32_t hash_bytes(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

void strpool_init(struct strpool *pool)
{
	*pool = (struct strpool){ .text_cap = 256, .slot_count = 512 };
	pool->text = mem_calloc(pool->text_cap, sizeof(*pool->text));
	pool->hash = mem_calloc(pool->text_cap, sizeof(*pool->hash));
	pool->slots = mem_calloc(pool->slot_count, sizeof(*pool->slots));
	pool->text[0] = "";
}

void strpool_release(struct strpool *pool)
{
	while (pool->blocks) {
		struct strpool_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
	free(pool->text);
	free(pool->hash);
	free(pool->slots);
	*pool = (struct strpool){ 0 };
}

/* The slot that holds the string, or the free one where it belongs. */
static size_t find_slot(const struct strpool *pool, const char *text, size_t len,
			uint32_t h)
{
	size_t mask = pool->slot_count - 1;
	size_t i = h & mask;

	for (; pool->slots[i]; i = (i + 1) & mask) {
		str_id id = pool->slots[i];

		if (pool->hash[id] == h && strncmp(pool->text[id], text, len) == 0 &&
		    pool->text[id][len] == '\0')
			break;
	}
	return i;
}

static void grow_slots(struct strpool *pool)
{
	size_t mask;

	pool->slot_count *= 2;
	mask = pool->slot_count - 1;
	free(pool->slots);
	pool->slots = mem_calloc(pool->slot_count, sizeof(*pool->slots));
	for (str_id id = 1; id <= pool->count; id++) {
		size_t i = pool->hash[id] & mask;

		while (pool->slots[i])
			i = (i + 1) & mask;
		pool->slots[i] = id;
	}
}

static const char *store_bytes(struct strpool *pool, const char *text, size_t len)
{
	struct strpool_block *block = pool->blocks;
	char *copy;

	if (!block || block->size - block->used < len + 1) {
		size_t size = MAX2((size_t)BLOCK_BYTES, len + 1);

		block = mem_alloc(sizeof(*block) + size);
		*block = (struct strpool_block){ .next = pool->blocks, .size = size };
		pool->blocks = block;
	}
	copy = block->bytes + block->used;
	memcpy(copy, text, len);
	copy[len] = '\0';
	block->used += len + 1;
	return copy;
}

str_id strpool_add_len(struct strpool *pool, const char *text, size_t len)
{
	uint32_t h = hash_bytes(text, len);
	size_t slot = find_slot(pool, text, len, h);
	str_id id;

	if (pool->slots[slot])
		return pool->slots[slot];
	if (pool->count + 1 == pool->text_cap) {
		pool->text_cap *= 2;
		pool->text = mem_realloc(pool->text, pool->text_cap, sizeof(*pool->text));
		pool->hash = mem_realloc(pool->hash, pool->text_cap, sizeof(*pool->hash));
	}
	id = (str_id)++pool->count;
	pool->text[id] = store_bytes(pool, text, len);
	pool->hash[id] = h;
	pool->slots[slot] = id;
	if (pool->count * 4 > pool->slot_count * 3)
		grow_slots(pool);
	return id;
}

str_id strpool_add(struct strpool *pool, const char *text)
{
	return text ? strpool_add_len(pool, text, strlen(text)) : 0;
}

str_id strpool_find_len(const struct strpool *pool, const char *text, size_t len)
{
	return pool->slots[find_slot(pool, text, len, hash_bytes(text, len))];
}

str_id strpool_find(const struct strpool *pool, const char *text)
{
	return text ? strpool_find_len(pool, text, strlen(text)) : 0;
}
