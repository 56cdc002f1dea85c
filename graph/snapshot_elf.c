#include "graph/snapshot_elf.h"

#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>

static int damaged(struct error *err, const char *what)
{
	return error_set(err, -EINVAL,
			 "the graph is damaged (%s): analyse the root again", what);
}

static const char SQL_COUNTS[] = "SELECT (SELECT count(*) FROM elf),"
				 " (SELECT count(*) FROM service),"
				 " (SELECT count(*) FROM file_mark) /*scan*/";

static int count_elves(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_COUNTS, err);
	int r = q ? sql_step(q, err) : -EIO;

	if (r <= 0)
		return r < 0 ? r : -EIO;
	g->elves = mem_calloc(sql_id(q, 0) + 1u, sizeof(*g->elves));
	g->services = mem_calloc(sql_id(q, 1) + 1u, sizeof(*g->services));
	g->marks = mem_calloc(sql_id(q, 2) + 1u, sizeof(*g->marks));
	return 0;
}

static const char SQL_ELVES[] =
	"SELECT file_id, type, hardening, is_static, is_stripped, go_version IS NOT NULL,"
	" text_bytes, rodata_bytes, relro_bytes, data_bytes, bss_bytes, debug_bytes,"
	" relocation_count FROM elf ORDER BY file_id /*scan*/";

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
			.text_bytes = (uint64_t)sql_int(q, 6),
			.rodata_bytes = (uint64_t)sql_int(q, 7),
			.relro_bytes = (uint64_t)sql_int(q, 8),
			.data_bytes = (uint64_t)sql_int(q, 9),
			.bss_bytes = (uint64_t)sql_int(q, 10),
			.debug_bytes = (uint64_t)sql_int(q, 11),
			.relocation_count = (uint64_t)sql_int(q, 12),
		};
		if (elf->file == 0 || elf->file > g->file_count || type < 0)
			return damaged(err, "an ELF file that is not there");
	}
	return r;
}

static const char SQL_SERVICES[] = "SELECT file_id, program_id, type, conditions"
				   " FROM service ORDER BY file_id /*scan*/";

static int load_services(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_SERVICES, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct graph_service *service = &g->services[g->service_count++];
		int type = service_type_parse(sql_text(q, 2));

		*service = (struct graph_service){
			.file = sql_id(q, 0),
			.program = sql_id(q, 1),
			.type = (uint8_t)type,
			.conditions = strpool_add(&g->strings, sql_text(q, 3)),
		};
		if (service->file == 0 || service->file > g->file_count ||
		    service->program > g->file_count || type < 0)
			return damaged(err, "a service that is not there");
	}
	return r;
}

static const char SQL_MARKS[] = "SELECT file_id, mark, value FROM file_mark"
				" ORDER BY mark, value, file_id /*scan*/";

static int load_marks(struct store *st, struct graph *g, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_MARKS, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct graph_mark *mark = &g->marks[g->mark_count++];
		int kind = file_mark_parse(sql_text(q, 1));

		*mark = (struct graph_mark){
			.file = sql_id(q, 0),
			.mark = (uint8_t)kind,
			.value = strpool_add(&g->strings, sql_text(q, 2)),
		};
		if (mark->file == 0 || mark->file > g->file_count || kind < 0)
			return damaged(err, "a mark of a file that is not there");
	}
	return r;
}

int snapshot_load_elves(struct store *st, struct graph *g, struct error *err)
{
	int r = count_elves(st, g, err);

	if (r == 0)
		r = load_elves(st, g, err);
	if (r == 0)
		r = load_services(st, g, err);
	return r == 0 ? load_marks(st, g, err) : r;
}

void snapshot_free_elves(struct graph *g)
{
	free(g->elves);
	free(g->services);
	free(g->marks);
}

static int elf_order(const void *key, const void *item)
{
	file_id wanted = *(const file_id *)key,
		file = ((const struct graph_elf *)item)->file;

	return (wanted > file) - (wanted < file);
}

const struct graph_elf *graph_find_elf(const struct graph *g, file_id file)
{
	return bsearch(&file, g->elves, g->elf_count, sizeof(*g->elves), elf_order);
}

static int service_order(const void *key, const void *item)
{
	file_id wanted = *(const file_id *)key,
		file = ((const struct graph_service *)item)->file;

	return (wanted > file) - (wanted < file);
}

const struct graph_service *graph_find_service(const struct graph *g, file_id file)
{
	return bsearch(&file, g->services, g->service_count, sizeof(*g->services),
		       service_order);
}
