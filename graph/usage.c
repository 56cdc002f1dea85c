#include "graph/usage.h"

#include "graph/usage_rows.h"

#include <errno.h>

static const char SQL_EVIDENCE[] =
	"SELECT id, digest, source, node, begin, end, complete, coverage = 'node', lost,"
	" unknown_paths FROM evidence"
	" ORDER BY node, coalesce(begin, -1), coalesce(end, -1), source, digest"
	" /*scan sort*/";
static const char SQL_PACKED[] = "SELECT uses, memory FROM evidence WHERE id = :id";

typedef ARRAY_OF(struct usage_evidence) evidence_list;

static int64_t read_time(struct sql_stmt *q, int column)
{
	return sql_is_null(q, column) ? -1 : sql_int(q, column);
}

static bool makes_sense(const struct usage_evidence *row)
{
	return row->begin >= -1 && row->end >= -1 &&
	       (row->end < 0 || row->begin <= row->end);
}

static int read_evidence(struct store *st, struct usage *usage, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_EVIDENCE, err);
	evidence_list list = { 0 };
	int r = 0;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct usage_evidence row = {
			.id = sql_id(q, 0),
			.digest = strpool_add(&usage->strings, sql_text(q, 1)),
			.source = strpool_add(&usage->strings, sql_text(q, 2)),
			.node = strpool_add(&usage->strings, sql_text(q, 3)),
			.begin = read_time(q, 4),
			.end = read_time(q, 5),
			.complete = sql_int(q, 6) != 0,
			.whole_node = sql_int(q, 7) != 0,
			.lost = (uint64_t)sql_int(q, 8),
			.unknown_paths = (uint64_t)sql_int(q, 9),
		};

		if (!makes_sense(&row)) {
			r = error_set(err, -EINVAL,
				      "the graph is damaged (table evidence)");
			break;
		}
		array_push(&list, row);
	}
	usage->evidence = list.data;
	usage->evidence_count = (uint32_t)list.len;
	return r;
}

static void sum_evidence(struct usage *usage)
{
	str_id node = 0;

	usage->begin = usage->end = -1;
	usage->complete = true;
	for (uint32_t i = 0; i < usage->evidence_count; i++) {
		const struct usage_evidence *row = &usage->evidence[i];

		usage->node_count += i == 0 || row->node != node;
		node = row->node;
		usage->complete &= row->complete;
		usage->end = MAX2(usage->end, row->end);
		if (row->begin >= 0 && (usage->begin < 0 || row->begin < usage->begin))
			usage->begin = row->begin;
	}
}

static void fill_uses(struct usage *usage, const struct usage_sum *sum,
		      const uint32_t *index_of)
{
	uint32_t n = 0;

	usage->uses = mem_calloc(sum->rows.len, sizeof(*usage->uses));
	usage->use_start = mem_calloc(sum->count + 1u, sizeof(uint32_t));
	for (file_id f = 0; f < sum->count; f++) {
		usage->use_start[f] = n;
		for (uint32_t at = sum->first[f]; at; at = sum->rows.data[at].next) {
			const struct sum_row *row = &sum->rows.data[at];

			usage->uses[n++] = (struct usage_use){
				.use = (uint8_t)usage_sum_key_use(row->key),
				.scope = (uint8_t)usage_sum_key_scope(row->key),
				.by = usage_sum_key_file(row->key),
				.count = row->value[0],
				.evidences = row->evidences,
				.example = index_of[row->example],
			};
		}
	}
	usage->use_start[sum->count] = usage->use_count = n;
}

static void fill_memory(struct usage *usage, const struct usage_sum *sum,
			const uint32_t *index_of)
{
	uint32_t n = 0;

	usage->memory = mem_calloc(sum->rows.len, sizeof(*usage->memory));
	for (file_id f = 0; f < sum->count; f++) {
		for (uint32_t at = sum->first[f]; at; at = sum->rows.data[at].next) {
			const struct sum_row *row = &sum->rows.data[at];

			usage->memory[n++] = (struct usage_memory){
				.executable = f,
				.scope = (uint8_t)usage_sum_key_scope(row->key),
				.file = usage_sum_key_file(row->key),
				.processes = row->value[0],
				.pss_bytes = row->value[1],
				.private_dirty_bytes = row->value[2],
				.evidences = row->evidences,
				.example = index_of[row->example],
			};
		}
	}
	usage->memory_count = n;
}

static int read_sums(struct store *st, const struct graph *g, struct usage *usage,
		     struct error *err)
{
	_cleanup_(usage_rows_release) struct usage_rows rows = { 0 };
	_cleanup_(freep) uint32_t *index_of = NULL;
	int r = usage_rows_load(st, &rows, err);

	if (r < 0)
		return r;
	if (rows.file_count != g->file_count ||
	    rows.digest.len != usage->evidence_count + 1u)
		return error_set(err, -EINVAL, "the graph has changed meanwhile");
	index_of = mem_calloc(rows.digest.len, sizeof(*index_of));
	for (uint32_t i = 0; i < usage->evidence_count; i++)
		index_of[usage->evidence[i].id] = i;
	fill_uses(usage, &rows.uses, index_of);
	fill_memory(usage, &rows.memory, index_of);
	return 0;
}

int usage_load(struct store *st, const struct graph *g, struct usage **ret,
	       struct error *err)
{
	_cleanup_(usage_freep) struct usage *usage = mem_calloc(1, sizeof(*usage));
	int r;

	strpool_init(&usage->strings);
	r = read_evidence(st, usage, err);
	if (r == 0)
		r = read_sums(st, g, usage, err);
	if (r < 0)
		return r;
	sum_evidence(usage);
	*ret = steal_ptr(&usage);
	return 0;
}

void usage_free(struct usage *usage)
{
	if (!usage)
		return;
	strpool_release(&usage->strings);
	free(usage->evidence);
	free(usage->use_start);
	free(usage->uses);
	free(usage->memory);
	free(usage);
}

void usage_freep(struct usage **usage)
{
	usage_free(*usage);
}

static int read_packed(struct store *st, const struct graph *g, uint32_t id,
		       use_rows *uses, memory_rows *memory, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_PACKED, err);
	const void *bytes;
	size_t len;
	int r;

	if (!q)
		return -EIO;
	sql_bind_int(q, ":id", id);
	r = sql_step(q, err);
	if (r < 0)
		return r;
	uses->len = memory->len = 0;
	bytes = sql_blob(q, 0, &len);
	r = r > 0 ? use_rows_unpack(bytes, len, g->file_count, uses) : -EINVAL;
	if (r == 0) {
		bytes = sql_blob(q, 1, &len);
		r = memory_rows_unpack(bytes, len, g->file_count, memory);
	}
	return r < 0 ? error_set(err, r, "the graph is damaged (table evidence)") : 0;
}

int usage_each_evidence(struct store *st, const struct graph *g,
			const struct usage *usage, evidence_fn *fn, void *arg,
			struct error *err)
{
	use_rows uses = { 0 };
	memory_rows memory = { 0 };
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < usage->evidence_count; i++) {
		r = read_packed(st, g, usage->evidence[i].id, &uses, &memory, err);
		if (r == 0)
			r = fn(i, &uses, &memory, arg, err);
	}
	array_release(&uses);
	array_release(&memory);
	return r;
}

int usage_of_package(const struct usage *usage, const struct graph *g, pkg_id p)
{
	int best = -1;

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++)
		best = MAX2(best, usage_strongest(usage, g->owned[i]));
	return best;
}
