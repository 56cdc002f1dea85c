#include "analyzer/detect_shell.h"

#include "analyzer/detect_list.h"
#include "analyzer/shell_commands.h"
#include "base/text.h"

#define MAX_FOUND 8 /* a module of several kernels */

struct shell_reader {
	const struct detect *d;
	struct detect_sink *out;
	const struct detect_script *script;
};

static const struct {
	enum detect_target target;
	enum edge_strength strength;
	const char *verb;
} USES[] = {
	[SHELL_RUNS] = { TARGET_COMMAND, EDGE_LIKELY, "runs" },
	[SHELL_ASKS] = { TARGET_COMMAND, EDGE_POSSIBLE, "looks for" },
	[SHELL_LOADS] = { TARGET_MODULE, EDGE_LIKELY, "loads" },
	[SHELL_READS] = { TARGET_PATH, EDGE_LIKELY, "reads" },
	[SHELL_NAMES] = { TARGET_PATH, EDGE_POSSIBLE, "names" },
};

static void use(void *arg, const struct shell_use *u)
{
	const struct shell_reader *r = arg;
	const struct tree_entry *found[MAX_FOUND];
	_cleanup_(freep) char *text = mem_printf("%s %.*s", USES[u->kind].verb,
						 (int)MIN2(u->len, (size_t)200), u->text);
	size_t n = detect_find(r->d, USES[u->kind].target, u->text, u->len, found,
			       MAX_FOUND);

	for (size_t i = 0; i < n; i++) {
		struct edge_row row = {
			.from_file = r->script->from,
			.from_package = r->script->from_package,
			.to_file = tree_id(r->d->tree, found[i]),
			.kind = u->kind == SHELL_NAMES ? EDGE_PATH : r->script->kind,
			.strength = USES[u->kind].strength,
			.cite_line = u->line,
			.cite_text = text,
		};

		edge_list_add(&r->out->edges, &row);
	}
}

void detect_shell_text(const struct detect *d, struct detect_sink *out,
		       const struct detect_script *script)
{
	struct shell_reader reader = { d, out, script };

	shell_commands(script->text, script->len, script->line, use, &reader);
}

/* Files that shells read without a shebang. */
static const char *const SOURCED[] = {
	"/etc/profile.d/", "/etc/profile",    "/etc/bash.bashrc", "/etc/bashrc",
	"/etc/default/",   "/etc/sysconfig/", "/etc/init.d/",
};

static bool is_sourced(const char *path)
{
	for (size_t i = 0; path[1] == 'e' && i < ARRAY_LEN(SOURCED); i++)
		if (text_starts(path, SOURCED[i]))
			return true;
	return text_ends(path, ".sh");
}

static bool shell_wants(const struct detect *d, const struct tree_entry *entry,
			const char *path)
{
	(void)d;
	return entry->category == CATEGORY_SCRIPT || is_sourced(path);
}

/* Does the first line name a shell? Scripts without one are sourced by shells. */
static bool is_shell_text(const struct detect_input *in)
{
	static const char *const SHELLS[] = { "sh",  "bash", "dash", "ash",
					      "ksh", "zsh",  "mksh" };
	const char *end = memchr(in->data, '\n', in->len);
	size_t len = end ? (size_t)(end - in->data) : in->len;
	char line[256];

	if (in->len < 2 || in->data[0] != '#' || in->data[1] != '!')
		return is_sourced(in->path) &&
		       !memchr(in->data, '\0', MIN2(in->len, (size_t)512));
	len = MIN2(len, sizeof(line) - 1);
	memcpy(line, in->data, len);
	line[len] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(SHELLS); i++) {
		const char *hit = strstr(line, SHELLS[i]);

		if (hit && (hit[-1] == '/' || hit[-1] == ' ') &&
		    strchr(" \t\r", hit[strlen(SHELLS[i])]))
			return true;
	}
	return false;
}

static void shell_file(const struct detect *d, const struct detect_input *in,
		       struct detect_sink *out)
{
	if (is_shell_text(in))
		detect_shell_text(d, out,
				  &(struct detect_script){ .from = in->file,
							   .text = in->data,
							   .len = in->len,
							   .line = 1,
							   .kind = EDGE_EXEC });
}

const struct detector DETECT_SHELL = {
	.name = "shell",
	.wants = shell_wants,
	.file = shell_file,
};
