#include "trimmer/optimum_reduce.h"

#include "base/macros.h"
#include "base/mem.h"

/* Literals beyond this many in a clause, and variables beyond this many behind a choice,
 * are not looked at. */
#define CHOICES_MAX 12
#define FOLLOW_MAX  256

/* What follows from one variable being true, as far as implications tell. */
struct wake {
	uint32_t *variable;
	uint32_t len;
	bool closed;   /* the list is complete and nothing else follows */
	opt_cost cost; /* of all in the list */
};

struct follower {
	struct cnf *f;
	struct cnf_index index;
	uint32_t *mark; /* by variable: see stamp */
	uint32_t stamp;
	struct wake wakes[CHOICES_MAX];
	bool changed;
};

static void wake_add(struct follower *w, struct wake *wake, uint32_t v)
{
	if (w->mark[v] == w->stamp)
		return;
	if (wake->len == FOLLOW_MAX) {
		wake->closed = false;
		return;
	}
	w->mark[v] = w->stamp;
	wake->variable[wake->len++] = v;
	wake->cost += w->f->cost[v];
}

/* One positive literal besides the negative one: it follows. Otherwise, unless something
 * that follows satisfies the clause, more than the list says may follow. */
static void wake_clause(struct follower *w, struct wake *wake, uint32_t c)
{
	const struct cnf_clause *clause = &w->f->clauses.data[c];
	const int32_t *lits = w->f->literals.data + clause->at;

	if (clause->len == 2 && lits[0] < 0 && lits[1] > 0)
		wake_add(w, wake, (uint32_t)lits[1]);
}

/* Has the clause a choice among the marked variables? */
static bool is_met(const struct follower *w, uint32_t c)
{
	const struct cnf_clause *clause = &w->f->clauses.data[c];

	for (uint32_t i = 0; i < clause->len; i++) {
		int32_t literal = w->f->literals.data[clause->at + i];

		if (literal > 0 && w->mark[literal] == w->stamp)
			return true;
	}
	return false;
}

static void follow(struct follower *w, uint32_t v, struct wake *wake)
{
	const uint32_t *start = w->index.start;

	w->stamp++;
	wake->len = 0;
	wake->cost = 0;
	wake->closed = true;
	wake_add(w, wake, v);
	for (uint32_t i = 0; i < wake->len; i++) {
		uint32_t row = cnf_row(-(int32_t)wake->variable[i]);

		for (uint32_t k = start[row]; k < start[row + 1]; k++)
			wake_clause(w, wake, w->index.clause[k]);
	}
	for (uint32_t i = 0; i < wake->len && wake->closed; i++) {
		uint32_t row = cnf_row(-(int32_t)wake->variable[i]);

		for (uint32_t k = start[row]; k < start[row + 1]; k++)
			wake->closed &= is_met(w, w->index.clause[k]);
	}
}

static void mark_wake(struct follower *w, const struct wake *wake)
{
	w->stamp++;
	for (uint32_t i = 0; i < wake->len; i++)
		w->mark[wake->variable[i]] = w->stamp;
}

/* What all choices imply is true. */
static void agree(struct follower *w, uint32_t choices)
{
	_cleanup_(freep) uint32_t *common = mem_calloc(FOLLOW_MAX, sizeof(uint32_t));
	uint32_t len = w->wakes[0].len;

	for (uint32_t i = 0; i < len; i++)
		common[i] = w->wakes[0].variable[i];
	for (uint32_t c = 1; c < choices && len > 0; c++) {
		uint32_t kept = 0;

		mark_wake(w, &w->wakes[c]);
		for (uint32_t i = 0; i < len; i++)
			if (w->mark[common[i]] == w->stamp)
				common[kept++] = common[i];
		len = kept;
	}
	for (uint32_t i = 0; i < len; i++) {
		if (cnf_value(w->f, common[i]) == 0)
			w->changed = true;
		cnf_set(w->f, common[i], 1);
	}
}

/* Do all clauses that want a variable hold with the marked ones true? */
static bool wants_are_met(const struct follower *w, uint32_t v)
{
	uint32_t row = cnf_row((int32_t)v);

	for (uint32_t k = w->index.start[row]; k < w->index.start[row + 1]; k++)
		if (!is_met(w, w->index.clause[k]))
			return false;
	return true;
}

/*
 * May "loser" be false because "winner" and what follows from it serve as well? What
 * follows from the loser stays true, so only the rest of the winner's wake costs.
 */
static bool replaces(struct follower *w, const struct wake *winner,
		     const struct wake *loser)
{
	uint32_t v = loser->variable[0];
	opt_cost extra = 0;

	if (!winner->closed)
		return false;
	mark_wake(w, loser);
	for (uint32_t i = 0; i < winner->len; i++) {
		if (cnf_value(w->f, winner->variable[i]) < 0)
			return false; /* given up earlier in this pass */
		if (w->mark[winner->variable[i]] != w->stamp)
			extra += w->f->cost[winner->variable[i]];
	}
	if (extra > w->f->cost[v])
		return false;
	mark_wake(w, winner);
	return w->mark[v] != w->stamp && wants_are_met(w, v);
}

static void dominate(struct follower *w, uint32_t choices)
{
	for (uint32_t loser = choices; loser-- > 0;) {
		for (uint32_t winner = 0; winner < choices; winner++) {
			uint32_t v = w->wakes[loser].variable[0];

			if (winner == loser || cnf_value(w->f, v) != 0)
				continue;
			if (cnf_value(w->f, w->wakes[winner].variable[0]) < 0)
				continue;
			if (!replaces(w, &w->wakes[winner], &w->wakes[loser]))
				continue;
			cnf_set(w->f, v, -1);
			w->changed = true;
		}
	}
}

/* A choice that implies another choice of the same clause need not be written there. */
static void shorten(struct follower *w, uint32_t c, uint32_t choices)
{
	struct cnf_clause *clause = &w->f->clauses.data[c];
	int32_t *lits = w->f->literals.data + clause->at;
	uint32_t negative = clause->len - choices;
	bool drop[CHOICES_MAX] = { false };
	uint32_t kept = negative;

	for (uint32_t i = 0; i < choices; i++) {
		mark_wake(w, &w->wakes[i]);
		for (uint32_t k = 0; k < choices; k++)
			if (k != i && !drop[k] && w->mark[lits[negative + k]] == w->stamp)
				drop[i] = true;
	}
	for (uint32_t i = 0; i < choices; i++)
		if (!drop[i])
			lits[kept++] = lits[negative + i];
	w->changed |= kept < clause->len;
	clause->len = kept;
}

static uint32_t count_choices(const struct cnf *f, const struct cnf_clause *clause)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < clause->len; i++)
		n += f->literals.data[clause->at + i] > 0;
	return n;
}

/* Values that were set while this pass runs make what is known of others too little, never
 * wrong: implications that hold stay true. A clause whose choice was given up is skipped. */
static bool has_values(struct cnf *f, const struct cnf_clause *clause)
{
	for (uint32_t i = 0; i < clause->len; i++)
		if (cnf_value(f, cnf_variable(f->literals.data[clause->at + i])) != 0)
			return true;
	return false;
}

static void follow_clause(struct follower *w, uint32_t c)
{
	const struct cnf_clause *clause = &w->f->clauses.data[c];
	uint32_t choices = count_choices(w->f, clause);
	const int32_t *first = w->f->literals.data + clause->at + (clause->len - choices);

	if (choices < 2 || choices > CHOICES_MAX || has_values(w->f, clause))
		return;
	for (uint32_t i = 0; i < choices; i++)
		follow(w, (uint32_t)first[i], &w->wakes[i]);
	if (choices == clause->len)
		agree(w, choices);
	dominate(w, choices);
	if (!has_values(w->f, clause))
		shorten(w, c, choices);
}

bool cnf_follow(struct cnf *f)
{
	struct follower w = { .f = f };

	cnf_index_init(&w.index, f);
	w.mark = mem_calloc(f->count + 1u, sizeof(uint32_t));
	for (uint32_t i = 0; i < CHOICES_MAX; i++)
		w.wakes[i].variable = mem_calloc(FOLLOW_MAX, sizeof(uint32_t));
	array_each (&f->clauses, c)
		follow_clause(&w, (uint32_t)c);
	cnf_index_release(&w.index);
	free(w.mark);
	for (uint32_t i = 0; i < CHOICES_MAX; i++)
		free(w.wakes[i].variable);
	return w.changed;
}
