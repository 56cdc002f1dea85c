#include "trimmer/optimum_bound.h"

#include "base/macros.h"
#include "base/mem.h"
#include "graph/scc.h"

#define ROUNDS 3

struct pair {
	uint32_t from, to;
};
typedef ARRAY_OF(struct pair) pair_list;

/* From every variable that a clause may want false to those it wants true then. */
static void add_pairs(const struct part *p, uint32_t c, pair_list *pairs)
{
	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		if (!(p->literal[i] & 1))
			continue;
		for (uint32_t k = p->start[c]; k < p->start[c + 1]; k++)
			if (!(p->literal[k] & 1))
				array_push(pairs, (struct pair){ p->literal[i] / 2,
								 p->literal[k] / 2 });
	}
}

/* Component of every variable: what is implied has a lower or the same number. */
static uint32_t *find_depths(const struct part *p)
{
	uint32_t *depth = mem_calloc(p->count, sizeof(uint32_t));
	uint32_t *start = mem_calloc(p->count + 2u, sizeof(uint32_t)), *to;
	pair_list pairs = { 0 };

	for (uint32_t c = 0; c < p->clause_count; c++)
		add_pairs(p, c, &pairs);
	to = mem_calloc(pairs.len + 1, sizeof(uint32_t));
	array_each (&pairs, i)
		start[pairs.data[i].from + 1]++;
	for (uint32_t v = 1; v <= p->count; v++)
		start[v] += start[v - 1];
	start[p->count + 1] = (uint32_t)pairs.len;
	for (size_t i = pairs.len; i-- > 0;)
		to[--start[pairs.data[i].from + 1]] = pairs.data[i].to;
	/* start[v + 1] is where v begins now */
	scc_find(p->count, start + 1, to, depth);
	free(start);
	free(to);
	array_release(&pairs);
	return depth;
}

struct place {
	uint64_t key;
	uint32_t clause;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->clause > y->clause) - (x->clause < y->clause);
}

/* Implications by the depth of the implier, then clauses that stand alone by length. */
void search_order(struct search *s)
{
	const struct part *p = &s->part;
	_cleanup_(freep) uint32_t *depth = find_depths(p);
	ARRAY_OF(struct place) places = { 0 };

	for (uint32_t c = 0; c < p->clause_count; c++) {
		uint32_t len = p->start[c + 1] - p->start[c], deepest = 0;

		for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++)
			if (p->literal[i] & 1)
				deepest = MAX2(deepest, depth[p->literal[i] / 2] + 1);
		if (deepest == 0)
			deepest = UINT32_MAX;
		array_push(&places, (struct place){
					    .key = (uint64_t)deepest << 32 | len,
					    .clause = c,
				    });
	}
	array_sort(&places, by_key);
	s->order = mem_calloc(p->clause_count, sizeof(uint32_t));
	array_each (&places, i)
		s->order[i] = places.data[i].clause;
	array_release(&places);
}

static bool is_idle(const struct search *s, uint32_t c)
{
	return s->satisfied[c] > 0 || s->open_negative[c] > 1;
}

static bool is_open_choice(const struct search *s, uint32_t literal)
{
	return !(literal & 1) && s->value[literal / 2] == 0;
}

static void start_bound(struct search *s)
{
	const struct part *p = &s->part;

	for (uint32_t v = 0; v < p->count; v++) {
		s->reduced[v] = s->value[v] == 0 ? p->cost[v] : 0;
		s->share[v] = 0;
	}
	for (uint32_t c = 0; c < p->clause_count; c++) {
		s->raised[c] = 0;
		for (uint32_t i = p->start[c]; !is_idle(s, c) && i < p->start[c + 1]; i++)
			s->share[p->literal[i] / 2] += is_open_choice(s, p->literal[i]);
	}
}

/* How far the clause can be raised: the least that one of its choices has left. With
 * @p share, only the part of it that falls to this clause. */
static opt_cost room(struct search *s, uint32_t c, bool share)
{
	const struct part *p = &s->part;
	opt_cost least = ~(opt_cost)0;

	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t v = p->literal[i] / 2;
		opt_cost left = s->reduced[v];

		if (!is_open_choice(s, p->literal[i]))
			continue;
		if (share && s->share[v] > 1)
			left /= s->share[v];
		s->share[v] -= share;
		least = MIN2(least, left);
	}
	return least;
}

static void raise(struct search *s, uint32_t c, opt_cost by)
{
	const struct part *p = &s->part;

	s->raised[c] += by;
	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t v = p->literal[i] / 2;

		if (s->value[v] != 0)
			continue;
		if (p->literal[i] & 1)
			s->reduced[v] += by;
		else
			s->reduced[v] -= by;
	}
}

static void raise_all(struct search *s, bool share)
{
	for (uint32_t i = 0; i < s->part.clause_count; i++) {
		uint32_t c = s->order[i];

		if (!is_idle(s, c))
			raise(s, c, room(s, c, share && s->open_negative[c] > 0));
	}
}

/* Implications whose implier did not need all that was handed up give the rest back. */
static void give_back(struct search *s)
{
	const struct part *p = &s->part;

	for (uint32_t i = p->clause_count; i-- > 0;) {
		uint32_t c = s->order[i];
		opt_cost back = s->raised[c];

		if (back == 0 || s->open_negative[c] == 0)
			continue;
		for (uint32_t k = p->start[c]; k < p->start[c + 1]; k++) {
			uint32_t v = p->literal[k] / 2;

			if ((p->literal[k] & 1) && s->value[v] == 0)
				back = MIN2(back, s->reduced[v]);
		}
		raise(s, c, -back);
	}
}

opt_cost search_bound(struct search *s)
{
	opt_cost sum = 0;

	start_bound(s);
	raise_all(s, true);
	for (int round = 1; round < ROUNDS; round++) {
		give_back(s);
		raise_all(s, false);
	}
	for (uint32_t c = 0; c < s->part.clause_count; c++)
		if (s->open_negative[c] == 0)
			sum += s->raised[c];
	return sum;
}
