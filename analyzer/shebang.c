#include "analyzer/shebang.h"

#include "base/mem.h"

#include <string.h>

#define LINE_BYTES 256

/* Where env looks when PATH is not set otherwise: what systemd gives to services, and
 * what a login gets. */
static const char USUAL_PATH[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static const struct {
	const char *text, *remedy;
} FAULTS[] = {
	[SHEBANG_EMPTY] = { "names no interpreter after \"#!\"",
			    "write the interpreter's path" },
	[SHEBANG_TOO_LONG] = { "has an interpreter longer than the 255 bytes that the "
			       "kernel reads",
			       "use a shorter path" },
	[SHEBANG_CUT] = { "has a first line longer than the 255 bytes that the kernel "
			  "reads; the rest is ignored",
			  "use fewer arguments" },
	[SHEBANG_RETURN] = { "has a carriage return at the end of its first line, which "
			     "becomes part of the name",
			     "convert it to Unix line ends" },
	[SHEBANG_RELATIVE] = { "names its interpreter without a path; it works in one "
			       "folder only",
			       "write an absolute path, or use /usr/bin/env" },
	[SHEBANG_ENV_SPACE] = { "makes env look for one name with spaces in it",
				"write /usr/bin/env -S" },
	[SHEBANG_ENV_NOTHING] = { "gives env nothing to run, or options that it has not",
				  "write /usr/bin/env and a command" },
};

void shebang_init(struct shebang_pass *pass, unsigned int threads)
{
	pass->thread_count = threads;
	pass->threads = mem_calloc(threads, sizeof(*pass->threads));
}

void shebang_file(void *arg, const struct content_file *file)
{
	struct shebang_pass *pass = arg;
	struct shebang_thread *thread = &pass->threads[file->thread];
	size_t len = MIN2(file->head_len, (size_t)LINE_BYTES);

	if (len < 2 || file->head[0] != '#' || file->head[1] != '!')
		return;
	array_push(&thread->lines,
		   (struct shebang_line){ (uint32_t)file->index, thread->text.len, len });
	strbuf_add(&thread->text, file->head, len);
}

struct finish {
	const struct tree *tree;
	struct edge_list *edges;
	struct finding_list *findings;
	const struct tree_entry *entry; /* the script */
	const char *cite;
};

/* Documentation holds examples for other systems: nothing is wrong with these. */
static bool is_program(const struct tree_entry *entry)
{
	return (entry->mode & 0111) && entry->category != CATEGORY_DOCUMENTATION &&
	       entry->category != CATEGORY_MAN && entry->category != CATEGORY_LICENCE;
}

static void add_finding(const struct finish *f, const char *text, const char *remedy)
{
	if (!is_program(f->entry))
		return;
	finding_list_add(
		f->findings,
		&(struct finding_row){ .rule = "broken-shebang",
				       .severity = SEVERITY_WARNING,
				       .file = tree_id(f->tree, f->entry),
				       .subject = tree_text(f->tree, f->entry->path),
				       .text = text,
				       .remedy = remedy });
}

/* An entry that can be run; the answer itself may be a symlink to it. */
static const struct tree_entry *find_program(const struct tree *tree, const char *path)
{
	const struct tree_entry *program = tree_resolve(tree, path, 0);

	if (!program || program->type != FILE_REGULAR || !(program->mode & 0111))
		return NULL;
	return tree_resolve(tree, path, TREE_NOFOLLOW);
}

static void add_edge(const struct finish *f, const struct tree_entry *to)
{
	edge_list_add(f->edges,
		      &(struct edge_row){ .from_file = tree_id(f->tree, f->entry),
					  .to_file = tree_id(f->tree, to),
					  .kind = EDGE_SHEBANG,
					  .strength = f->entry->mode & 0111 ? EDGE_HARD
									    : EDGE_LIKELY,
					  .cite_line = 1,
					  .cite_text = f->cite });
}

static void need_interpreter(const struct finish *f, const char *path)
{
	const struct tree_entry *to = find_program(f->tree, path);
	_cleanup_(freep) char *text = NULL;

	if (to) {
		add_edge(f, to);
		return;
	}
	if (tree_is_hidden(f->tree, path))
		return;
	text = mem_printf("has an interpreter that the root has not: %s", path);
	add_finding(f, text, "install the interpreter, or drop the script");
}

/* As execvp() of env does; a name with a slash is a path. */
static void need_command(const struct finish *f, const struct shebang *shebang)
{
	const char *list = shebang->path ? shebang->path : USUAL_PATH;
	_cleanup_(freep) char *text = NULL;

	if (strchr(shebang->command, '/')) {
		need_interpreter(f, shebang->command);
		return;
	}
	while (*list) {
		size_t len = strcspn(list, ":");
		_cleanup_(freep) char *path =
			mem_printf("%.*s/%s", (int)len, list, shebang->command);
		const struct tree_entry *to =
			path[0] == '/' ? find_program(f->tree, path) : NULL;

		if (to) {
			add_edge(f, to);
			return;
		}
		list += len;
		list += *list == ':';
	}
	text = mem_printf("runs %s, which is not on PATH in the root", shebang->command);
	add_finding(f, text, "install the command, or drop the script");
}

static void finish_line(struct finish *f, const char *head, size_t len)
{
	_cleanup_(shebang_release) struct shebang shebang = { 0 };
	_cleanup_(freep) char *cite = NULL;

	if (!shebang_parse(head, len, &shebang))
		return;
	if (shebang.interpreter)
		cite = mem_printf("#!%s%s%s", shebang.interpreter,
				  shebang.argument ? " " : "",
				  shebang.argument ? shebang.argument : "");
	f->cite = cite;
	if (shebang.fault != SHEBANG_FINE)
		add_finding(f, FAULTS[shebang.fault].text, FAULTS[shebang.fault].remedy);
	if (shebang.interpreter && shebang.interpreter[0] == '/' &&
	    (shebang.fault != SHEBANG_RETURN || shebang.argument))
		need_interpreter(f, shebang.interpreter);
	if (shebang.command)
		need_command(f, &shebang);
}

void shebang_finish(struct shebang_pass *pass, const struct tree *tree,
		    struct edge_list *edges, struct finding_list *findings)
{
	struct finish f = { .tree = tree, .edges = edges, .findings = findings };

	for (unsigned int t = 0; t < pass->thread_count; t++) {
		struct shebang_thread *thread = &pass->threads[t];

		array_each (&thread->lines, i) {
			const struct shebang_line *line = &thread->lines.data[i];

			f.entry = &tree->entries.data[line->entry];
			finish_line(&f, thread->text.data + line->at, line->len);
		}
		array_release(&thread->lines);
		strbuf_release(&thread->text);
	}
	free(pass->threads);
	*pass = (struct shebang_pass){ 0 };
}
