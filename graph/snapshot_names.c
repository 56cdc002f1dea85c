#include "graph/snapshot_names.h"

#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>

static int damaged(struct error *err, const char *what)
{
	return error_set(err, -EINVAL,
			 "the graph is damaged (%s): analyse the root again", what);
}

static const char SQL_NAME_COUNTS[] =
	"SELECT (SELECT count(*) FROM provide),"
	" (SELECT count(*) FROM elf WHERE soname IS NOT NULL OR go_module IS NOT NULL),"
	" (SELECT count(*) FROM scriptlet) /*scan*/";

static int count_names(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_NAME_COUNTS, err);
	int r = q ? sql_step(q, err) : -EIO;

	if (r <= 0)
		return r < 0 ? r : -EIO;
	g->provide_start = mem_calloc(g->capability_count + 2u, sizeof(uint32_t));
	g->provides = mem_calloc(sql_id(q, 0) + 1u, sizeof(*g->provides));
	g->elf_names = mem_calloc(sql_id(q, 1) + 1u, sizeof(*g->elf_names));
	g->scriptlets = mem_calloc(sql_id(q, 2) + 1u, sizeof(*g->scriptlets));
	return 0;
}

static const char SQL_PROVIDES[] = "SELECT capability_id, package_id FROM provide"
				   " ORDER BY capability_id, package_id /*scan sort*/";

static int load_provides(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_PROVIDES, err);
	uint32_t count = 0;
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		cap_id capability = sql_id(q, 0);
		pkg_id package = sql_id(q, 1);

		if (capability == 0 || capability > g->capability_count || package == 0 ||
		    package > g->package_count)
			return damaged(err, "a provide that is not there");
		g->provides[count++] = package;
		g->provide_start[capability + 1] = count;
	}
	/* capabilities that nobody declares begin where the one before ends */
	for (cap_id c = 1; c <= g->capability_count + 1; c++)
		if (g->provide_start[c] < g->provide_start[c - 1])
			g->provide_start[c] = g->provide_start[c - 1];
	return r;
}

static const char SQL_ELF_NAMES[] =
	"SELECT file_id, soname, go_module, go_version FROM elf"
	" WHERE soname IS NOT NULL OR go_module IS NOT NULL ORDER BY file_id /*scan*/";

static int load_elf_names(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_ELF_NAMES, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct graph_elf_name *name = &g->elf_names[g->elf_name_count++];

		name->file = sql_id(q, 0);
		if (name->file == 0 || name->file > g->file_count)
			return damaged(err, "an ELF file that is not there");
		if (!sql_is_null(q, 1))
			name->soname = strpool_add(&g->strings, sql_text(q, 1));
		if (!sql_is_null(q, 2))
			name->go_module = strpool_add(&g->strings, sql_text(q, 2));
		if (!sql_is_null(q, 3))
			name->go_version = strpool_add(&g->strings, sql_text(q, 3));
	}
	return r;
}

static const char SQL_SCRIPTLETS[] = "SELECT package_id, kind, condition FROM scriptlet"
				     " ORDER BY package_id, position /*scan*/";

static int load_scriptlets(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_SCRIPTLETS, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct graph_scriptlet *scriptlet = &g->scriptlets[g->scriptlet_count++];

		scriptlet->package = sql_id(q, 0);
		if (scriptlet->package == 0 || scriptlet->package > g->package_count)
			return damaged(err, "a scriptlet that is not there");
		scriptlet->kind = strpool_add(&g->strings, sql_text(q, 1));
		scriptlet->condition = strpool_add(&g->strings, sql_text(q, 2));
	}
	return r;
}

int snapshot_load_names(struct store *st, struct graph *g, struct error *err)
{
	int r = count_names(st, g, err);

	if (r == 0)
		r = load_provides(st, g, err);
	if (r == 0)
		r = load_elf_names(st, g, err);
	if (r == 0)
		r = load_scriptlets(st, g, err);
	return r;
}

void snapshot_free_names(struct graph *g)
{
	free(g->provide_start);
	free(g->provides);
	free(g->elf_names);
	free(g->scriptlets);
}
