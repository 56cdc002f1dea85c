#include "analyzer/evidence.h"

#include "analyzer/rpm_digest.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define FIRST_SLOTS 1024

void evidence_init(struct evidence *ev, const char *source)
{
	*ev = (struct evidence){
		.source = source,
		.begin = -1,
		.end = -1,
		.complete = true,
		.max_uses = EVIDENCE_MAX_USES,
		.slot_count = FIRST_SLOTS,
	};
	ev->slots = mem_calloc(ev->slot_count, sizeof(*ev->slots));
	strpool_init(&ev->strings);
}

void evidence_release(struct evidence *ev)
{
	strpool_release(&ev->strings);
	array_release(&ev->uses);
	array_release(&ev->memory);
	array_release(&ev->modules);
	free(ev->slots);
	*ev = (struct evidence){ 0 };
}

static size_t hash_use(const struct evidence_use *use)
{
	uint64_t h = (uint64_t)use->path << 32 | use->by;

	h ^= (uint64_t)(use->use * 4u + use->scope) << 29;
	h *= 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio: spreads what differs little */
	return (size_t)(h >> 32); /* only the upper bits depend on all that came in */
}

static bool same_use(const struct evidence_use *a, const struct evidence_use *b)
{
	return a->path == b->path && a->by == b->by && a->use == b->use &&
	       a->scope == b->scope;
}

static uint32_t *find_slot(const struct evidence *ev, const struct evidence_use *use)
{
	size_t mask = ev->slot_count - 1, i = hash_use(use) & mask;

	while (ev->slots[i] && !same_use(&ev->uses.data[ev->slots[i] - 1], use))
		i = (i + 1) & mask;
	return &ev->slots[i];
}

static void index_uses(struct evidence *ev)
{
	memset(ev->slots, 0, ev->slot_count * sizeof(*ev->slots));
	array_each (&ev->uses, i)
		*find_slot(ev, &ev->uses.data[i]) = (uint32_t)i + 1;
}

static void grow(struct evidence *ev)
{
	ev->slot_count *= 2;
	free(ev->slots);
	ev->slots = mem_calloc(ev->slot_count, sizeof(*ev->slots));
	index_uses(ev);
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > (uint64_t)INT64_MAX - MIN2(b, (uint64_t)INT64_MAX) ? INT64_MAX : a + b;
}

static bool is_path(const char *path, size_t len)
{
	return len > 0 && len < PATH_MAX && path[0] == '/' && !memchr(path, '\0', len);
}

void evidence_use(struct evidence *ev, const struct evidence_event *event)
{
	size_t len = event->len ? event->len : strlen(event->path);
	size_t by_len = event->by ? strlen(event->by) : 0;
	struct evidence_use use = {
		.use = (uint8_t)event->use,
		.scope = (uint8_t)event->scope,
		.count = event->count ? event->count : 1,
	};
	uint32_t *slot;

	if (!is_path(event->path, len)) {
		ev->skipped++;
		return;
	}
	if (ev->uses.len >= ev->max_uses) {
		evidence_lost(ev, 1);
		return;
	}
	use.path = strpool_add_len(&ev->strings, event->path, len);
	if (is_path(event->by, by_len))
		use.by = strpool_add_len(&ev->strings, event->by, by_len);
	slot = find_slot(ev, &use);
	if (*slot) {
		struct evidence_use *old = &ev->uses.data[*slot - 1];

		old->count = add(old->count, use.count);
		return;
	}
	array_push(&ev->uses, use);
	*slot = (uint32_t)ev->uses.len;
	if (ev->uses.len * 2 > ev->slot_count)
		grow(ev);
}

void evidence_module(struct evidence *ev, const char *name)
{
	size_t len = strnlen(name, NAME_MAX + 1);

	if (len == 0 || len > NAME_MAX || strchr(name, '/'))
		ev->skipped++;
	else if (ev->modules.len >= ev->max_uses)
		evidence_lost(ev, 1);
	else
		array_push(&ev->modules, strpool_add_len(&ev->strings, name, len));
}

void evidence_time(struct evidence *ev, int64_t seconds)
{
	if (seconds < 0)
		return;
	if (ev->begin < 0 || seconds < ev->begin)
		ev->begin = seconds;
	if (seconds > ev->end)
		ev->end = seconds;
}

void evidence_lost(struct evidence *ev, uint64_t count)
{
	ev->lost = add(ev->lost, count);
	ev->complete = false;
}

static int by_text(const struct evidence *ev, str_id a, str_id b)
{
	return a == b ? 0 : strcmp(evidence_text(ev, a), evidence_text(ev, b));
}

static int compare_uses(const void *a, const void *b, void *arg)
{
	const struct evidence_use *x = a, *y = b;
	int r = by_text(arg, x->path, y->path);

	r = r ? r : (int)x->use - y->use;
	r = r ? r : (int)x->scope - y->scope;
	return r ? r : by_text(arg, x->by, y->by);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_memory(const void *a, const void *b, void *arg)
{
	const struct evidence_memory *x = a, *y = b;
	int r = by_text(arg, x->executable, y->executable);

	r = r ? r : (int)x->scope - y->scope;
	r = r ? r : by_text(arg, x->file, y->file);
	r = r ? r : compare_numbers(x->pss_bytes, y->pss_bytes);
	r = r ? r : compare_numbers(x->private_dirty_bytes, y->private_dirty_bytes);
	return r ? r : compare_numbers(x->processes, y->processes);
}

static int compare_modules(const void *a, const void *b, void *arg)
{
	return by_text(arg, *(const str_id *)a, *(const str_id *)b);
}

void evidence_sort(struct evidence *ev)
{
	size_t n = 0;

	/* what observe wrote is in order already */
	if (!array_is_sorted_with(&ev->uses, compare_uses, ev)) {
		array_sort_with(&ev->uses, compare_uses, ev);
		index_uses(ev);
	}
	array_sort_with(&ev->memory, compare_memory, ev);
	array_sort_with(&ev->modules, compare_modules, ev);
	array_each (&ev->modules, i)
		if (n == 0 || ev->modules.data[n - 1] != ev->modules.data[i])
			ev->modules.data[n++] = ev->modules.data[i];
	ev->modules.len = n;
}

/* Texts end with a NUL, numbers are in decimal digits: no two evidences look the same. */
static void digest_text(struct rpm_digest *digest, const char *text)
{
	rpm_digest_add(digest, text, strlen(text) + 1);
}

static void digest_numbers(struct rpm_digest *digest, const uint64_t *numbers, size_t n)
{
	char text[24];

	for (size_t i = 0; i < n; i++) {
		char *at = text + sizeof(text);
		uint64_t left = numbers[i];

		*--at = '\0';
		do
			*--at = (char)('0' + left % 10);
		while (left /= 10);
		rpm_digest_add(digest, at, (size_t)(text + sizeof(text) - at));
	}
}

#define DIGEST_NUMBERS(digest, ...)                                                      \
	digest_numbers(digest, (const uint64_t[]){ __VA_ARGS__ },                        \
		       sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

int evidence_digest(const struct evidence *ev, char ret[EVIDENCE_DIGEST_LEN + 1],
		    struct error *err)
{
	struct rpm_digest *digest = rpm_digest_new(err);

	if (!digest)
		return -ENOTSUP;
	digest_text(digest, "tare-evidence");
	digest_text(digest, ev->source);
	digest_text(digest, evidence_text(ev, ev->node));
	digest_text(digest, evidence_text(ev, ev->kernel));
	DIGEST_NUMBERS(digest, (uint64_t)ev->begin, (uint64_t)ev->end, ev->complete,
		       ev->whole_node, ev->lost, ev->uses.len, ev->memory.len);
	array_each (&ev->uses, i) {
		const struct evidence_use *use = &ev->uses.data[i];

		digest_text(digest, evidence_text(ev, use->path));
		digest_text(digest, evidence_text(ev, use->by));
		DIGEST_NUMBERS(digest, use->use, use->scope, use->count);
	}
	array_each (&ev->memory, i) {
		const struct evidence_memory *row = &ev->memory.data[i];

		digest_text(digest, evidence_text(ev, row->executable));
		digest_text(digest, evidence_text(ev, row->file));
		DIGEST_NUMBERS(digest, row->scope, row->processes, row->pss_bytes,
			       row->private_dirty_bytes);
	}
	array_each (&ev->modules, i)
		digest_text(digest, evidence_text(ev, ev->modules.data[i]));
	rpm_digest_end(digest, ret);
	return 0;
}
