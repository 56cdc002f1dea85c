/*
 * recognise – profiles that programs bring along: a kubelet that somebody copied to
 * /opt/bin is no package, but Go wrote into it what it is. For intent.c.
 */
#pragma once

#include "graph/snapshot.h"
#include "rules/profile.h"

/** The first file on the disk, owned by no package, that the profile recognises; or 0. */
file_id recognise_program(const struct graph *g, const struct profile *profile);
/**
 * Append each profile that recognises such a file, with all that it includes, unless it is
 * in @p applied already. Profiles that cannot be read are left out.
 */
int recognise_profiles(const struct lookup *lookup, struct matcher *m,
		       const struct facts *facts, struct profile_list *applied,
		       struct error *err);
