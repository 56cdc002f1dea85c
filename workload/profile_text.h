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
 * @return 0; -EFBIG when it would be larger than a rule file may be
 */
int profile_text(const struct workload *w, const char *name, struct strbuf *out,
		 struct error *err);
/** "3 Pods, 2 PersistentVolumes" of the kinds that were read, or of the other ones. */
void workload_say_kinds(const struct workload *w, bool read, struct strbuf *out);
/** Are there objects of Kubernetes that count? */
bool workload_has_pods(const struct workload *w);
/** Whether profiles are narrowed by what the objects do not use, and why not. */
void workload_say_reach(const struct workload *w, struct strbuf *out);
/** A keep file with what the row itself keeps; nothing where it keeps nothing. */
void row_keep_text(enum workload_row row, struct strbuf *out);
/** Can its feature go, as far as the objects tell? */
bool row_is_unused(const struct workload *w, enum workload_row row);
