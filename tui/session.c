#include "tui/session.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "trimmer/plan_json.h"
#include "trimmer/verify.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t asked, answered;
	const struct graph *g;
	struct planning_request request;
	struct planning *planning;
	struct memory *memory;
	struct closure *expected;
	struct trim *trim;
	char *profiles;
	size_t mark_bytes;
	bool quit, working, rules_read;
	struct session *abandoned; /* by a program that is about to end */
	/* the next question of each kind; a newer one replaces it */
	bool wanted[JOB_COUNT];
	uint8_t *marks; /* that they are about */
	unsigned int version;
	struct session_answer answers[JOB_COUNT];
};

void session_answer_release(struct session_answer *a)
{
	cascade_free(a->cascade);
	proposal_free(a->proposal);
	free(a->text);
	*a = (struct session_answer){ 0 };
}

/* The plan of a cascade with the graph's own proof in it. */
static void make_text(struct trim *trim, const uint8_t *marks, struct session_answer *ret)
{
	_cleanup_(proposal_freep) struct proposal *proposal = NULL;
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;
	struct cascade *c = trim_cascade(trim, marks);
	int r = trim_plan_of(trim, c, &proposal, &ret->err);

	if (r == 0)
		r = verify_removal(proposal->plan->graph, &proposal->plan->removed, NULL,
				   &report, &ret->err);
	if (r == 0)
		ret->text = plan_json_write(proposal->plan, report);
	cascade_free(c);
}

static void check_cascade(struct trim *trim, const uint8_t *marks,
			  struct session_answer *ret)
{
	_cleanup_(proposal_freep) struct proposal *proposal = NULL;

	ret->cascade = trim_cascade(trim, marks);
	trim_plan_of(trim, ret->cascade, &proposal, NULL);
}

/* What would be reached without the evidence. */
static void find_expected(struct worker *w)
{
	const struct intent *intent = w->planning->intent;
	const struct demand_options options = {
		.caution = w->request.plan.caution,
		.weak = w->request.plan.weak,
		.keep_install_time = w->request.plan.keep_install_time,
	};
	ARRAY_OF(uint32_t) roots = { 0 };

	array_each (&intent->roots, i)
		if (intent->roots.data[i].source != INTENT_USAGE)
			array_push(&roots, intent->roots.data[i].node);
	closure_of(w->g, &options, roots.data, roots.len, &w->expected);
	array_release(&roots);
}

static void prepare(struct worker *w, struct session_answer *ret)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	int r = planning_intent(w->g, &w->request, &w->planning, &ret->err);

	pthread_mutex_lock(&w->lock);
	w->rules_read = true;
	pthread_cond_broadcast(&w->answered);
	pthread_mutex_unlock(&w->lock);
	if (r < 0)
		return;
	planning_say_profiles(w->planning, &text);
	w->profiles = strbuf_detach(&text);
	w->trim = trim_new(w->g, w->planning->intent, &w->request.plan);
	trim_prepare(w->trim);
	memory_new(w->g, &w->request.plan.memory, &w->memory);
	if (w->request.usage)
		find_expected(w);
}

static void answer(struct worker *w, enum session_job job, const uint8_t *marks,
		   struct session_answer *ret)
{
	*ret = (struct session_answer){ .job = job };
	if (job == JOB_PREPARE)
		prepare(w, ret);
	if (!w->trim) /* the rules are wrong: nothing can be asked */
		return;
	if (job == JOB_CASCADE)
		ret->cascade = trim_cascade(w->trim, marks);
	else if (job == JOB_PROPOSE)
		trim_propose(w->trim, marks, &ret->proposal, &ret->err);
	else if (job == JOB_WRITE)
		make_text(w->trim, marks, ret);
	else if (job == JOB_CHECK)
		check_cascade(w->trim, marks, ret);
}

static enum session_job next_job(struct worker *w)
{
	for (int job = JOB_PREPARE; job < JOB_COUNT; job++) {
		if (!w->wanted[job])
			continue;
		w->wanted[job] = false;
		return (enum session_job)job;
	}
	return JOB_NONE;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	uint8_t *marks = mem_calloc(w->mark_bytes, 1);
	unsigned int version;

	pthread_mutex_lock(&w->lock);
	while (!w->quit) {
		enum session_job job = next_job(w);
		struct session_answer found;

		if (job == JOB_NONE) {
			w->working = false;
			pthread_cond_broadcast(&w->answered);
			pthread_cond_wait(&w->asked, &w->lock);
			continue;
		}
		w->working = true;
		memcpy(marks, w->marks, w->mark_bytes);
		version = w->version;
		pthread_mutex_unlock(&w->lock);
		answer(w, job, marks, &found);
		found.version = version;
		pthread_mutex_lock(&w->lock);
		session_answer_release(&w->answers[job]);
		w->answers[job] = found;
		pthread_cond_broadcast(&w->answered);
	}
	pthread_mutex_unlock(&w->lock);
	free(marks);
	while (w->abandoned) /* nobody is there who could free what this thread uses */
		pause();
	return NULL;
}

static struct worker *worker_new(const struct graph *g,
				 const struct planning_request *request)
{
	struct worker *w = mem_calloc(1, sizeof(*w));
	sigset_t all, before;

	w->g = g;
	w->request = *request;
	w->mark_bytes = g->package_count + 1u;
	w->marks = mem_calloc(w->mark_bytes, 1);
	w->working = w->wanted[JOB_PREPARE] = true;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->asked, NULL);
	pthread_cond_init(&w->answered, NULL);
	/* signals are for the thread that has the terminal */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&w->thread, NULL, work, w) != 0)
		abort(); /* as for memory: nothing works without it */
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return w;
}

static void worker_free(struct worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->quit = true;
	pthread_cond_broadcast(&w->asked);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	for (size_t i = 0; i < ARRAY_LEN(w->answers); i++)
		session_answer_release(&w->answers[i]);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->asked);
	pthread_cond_destroy(&w->answered);
	closure_free(w->expected);
	memory_free(w->memory);
	trim_free(w->trim);
	planning_free(w->planning);
	free(w->profiles);
	free(w->marks);
	free(w);
}

struct session *session_new(const struct graph *g)
{
	struct session *s = mem_calloc(1, sizeof(*s));

	s->g = g;
	marks_init(&s->marks, g->package_count);
	return s;
}

void session_begin(struct session *s, const struct models *models,
		   const struct planning_request *request)
{
	s->g = models->g;
	s->models = models;
	s->worker = worker_new(s->g, request);
	s->stamp++;
	if (s->marks.done > 0)
		session_changed(s);
}

void session_free(struct session *s)
{
	if (!s)
		return;
	worker_free(s->worker);
	cascade_free(s->cascade);
	marks_release(&s->marks);
	free(s);
}

bool session_abandon(struct session *s)
{
	struct worker *w = s->worker;
	bool working;

	if (!w)
		return false;
	pthread_mutex_lock(&w->lock);
	/* the names of rule files are borrowed: until they are read it must be waited for */
	while (!w->rules_read)
		pthread_cond_wait(&w->answered, &w->lock);
	w->quit = true;
	working = w->working;
	w->abandoned = working ? s : NULL;
	pthread_mutex_unlock(&w->lock);
	if (working)
		pthread_detach(w->thread);
	return working;
}

static void ask(struct session *s, enum session_job job)
{
	struct worker *w = s->worker;

	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	memcpy(w->marks, s->marks.mark, w->mark_bytes);
	w->version = s->version;
	w->wanted[job] = w->working = true;
	pthread_cond_signal(&w->asked);
	pthread_mutex_unlock(&w->lock);
}

void session_check(struct session *s)
{
	s->check_due = false;
	ask(s, JOB_CHECK);
}

void session_changed(struct session *s)
{
	s->stamp++;
	s->version++;
	s->check_due = false;
	ask(s, JOB_CASCADE);
}

bool session_ask(struct session *s, enum session_job job)
{
	bool free_now;

	if (!s->worker)
		return false;
	pthread_mutex_lock(&s->worker->lock);
	free_now = !s->worker->wanted[job];
	pthread_mutex_unlock(&s->worker->lock);
	if (free_now)
		ask(s, job);
	return free_now;
}

static void take_refusal(struct cascade *c, struct cascade *checked)
{
	if (!checked->refused || c->refused)
		return;
	c->refused = checked->refused;
	c->refusal = steal_ptr(&checked->refusal);
	c->conflicts += idset_add(&c->conflict, c->refused);
}

static void take_over(struct session *s, struct session_answer *a)
{
	if (a->job == JOB_PREPARE && a->err.code == 0) {
		s->trim = s->worker->trim;
		s->intent = s->worker->planning->intent;
		s->profiles = s->worker->profiles;
		s->memory = s->worker->memory;
		s->expected = s->worker->expected;
		s->prepared = true;
		s->total_bytes = trim_weigh(s->trim)->total_bytes;
	}
	if (a->job == JOB_CASCADE) {
		cascade_free(s->cascade);
		s->cascade = steal_ptr(&a->cascade);
		s->check_due = a->version == s->version && s->cascade->conflicts == 0 &&
			       s->cascade->marked + s->cascade->goes > 0;
	}
	if (a->job == JOB_CHECK && a->version == s->version && s->cascade)
		take_refusal(s->cascade, a->cascade);
	s->stamp++;
}

bool session_poll(struct session *s, struct session_answer *ret)
{
	struct worker *w = s->worker;

	*ret = (struct session_answer){ 0 };
	if (!w)
		return false;
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < ARRAY_LEN(w->answers); i++) {
		if (w->answers[i].job == JOB_NONE)
			continue;
		*ret = w->answers[i];
		w->answers[i] = (struct session_answer){ 0 };
		break;
	}
	pthread_mutex_unlock(&w->lock);
	if (ret->job == JOB_NONE)
		return false;
	take_over(s, ret);
	return true;
}

static bool has_answer(const struct worker *w)
{
	for (size_t i = 0; i < ARRAY_LEN(w->answers); i++)
		if (w->answers[i].job != JOB_NONE)
			return true;
	return false;
}

bool session_busy(struct session *s)
{
	struct worker *w = s->worker;
	bool busy;

	if (!w)
		return false;
	pthread_mutex_lock(&w->lock);
	busy = w->working || has_answer(w);
	pthread_mutex_unlock(&w->lock);
	return busy;
}

bool session_package_bytes(const struct session *s, pkg_id package, uint64_t *ret)
{
	const struct graph_package *p = &s->g->packages[package];
	const uint64_t bytes[] = {
		[BASIS_DISK] = p->disk_bytes,
		[BASIS_DECLARED] = p->declared_bytes,
		[BASIS_COMPRESSED] = p->compressed_bytes,
	};

	*ret = bytes[s->basis];
	return s->basis != BASIS_COMPRESSED || p->has_compressed;
}

uint64_t session_file_bytes(const struct session *s, file_id file)
{
	const uint64_t *bytes = s->models->files->bytes[s->basis];

	return bytes ? bytes[file - 1] : 0;
}

uint64_t session_all_bytes(const struct session *s)
{
	const struct graph_image *image = &s->g->image;
	uint64_t declared = 0;

	if (s->basis == BASIS_COMPRESSED)
		return image->compressed_bytes;
	if (s->basis == BASIS_DISK)
		return image->disk_bytes ? image->disk_bytes : s->total_bytes;
	for (pkg_id p = 1; p <= s->g->package_count; p++)
		declared += s->g->packages[p].declared_bytes;
	return declared;
}

void session_next_basis(struct session *s)
{
	s->basis = (s->basis + 1) % BASIS_COUNT;
	if (s->basis == BASIS_COMPRESSED && !s->g->image.has_compressed)
		s->basis = BASIS_DISK;
	s->stamp++;
}

enum fate session_fate(const struct session *s, pkg_id package)
{
	switch (s->marks.mark[package]) {
	case MARK_REMOVE:
		return FATE_MARKED;
	case MARK_FORCE:
		return FATE_FORCED;
	case MARK_KEEP:
		return FATE_KEPT;
	default:
		return s->cascade ? (enum fate)s->cascade->fate[package] : FATE_STAYS;
	}
}

bool session_conflict(const struct session *s, pkg_id package)
{
	return s->cascade && idset_has(&s->cascade->conflict, package);
}

bool session_reached(const struct session *s, uint32_t node)
{
	const struct closure *c = s->prepared ? session_closure(s) : NULL;

	return c && idset_has(&c->reached, node);
}

const struct closure *session_closure(const struct session *s)
{
	const struct plan *plan = trim_plan(s->trim);

	return plan ? plan->closure : trim_reached(s->trim);
}
