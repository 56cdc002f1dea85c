/*
 * evidence_file – tare's own evidence file, "tare-evidence/1": JSON lines, described in
 * tare-observe(1). The reader is EVIDENCE_NATIVE (evidence_format.h).
 */
#pragma once

#include "analyzer/evidence.h"
#include "base/strbuf.h"

#define EVIDENCE_SCHEMA "tare-evidence/1"

/** The file of sorted evidence; the same evidence gives the same bytes. */
void evidence_write(const struct evidence *ev, struct strbuf *out);
