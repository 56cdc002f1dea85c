#include "analyzer/linker_search.h"

#include "base/text.h"

#include <string.h>

#define PATH_BYTES_MAX 8192
#define ELEMENTS_MAX   256 /* folders of one RPATH */

static void dir_release(struct link_dir *dir)
{
	array_release(&dir->uses);
	array_release(&dir->variants);
}

void dirs_release(struct dir_list *dirs)
{
	array_each (dirs, i)
		dir_release(&dirs->data[i]);
	array_release(dirs);
}

/* The symlinks of a way as things that a match uses. */
static void use_links(struct use_list *uses, const struct entry_list *links)
{
	array_each (links, i)
		array_push(uses, (struct link_use){ .entry = links->data[i],
						    .kind = EDGE_NEEDED,
						    .strength = EDGE_HARD });
}

/* The configuration file that names a folder, and the files that include it. */
static void use_conf(struct linker *linker, struct use_list *uses,
		     const struct ldconf_dir *conf)
{
	const struct ldconf_file *files = linker->conf.files.data;
	const char *path = strpool_text(&linker->conf.strings, conf->path);
	str_id cite = strpool_add(&linker->names, path);
	uint32_t file = conf->file, line = conf->line;

	for (;;) {
		array_push(uses, (struct link_use){ .entry = files[file].entry,
						    .kind = EDGE_CONFIG,
						    .strength = EDGE_HARD,
						    .cite_file = files[file].entry + 1,
						    .cite_line = line,
						    .cite = cite });
		if (files[file].included_by == 0)
			return;
		line = files[file].included_line;
		file = files[file].included_by - 1;
	}
}

static void find_variants(struct linker *linker, const struct platform *platform,
			  struct link_dir *dir)
{
	const struct tree *tree = linker->in->tree;
	const char *path = strpool_text(&linker->names, dir->path);
	const char *const *names = platform_variants(platform);

	for (size_t i = 0; names[i] && platform->libc == LIBC_GLIBC; i++) {
		_cleanup_(freep) char *full = mem_printf("%s/%s", path, names[i]);
		const struct tree_entry *entry = tree_resolve(tree, full, 0);

		if (entry && entry->type == FILE_DIRECTORY)
			array_push(&dir->variants,
				   strpool_add(&linker->names,
					       tree_text(tree, entry->path)));
	}
}

/*
 * The same folder under another spelling: what the new one does without is not needed,
 * so a search list with /lib64 (a symlink) and /usr/lib64 holds without the symlink, and a
 * default folder that ld.so.conf names as well is searched without it.
 */
static void join_dir(struct link_dir *dir, enum needed_via via, bool without_links)
{
	size_t kept = 0;

	array_each (&dir->uses, i) {
		bool is_conf = dir->uses.data[i].kind == EDGE_CONFIG;

		if (is_conf ? via != VIA_DEFAULT : !without_links)
			dir->uses.data[kept++] = dir->uses.data[i];
	}
	dir->uses.len = kept;
	if (via == VIA_DEFAULT)
		dir->via = VIA_DEFAULT;
}

void dirs_add(struct linker *linker, const struct platform *platform,
	      struct dir_list *dirs, const char *path, enum needed_via via,
	      const struct ldconf_dir *conf)
{
	const struct tree *tree = linker->in->tree;
	struct link_dir dir = { .via = (uint8_t)via };
	const struct tree_entry *entry;

	linker->links.len = 0;
	entry = path[0] == '/' ? tree_resolve_via(tree, path, &linker->links) : NULL;
	if (!entry || entry->type != FILE_DIRECTORY)
		return;
	dir.path = strpool_add(&linker->names, tree_text(tree, entry->path));
	array_each (dirs, i)
		if (dirs->data[i].path == dir.path) {
			join_dir(&dirs->data[i], via, linker->links.len == 0);
			return;
		}
	use_links(&dir.uses, &linker->links);
	if (conf)
		use_conf(linker, &dir.uses, conf);
	find_variants(linker, platform, &dir);
	array_push(dirs, dir);
}

/* Length of a token's name behind its '$', braces included; 0: it is another one. */
static size_t token_length(const char *text, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	bool braces = len > 0 && text[0] == '{';

	if (len < name_len + (braces ? 2 : 0) ||
	    memcmp(text + braces, name, name_len) != 0)
		return 0;
	if (!braces)
		return name_len;
	return text[1 + name_len] == '}' ? name_len + 2 : 0;
}

char *expand_tokens(const struct platform *platform, const char *text, const char *origin,
		    const char *platform_name)
{
	size_t len = strlen(text);
	const struct {
		const char *name, *value;
	} tokens[] = { { "ORIGIN", origin },
		       { "LIB", platform->lib },
		       { "PLATFORM", platform_name } };
	struct strbuf out = { 0 };

	for (size_t i = 0; i < len && out.len < PATH_BYTES_MAX; i++) {
		size_t token = 0;

		for (size_t t = 0; text[i] == '$' && !token && t < ARRAY_LEN(tokens);
		     t++) {
			token = token_length(text + i + 1, len - i - 1, tokens[t].name);
			if (token)
				strbuf_puts(&out, tokens[t].value);
		}
		if (token)
			i += token;
		else
			strbuf_putc(&out, text[i]);
	}
	return strbuf_detach(&out);
}

static void add_element(struct linker *linker, int platform, struct dir_list *dirs,
			const char *element, const char *origin, enum needed_via via)
{
	const struct platform *p = &linker->platforms.data[platform];
	const char *const *names = platform_names(p);
	bool many = strstr(element, "PLATFORM");

	for (size_t i = 0; names[i] && (many || i == 0); i++) {
		_cleanup_(freep) char *path = expand_tokens(p, element, origin, names[i]);

		dirs_add(linker, p, dirs, path, via, NULL);
	}
}

/* An RPATH is read again only for another $ORIGIN. */
static str_id list_key(struct linker *linker, int platform, const char *text,
		       const char *origin, enum needed_via via)
{
	_cleanup_(freep) char *key = mem_printf("%d|%d|%s|%s", platform, (int)via, text,
						strchr(text, '$') ? origin : "");

	return strpool_add(&linker->names, key);
}

uint32_t dirs_of_path(struct linker *linker, int platform, const char *text,
		      const char *origin, enum needed_via via)
{
	str_id key = list_key(linker, platform, text, origin, via);
	struct dir_list dirs = { 0 };

	if (key >= linker->list_by_key.len)
		(void)array_extend(&linker->list_by_key,
				   key + 1 - linker->list_by_key.len);
	if (linker->list_by_key.data[key])
		return linker->list_by_key.data[key] - 1;
	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ":");
		_cleanup_(freep) char *element = mem_strndup(at, len);

		if (dirs.len < ELEMENTS_MAX)
			add_element(linker, platform, &dirs, element, origin, via);
		at += len;
		if (*at == '\0')
			break;
	}
	array_push(&linker->lists, dirs);
	linker->list_by_key.data[key] = (uint32_t)linker->lists.len;
	return (uint32_t)linker->lists.len - 1;
}

/*
 * Does the loader give up here, with an error, instead of looking further? glibc (open_verify()
 * in elf/dl-load.c) passes over another class or machine and nothing else; musl (path_open() in
 * ldso/dynlink.c) takes the first file that can be opened.
 */
static bool stops(const struct linker *linker, const struct platform *platform,
		  const struct tree_entry *entry)
{
	const struct elfinfo *info = elfpass_info(linker->in->elf, entry);

	if (fits(linker, platform, entry))
		return false;
	if (platform->libc != LIBC_GLIBC)
		return platform->libc == LIBC_MUSL;
	if (!info || !info->has_header)
		return true;
	return info->class == platform->class &&
	       (info->big_endian != platform->big_endian ||
		info->machine_number == platform->machine);
}

/*
 * The regular file behind folder/name, or NULL; its symlinks are in linker->links. *ret_stops
 * says that there is a file which ends the search.
 */
static const struct tree_entry *look(struct linker *linker,
				     const struct platform *platform, str_id folder,
				     const char *name, bool *ret_stops)
{
	const struct tree_entry *entry;

	*ret_stops = false;
	strbuf_clear(&linker->path);
	strbuf_puts(&linker->path, strpool_text(&linker->names, folder));
	if (linker->path.len > 1)
		strbuf_putc(&linker->path, '/');
	strbuf_puts(&linker->path, name);
	linker->links.len = 0;
	entry = tree_resolve_via(linker->in->tree, strbuf_text(&linker->path),
				 &linker->links);
	if (!entry || !entry->on_disk || entry->type != FILE_REGULAR)
		return NULL;
	*ret_stops = stops(linker, platform, entry);
	return fits(linker, platform, entry) ? entry : NULL;
}

/* A match while it is put together. */
struct finding_match {
	struct link_match match;
	struct use_list uses;
	bool is_plain; /* found in the folder itself, not only in a hwcaps one */
	bool stopped;  /* by a file that is no library */
};

static void take_target(struct linker *linker, struct finding_match *found,
			const struct tree_entry *entry, str_id folder, uint8_t via)
{
	found->match.target = tree_id(linker->in->tree, entry) - 1;
	found->match.folder = folder;
	found->match.via = via;
	use_links(&found->uses, &linker->links);
}

/* A better copy beside a plain one: ld.so does without it. */
static void take_copy(struct linker *linker, struct finding_match *found,
		      const struct tree_entry *entry)
{
	size_t from = found->uses.len;

	array_push(&linker->links, tree_id(linker->in->tree, entry) - 1);
	use_links(&found->uses, &linker->links);
	for (; from < found->uses.len; from++)
		found->uses.data[from].strength = EDGE_LIKELY;
}

/* What was found so far only in a hwcaps folder becomes a copy of the plain one. */
static void demote(struct finding_match *found)
{
	array_each (&found->uses, i)
		found->uses.data[i].strength = EDGE_LIKELY;
	array_push(&found->uses, (struct link_use){ .entry = found->match.target,
						    .kind = EDGE_NEEDED,
						    .strength = EDGE_LIKELY });
}

static void use_dir(struct finding_match *found, const struct link_dir *dir)
{
	array_each (&dir->uses, i)
		array_push(&found->uses, dir->uses.data[i]);
}

static void look_in_dir(struct linker *linker, const struct platform *platform,
			const struct link_dir *dir, const char *name,
			struct finding_match *found)
{
	bool ignored; /* a hwcaps folder counts on some processors only */
	const struct tree_entry *entry =
		found->is_plain
			? NULL
			: look(linker, platform, dir->path, name, &found->stopped);

	if (entry) {
		if (found->match.target != UINT32_MAX)
			demote(found);
		take_target(linker, found, entry, dir->path, dir->via);
		found->is_plain = true;
		use_dir(found, dir);
	}
	array_each (&dir->variants, i) {
		entry = look(linker, platform, dir->variants.data[i], name, &ignored);
		if (!entry)
			continue;
		if (found->match.target != UINT32_MAX) {
			take_copy(linker, found, entry);
			continue;
		}
		take_target(linker, found, entry, dir->variants.data[i], VIA_HWCAPS);
		use_dir(found, dir);
	}
}

static match_id keep_match(struct linker *linker, struct finding_match *found)
{
	match_id id = NO_MATCH;

	if (found->match.target != UINT32_MAX) {
		found->match.uses_at = (uint32_t)linker->uses.len;
		found->match.uses_len = (uint32_t)found->uses.len;
		array_each (&found->uses, i)
			array_push(&linker->uses, found->uses.data[i]);
		id = (match_id)linker->matches.len;
		array_push(&linker->matches, found->match);
	}
	array_release(&found->uses);
	return id;
}

match_id search_dirs(struct linker *linker, int platform, uint32_t list, const char *name)
{
	struct finding_match found = { .match.target = UINT32_MAX };
	const struct dir_list *dirs = &linker->lists.data[list];

	for (size_t i = 0; i < dirs->len && !found.is_plain && !found.stopped; i++)
		look_in_dir(linker, &linker->platforms.data[platform], &dirs->data[i],
			    name, &found);
	linker->stopped = found.stopped;
	return keep_match(linker, &found);
}

/* The interpreter is in every process: its own name is there without a search. */
static bool is_loader_name(const struct linker *linker, const struct platform *platform,
			   const char *name)
{
	const struct tree *tree = linker->in->tree;
	const struct elfinfo *info;
	const struct tree_entry *loader;

	if (!platform->loader)
		return false;
	if (platform->libc == LIBC_MUSL && is_musl_builtin(name))
		return true;
	loader = &tree->entries.data[platform->loader - 1];
	info = elfpass_info(linker->in->elf, loader);
	return info && info->soname && strcmp(info->soname, name) == 0;
}

static match_id search_platform(struct linker *linker, int index, const char *name,
				bool without_default)
{
	struct finding_match found = { .match.target = UINT32_MAX };
	const struct platform *platform = &linker->platforms.data[index];

	if (is_loader_name(linker, platform, name)) {
		found.match.target = platform->loader - 1;
		found.match.via = VIA_DEFAULT;
		return keep_match(linker, &found);
	}
	/* the cache has all folders together, so a better copy is taken from any of them */
	for (size_t i = 0; i < platform->dirs.len; i++) {
		/* ldconfig has left junk out of glibc's cache, musl has none */
		if (found.stopped && platform->libc == LIBC_MUSL)
			break;
		if (!without_default || platform->dirs.data[i].via != VIA_DEFAULT)
			look_in_dir(linker, platform, &platform->dirs.data[i], name,
				    &found);
	}
	return keep_match(linker, &found);
}

match_id search_default(struct linker *linker, int index, const char *name,
			bool without_default)
{
	struct platform *platform = &linker->platforms.data[index];
	str_id id;

	if (without_default)
		return search_platform(linker, index, name, true);
	id = strpool_add(&linker->names, name);
	if (id >= platform->memo.len)
		(void)array_extend(&platform->memo, id + 1 - platform->memo.len);
	if (!platform->memo.data[id])
		platform->memo.data[id] = search_platform(linker, index, name, false) + 1;
	return platform->memo.data[id] - 1;
}

match_id search_list(struct linker *linker, int platform, uint32_t list, const char *name,
		     bool without_default)
{
	match_id match = NO_MATCH;

	linker->stopped = false;
	if (list != NO_LIST)
		match = search_dirs(linker, platform, list, name);
	if (match == NO_MATCH && !linker->stopped)
		match = search_default(linker, platform, name, without_default);
	return match;
}

match_id search_path(struct linker *linker, int index, const char *name,
		     const char *origin)
{
	struct finding_match found = { .match.target = UINT32_MAX };
	const struct platform *platform = &linker->platforms.data[index];
	_cleanup_(freep) char *path =
		expand_tokens(platform, name, origin, platform_names(platform)[0]);
	const struct tree_entry *entry;

	linker->links.len = 0;
	if (path[0] != '/')
		return NO_MATCH;
	entry = tree_resolve_via(linker->in->tree, path, &linker->links);
	if (entry && entry->on_disk && entry->type == FILE_REGULAR &&
	    fits(linker, platform, entry))
		take_target(linker, &found, entry, 0, VIA_PATH);
	return keep_match(linker, &found);
}
