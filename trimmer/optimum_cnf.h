/*
 * optimum_cnf – the formula behind optimum.h while it is made smaller: variables with
 * costs, clauses, values that are known already, variables that are merged into others.
 *
 * A pass (optimum_reduce.c) changes values, parents or clauses; cnf_settle() then draws the
 * consequences: it propagates units, rewrites every clause over the variables that are
 * left, and sets variables false that no unsatisfied clause can ever ask for.
 */
#pragma once

#include "base/array.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes, then counted variables, then their numbers, as one number that adds up
 * without carries between the parts: 56 + 24 + 48 bits.
 */
typedef unsigned __int128 opt_cost;

#define OPT_COST_BYTES 72
#define OPT_COST_COUNT 48

static inline opt_cost opt_cost_of(uint64_t weight, bool counted, uint32_t number)
{
	opt_cost tie = counted ? ((opt_cost)1 << OPT_COST_COUNT) + number : 0;

	return ((opt_cost)weight << OPT_COST_BYTES) + tie;
}

static inline uint64_t opt_cost_bytes(opt_cost cost)
{
	return (uint64_t)(cost >> OPT_COST_BYTES);
}

struct cnf_clause {
	uint32_t at, len; /* into cnf.literals; literals sorted, each variable once */
};

/* A variable that was resolved away, with the clauses that may need it true. */
struct cnf_gone {
	uint32_t variable;
	uint32_t at, len; /* into cnf.gone_literals: clauses, each ended by 0 */
};

struct cnf {
	uint32_t count;	  /* variables 1 .. count */
	opt_cost *cost;	  /* of a merged group at its root */
	int8_t *value;	  /* 1 true, -1 false, 0 open; at the root of a group */
	uint32_t *parent; /* union-find; itself at the root */
	ARRAY_OF(struct cnf_clause) clauses;
	ARRAY_OF(int32_t) literals;
	ARRAY_OF(struct cnf_gone) gone;
	ARRAY_OF(int32_t) gone_literals;
	bool conflict; /* no solution */
};

/* Clauses that a literal is in, in rows. */
struct cnf_index {
	uint32_t *start; /* by cnf_row() */
	uint32_t *clause;
};

void cnf_init(struct cnf *f, uint32_t count);
void cnf_release(struct cnf *f);
void cnf_add(struct cnf *f, const int32_t *literals, size_t len);
uint32_t cnf_root(struct cnf *f, uint32_t variable);
/** Make @p a and @p b one variable; the lower number stays. */
void cnf_merge(struct cnf *f, uint32_t a, uint32_t b);
/** Give a variable a value; the opposite of the one it has is a conflict. */
void cnf_set(struct cnf *f, uint32_t variable, int8_t value);
/** Draw all consequences, see above. Returns false on a conflict. */
bool cnf_settle(struct cnf *f);
/** Find the values of variables that were merged or resolved away. */
void cnf_complete(struct cnf *f);
int8_t cnf_value(struct cnf *f, uint32_t variable);

static inline uint32_t cnf_variable(int32_t literal)
{
	return (uint32_t)(literal < 0 ? -literal : literal);
}

/** Row of a literal in an index: positive ones at even places. */
static inline uint32_t cnf_row(int32_t literal)
{
	return 2 * cnf_variable(literal) + (literal < 0);
}

void cnf_index_init(struct cnf_index *index, const struct cnf *f);
void cnf_index_release(struct cnf_index *index);
static inline uint32_t cnf_occurrences(const struct cnf_index *index, int32_t literal)
{
	return index->start[cnf_row(literal) + 1] - index->start[cnf_row(literal)];
}
