/* Who of what stays points to the files and daemons that go: for the plan's JSON. */
#include "trimmer/plan_users.h"
#include "trimmer/plan_internal.h"

#include "base/mem.h"

struct plan_users {
	const struct plan *plan;
	struct idset trimmed; /* file_id */
};

struct plan_users *plan_users_new(const struct plan *plan)
{
	struct plan_users *users = mem_calloc(1, sizeof(*users));

	users->plan = plan;
	idset_init(&users->trimmed, plan->graph->file_count + 1u);
	array_each (&plan->files, i)
		idset_add(&users->trimmed, plan->files.data[i].file);
	return users;
}

void plan_users_free(struct plan_users *users)
{
	idset_release(&users->trimmed);
	free(users);
}

static bool stays(const void *arg, uint32_t node)
{
	const struct plan_users *users = arg;
	const struct graph *g = users->plan->graph;

	if (!graph_node_is_file(g, node))
		return plan_keeps(users->plan, graph_node_package(g, node));
	return !idset_has(&users->trimmed, node) && plan_file_stays(users->plan, node);
}

static json_t *names_json(const struct graph *g, struct users *found)
{
	json_t *list = json_array();

	array_each (&found->edges, i) {
		_cleanup_(freep) char *name = users_name(g, found->edges.data[i]);

		json_push(list, json_string(name));
	}
	users_release(found);
	return list;
}

static struct users_query query_of(const struct plan_users *users)
{
	return (struct users_query){
		.g = users->plan->graph,
		.stays = stays,
		.arg = users,
		.without_possible = users->plan->options.caution == CAUTION_LOW,
	};
}

json_t *plan_users_of_file(const struct plan_users *users, file_id file)
{
	struct users_query query = query_of(users);
	struct users found = { 0 };

	users_of_file(&query, file, &found);
	return names_json(query.g, &found);
}

json_t *plan_users_of_service(const struct plan_users *users,
			      const struct plan_service *service)
{
	const struct startup_daemon *daemon =
		&users->plan->memory->daemons.data[service->daemon].startup;
	struct users_query query = query_of(users);
	struct users found = { 0 };

	users_of_service(&query, daemon->unit, daemon->program, &found);
	return names_json(query.g, &found);
}
