#include "trimmer/prove.h"

#include "base/text.h"
#include "trimmer/prove_items.h"
#include "trimmer/prove_try.h"

#include <errno.h>
#include <string.h>

struct prover {
	const struct prove_request *request;
	struct prove_items items;
	struct prove_result *result;
	struct search_result found;
	const path_list *files; /* of the culprits, where the file is looked for */
	path_list watched;
	struct prove_answer last;
};

static void prover_release(struct prover *p)
{
	prove_items_release(&p->items);
	search_result_release(&p->found);
	prove_answer_release(&p->last);
	array_release(&p->watched);
}

static int run_test(struct prover *p, const char *tree, const path_list *hidden,
		    const path_list *masks, struct error *err)
{
	const struct apply_view *view = p->request->view;
	struct prove_try try = {
		.tree = tree,
		.mount_on = view->made,
		.hidden = hidden ? hidden->data : NULL,
		.hidden_count = hidden ? hidden->len : 0,
		.masks = masks ? masks->data : NULL,
		.mask_count = masks ? masks->len : 0,
		.watched = p->watched.data,
		.watched_count = p->watched.len,
		.command = p->request->command,
		.lock_fd = view->lock_fd,
	};
	int r;

	if (progress_stopped(p->request->progress))
		return error_set(err, -EINTR, "interrupted");
	progress_report(p->request->progress, "test", ++p->result->runs, 0);
	prove_answer_release(&p->last);
	r = prove_try(&try, &p->last, err);
	if (r == 0 && !p->last.passed && !p->result->output)
		p->result->output = mem_strdup(p->last.output ? p->last.output : "");
	return r < 0 ? r : p->last.passed;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int try_items(void *arg, const struct idset *gone, struct error *err)
{
	struct prover *p = arg;
	path_list hidden = { 0 }, masks = { 0 };
	int r;

	prove_items_hidden(&p->items, gone, &hidden);
	prove_items_masks(&p->items, gone, &masks);
	r = run_test(p, p->request->view->root, &hidden, &masks, err);
	array_release(&hidden);
	array_release(&masks);
	return r;
}

static void all_but_back(const struct prover *p, struct idset *ret)
{
	idset_init(ret, p->items.count + 1u);
	for (uint32_t i = 0; i < p->items.count; i++)
		if (!idset_has(&p->found.back, i))
			idset_add(ret, i);
}

/* All that went but what has to come back, and some files of that. */
static int try_files(void *arg, const struct idset *gone, struct error *err)
{
	struct prover *p = arg;
	path_list hidden = { 0 }, masks = { 0 };
	struct idset items;
	int r;

	all_but_back(p, &items);
	prove_items_hidden(&p->items, &items, &hidden);
	prove_items_masks(&p->items, &items, &masks);
	idset_each (gone, i)
		array_push(&hidden, p->files->data[i]);
	array_sort(&hidden, by_path);
	r = run_test(p, p->request->view->root, &hidden, &masks, err);
	array_release(&hidden);
	array_release(&masks);
	idset_release(&items);
	return r;
}

static void note_file(struct prover *p, const char *path, const struct prove_answer *seen)
{
	p->result->file = mem_strdup(path);
	for (size_t i = 0; seen && i < seen->uses.len; i++)
		if (strcmp(seen->uses.data[i].path, path) == 0)
			p->result->user = mem_strdup(seen->uses.data[i].user);
}

static int search_file(struct prover *p, const path_list *files,
		       const struct prove_answer *seen, struct error *err)
{
	struct search_job job = { .count = (uint32_t)files->len,
				  .try = try_files,
				  .arg = p };
	struct search_result found;
	int r;

	p->files = files;
	r = prove_search(&job, &found, err);
	if (r == 0 && found.outcome == SEARCH_FOUND)
		note_file(p, files->data[found.culprits.data[0]], seen);
	search_result_release(&found);
	return r;
}

/* One more look at the test that passes: what does it open of what came back? One file
 * is the answer, of several the one is looked for; where nothing is opened (the test only
 * looks whether it is there), among all. */
static int find_file(struct prover *p, struct error *err)
{
	path_list files = { 0 }, used = { 0 };
	struct prove_answer seen = { 0 };
	struct idset items;
	int r;

	prove_items_files(&p->items, p->found.culprits.data, p->found.culprits.len,
			  &files);
	array_each (&files, i)
		array_push(&p->watched, files.data[i]);
	all_but_back(p, &items);
	r = try_items(p, &items, err);
	idset_release(&items);
	seen = p->last;
	p->last = (struct prove_answer){ 0 };
	array_release(&p->watched);
	array_each (&seen.uses, i)
		array_push(&used, seen.uses.data[i].path);
	if (r == 1 && files.len == 1)
		note_file(p, files.data[0], &seen);
	else if (r == 1 && used.len == 1)
		note_file(p, used.data[0], &seen);
	else if (r == 1 && files.len > 0)
		r = search_file(p, used.len > 0 ? &used : &files, &seen, err);
	prove_answer_release(&seen);
	array_release(&files);
	array_release(&used);
	return r < 0 ? r : 0;
}

static int find_culprit(struct prover *p, struct error *err)
{
	struct search_job job = {
		.count = p->items.count,
		.needs = p->items.needs.data,
		.need_count = p->items.needs.len,
		.try = try_items,
		.arg = p,
	};
	int r;

	p->result->removals = p->items.count;
	search_result_release(&p->found);
	r = prove_search(&job, &p->found, err);
	if (r < 0)
		return r;
	p->result->outcome = p->found.outcome == SEARCH_FOUND  ? PROVE_FOUND
			     : p->found.outcome == SEARCH_NONE ? PROVE_NO_REMOVAL
							       : PROVE_UNFOUND;
	p->result->search_runs = p->result->runs;
	array_each (&p->found.culprits, i)
		array_push(&p->result->culprits,
			   prove_item_name(&p->items, p->found.culprits.data[i]));
	idset_each (&p->found.back, i)
		array_push(&p->result->back, prove_item_name(&p->items, (uint32_t)i));
	return p->result->outcome == PROVE_FOUND ? find_file(p, err) : 0;
}

int prove_run(const struct prove_request *request, struct prove_result *ret,
	      struct error *err)
{
	const struct apply_view *view = request->view;
	_cleanup_(prover_release) struct prover p = { .request = request, .result = ret };
	int r;

	*ret = (struct prove_result){ 0 };
	if (!view->root)
		return error_set(err, -EINVAL,
				 "a test needs a copy: prove the plan first, "
				 "then apply it");
	prove_items_init(request->graph, view, &p.items);
	r = run_test(&p, view->tree, NULL, NULL, err);
	if (r != 0) {
		ret->outcome = PROVE_PASSED;
		return r < 0 ? r : 0;
	}
	r = run_test(&p, view->root, NULL, NULL, err);
	if (r == 0)
		ret->outcome = PROVE_FAILS_BEFORE;
	return r == 1 ? find_culprit(&p, err) : r;
}

void prove_result_release(struct prove_result *result)
{
	array_each (&result->culprits, i)
		free(result->culprits.data[i]);
	array_each (&result->back, i)
		free(result->back.data[i]);
	array_release(&result->culprits);
	array_release(&result->back);
	free(result->file);
	free(result->user);
	free(result->output);
}
