/*
 * The pages of a Berkeley DB, one after the other. librpm has a reader too (bdb_ro), but it
 * trusts page sizes, item counts and chains of pages: a damaged database makes it read
 * beyond its buffers or never end.
 *
 * Page 0 describes the database: at 12 the magic, 16 the version, 20 the page size, 32 the
 * last page. Every page has its own number at 8, the next page of its chain at 16, the
 * count of items at 20, the used end of an overflow page at 22, its type at 25 and behind
 * that, from 26, the items' offsets: key, value, key, value. Hash items are stored
 * downwards from the page's end, so an item ends where the one before it begins; byte 0 is
 * its type (1 data, 3 on overflow pages: page number at 4, length at 8). Btree items carry
 * their length: at 0 the length, 2 the type (the same, bit 7: deleted), data from 3.
 */
#include "analyzer/rpm_record.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#define PAGE_HEAD 26u

enum page_type {
	PAGE_HASH_UNSORTED = 2,
	PAGE_BTREE_LEAF = 5,
	PAGE_OVERFLOW = 7,
	PAGE_HASH = 13,
};

enum item_type { ITEM_DATA = 1, ITEM_OVERFLOW = 3, ITEM_DELETED = 0x80 };

struct bdb {
	int fd;
	bool swapped, btree;
	uint32_t page_bytes, last_page;
	uint64_t left; /* bytes that chains may still have: they do not share pages */
	uint8_t *page, *chain_page;
	uint8_t *value; /* of overflow items, value_cap bytes */
	size_t value_cap;
	rpm_record_fn *fn;
	void *arg;
};

/* Bytes of an item, on the page or put together from overflow pages. */
struct item {
	const uint8_t *bytes;
	size_t len;
	const char *damage;
	bool deleted;
};

static uint32_t u32(const struct bdb *db, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return db->swapped ? __builtin_bswap32(v) : v;
}

static uint16_t u16(const struct bdb *db, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return db->swapped ? __builtin_bswap16(v) : v;
}

static bool read_page(const struct bdb *db, uint32_t number, uint8_t *page)
{
	off_t at = (off_t)number * db->page_bytes;

	return number <= db->last_page &&
	       io_pread(db->fd, page, db->page_bytes, at) == (ssize_t)db->page_bytes;
}

static void set_order(struct bdb *db, const uint8_t *meta)
{
	static const uint32_t hash = 0x00061561, btree = 0x00053162;
	uint32_t magic = u32(db, meta + 12);

	db->swapped =
		magic == __builtin_bswap32(hash) || magic == __builtin_bswap32(btree);
	db->btree = u32(db, meta + 12) == btree;
}

static int open_bdb(struct bdb *db, struct error *err)
{
	uint8_t meta[512];
	struct stat st;
	uint64_t pages;

	if (fstat(db->fd, &st) < 0)
		return error_errno(err, "fstat");
	if (io_pread(db->fd, meta, sizeof(meta), 0) != sizeof(meta))
		return error_set(err, -EINVAL, "it is shorter than a page");
	set_order(db, meta);
	db->page_bytes = u32(db, meta + 20);
	if (db->page_bytes < 512 || db->page_bytes > 65536 ||
	    (db->page_bytes & (db->page_bytes - 1)))
		return error_set(err, -EINVAL, "it claims pages of %u bytes",
				 db->page_bytes);
	pages = (uint64_t)st.st_size / db->page_bytes;
	db->left = (uint64_t)st.st_size;
	db->last_page = u32(db, meta + 32);
	if (pages < 2)
		return error_set(err, -EINVAL, "it has no page with data");
	db->page = mem_alloc(db->page_bytes);
	db->chain_page = mem_alloc(db->page_bytes);
	if (db->last_page < pages)
		return 0;
	db->last_page = (uint32_t)pages - 1;
	return 1;
}

/* Collect @p len bytes from the overflow pages that begin at @p number; all but the last
 * are full, so the chain cannot be longer than the bytes. */
static struct item read_overflow(struct bdb *db, uint32_t number, size_t len)
{
	struct item item = { .len = len };
	size_t done = 0;

	if (len == 0 || len > RPM_BLOB_MAX || len > db->left)
		return (struct item){ .damage = "its length cannot be" };
	db->left -= len;
	if (len > db->value_cap) {
		db->value = mem_realloc(db->value, len, 1);
		db->value_cap = len;
	}
	while (done < len) {
		size_t part = MIN2(len - done, (size_t)db->page_bytes - PAGE_HEAD);

		if (!number || !read_page(db, number, db->chain_page) ||
		    u32(db, db->chain_page + 8) != number ||
		    db->chain_page[25] != PAGE_OVERFLOW ||
		    u16(db, db->chain_page + 22) != part)
			return (struct item){ .damage = "a page of it is damaged" };
		memcpy(db->value + done, db->chain_page + PAGE_HEAD, part);
		done += part;
		number = u32(db, db->chain_page + 16);
	}
	item.bytes = db->value;
	return item;
}

/* Where item @p i of a hash page begins and ends. */
static struct item hash_item(struct bdb *db, uint32_t i)
{
	size_t begin = u16(db, db->page + PAGE_HEAD + 2 * i);
	size_t end = i ? u16(db, db->page + PAGE_HEAD + 2 * (i - 1)) : db->page_bytes;
	const uint8_t *p = db->page + begin;

	if (begin < PAGE_HEAD || begin >= end || end > db->page_bytes)
		return (struct item){ .damage = "its place on the page is wrong" };
	if (p[0] == ITEM_DATA)
		return (struct item){ .bytes = p + 1, .len = end - begin - 1 };
	if (p[0] == ITEM_OVERFLOW && end - begin == 12)
		return read_overflow(db, u32(db, p + 4), u32(db, p + 8));
	return (struct item){ .damage = "it is of an unknown type" };
}

static struct item btree_item(struct bdb *db, uint32_t i)
{
	size_t begin = u16(db, db->page + PAGE_HEAD + 2 * i);
	const uint8_t *p = db->page + begin;
	size_t len;

	if (begin < PAGE_HEAD || begin + 12 > db->page_bytes + 8)
		return (struct item){ .damage = "its place on the page is wrong" };
	len = u16(db, p);
	if (p[2] & ITEM_DELETED)
		return (struct item){ .deleted = true };
	if (p[2] == ITEM_DATA && begin + 3 + len <= db->page_bytes)
		return (struct item){ .bytes = p + 3, .len = len };
	if (p[2] == ITEM_OVERFLOW && begin + 12 <= db->page_bytes)
		return read_overflow(db, u32(db, p + 4), u32(db, p + 8));
	return (struct item){ .damage = "it is of an unknown type" };
}

static struct item get_item(struct bdb *db, uint32_t i)
{
	return db->btree ? btree_item(db, i) : hash_item(db, i);
}

static int one_pair(struct bdb *db, uint32_t i, struct error *err)
{
	struct item key = get_item(db, i);
	struct rpm_record record = { .damage = key.damage };
	struct item value;

	if (key.deleted)
		return 0;
	if (!key.damage && key.len != 4)
		record.damage = "its key is no header number";
	if (!record.damage) {
		record.number = u32(db, key.bytes);
		if (record.number == 0) /* the next free number */
			return 0;
		value = get_item(db, i + 1);
		if (value.deleted)
			return 0;
		record.damage = value.damage;
		record.bytes = value.damage ? NULL : value.bytes;
		record.len = value.len;
	}
	return db->fn(&record, db->arg, err);
}

static bool is_leaf(const struct bdb *db, const uint8_t *page)
{
	if (db->btree)
		return page[25] == PAGE_BTREE_LEAF;
	return page[25] == PAGE_HASH || page[25] == PAGE_HASH_UNSORTED;
}

static int one_page(struct bdb *db, uint32_t number, struct error *err)
{
	struct rpm_record damaged = { .damage = "a page is damaged" };
	uint32_t count;
	int r = 0;

	if (!read_page(db, number, db->page))
		return db->fn(&damaged, db->arg, err);
	if (!is_leaf(db, db->page))
		return 0;
	count = u16(db, db->page + 20);
	if (u32(db, db->page + 8) != number || count % 2 ||
	    PAGE_HEAD + 2 * count > db->page_bytes)
		return db->fn(&damaged, db->arg, err);
	for (uint32_t i = 0; r == 0 && i < count; i += 2)
		r = one_pair(db, i, err);
	return r;
}

int rpm_bdb_each(int fd, rpm_record_fn *fn, void *arg, struct error *err)
{
	struct bdb db = { .fd = fd, .fn = fn, .arg = arg };
	struct rpm_record cut = { .damage = "the database is cut off" };
	int r = open_bdb(&db, err);

	assert(r < 0 || (db.page && db.chain_page));
	if (r > 0)
		r = fn(&cut, arg, err);
	for (uint32_t page = 1; r == 0 && page <= db.last_page; page++)
		r = one_page(&db, page, err);
	free(db.page);
	free(db.chain_page);
	free(db.value);
	return r;
}
