#include "trimmer/verify_internal.h"

#include "trimmer/rpm_transaction.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strpool.h"
#include "base/text.h"
#include "graph/demand.h"

#include <string.h>

/* Which requirements of the packages that stay hold afterwards, by the graph. */
struct second_opinion {
	const struct verifier *v;
	bool *after;
};

static pkg_id find_package(const struct graph *g, const char *nevra)
{
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (strcmp(graph_text(g, g->packages[p].nevra), nevra) == 0)
			return p;
	return 0;
}

/*
 * RPM looked for a path in the folders of this machine. The graph has looked in the root:
 * where the path is still there, RPM's complaint is only a note.
 */
static bool holds_by_path_table(const struct second_opinion *o,
				const struct rpm_problem_row *row)
{
	const struct graph *g = o->v->g;
	pkg_id p = row->is_path ? find_package(g, row->dependent) : 0;

	for (uint32_t i = g->requirement_start[p];
	     p != 0 && i < g->requirement_start[p + 1]; i++) {
		const struct graph_requirement *req = &g->requirements[i];

		if (req->strength == REQ_REQUIRES && req->state == REQ_CHECKED &&
		    strcmp(graph_text(g, req->text), row->requirement) == 0)
			return o->after[req->node];
	}
	return false;
}

static void say_row(struct verifier *v, const struct second_opinion *o,
		    const struct rpm_problem_row *row)
{
	bool is_note = holds_by_path_table(o, row);
	struct strbuf text = { 0 };

	strbuf_puts(&text, row->conflict ? "conflicts with " : "requires ");
	text_printable(&text, row->requirement);
	if (is_note)
		strbuf_puts(&text, ", says RPM; in the root it is still there (RPM looks "
				   "at the folders of this machine)");
	verify_say(&v->report->rpm, is_note, text_printable_dup(row->dependent),
		   strbuf_detach(&text));
}

static void say_missing(struct verifier *v, const char *nevra)
{
	verify_say(&v->report->rpm, true, mem_strdup(nevra),
		   mem_strdup("is not in the root's database: it has changed since the "
			      "graph was made"));
}

static void read_check(struct verifier *v, const struct rpm_check *check)
{
	struct verify_check *result = &v->report->rpm;
	struct second_opinion opinion = { .v = v };
	struct idset present;

	idset_init(&present, v->g->package_count + 1u);
	for (pkg_id p = 1; p <= v->g->package_count; p++)
		if (!idset_has(&v->removed, p))
			idset_add(&present, p);
	opinion.after = demand_evaluate(v->g, &present);
	array_each (&check->problems, i)
		say_row(v, &opinion, &check->problems.data[i]);
	array_each (&check->missing, i)
		say_missing(v, check->missing.data[i]);
	result->result = result->problems.len > 0 ? VERIFY_FAILED : VERIFY_PASSED;
	free(opinion.after);
	idset_release(&present);
}

int verify_rpm(struct verifier *v, struct rootfs *root, struct error *err)
{
	_cleanup_(rpm_check_freep) struct rpm_check *check = NULL;
	const struct graph *g = v->g;
	ARRAY_OF(const char *) nevras = { 0 };
	int r;

	idset_each (&v->removed, p)
		array_push(&nevras, graph_text(g, g->packages[p].nevra));
	r = rpm_check_erase(root, graph_text(g, g->image.rpmdb_path), nevras.data,
			    nevras.len, &check, err);
	array_release(&nevras);
	if (r < 0)
		return r;
	if (check->possible) {
		read_check(v, check);
		return 0;
	}
	v->report->rpm.result = VERIFY_NOT_POSSIBLE;
	free(v->report->rpm.text);
	v->report->rpm.text = mem_strdup(check->impossible_reason);
	return 0;
}
