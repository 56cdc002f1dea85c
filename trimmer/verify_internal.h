/*
 * verify_internal – the two judges of verify.h, one file each.
 */
#pragma once

#include "trimmer/verify.h"

struct verifier {
	const struct graph *g;
	struct verify_report *report;
	struct idset removed; /* pkg_id */
	char **blamed;	      /* by package that goes: the first problem it makes */
};

/** verify_graph.c: requirements that break, libraries that go missing. */
void verify_graph(struct verifier *v);
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
