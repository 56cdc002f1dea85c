/*
 * finish.c – runtime classes become handlers when all objects are known.
 */
#include "workload/readers.h"
#include "workload/workload.h"

#include <errno.h>
#include <string.h>

static const struct workload_class *find_class(const struct workload *w, const char *name)
{
	array_each (&w->classes, i)
		if (strcmp(w->classes.data[i].name, name) == 0)
			return &w->classes.data[i];
	return NULL;
}

/* Which row it is, where the handler's own name does not tell: what its programs tell. */
static enum workload_row row_of(const struct workload *w, const char *name,
				bool *ret_known)
{
	enum workload_row row = handler_row(name);

	*ret_known = false;
	array_each (&w->handlers, i) {
		if (strcmp(w->handlers.data[i].name, name) != 0)
			continue;
		*ret_known = true;
		/* the shim may be runc's, the program behind it another */
		if (row == ROW_HANDLER_OTHER || row == ROW_HANDLER_RUNC)
			row = handler_row(w->handlers.data[i].program);
	}
	return row;
}

static void need_program(struct workload *w, enum workload_row row, const char *program,
			 const char *why, const struct need *like)
{
	_cleanup_(freep) char *clean =
		*program == '/' ? rootfs_clean_path(program) : mem_strdup(program);
	_cleanup_(freep) char *glob = escape_glob(clean);

	if (*program != '/' && strchr(program, '/'))
		return; /* neither a path nor a name */

	need_like(&w->needs, row,
		  &(struct row_keep){ *program == '/' ? "path" : "command", glob, why },
		  like);
}

/* What containerd makes of a handler whose configuration is not known. */
static void need_unknown(struct workload *w, const char *handler, const struct need *like)
{
	_cleanup_(freep) char *shim = mem_printf("containerd-shim-%s-", handler);
	_cleanup_(freep) char *plain = escape_glob(shim);
	_cleanup_(freep) char *glob = mem_printf("%s*", plain);

	need_like(&w->needs, ROW_HANDLER_OTHER, NULL, like);
	if (*handler == '/')
		need_program(w, ROW_HANDLER_OTHER, handler, "the handler's program",
			     like);
	else if (!strchr(handler, '/'))
		need_like(&w->needs, ROW_HANDLER_OTHER,
			  &(struct row_keep){ "command", glob,
					      "the handler's shim, as containerd would "
					      "call it" },
			  like);
	need_like(&w->needs, ROW_HANDLER_OTHER,
		  &(struct row_keep){ "warning",
				      "what stands behind this handler is not known: "
				      "give --root, or keep it by hand",
				      "" },
		  like);
}

static void resolve(struct workload *w, const char *name, const struct need *like)
{
	bool known;
	enum workload_row row = row_of(w, name, &known);

	if (!known && row == ROW_HANDLER_OTHER) {
		need_unknown(w, name, like);
		return;
	}
	need_like(&w->needs, row, NULL, like);
	array_each (&w->handlers, i) {
		const struct workload_handler *handler = &w->handlers.data[i];
		_cleanup_(freep) char *why =
			mem_printf("the handler %s of %s", name, handler->citation);

		if (strcmp(handler->name, name) == 0)
			need_program(w, row, handler->program, why, like);
	}
}

static void resolve_classes(struct workload *w)
{
	size_t count = w->needs.list.len;

	for (size_t i = 0; i < count; i++) {
		struct need like = w->needs.list.data[i]; /* the list may move */
		const struct workload_class *class;

		if (strcmp(like.key, "class") != 0)
			continue;
		class = find_class(w, like.value);
		resolve(w, class ? class->handler : like.value, &like);
	}
	/* without pods nobody can tell which classes are used */
	for (size_t i = 0; i < w->classes.len && w->pods == 0; i++) {
		struct need like = { .count = 1,
				     .cited = { w->classes.data[i].citation } };

		resolve(w, w->classes.data[i].handler, &like);
	}
}

static void drop_classes(struct needs *needs)
{
	size_t n = 0;

	array_each (&needs->list, i)
		if (strcmp(needs->list.data[i].key, "class") != 0)
			needs->list.data[n++] = needs->list.data[i];
	needs->list.len = n;
}

static int compare_kinds(const void *a, const void *b)
{
	const struct workload_kind *x = a, *y = b;

	return strcmp(x->kind, y->kind);
}

/* How many objects of a kind count. */
static size_t count_of(const struct workload *w, const char *kind)
{
	array_each (&w->kinds, i)
		if (strcmp(w->kinds.data[i].kind, kind) == 0)
			return w->kinds.data[i].count - w->kinds.data[i].elsewhere;
	return 0;
}

/* Whether what nobody asks for is not used: kubectl's list has nodes, pods and volumes. */
static const char *why_partial(const struct workload *w)
{
	if (count_of(w, "Node") == 0)
		return "no Node is among them";
	if (count_of(w, "Pod") == 0)
		return "no Pod is among them";
	if (needs_find(&w->needs, ROW_VOLUME_CLAIM) &&
	    count_of(w, "PersistentVolume") == 0 && count_of(w, "StorageClass") == 0)
		return "pods claim volumes, and neither a PersistentVolume nor a "
		       "StorageClass is among them";
	if (needs_find(&w->needs, ROW_VOLUME_UNKNOWN) ||
	    needs_find(&w->needs, ROW_CSI_UNKNOWN))
		return "nobody knows what some of their volumes need";
	return NULL;
}

int workload_finish(struct workload *w, struct error *err)
{
	resolve_classes(w);
	drop_classes(&w->needs);
	needs_sort(&w->needs);
	array_sort(&w->kinds, compare_kinds);
	w->partial = why_partial(w);
	if (w->needs.too_many)
		return error_set(err, -EFBIG,
				 "the objects ask for more than %d different things: "
				 "narrow them with --node, or give fewer",
				 NEEDS_MAX);
	return 0;
}
