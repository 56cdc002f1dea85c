/* What trims give back: inodes with their last name, folders that become empty. */
#include "trimmer/file_trim.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/inode_names.h"
#include "trimmer/weigh.h"

#include <stdlib.h>
#include <string.h>

struct scale {
	const struct file_trim_query *query;
	const struct graph *g;
	struct file_trim_result *result;
	file_id *by_path;  /* by string id */
	bool *stays;	   /* by folder: something in it stays */
	uint32_t *trimmed; /* by folder: rule of something in it that goes, TRIM_NONE */
};

static bool is_trimmed(const struct scale *s, file_id file)
{
	return s->result->rule_of[file] != TRIM_NONE;
}

static file_id parent_of(const struct scale *s, file_id file)
{
	const char *path = graph_text(s->g, s->g->files[file].path);
	const char *slash = strrchr(path, '/');
	str_id parent;

	if (!slash || slash == path)
		return 0; /* the root itself stays */
	parent = strpool_find_len(&s->g->strings, path, (size_t)(slash - path));
	return s->by_path[parent];
}

/* A symlink that stays leads into the folder: /sbin to /usr/sbin. */
static bool is_linked(const struct scale *s, file_id folder)
{
	const struct graph *g = s->g;

	for (uint32_t i = g->edge_in_start[folder]; i < g->edge_in_start[folder + 1];
	     i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (edge->kind == EDGE_SYMLINK && graph_node_is_file(g, edge->from) &&
		    !is_trimmed(s, edge->from) &&
		    !weigh_takes(g, edge->from, s->query->removed))
			return true;
	}
	return false;
}

/* Is the folder only there for what goes? */
static bool folder_may_go(const struct scale *s, file_id folder)
{
	const struct trim_rules *rules = s->query->rules;
	const char *path = graph_text(s->g, s->g->files[folder].path);
	uint32_t at = 0;
	pkg_id owner;

	if (s->trimmed[folder] == TRIM_NONE || !text_is_utf8(path, strlen(path)) ||
	    rules->rules.data[s->trimmed[folder]]->keeps_folders ||
	    idset_has(&s->query->closure->reached, graph_file_node(s->g, folder)) ||
	    is_linked(s, folder))
		return false;
	while (demand_next_holder(s->g, folder, &at, &owner))
		if (!idset_has(s->query->removed, owner))
			return false;
	return true;
}

static void tell_parent(struct scale *s, file_id file, bool stays)
{
	file_id parent = parent_of(s, file);

	if (!parent)
		return;
	s->stays[parent] |= stays;
	if (is_trimmed(s, file))
		s->trimmed[parent] = s->result->rule_of[file];
}

/* What is in a folder has a higher id than the folder. */
static void find_folders(struct scale *s)
{
	const struct graph *g = s->g;

	for (file_id f = g->file_count; f > 0; f--) {
		bool stays;

		if (!graph_file_on_disk(&g->files[f]))
			continue;
		if (g->files[f].type == FILE_DIRECTORY && !s->stays[f] &&
		    folder_may_go(s, f))
			s->result->rule_of[f] = s->trimmed[f];
		stays = !is_trimmed(s, f) &&
			(s->stays[f] || !weigh_takes(g, f, s->query->removed));
		tell_parent(s, f, stays);
	}
}

static void take_inode(struct scale *s, file_id file)
{
	s->result->freed_bytes[file] = s->g->files[file].disk_bytes;
	idset_add(&s->result->frees, file);
}

/* The last name that a trim takes gets the bytes, when all other names go as well. */
static void weigh_links(struct scale *s, const file_id *names, size_t len)
{
	file_id last = 0;

	if (len < s->g->files[names[0]].link_count)
		return;
	for (size_t i = 0; i < len; i++) {
		if (is_trimmed(s, names[i]))
			last = names[i];
		else if (!weigh_takes(s->g, names[i], s->query->removed))
			return;
	}
	if (last)
		take_inode(s, last);
}

static void weigh_files(struct scale *s)
{
	const struct graph *g = s->g;
	struct inode_names names;

	for (file_id f = 1; f <= g->file_count; f++) {
		const struct graph_file *file = &g->files[f];

		if (graph_file_on_disk(file) && is_trimmed(s, f) &&
		    (file->type == FILE_DIRECTORY || file->link_count <= 1))
			take_inode(s, f);
	}
	inode_names_find(g, &names);
	array_each (&names.inodes, i)
		weigh_links(s, names.files.data + names.inodes.data[i].at,
			    names.inodes.data[i].len);
	inode_names_release(&names);
}

void file_trim_weigh(const struct file_trim_query *query, struct file_trim_result *result)
{
	const struct graph *g = query->graph;
	struct scale s = { .query = query, .g = g, .result = result };

	s.by_path = mem_calloc(g->strings.count + 1, sizeof(file_id));
	s.stays = mem_calloc(g->file_count + 1u, sizeof(bool));
	s.trimmed = mem_calloc(g->file_count + 1u, sizeof(uint32_t));
	for (file_id f = 0; f <= g->file_count; f++)
		s.trimmed[f] = TRIM_NONE;
	for (file_id f = 1; f <= g->file_count; f++)
		if (graph_file_on_disk(&g->files[f]))
			s.by_path[g->files[f].path] = f;
	find_folders(&s);
	weigh_files(&s);
	free(s.by_path);
	free(s.stays);
	free(s.trimmed);
}
