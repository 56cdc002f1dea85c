#include "graph/usage_pack.h"

#include <errno.h>
#include <stdbool.h>

#define PACK_VERSION 1
#define HAS_BY	     16u
#define HAS_COUNT    32u
#define VARINT_MAX   10

uint64_t usage_add(uint64_t a, uint64_t b)
{
	return a > USAGE_MAX - MIN2(b, USAGE_MAX) ? USAGE_MAX : a + b;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_uses(const void *a, const void *b)
{
	const struct use_row *x = a, *y = b;
	int r = order(x->file, y->file);

	r = r ? r : order(x->use, y->use);
	r = r ? r : order(x->scope, y->scope);
	return r ? r : order(x->by, y->by);
}

static int compare_memory(const void *a, const void *b)
{
	const struct memory_row *x = a, *y = b;
	int r = order(x->executable, y->executable);

	r = r ? r : order(x->scope, y->scope);
	return r ? r : order(x->file, y->file);
}

static int compare_uses_with(const void *a, const void *b, void *arg)
{
	(void)arg;
	return compare_uses(a, b);
}

void use_rows_normalize(use_rows *rows)
{
	size_t n = 0;

	if (!array_is_sorted_with(rows, compare_uses_with, NULL))
		array_sort(rows, compare_uses);
	array_each (rows, i) {
		struct use_row *row = &rows->data[i];
		struct use_row *last = n ? &rows->data[n - 1] : NULL;

		if (last && compare_uses(last, row) == 0)
			last->count = usage_add(last->count, row->count);
		else
			rows->data[n++] = *row;
	}
	rows->len = n;
}

void memory_rows_normalize(memory_rows *rows)
{
	size_t n = 0;

	array_sort(rows, compare_memory);
	array_each (rows, i) {
		struct memory_row *row = &rows->data[i];
		struct memory_row *last = n ? &rows->data[n - 1] : NULL;

		if (!last || compare_memory(last, row) != 0) {
			rows->data[n++] = *row;
			continue;
		}
		last->processes = usage_add(last->processes, row->processes);
		last->pss_bytes = usage_add(last->pss_bytes, row->pss_bytes);
		last->private_dirty_bytes =
			usage_add(last->private_dirty_bytes, row->private_dirty_bytes);
	}
	rows->len = n;
}

static void put(struct strbuf *out, uint64_t number)
{
	unsigned char bytes[VARINT_MAX];
	size_t n = 0;

	do {
		bytes[n] = (unsigned char)(number & 0x7f);
		number >>= 7;
		bytes[n++] |= number ? 0x80 : 0;
	} while (number);
	strbuf_add(out, bytes, n);
}

void use_rows_pack(const use_rows *rows, struct strbuf *out)
{
	file_id before = 0;

	strbuf_putc(out, PACK_VERSION);
	array_each (rows, i) {
		const struct use_row *row = &rows->data[i];
		unsigned int flags = row->use | (unsigned int)row->scope << 2;

		flags |= row->by ? HAS_BY : 0;
		flags |= row->count != 1 ? HAS_COUNT : 0;
		put(out, row->file - before);
		strbuf_putc(out, (char)flags);
		if (row->by)
			put(out, row->by);
		if (row->count != 1)
			put(out, row->count);
		before = row->file;
	}
}

void memory_rows_pack(const memory_rows *rows, struct strbuf *out)
{
	strbuf_putc(out, PACK_VERSION);
	array_each (rows, i) {
		const struct memory_row *row = &rows->data[i];

		put(out, row->executable);
		put(out, row->scope);
		put(out, row->file);
		put(out, row->processes);
		put(out, row->pss_bytes);
		put(out, row->private_dirty_bytes);
	}
}

/* What is left to read; after damage nothing is left and bad is set. */
struct reader {
	const unsigned char *at, *end;
	bool bad;
};

static uint64_t spoil(struct reader *in)
{
	in->bad = true;
	in->at = in->end;
	return 0;
}

static uint64_t get(struct reader *in, uint64_t max)
{
	uint64_t number = 0;

	for (unsigned int shift = 0; shift < 63 && in->at < in->end; shift += 7) {
		unsigned char byte = *in->at++;

		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return number <= max ? number : spoil(in);
	}
	return spoil(in);
}

static struct reader begin(const void *bytes, size_t len)
{
	struct reader in = { .at = bytes, .end = (const unsigned char *)bytes + len };

	if (get(&in, PACK_VERSION) != PACK_VERSION)
		spoil(&in);
	return in;
}

int use_rows_unpack(const void *bytes, size_t len, uint32_t file_count, use_rows *rows)
{
	struct reader in = begin(bytes, len);
	struct use_row last = { 0 };

	while (in.at < in.end) {
		struct use_row row = { 0 };
		unsigned int flags;

		row.file = last.file + (file_id)get(&in, file_count - last.file);
		flags = (unsigned int)get(&in, 0x3f);
		row.use = flags & 3;
		row.scope = flags >> 2 & 3;
		row.by = flags & HAS_BY ? (file_id)get(&in, file_count) : 0;
		row.count = flags & HAS_COUNT ? get(&in, USAGE_MAX) : 1;
		if (in.bad || row.file == 0 || row.use >= FILE_USE_COUNT ||
		    row.scope >= USE_SCOPE_COUNT || compare_uses(&last, &row) >= 0)
			return -EINVAL;
		last = row;
		array_push(rows, row);
	}
	return in.bad ? -EINVAL : 0;
}

int memory_rows_unpack(const void *bytes, size_t len, uint32_t file_count,
		       memory_rows *rows)
{
	struct reader in = begin(bytes, len);
	struct memory_row last = { 0 };

	for (bool first = true; in.at < in.end; first = false) {
		struct memory_row row;

		row.executable = (file_id)get(&in, file_count);
		row.scope = (uint8_t)get(&in, USE_SCOPE_COUNT - 1);
		row.file = (file_id)get(&in, file_count);
		row.processes = get(&in, USAGE_MAX);
		row.pss_bytes = get(&in, USAGE_MAX);
		row.private_dirty_bytes = get(&in, USAGE_MAX);
		if (in.bad || (!first && compare_memory(&last, &row) >= 0))
			return -EINVAL;
		last = row;
		array_push(rows, row);
	}
	return in.bad ? -EINVAL : 0;
}
