/*
 * verdict – what verifying a plan found, as text and as JSON (schema "tare-verify/1").
 */
#pragma once

#include "base/json.h"
#include "report/style.h"
#include "trimmer/verify.h"

/** @param all  also the removals that are fine */
void verdict_text(const struct verify_report *report, bool all, const struct style *style,
		  struct strbuf *out);
/** A new reference. */
json_t *verdict_json(const struct verify_report *report);
