#include "tui/marks.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *mark_name(enum mark mark)
{
	static const char *const NAMES[] = { "", "remove", "force", "keep" };

	return NAMES[mark];
}

static void step_release(struct mark_step *step)
{
	free(step->text);
	array_release(&step->changes);
	step->text = NULL;
}

void marks_init(struct marks *m, uint32_t package_count)
{
	*m = (struct marks){ .package_count = package_count };
	m->mark = mem_calloc(package_count + 1u, 1);
}

void marks_release(struct marks *m)
{
	array_each (&m->steps, i)
		step_release(&m->steps.data[i]);
	array_release(&m->steps);
	step_release(&m->open);
	free(m->mark);
	*m = (struct marks){ 0 };
}

void marks_begin(struct marks *m, const char *fmt, ...)
{
	char text[256];
	va_list args;

	assert(!m->open.text);
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	m->open.text = mem_strdup(text);
}

void marks_set(struct marks *m, pkg_id package, enum mark mark)
{
	struct mark_change change = { package, m->mark[package], (uint8_t)mark };

	assert(m->open.text && package > 0 && package <= m->package_count);
	if (change.before == change.after)
		return;
	array_push(&m->open.changes, change);
	m->mark[package] = change.after;
}

bool marks_commit(struct marks *m)
{
	if (m->open.changes.len == 0) {
		step_release(&m->open);
		return false;
	}
	while (m->steps.len > m->done) {
		m->steps.len--;
		step_release(&m->steps.data[m->steps.len]);
	}
	if (m->saved > m->done)
		m->saved = SIZE_MAX;
	array_push(&m->steps, m->open);
	m->open = (struct mark_step){ 0 };
	m->done++;
	return true;
}

const char *marks_undo(struct marks *m)
{
	struct mark_step *step;

	if (m->done == 0)
		return NULL;
	step = &m->steps.data[--m->done];
	for (size_t i = step->changes.len; i > 0; i--)
		m->mark[step->changes.data[i - 1].package] =
			step->changes.data[i - 1].before;
	return step->text;
}

const char *marks_redo(struct marks *m)
{
	struct mark_step *step;

	if (m->done == m->steps.len)
		return NULL;
	step = &m->steps.data[m->done++];
	array_each (&step->changes, i)
		m->mark[step->changes.data[i].package] = step->changes.data[i].after;
	return step->text;
}

void marks_save(struct marks *m)
{
	m->saved = m->done;
}

bool marks_unsaved(const struct marks *m)
{
	return m->done != m->saved &&
	       (marks_count(m, MARK_REMOVE) > 0 || marks_count(m, MARK_FORCE) > 0 ||
		marks_count(m, MARK_KEEP) > 0);
}

size_t marks_count(const struct marks *m, enum mark mark)
{
	size_t n = 0;

	for (pkg_id p = 1; p <= m->package_count; p++)
		n += m->mark[p] == mark;
	return n;
}
