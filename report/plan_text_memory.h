/*
 * plan_text_memory – what the text of a plan says of other bytes than those on the disk: of
 * memory, image layers, daemons.
 */
#pragma once

#include "report/table.h"
#include "trimmer/plan.h"

/** The line "Memory ..." of the head; nothing where nothing is known to run. */
void plan_text_memory(const struct plan *plan, const struct style *style,
		      struct strbuf *out);
/** The line "Compressed ..." of the head; nothing where nobody measured it. */
void plan_text_compressed(const struct plan *plan, const struct style *style,
			  struct strbuf *out);
/** The line "Database ..." of the head; nothing where apply compacts none. */
void plan_text_database(const struct plan *plan, const struct style *style,
			struct strbuf *out);
/** The daemons that need not start; @p table is initialised here. */
void plan_text_services(const struct plan *plan, const struct style *style,
			struct table *table);
/** Whether the daemons of a unit, program or package start, and why: a line each. */
void plan_text_starts(const struct plan *plan, uint32_t node, struct strbuf *out);
/** The same as a list of maps; a new reference. */
json_t *plan_json_starts(const struct plan *plan, uint32_t node);
/** Append bytes of memory, with a "~" where they are estimated. */
void plan_text_bytes(const struct style *style, uint64_t bytes, enum memory_source source,
		     struct strbuf *out);
