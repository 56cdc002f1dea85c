/*
 * Symlinks reach what they point to, step by step, so that a chain (/usr/bin/awk ->
 * /etc/alternatives/awk -> /usr/bin/mawk) keeps all its links and their owners.
 */
#include "analyzer/detect_list.h"

#include "base/text.h"

/* The entry one step behind the symlink, or NULL where it dangles. */
static const struct tree_entry *next_step(const struct detect *d,
					  const struct tree_entry *link)
{
	const char *target = tree_text(d->tree, link->target);
	const char *path = tree_text(d->tree, link->path);
	_cleanup_(freep) char *full = NULL;

	if (target[0] == '/')
		return resolve_path(d->resolve, target, strlen(target));
	full = mem_printf("%.*s/%s", (int)(strrchr(path, '/') - path), path, target);
	return resolve_path(d->resolve, full, strlen(full));
}

static void symlink_whole(const struct detect *d, struct detect_sink *out)
{
	array_each (&d->tree->entries, i) {
		const struct tree_entry *link = &d->tree->entries.data[i];
		const struct tree_entry *to;

		if (link->type != FILE_SYMLINK || !link->on_disk || !link->target)
			continue;
		to = next_step(d, link);
		if (to)
			detect_edge(d, out, link, to,
				    (struct edge_row){ .kind = EDGE_SYMLINK,
						       .strength = EDGE_HARD,
						       .cite_text = tree_text(
							       d->tree, link->target) });
	}
}

const struct detector DETECT_SYMLINK = { .name = "symlink", .whole = symlink_whole };
