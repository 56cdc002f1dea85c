#include "graph/usage_write.h"

#include "base/text.h"
#include "graph/usage_rows.h"

#include <errno.h>

struct usage_writer {
	struct store *store;
	struct usage_rows rows;
	bool began;
};

int usage_writer_new(struct store *st, struct usage_writer **ret, struct error *err)
{
	_cleanup_(usage_writer_freep) struct usage_writer *writer =
		mem_calloc(1, sizeof(*writer));
	int r = sql_exec(store_sql(st), "BEGIN IMMEDIATE", err);

	writer->store = st;
	if (r < 0)
		return r;
	writer->began = true;
	r = usage_rows_load(st, &writer->rows, err);
	if (r < 0)
		return r;
	*ret = steal_ptr(&writer);
	return 0;
}

bool usage_writer_has(const struct usage_writer *writer, const char *digest)
{
	return strpool_find(&writer->rows.digests, digest) != 0;
}

static const char SQL_INSERT[] = "INSERT INTO evidence VALUES (?,?,?,?,?,?,?,?,?,?,?,?)";

static void set_time(struct sql_stmt *q, int at, int64_t seconds)
{
	if (seconds < 0)
		sql_set_id(q, at, 0);
	else
		sql_set_int(q, at, seconds);
}

static int insert(struct usage_writer *writer, const struct evidence_row *row,
		  uint32_t id, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(writer->store), SQL_INSERT, err);
	_cleanup_(freep) char *source = text_printable_dup(row->source);
	_cleanup_(freep) char *node = text_printable_dup(row->node);
	_cleanup_(strbuf_release) struct strbuf uses = { 0 }, memory = { 0 };
	int r;

	if (!q)
		return -EIO;
	use_rows_pack(row->uses, &uses);
	memory_rows_pack(row->memory, &memory);
	sql_set_int(q, 1, id);
	sql_set_text(q, 2, row->digest);
	sql_set_text(q, 3, source);
	sql_set_text(q, 4, node);
	set_time(q, 5, row->begin);
	set_time(q, 6, row->end);
	sql_set_int(q, 7, row->complete);
	sql_set_text(q, 8, row->whole_node ? "node" : "part");
	sql_set_int(q, 9, (int64_t)MIN2(row->lost, USAGE_MAX));
	sql_set_int(q, 10, (int64_t)MIN2(row->unknown_paths, USAGE_MAX));
	sql_set_blob(q, 11, uses.data, uses.len);
	sql_set_blob(q, 12, memory.data, memory.len);
	r = sql_step(q, err);
	sql_put(steal_ptr(&q)); /* before what it borrows goes */
	return r < 0 ? r : 0;
}

int usage_writer_add(struct usage_writer *writer, const struct evidence_row *row,
		     struct error *err)
{
	uint32_t id;
	int r;

	if (usage_writer_has(writer, row->digest))
		return 1;
	if (row->end >= 0 && (row->begin > row->end || row->end > USAGE_TIME_MAX))
		return error_set(err, -EINVAL, "a window of time that cannot be");
	id = usage_rows_add_digest(&writer->rows, row->digest);
	r = insert(writer, row, id, err);
	if (r < 0)
		return r;
	usage_sum_add_uses(&writer->rows.uses, row->uses, id);
	usage_sum_add_memory(&writer->rows.memory, row->memory, id);
	return 0;
}

static const char SQL_PUT_USE[] = "INSERT INTO file_use VALUES (?,?,?,?,?,?,?)";
static const char SQL_PUT_MEMORY[] =
	"INSERT INTO process_memory VALUES (?,?,?,?,?,?,?,?)";

typedef int put_fn(struct store *st, file_id file, const struct sum_row *row,
		   struct error *err);

static int put_use(struct store *st, file_id file, const struct sum_row *row,
		   struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_PUT_USE, err);
	int r;

	if (!q)
		return -EIO;
	sql_set_int(q, 1, file);
	sql_set_text(q, 2, file_use_kind_name(usage_sum_key_use(row->key)));
	sql_set_text(q, 3, use_scope_name(usage_sum_key_scope(row->key)));
	sql_set_int(q, 4, usage_sum_key_file(row->key));
	sql_set_int(q, 5, (int64_t)row->value[0]);
	sql_set_int(q, 6, row->evidences);
	sql_set_int(q, 7, row->example);
	r = sql_step(q, err);
	return r < 0 ? r : 0;
}

static int put_memory(struct store *st, file_id file, const struct sum_row *row,
		      struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_PUT_MEMORY, err);
	int r;

	if (!q)
		return -EIO;
	sql_set_int(q, 1, file);
	sql_set_text(q, 2, use_scope_name(usage_sum_key_scope(row->key)));
	sql_set_int(q, 3, usage_sum_key_file(row->key));
	for (int i = 0; i < SUM_VALUES; i++)
		sql_set_int(q, 4 + i, (int64_t)row->value[i]);
	sql_set_int(q, 4 + SUM_VALUES, row->evidences);
	sql_set_int(q, 5 + SUM_VALUES, row->example);
	r = sql_step(q, err);
	return r < 0 ? r : 0;
}

static int put_sum(struct store *st, const struct usage_sum *sum, put_fn *put,
		   struct error *err)
{
	int r = 0;

	for (file_id f = 0; r == 0 && f < sum->count; f++)
		for (uint32_t at = sum->first[f]; r == 0 && at;
		     at = sum->rows.data[at].next)
			r = put(st, f, &sum->rows.data[at], err);
	return r;
}

int usage_writer_commit(struct usage_writer *writer, struct error *err)
{
	struct sql *sql = store_sql(writer->store);
	int r = sql_exec(sql, "DELETE FROM file_use; DELETE FROM process_memory", err);

	if (r == 0)
		r = put_sum(writer->store, &writer->rows.uses, put_use, err);
	if (r == 0)
		r = put_sum(writer->store, &writer->rows.memory, put_memory, err);
	if (r == 0)
		r = sql_exec(sql, "COMMIT", err);
	if (r == 0)
		writer->began = false;
	return r;
}

void usage_writer_free(struct usage_writer *writer)
{
	if (!writer)
		return;
	if (writer->began)
		sql_exec(store_sql(writer->store), "ROLLBACK", NULL);
	usage_rows_release(&writer->rows);
	free(writer);
}

void usage_writer_freep(struct usage_writer **writer)
{
	usage_writer_free(*writer);
}
