#include "analyzer/archive_reader.h"

#include "base/macros.h"
#include "base/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES (128u << 10)
#define CAPABILITY  "security.capability"

struct packed {
	struct archive *archive;
};

/* Only where the library itself can: otherwise it would start a program. */
static const struct {
	const char *(*version)(void); /* of the library; NULL: none is needed */
	int (*enable)(struct archive *);
} FILTERS[] = {
	{ archive_zlib_version, archive_read_support_filter_gzip },
	{ archive_bzlib_version, archive_read_support_filter_bzip2 },
	{ archive_liblzma_version, archive_read_support_filter_xz },
	{ archive_liblzma_version, archive_read_support_filter_lzma },
	{ archive_libzstd_version, archive_read_support_filter_zstd },
	{ archive_liblz4_version, archive_read_support_filter_lz4 },
	{ NULL, archive_read_support_filter_compress },
};

/* What libarchive says, as an error of ours. Its codes for damage are no errno. */
static int fail(struct packed *packed, struct error *err)
{
	const char *text = archive_error_string(packed->archive);
	int code = archive_errno(packed->archive);

	if (code == ENOMEM || code == EIO || code == ENOSPC)
		code = -code;
	else
		code = -EINVAL;
	return error_set(err, code, "damaged, or no archive that tare reads: %s",
			 text ? text : "unknown format");
}

int packed_open(int fd, struct packed **ret, struct error *err)
{
	_cleanup_(packed_closep) struct packed *packed = mem_calloc(1, sizeof(*packed));

	packed->archive = archive_read_new();
	if (!packed->archive)
		return error_set(err, -ENOMEM, "cannot begin to read an archive");
	for (size_t i = 0; i < ARRAY_LEN(FILTERS); i++)
		if (!FILTERS[i].version || FILTERS[i].version())
			FILTERS[i].enable(packed->archive);
	archive_read_support_format_tar(packed->archive);
	archive_read_support_format_cpio(packed->archive);
	if (archive_read_open_fd(packed->archive, fd, BLOCK_BYTES) != ARCHIVE_OK)
		return fail(packed, err);
	*ret = steal_ptr(&packed);
	return 0;
}

void packed_close(struct packed *packed)
{
	if (!packed)
		return;
	archive_read_free(packed->archive);
	free(packed);
}

void packed_closep(struct packed **packed)
{
	packed_close(*packed);
}

/* Names of pax headers are UTF-8, others are bytes; no locale is asked for either. */
static const char *best(const char *bytes, const char *utf8)
{
	return utf8 ? utf8 : bytes;
}

static void find_capability(struct archive_entry *entry, struct packed_member *member)
{
	const char *name;
	const void *value;
	size_t len;

	archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &value, &len) == ARCHIVE_OK) {
		if (!name || strcmp(name, CAPABILITY) != 0)
			continue;
		member->capability = value;
		member->capability_len = len;
	}
}

static void fill(struct archive_entry *entry, struct packed_member *ret)
{
	*ret = (struct packed_member){
		.path = best(archive_entry_pathname(entry),
			     archive_entry_pathname_utf8(entry)),
		.hard_link = best(archive_entry_hardlink(entry),
				  archive_entry_hardlink_utf8(entry)),
		.target = best(archive_entry_symlink(entry),
			       archive_entry_symlink_utf8(entry)),
		.has_data = archive_entry_size(entry) > 0,
		.mode = archive_entry_mode(entry),
		.uid = (uint32_t)archive_entry_uid(entry),
		.gid = (uint32_t)archive_entry_gid(entry),
		.mtime = archive_entry_mtime(entry),
	};
	find_capability(entry, ret);
}

int packed_next(struct packed *packed, struct packed_member *ret, struct error *err)
{
	struct archive_entry *entry;
	int r;

	do
		r = archive_read_next_header(packed->archive, &entry);
	while (r == ARCHIVE_RETRY);
	if (r == ARCHIVE_EOF)
		return 0;
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
		return fail(packed, err);
	fill(entry, ret);
	return 1;
}

static int write_at(int to, const char *data, size_t len, off_t offset)
{
	while (len > 0) {
		ssize_t n = pwrite(to, data, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
		offset += n;
	}
	return 0;
}

int packed_save(struct packed *packed, int to, struct error *err)
{
	const void *data;
	size_t len;
	la_int64_t offset, end = 0;
	int r;

	while ((r = archive_read_data_block(packed->archive, &data, &len, &offset)) ==
	       ARCHIVE_OK) {
		int code = write_at(to, data, len, offset);

		if (code < 0)
			return error_set(err, code, "cannot write: %s", strerror(-code));
		end = offset + (la_int64_t)len;
	}
	if (r != ARCHIVE_EOF)
		return fail(packed, err);
	if (ftruncate(to, end) < 0) /* a hole at the end */
		return error_errno(err, "cannot write");
	return 0;
}
