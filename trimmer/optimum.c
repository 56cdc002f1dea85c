#include "trimmer/optimum.h"

#include "trimmer/optimum_task.h"

#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>

struct clause {
	uint32_t at, len;
};

struct optimum {
	ARRAY_OF(uint64_t) weight; /* [0] unused */
	ARRAY_OF(bool) counted;
	ARRAY_OF(struct clause) clauses;
	ARRAY_OF(int32_t) literals;
};

struct optimum *optimum_new(void)
{
	struct optimum *o = mem_calloc(1, sizeof(*o));

	array_push(&o->weight, 0);
	array_push(&o->counted, false);
	return o;
}

void optimum_free(struct optimum *o)
{
	if (!o)
		return;
	array_release(&o->weight);
	array_release(&o->counted);
	array_release(&o->clauses);
	array_release(&o->literals);
	free(o);
}

void optimum_freep(struct optimum **o)
{
	optimum_free(*o);
}

int32_t optimum_variable(struct optimum *o, uint64_t weight, bool counted)
{
	assert(weight >> 56 == 0 && o->weight.len < 1u << 24);
	array_push(&o->weight, weight);
	array_push(&o->counted, counted);
	return (int32_t)o->weight.len - 1;
}

void optimum_clause(struct optimum *o, const int32_t *literals, size_t len)
{
	array_push(&o->clauses, (struct clause){ .at = (uint32_t)o->literals.len,
						 .len = (uint32_t)len });
	for (size_t i = 0; i < len; i++)
		array_push(&o->literals, literals[i]);
}

void optimum_force(struct optimum *o, int32_t variable)
{
	optimum_clause(o, &variable, 1);
}

static void load(const struct optimum *o, struct cnf *f)
{
	cnf_init(f, (uint32_t)o->weight.len - 1);
	for (uint32_t v = 1; v <= f->count; v++)
		f->cost[v] = opt_cost_of(o->weight.data[v], o->counted.data[v], v);
	array_each (&o->clauses, c) {
		const struct clause *clause = &o->clauses.data[c];

		cnf_add(f, o->literals.data + clause->at, clause->len);
	}
}

static void read_values(const struct optimum *o, const struct task_result *task,
			struct optimum_result *ret)
{
	uint64_t gap = opt_cost_bytes(task->cost) - opt_cost_bytes(task->bound);

	for (uint32_t v = 1; v < o->weight.len; v++) {
		if (task->found && task->value[v] < 0)
			continue;
		idset_add(&ret->chosen, v);
		ret->cost += o->weight.data[v];
	}
	ret->optimal = task->found && task->optimal;
	ret->bound = ret->optimal ? ret->cost : ret->cost - gap;
}

void optimum_solve(const struct optimum *o, uint64_t max_nodes,
		   struct optimum_result *ret)
{
	struct effort effort = { .max_nodes = max_nodes };
	struct task_result task;
	struct cnf f;

	*ret = (struct optimum_result){ 0 };
	idset_init(&ret->chosen, o->weight.len);
	load(o, &f);
	task_solve(&f, &effort, &task);
	read_values(o, &task, ret);
	ret->infeasible = !task.found;
	ret->nodes = effort.nodes;
	ret->components = task.parts;
	free(task.value);
	cnf_release(&f);
}

void optimum_result_release(struct optimum_result *result)
{
	idset_release(&result->chosen);
}
