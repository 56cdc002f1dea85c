#include "analyzer/linker.h"

#include "analyzer/linker_internal.h"
#include "base/text.h"

#include <string.h>

char *run_origin(const struct link_run *run, uint32_t object)
{
	const char *path = tree_text(run->linker.in->tree, run_entry(run, object)->path);
	const char *slash = strrchr(path, '/');

	return slash == path ? mem_strdup("/")
			     : mem_strndup(path, (size_t)(slash - path));
}

/* The lists of its RPATH and RUNPATH, with the object's own folder for $ORIGIN. */
static void set_lists(struct link_run *run, struct link_object *object, uint32_t index)
{
	const struct elfinfo *info = run_info(run, index);
	_cleanup_(freep) char *origin = run_origin(run, index);

	if (info->runpath)
		object->runpath = dirs_of_path(&run->linker, object->platform,
					       info->runpath, origin, VIA_RUNPATH);
	else if (info->rpath)
		object->rpath = dirs_of_path(&run->linker, object->platform, info->rpath,
					     origin, VIA_RPATH);
	object->has_origin = (info->runpath && strstr(info->runpath, "ORIGIN")) ||
			     (info->rpath && strstr(info->rpath, "ORIGIN"));
}

static void add_object(struct link_run *run, uint32_t index)
{
	const struct elfinfo *info = run_info(run, index);
	struct link_object object = { .platform = -1,
				      .rpath = NO_LIST,
				      .runpath = NO_LIST,
				      .needs_at = (uint32_t)run->needs.len };

	if (info->is_dynamic)
		object.platform = platform_of(&run->linker, info);
	if (object.platform >= 0) {
		set_lists(run, &object, index);
		array_each (&info->needed, i)
			array_push(&run->needs,
				   (struct link_need){
					   .object = index,
					   .position = (uint32_t)i,
					   .name = strpool_add(&run->linker.names,
							       info->needed.data[i]) });
	}
	array_push(&run->objects, object);
}

/* As if nobody loaded the object: its own lists, then the platform's. */
static match_id resolve_alone(struct link_run *run, const struct link_need *need)
{
	const struct link_object *object = &run->objects.data[need->object];
	struct linker *linker = &run->linker;
	const char *name = strpool_text(&linker->names, need->name);
	uint32_t list = object->runpath != NO_LIST ? object->runpath : object->rpath;

	if (strchr(name, '/')) {
		_cleanup_(freep) char *origin = run_origin(run, need->object);

		return search_path(linker, object->platform, name, origin);
	}
	return search_list(linker, object->platform, list, name,
			   run_info(run, need->object)->no_default_library);
}

/*
 * An object is special when what it or its libraries find may depend on who loads it: a
 * name is not found alone, an RPATH reaches further than itself, or $ORIGIN is another
 * folder because it was opened through a symlink elsewhere.
 */
static void mark_special(struct link_run *run, const struct link_need *need)
{
	struct link_object *object = &run->objects.data[need->object];
	const struct link_match *match = &run->linker.matches.data[need->alone];
	uint32_t target;

	if (need->alone == NO_MATCH || object->rpath != NO_LIST)
		object->is_special = true;
	if (need->alone == NO_MATCH)
		return;
	target = run_target(run, need->alone);
	if (target != UINT32_MAX && match->folder &&
	    run->objects.data[target].has_origin) {
		_cleanup_(freep) char *origin = run_origin(run, target);

		if (strcmp(origin, strpool_text(&run->linker.names, match->folder)) != 0)
			run->objects.data[target].is_special = true;
	}
}

static void run_init(struct link_run *run, const struct linker_input *in)
{
	*run = (struct link_run){ .linker.in = in };
	ldconf_init(&run->linker.conf);
	strpool_init(&run->linker.names);
	array_push(&run->linker.matches, (struct link_match){ .via = VIA_ABSENT });
}

static void run_release(struct link_run *run)
{
	struct linker *linker = &run->linker;

	platforms_release(linker);
	array_each (&linker->lists, i)
		dirs_release(&linker->lists.data[i]);
	array_release(&linker->lists);
	array_release(&linker->list_by_key);
	array_release(&linker->matches);
	array_release(&linker->uses);
	array_release(&linker->links);
	strbuf_release(&linker->path);
	ldconf_release(&linker->conf);
	strpool_release(&linker->names);
	array_release(&run->objects);
	array_release(&run->needs);
	array_release(&run->contexts);
}

void linker_run(const struct linker_input *in, struct linker_result *ret,
		struct edge_list *edges, struct finding_list *findings)
{
	struct link_run run;

	*ret = (struct linker_result){ 0 };
	run_init(&run, in);
	platforms_find(&run.linker, findings);
	for (uint32_t i = 0; i < in->elf->infos.len; i++)
		add_object(&run, i);
	array_each (&run.needs, i)
		run.needs.data[i].alone = resolve_alone(&run, &run.needs.data[i]);
	array_each (&run.needs, i)
		mark_special(&run, &run.needs.data[i]);
	process_all(&run);
	emit_all(&run, ret, edges, findings);
	run_release(&run);
}

void linker_release(struct linker_result *result)
{
	array_release(&result->needed);
}
