#include "base/strbuf.h"
#include "rules/profile.h"

#include <errno.h>
#include <string.h>

static const char *const KINDS[] = { "profiles", "policies", NULL };

/* A profile whose includes are being read. */
struct open_profile {
	struct profile *profile;
	size_t next; /* include */
};

struct loader {
	const struct lookup *lookup;
	struct profile_list *list;
	ARRAY_OF(struct open_profile) open;
	struct error *err;
};

static struct profile *find_loaded(const struct profile_list *list, const char *path)
{
	array_each (&list->profiles, i)
		if (strcmp(list->profiles.data[i]->path, path) == 0)
			return list->profiles.data[i];
	return NULL;
}

static int loop_error(const struct loader *ld, size_t from, const struct rule_node *place)
{
	_cleanup_(strbuf_release) struct strbuf chain = { 0 };

	for (size_t i = from; i < ld->open.len; i++)
		strbuf_printf(&chain, "%s -> ", ld->open.data[i].profile->name);
	rule_error(place, ld->err, "profiles include each other: %s%s",
		   strbuf_text(&chain), ld->open.data[from].profile->name);
	return -ELOOP;
}

/* Put the place that asks for a profile before what went wrong with finding it. */
static int find_error(const struct loader *ld, const struct rule_node *place, int code)
{
	_cleanup_(freep) char *why = NULL;

	if (!place || !ld->err)
		return code;
	why = mem_strdup(ld->err->text);
	rule_error(place, ld->err, "%s", why);
	ld->err->code = code;
	return code;
}

/* @p include: NULL for a name of the caller. */
static int open_profile(struct loader *ld, const char *name,
			struct profile_include *include)
{
	const struct rule_node *place = include ? include->name : NULL;
	_cleanup_(freep) char *path = NULL;
	struct profile *profile = NULL, *loaded;
	int r = lookup_find(ld->lookup, KINDS, name, &path, ld->err);

	if (r < 0)
		return find_error(ld, place, r);
	array_each (&ld->open, i)
		if (strcmp(ld->open.data[i].profile->path, path) == 0)
			return loop_error(ld, i, place);
	loaded = find_loaded(ld->list, path);
	if (include)
		include->path = mem_strdup(path);
	if (loaded)
		loaded->asked |= !include;
	if (loaded)
		return 0;
	r = profile_read(path, &profile, ld->err);
	if (r < 0)
		return r;
	profile->asked = !include;
	array_push(&ld->open, (struct open_profile){ .profile = profile });
	return 0;
}

static int read_includes(struct loader *ld)
{
	while (ld->open.len > 0) {
		struct open_profile *top = &ld->open.data[ld->open.len - 1];
		struct profile_include *include;
		int r;

		if (top->next == top->profile->includes.len) {
			array_push(&ld->list->profiles, top->profile);
			ld->open.len--;
			continue;
		}
		include = &top->profile->includes.data[top->next++];
		r = open_profile(ld, include->name->text, include);
		if (r < 0)
			return r;
	}
	return 0;
}

int profile_list_load(const struct lookup *lookup, const char *const *names, size_t count,
		      struct profile_list *ret, struct error *err)
{
	struct loader ld = { .lookup = lookup, .list = ret, .err = err };
	int r = 0;

	*ret = (struct profile_list){ 0 };
	for (size_t i = 0; i < count && r == 0; i++) {
		r = open_profile(&ld, names[i], NULL);
		if (r == 0)
			r = read_includes(&ld);
	}
	array_each (&ld.open, i)
		profile_free(ld.open.data[i].profile);
	array_release(&ld.open);
	if (r < 0)
		profile_list_release(ret);
	return r;
}

struct settling {
	struct profile_list *list;
	struct matcher *m;
	const struct facts *facts;
	bool *applies, *lenient; /* by place in the list */
	const char **because;
};

static void hand_down(struct settling *st, size_t above,
		      const struct profile_include *include)
{
	const char *why = *include->why ? include->why : st->because[above];

	for (size_t i = 0; i < above; i++) {
		if (strcmp(st->list->profiles.data[i]->path, include->path) != 0)
			continue;
		st->applies[i] = true;
		st->lenient[i] &= include->optional || st->lenient[above];
		if (*why)
			st->because[i] = why;
		return;
	}
}

/* An includer stands behind all that it includes: one walk from behind knows all.
 * @p conditions: which hold counts; false: an include with one counts as none. */
static void walk_includes(struct settling *st, bool conditions)
{
	size_t count = st->list->profiles.len;

	for (size_t i = 0; i < count; i++) {
		st->applies[i] = st->list->profiles.data[i]->asked;
		st->lenient[i] = !st->applies[i];
		st->because[i] = "";
	}
	for (size_t i = count; i-- > 0;) {
		const struct profile *profile = st->list->profiles.data[i];

		for (size_t k = 0; st->applies[i] && k < profile->includes.len; k++) {
			const struct profile_include *include =
				&profile->includes.data[k];

			if (!include->when ||
			    (conditions &&
			     condition_holds(include->when, st->m, st->facts)))
				hand_down(st, i, include);
		}
	}
}

static void take_over(struct settling *st, struct profile_list *left_out)
{
	size_t n = 0;

	array_each (&st->list->profiles, i) {
		struct profile *profile = st->list->profiles.data[i];

		if (st->applies[i]) {
			profile->lenient = st->lenient[i];
			profile->because = strpool_text(
				&profile->texts,
				strpool_add(&profile->texts, st->because[i]));
		}
	}
	array_each (&st->list->profiles, i) {
		struct profile *profile = st->list->profiles.data[i];

		if (st->applies[i])
			st->list->profiles.data[n++] = profile;
		else if (left_out)
			array_push(&left_out->profiles, profile);
		else
			profile_free(profile);
	}
	st->list->profiles.len = n;
}

void profile_list_settle(struct profile_list *list, struct matcher *m,
			 const struct facts *facts, struct profile_list *left_out)
{
	size_t count = list->profiles.len;
	ARRAY_OF(const char *) known = { 0 };
	struct facts all;
	struct settling st = { list,
			       m,
			       &all,
			       mem_calloc(count + 1, sizeof(bool)),
			       mem_calloc(count + 1, sizeof(bool)),
			       mem_calloc(count + 1, sizeof(char *)) };

	for (size_t i = 0; i < facts->len; i++)
		array_push(&known, facts->data[i]);
	walk_includes(&st, false);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; st.applies[i] && k < list->profiles.data[i]->facts.len;
		     k++)
			array_push(&known, list->profiles.data[i]->facts.data[k]);
	all = (struct facts){ known.data, known.len };
	walk_includes(&st, true);
	take_over(&st, left_out);
	array_release(&known);
	free(st.applies);
	free(st.lenient);
	free(st.because);
}

const struct profile *profile_list_find(const struct profile_list *list, const char *name)
{
	array_each (&list->profiles, i)
		if (strcmp(list->profiles.data[i]->name, name) == 0)
			return list->profiles.data[i];
	return NULL;
}

void profile_list_release(struct profile_list *list)
{
	array_each (&list->profiles, i)
		profile_free(list->profiles.data[i]);
	array_release(&list->profiles);
}
