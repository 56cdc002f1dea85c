/*
 * object_source – objects one by one from what `kubectl get -o json|yaml` and people
 * write: JSON (lists, single objects, several behind each other, arrays) and YAML (one or
 * more documents, lists). Memory holds one object at a time, however long the list is.
 *
 * Of JSON the parts that no requirement comes from (conditions, probes, managed fields)
 * are passed over without being looked into, but for their brackets and quotes.
 *
 * YAML may have anchors, aliases and merge keys, as compose files do; what aliases stand
 * for is counted, so a file of a few lines cannot grow to gigabytes. Tags are ignored.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"

#include <stddef.h>

struct object_found {
	const json_t *json; /* a map; borrowed for the call */
	size_t line;	    /* where it begins, from 1 */
	const char *kind;   /* what the list around it says; NULL where it does not */
};

/** Not 0 ends the reading and is returned. */
typedef int object_fn(void *arg, const struct object_found *found, struct error *err);

/**
 * Read everything from @p fd.
 * @param name  what messages call it
 * @return 0, or what @p fn returned; -EINVAL with "name:line: ..." when it is neither or
 * damaged; another -errno when it cannot be read. Objects before the damage were given.
 */
int objects_read(const char *name, int fd, object_fn *fn, void *arg, struct error *err);
/** The same from memory. */
int objects_parse(const char *name, const char *text, size_t len, object_fn *fn,
		  void *arg, struct error *err);
