#include "trimmer/optimum_cnf.h"

#include "base/idset.h"
#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>

void cnf_init(struct cnf *f, uint32_t count)
{
	*f = (struct cnf){
		.count = count,
		.cost = mem_calloc(count + 1u, sizeof(*f->cost)),
		.value = mem_calloc(count + 1u, sizeof(*f->value)),
		.parent = mem_calloc(count + 1u, sizeof(*f->parent)),
	};
	for (uint32_t v = 0; v <= count; v++)
		f->parent[v] = v;
}

void cnf_release(struct cnf *f)
{
	free(f->cost);
	free(f->value);
	free(f->parent);
	array_release(&f->clauses);
	array_release(&f->literals);
	array_release(&f->gone);
	array_release(&f->gone_literals);
}

uint32_t cnf_root(struct cnf *f, uint32_t variable)
{
	while (f->parent[variable] != variable) {
		f->parent[variable] = f->parent[f->parent[variable]];
		variable = f->parent[variable];
	}
	return variable;
}

int8_t cnf_value(struct cnf *f, uint32_t variable)
{
	return f->value[cnf_root(f, variable)];
}

void cnf_set(struct cnf *f, uint32_t variable, int8_t value)
{
	uint32_t root = cnf_root(f, variable);

	if (f->value[root] == -value)
		f->conflict = true;
	f->value[root] = value;
}

void cnf_merge(struct cnf *f, uint32_t a, uint32_t b)
{
	a = cnf_root(f, a);
	b = cnf_root(f, b);
	if (a == b)
		return;
	if (b < a) {
		uint32_t swap = a;

		a = b;
		b = swap;
	}
	f->parent[b] = a;
	f->cost[a] += f->cost[b];
	if (f->value[b] != 0)
		cnf_set(f, a, f->value[b]);
}

static int by_literal(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* Sort the literals from @p at on and drop repeated ones; false for a tautology. */
static bool normalise(struct cnf *f, uint32_t at)
{
	int32_t *lits = f->literals.data + at;
	size_t len = f->literals.len - at, kept = 0, low = 0, high;

	if (len > 1)
		qsort(lits, len, sizeof(*lits), by_literal);
	for (size_t i = 0; i < len; i++)
		if (kept == 0 || lits[kept - 1] != lits[i])
			lits[kept++] = lits[i];
	f->literals.len = at + kept;
	/* negative ones come first: look for v from both ends */
	high = kept;
	while (low < high && lits[low] < 0 && lits[high - 1] > 0) {
		int32_t sum = lits[low] + lits[high - 1];

		if (sum == 0)
			return false;
		if (sum < 0)
			low++;
		else
			high--;
	}
	return true;
}

void cnf_add(struct cnf *f, const int32_t *literals, size_t len)
{
	uint32_t at = (uint32_t)f->literals.len;

	for (size_t i = 0; i < len; i++) {
		int32_t root = (int32_t)cnf_root(f, cnf_variable(literals[i]));

		assert(root > 0 && (uint32_t)root <= f->count);
		array_push(&f->literals, literals[i] < 0 ? -root : root);
	}
	if (!normalise(f, at)) {
		f->literals.len = at;
		return;
	}
	array_push(&f->clauses, (struct cnf_clause){
					.at = at,
					.len = (uint32_t)f->literals.len - at,
				});
}

void cnf_index_init(struct cnf_index *index, const struct cnf *f)
{
	size_t rows = 2 * (size_t)f->count + 2;
	uint32_t *start = mem_calloc(rows + 2, sizeof(uint32_t)), *fill = start + 1;

	array_each (&f->clauses, c) {
		const struct cnf_clause *clause = &f->clauses.data[c];

		for (uint32_t i = 0; i < clause->len; i++)
			start[cnf_row(f->literals.data[clause->at + i]) + 2]++;
	}
	for (size_t r = 2; r < rows + 2; r++)
		start[r] += start[r - 1];
	index->clause = mem_calloc(f->literals.len + 1, sizeof(uint32_t));
	array_each (&f->clauses, c) {
		const struct cnf_clause *clause = &f->clauses.data[c];

		for (uint32_t i = 0; i < clause->len; i++) {
			uint32_t row = cnf_row(f->literals.data[clause->at + i]);

			index->clause[fill[row]++] = (uint32_t)c;
		}
	}
	index->start = start;
}

void cnf_index_release(struct cnf_index *index)
{
	free(index->start);
	free(index->clause);
}

/* Unit propagation. */
struct unit_queue {
	struct cnf *f;
	struct cnf_index index;
	uint32_t
		*open; /* by clause: literals that are not false; 0 also when satisfied */
	bool *satisfied;
	ARRAY_OF(int32_t) queue; /* literals that are true now */
};

static void assign(struct unit_queue *q, int32_t literal)
{
	uint32_t v = cnf_variable(literal);
	int8_t value = literal > 0 ? 1 : -1;

	if (q->f->value[v] == value)
		return;
	cnf_set(q->f, v, value);
	array_push(&q->queue, literal);
}

static void look_at_unit(struct unit_queue *q, uint32_t c)
{
	const struct cnf_clause *clause = &q->f->clauses.data[c];

	if (q->satisfied[c] || q->open[c] > 1)
		return;
	if (q->open[c] == 0) {
		q->f->conflict = true;
		return;
	}
	for (uint32_t i = 0; i < clause->len; i++) {
		int32_t literal = q->f->literals.data[clause->at + i];
		int8_t value = q->f->value[cnf_variable(literal)];

		if (value == 0 || (value > 0) == (literal > 0))
			assign(q, literal);
	}
}

static void spread(struct unit_queue *q, int32_t literal)
{
	const uint32_t *start = q->index.start;
	uint32_t row = cnf_row(literal), opposite = cnf_row(-literal);

	for (uint32_t i = start[row]; i < start[row + 1]; i++)
		q->satisfied[q->index.clause[i]] = true;
	for (uint32_t i = start[opposite]; i < start[opposite + 1]; i++) {
		q->open[q->index.clause[i]]--;
		look_at_unit(q, q->index.clause[i]);
	}
}

static void propagate(struct cnf *f)
{
	struct unit_queue q = { .f = f };

	cnf_index_init(&q.index, f);
	q.open = mem_calloc(f->clauses.len + 1, sizeof(uint32_t));
	q.satisfied = mem_calloc(f->clauses.len + 1, sizeof(bool));
	array_each (&f->clauses, c)
		q.open[c] = f->clauses.data[c].len;
	for (uint32_t v = 1; v <= f->count; v++)
		if (f->parent[v] == v && f->value[v] != 0)
			array_push(&q.queue, f->value[v] > 0 ? (int32_t)v : -(int32_t)v);
	array_each (&f->clauses, c)
		look_at_unit(&q, (uint32_t)c);
	for (size_t i = 0; i < q.queue.len && !f->conflict; i++)
		spread(&q, q.queue.data[i]);
	cnf_index_release(&q.index);
	free(q.open);
	free(q.satisfied);
	array_release(&q.queue);
}

/* Write all clauses anew over open variables. */
static void rewrite(struct cnf *f)
{
	__typeof__(f->clauses) old = f->clauses;
	__typeof__(f->literals) old_literals = f->literals;
	ARRAY_OF(int32_t) kept = { 0 };

	f->clauses = (__typeof__(f->clauses)){ 0 };
	f->literals = (__typeof__(f->literals)){ 0 };
	array_each (&old, c) {
		bool satisfied = false;

		kept.len = 0;
		for (uint32_t i = 0; i < old.data[c].len && !satisfied; i++) {
			int32_t literal = old_literals.data[old.data[c].at + i];
			int8_t value = cnf_value(f, cnf_variable(literal));

			if (value == 0)
				array_push(&kept, literal);
			else
				satisfied = (value > 0) == (literal > 0);
		}
		if (!satisfied)
			cnf_add(f, kept.data, kept.len);
	}
	array_release(&old);
	array_release(&old_literals);
	array_release(&kept);
}

/* What can be asked for: from clauses without conditions, over those whose conditions can
 * all be asked for. */
struct asking {
	struct cnf *f;
	struct cnf_index index;
	uint32_t
		*conditions; /* by clause: negative literals that are not asked for yet */
	struct idset asked;
	ARRAY_OF(uint32_t) queue;
};

static void ask_for_choices(struct asking *a, uint32_t c)
{
	const struct cnf_clause *clause = &a->f->clauses.data[c];

	for (uint32_t i = 0; i < clause->len; i++) {
		int32_t literal = a->f->literals.data[clause->at + i];

		if (literal > 0 && idset_add(&a->asked, (size_t)literal))
			array_push(&a->queue, (uint32_t)literal);
	}
}

static void count_conditions(struct asking *a, uint32_t c)
{
	const struct cnf_clause *clause = &a->f->clauses.data[c];

	for (uint32_t i = 0; i < clause->len; i++)
		a->conditions[c] += a->f->literals.data[clause->at + i] < 0;
	if (a->conditions[c] == 0)
		ask_for_choices(a, c);
}

/* Set false what nobody can ask for. */
static bool restrict_to_asked(struct cnf *f)
{
	struct asking a = { .f = f };
	bool changed = false;

	cnf_index_init(&a.index, f);
	idset_init(&a.asked, f->count + 1u);
	a.conditions = mem_calloc(f->clauses.len + 1, sizeof(uint32_t));
	array_each (&f->clauses, c)
		count_conditions(&a, (uint32_t)c);
	for (size_t i = 0; i < a.queue.len; i++) {
		uint32_t row = cnf_row(-(int32_t)a.queue.data[i]);

		for (uint32_t k = a.index.start[row]; k < a.index.start[row + 1]; k++)
			if (--a.conditions[a.index.clause[k]] == 0)
				ask_for_choices(&a, a.index.clause[k]);
	}
	array_each (&f->literals, i) {
		uint32_t v = cnf_variable(f->literals.data[i]);

		if (f->value[v] != 0 || idset_has(&a.asked, v))
			continue;
		cnf_set(f, v, -1);
		changed = true;
	}
	cnf_index_release(&a.index);
	idset_release(&a.asked);
	free(a.conditions);
	array_release(&a.queue);
	return changed;
}

bool cnf_settle(struct cnf *f)
{
	do {
		rewrite(f);
		propagate(f);
		if (f->conflict)
			return false;
		rewrite(f);
	} while (restrict_to_asked(f));
	return true;
}

/* Does some clause that was put aside with the variable need it? */
static bool is_needed(struct cnf *f, const struct cnf_gone *gone)
{
	bool satisfied = false;

	for (uint32_t i = 0; i < gone->len; i++) {
		int32_t literal = f->gone_literals.data[gone->at + i];

		if (literal == 0) {
			if (!satisfied)
				return true;
			satisfied = false;
		} else {
			int8_t value = cnf_value(f, cnf_variable(literal));

			/* open variables are false in the end */
			satisfied |= literal > 0 ? value > 0 : value <= 0;
		}
	}
	return false;
}

void cnf_complete(struct cnf *f)
{
	for (size_t i = f->gone.len; i-- > 0;) {
		const struct cnf_gone *gone = &f->gone.data[i];

		f->value[gone->variable] = is_needed(f, gone) ? 1 : -1;
	}
}
