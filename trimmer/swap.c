#include "trimmer/swap.h"

#include "trimmer/solv_pool.h"

#include <string.h>

/* A file that something names: it must be there under its path. */
static bool is_named(const struct plan *plan, uint32_t node)
{
	enum cause_kind kind = plan->closure->causes[node].kind;

	return idset_has(&plan->closure->reached, node) &&
	       (kind == CAUSE_EDGE || kind == CAUSE_ROOT);
}

static bool comes_again(struct solv_pool *pool, const struct solv_change *change,
			const char *path)
{
	array_each (&change->installed, i)
		if (solv_pool_has_file(pool, change->installed.data[i], path))
			return true;
	return false;
}

static bool keeps_named_files(const struct plan *plan, struct solv_pool *pool,
			      const struct solv_change *change)
{
	const struct graph *g = plan->graph;

	array_each (&change->erased, i) {
		pkg_id p = change->erased.data[i];

		for (uint32_t j = g->owned_start[p]; j < g->owned_start[p + 1]; j++) {
			file_id f = g->owned[j];

			if (is_named(plan, graph_file_node(g, f)) &&
			    !comes_again(pool, change, graph_text(g, g->files[f].path)))
				return false;
		}
	}
	return true;
}

static void swap_release(struct plan_swap *swap)
{
	array_release(&swap->erased);
	array_each (&swap->installed, i)
		free(swap->installed.data[i]);
	array_release(&swap->installed);
}

static void put_installed(struct plan_swap *swap, struct solv_pool *pool, int id)
{
	array_push(&swap->installed, mem_strdup(solv_pool_nevra(pool, id)));
	swap->bytes_installed += solv_pool_installed_bytes(pool, id);
}

static struct plan_swap make_swap(const struct plan *plan, struct solv_pool *pool,
				  const struct solv_candidate *candidate,
				  const struct solv_change *change)
{
	struct plan_swap swap = { .replaced = candidate->replaced };

	array_each (&change->erased, i) {
		pkg_id p = change->erased.data[i];

		array_push(&swap.erased, p);
		swap.bytes_erased += plan->graph->packages[p].declared_bytes;
	}
	put_installed(&swap, pool, candidate->id);
	array_each (&change->installed, i)
		if (change->installed.data[i] != candidate->id)
			put_installed(&swap, pool, change->installed.data[i]);
	return swap;
}

uint64_t swap_gain(const struct plan_swap *swap)
{
	return swap->bytes_erased > swap->bytes_installed
		       ? swap->bytes_erased - swap->bytes_installed
		       : 0;
}

/* The package itself, then what the plan keeps for its sake alone. */
static void find_erasable(const struct plan *plan, pkg_id replaced, solv_packages *ret)
{
	ret->len = 0;
	array_push(ret, replaced);
	for (size_t at = 0; at < ret->len; at++)
		idset_each (&plan->kept, p)
			if (plan->packages[p].holder == ret->data[at] &&
			    p != ret->data[at])
				array_push(ret, (pkg_id)p);
}

/* The candidate alone takes the place: no second substitute comes with it to fill gaps. */
static bool stands_alone(const solv_candidates *candidates,
			 const struct solv_candidate *candidate,
			 const struct solv_change *change)
{
	array_each (&change->installed, i)
		array_each (candidates, j) {
			const struct solv_candidate *other = &candidates->data[j];

			if (other->replaced == candidate->replaced &&
			    other->id != candidate->id &&
			    other->id == change->installed.data[i])
				return false;
		}
	return true;
}

static void try_candidate(const struct plan *plan, struct solv_pool *pool,
			  const solv_candidates *candidates,
			  const struct solv_candidate *candidate, swap_list *ret)
{
	solv_packages erasable = { 0 };
	struct solv_change change;
	struct plan_swap swap;

	find_erasable(plan, candidate->replaced, &erasable);
	if (solv_pool_try(pool, erasable.data, erasable.len, candidate->id, &change) &&
	    stands_alone(candidates, candidate, &change) &&
	    keeps_named_files(plan, pool, &change)) {
		swap = make_swap(plan, pool, candidate, &change);
		if (swap_gain(&swap) >= SWAP_BYTES_MIN)
			array_push(ret, swap);
		else
			swap_release(&swap);
	}
	solv_change_release(&change);
	array_release(&erasable);
}

static int by_gain(const void *va, const void *vb)
{
	const struct plan_swap *a = va, *b = vb;

	if (swap_gain(a) != swap_gain(b))
		return swap_gain(a) > swap_gain(b) ? -1 : 1;
	if (a->replaced != b->replaced)
		return a->replaced < b->replaced ? -1 : 1;
	return strcmp(a->installed.data[0], b->installed.data[0]);
}

int swap_find(const struct plan *plan, const char *const *folders, swap_list *ret,
	      struct error *err)
{
	_cleanup_(solv_pool_freep) struct solv_pool *pool = NULL;
	solv_candidates candidates = { 0 };
	int r = solv_pool_new(plan->graph, &plan->kept, &pool, err);

	for (; r == 0 && *folders; folders++)
		r = solv_pool_add_repository(pool, *folders, err);
	if (r < 0)
		return r;
	solv_pool_candidates(pool, &candidates);
	array_each (&candidates, i)
		try_candidate(plan, pool, &candidates, &candidates.data[i], ret);
	array_release(&candidates);
	array_sort(ret, by_gain);
	return 0;
}

void swap_list_release(swap_list *swaps)
{
	array_each (swaps, i)
		swap_release(&swaps->data[i]);
	array_release(swaps);
}
