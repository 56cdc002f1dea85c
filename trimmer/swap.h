/*
 * swap – smaller packages of a repository that could stand in for ones that a plan keeps:
 * curl-minimal for curl, coreutils-single for coreutils.
 *
 *	r = swap_find(plan, folders, &plan->swaps, err);
 *
 * A swap is proposed when all of this holds:
 *  - the candidate provides the name of what it replaces, and is another package;
 *  - libsolv finds all requirements of what stays satisfied, erasing nothing but the
 *    replaced package and what the plan keeps for its sake alone, and installing no second
 *    substitute to fill gaps;
 *  - every file of those that is reached through an edge or a root (not only because a
 *    requirement is unexplained) is in a package that comes, by the same path;
 *  - declared sizes (what RPM says a package takes) shrink by SWAP_BYTES_MIN at least.
 * Edges of what would come are not known: no one has seen its files. That is its risk.
 */
#pragma once

#include "trimmer/plan.h"

#define SWAP_BYTES_MIN (64u << 10)

/**
 * @param folders  repositories, ends with NULL: see solv_pool_add_repository()
 * @param ret      by bytes gained, largest first; release with swap_list_release()
 * @return 0; -errno with the folder in the text
 */
int swap_find(const struct plan *plan, const char *const *folders, swap_list *ret,
	      struct error *err);
/** Bytes that it frees, of declared sizes. */
uint64_t swap_gain(const struct plan_swap *swap);
void swap_list_release(swap_list *swaps);
