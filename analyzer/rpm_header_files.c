#include "analyzer/rpm_header.h"
#include "analyzer/rpm_tags.h"
#include "base/macros.h"
#include "base/rootfs.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <rpm/rpmfiles.h>
#include <sys/stat.h>

#define BYTES_MAX ((uint64_t)1 << 50)

/* Everything a header says of its files, as parallel arrays. */
struct file_tags {
	struct tag_strings basenames, dirnames, whole, links, languages, digests, classes,
		requires, provides;
	struct tag_numbers folder, size, long_size, mode, state, flags, color, inode,
		device, class_of, depends_at, depends_len, depends;
	uint64_t digest_algorithm;
	size_t count;
	uint64_t depends_left; /* runs do not share words: all together are not longer */
};

static const struct {
	rpmTagVal tag;
	size_t at; /* in struct file_tags */
} TEXTS[] = {
	{ RPMTAG_BASENAMES, offsetof(struct file_tags, basenames) },
	{ RPMTAG_DIRNAMES, offsetof(struct file_tags, dirnames) },
	{ RPMTAG_OLDFILENAMES, offsetof(struct file_tags, whole) },
	{ RPMTAG_FILELINKTOS, offsetof(struct file_tags, links) },
	{ RPMTAG_FILELANGS, offsetof(struct file_tags, languages) },
	{ RPMTAG_FILEDIGESTS, offsetof(struct file_tags, digests) },
	{ RPMTAG_CLASSDICT, offsetof(struct file_tags, classes) },
	{ RPMTAG_REQUIRENAME, offsetof(struct file_tags, requires) },
	{ RPMTAG_PROVIDENAME, offsetof(struct file_tags, provides) },
}, NUMBERS[] = {
	{ RPMTAG_DIRINDEXES, offsetof(struct file_tags, folder) },
	{ RPMTAG_FILESIZES, offsetof(struct file_tags, size) },
	{ RPMTAG_LONGFILESIZES, offsetof(struct file_tags, long_size) },
	{ RPMTAG_FILEMODES, offsetof(struct file_tags, mode) },
	{ RPMTAG_FILESTATES, offsetof(struct file_tags, state) },
	{ RPMTAG_FILEFLAGS, offsetof(struct file_tags, flags) },
	{ RPMTAG_FILECOLORS, offsetof(struct file_tags, color) },
	{ RPMTAG_FILEINODES, offsetof(struct file_tags, inode) },
	{ RPMTAG_FILEDEVICES, offsetof(struct file_tags, device) },
	{ RPMTAG_FILECLASS, offsetof(struct file_tags, class_of) },
	{ RPMTAG_FILEDEPENDSX, offsetof(struct file_tags, depends_at) },
	{ RPMTAG_FILEDEPENDSN, offsetof(struct file_tags, depends_len) },
	{ RPMTAG_DEPENDSDICT, offsetof(struct file_tags, depends) },
};

static const struct {
	uint32_t rpm, own;
} FLAGS[] = {
	{ RPMFILE_CONFIG, OWN_CONFIG },	      { RPMFILE_DOC, OWN_DOC },
	{ RPMFILE_LICENSE, OWN_LICENCE },     { RPMFILE_GHOST, OWN_GHOST },
	{ RPMFILE_MISSINGOK, OWN_MISSINGOK }, { RPMFILE_NOREPLACE, OWN_NOREPLACE },
	{ RPMFILE_README, OWN_README },	      { RPMFILE_ARTIFACT, OWN_ARTIFACT },
};

/* Numbers of RFC 4880; a header without FILEDIGESTALGO means MD5. */
static const struct {
	uint64_t number;
	const char *name;
	size_t digits;
} DIGESTS[] = {
	{ 1, "md5", 32 },	{ 2, "sha1", 40 },	 { 8, "sha256", 64 },
	{ 9, "sha384", 96 },	{ 10, "sha512", 128 },	 { 11, "sha224", 56 },
	{ 12, "sha3-256", 64 }, { 14, "sha3-512", 128 },
};

static void file_tags_get(Header h, struct file_tags *ret)
{
	char *base = (char *)ret;

	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++)
		tag_strings_get(h, TEXTS[i].tag,
				(struct tag_strings *)(void *)(base + TEXTS[i].at));
	for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++)
		tag_numbers_get(h, NUMBERS[i].tag,
				(struct tag_numbers *)(void *)(base + NUMBERS[i].at));
	ret->digest_algorithm = tag_first_number(h, RPMTAG_FILEDIGESTALGO, 1);
	ret->depends_left = ret->depends.len;
	ret->count = ret->basenames.len ? ret->basenames.len : ret->whole.len;
}

static void file_tags_release(struct file_tags *tags)
{
	char *base = (char *)tags;

	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++)
		tag_strings_release((struct tag_strings *)(void *)(base + TEXTS[i].at));
	for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++)
		tag_numbers_release((struct tag_numbers *)(void *)(base + NUMBERS[i].at));
}

/* Put folder and name together; false where the header does not have them. */
static bool declared_path(const struct file_tags *tags, size_t i, struct strbuf *ret)
{
	const char *folder;

	strbuf_clear(ret);
	if (!tags->basenames.len) {
		strbuf_puts(ret, tags->whole.texts[i]);
		return true;
	}
	folder =
		tag_string(&tags->dirnames, tag_number(&tags->folder, i, SIZE_MAX), NULL);
	if (!folder)
		return false;
	strbuf_puts(ret, folder);
	strbuf_puts(ret, tags->basenames.texts[i]);
	return true;
}

/* True when rootfs_clean_path() would change nothing: so it is with nearly every path. */
static bool is_clean(const char *path)
{
	size_t len;

	if (strcmp(path, "/") == 0)
		return true;
	for (; *path == '/'; path += len) {
		path++;
		len = strcspn(path, "/");
		if (len == 0 || (len <= 2 && strspn(path, ".") >= len))
			return false;
	}
	return *path == '\0';
}

/* The path as all of tare writes paths; 0 and a problem for one that leads nowhere. */
static str_id usable_path(struct rpm_intern *in, const char *path)
{
	_cleanup_(freep) char *clean = NULL;

	if (path[0] != '/' || strlen(path) >= PATH_MAX) {
		rpm_intern_problem(in, RPM_PROBLEM_HEADER,
				   path[0] == '/' ? "the path '%.200s...' is too long"
						  : "the path '%.200s' is not absolute",
				   path);
		return 0;
	}
	if (is_clean(path))
		return strpool_add(&in->image->strings, path);
	clean = rootfs_clean_path(path);
	if (strcmp(clean, path) != 0)
		rpm_intern_problem(in, RPM_PROBLEM_HEADER,
				   "the path '%.200s' is not written plainly", path);
	return strpool_add(&in->image->strings, clean);
}

static bool is_hex(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

static str_id digest_text(struct rpm_intern *in, const struct file_tags *tags, size_t i)
{
	const char *hex = tag_string(&tags->digests, i, "");
	size_t len = strlen(hex);

	for (size_t k = 0; len && k < ARRAY_LEN(DIGESTS); k++) {
		size_t name_len = strlen(DIGESTS[k].name);
		char text[160];

		if (DIGESTS[k].number != tags->digest_algorithm ||
		    DIGESTS[k].digits != len || !is_hex(hex, len))
			continue;
		memcpy(text, DIGESTS[k].name, name_len);
		text[name_len] = ':';
		memcpy(text + name_len + 1, hex, len);
		return strpool_add_len(&in->image->strings, text, name_len + 1 + len);
	}
	return 0;
}

static uint64_t size_of(struct rpm_intern *in, const struct file_tags *tags, size_t i)
{
	uint64_t bytes = tag_number(&tags->long_size, i, tag_number(&tags->size, i, 0));

	if (bytes <= BYTES_MAX)
		return bytes;
	rpm_intern_problem(in, RPM_PROBLEM_HEADER,
			   "a file's size of %" PRIu64 " bytes cannot be", bytes);
	return 0;
}

static uint32_t flags_of(const struct file_tags *tags, size_t i)
{
	uint32_t rpm = (uint32_t)tag_number(&tags->flags, i, 0);
	uint32_t own = 0;

	for (size_t k = 0; k < ARRAY_LEN(FLAGS); k++)
		if (rpm & FLAGS[k].rpm)
			own |= FLAGS[k].own;
	return own;
}

static str_id pooled(struct rpm_intern *in, const char *text)
{
	return *text ? strpool_add(&in->image->strings, text) : 0;
}

/*
 * What rpmbuild's generators found for this file: a run of words, each with a letter (R
 * requires, P provides, the weak ones others) in its high byte and the place of the name
 * among the package's own dependencies below.
 */
static void file_depends(struct rpm_intern *in, struct file_tags *tags, size_t i,
			 struct rpm_file *file)
{
	uint64_t at = tag_number(&tags->depends_at, i, 0);
	uint64_t len = tag_number(&tags->depends_len, i, 0);

	file->depends_at = (uint32_t)in->image->file_depends.len;
	if (at > tags->depends.len || len > tags->depends.len - at ||
	    len > tags->depends_left) {
		rpm_intern_problem(in, RPM_PROBLEM_HEADER,
				   "the dependencies of its files are mixed up");
		return;
	}
	tags->depends_left -= len;
	for (uint64_t k = at; k < at + len; k++) {
		uint32_t word = (uint32_t)tag_number(&tags->depends, k, 0);
		bool provides = word >> 24 == 'P';
		const struct tag_strings *names =
			provides ? &tags->provides : &tags->requires;
		const char *name = tag_string(names, word & 0xffffff, NULL);

		if (name && (provides || word >> 24 == 'R'))
			array_push(&in->image->file_depends,
				   (struct rpm_file_depend){ provides,
							     rpm_intern_text(in, name) });
	}
	file->depends_len = (uint32_t)in->image->file_depends.len - file->depends_at;
}

static void add_file(struct rpm_intern *in, struct file_tags *tags, size_t i, str_id path)
{
	struct rpm_file file = {
		.path = path,
		.digest = digest_text(in, tags, i),
		.flags = flags_of(tags, i),
		.state = (uint32_t)tag_number(&tags->state, i, RPMFILE_STATE_NORMAL),
		.color = (uint32_t)tag_number(&tags->color, i, 0),
		.mode = (uint32_t)tag_number(&tags->mode, i, 0) & 0xffff,
		.inode = (uint32_t)tag_number(&tags->inode, i, 0),
		.device = (uint32_t)tag_number(&tags->device, i, 0),
		.size_bytes = size_of(in, tags, i),
		.language = pooled(in, tag_string(&tags->languages, i, "")),
		.file_class = pooled(
			in, tag_string(&tags->classes,
				       tag_number(&tags->class_of, i, SIZE_MAX), "")),
	};

	if (S_ISLNK(file.mode))
		file.link_target = pooled(in, tag_string(&tags->links, i, ""));
	file_depends(in, tags, i, &file);
	array_push(&in->image->files, file);
}

void rpm_header_files(struct rpm_intern *in, Header h, struct rpm_package *pkg)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	struct file_tags tags;

	pkg->files_at = (uint32_t)in->image->files.len;
	file_tags_get(h, &tags);
	for (size_t i = 0; i < tags.count; i++) {
		str_id id = 0;

		if (declared_path(&tags, i, &path))
			id = usable_path(in, path.data);
		else
			rpm_intern_problem(in, RPM_PROBLEM_HEADER,
					   "the folder of its file '%.200s' is missing",
					   tags.basenames.texts[i]);
		if (id)
			add_file(in, &tags, i, id);
	}
	file_tags_release(&tags);
	pkg->files_len = (uint32_t)in->image->files.len - pkg->files_at;
}
