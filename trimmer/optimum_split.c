#include "trimmer/optimum_split.h"

#include "base/macros.h"
#include "base/mem.h"

/* Below this many clauses a formula of its own does not pay. */
#define SPLIT_MIN 6

struct residue {
	const struct search *s;
	bool *asked;	 /* by variable: open, and a clause may want it */
	uint32_t *label; /* by variable: union-find */
	ARRAY_OF(uint32_t) queue;
	uint32_t clauses, groups;
};

static void ask(struct residue *r, uint32_t c)
{
	const struct part *p = &r->s->part;

	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t v = p->literal[i] / 2;

		if ((p->literal[i] & 1) || r->s->value[v] != 0 || r->asked[v])
			continue;
		r->asked[v] = true;
		array_push(&r->queue, v);
	}
}

/* Everything that clauses without open conditions want, and what those want ... */
static void find_asked(struct residue *r)
{
	const struct search *s = r->s;

	for (uint32_t c = 0; c < s->part.clause_count; c++)
		if (s->satisfied[c] == 0 && s->open_negative[c] == 0)
			ask(r, c);
	for (size_t i = 0; i < r->queue.len; i++) {
		uint32_t literal = 2 * r->queue.data[i] + 1;

		for (uint32_t k = s->row[literal]; k < s->row[literal + 1]; k++)
			if (s->satisfied[s->clause[k]] == 0)
				ask(r, s->clause[k]);
	}
}

/* Not satisfied, and all its open conditions may become true. */
static bool is_relevant(const struct residue *r, uint32_t c)
{
	const struct part *p = &r->s->part;

	if (r->s->satisfied[c] > 0)
		return false;
	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t v = p->literal[i] / 2;

		if ((p->literal[i] & 1) && r->s->value[v] == 0 && !r->asked[v])
			return false;
	}
	return true;
}

static uint32_t find(uint32_t *label, uint32_t v)
{
	while (label[v] != v) {
		label[v] = label[label[v]];
		v = label[v];
	}
	return v;
}

static void join(struct residue *r, uint32_t c)
{
	const struct part *p = &r->s->part;
	uint32_t first = UINT32_MAX;

	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t v = p->literal[i] / 2, root;

		if (r->s->value[v] != 0)
			continue;
		root = find(r->label, v);
		if (first == UINT32_MAX) {
			first = root;
		} else if (root != first) {
			r->label[root] = first;
			r->groups--;
		}
	}
}

static void residue_init(struct residue *r, const struct search *s)
{
	*r = (struct residue){
		.s = s,
		.asked = mem_calloc(s->part.count, sizeof(bool)),
		.label = mem_calloc(s->part.count, sizeof(uint32_t)),
	};
	find_asked(r);
}

static void residue_release(struct residue *r)
{
	free(r->asked);
	free(r->label);
	array_release(&r->queue);
}

bool search_falls_apart(const struct search *s)
{
	struct residue r;
	bool result;

	residue_init(&r, s);
	r.groups = (uint32_t)r.queue.len;
	for (uint32_t v = 0; v < s->part.count; v++)
		r.label[v] = v;
	for (uint32_t c = 0; c < s->part.clause_count; c++) {
		if (!is_relevant(&r, c))
			continue;
		r.clauses++;
		join(&r, c);
	}
	result = r.clauses >= SPLIT_MIN &&
		 (r.groups > 1 || 2 * r.clauses <= s->part.clause_count);
	residue_release(&r);
	return result;
}

static void copy_clause(struct residue *r, uint32_t c, const uint32_t *number,
			struct cnf *f)
{
	const struct part *p = &r->s->part;
	ARRAY_OF(int32_t) literals = { 0 };

	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t v = p->literal[i] / 2;
		int32_t n = (int32_t)number[v];

		if (r->s->value[v] == 0)
			array_push(&literals, p->literal[i] & 1 ? -n : n);
	}
	cnf_add(f, literals.data, literals.len);
	array_release(&literals);
}

void search_residue(const struct search *s, struct cnf *f, uint32_t **ret_map)
{
	_cleanup_(freep) uint32_t *number = mem_calloc(s->part.count, sizeof(uint32_t));
	uint32_t *map, count = 0;
	struct residue r;

	residue_init(&r, s);
	cnf_init(f, (uint32_t)r.queue.len);
	map = mem_calloc(r.queue.len + 1, sizeof(uint32_t));
	for (uint32_t v = 0; v < s->part.count; v++) {
		if (!r.asked[v])
			continue;
		number[v] = ++count;
		map[count] = v;
		f->cost[count] = s->part.cost[v];
	}
	for (uint32_t c = 0; c < s->part.clause_count; c++)
		if (is_relevant(&r, c))
			copy_clause(&r, c, number, f);
	residue_release(&r);
	*ret_map = map;
}
