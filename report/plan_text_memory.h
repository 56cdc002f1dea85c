/*
 * plan_text_memory – what the text of a plan says of memory and of daemons.
 */
#pragma once

#include "report/table.h"
#include "trimmer/plan.h"

/** The line "Memory ..." of the head; nothing where nothing is known to run. */
void plan_text_memory(const struct plan *plan, const struct style *style,
		      struct strbuf *out);
/** The daemons that need not start; @p table is initialised here. */
void plan_text_services(const struct plan *plan, const struct style *style,
			struct table *table);
/** Append bytes of memory, with a "~" where they are estimated. */
void plan_text_bytes(const struct style *style, uint64_t bytes, enum memory_source source,
		     struct strbuf *out);
