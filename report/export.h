/*
 * export – a plan in the words of other tools.
 *
 *	r = export_plan("rpm", doc, &out, err);
 */
#pragma once

#include "base/strbuf.h"
#include "trimmer/plan_json.h"

/** The formats' names, in the order of the help text; ends with NULL. */
extern const char *const EXPORT_FORMATS[];

/**
 * Write the removals of @p doc.
 * @param format  index into EXPORT_FORMATS
 * @return 0; -EINVAL when a package's name cannot be said in that format
 */
int export_plan(int format, const struct plan_doc *doc, struct strbuf *out,
		struct error *err);
