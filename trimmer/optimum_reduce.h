/*
 * optimum_reduce – making the formula smaller without losing its best solution:
 *
 * - merge    variables that imply each other, and one that a single other one asks for
 * - resolve  variables without cost away
 * - shorten  clauses by what a choice implies, and drop clauses that others contain
 * - agree    set true what all choices of a clause imply
 * - dominate set false a choice that another one replaces at no more cost
 */
#pragma once

#include "trimmer/optimum_cnf.h"

/** Apply all until nothing changes; false on a conflict. */
bool cnf_reduce(struct cnf *f);

/* The single passes: true when something changed. Each wants a settled formula. */
bool cnf_merge_cycles(struct cnf *f);
bool cnf_merge_single(struct cnf *f);
bool cnf_resolve(struct cnf *f);
bool cnf_subsume(struct cnf *f);
bool cnf_follow(struct cnf *f); /* shorten, agree and dominate: all by implications */
