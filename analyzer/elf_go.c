/*
 * Go's build information: which module a program was built from.
 *
 * 32 bytes: "\xff Go buildinf:", the size of a pointer, flags. Since Go 1.18 (flag 2) two
 * strings follow, each with its length before it in 7-bit groups; before it, the header
 * holds the addresses of two Go strings (address, length), in the byte order of flag 1.
 * The second string is a table of lines between two 16-byte marks:
 *
 *	path	github.com/containerd/containerd/cmd/ctr
 *	mod	github.com/containerd/containerd	v1.7.2	h1:...
 *	build	-ldflags="-X k8s.io/component-base/version.gitVersion=v1.31.2 ..."
 *
 * Programs that are built from a working copy have the version "(devel)"; Kubernetes' own
 * then says it to the linker.
 */
#include "analyzer/elf_reader.h"

#include <ctype.h>
#include <string.h>

#define GO_HEADER     32
#define GO_MARK	      16
#define GO_ALIGN      16
#define GO_TEXT_MAX   65536 /* the first lines are all that is looked at */
#define GO_SEARCH_MAX 65536

static const char GO_MAGIC[] = "\xff Go buildinf:";

struct go_text {
	const char *data;
	uint64_t len;
};

/* A length before its bytes, least significant 7 bits first; false when it ends early. */
static bool take_inline(const uint8_t **at, const uint8_t *end, struct go_text *ret)
{
	uint64_t len = 0;
	unsigned int shift = 0;

	for (;; shift += 7) {
		if (*at >= end || shift > 56)
			return false;
		len |= (uint64_t)(**at & 127) << shift;
		if (!(*(*at)++ & 128))
			break;
	}
	ret->data = (const char *)*at;
	ret->len = MIN2(len, (uint64_t)(end - *at));
	*at += ret->len;
	return true;
}

static uint64_t go_pointer(const uint8_t *p, unsigned int size, bool big)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value = value << 8 | p[big ? i : size - 1 - i];
	return value;
}

/* The Go string whose header is at @p address. */
static bool take_pointed(struct elf_reader *reader, uint64_t address,
			 const uint8_t *header, struct go_text *ret)
{
	unsigned int size = header[14];
	bool big = header[15] & 1;
	uint64_t len;
	const uint8_t *string = reader_at(reader, address, 2ul * size, &len);

	if (!string || len < 2ul * size)
		return false;
	len = go_pointer(string + size, size, big);
	ret->len = 0;
	ret->data = (const char *)reader_at(reader, go_pointer(string, size, big),
					    MIN2(len, (uint64_t)GO_TEXT_MAX), &ret->len);
	return ret->data != NULL;
}

static const char *go_intern(struct elf_reader *reader, const char *text, size_t len)
{
	len = strnlen(text, len);
	return strpool_text(reader->pool, strpool_add_len(reader->pool, text, len));
}

/* One column of a line: from @p at to the next tab or the end. */
static struct go_text go_column(const char **at, const char *end)
{
	const char *tab = memchr(*at, '\t', (size_t)(end - *at));
	struct go_text column = { *at, (uint64_t)((tab ? tab : end) - *at) };

	*at = tab ? tab + 1 : end;
	return column;
}

static bool column_is(const struct go_text *column, const char *text)
{
	return column->len == strlen(text) &&
	       memcmp(column->data, text, column->len) == 0;
}

/* What the linker was told for version.gitVersion; false when nothing was. */
static bool linked_version(const struct go_text *flags, struct go_text *ret)
{
	static const char NAME[] = "/version.gitVersion=v";
	const char *at = memmem(flags->data, flags->len, NAME, sizeof(NAME) - 1);
	const char *end = flags->data + flags->len;

	if (!at)
		return false;
	at += sizeof(NAME) - 2; /* with the "v" */
	*ret = (struct go_text){ at, 1 };
	while (at + ret->len < end &&
	       (isalnum((unsigned char)at[ret->len]) || strchr(".+-", at[ret->len])))
		ret->len++;
	return ret->len > 1;
}

static bool is_version(const char *text)
{
	return text[0] == 'v' && isdigit((unsigned char)text[1]);
}

/* The main module, where the lines name one, else the main package. */
static void take_line(struct elf_reader *reader, const char *at, const char *stop)
{
	struct elfinfo *info = reader->info;
	struct go_text key = go_column(&at, stop), path = go_column(&at, stop);
	struct go_text version = go_column(&at, stop);
	bool is_mod = column_is(&key, "mod");

	if (is_mod || column_is(&key, "path"))
		info->go_module = go_intern(reader, path.data, path.len);
	if (is_mod)
		info->go_version = go_intern(reader, version.data, version.len);
	if (column_is(&key, "build") && !is_version(info->go_version) &&
	    linked_version(&path, &version))
		info->go_version = go_intern(reader, version.data, version.len);
}

static void take_lines(struct elf_reader *reader, const struct go_text *lines)
{
	const char *at = lines->data, *end = lines->data + lines->len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		take_line(reader, at, newline ? newline : end);
		if (!newline)
			return;
		at = newline + 1;
	}
}

static void take_info(struct elf_reader *reader, const struct go_text *version,
		      const struct go_text *module)
{
	struct elfinfo *info = reader->info;
	struct go_text lines = *module;

	info->go_toolchain =
		go_intern(reader, version->data, MIN2(version->len, (uint64_t)256));
	info->go_module = info->go_version = "";
	if (lines.len > GO_MARK) {
		lines.data += GO_MARK;
		lines.len -= GO_MARK;
		take_lines(reader, &lines);
	}
}

static void read_header(struct elf_reader *reader, const uint8_t *header, uint64_t len)
{
	struct go_text version = { 0 }, module = { 0 };
	const uint8_t *at = header + GO_HEADER, *end = header + len;
	unsigned int size = header[14];

	if (header[15] & 2) {
		if (!take_inline(&at, end, &version) || !take_inline(&at, end, &module))
			return;
	} else {
		bool big = header[15] & 1;

		if (size != 4 && size != 8)
			return;
		if (!take_pointed(reader, go_pointer(header + 16, size, big), header,
				  &version))
			return;
		take_pointed(reader, go_pointer(header + 16 + size, size, big), header,
			     &module);
	}
	take_info(reader, &version, &module);
}

void elfpart_go(struct elf_reader *reader, uint64_t offset, uint64_t len)
{
	const uint8_t *bytes;

	if (reader->info->go_toolchain || len < GO_HEADER)
		return;
	len = MIN2(len, (uint64_t)GO_SEARCH_MAX);
	bytes = reader_bytes(reader, offset, len);
	for (uint64_t i = 0; bytes && i + GO_HEADER <= len; i += GO_ALIGN)
		if (memcmp(bytes + i, GO_MAGIC, sizeof(GO_MAGIC) - 1) == 0) {
			read_header(reader, bytes + i, len - i);
			return;
		}
}
