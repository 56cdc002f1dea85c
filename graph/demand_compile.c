#include "graph/demand_compile.h"

#include "base/macros.h"
#include "base/mem.h"

#include <string.h>

/* Part of a rich dependency that still needs its clauses. */
struct todo {
	node_id node;
	enum demand_flavour flavour;
};

struct compiler {
	struct demand *d;
	const struct graph *g;
	struct demand_facts facts;
	uint32_t *auxiliary[DEMAND_FLAVOURS]; /* by node: its variable, 0: none yet */
	ARRAY_OF(struct todo) todo;
	ARRAY_OF(node_id) stack;		/* of the flattening loops */
	ARRAY_OF(uint32_t) choices, conditions; /* of the clause that is being made */
	ARRAY_OF(uint32_t) providers;		/* package nodes behind the choices */
	uint32_t *seen_node; /* by node: the last flattening that met it */
	uint32_t flattening;
	uint32_t *demanded_by; /* by variable: last package with { package } -> it */
	size_t demanded_len;
};

static uint32_t package_variable(const struct compiler *c, pkg_id p,
				 enum demand_flavour flavour)
{
	if (flavour == DEMAND_BROAD && c->d->has_broad)
		return demand_broad(c->g, p);
	return graph_package_node(c->g, p);
}

/* Does the package own this file on the disk? */
static bool owns(const struct compiler *c, pkg_id p, file_id file)
{
	uint32_t at = 0;
	pkg_id owner;

	while (demand_next_holder(c->g, file, &at, &owner))
		if (owner == p)
			return true;
	return false;
}

/*
 * The file that a capability is about: the path itself, or the command of that name
 * where the name is not the package's own ("awk" of gawk). 0 when it is about more.
 */
static file_id capability_file(const struct compiler *c, cap_id cap, pkg_id p)
{
	static const char *const folders[] = { "/usr/bin", "/usr/sbin", "/bin", "/sbin" };
	const struct graph *g = c->g;
	const char *name = graph_text(g, g->capabilities[cap]);

	for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1]; i++)
		if (g->providers[i].package == p && g->providers[i].file)
			return owns(c, p, g->providers[i].file) ? g->providers[i].file
								: 0;
	if (strpbrk(name, "/( ") || strcmp(name, graph_text(g, g->packages[p].name)) == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		_cleanup_(freep) char *path = mem_printf("%s/%s", folders[i], name);
		file_id file = graph_find_file(g, path);

		if (file && owns(c, p, file))
			return file;
	}
	return 0;
}

/* What an unexplained requirement reaches of one provider: a file where the capability
 * is one, else all that runs. */
static uint32_t capability_variable(const struct compiler *c, cap_id cap, pkg_id p,
				    enum demand_flavour flavour)
{
	file_id file = 0;

	if (flavour == DEMAND_BROAD && c->d->has_broad && cap)
		file = capability_file(c, cap, p);
	return file ? file : package_variable(c, p, flavour);
}

/* The variable that stands for a part, and a note to make its clauses. */
static uint32_t auxiliary(struct compiler *c, node_id node, enum demand_flavour flavour)
{
	uint32_t *variable = &c->auxiliary[flavour][node];

	if (*variable == 0) {
		*variable = ++c->d->variable_count;
		array_push(&c->todo, (struct todo){ .node = node, .flavour = flavour });
	}
	return *variable;
}

static void begin_flattening(struct compiler *c, node_id node)
{
	c->flattening++;
	c->stack.len = 0;
	array_push(&c->stack, node);
}

static bool next_part(struct compiler *c, node_id *ret)
{
	while (c->stack.len > 0) {
		node_id node = array_pop(&c->stack);

		if (node == 0 || c->seen_node[node] == c->flattening)
			continue;
		c->seen_node[node] = c->flattening;
		*ret = node;
		return true;
	}
	return false;
}

static bool is_set(const struct graph_req_node *node)
{
	return node->op == NODE_CAPABILITY || node->op == NODE_WITH ||
	       node->op == NODE_WITHOUT;
}

static void add_choice(struct compiler *c, pkg_id provider, uint32_t variable)
{
	array_push(&c->choices, variable);
	array_push(&c->providers, graph_package_node(c->g, provider));
}

/* Add what satisfies the node: any one of the choices does. */
static void add_choices(struct compiler *c, node_id root, enum demand_flavour flavour)
{
	node_id n;

	begin_flattening(c, root);
	while (next_part(c, &n)) {
		const struct graph_req_node *node = &c->g->req_nodes[n];

		if (!c->facts.holds[n])
			continue;
		if (node->op == NODE_OR) {
			array_push(&c->stack, node->right);
			array_push(&c->stack, node->left);
		} else if (is_set(node)) {
			struct demand_set set = demand_facts_set(&c->facts, n);

			for (uint32_t i = 0; i < set.len; i++)
				add_choice(c, set.packages[i],
					   capability_variable(c, node->capability,
							       set.packages[i], flavour));
		} else {
			array_push(&c->choices, auxiliary(c, n, flavour));
		}
	}
}

/*
 * Add conditions that are all true whenever the node holds. False when it cannot hold.
 * The node has no "if" and no "unless".
 */
static bool add_conditions(struct compiler *c, node_id root)
{
	node_id n;

	if (!c->facts.holds[root])
		return false;
	begin_flattening(c, root);
	while (next_part(c, &n)) {
		const struct graph_req_node *node = &c->g->req_nodes[n];

		if (node->op == NODE_AND) {
			array_push(&c->stack, node->right);
			array_push(&c->stack, node->left);
			continue;
		}
		if (is_set(node)) {
			struct demand_set set = demand_facts_set(&c->facts, n);

			if (set.len == 1) {
				array_push(&c->conditions,
					   graph_package_node(c->g, set.packages[0]));
				continue;
			}
		}
		array_push(&c->conditions, auxiliary(c, n, DEMAND_CONDITION));
	}
	return true;
}

static void begin_clause(struct compiler *c)
{
	c->choices.len = c->providers.len = 0;
	c->conditions.len = 0;
}

/* True when the clause says nothing: who asks is one of those who provide. */
static bool says_nothing(const struct compiler *c)
{
	array_each (&c->providers, i)
		array_each (&c->conditions, k)
			if (c->conditions.data[k] == c->providers.data[i])
				return true;
	return false;
}

/* Most requirements of a package lead to the same few packages: say each once. */
static bool said_before(struct compiler *c)
{
	uint32_t choice, condition;

	if (c->choices.len != 1 || c->conditions.len != 1)
		return false;
	choice = c->choices.data[0];
	condition = c->conditions.data[0];
	if (choice >= c->demanded_len || condition > c->g->node_count)
		return false;
	if (c->demanded_by[choice] == condition)
		return true;
	c->demanded_by[choice] = condition;
	return false;
}

static void end_clause(struct compiler *c, pkg_id package, uint32_t requirement)
{
	struct demand *d = c->d;
	struct demand_clause clause = {
		.at = (uint32_t)d->variables.len,
		.conditions = (uint32_t)c->conditions.len,
		.choices = (uint32_t)c->choices.len,
		.requirement = requirement,
		.package = package,
	};

	if (c->choices.len == 0 || says_nothing(c) || said_before(c))
		return;
	array_each (&c->conditions, i)
		array_push(&d->variables, c->conditions.data[i]);
	array_each (&c->choices, i)
		array_push(&d->variables, c->choices.data[i]);
	array_push(&d->clauses, clause);
}

/* "When the owner variable is true, the node must hold", for a node other than "and". */
static void demand_part(struct compiler *c, uint32_t owner, const struct todo *part,
			pkg_id package, uint32_t requirement)
{
	const struct graph_req_node *node = &c->g->req_nodes[part->node];

	begin_clause(c);
	array_push(&c->conditions, owner);
	if (node->op != NODE_IF) {
		add_choices(c, part->node, part->flavour);
		end_clause(c, package, requirement);
		return;
	}
	if (add_conditions(c, node->right)) {
		add_choices(c, node->left, part->flavour);
		end_clause(c, package, requirement);
	}
	if (node->otherwise == 0)
		return;
	begin_clause(c);
	array_push(&c->conditions, owner);
	add_choices(c, node->right, DEMAND_PLAIN);
	add_choices(c, node->otherwise, part->flavour);
	end_clause(c, package, requirement);
}

/* The parts of an "and" of any depth, one by one; new memory. */
static node_id *split_and(struct compiler *c, node_id root, size_t *ret_len)
{
	ARRAY_OF(node_id) parts = { 0 };
	node_id n;

	begin_flattening(c, root);
	while (next_part(c, &n)) {
		const struct graph_req_node *node = &c->g->req_nodes[n];

		if (node->op == NODE_AND) {
			array_push(&c->stack, node->right);
			array_push(&c->stack, node->left);
		} else {
			array_push(&parts, n);
		}
	}
	*ret_len = parts.len;
	return parts.data;
}

static void demand_node(struct compiler *c, uint32_t owner, const struct todo *whole,
			pkg_id package, uint32_t requirement)
{
	size_t len = 0;
	_cleanup_(freep) node_id *parts = split_and(c, whole->node, &len);

	for (size_t i = 0; i < len; i++) {
		struct todo part = { .node = parts[i], .flavour = whole->flavour };

		demand_part(c, owner, &part, package, requirement);
	}
}

/* Clauses "a package of the set is there -> variable". */
static void condition_of_set(struct compiler *c, node_id n, uint32_t variable)
{
	struct demand_set set = demand_facts_set(&c->facts, n);

	for (uint32_t i = 0; i < set.len; i++) {
		begin_clause(c);
		array_push(&c->conditions, graph_package_node(c->g, set.packages[i]));
		array_push(&c->choices, variable);
		end_clause(c, 0, DEMAND_NO_REQUIREMENT);
	}
}

static void condition_of_or(struct compiler *c, node_id side, uint32_t variable)
{
	begin_clause(c);
	if (!add_conditions(c, side))
		return;
	array_push(&c->choices, variable);
	end_clause(c, 0, DEMAND_NO_REQUIREMENT);
}

/* Make the clauses of the auxiliary variables, which may bring new ones. */
static void finish_auxiliaries(struct compiler *c)
{
	while (c->todo.len > 0) {
		struct todo part = array_pop(&c->todo);
		const struct graph_req_node *node = &c->g->req_nodes[part.node];
		uint32_t variable = c->auxiliary[part.flavour][part.node];

		if (part.flavour != DEMAND_CONDITION) {
			demand_node(c, variable, &part, 0, DEMAND_NO_REQUIREMENT);
		} else if (node->op == NODE_OR) {
			condition_of_or(c, node->left, variable);
			condition_of_or(c, node->right, variable);
		} else {
			condition_of_set(c, part.node, variable);
		}
	}
}

/*
 * What cannot be said in clauses stays as it is: every package that a leaf names. With
 * @p positive_only, not those behind "if" and "unless": RPM looks at a requirement again
 * when a provider of such a leaf goes, and refuses if it does not hold, also if it did
 * not hold before.
 */
static void freeze(struct compiler *c, pkg_id package, uint32_t requirement,
		   bool positive_only)
{
	node_id n;
	ARRAY_OF(pkg_id) frozen = { 0 };

	begin_flattening(c, c->g->requirements[requirement].node);
	while (next_part(c, &n)) {
		const struct graph_req_node *node = &c->g->req_nodes[n];
		bool conditional = node->op == NODE_IF || node->op == NODE_UNLESS;
		cap_id cap = node->capability;

		array_push(&c->stack, node->otherwise);
		if (!(conditional && positive_only))
			array_push(&c->stack, node->right);
		array_push(&c->stack, node->left);
		for (uint32_t i = c->g->provider_start[cap];
		     cap && i < c->g->provider_start[cap + 1]; i++)
			array_push(&frozen, c->g->providers[i].package);
	}
	array_each (&frozen, i) {
		begin_clause(c);
		array_push(&c->conditions, graph_package_node(c->g, package));
		add_choice(c, frozen.data[i],
			   package_variable(c, frozen.data[i], DEMAND_BROAD));
		end_clause(c, package, requirement);
	}
	array_release(&frozen);
}

static bool is_rich(const struct compiler *c, node_id node)
{
	return c->g->req_nodes[node].op != NODE_CAPABILITY;
}

static void compile_requires(struct compiler *c, uint32_t index,
			     const struct idset *explained)
{
	const struct graph_requirement *req = &c->g->requirements[index];
	struct todo whole = { .node = req->node, .flavour = DEMAND_BROAD };

	const struct idset *firm = c->d->options.firm;

	if (explained && idset_has(explained, index))
		whole.flavour = DEMAND_PLAIN;
	if (firm && !idset_has(firm, graph_package_node(c->g, req->package)))
		whole.flavour = DEMAND_PLAIN; /* one guess has led to it already */
	if (!c->facts.holds[req->node]) {
		if (is_rich(c, req->node) && req->strength == REQ_REQUIRES)
			freeze(c, req->package, index, true);
	} else if (!c->facts.sayable[req->node]) {
		freeze(c, req->package, index, false);
	} else {
		demand_node(c, graph_package_node(c->g, req->package), &whole,
			    req->package, index);
	}
}

/* "q supplements x": when x is there, q is. The requirement belongs to q. */
static void compile_supplements(struct compiler *c, uint32_t index)
{
	const struct graph_requirement *req = &c->g->requirements[index];

	if (!c->facts.holds[req->node] || !c->facts.monotone[req->node])
		return;
	begin_clause(c);
	if (!add_conditions(c, req->node))
		return;
	add_choice(c, req->package, package_variable(c, req->package, DEMAND_BROAD));
	end_clause(c, 0, index);
}

/* Only a rich conflict can come into force by an erase: (old unless fix), when fix goes. */
static void compile_conflict(struct compiler *c, uint32_t index)
{
	const struct graph_requirement *req = &c->g->requirements[index];
	const struct graph_req_node *node = &c->g->req_nodes[req->node];

	if (c->facts.monotone[req->node])
		return;
	if (node->op != NODE_UNLESS || node->otherwise != 0 ||
	    !c->facts.monotone[node->left] || !c->facts.monotone[node->right]) {
		freeze(c, req->package, index, false);
		return;
	}
	begin_clause(c);
	array_push(&c->conditions, graph_package_node(c->g, req->package));
	if (!add_conditions(c, node->left))
		return;
	add_choices(c, node->right, DEMAND_PLAIN);
	end_clause(c, req->package, index);
}

static void compile_all(struct compiler *c, const struct idset *explained)
{
	for (uint32_t i = 0; i < c->g->requirement_count; i++) {
		const struct graph_requirement *req = &c->g->requirements[i];

		if (!demand_counts(&c->d->options, req))
			continue;
		if (req->strength == REQ_CONFLICTS)
			compile_conflict(c, i);
		else if (req->strength == REQ_SUPPLEMENTS)
			compile_supplements(c, i);
		else
			compile_requires(c, i, explained);
	}
	finish_auxiliaries(c);
}

void demand_compile(struct demand *d, const struct idset *explained)
{
	const struct graph *g = d->graph;
	struct compiler c = { .d = d, .g = g, .demanded_len = d->variable_count + 1u };

	demand_facts_init(&c.facts, g, NULL);
	for (int i = 0; i < DEMAND_FLAVOURS; i++)
		c.auxiliary[i] = mem_calloc(g->req_node_count + 1u, sizeof(uint32_t));
	c.seen_node = mem_calloc(g->req_node_count + 1u, sizeof(uint32_t));
	c.demanded_by = mem_calloc(c.demanded_len, sizeof(uint32_t));
	compile_all(&c, explained);
	demand_facts_release(&c.facts);
	for (int i = 0; i < DEMAND_FLAVOURS; i++)
		free(c.auxiliary[i]);
	free(c.seen_node);
	free(c.demanded_by);
	array_release(&c.todo);
	array_release(&c.stack);
	array_release(&c.choices);
	array_release(&c.providers);
	array_release(&c.conditions);
}
