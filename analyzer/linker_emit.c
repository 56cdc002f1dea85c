/* What was found, as rows, edges and findings. */
#include "analyzer/linker_internal.h"

#include "base/text.h"

#include <string.h>

struct emit {
	struct link_run *run;
	struct linker_result *result;
	struct edge_list *edges;
	struct finding_list *findings;
};

static file_id file_of(const struct link_run *run, uint32_t object)
{
	return (file_id)run_info(run, object)->entry + 1;
}

/* Edges from one object to all that a match leads to. */
static void add_match(struct emit *emit, struct edge_row row, match_id match)
{
	const struct linker *linker = &emit->run->linker;
	const struct link_match *m = &linker->matches.data[match];
	const char *cite = row.cite_text;

	row.to_file = m->target + 1;
	edge_list_add(emit->edges, &row);
	for (uint32_t i = 0; i < m->uses_len; i++) {
		const struct link_use *use = &linker->uses.data[m->uses_at + i];
		struct edge_row extra = row;

		extra.to_file = use->entry + 1;
		if (use->kind != EDGE_NEEDED)
			extra.kind = use->kind;
		extra.strength = MAX2(use->strength, (uint8_t)row.strength);
		extra.cite_text =
			use->cite ? strpool_text(&linker->names, use->cite) : cite;
		if (use->cite_file) {
			extra.cite_file = use->cite_file;
			extra.cite_line = use->cite_line;
		}
		edge_list_add(emit->edges, &extra);
	}
}

static void add_unresolved(struct emit *emit, const struct link_need *need)
{
	const struct link_run *run = emit->run;
	const char *path =
		tree_text(run->linker.in->tree, run_entry(run, need->object)->path);
	const char *name = strpool_text(&run->linker.names, need->name);
	bool relative = strchr(name, '/') && name[0] != '/' && name[0] != '$';
	_cleanup_(freep) char *text =
		mem_printf(relative ? "needs %s, which depends on the working folder"
				    : "needs %s, which the dynamic loader does not find",
			   name);
	struct finding_row row = {
		.rule = "unresolved-soname",
		.severity = SEVERITY_WARNING,
		.file = file_of(run, need->object),
		.subject = path,
		.text = text,
		.remedy = "Install the package that has the library, or remove this "
			  "file's.",
	};

	finding_list_add(emit->findings, &row);
}

static void emit_need(struct emit *emit, const struct link_need *need)
{
	struct link_run *run = emit->run;
	match_id match = need->alone != NO_MATCH ? need->alone : need->within;
	const struct link_match *m = &run->linker.matches.data[match];
	const char *name = run_info(run, need->object)->needed.data[need->position];
	_cleanup_(freep) char *cite = mem_printf("NEEDED %s", name);
	struct edge_row edge = { .from_file = file_of(run, need->object),
				 .kind = EDGE_NEEDED,
				 .strength = EDGE_HARD,
				 .cite_text = cite };

	array_push(&emit->result->needed,
		   (struct needed_row){ .file = edge.from_file,
					.position = need->position,
					.soname = name,
					.resolved = match == NO_MATCH ? 0 : m->target + 1,
					.via = m->via });
	if (match == NO_MATCH)
		add_unresolved(emit, need);
	else
		add_match(emit, edge, match);
}

static void emit_context(struct emit *emit, const struct link_context *context)
{
	struct link_run *run = emit->run;
	const struct link_need *need = &run->needs.data[context->need];
	const struct tree *tree = run->linker.in->tree;
	_cleanup_(freep) char *cite =
		mem_printf("NEEDED %s of %s",
			   run_info(run, need->object)->needed.data[need->position],
			   tree_text(tree, run_entry(run, need->object)->path));

	add_match(emit,
		  (struct edge_row){ .from_file = file_of(run, context->program),
				     .kind = EDGE_NEEDED,
				     .strength = EDGE_HARD,
				     .cite_file = file_of(run, need->object),
				     .cite_text = cite },
		  context->match);
}

/* An edge to a path and to all symlinks on the way; false where it leads to no file. */
static bool add_path(struct emit *emit, struct edge_row row, const char *path)
{
	struct linker *linker = &emit->run->linker;
	const struct tree_entry *entry;

	linker->links.len = 0;
	entry = tree_resolve_via(linker->in->tree, path, &linker->links);
	if (!entry || !entry->on_disk || entry->type != FILE_REGULAR)
		return false;
	row.to_file = tree_id(linker->in->tree, entry);
	edge_list_add(emit->edges, &row);
	array_each (&linker->links, i) {
		row.to_file = linker->links.data[i] + 1;
		edge_list_add(emit->edges, &row);
	}
	return true;
}

static void emit_interpreter(struct emit *emit, uint32_t object)
{
	const struct link_run *run = emit->run;
	const struct elfinfo *info = run_info(run, object);
	_cleanup_(freep) char *cite = mem_printf("INTERP %s", info->interpreter);
	struct edge_row edge = { .from_file = file_of(run, object),
				 .kind = EDGE_INTERPRETER,
				 .strength = EDGE_HARD,
				 .cite_text = cite };
	_cleanup_(freep) char *text = mem_printf(
		"asks for the interpreter %s, which is not there", info->interpreter);
	struct finding_row finding = {
		.rule = "missing-interpreter",
		.severity = SEVERITY_WARNING,
		.file = edge.from_file,
		.subject = tree_text(run->linker.in->tree, run_entry(run, object)->path),
		.text = text,
		.remedy = "Install the package that has the interpreter, or remove this "
			  "file's.",
	};

	if (info->interpreter[0] != '/' || !add_path(emit, edge, info->interpreter))
		finding_list_add(emit->findings, &finding);
}

/* A name that is searched like a NEEDED one, for another reason. */
static match_id search_other(struct link_run *run, uint32_t object, const char *name)
{
	const struct link_object *o = &run->objects.data[object];
	uint32_t list = o->runpath != NO_LIST ? o->runpath : o->rpath;
	_cleanup_(freep) char *origin = run_origin(run, object);

	if (strchr(name, '/'))
		return search_path(&run->linker, o->platform, name, origin);
	return search_list(&run->linker, o->platform, list, name, false);
}

/* ld.so stops without what a filter stands for, and goes on without the others. */
static void emit_other(struct emit *emit, uint32_t object, const char *tag,
		       const char *name, bool must)
{
	_cleanup_(freep) char *cite = mem_printf("%s %s", tag, name);
	match_id match = search_other(emit->run, object, name);

	if (match != NO_MATCH)
		add_match(emit,
			  (struct edge_row){ .from_file = file_of(emit->run, object),
					     .kind = EDGE_AUDIT,
					     .strength = must ? EDGE_HARD : EDGE_LIKELY,
					     .cite_text = cite },
			  match);
}

static void emit_audit(struct emit *emit, uint32_t object, const char *tag,
		       const char *list)
{
	size_t len = list ? strlen(list) : 0, word_len;
	const char *word;

	while (len > 0 && ldconf_word(&list, &len, ":", &word, &word_len)) {
		_cleanup_(freep) char *name = mem_strndup(word, word_len);

		emit_other(emit, object, tag, name, false);
	}
}

static void emit_object(struct emit *emit, uint32_t object)
{
	const struct elfinfo *info = run_info(emit->run, object);

	if (info->interpreter && elfinfo_is_loadable(info))
		emit_interpreter(emit, object);
	if (emit->run->objects.data[object].platform < 0)
		return;
	emit_audit(emit, object, "AUDIT", info->audit);
	emit_audit(emit, object, "DEPAUDIT", info->depaudit);
	array_each (&info->filter, i)
		emit_other(emit, object, "FILTER", info->filter.data[i], true);
	array_each (&info->auxiliary, i)
		emit_other(emit, object, "AUXILIARY", info->auxiliary.data[i], false);
}

/* What glibc's ld.so reads for every program: its cache and the list of preloads. */
static void emit_loader(struct emit *emit, const struct platform *platform)
{
	struct edge_row edge = { .from_file = platform->loader,
				 .kind = EDGE_CONFIG,
				 .strength = EDGE_LIKELY,
				 .cite_text = "/etc/ld.so.cache" };

	if (platform->libc != LIBC_GLIBC || !platform->loader)
		return;
	add_path(emit, edge, "/etc/ld.so.cache");
	edge.kind = EDGE_PRELOAD;
	edge.cite_text = "/etc/ld.so.preload";
	edge.strength = EDGE_HARD;
	add_path(emit, edge, "/etc/ld.so.preload");
}

static uint32_t line_of(const char *from, const char *at)
{
	uint32_t line = 1;

	for (; from < at; from++)
		line += *from == '\n';
	return line;
}

/* One word of ld.so.preload: for every word size, as each program looks for its own. */
static void emit_preload(struct emit *emit, file_id file, uint32_t line, const char *name)
{
	struct link_run *run = emit->run;
	struct edge_row edge = { .from_file = file,
				 .kind = EDGE_PRELOAD,
				 .strength = EDGE_HARD,
				 .cite_line = line,
				 .cite_text = name };

	array_each (&run->linker.platforms, i) {
		match_id match = NO_MATCH;

		if (run->linker.platforms.data[i].libc != LIBC_GLIBC)
			continue;
		if (strchr(name, '/'))
			match = search_path(&run->linker, (int)i, name, "/");
		else
			match = search_default(&run->linker, (int)i, name, false);
		if (match != NO_MATCH)
			add_match(emit, edge, match);
	}
}

/* Words separated by blanks and colons; '#' begins a comment. */
static void read_preload(struct emit *emit)
{
	const struct linker_input *in = emit->run->linker.in;
	const struct tree_entry *entry = tree_resolve(in->tree, "/etc/ld.so.preload", 0);
	_cleanup_(freep) char *data = NULL;
	const char *text, *word;
	size_t len, word_len;

	if (!entry || !entry->on_disk || entry->type != FILE_REGULAR ||
	    rootfs_read(in->root, "/etc/ld.so.preload", LDCONF_FILE_MAX, &data, &len,
			NULL) < 0)
		return;
	for (size_t i = 0; i < len; i++)
		if (data[i] == '#')
			while (i < len && data[i] != '\n')
				data[i++] = ' ';
	text = data;
	while (ldconf_word(&text, &len, " \t\r\n:", &word, &word_len)) {
		_cleanup_(freep) char *name = mem_strndup(word, word_len);

		emit_preload(emit, tree_id(in->tree, entry), line_of(data, word), name);
	}
}

void emit_all(struct link_run *run, struct linker_result *ret, struct edge_list *edges,
	      struct finding_list *findings)
{
	struct emit emit = { run, ret, edges, findings };

	array_each (&run->needs, i)
		emit_need(&emit, &run->needs.data[i]);
	array_each (&run->contexts, i)
		emit_context(&emit, &run->contexts.data[i]);
	for (uint32_t i = 0; i < run->objects.len; i++)
		emit_object(&emit, i);
	array_each (&run->linker.platforms, i)
		emit_loader(&emit, &run->linker.platforms.data[i]);
	read_preload(&emit);
}
