/*
 * profile_text – needs as a profile in the rules language (tare-rules(5)).
 */
#pragma once

#include "workload/workload.h"

/** May a profile be called so? */
bool profile_text_name_ok(const char *name);
/**
 * Append the profile @p name.
 * @param w  after workload_finish()
 */
void profile_text(const struct workload *w, const char *name, struct strbuf *out);
/** "3 Pods, 2 PersistentVolumes" of the kinds that were read, or of the other ones. */
void workload_say_kinds(const struct workload *w, bool read, struct strbuf *out);
/** A keep file with what the row itself keeps; nothing where it keeps nothing. */
void row_keep_text(enum workload_row row, struct strbuf *out);
