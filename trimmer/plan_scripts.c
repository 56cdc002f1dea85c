/* What RPM runs when a package of the plan is erased. */
#include "trimmer/plan_internal.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

/* The text of one; the same twice is told once. */
static void add_script(struct plan_package *item, char *text)
{
	array_each (&item->scriptlets, i) {
		if (strcmp(item->scriptlets.data[i], text) != 0)
			continue;
		free(text);
		return;
	}
	array_push(&item->scriptlets, text);
}

static bool runs_at_erase(const char *kind)
{
	return strcmp(kind, "preun") == 0 || strcmp(kind, "postun") == 0;
}

/* "name", "name >= 1" or several of them with commas or blanks between. */
static bool names_package(const char *condition, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(condition, name); at; at = strstr(at + 1, name)) {
		bool begins = at == condition || strchr(" ,", at[-1]);

		if (begins && (at[len] == '\0' || strchr(" ,", at[len])))
			return true;
	}
	return false;
}

/* A file trigger's condition: folders and path prefixes. */
static bool names_files(const struct graph *g, const char *condition, pkg_id p)
{
	size_t len = strcspn(condition, " ,");

	for (uint32_t i = g->owned_start[p]; len > 0 && i < g->owned_start[p + 1]; i++)
		if (strncmp(graph_text(g, g->files[g->owned[i]].path), condition, len) ==
		    0)
			return true;
	return false;
}

static void look_at_trigger(struct plan_work *work,
			    const struct graph_scriptlet *scriptlet, pkg_id goes)
{
	const struct graph *g = work->g;
	const char *condition = graph_text(g, scriptlet->condition);
	const char *kind = graph_text(g, scriptlet->kind);
	bool fires =
		strstr(kind, "filetrigger")
			? names_files(g, condition, goes)
			: names_package(condition, graph_text(g, g->packages[goes].name));
	struct strbuf text = { 0 };

	if (!fires)
		return;
	strbuf_printf(&text, "%s of ", kind);
	plan_put_name(work, &text, scriptlet->package);
	add_script(&work->plan->packages[goes], strbuf_detach(&text));
}

/* Triggers of what goes run no more than what it declares for itself. */
void plan_find_scripts(struct plan_work *work)
{
	const struct graph *g = work->g;

	for (uint32_t i = 0; i < g->scriptlet_count; i++) {
		const struct graph_scriptlet *scriptlet = &g->scriptlets[i];
		const char *kind = graph_text(g, scriptlet->kind);
		bool stays = plan_keeps(work->plan, scriptlet->package);

		if (!stays && runs_at_erase(kind))
			add_script(&work->plan->packages[scriptlet->package],
				   mem_strdup(kind));
		if (!stays || !strstr(kind, "trigger") || !text_ends(kind, "un"))
			continue;
		idset_each (&work->plan->removed, p)
			look_at_trigger(work, scriptlet, (pkg_id)p);
	}
}
