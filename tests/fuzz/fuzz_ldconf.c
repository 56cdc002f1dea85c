/* ld.so.conf: its lines, the words of include lines, and their patterns over a tree. */
#include "analyzer/ldconf.h"

#include "analyzer/tree_glob.h"
#include "base/mem.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void make_tree(struct tree *tree)
{
	static const struct {
		const char *path, *target;
	} rows[] = { { "/", NULL },	      { "/etc", NULL },
		     { "/etc/a.conf", NULL }, { "/etc/b", NULL },
		     { "/etc/b/c", NULL },    { "/loop", "/loop" },
		     { "/up", "../etc" },     { "/etc/self", "." },
		     { "/etc/b/up", ".." },   { "/etc-x", NULL },
		     { "/etc/.hidden", NULL } };

	tree_init(tree);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		str_id target = strpool_add(&tree->strings, rows[i].target);
		struct tree_entry *entry = tree_add(tree, rows[i].path);

		entry->target = target;
		entry->type = target ? FILE_SYMLINK : FILE_DIRECTORY;
		entry->on_disk = true;
	}
	tree_sort(tree);
}

static void take(void *arg, const char *path)
{
	size_t *count = arg;

	if (path[0] != '/' || ++*count > TREE_GLOB_MAX)
		__builtin_trap();
}

static void take_words(const struct tree *tree, const char *text, size_t len)
{
	const char *word;
	size_t word_len, words = 0;

	while (words++ < 16 && ldconf_word(&text, &len, " \t", &word, &word_len)) {
		_cleanup_(freep) char *pattern = mem_strndup(word, word_len);
		size_t count = 0;

		if (strlen(pattern) != word_len)
			__builtin_trap();
		tree_glob(tree, pattern, take, &count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* on the heap with nothing behind it, so that a byte too far is seen */
	_cleanup_(freep) char *copy = mem_alloc(len);
	struct tree tree;

	memcpy(copy, data, len);
	make_tree(&tree);
	for (size_t at = 0; at < len;) {
		const char *newline = memchr(copy + at, '\n', len - at), *text;
		size_t line = newline ? (size_t)(newline - copy) - at : len - at,
		       text_len;

		switch (ldconf_parse(copy + at, line, &text, &text_len)) {
		case LDCONF_DIR:
			if (text_len == 0 || memchr(text, '#', text_len))
				__builtin_trap();
			break;
		case LDCONF_INCLUDE:
			take_words(&tree, text, text_len);
			break;
		case LDCONF_EMPTY:
			break;
		}
		at += line + 1;
	}
	tree_release(&tree);
	return 0;
}
