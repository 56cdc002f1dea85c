#include "trimmer/optimum_bound.h"
#include "trimmer/optimum_split.h"

#include "base/macros.h"
#include "base/mem.h"

#include <string.h>

/* After as many nodes, equal bytes are as good as better: ties are not refined further. */
#define TIE_NODES 5000

static void assign(struct search *s, uint32_t literal)
{
	uint32_t v = literal / 2;
	int8_t value = literal & 1 ? -1 : 1;

	if (s->value[v] == value)
		return;
	if (s->value[v] == -value) {
		s->conflict = true;
		return;
	}
	s->value[v] = value;
	if (value > 0)
		s->spent += s->part.cost[v];
	array_push(&s->trail, literal);
}

static void look_at_unit(struct search *s, uint32_t c)
{
	const struct part *p = &s->part;

	if (s->satisfied[c] > 0 || s->open[c] > 1)
		return;
	if (s->open[c] == 0) {
		s->conflict = true;
		return;
	}
	for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++) {
		uint32_t literal = p->literal[i];
		int8_t value = s->value[literal / 2];

		if (value == 0)
			assign(s, literal);
	}
}

/* Every literal on the trail is counted in its clauses exactly once: from "done" on. */
static void propagate(struct search *s)
{
	while (s->done < s->trail.len) {
		uint32_t literal = s->trail.data[s->done++];

		for (uint32_t i = s->row[literal]; i < s->row[literal + 1]; i++)
			s->satisfied[s->clause[i]]++;
		for (uint32_t i = s->row[literal ^ 1]; i < s->row[(literal ^ 1) + 1];
		     i++) {
			uint32_t c = s->clause[i];

			s->open[c]--;
			s->open_negative[c] -= !(literal & 1);
			look_at_unit(s, c);
		}
	}
}

static void undo(struct search *s, size_t trail_len)
{
	while (s->trail.len > trail_len) {
		uint32_t literal = array_pop(&s->trail);
		uint32_t v = literal / 2;

		if (s->value[v] > 0)
			s->spent -= s->part.cost[v];
		s->value[v] = 0;
		if (s->trail.len >= s->done)
			continue; /* was not counted yet */
		s->done--;
		for (uint32_t i = s->row[literal]; i < s->row[literal + 1]; i++)
			s->satisfied[s->clause[i]]--;
		for (uint32_t i = s->row[literal ^ 1]; i < s->row[(literal ^ 1) + 1];
		     i++) {
			s->open[s->clause[i]]++;
			s->open_negative[s->clause[i]] += !(literal & 1);
		}
	}
	s->conflict = false;
}

opt_cost search_target(const struct search *s)
{
	if (s->found && s->effort->nodes > TIE_NODES)
		return s->limit >> OPT_COST_BYTES << OPT_COST_BYTES;
	return s->limit;
}

bool search_wants(const struct search *s, opt_cost cost)
{
	return !s->limited || cost < search_target(s);
}

static void fix_expensive(struct search *s, opt_cost bound)
{
	for (uint32_t v = 0; v < s->part.count && !s->conflict; v++)
		if (s->value[v] == 0 && !search_wants(s, bound + s->reduced[v]))
			assign(s, 2 * v + 1);
	propagate(s);
}

/* The clause with the fewest choices of those that must be satisfied now; in it the
 * choice with the least reduced cost. */
static bool choose(const struct search *s, uint32_t *ret)
{
	const struct part *p = &s->part;
	uint32_t best = UINT32_MAX, literal = 0;
	opt_cost least = 0;

	for (uint32_t c = 0; c < p->clause_count; c++) {
		if (s->satisfied[c] > 0 || s->open_negative[c] > 0)
			continue;
		if (best == UINT32_MAX || s->open[c] < s->open[best])
			best = c;
	}
	if (best == UINT32_MAX)
		return false;
	for (uint32_t i = p->start[best]; i < p->start[best + 1]; i++) {
		uint32_t v = p->literal[i] / 2;

		if (s->value[v] != 0)
			continue;
		if (literal == 0 || s->reduced[v] < least) {
			literal = p->literal[i] + 1;
			least = s->reduced[v];
		}
	}
	*ret = literal - 1;
	return true;
}

static void save_solution(struct search *s, opt_cost cost)
{
	s->found = s->limited = true;
	s->limit = cost;
	for (uint32_t v = 0; v < s->part.count; v++)
		s->best[v] = s->value[v] > 0 ? 1 : -1;
}

/* Go to the next node that was not looked at; false when there is none. */
static bool step_back(struct search *s)
{
	while (s->frames.len > 0) {
		struct search_frame *top = &s->frames.data[s->frames.len - 1];

		undo(s, top->trail_len);
		if (top->second) {
			s->frames.len--;
			continue;
		}
		top->second = true;
		assign(s, top->literal ^ 1);
		propagate(s);
		return true;
	}
	return false;
}

static enum search_event leave_node(struct search *s)
{
	if (step_back(s))
		return STEP_MORE;
	s->proven = true;
	return STEP_DONE;
}

/* Is there nothing to gain below this node? */
static bool is_hopeless(struct search *s)
{
	opt_cost bound;

	if (s->conflict || !search_wants(s, s->spent))
		return true;
	bound = s->spent + search_bound(s);
	if (!search_wants(s, bound))
		return true;
	if (s->limited)
		fix_expensive(s, bound);
	return s->conflict;
}

enum search_event search_step(struct search *s)
{
	uint32_t literal;

	s->effort->nodes++;
	if (is_hopeless(s))
		return leave_node(s);
	if (!choose(s, &literal)) {
		if (search_wants(s, s->spent))
			save_solution(s, s->spent);
		return leave_node(s);
	}
	if (s->frames.len > 0 && search_falls_apart(s))
		return STEP_SPLIT;
	array_push(&s->frames, (struct search_frame){
				       .literal = literal,
				       .trail_len = s->trail.len,
			       });
	assign(s, literal);
	propagate(s);
	return STEP_MORE;
}

void search_resume(struct search *s, const int8_t *value, const uint32_t *map, uint32_t n)
{
	opt_cost cost = s->spent;

	for (uint32_t i = 1; value && i <= n; i++)
		if (value[i] > 0)
			cost += s->part.cost[map[i]];
	if (value && search_wants(s, cost)) {
		save_solution(s, cost);
		for (uint32_t i = 1; i <= n; i++)
			s->best[map[i]] = value[i] > 0 ? 1 : -1;
	}
	if (!step_back(s))
		s->proven = true;
}

static void index_literals(struct search *s)
{
	const struct part *p = &s->part;
	uint32_t total = p->start[p->clause_count], *fill;

	s->row = mem_calloc(2 * (size_t)p->count + 3, sizeof(uint32_t));
	s->clause = mem_calloc(total + 1u, sizeof(uint32_t));
	for (uint32_t i = 0; i < total; i++)
		s->row[p->literal[i] + 2]++;
	for (size_t r = 2; r < 2 * (size_t)p->count + 3; r++)
		s->row[r] += s->row[r - 1];
	fill = s->row + 1;
	for (uint32_t c = 0; c < p->clause_count; c++) {
		for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++)
			s->clause[fill[p->literal[i]]++] = c;
	}
}

static void count_literals(struct search *s)
{
	const struct part *p = &s->part;

	for (uint32_t c = 0; c < p->clause_count; c++) {
		s->open[c] = p->start[c + 1] - p->start[c];
		for (uint32_t i = p->start[c]; i < p->start[c + 1]; i++)
			s->open_negative[c] += p->literal[i] & 1;
	}
}

void search_init(struct search *s, struct part *part, struct effort *effort)
{
	*s = (struct search){ .part = *part, .effort = effort };
	*part = (struct part){ 0 };
	s->value = mem_calloc(s->part.count, 1);
	s->best = mem_calloc(s->part.count, 1);
	s->satisfied = mem_calloc(s->part.clause_count, sizeof(uint32_t));
	s->open = mem_calloc(s->part.clause_count, sizeof(uint32_t));
	s->open_negative = mem_calloc(s->part.clause_count, sizeof(uint32_t));
	s->reduced = mem_calloc(s->part.count, sizeof(opt_cost));
	s->raised = mem_calloc(s->part.clause_count, sizeof(opt_cost));
	s->share = mem_calloc(s->part.count, sizeof(uint32_t));
	index_literals(s);
	count_literals(s);
	search_order(s);
	s->bound = search_bound(s);
}

void search_release(struct search *s)
{
	free(s->part.cost);
	free(s->part.start);
	free(s->part.literal);
	free(s->value);
	free(s->best);
	free(s->satisfied);
	free(s->open);
	free(s->open_negative);
	free(s->reduced);
	free(s->raised);
	free(s->share);
	free(s->row);
	free(s->clause);
	free(s->order);
	array_release(&s->trail);
	array_release(&s->frames);
}

void search_limit(struct search *s, opt_cost limit)
{
	s->limited = true;
	s->limit = limit;
}
