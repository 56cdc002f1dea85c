/*
 * What ELF files name in their data: libraries they open with dlopen (the .note.dlopen of the
 * UAPI ELF dlopen metadata specification, and soname literals of files that import dlopen), and
 * absolute paths. Literals of Go programs have no NUL between them, so there the longest
 * beginning that is a file of the root counts. Names of D-Bus ("org.freedesktop.login1") are
 * looked for where a program can use them; those outside of "org." are rare and left out.
 */
#include "analyzer/detect_list.h"

#include "analyzer/elf_pass.h"
#include "base/io.h"
#include "base/json.h"
#include "base/text.h"

#include <unistd.h>

#define CHUNK	  (1u << 20)
#define MAX_PATH  256 /* longer literals are no paths of files */
#define MAX_FOUND 8

struct elf_reader_state {
	const struct detect *d;
	struct detect_sink *out;
	const struct detect_input *in;
	const struct elfinfo *info;
	bool uses_bus;
};

static bool elf_wants(const struct detect *d, const struct tree_entry *entry,
		      const char *path)
{
	const struct elfinfo *info = elfpass_info(d->elf, entry);

	(void)path;
	return info && !info->module && elfinfo_is_loadable(info) && !info->is_debug_file;
}

/* ld.so passes over a library of another class or machine. */
static bool same_machine(const struct elf_reader_state *s,
			 const struct tree_entry *library)
{
	const struct tree_entry *end =
		tree_resolve(s->d->tree, tree_text(s->d->tree, library->path), 0);
	const struct elfinfo *info = end ? elfpass_info(s->d->elf, end) : NULL;

	return info && info->class == s->info->class &&
	       info->machine_number == s->info->machine_number;
}

static size_t opens_library(const struct elf_reader_state *s, const char *soname,
			    size_t len, enum edge_strength strength, const char *cite)
{
	const struct tree_entry *found[MAX_FOUND];
	size_t n = resolve_soname(s->d->resolve, soname, len, found, MAX_FOUND),
	       added = 0;

	for (size_t i = 0; i < n; i++) {
		if (!same_machine(s, found[i]))
			continue;
		detect_edge(s->d, s->out, s->in->entry, found[i],
			    (struct edge_row){ .kind = EDGE_DLOPEN,
					       .strength = strength,
					       .cite_text = cite });
		added++;
	}
	return added;
}

/* "priority" of a note; absent means recommended. */
static enum edge_strength note_strength(const json_t *item)
{
	const char *priority = json_string_value(json_object_get(item, "priority"));

	if (priority && strcmp(priority, "required") == 0)
		return EDGE_HARD;
	if (priority && strcmp(priority, "suggested") == 0)
		return EDGE_POSSIBLE;
	return EDGE_LIKELY;
}

/* One object: "soname" is a list of alternatives, or (older) one text. The first there wins. */
static void note_item(const struct elf_reader_state *s, const json_t *item)
{
	const json_t *sonames = json_object_get(item, "soname");
	size_t count = json_is_array(sonames) ? json_array_size(sonames) : 1;

	for (size_t i = 0; i < count; i++) {
		const char *soname = json_string_value(
			json_is_array(sonames) ? json_array_get(sonames, i) : sonames);
		_cleanup_(freep) char *cite = NULL;

		if (!soname)
			continue;
		cite = mem_printf(".note.dlopen: %s", soname);
		if (opens_library(s, soname, strlen(soname), note_strength(item), cite))
			return;
	}
}

static void dlopen_notes(const struct elf_reader_state *s)
{
	for (size_t i = 0; i < s->info->dlopen_notes.len; i++) {
		const char *text = s->info->dlopen_notes.data[i];
		_cleanup_(json_decrefp) json_t *note = NULL;

		if (json_parse(text, strlen(text), &note, NULL) < 0) {
			finding_list_add(&s->out->findings,
					 &(struct finding_row){
						 .rule = "bad-dlopen-note",
						 .severity = SEVERITY_NOTE,
						 .file = s->in->file,
						 .subject = s->in->path,
						 .text = "its .note.dlopen is no JSON",
						 .remedy = "" });
			continue;
		}
		if (json_is_object(note))
			note_item(s, note);
		for (size_t k = 0; json_is_array(note) && k < json_array_size(note); k++)
			note_item(s, json_array_get(note, k));
	}
}

static bool is_path_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '_' || c == '+' ||
	       c == '-' || c == '@';
}

/* Most slashes in data are no paths: look at the first component before anything else. */
static bool begins_path(const char *at, size_t left)
{
	static const struct {
		const char *text;
		size_t len;
	} TOPS[] = {
#define TOP(text) { text, sizeof(text) - 1 }
		TOP("/usr/"),  TOP("/etc/"),	 TOP("/bin/"),
		TOP("/sbin/"), TOP("/lib/"),	 TOP("/lib64/"),
		TOP("/opt/"),  TOP("/var/lib/"), TOP("/boot/"),
#undef TOP
	};

	if (left < 6 || !at[1])
		return false;
	for (size_t i = 0; i < ARRAY_LEN(TOPS); i++)
		if (at[1] == TOPS[i].text[1] && at[2] == TOPS[i].text[2] &&
		    TOPS[i].len < left && memcmp(at, TOPS[i].text, TOPS[i].len) == 0)
			return true;
	return false;
}

static void names_path(const struct elf_reader_state *s, const char *at, size_t len)
{
	const struct tree_entry *e = NULL;
	_cleanup_(freep) char *cite = NULL;

	/* a Go literal runs into the next one: cut until something is there */
	while (!detect_find(s->d, TARGET_PATH, at, len, &e, 1)) {
		if (!s->info->go_toolchain || len <= 6)
			return;
		len--;
	}
	cite = mem_printf("\"%.*s\" in its data", (int)len, at);
	detect_edge(s->d, s->out, s->in->entry, e,
		    (struct edge_row){ .kind = EDGE_PATH,
				       .strength = EDGE_POSSIBLE,
				       .cite_text = cite });
}

static void find_paths(const struct elf_reader_state *s, const char *data, size_t len)
{
	const char *end = data + len;

	for (const char *at = data; (at = memchr(at, '/', (size_t)(end - at))); at++) {
		size_t n = 0;

		if (!begins_path(at, (size_t)(end - at)))
			continue;
		while (at + n < end && n < MAX_PATH && is_path_char(at[n]))
			n++;
		names_path(s, at, n);
		at += s->info->go_toolchain ? 0 : n - 1;
	}
}

static bool is_soname_char(char c)
{
	return is_path_char(c) && c != '/' && c != '@';
}

/* "libx.so.1" around a ".so" at @p at. */
static void names_library(const struct elf_reader_state *s, const char *data,
			  const char *end, const char *at)
{
	const char *from = at, *to = at;
	_cleanup_(freep) char *cite = NULL;

	while (from > data && is_soname_char(from[-1]) && at - from < MAX_PATH)
		from--;
	while (to < end && is_soname_char(*to) && to - at < MAX_PATH)
		to++;
	cite = mem_printf("\"%.*s\" in its data", (int)(to - from), from);
	opens_library(s, from, (size_t)(to - from), EDGE_LIKELY, cite);
}

/* Programs that speak D-Bus through a library. */
static bool may_use_bus(const struct elfinfo *info)
{
	static const char *const LIBRARIES[] = { "libdbus-1.so", "libsystemd",
						 "libgio-2.0.so", "libQt5DBus.so" };

	for (size_t i = 0; i < info->needed.len; i++)
		for (size_t k = 0; k < ARRAY_LEN(LIBRARIES); k++)
			if (text_starts(info->needed.data[i], LIBRARIES[k]))
				return true;
	return false;
}

/* A well-known bus name that somebody can be started for. */
static void names_bus(const struct elf_reader_state *s, const char *at, size_t len)
{
	const struct tree_entry *e = NULL;
	_cleanup_(freep) char *cite = NULL;

	if (!detect_find(s->d, TARGET_BUS_NAME, at, len, &e, 1))
		return;
	cite = mem_printf("\"%.*s\" in its data", (int)len, at);
	detect_edge(s->d, s->out, s->in->entry, e,
		    (struct edge_row){ .kind = EDGE_DBUS,
				       .strength = EDGE_POSSIBLE,
				       .cite_text = cite });
}

/* The text that ends before @p end, with three bytes. */
static bool ends_with(const char *data, const char *end, const char *text)
{
	return end - data >= 3 && memcmp(end - 3, text, 3) == 0;
}

static void bus_name_at(const struct elf_reader_state *s, const char *from,
			const char *end)
{
	size_t n = 4;

	while (from + n < end && n < MAX_PATH && is_path_char(from[n]) && from[n] != '/')
		n++;
	names_bus(s, from, n);
}

/* Names of libraries and of the bus: both have a dot, so that one pass finds them. */
static void find_dots(const struct elf_reader_state *s, const char *data, size_t len)
{
	const char *end = data + len;

	for (const char *at = data; (at = memchr(at, '.', (size_t)(end - at))); at++) {
		if (s->info->has_dlopen && end - at >= 3 && at[1] == 's' && at[2] == 'o')
			names_library(s, data, end, at);
		else if (s->uses_bus && ends_with(data, at, "org"))
			bus_name_at(s, at - 3, end);
	}
}

/* Read-only data in chunks that overlap by the longest literal. */
static void literals(const struct elf_reader_state *s, int fd)
{
	uint64_t offset = s->info->literals_offset;
	uint64_t end = offset + s->info->literals_len;
	_cleanup_(freep) char *buffer = NULL;

	buffer = mem_alloc(MIN2(s->info->literals_len, (uint64_t)CHUNK));
	while (offset < end) {
		ssize_t n = io_pread(fd, buffer, MIN2(end - offset, (uint64_t)CHUNK),
				     (off_t)offset);

		if (n <= 0)
			return;
		find_paths(s, buffer, (size_t)n);
		if (s->uses_bus || s->info->has_dlopen)
			find_dots(s, buffer, (size_t)n);
		if (n <= MAX_PATH || (uint64_t)n < CHUNK)
			return;
		offset += (uint64_t)n - MAX_PATH;
	}
}

static void elf_file(const struct detect *d, const struct detect_input *in,
		     struct detect_sink *out)
{
	struct elf_reader_state s = { d, out, in, elfpass_info(d->elf, in->entry),
				      false };
	_cleanup_(closep) int fd = -1;

	s.uses_bus = may_use_bus(s.info);
	dlopen_notes(&s);
	if (s.info->literals_len == 0)
		return;
	fd = rootfs_open_nofollow(d->root, in->path, NULL);
	if (fd >= 0)
		literals(&s, fd);
}

const struct detector DETECT_ELF = {
	.name = "elf",
	.wants = elf_wants,
	.file = elf_file,
	.reads_itself = true,
};
