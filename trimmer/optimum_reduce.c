#include "trimmer/optimum_reduce.h"

#include "base/macros.h"
#include "base/mem.h"
#include "graph/scc.h"

static const int32_t *literals_of(const struct cnf *f, uint32_t clause)
{
	return f->literals.data + f->clauses.data[clause].at;
}

/* -a | b: the negative literal comes first. */
static bool is_implication(const struct cnf *f, const struct cnf_clause *clause)
{
	const int32_t *lits = f->literals.data + clause->at;

	return clause->len == 2 && lits[0] < 0 && lits[1] > 0;
}

/* Implications as rows over the nodes 0 .. count. */
static void implication_rows(const struct cnf *f, uint32_t *start, uint32_t *to)
{
	array_each (&f->clauses, c) {
		if (is_implication(f, &f->clauses.data[c]))
			start[cnf_variable(*literals_of(f, (uint32_t)c)) + 2]++;
	}
	for (uint32_t v = 2; v <= f->count + 2; v++)
		start[v] += start[v - 1];
	array_each (&f->clauses, c) {
		const int32_t *lits = literals_of(f, (uint32_t)c);

		if (is_implication(f, &f->clauses.data[c]))
			to[start[cnf_variable(lits[0]) + 1]++] = (uint32_t)lits[1];
	}
}

bool cnf_merge_cycles(struct cnf *f)
{
	_cleanup_(freep) uint32_t *start = mem_calloc(f->count + 3u, sizeof(uint32_t));
	_cleanup_(freep) uint32_t *to = mem_calloc(f->clauses.len + 1, sizeof(uint32_t));
	_cleanup_(freep) uint32_t *component =
		mem_calloc(f->count + 1u, sizeof(uint32_t));
	_cleanup_(freep) uint32_t *first = NULL;
	uint32_t n = f->count + 1u, count;
	bool changed = false;

	implication_rows(f, start, to);
	count = scc_find(n, start, to, component);
	first = mem_calloc(count, sizeof(uint32_t));
	for (uint32_t v = 1; v < n; v++) {
		uint32_t *head = &first[component[v]];

		if (*head != 0 && f->parent[v] == v) {
			cnf_merge(f, *head, v);
			changed = true;
		} else if (*head == 0) {
			*head = v;
		}
	}
	return changed;
}

/* b that only "-a | b" asks for is true exactly when a is. */
bool cnf_merge_single(struct cnf *f)
{
	struct cnf_index index;
	bool changed = false;

	cnf_index_init(&index, f);
	array_each (&f->clauses, c) {
		const int32_t *lits = literals_of(f, (uint32_t)c);

		if (!is_implication(f, &f->clauses.data[c]) ||
		    cnf_occurrences(&index, lits[1]) != 1)
			continue;
		cnf_merge(f, cnf_variable(lits[0]), (uint32_t)lits[1]);
		changed = true;
	}
	cnf_index_release(&index);
	return changed;
}

#define RESOLVENT_MAX 16

struct resolver {
	struct cnf *f;
	struct cnf_index index;
	bool *locked;  /* by variable: a clause of it changed in this pass */
	bool *dropped; /* by clause */
	ARRAY_OF(int32_t) literals;
	ARRAY_OF(uint32_t) lens;
};

static void append_but(struct resolver *r, uint32_t clause, uint32_t variable)
{
	const struct cnf_clause *cl = &r->f->clauses.data[clause];

	for (uint32_t i = 0; i < cl->len; i++) {
		int32_t literal = r->f->literals.data[cl->at + i];

		if (cnf_variable(literal) != variable)
			array_push(&r->literals, literal);
	}
}

static bool may_resolve(const struct resolver *r, uint32_t v, uint32_t pos, uint32_t neg)
{
	const struct cnf *f = r->f;

	if (r->locked[v] || f->cost[v] != 0 || pos == 0)
		return false;
	if ((uint64_t)pos * neg > pos + neg)
		return false;
	for (int sign = 1; sign >= -1; sign -= 2) {
		uint32_t row = cnf_row(sign * (int32_t)v);

		for (uint32_t i = r->index.start[row]; i < r->index.start[row + 1]; i++) {
			uint32_t c = r->index.clause[i];

			if (r->dropped[c] || f->clauses.data[c].len > RESOLVENT_MAX)
				return false;
		}
	}
	return true;
}

/* Drop the clauses of a literal; nothing in them can be resolved again in this pass. */
static void drop_clauses(struct resolver *r, int32_t literal)
{
	uint32_t row = cnf_row(literal);

	for (uint32_t i = r->index.start[row]; i < r->index.start[row + 1]; i++) {
		uint32_t c = r->index.clause[i];

		r->dropped[c] = true;
		for (uint32_t k = 0; k < r->f->clauses.data[c].len; k++)
			r->locked[cnf_variable(literals_of(r->f, c)[k])] = true;
	}
}

static void remember_gone(struct resolver *r, uint32_t v)
{
	struct cnf *f = r->f;
	uint32_t row = cnf_row((int32_t)v);
	struct cnf_gone gone = { .variable = v, .at = (uint32_t)f->gone_literals.len };

	for (uint32_t i = r->index.start[row]; i < r->index.start[row + 1]; i++) {
		const struct cnf_clause *cl = &f->clauses.data[r->index.clause[i]];

		for (uint32_t k = 0; k < cl->len; k++) {
			int32_t literal = f->literals.data[cl->at + k];

			if (cnf_variable(literal) != v)
				array_push(&f->gone_literals, literal);
		}
		array_push(&f->gone_literals, 0);
	}
	gone.len = (uint32_t)f->gone_literals.len - gone.at;
	array_push(&f->gone, gone);
}

static void resolve_variable(struct resolver *r, uint32_t v)
{
	const uint32_t *start = r->index.start, *clause = r->index.clause;
	uint32_t pos = cnf_row((int32_t)v), neg = cnf_row(-(int32_t)v);

	for (uint32_t i = start[pos]; i < start[pos + 1]; i++) {
		for (uint32_t k = start[neg]; k < start[neg + 1]; k++) {
			size_t before = r->literals.len;

			append_but(r, clause[i], v);
			append_but(r, clause[k], v);
			array_push(&r->lens, (uint32_t)(r->literals.len - before));
		}
	}
	remember_gone(r, v);
	drop_clauses(r, (int32_t)v);
	drop_clauses(r, -(int32_t)v);
}

static void replace_clauses(struct resolver *r)
{
	struct cnf *f = r->f;
	size_t kept = 0, at = 0;

	array_each (&f->clauses, c) {
		if (!r->dropped[c])
			f->clauses.data[kept++] = f->clauses.data[c];
	}
	f->clauses.len = kept;
	array_each (&r->lens, i) {
		cnf_add(f, r->literals.data + at, r->lens.data[i]);
		at += r->lens.data[i];
	}
}

bool cnf_resolve(struct cnf *f)
{
	struct resolver r = { .f = f };
	bool changed = false;

	cnf_index_init(&r.index, f);
	r.locked = mem_calloc(f->count + 1u, sizeof(bool));
	r.dropped = mem_calloc(f->clauses.len + 1, sizeof(bool));
	for (uint32_t v = 1; v <= f->count; v++) {
		uint32_t pos = cnf_occurrences(&r.index, (int32_t)v);
		uint32_t neg = cnf_occurrences(&r.index, -(int32_t)v);

		if (!may_resolve(&r, v, pos, neg))
			continue;
		resolve_variable(&r, v);
		changed = true;
	}
	if (changed)
		replace_clauses(&r);
	cnf_index_release(&r.index);
	free(r.locked);
	free(r.dropped);
	array_release(&r.literals);
	array_release(&r.lens);
	return changed;
}

/* Is every literal of the shorter sorted list in the longer one? */
static bool contains(const struct cnf *f, const struct cnf_clause *big,
		     const struct cnf_clause *small)
{
	const int32_t *b = f->literals.data + big->at, *s = f->literals.data + small->at;
	uint32_t i = 0, k = 0;

	while (i < small->len && k < big->len) {
		if (s[i] == b[k])
			i++;
		else if (b[k] > s[i])
			return false;
		k++;
	}
	return i == small->len;
}

#define SUBSUME_STEPS 64 /* a long row costs more than it gives */

static int32_t rarest_literal(const struct cnf *f, const struct cnf_index *index,
			      const struct cnf_clause *clause)
{
	int32_t best = f->literals.data[clause->at];

	for (uint32_t i = 1; i < clause->len; i++) {
		int32_t literal = f->literals.data[clause->at + i];

		if (cnf_occurrences(index, literal) < cnf_occurrences(index, best))
			best = literal;
	}
	return best;
}

static void mark_subsumed(const struct cnf *f, const struct cnf_index *index, uint32_t c,
			  bool *dropped)
{
	const struct cnf_clause *small = &f->clauses.data[c];
	int32_t rare = rarest_literal(f, index, small);
	uint32_t row = cnf_row(rare), steps = 0;

	for (uint32_t i = index->start[row];
	     i < index->start[row + 1] && steps < SUBSUME_STEPS; i++, steps++) {
		uint32_t other = index->clause[i];
		const struct cnf_clause *big = &f->clauses.data[other];

		if (other == c || dropped[other] || big->len < small->len)
			continue;
		if (contains(f, big, small))
			dropped[other] = true;
	}
}

bool cnf_subsume(struct cnf *f)
{
	_cleanup_(freep) bool *dropped = mem_calloc(f->clauses.len + 1, sizeof(bool));
	struct cnf_index index;
	size_t kept = 0, before = f->clauses.len;

	cnf_index_init(&index, f);
	array_each (&f->clauses, c) {
		if (!dropped[c])
			mark_subsumed(f, &index, (uint32_t)c, dropped);
	}
	cnf_index_release(&index);
	array_each (&f->clauses, c) {
		if (!dropped[c])
			f->clauses.data[kept++] = f->clauses.data[c];
	}
	f->clauses.len = kept;
	return kept < before;
}

typedef bool pass_fn(struct cnf *f);

static pass_fn *const PASSES[] = {
	cnf_merge_cycles, cnf_merge_single, cnf_resolve, cnf_subsume, cnf_follow,
};

bool cnf_reduce(struct cnf *f)
{
	bool changed = true;

	if (!cnf_settle(f))
		return false;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < ARRAY_LEN(PASSES); i++) {
			if (!PASSES[i](f))
				continue;
			changed = true;
			if (!cnf_settle(f))
				return false;
		}
	}
	return true;
}
