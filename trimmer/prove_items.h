/*
 * prove_items – the removals of an apply as items, and the entries that went for each.
 *
 * Items are numbered: packages, then single files, then services, as in apply_items.
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"
#include "trimmer/apply.h"
#include "trimmer/prove_search.h"

struct prove_entry {
	const char *path; /* borrowed from the state before */
	uint32_t at, len; /* its items, in prove_items.of */
	size_t parent;	  /* entry of its folder; SIZE_MAX: that did not go */
	bool is_folder;
};

struct prove_items {
	const struct apply_items *items;
	uint32_t count;
	ARRAY_OF(struct prove_entry) entries; /* what went, in the order of paths */
	ARRAY_OF(uint32_t) of;
	ARRAY_OF(struct search_need) needs; /* between packages that went */
};

void prove_items_init(const struct graph *g, const struct apply_view *view,
		      struct prove_items *ret);
void prove_items_release(struct prove_items *p);
/** What to call it: a NEVRA, a path, a unit; new memory, printable. */
char *prove_item_name(const struct prove_items *p, uint32_t item);

typedef ARRAY_OF(const char *) path_list;
/** The paths that are not there when these items are gone; folders before what is in
 * them. */
void prove_items_hidden(const struct prove_items *p, const struct idset *gone,
			path_list *ret);
/** The units that are masked then. */
void prove_items_masks(const struct prove_items *p, const struct idset *gone,
		       path_list *ret);
/** The entries that are no folders and went for one of these items alone. */
void prove_items_files(const struct prove_items *p, const uint32_t *items, size_t count,
		       path_list *ret);
