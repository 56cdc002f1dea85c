/*
 * What depmod(8) has written beside the modules: modules.dep (modules.dep(5): "path: path ...",
 * relative to the kernel's folder) and modules.softdep ("softdep NAME pre: A post: B"). Modules
 * say the same of themselves (detect_module.c), but not those that are packed in a way that
 * nobody here can unpack, and the softdeps of depmod.d(5) stand here alone. What drivers in
 * the kernel itself say of themselves is in modules.builtin.modinfo ("NAME.firmware=PATH",
 * a NUL behind each): they ask for firmware as modules do.
 */
#include "analyzer/detect_list.h"

#include "base/text.h"

#define MAX_FOUND 16
#define MAX_WORD  1024
#define BUILTIN	  "/modules.builtin.modinfo"

static bool index_wants(const struct detect *d, const struct tree_entry *entry,
			const char *path)
{
	(void)d;
	(void)entry;
	return strstr(path, "/lib/modules/") &&
	       (text_ends(path, "/modules.dep") || text_ends(path, "/modules.softdep") ||
		text_ends(path, BUILTIN));
}

/* One line of an index. */
struct index_line {
	const struct detect *d;
	const struct detect_input *in;
	struct detect_sink *out;
	size_t folder; /* length of "/usr/lib/modules/6.1.0/" */
	uint32_t number;
	const char *at, *end;
};

/* The next word, as a path of the kernel's folder when @p folder says so; 0 at the end. */
static size_t next_word(struct index_line *line, size_t folder, char out[MAX_WORD])
{
	const char *from;
	size_t len;

	while (line->at < line->end && *line->at <= ' ')
		line->at++;
	for (from = line->at; line->at<line->end && * line->at> ' ';)
		line->at++;
	len = (size_t)(line->at - from);
	if (folder + len >= MAX_WORD)
		return 0;
	memcpy(out, line->in->path, folder);
	memcpy(out + folder, from, len);
	out[folder + len] = '\0';
	return len;
}

static void add(const struct index_line *line, const struct tree_entry *from,
		const struct tree_entry *to, enum edge_strength strength,
		const char *text)
{
	detect_edge(line->d, line->out, from, to,
		    (struct edge_row){ .kind = EDGE_MODULE_DEP,
				       .strength = strength,
				       .cite_file = line->in->file,
				       .cite_line = line->number,
				       .cite_text = text });
}

static void dependency_line(struct index_line *line)
{
	const struct tree_entry *module, *needed;
	char word[MAX_WORD];
	size_t len = next_word(line, line->folder, word);

	if (len < 2 || word[line->folder + len - 1] != ':')
		return;
	len += line->folder - 1;
	if (!detect_find(line->d, TARGET_PATH, word, len, &module, 1))
		return;
	while ((len = next_word(line, line->folder, word)) > 0)
		if (detect_find(line->d, TARGET_PATH, word, line->folder + len, &needed,
				1))
			add(line, module, needed, EDGE_HARD, word + line->folder);
}

/* Those of this kernel. */
static size_t find_modules(const struct index_line *line, const char *name, size_t len,
			   const struct tree_entry **ret)
{
	size_t found = detect_find(line->d, TARGET_MODULE, name, len, ret, MAX_FOUND);
	size_t kept = 0;

	for (size_t i = 0; i < found; i++)
		if (strncmp(tree_text(line->d->tree, ret[i]->path), line->in->path,
			    line->folder) == 0)
			ret[kept++] = ret[i];
	return kept;
}

static void soft_line(struct index_line *line)
{
	const struct tree_entry *modules[MAX_FOUND], *needed[MAX_FOUND];
	char word[MAX_WORD];
	size_t len, count;

	if (!text_keyword(&line->at, line->end, "softdep"))
		return;
	len = next_word(line, 0, word);
	count = find_modules(line, word, len, modules);
	while (count > 0 && (len = next_word(line, 0, word)) > 0) {
		size_t n =
			word[len - 1] == ':' ? 0 : find_modules(line, word, len, needed);

		for (size_t i = 0; i < count * n; i++)
			add(line, modules[i / n], needed[i % n], EDGE_LIKELY, word);
	}
}

/* "NAME.firmware=PATH": the list itself stands for the driver, which is no file. */
static void builtin_field(const struct detect *d, const struct detect_input *in,
			  struct detect_sink *out, const char *field, size_t len)
{
	static const char KEY[] = ".firmware=";
	const char *key = memmem(field, len, KEY, strlen(KEY));

	if (key && memchr(field, '=', len) == key + strlen(KEY) - 1)
		detect_firmware(d, out, in->entry, key + strlen(KEY),
				len - (size_t)(key + strlen(KEY) - field));
}

static void builtin_file(const struct detect *d, const struct detect_input *in,
			 struct detect_sink *out)
{
	for (size_t at = 0; at < in->len;) {
		size_t len = 0;

		while (at + len < in->len && in->data[at + len] != '\0' &&
		       in->data[at + len] != '\n')
			len++;
		builtin_field(d, in, out, in->data + at, len);
		at += len + 1;
	}
}

static void index_file(const struct detect *d, const struct detect_input *in,
		       struct detect_sink *out)
{
	bool soft = text_ends(in->path, ".softdep");
	struct index_line line = { .d = d, .in = in, .out = out };

	if (text_ends(in->path, BUILTIN)) {
		builtin_file(d, in, out);
		return;
	}
	line.folder = (size_t)(strrchr(in->path, '/') - in->path) + 1;
	for (const char *at = in->data, *end = at + in->len; at < end;
	     at = line.end + 1) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		line.number++;
		line.at = at;
		line.end = stop ? stop : end;
		if (soft)
			soft_line(&line);
		else
			dependency_line(&line);
	}
}

const struct detector DETECT_MODULE_INDEX = {
	.name = "module-index",
	.wants = index_wants,
	.file = index_file,
};
