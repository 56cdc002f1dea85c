#include "analyzer/ldconf.h"

#include "analyzer/tree_glob.h"

#include <string.h>
#include <strings.h>

void ldconf_init(struct ldconf *conf)
{
	*conf = (struct ldconf){ 0 };
	strpool_init(&conf->strings);
}

void ldconf_release(struct ldconf *conf)
{
	strpool_release(&conf->strings);
	array_release(&conf->files);
	array_release(&conf->dirs);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* A folder ends before "=" and has no blanks or '/' at its end. */
static size_t dir_length(const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);

	if (equals)
		len = (size_t)(equals - text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	while (len > 1 && text[len - 1] == '/')
		len--;
	return len;
}

enum ldconf_line ldconf_parse(const char *line, size_t len, const char **ret_text,
			      size_t *ret_len)
{
	const char *comment = memchr(line, '#', len), *nul;

	if (comment)
		len = (size_t)(comment - line);
	nul = memchr(line, '\0', len);
	if (nul)
		len = (size_t)(nul - line);
	while (len > 0 && is_blank(*line)) {
		line++;
		len--;
	}
	if (len > 7 && memcmp(line, "include", 7) == 0 && is_blank(line[7])) {
		*ret_text = line + 8;
		*ret_len = len - 8;
		return LDCONF_INCLUDE;
	}
	if (len > 5 && strncasecmp(line, "hwcap", 5) == 0 && is_blank(line[5]))
		return LDCONF_EMPTY;
	*ret_text = line;
	*ret_len = dir_length(line, len);
	return *ret_len > 0 ? LDCONF_DIR : LDCONF_EMPTY;
}

bool ldconf_word(const char **text, size_t *len, const char *separators,
		 const char **ret_word, size_t *ret_len)
{
	const char *p = *text, *end = *text + *len;

	while (p < end && (!*p || strchr(separators, *p)))
		p++;
	*ret_word = p;
	while (p < end && *p && !strchr(separators, *p))
		p++;
	*ret_len = (size_t)(p - *ret_word);
	*text = p;
	*len = (size_t)(end - p);
	return *ret_len > 0;
}

/* A file still to open (path), or open and read up to @at. */
struct item {
	char *path, *data;
	size_t len, at;
	uint32_t file, line;  /* of an open one: index, line read last */
	uint32_t by, by_line; /* of one to open: index + 1 of the file that includes it */
};

/* The top of the stack is worked on: what a line includes comes before its next line. */
struct reading {
	struct ldconf *conf;
	struct rootfs *root;
	const struct tree *tree;
	struct finding_list *findings;
	ARRAY_OF(struct item) stack;
	size_t pattern_count;
};

static void reading_release(struct reading *reading)
{
	array_each (&reading->stack, i) {
		free(reading->stack.data[i].path);
		free(reading->stack.data[i].data);
	}
	array_release(&reading->stack);
}

static void add_finding(struct reading *reading, const char *rule, const char *path,
			const char *text)
{
	const struct tree_entry *entry = tree_resolve(reading->tree, path, 0);
	struct finding_row row = {
		.rule = rule,
		.severity = SEVERITY_WARNING,
		.file = entry ? tree_id(reading->tree, entry) : 0,
		.subject = path,
		.text = text,
		.remedy = "",
	};

	finding_list_add(reading->findings, &row);
}

static bool was_read(const struct ldconf *conf, uint32_t entry)
{
	array_each (&conf->files, i)
		if (conf->files.data[i].entry == entry)
			return true;
	return false;
}

/* Turn an item with a path into an open one; false when there is nothing to read. */
static bool open_item(struct reading *reading, struct item *item)
{
	const struct tree_entry *entry = tree_resolve(reading->tree, item->path, 0);
	struct ldconf *conf = reading->conf;
	struct error err = { 0 };
	uint32_t index;

	if (!entry || !entry->on_disk || entry->type != FILE_REGULAR)
		return false;
	index = tree_id(reading->tree, entry) - 1;
	if (was_read(conf, index))
		return false;
	if (conf->files.len >= LDCONF_FILES) {
		add_finding(reading, "bad-ldconf", item->path,
			    "too many files are included; this one is left out");
		return false;
	}
	if (rootfs_read(reading->root, tree_text(reading->tree, entry->path),
			LDCONF_FILE_MAX, &item->data, &item->len, &err) < 0) {
		add_finding(reading, "unreadable-file", item->path, err.text);
		return false;
	}
	item->file = (uint32_t)conf->files.len;
	array_push(&conf->files, (struct ldconf_file){ index, item->by, item->by_line });
	free(steal_ptr(&item->path));
	return true;
}

/* Where the matches of a pattern go, with the line that asks for them. */
struct matching {
	struct reading *reading;
	uint32_t by, line;
};

static void take_match(void *arg, const char *path)
{
	struct matching *matching = arg;
	struct item item = { .path = mem_strdup(path),
			     .by = matching->by,
			     .by_line = matching->line };

	array_push(&matching->reading->stack, item);
}

/* The last shall be the first: the stack is worked on from its end. */
static void reverse(struct reading *reading, size_t from)
{
	struct item *items = reading->stack.data;

	for (size_t to = reading->stack.len; from + 1 < to; from++, to--) {
		struct item swap = items[from];

		items[from] = items[to - 1];
		items[to - 1] = swap;
	}
}

static void include(struct reading *reading, uint32_t file, uint32_t line,
		    const char *words, size_t len)
{
	struct matching matching = { reading, file + 1, line };
	const struct tree *tree = reading->tree;
	const char *path = tree_text(
		tree, tree->entries.data[reading->conf->files.data[file].entry].path);
	size_t before = reading->stack.len, word_len;
	const char *word;

	while (ldconf_word(&words, &len, " \t", &word, &word_len)) {
		_cleanup_(freep) char *pattern = NULL;

		if (word[0] == '/')
			pattern = mem_strndup(word, word_len);
		else
			pattern =
				mem_printf("%.*s/%.*s", (int)(strrchr(path, '/') - path),
					   path, (int)word_len, word);
		if (++reading->pattern_count > LDCONF_PATTERNS ||
		    tree_glob(tree, pattern, take_match, &matching) < 0)
			add_finding(reading, "bad-ldconf", path,
				    "an include line matches too much and is left out");
		if (reading->pattern_count > LDCONF_PATTERNS)
			break;
	}
	reverse(reading, before);
}

/* The next line of the file on top; it may put others above it. */
static void read_line(struct reading *reading)
{
	struct item *item = &reading->stack.data[reading->stack.len - 1];
	const char *line = item->data + item->at, *text;
	const char *newline = memchr(line, '\n', item->len - item->at);
	size_t len = newline ? (size_t)(newline - line) : item->len - item->at;
	struct ldconf_dir dir = { .file = item->file, .line = ++item->line };

	item->at += len + (newline ? 1 : 0);
	switch (ldconf_parse(line, len, &text, &len)) {
	case LDCONF_DIR:
		dir.path = strpool_add_len(&reading->conf->strings, text, len);
		if (text[0] == '/')
			array_push(&reading->conf->dirs, dir);
		break;
	case LDCONF_INCLUDE:
		include(reading, dir.file, dir.line, text, len);
		break;
	case LDCONF_EMPTY:
		break;
	}
}

void ldconf_read(struct ldconf *conf, struct rootfs *root, const struct tree *tree,
		 const char *path, struct finding_list *findings)
{
	_cleanup_(reading_release) struct reading reading = {
		.conf = conf, .root = root, .tree = tree, .findings = findings
	};
	struct item first = { .path = mem_strdup(path) };

	array_push(&reading.stack, first);
	while (reading.stack.len > 0) {
		struct item *top = &reading.stack.data[reading.stack.len - 1];

		if (top->path ? open_item(&reading, top) : top->at < top->len) {
			if (top->data)
				read_line(&reading);
			continue;
		}
		free(top->path);
		free(top->data);
		reading.stack.len--;
	}
}
