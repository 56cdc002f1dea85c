#include "graph/snapshot_elf.h"

#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>

static int damaged(struct error *err, const char *what)
{
	return error_set(err, -EINVAL,
			 "the graph is damaged (%s): analyse the root again", what);
}

static int count_elves(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), "SELECT count(*) FROM elf /*scan*/", err);
	int r = q ? sql_step(q, err) : -EIO;

	if (r <= 0)
		return r < 0 ? r : -EIO;
	g->elves = mem_calloc(sql_id(q, 0) + 1u, sizeof(*g->elves));
	return 0;
}

static const char SQL_ELVES[] =
	"SELECT file_id, type, hardening, is_static, is_stripped, go_version IS NOT NULL"
	" FROM elf ORDER BY file_id /*scan*/";

static int load_elves(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_ELVES, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		int type = elf_type_parse(sql_text(q, 1));
		struct graph_elf *elf = &g->elves[g->elf_count++];

		*elf = (struct graph_elf){
			.file = sql_id(q, 0),
			.type = (uint8_t)type,
			.hardening = sql_id(q, 2),
			.is_static = sql_int(q, 3) != 0,
			.is_stripped = sql_int(q, 4) != 0,
			.is_go = sql_int(q, 5) != 0,
		};
		if (elf->file == 0 || elf->file > g->file_count || type < 0)
			return damaged(err, "an ELF file that is not there");
	}
	return r;
}

int snapshot_load_elves(struct store *st, struct graph *g, struct error *err)
{
	int r = count_elves(st, g, err);

	return r == 0 ? load_elves(st, g, err) : r;
}

void snapshot_free_elves(struct graph *g)
{
	free(g->elves);
}
