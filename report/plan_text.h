/*
 * plan_text – a plan for people: totals first, then what goes and why, what is lost, what
 * was not honoured, and the proof.
 */
#pragma once

#include "report/planning.h"
#include "report/style.h"
#include "trimmer/verify.h"

struct plan_text_options {
	uint64_t top; /* rows of each long table; 0: all */
	bool kept;    /* also the packages that stay, each with its reason */
};

/** @param proof  the checks that were run; NULL: none */
void plan_text(const struct planning *planning, const struct verify_report *proof,
	       const struct plan_text_options *options, const struct style *style,
	       struct strbuf *out);
