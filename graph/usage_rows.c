#include "graph/usage_rows.h"

#include <errno.h>

static int damaged(struct error *err, const char *table)
{
	return error_set(err, -EINVAL,
			 "the graph is damaged (table %s): analyse the root again and "
			 "import the evidence again",
			 table);
}

static const char SQL_DIGESTS[] = "SELECT id, digest FROM evidence ORDER BY id";

uint32_t usage_rows_add_digest(struct usage_rows *rows, const char *digest)
{
	str_id id = strpool_add(&rows->digests, digest);

	array_push(&rows->digest, strpool_text(&rows->digests, id));
	rows->uses.digests = rows->memory.digests = rows->digest.data;
	return (uint32_t)rows->digest.len - 1;
}

static int load_digests(struct store *st, struct usage_rows *rows, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_DIGESTS, err);
	int r;

	if (!q)
		return -EIO;
	array_push(&rows->digest, "");
	while ((r = sql_step(q, err)) > 0) {
		if (sql_id(q, 0) != rows->digest.len)
			return damaged(err, "evidence");
		usage_rows_add_digest(rows, sql_text(q, 1));
	}
	return r;
}

static bool known_example(const struct usage_rows *rows, uint32_t example)
{
	return example > 0 && example < rows->digest.len;
}

static const char SQL_USES[] =
	"SELECT file_id, use, scope, by_file, count, evidences, example_id FROM file_use"
	" ORDER BY file_id DESC, use, scope, by_file /*scan sort*/";

static int load_uses(struct store *st, struct usage_rows *rows, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_USES, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		file_id file = sql_id(q, 0), by = sql_id(q, 3);
		int use = file_use_kind_parse(sql_text(q, 1));
		int scope = use_scope_parse(sql_text(q, 2));
		struct sum_row row = {
			.value = { (uint64_t)sql_int(q, 4) },
			.evidences = sql_id(q, 5),
			.example = sql_id(q, 6),
		};

		if (file == 0 || file > rows->file_count || by > rows->file_count ||
		    use < 0 || scope < 0 || sql_int(q, 4) < 0 ||
		    !known_example(rows, row.example))
			return damaged(err, "file_use");
		row.key = usage_sum_use_key((enum file_use_kind)use,
					    (enum use_scope)scope, by);
		usage_sum_add_row(&rows->uses, file, &row);
	}
	return r;
}

static const char SQL_MEMORY[] =
	"SELECT executable_id, scope, file_id, processes, pss_bytes, private_dirty_bytes,"
	" evidences, example_id FROM process_memory"
	" ORDER BY executable_id, scope, file_id";

static int load_memory(struct store *st, struct usage_rows *rows, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_MEMORY, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		file_id executable = sql_id(q, 0), file = sql_id(q, 2);
		int scope = use_scope_parse(sql_text(q, 1));
		struct sum_row row = {
			.value = { (uint64_t)sql_int(q, 3), (uint64_t)sql_int(q, 4),
				   (uint64_t)sql_int(q, 5) },
			.evidences = sql_id(q, 6),
			.example = sql_id(q, 7),
		};

		if (executable > rows->file_count || file > rows->file_count ||
		    scope < 0 || sql_int(q, 3) < 0 || sql_int(q, 4) < 0 ||
		    sql_int(q, 5) < 0 || !known_example(rows, row.example))
			return damaged(err, "process_memory");
		row.key = usage_sum_memory_key((enum use_scope)scope, file);
		usage_sum_add_row(&rows->memory, executable, &row);
	}
	return r;
}

int usage_rows_load(struct store *st, struct usage_rows *ret, struct error *err)
{
	int64_t files = 0;
	int r = sql_one_int(store_sql(st), "SELECT count(*) FROM file", &files, err);

	strpool_init(&ret->digests);
	if (r < 0)
		return r;
	ret->file_count = (uint32_t)files;
	usage_sum_init(&ret->uses, ret->file_count);
	usage_sum_init(&ret->memory, ret->file_count);
	r = load_digests(st, ret, err);
	if (r == 0)
		r = load_uses(st, ret, err);
	if (r == 0)
		r = load_memory(st, ret, err);
	return r;
}

void usage_rows_release(struct usage_rows *rows)
{
	strpool_release(&rows->digests);
	array_release(&rows->digest);
	usage_sum_release(&rows->uses);
	usage_sum_release(&rows->memory);
}
