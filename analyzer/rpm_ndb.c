/*
 * ndb is RPM's own store. All numbers are little-endian, blocks have 16 bytes. Pages of
 * 4096 bytes begin the file; they hold slots of 16 bytes ("Slot", header number, first
 * block, block count; first block 0 = free), but the first two slots of the first page are
 * the database's header ("RpmP", version, generation, slot pages, next number). A blob is
 * "BlbS", number, generation, length; the bytes; padding; Adler-32 of all that, length,
 * "BlbE".
 */
#include "analyzer/rpm_record.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define BLOCK	   16u
#define PAGE	   4096u
#define SLOT_PAGES 4096u /* a million headers */
#define HEAD_LEN   16u
#define TAIL_LEN   12u

static uint32_t number_at(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

struct ndb {
	int fd;
	uint64_t blocks; /* of the file */
	uint64_t left;	 /* blocks that blobs may still have: they do not overlap */
	uint32_t slot_pages;
	uint8_t *slots; /* all slot pages */
};

struct slot {
	uint32_t number, block, count;
};

static int read_slots(struct ndb *db, struct error *err)
{
	size_t len = (size_t)db->slot_pages * PAGE;
	ssize_t n;

	db->slots = mem_alloc(len);
	n = io_pread(db->fd, db->slots, len, 0);
	if (n < 0)
		return error_set(err, (int)n, "%s", strerror((int)-n));
	if ((size_t)n != len)
		return error_set(err, -EINVAL, "it ends within its slot pages");
	return 0;
}

static int open_ndb(struct ndb *db, struct error *err)
{
	uint8_t head[2 * BLOCK];
	struct stat st;
	ssize_t n;

	if (fstat(db->fd, &st) < 0)
		return error_errno(err, "fstat");
	db->blocks = db->left = (uint64_t)st.st_size / BLOCK;
	n = io_pread(db->fd, head, sizeof(head), 0);
	if (n != sizeof(head) || memcmp(head, "RpmP", 4) != 0)
		return error_set(err, -EINVAL, "it has no ndb header");
	if (number_at(head + 4) != 0)
		return error_set(err, -ENOTSUP, "it has version %u of ndb, not 0",
				 number_at(head + 4));
	db->slot_pages = number_at(head + 12);
	if (db->slot_pages == 0 || db->slot_pages > SLOT_PAGES ||
	    (uint64_t)db->slot_pages * (PAGE / BLOCK) > db->blocks)
		return error_set(err, -EINVAL, "it claims %u slot pages", db->slot_pages);
	return read_slots(db, err);
}

/* NULL when the blob is as it should be; *ret_bytes then begins in *ret_memory. */
static const char *read_blob(struct ndb *db, const struct slot *slot,
			     uint8_t **ret_memory, size_t *ret_len)
{
	_cleanup_(freep) uint8_t *blob = NULL;
	size_t all = (size_t)slot->count * BLOCK;
	const uint8_t *tail;
	size_t len;

	if (slot->number == 0 || slot->block < db->slot_pages * (PAGE / BLOCK))
		return "its slot is damaged";
	if ((uint64_t)slot->block + slot->count > db->blocks)
		return "it lies behind the end of the file";
	if (all < HEAD_LEN + TAIL_LEN || all > RPM_BLOB_MAX || slot->count > db->left)
		return "its size cannot be";
	db->left -= slot->count;
	blob = mem_alloc(all);
	if (io_pread(db->fd, blob, all, (off_t)slot->block * BLOCK) != (ssize_t)all)
		return "it could not be read";
	len = number_at(blob + 12);
	tail = blob + all - TAIL_LEN;
	if (memcmp(blob, "BlbS", 4) != 0 || memcmp(tail + 8, "BlbE", 4) != 0 ||
	    number_at(blob + 4) != slot->number || number_at(tail + 4) != len)
		return "its frame is damaged";
	if (len > all - HEAD_LEN - TAIL_LEN || all - HEAD_LEN - TAIL_LEN - len >= BLOCK)
		return "its length is wrong";
	if ((uint32_t)adler32(1, blob, (uInt)(all - TAIL_LEN)) != number_at(tail))
		return "its checksum is wrong";
	*ret_memory = steal_ptr(&blob);
	*ret_len = len;
	return NULL;
}

static int one_slot(struct ndb *db, const uint8_t *p, rpm_record_fn *fn, void *arg,
		    struct error *err)
{
	struct slot slot = { number_at(p + 4), number_at(p + 8), number_at(p + 12) };
	struct rpm_record record = { .number = slot.number };
	_cleanup_(freep) uint8_t *blob = NULL;

	if (memcmp(p, "Slot", 4) != 0) {
		record.number = 0;
		record.damage = "a slot is damaged";
		return fn(&record, arg, err);
	}
	if (slot.block == 0)
		return 0;
	record.damage = read_blob(db, &slot, &blob, &record.len);
	if (!record.damage)
		record.bytes = blob + HEAD_LEN;
	return fn(&record, arg, err);
}

int rpm_ndb_each(int fd, rpm_record_fn *fn, void *arg, struct error *err)
{
	struct ndb db = { .fd = fd };
	int r = open_ndb(&db, err);

	assert(r < 0 || db.slots);
	for (size_t at = 2 * (size_t)BLOCK; r == 0 && at < (size_t)db.slot_pages * PAGE;
	     at += BLOCK)
		r = one_slot(&db, db.slots + at, fn, arg, err);
	free(db.slots);
	return r;
}
