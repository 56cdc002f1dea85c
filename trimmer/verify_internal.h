/*
 * verify_internal – the two judges of verify.h, one file each.
 */
#pragma once

#include "trimmer/verify.h"

struct verifier {
	const struct graph *g;
	struct verify_report *report;
	struct idset removed;		/* pkg_id */
	struct idset trimmed;		/* file_id: of the plan's list of files */
	struct idset path_capabilities; /* file_id */
	bool is_low_caution;
	char **blamed; /* by package that goes: the first problem it makes */
};

/** verify_graph.c: requirements that break, libraries that go missing. */
void verify_graph(struct verifier *v);
/** verify_graph.c: on the disk when the packages are gone. What a package made and nobody
 * owns stays. */
bool verify_file_stays(const struct verifier *v, file_id file);
/** verify_items.c: each file and service of the plan. */
void verify_items(struct verifier *v, const struct plan_doc *doc);
/** verify_rpm.c: RPM's own transaction check on the root's database. */
int verify_rpm(struct verifier *v, struct rootfs *root, struct error *err);

/** Add a problem; takes both texts over. */
static inline void verify_say(struct verify_check *check, bool is_note, char *subject,
			      char *text)
{
	struct verify_problem problem = { subject, text };

	if (is_note)
		array_push(&check->notes, problem);
	else
		array_push(&check->problems, problem);
}
