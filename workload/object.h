/*
 * object – one Kubernetes object or compose file, and how its fields are looked at.
 *
 * Objects are input of anybody: a field may be absent, null, or of the wrong type. A
 * `spot` is a place in an object that knows how it is called; nothing has to be checked
 * on the way to a deep field:
 *
 *	struct spot spec = spot_get(&root, "spec"), pid = spot_get(&spec, "hostPID");
 *	if (spot_true(&pid))
 *		need(w, ROW_HOST_PID, &pid);	cites Pod default/web spec.hostPID
 *
 * A field of the wrong type counts as absent, and object->problem says so: who walks an
 * object looks there when it is done.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct object {
	const json_t *json; /* borrowed */
	const char *file;   /* as the user called it; "-" is standard input */
	size_t line;	    /* where it begins; 0 unknown */
	const char *kind, *space, *name; /* "" where there is none */
	struct error problem;		 /* code 0: none so far */
};

/* Lives as long as the spot above it. */
struct spot {
	struct object *object;
	const struct spot *up; /* NULL: the object itself */
	const json_t *json;    /* NULL: absent or null */
	const char *key;       /* NULL: element @index of a list */
	size_t index;
};

/** Start at the object itself; sets kind, space (namespace) and name from its fields. */
struct spot object_begin(struct object *object);
/** "kind": the object's, else @p otherwise. */
struct spot spot_get(const struct spot *map, const char *key);
/** Elements of a list; 0 where there is none. */
size_t spot_count(const struct spot *list);
struct spot spot_at(const struct spot *list, size_t index);
/** The text there; NULL where there is none. */
const char *spot_text(const struct spot *spot);
/** spot_text() of a member of @p map. */
const char *spot_get_text(const struct spot *map, const char *key);
/** Is the boolean there, and true? */
bool spot_true(const struct spot *spot);
/** Is it a map? Anything else but absent is a problem. */
bool spot_is_map(const struct spot *spot);
/** Say that the value is not what it must be; the first problem of an object stays. */
void spot_problem(const struct spot *spot, const char *must_be);
/** "spec.volumes[2].hostPath.path" */
void spot_path(const struct spot *spot, struct strbuf *out);
/** "Pod kube-system/proxy spec.volumes[2].hostPath.path" */
void spot_cite(const struct spot *spot, struct strbuf *out);

/** Loop over the members of a map: @p member is a struct spot. */
#define spot_each(map, iter, member)                                                     \
	for (void *iter = (map)->json && json_is_object((map)->json)                     \
				  ? json_object_iter((json_t *)(map)->json)              \
				  : NULL;                                                \
	     iter && ((member) = spot_of_iter((map), iter), true);                       \
	     iter = json_object_iter_next((json_t *)(map)->json, iter))

/** Of spot_each(). */
struct spot spot_of_iter(const struct spot *map, void *iter);
