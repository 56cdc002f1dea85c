#include "trimmer/optimum_task.h"

#include "trimmer/optimum_reduce.h"
#include "trimmer/optimum_split.h"

#include "base/macros.h"
#include "base/mem.h"

typedef ARRAY_OF(uint32_t) number_list;

struct task {
	struct cnf *f, own; /* f is the caller's formula or own */
	uint32_t *map;	    /* of a residue: variables of the search below */
	uint32_t parts;
	struct search *searches;
	number_list *variables; /* by part: the formula's variables */
	uint32_t current;
	bool limited, failed; /* failed: no solution within the limit */
	opt_cost limit;	      /* for what is searched for */
	opt_cost fixed;	      /* cost of what reduction made true */
	opt_cost done;	      /* cost of the parts before current */
};

/* Variables of one clause belong together. */
struct parting {
	struct cnf *f;
	uint32_t *part_of; /* by variable: its part + 1 */
	uint32_t *local;   /* by variable: its number in the part + 1 */
	uint32_t count;
	uint32_t *first, *clauses; /* clauses in rows by part */
};

static uint32_t find(uint32_t *label, uint32_t v)
{
	while (label[v] != v) {
		label[v] = label[label[v]];
		v = label[v];
	}
	return v;
}

static void join_clauses(const struct cnf *f, uint32_t *label)
{
	for (uint32_t v = 0; v <= f->count; v++)
		label[v] = v;
	array_each (&f->clauses, c) {
		const struct cnf_clause *clause = &f->clauses.data[c];
		const int32_t *lits = f->literals.data + clause->at;
		uint32_t a = find(label, cnf_variable(lits[0]));

		for (uint32_t i = 1; i < clause->len; i++) {
			uint32_t b = find(label, cnf_variable(lits[i]));

			label[MAX2(a, b)] = MIN2(a, b);
			a = MIN2(a, b);
		}
	}
}

static void number_parts(struct parting *p)
{
	const struct cnf *f = p->f;
	_cleanup_(freep) uint32_t *label = mem_calloc(f->count + 1u, sizeof(uint32_t));

	join_clauses(f, label);
	array_each (&f->clauses, c) {
		const struct cnf_clause *clause = &f->clauses.data[c];

		for (uint32_t i = 0; i < clause->len; i++) {
			uint32_t v = cnf_variable(f->literals.data[clause->at + i]);
			uint32_t root = find(label, v);

			if (p->part_of[root] == 0)
				p->part_of[root] = ++p->count;
			p->part_of[v] = p->part_of[root];
		}
	}
}

static uint32_t part_of_clause(const struct parting *p, size_t c)
{
	const struct cnf_clause *clause = &p->f->clauses.data[c];

	return p->part_of[cnf_variable(p->f->literals.data[clause->at])] - 1;
}

static void sort_clauses(struct parting *p)
{
	p->first = mem_calloc(p->count + 2u, sizeof(uint32_t));
	p->clauses = mem_calloc(p->f->clauses.len + 1, sizeof(uint32_t));
	array_each (&p->f->clauses, c)
		p->first[part_of_clause(p, c) + 2]++;
	for (uint32_t i = 2; i <= p->count + 1; i++)
		p->first[i] += p->first[i - 1];
	array_each (&p->f->clauses, c)
		p->clauses[p->first[part_of_clause(p, c) + 1]++] = (uint32_t)c;
}

static void parting_init(struct parting *p, struct cnf *f)
{
	*p = (struct parting){
		.f = f,
		.part_of = mem_calloc(f->count + 1u, sizeof(uint32_t)),
		.local = mem_calloc(f->count + 1u, sizeof(uint32_t)),
	};
	number_parts(p);
	sort_clauses(p);
}

static void parting_release(struct parting *p)
{
	free(p->part_of);
	free(p->local);
	free(p->first);
	free(p->clauses);
}

static uint32_t local_number(struct parting *p, uint32_t v, number_list *variables)
{
	if (p->local[v] == 0) {
		array_push(variables, v);
		p->local[v] = (uint32_t)variables->len;
	}
	return p->local[v] - 1;
}

static void copy_part(struct parting *p, uint32_t at, struct part *part,
		      number_list *variables)
{
	const struct cnf *f = p->f;
	number_list literals = { 0 };

	part->clause_count = p->first[at + 1] - p->first[at];
	part->start = mem_calloc(part->clause_count + 1u, sizeof(uint32_t));
	for (uint32_t c = 0; c < part->clause_count; c++) {
		const struct cnf_clause *clause =
			&f->clauses.data[p->clauses[p->first[at] + c]];

		for (uint32_t i = 0; i < clause->len; i++) {
			int32_t literal = f->literals.data[clause->at + i];
			uint32_t v = local_number(p, cnf_variable(literal), variables);

			array_push(&literals, 2 * v + (literal < 0));
		}
		part->start[c + 1] = (uint32_t)literals.len;
	}
	part->literal = literals.data;
	part->count = (uint32_t)variables->len;
	part->cost = mem_calloc(part->count, sizeof(opt_cost));
	array_each (variables, i)
		part->cost[i] = f->cost[variables->data[i]];
}

static opt_cost cost_of_true(struct cnf *f)
{
	opt_cost sum = 0;

	for (uint32_t v = 1; v <= f->count; v++)
		if (f->parent[v] == v && f->value[v] > 0)
			sum += f->cost[v];
	return sum;
}

/* Reduce the formula and set up a search for every part. */
static void task_start(struct task *t, struct effort *effort)
{
	struct parting p;

	if (!cnf_reduce(t->f)) {
		t->failed = true;
		return;
	}
	t->fixed = cost_of_true(t->f);
	parting_init(&p, t->f);
	t->parts = p.count;
	t->searches = mem_calloc(p.count, sizeof(*t->searches));
	t->variables = mem_calloc(p.count, sizeof(*t->variables));
	for (uint32_t i = 0; i < p.count; i++) {
		struct part part = { 0 };

		copy_part(&p, i, &part, &t->variables[i]);
		search_init(&t->searches[i], &part, effort);
	}
	parting_release(&p);
}

static void task_release(struct task *t)
{
	for (uint32_t i = 0; i < t->parts; i++) {
		search_release(&t->searches[i]);
		array_release(&t->variables[i]);
	}
	free(t->searches);
	free(t->variables);
	free(t->map);
	if (t->f == &t->own)
		cnf_release(&t->own);
}

/* The limit that is left for the current part when the ones behind it cost their bounds. */
static void limit_current(struct task *t)
{
	opt_cost others = t->fixed + t->done;

	if (!t->limited)
		return;
	for (uint32_t i = t->current + 1; i < t->parts; i++)
		others += t->searches[i].bound;
	if (others >= t->limit)
		t->failed = true;
	else
		search_limit(&t->searches[t->current], t->limit - others);
}

static void next_part(struct task *t)
{
	struct search *s = &t->searches[t->current];

	if (!s->found) {
		t->failed = true;
		return;
	}
	t->done += s->limit;
	t->current++;
	if (t->current < t->parts)
		limit_current(t);
}

static bool task_is_over(const struct task *t)
{
	return t->failed || t->current == t->parts;
}

/* The values of all variables of the formula; new memory. */
static int8_t *task_values(struct task *t)
{
	int8_t *value = mem_calloc(t->f->count + 1u, 1);

	for (uint32_t i = 0; i < t->parts; i++)
		array_each (&t->variables[i], k)
			cnf_set(t->f, t->variables[i].data[k], t->searches[i].best[k]);
	cnf_complete(t->f);
	for (uint32_t v = 1; v <= t->f->count; v++)
		value[v] = cnf_value(t->f, v) > 0 ? 1 : -1;
	return value;
}

typedef ARRAY_OF(struct task *) task_stack;

static struct search *current_search(struct task *t)
{
	return &t->searches[t->current];
}

static struct task *task_new(struct cnf *f)
{
	struct task *t = mem_calloc(1, sizeof(*t));

	t->f = f ? f : &t->own;
	return t;
}

static void push_residue(task_stack *stack, struct effort *effort)
{
	struct search *s = current_search(stack->data[stack->len - 1]);
	struct task *t = task_new(NULL);

	search_residue(s, &t->own, &t->map);
	t->limited = s->limited;
	if (s->limited)
		t->limit = search_target(s) - s->spent;
	task_start(t, effort);
	if (!t->failed && t->parts > 0)
		limit_current(t);
	array_push(stack, t);
}

/* The top task is over: its answer goes to the search that waits below. */
static void pop_residue(task_stack *stack)
{
	struct task *t = array_pop(stack);
	struct search *s = current_search(stack->data[stack->len - 1]);
	_cleanup_(freep) int8_t *value = t->failed ? NULL : task_values(t);

	search_resume(s, value, t->map, t->f->count);
	task_release(t);
	free(t);
}

/* Out of nodes: the lowest search that has a solution stops here, and with it all that
 * was to improve it. True when there is one. */
static bool cut(task_stack *stack)
{
	for (size_t i = 0; i < stack->len; i++) {
		struct task *t = stack->data[i];

		if (task_is_over(t) || !current_search(t)->found)
			continue;
		for (size_t k = 0; k <= i; k++)
			current_search(stack->data[k])->tainted = true;
		while (stack->len > i + 1) {
			struct task *top = array_pop(stack);

			task_release(top);
			free(top);
		}
		next_part(t);
		return true;
	}
	return false;
}

static void step(task_stack *stack, struct effort *effort)
{
	struct task *t = stack->data[stack->len - 1];
	struct search *s;

	if (task_is_over(t)) {
		pop_residue(stack);
		return;
	}
	s = current_search(t);
	if (s->proven) {
		next_part(t);
		return;
	}
	if (effort->nodes >= effort->max_nodes && cut(stack))
		return;
	if (search_step(s) == STEP_SPLIT)
		push_residue(stack, effort);
}

void task_solve(struct cnf *f, struct effort *effort, struct task_result *ret)
{
	struct task *root = task_new(f);
	task_stack stack = { 0 };

	*ret = (struct task_result){ .optimal = true };
	task_start(root, effort);
	array_push(&stack, root);
	while (stack.len > 1 || !task_is_over(root))
		step(&stack, effort);
	ret->found = !root->failed;
	ret->parts = root->parts;
	ret->cost = ret->bound = root->done;
	for (uint32_t i = 0; i < root->parts; i++) {
		const struct search *s = &root->searches[i];

		if (s->proven && !s->tainted)
			continue;
		ret->optimal = false;
		ret->bound -= s->limit - s->bound;
	}
	if (ret->found)
		ret->value = task_values(root);
	task_release(root);
	free(root);
	array_release(&stack);
}
