#include "report/apply_check.h"

#include "analyzer/analyze.h"
#include "base/io.h"
#include "base/strpool.h"
#include "base/text.h"
#include "graph/store_read.h"

#include <errno.h>
#include <string.h>

/* Without these a program does not start. */
static const char *const BREAKING[] = { "unresolved-soname", "missing-interpreter" };

static bool is_breaking(const char *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(BREAKING); i++)
		if (strcmp(BREAKING[i], rule) == 0)
			return true;
	return false;
}

struct reading {
	struct apply_check *check;
	struct strpool known;
	bool is_before;
};

/* One finding in one text; what cannot stand in a text separates. */
static char *key_of(const struct finding_row *row)
{
	return mem_printf("%s\x01%s\x01%s", row->rule, row->subject, row->text);
}

static int read_finding(const struct finding_row *row, void *arg)
{
	struct reading *r = arg;
	_cleanup_(freep) char *key = key_of(row);
	bool breaks = is_breaking(row->rule);

	if (r->is_before) {
		strpool_add(&r->known, key);
		return 0;
	}
	/* a note says what could be better, such as duplicates; files of packages that are
	 * missing now are the plan's, or a difference */
	if (row->severity == SEVERITY_NOTE || strpool_find(&r->known, key) ||
	    strcmp(row->rule, "missing-file") == 0)
		return 0;
	array_push(&r->check->findings,
		   (struct apply_finding){ mem_strdup(row->rule),
					   mem_strdup(row->subject),
					   mem_strdup(row->text), breaks });
	r->check->breaking += breaks;
	return 0;
}

static int compare_findings(struct apply_check *check, struct store *after,
			    struct error *err)
{
	struct reading reading = { .check = check, .is_before = true };
	int r;

	strpool_init(&reading.known);
	r = store_each_finding(check->before, read_finding, &reading, err);
	reading.is_before = false;
	if (r == 0)
		r = store_each_finding(after, read_finding, &reading, err);
	strpool_release(&reading.known);
	return r;
}

/* How the graph of the root was made: the result is looked at in the same way. */
struct scan {
	ARRAY_OF(char *) texts; /* owned; the boundaries point to them */
	ARRAY_OF(const char *) boundaries;
	struct analyze_options options;
};

static int read_option(const char *name, const char *value, void *arg)
{
	struct scan *scan = arg;
	char *text = mem_strdup(value);

	array_push(&scan->texts, text);
	if (strcmp(name, "boundary") == 0)
		array_push(&scan->boundaries, text);
	if (strcmp(name, "dbpath") == 0)
		scan->options.dbpath = text;
	if (strcmp(name, "cross-file-systems") == 0)
		scan->options.cross_file_systems = true;
	if (strcmp(name, "no-libmagic") == 0)
		scan->options.no_libmagic = true;
	return 0;
}

static void scan_release(struct scan *scan)
{
	array_each (&scan->texts, i)
		free(scan->texts.data[i]);
	array_release(&scan->texts);
	array_release(&scan->boundaries);
}

static int analyse(struct apply_check *check, const struct apply_view *view,
		   const char *path, struct error *err)
{
	_cleanup_(scan_release) struct scan scan = {
		.options = { .root = view->tree,
			     .output = path,
			     .progress = check->progress },
	};
	_cleanup_(store_closep) struct store *after = NULL;
	struct analyze_summary summary;
	int r = store_each_option(check->before, read_option, &scan, err);

	if (r < 0)
		return r;
	if (view->state[0])
		array_push(&scan.boundaries, view->state);
	array_push(&scan.boundaries, NULL);
	scan.options.boundaries = scan.boundaries.data;
	r = analyze_root(&scan.options, &summary, err);
	if (r < 0)
		return error_prefix(err, r, "analysing the result");
	check->complete = r == 0;
	r = store_open(path, &after, err);
	return r < 0 ? r : compare_findings(check, after, err);
}

static int run_test(struct apply_check *check, const struct apply_view *view,
		    struct error *err)
{
	const struct prove_request request = { .graph = check->graph,
					       .view = view,
					       .command = check->test,
					       .progress = check->progress };
	int r = prove_run(&request, &check->prove, err);

	check->passed = check->prove.outcome == PROVE_PASSED;
	return r;
}

int apply_check_judge(void *arg, const struct apply_view *view, struct error *err)
{
	struct apply_check *check = arg;
	_cleanup_(io_tempdir_removep) char *folder = NULL;
	_cleanup_(freep) char *path = NULL;
	int r = io_tempdir(&folder, err);

	if (r < 0)
		return r;
	path = check->graph_path ? mem_strdup(check->graph_path)
				 : mem_printf("%s/after.db", folder);
	r = analyse(check, view, path, err);
	if (r < 0)
		return r;
	check->passed = check->breaking == 0 && check->complete &&
			(check->may_differ || view->result->differences.len == 0);
	if (check->passed && check->test)
		r = run_test(check, view, err);
	if (r < 0)
		return r;
	return check->passed ? 0 : 1;
}

void apply_check_release(struct apply_check *check)
{
	array_each (&check->findings, i) {
		free(check->findings.data[i].rule);
		free(check->findings.data[i].subject);
		free(check->findings.data[i].text);
	}
	array_release(&check->findings);
	prove_result_release(&check->prove);
}
