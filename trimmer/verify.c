#include "trimmer/verify_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "trimmer/weigh.h"

#include <string.h>

static const char *const STATUSES[] = {
	[VERIFY_VALID] = "valid",
	[VERIFY_NOOP] = "no-op",
	[VERIFY_UNSAFE] = "unsafe",
};

static const char *const KINDS[] = {
	[VERIFY_PACKAGE] = "package",
	[VERIFY_FILE] = "file",
	[VERIFY_SERVICE] = "service",
};

static const char *const RESULTS[] = {
	[VERIFY_NOT_RUN] = "not run",
	[VERIFY_NOT_POSSIBLE] = "not possible",
	[VERIFY_PASSED] = "passed",
	[VERIFY_FAILED] = "failed",
};

const char *verify_kind_name(enum verify_kind kind)
{
	return KINDS[kind];
}

const char *verify_status_name(enum verify_status status)
{
	return STATUSES[status];
}

const char *verify_result_name(enum verify_result result)
{
	return RESULTS[result];
}

static void add_item(struct verify_report *report, const char *nevra, pkg_id package)
{
	array_push(&report->items, (struct verify_item){
					   .kind = VERIFY_PACKAGE,
					   .name = mem_strdup(nevra),
					   .package = package,
					   .status = package ? VERIFY_VALID : VERIFY_NOOP,
					   .reason = mem_strdup(""),
				   });
}

/* A package that is gone: perhaps there is another version of it now. */
static void explain_noop(const struct graph *g, struct verify_item *item,
			 const char *name)
{
	pkg_id other = graph_find_package(g, name, NULL);

	free(item->reason);
	if (!other)
		item->reason = mem_strdup("it is not installed");
	else
		item->reason = mem_printf("it is not installed; %s is, which this plan "
					  "does not speak of",
					  graph_text(g, g->packages[other].nevra));
}

static pkg_id find_nevra(const struct graph *g, const struct strpool *nevras,
			 const char *nevra)
{
	str_id id = strpool_find(nevras, nevra);

	return id && id <= g->package_count ? id : 0;
}

/* NEVRAs as strings whose ids are the package ids; packages of one NEVRA share the first
 * one's, which the later ids of the pool make up for. */
static void index_nevras(const struct graph *g, struct strpool *nevras)
{
	strpool_init(nevras);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		const char *nevra = graph_text(g, g->packages[p].nevra);
		size_t before = nevras->count;

		strpool_add(nevras, nevra);
		if (nevras->count == before) {
			_cleanup_(freep) char *other = mem_printf("%s #%u", nevra, p);

			strpool_add(nevras, other);
		}
	}
}

static void add_doc_items(struct verifier *v, const struct plan_doc *doc)
{
	struct strpool nevras;

	index_nevras(v->g, &nevras);
	array_each (&doc->packages, i) {
		const struct plan_doc_item *row = &doc->packages.data[i];
		pkg_id p;

		if (!row->remove)
			continue;
		p = find_nevra(v->g, &nevras, row->nevra);
		add_item(v->report, row->nevra, p);
		if (p)
			idset_add(&v->removed, p);
		else
			explain_noop(v->g,
				     &v->report->items.data[v->report->items.len - 1],
				     row->name);
	}
	strpool_release(&nevras);
}

/* RPM erases every package of a NEVRA. */
static void add_twins(struct verifier *v)
{
	const struct graph *g = v->g;

	for (pkg_id p = 2; p <= g->package_count; p++)
		if (g->packages[p].nevra == g->packages[p - 1].nevra &&
		    idset_has(&v->removed, p - 1))
			idset_add(&v->removed, p);
}

static void count_items(struct verifier *v)
{
	struct verify_report *report = v->report;
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	struct idset valid;
	bool unsafe = false;

	idset_init(&valid, v->g->package_count + 1u);
	array_each (&report->items, i) {
		struct verify_item *item = &report->items.data[i];

		if (item->package && v->blamed[item->package]) {
			item->status = VERIFY_UNSAFE;
			free(item->reason);
			item->reason = mem_strdup(v->blamed[item->package]);
		}
		report->count[item->kind][item->status]++;
		unsafe |= item->status == VERIFY_UNSAFE;
		if (item->package && item->status == VERIFY_VALID)
			idset_add(&valid, item->package);
	}
	weigh_new(v->g, &weigh);
	report->disk_bytes_freed = weigh_freed(weigh, &valid);
	report->passed = !unsafe && report->graph.result != VERIFY_FAILED &&
			 report->rpm.result != VERIFY_FAILED;
	idset_release(&valid);
}

static void verifier_init(struct verifier *v, const struct graph *g)
{
	*v = (struct verifier){
		.g = g,
		.report = mem_calloc(1, sizeof(*v->report)),
		.blamed = mem_calloc(g->package_count + 1u, sizeof(char *)),
	};
	idset_init(&v->removed, g->package_count + 1u);
	idset_init(&v->trimmed, g->file_count + 1u);
	idset_init(&v->path_capabilities, g->file_count + 1u);
	v->report->graph.text = mem_strdup("");
	v->report->rpm.text = mem_strdup("");
}

static void verifier_release(struct verifier *v)
{
	for (pkg_id p = 1; p <= v->g->package_count; p++)
		free(v->blamed[p]);
	free(v->blamed);
	idset_release(&v->removed);
	idset_release(&v->trimmed);
	idset_release(&v->path_capabilities);
	verify_report_free(v->report);
}

/* @p doc: also its files and services; NULL: there are none. */
static int judge(struct verifier *v, const struct plan_doc *doc, struct rootfs *root,
		 struct verify_report **ret, struct error *err)
{
	int r = 0;

	add_twins(v);
	verify_graph(v);
	if (doc)
		verify_items(v, doc);
	if (root)
		r = verify_rpm(v, root, err);
	if (r < 0)
		return r;
	count_items(v);
	*ret = steal_ptr(&v->report);
	return 0;
}

int verify_plan(const struct graph *g, const struct plan_doc *doc, struct rootfs *root,
		struct verify_report **ret, struct error *err)
{
	_cleanup_(verifier_release) struct verifier v;

	verifier_init(&v, g);
	add_doc_items(&v, doc);
	return judge(&v, doc, root, ret, err);
}

int verify_removal(const struct graph *g, const struct idset *removed,
		   struct rootfs *root, struct verify_report **ret, struct error *err)
{
	_cleanup_(verifier_release) struct verifier v;

	verifier_init(&v, g);
	idset_each (removed, p) {
		add_item(v.report, graph_text(g, g->packages[p].nevra), (pkg_id)p);
		idset_add(&v.removed, p);
	}
	return judge(&v, NULL, root, ret, err);
}

static void release_problems(struct verify_problem *problems, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		free(problems[i].subject);
		free(problems[i].text);
	}
	free(problems);
}

static void release_check(struct verify_check *check)
{
	free(check->text);
	release_problems(check->problems.data, check->problems.len);
	release_problems(check->notes.data, check->notes.len);
}

void verify_report_free(struct verify_report *report)
{
	if (!report)
		return;
	array_each (&report->items, i) {
		free(report->items.data[i].name);
		free(report->items.data[i].reason);
	}
	array_release(&report->items);
	release_check(&report->graph);
	release_check(&report->rpm);
	free(report);
}

void verify_report_freep(struct verify_report **report)
{
	verify_report_free(*report);
}
