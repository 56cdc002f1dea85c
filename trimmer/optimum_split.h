/*
 * optimum_split – what is open at a node of the search: the clauses that can still be
 * asked for, whether they fall into independent groups, and the same as a formula.
 */
#pragma once

#include "trimmer/optimum_search.h"

/** True when the node is better solved as a formula of its own: in several independent
 * groups, or much smaller than the part was. */
bool search_falls_apart(const struct search *s);
/**
 * What is open, as clauses over variables 1 .. f->count.
 * @param f        not initialised yet; release with cnf_release()
 * @param ret_map  [f->count + 1]: the search's variables; the caller frees it
 */
void search_residue(const struct search *s, struct cnf *f, uint32_t **ret_map);
