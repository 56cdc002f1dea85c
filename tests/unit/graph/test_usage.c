#include "graph/usage.h"

#include "base/io.h"
#include "base/mem.h"
#include "graph/usage_write.h"
#include "tests/unit/support/random_graph.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>

#define DAY 86400

static const char GRAPH[] = "pkg bash\n"
			    "pkg libz\n"
			    "pkg docs\n"
			    "pkg empty\n"
			    "file /usr/bin/bash executable bash\n"
			    "file /usr/lib/libz.so.1 library libz\n"
			    "file /usr/share/doc/x documentation docs\n"
			    "dir /var\n";

struct fixture {
	char *folder, *path;
	struct store *store;
	struct graph *graph;
};

static void reopen(struct fixture *f)
{
	store_close(f->store);
	f->store = NULL;
	assert_int_equal(store_open_write(f->path, &f->store, NULL), 0);
}

static int setup(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	assert_int_equal(io_tempdir(&f->folder, NULL), 0);
	f->path = mem_printf("%s/graph.db", f->folder);
	tiny_store(GRAPH, f->path);
	reopen(f);
	assert_int_equal(graph_load(f->store, &f->graph, NULL), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	graph_free(f->graph);
	store_close(f->store);
	free(f->path);
	io_tempdir_remove(f->folder);
	free(f);
	return 0;
}

/* One piece of evidence as a line: what is seen of the files of GRAPH. */
struct piece {
	const char *digest, *node;
	int64_t begin, end;
	bool complete, whole;
	struct use_row uses[3];
	struct memory_row memory[2];
};

static int add(struct usage_writer *writer, const struct piece *piece, struct error *err)
{
	use_rows uses = { 0 };
	memory_rows memory = { 0 };
	struct evidence_row row = {
		.digest = piece->digest,
		.source = "test",
		.node = piece->node,
		.begin = piece->begin,
		.end = piece->end,
		.complete = piece->complete,
		.whole_node = piece->whole,
		.uses = &uses,
		.memory = &memory,
	};
	int r;

	for (size_t i = 0; i < 3 && piece->uses[i].file; i++)
		array_push(&uses, piece->uses[i]);
	for (size_t i = 0; i < 2 && piece->memory[i].processes; i++)
		array_push(&memory, piece->memory[i]);
	use_rows_normalize(&uses);
	memory_rows_normalize(&memory);
	r = usage_writer_add(writer, &row, err);
	array_release(&uses);
	array_release(&memory);
	return r;
}

static void import(struct fixture *f, const struct piece *pieces, size_t len)
{
	_cleanup_(usage_writer_freep) struct usage_writer *writer = NULL;
	struct error err = { 0 };

	assert_int_equal(usage_writer_new(f->store, &writer, &err), 0);
	for (size_t i = 0; i < len; i++)
		if (add(writer, &pieces[i], &err) < 0)
			fail_msg("%s", err.text);
	if (usage_writer_commit(writer, &err) < 0)
		fail_msg("%s", err.text);
}

#define BASH 1
#define LIBZ 2
#define DOCS 3

static const struct piece PIECES[] = {
	{ "d1",
	  "a",
	  0,
	  DAY,
	  true,
	  true,
	  { { BASH, USE_EXECUTED, SCOPE_HOST, 0, 2 },
	    { LIBZ, USE_MAPPED, SCOPE_HOST, BASH, 1 } },
	  { { BASH, SCOPE_HOST, 0, 2, 1000, 900 },
	    { BASH, SCOPE_HOST, LIBZ, 2, 50, 0 } } },
	{ "d2",
	  "a",
	  DAY / 2,
	  2 * DAY,
	  true,
	  true,
	  { { LIBZ, USE_OPENED, SCOPE_CONTAINER, 0, 7 } },
	  { { 0 } } },
	{ "d0",
	  "b",
	  0,
	  DAY,
	  false,
	  true,
	  { { BASH, USE_EXECUTED, SCOPE_HOST, 0, 1 } },
	  { { BASH, SCOPE_HOST, 0, 1, 3000, 100 } } },
	{ "d3",
	  "",
	  -1,
	  -1,
	  true,
	  false,
	  { { DOCS, USE_OPENED, SCOPE_UNKNOWN, 0, 1 } },
	  { { 0 } } },
};

/* All that users of a usage can see. */
static char *written(struct fixture *f)
{
	_cleanup_(usage_freep) struct usage *u = NULL;
	_cleanup_(freep) struct usage_days *days = NULL;
	struct strbuf out = { 0 };
	struct error err = { 0 };

	if (usage_load(f->store, f->graph, &u, &err) < 0 ||
	    usage_days_load(f->store, f->graph, u, &days, &err) < 0)
		fail_msg("%s", err.text);
	strbuf_printf(&out, "%u nodes %lld..%lld %d\n", u->node_count,
		      (long long)u->begin, (long long)u->end, u->complete);
	for (file_id x = 1; x <= f->graph->file_count; x++)
		for (uint32_t i = u->use_start[x]; i < u->use_start[x + 1]; i++)
			strbuf_printf(
				&out, "%s %s %s by %u: %llu in %u, as %s\n",
				graph_text(f->graph, f->graph->files[x].path),
				file_use_kind_name(u->uses[i].use),
				use_scope_name(u->uses[i].scope), u->uses[i].by,
				(unsigned long long)u->uses[i].count,
				u->uses[i].evidences,
				usage_text(u, u->evidence[u->uses[i].example].digest));
	for (uint32_t i = 0; i < u->memory_count; i++)
		strbuf_printf(&out, "%u %u: %llu %llu %llu in %u\n",
			      u->memory[i].executable, u->memory[i].file,
			      (unsigned long long)u->memory[i].processes,
			      (unsigned long long)u->memory[i].pss_bytes,
			      (unsigned long long)u->memory[i].private_dirty_bytes,
			      u->memory[i].evidences);
	for (pkg_id p = 1; p <= f->graph->package_count; p++)
		strbuf_printf(&out, "%s %llu %llu %llu %llu, %u on %u\n",
			      graph_text(f->graph, f->graph->packages[p].name),
			      (unsigned long long)days[p].used,
			      (unsigned long long)days[p].loaded,
			      (unsigned long long)days[p].never,
			      (unsigned long long)days[p].unknown, days[p].evidences,
			      days[p].nodes);
	return strbuf_detach(&out);
}

static const char ALL[] = "3 nodes 0..172800 0\n"
			  "/usr/bin/bash executed host by 0: 3 in 2, as d0\n"
			  "/usr/lib/libz.so.1 mapped host by 1: 1 in 1, as d1\n"
			  "/usr/lib/libz.so.1 opened container by 0: 7 in 1, as d2\n"
			  "/usr/share/doc/x opened unknown by 0: 1 in 1, as d3\n"
			  "1 0: 3 4000 1000 in 2\n"
			  "1 2: 2 50 0 in 1\n"
			  "bash 172800 0 86400 0, 2 on 2\n"
			  "docs 0 0 172800 86400, 1 on 1\n"
			  "empty 0 0 0 259200, 0 on 0\n"
			  "libz 129600 43200 0 86400, 2 on 1\n";

static void windows_of_a_node_are_laid_over_each_other(void **state)
{
	_cleanup_(freep) char *text = NULL;

	import(*state, PIECES, ARRAY_LEN(PIECES));
	text = written(*state);
	assert_string_equal(text, ALL);
}

static void order_and_repetition_change_nothing(void **state)
{
	static const size_t ORDERS[][6] = { { 3, 2, 1, 0, 0, 3 },
					    { 2, 0, 3, 0, 1, 2 },
					    { 1, 1, 0, 2, 3, 0 } };

	for (size_t o = 0; o < ARRAY_LEN(ORDERS); o++) {
		void *fresh = NULL;
		_cleanup_(freep) char *text = NULL;

		setup(&fresh);
		for (size_t i = 0; i < 6; i++)
			import(fresh, &PIECES[ORDERS[o][i]], 1);
		reopen(fresh);
		text = written(fresh);
		assert_string_equal(text, ALL);
		teardown(&fresh);
	}
	(void)state;
}

static void what_was_not_committed_is_not_there(void **state)
{
	struct fixture *f = *state;
	_cleanup_(usage_freep) struct usage *u = NULL;
	struct usage_writer *writer = NULL;

	assert_int_equal(usage_writer_new(f->store, &writer, NULL), 0);
	assert_int_equal(add(writer, &PIECES[0], NULL), 0);
	assert_int_equal(add(writer, &PIECES[0], NULL), 1);
	assert_true(usage_writer_has(writer, "d1"));
	usage_writer_free(writer);
	assert_int_equal(usage_load(f->store, f->graph, &u, NULL), 0);
	assert_int_equal(u->evidence_count, 0);
	assert_int_equal(u->use_count, 0);
	assert_false(usage_seen(u, BASH));
}

static void a_window_that_ends_before_it_begins_is_refused(void **state)
{
	struct fixture *f = *state;
	_cleanup_(usage_writer_freep) struct usage_writer *writer = NULL;
	struct piece bad = PIECES[0];
	struct error err = { 0 };

	bad.end = -1 + (bad.begin = 5);
	assert_int_equal(usage_writer_new(f->store, &writer, NULL), 0);
	assert_int_equal(add(writer, &bad, &err), -EINVAL);
	assert_non_null(strstr(err.text, "window"));
}

static void packed_rows_come_back(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		use_rows uses = { 0 }, back = { 0 };
		_cleanup_(strbuf_release) struct strbuf packed = { 0 };

		for (uint32_t n = random_below(&seed, 40); n > 0; n--)
			array_push(&uses,
				   (struct use_row){
					   1 + random_below(&seed, 5000),
					   (uint8_t)random_below(&seed, FILE_USE_COUNT),
					   (uint8_t)random_below(&seed, USE_SCOPE_COUNT),
					   random_below(&seed, 3) * 1000,
					   random_below(&seed, 1u << 30) });
		use_rows_normalize(&uses);
		use_rows_pack(&uses, &packed);
		assert_int_equal(use_rows_unpack(packed.data, packed.len, 5000, &back),
				 0);
		assert_int_equal(back.len, uses.len);
		array_each (&uses, i) {
			const struct use_row *x = &uses.data[i], *y = &back.data[i];

			assert_true(x->file == y->file && x->by == y->by);
			assert_true(x->use == y->use && x->scope == y->scope);
			assert_true(x->count == y->count);
		}
		/* an id that the graph does not have is damage */
		back.len = 0;
		if (uses.len > 0)
			assert_int_equal(use_rows_unpack(packed.data, packed.len,
							 uses.data[uses.len - 1].file - 1,
							 &back),
					 -EINVAL);
		array_release(&uses);
		array_release(&back);
	}
}

static void hostile_bytes_are_damage(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} BAD[] = {
		{ "", 0 },
		{ "\2", 1 },	     /* a version of the future */
		{ "\1\1", 2 },	     /* cut */
		{ "\1\1\3", 3 },     /* no such use */
		{ "\1\1\x0c", 3 },   /* no such scope */
		{ "\1\0\0", 3 },     /* file 0 */
		{ "\1\1\0\0\0", 5 }, /* twice the same */
		{ "\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12 }, /* endless */
		{ "\1\1\x40", 3 },     /* a flag of the future */
		{ "\1\1\x10\x7f", 4 }, /* by a file that is not there */
	};
	use_rows rows = { 0 };
	memory_rows memory = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_int_equal(use_rows_unpack(BAD[i].bytes, BAD[i].len, 100, &rows),
				 -EINVAL);
	assert_int_equal(memory_rows_unpack("\1\1\1\1\1\1", 6, 100, &memory), -EINVAL);
	assert_int_equal(memory_rows_unpack("\1\1\3\1\1\1\1", 7, 100, &memory), -EINVAL);
	array_release(&rows);
	array_release(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			windows_of_a_node_are_laid_over_each_other, setup, teardown),
		cmocka_unit_test(order_and_repetition_change_nothing),
		cmocka_unit_test_setup_teardown(what_was_not_committed_is_not_there,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_window_that_ends_before_it_begins_is_refused, setup, teardown),
		cmocka_unit_test(packed_rows_come_back),
		cmocka_unit_test(hostile_bytes_are_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
