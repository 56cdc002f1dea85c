/*
 * object_formats – the two readers behind object_source.h. Both get their bytes from a
 * chunk_fn and give objects to an object_fn.
 */
#pragma once

#include "workload/object_source.h"

#include <stdbool.h>

#define OBJECT_MAX_BYTES (64u << 20) /* of one object */

/** The next bytes, borrowed until the next call; 0 at the end; -errno. */
typedef int chunk_fn(void *arg, const char **ret_data, size_t *ret_len,
		     struct error *err);

struct object_input {
	const char *name; /* printable */
	chunk_fn *next;
	void *next_arg;
	object_fn *give;
	void *give_arg;
};

int objects_read_json(const struct object_input *input, struct error *err);
int objects_read_yaml(const struct object_input *input, struct error *err);

/** "Pod" of "PodList"; NULL for what is no list of one kind. New memory. */
char *object_list_kind(const char *kind);
