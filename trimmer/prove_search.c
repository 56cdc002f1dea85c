#include "trimmer/prove_search.h"

#include "graph/scc.h"

#include <errno.h>

#define CULPRITS_MAX 16

struct search {
	const struct search_job *job;
	struct search_result *result;
	struct error *err;
	uint32_t *order;      /* units (cycles of needs) one behind the other */
	uint32_t *unit_start; /* [units + 1], in order */
	uint32_t units;
	uint32_t *component;
};

static void search_release(struct search *s)
{
	free(s->order);
	free(s->unit_start);
	free(s->component);
}

static int by_item(const void *a, const void *b)
{
	const struct search_need *x = a, *y = b;

	return x->item < y->item ? -1 : x->item > y->item;
}

/* Cycles of needs: nothing in them can go alone. */
static void find_units(struct search *s)
{
	uint32_t n = s->job->count;
	ARRAY_OF(struct search_need) needs = { 0 };
	uint32_t *start = mem_calloc(n + 1u, sizeof(*start));
	uint32_t *to = mem_calloc(s->job->need_count + 1, sizeof(*to));

	for (size_t i = 0; i < s->job->need_count; i++)
		array_push(&needs, s->job->needs[i]);
	array_sort(&needs, by_item);
	array_each (&needs, i) {
		start[needs.data[i].item + 1]++;
		to[i] = needs.data[i].needs;
	}
	for (uint32_t i = 0; i < n; i++)
		start[i + 1] += start[i];
	s->component = mem_calloc(n + 1u, sizeof(*s->component));
	s->units = n ? scc_find(n, start, to, s->component) : 0;
	array_release(&needs);
	free(start);
	free(to);
}

/* The higher the number of a component, the less need it: those go first. */
static void put_in_order(struct search *s)
{
	uint32_t n = s->job->count;
	uint32_t *at = mem_calloc(s->units + 1u, sizeof(*at));

	s->order = mem_calloc(n + 1u, sizeof(*s->order));
	s->unit_start = mem_calloc(s->units + 1u, sizeof(*s->unit_start));
	for (uint32_t i = 0; i < n; i++)
		s->unit_start[s->units - s->component[i]]++;
	for (uint32_t u = 0; u < s->units; u++)
		s->unit_start[u + 1] += s->unit_start[u];
	for (uint32_t u = 0; u < s->units; u++)
		at[u] = s->unit_start[u];
	for (uint32_t i = 0; i < n; i++)
		s->order[at[s->units - 1 - s->component[i]]++] = i;
	free(at);
}

static int try_prefix(struct search *s, uint32_t units)
{
	struct idset gone;
	int r;

	idset_init(&gone, s->job->count + 1u);
	for (uint32_t i = 0; i < s->unit_start[units]; i++)
		if (!idset_has(&s->result->back, s->order[i]))
			idset_add(&gone, s->order[i]);
	s->result->tries++;
	r = s->job->try(s->job->arg, &gone, s->err);
	idset_release(&gone);
	return r;
}

/* The smallest number of units that fails; *ret_seen: a try has failed. */
static int find_failing(struct search *s, uint32_t *ret, bool *ret_seen)
{
	uint32_t low = 0, high = s->units;

	*ret_seen = false;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		int r = try_prefix(s, middle);

		if (r < 0)
			return r;
		if (r == 0) {
			high = middle;
			*ret_seen = true;
		} else {
			low = middle;
		}
	}
	*ret = high;
	return 0;
}

/* The unit comes back, with all that it needs. @return true when that is new */
static bool bring_back(struct search *s, uint32_t unit)
{
	struct idset *back = &s->result->back;
	bool is_new = false, grew = true;

	for (uint32_t i = s->unit_start[unit]; i < s->unit_start[unit + 1]; i++)
		if (idset_add(back, s->order[i])) {
			array_push(&s->result->culprits, s->order[i]);
			is_new = true;
		}
	while (grew) {
		grew = false;
		for (size_t i = 0; i < s->job->need_count; i++)
			if (idset_has(back, s->job->needs[i].item))
				grew |= idset_add(back, s->job->needs[i].needs);
	}
	return is_new;
}

/* @return 1 it passes now; 0 another culprit is left, *ret_go_on false when hopeless */
static int find_one(struct search *s, bool is_first, bool *ret_go_on)
{
	uint32_t failing = 0;
	bool seen = false;
	int r = find_failing(s, &failing, &seen);

	*ret_go_on = false;
	if (r < 0)
		return r;
	if (is_first && !seen) {
		/* nobody has seen these very files fail, only the tree that apply made */
		r = try_prefix(s, s->units);
		if (r != 0) {
			s->result->outcome = SEARCH_NONE;
			return r;
		}
	}
	if (!bring_back(s, failing - 1))
		return 0;
	*ret_go_on = true;
	r = try_prefix(s, s->units);
	if (r == 1)
		s->result->outcome = SEARCH_FOUND;
	return r;
}

int prove_search(const struct search_job *job, struct search_result *ret,
		 struct error *err)
{
	_cleanup_(search_release) struct search s = { .job = job,
						      .result = ret,
						      .err = err };
	bool go_on = true;
	int r = 0;

	*ret = (struct search_result){ .outcome = SEARCH_UNFOUND };
	idset_init(&ret->back, job->count + 1u);
	if (job->count == 0) {
		ret->outcome = SEARCH_NONE;
		return 0;
	}
	find_units(&s);
	put_in_order(&s);
	for (int i = 0; i < CULPRITS_MAX && r == 0 && go_on; i++)
		r = find_one(&s, i == 0, &go_on);
	return r < 0 ? r : 0;
}

void search_result_release(struct search_result *result)
{
	array_release(&result->culprits);
	idset_release(&result->back);
}
