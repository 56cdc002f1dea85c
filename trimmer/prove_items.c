#include "trimmer/prove_items.h"

#include "base/text.h"

#include <string.h>

/* Packages that go, by graph id: their item + 1. */
static uint32_t *number_packages(const struct graph *g, const struct apply_items *items)
{
	uint32_t *item = mem_calloc(g->package_count + 1u, sizeof(*item));

	for (uint32_t i = 0; i < items->nevras.len; i++)
		for (pkg_id p = 1; p <= g->package_count; p++)
			if (strcmp(graph_text(g, g->packages[p].nevra),
				   items->nevras.data[i]) == 0)
				item[p] = i + 1;
	return item;
}

static int by_file_path(const void *path, const void *file)
{
	return strcmp(path, (*(const struct plan_doc_file *const *)file)->path);
}

static void add_single(struct prove_items *p, const char *path)
{
	const struct apply_items *items = p->items;
	const struct plan_doc_file **found = NULL;

	if (items->files.len > 0)
		found = bsearch(path, items->files.data, items->files.len,
				sizeof(*items->files.data), by_file_path);
	if (found)
		array_push(&p->of, (uint32_t)(items->nevras.len +
					      (size_t)(found - items->files.data)));
	array_each (&items->services, i)
		if (items->services.data[i].action == SERVICE_DISABLE &&
		    text_starts(path, "/etc/systemd/system/") &&
		    strcmp(strrchr(path, '/') + 1, items->services.data[i].unit) == 0)
			array_push(&p->of,
				   (uint32_t)(items->nevras.len + items->files.len + i));
}

static int by_entry_path(const void *path, const void *entry)
{
	return strcmp(path, ((const struct prove_entry *)entry)->path);
}

static size_t find_parent(const struct prove_items *p, const char *path)
{
	_cleanup_(freep) char *folder =
		mem_strndup(path, (size_t)(strrchr(path, '/') - path));
	struct prove_entry *found = NULL;

	if (p->entries.len > 0)
		found = bsearch(folder, p->entries.data, p->entries.len,
				sizeof(*p->entries.data), by_entry_path);
	return found ? (size_t)(found - p->entries.data) : SIZE_MAX;
}

static void add_entry(struct prove_items *p, const struct graph *g, const uint32_t *item,
		      const struct tree_item *old)
{
	struct prove_entry entry = { .path = old->path,
				     .at = (uint32_t)p->of.len,
				     .is_folder = S_ISDIR(old->st.st_mode) };
	file_id f = graph_find_file(g, old->path);

	for (uint32_t i = g->owner_start[f]; f != 0 && i < g->owner_start[f + 1]; i++)
		if (item[g->owners[i].package])
			array_push(&p->of, item[g->owners[i].package] - 1);
	add_single(p, old->path);
	entry.len = (uint32_t)p->of.len - entry.at;
	entry.parent = find_parent(p, old->path);
	array_push(&p->entries, entry);
}

static void add_need(struct prove_items *p, const uint32_t *item, pkg_id from, pkg_id to)
{
	if (from != to && item[to])
		array_push(&p->needs,
			   (struct search_need){ item[from] - 1, item[to] - 1 });
}

/* All that may satisfy it: more than RPM asks for, never less. */
static void add_requirement(struct prove_items *p, const struct graph *g,
			    const uint32_t *item, const struct graph_requirement *req)
{
	ARRAY_OF(node_id) open = { 0 };

	array_push(&open, req->node);
	while (open.len > 0) {
		const struct graph_req_node *node = &g->req_nodes[array_pop(&open)];
		cap_id cap = node->capability;

		for (uint32_t i = g->provider_start[cap];
		     cap != 0 && i < g->provider_start[cap + 1]; i++)
			add_need(p, item, req->package, g->providers[i].package);
		if (node->left)
			array_push(&open, node->left);
		if (node->right)
			array_push(&open, node->right);
		if (node->otherwise)
			array_push(&open, node->otherwise);
	}
	array_release(&open);
}

/* What the loader wants of a file must stay with it. */
static void add_edges(struct prove_items *p, const struct graph *g, const uint32_t *item,
		      pkg_id from)
{
	for (uint32_t o = g->owned_start[from]; o < g->owned_start[from + 1]; o++) {
		file_id f = g->owned[o];

		for (uint32_t e = g->edge_start[f]; e < g->edge_start[f + 1]; e++) {
			uint32_t to = g->edges[e].to;

			if (g->edges[e].strength != EDGE_HARD ||
			    !graph_node_is_file(g, to))
				continue;
			for (uint32_t i = g->owner_start[to]; i < g->owner_start[to + 1];
			     i++)
				add_need(p, item, from, g->owners[i].package);
		}
	}
}

void prove_items_init(const struct graph *g, const struct apply_view *view,
		      struct prove_items *ret)
{
	const struct apply_items *items = view->items;
	uint32_t *item = number_packages(g, items);

	*ret = (struct prove_items){
		.items = items,
		.count = (uint32_t)(items->nevras.len + items->files.len +
				    items->services.len),
	};
	array_each (&view->before->items, i) {
		const struct tree_item *old = &view->before->items.data[i];

		if (!tree_state_find(view->after, old->path))
			add_entry(ret, g, item, old);
	}
	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!item[p])
			continue;
		for (uint32_t i = g->requirement_start[p];
		     i < g->requirement_start[p + 1]; i++)
			if (g->requirements[i].strength == REQ_REQUIRES &&
			    g->requirements[i].state == REQ_CHECKED)
				add_requirement(ret, g, item, &g->requirements[i]);
		add_edges(ret, g, item, p);
	}
	free(item);
}

void prove_items_release(struct prove_items *p)
{
	array_release(&p->entries);
	array_release(&p->of);
	array_release(&p->needs);
}

char *prove_item_name(const struct prove_items *p, uint32_t item)
{
	const struct apply_items *items = p->items;

	if (item < items->nevras.len)
		return text_printable_dup(items->nevras.data[item]);
	item -= (uint32_t)items->nevras.len;
	if (item < items->files.len)
		return text_printable_dup(items->files.data[item]->path);
	return text_printable_dup(items->services.data[item - items->files.len].unit);
}

/* It went, for these items: a file that no item speaks of (a log of the database) stays,
 * a folder goes with what is in it. */
static bool goes(const struct prove_items *p, const struct prove_entry *entry,
		 const struct idset *gone)
{
	for (uint32_t i = 0; i < entry->len; i++)
		if (!idset_has(gone, p->of.data[entry->at + i]))
			return false;
	return entry->len > 0 || entry->is_folder;
}

void prove_items_hidden(const struct prove_items *p, const struct idset *gone,
			path_list *ret)
{
	bool *stays = mem_calloc(p->entries.len + 1, sizeof(*stays));

	for (size_t i = p->entries.len; i > 0; i--) { /* what is in a folder before it */
		const struct prove_entry *entry = &p->entries.data[i - 1];

		stays[i - 1] |= !goes(p, entry, gone);
		if (stays[i - 1] && entry->parent != SIZE_MAX)
			stays[entry->parent] = true;
	}
	array_each (&p->entries, i)
		if (!stays[i])
			array_push(ret, p->entries.data[i].path);
	free(stays);
}

void prove_items_masks(const struct prove_items *p, const struct idset *gone,
		       path_list *ret)
{
	size_t first = p->items->nevras.len + p->items->files.len;

	array_each (&p->items->services, i)
		if (p->items->services.data[i].action == SERVICE_MASK &&
		    idset_has(gone, first + i))
			array_push(ret, p->items->services.data[i].unit);
}

void prove_items_files(const struct prove_items *p, const uint32_t *items, size_t count,
		       path_list *ret)
{
	struct idset some;

	idset_init(&some, p->count + 1u);
	for (size_t i = 0; i < count; i++)
		idset_add(&some, items[i]);
	array_each (&p->entries, i) {
		const struct prove_entry *entry = &p->entries.data[i];

		if (!entry->is_folder && goes(p, entry, &some))
			array_push(ret, entry->path);
	}
	idset_release(&some);
}
