#include "tui/texts.h"

#include "base/macros.h"
#include "tui/text_view.h"

#include <stdio.h>

static const char *const FILTER_WORDS[] = {
	"Words must all hold. size>1M, needed-by=0: numbers and sizes of a column.",
	"reached:no, why:kernel: text of a column. ~setuid or ~S: a flag. !word: not.",
	"Other words: the name has it; with * + [ ( | ^ $ a regular expression.",
	"Capital letters count where there are any.",
};

static void add_requests(struct view *v, const struct keymap *keys,
			 enum request_group group)
{
	text_view_add(v, PAINT_STRONG, 0, 0, request_group_name(group));
	for (int i = 1; i < DO_COUNT; i++) {
		char names[128];

		if (REQUESTS[i].group != group)
			continue;
		text_view_printf(v, PAINT_TEXT, 0, 2, "%-18s %s",
				 keymap_all(keys, (enum request)i, names, sizeof(names)),
				 REQUESTS[i].help);
	}
	text_view_add(v, PAINT_TEXT, 0, 0, "");
}

static void add_source(struct view *v, const struct source_ops *source)
{
	text_view_printf(v, PAINT_STRONG, 0, 0, "Columns of %s (for filters, too)",
			 source->name);
	for (size_t i = 0; i < source->column_count; i++)
		text_view_printf(v, PAINT_TEXT, 0, 2, "%-18s %s", source->columns[i].name,
				 source->columns[i].help);
	if (source->flag_count)
		text_view_add(v, PAINT_STRONG, 0, 0, "Flags");
	for (size_t i = 0; i < source->flag_count; i++)
		text_view_printf(v, PAINT_TEXT, 0, 2, "%c %-16s %s",
				 source->flags[i].letter, source->flags[i].name,
				 source->flags[i].help);
}

struct view *help_text(const struct keymap *keys, const struct source_ops *source)
{
	struct view *v = text_view_new("Help");

	for (int group = 0; group < GROUP_COUNT; group++)
		add_requests(v, keys, (enum request_group)group);
	text_view_add(v, PAINT_STRONG, 0, 0, "Filters");
	for (size_t i = 0; i < ARRAY_LEN(FILTER_WORDS); i++)
		text_view_add(v, PAINT_TEXT, 0, 2, FILTER_WORDS[i]);
	text_view_add(v, PAINT_TEXT, 0, 0, "");
	if (source)
		add_source(v, source);
	return v;
}

struct view *history_text(const struct marks *m)
{
	struct view *v = text_view_new("History of marks");

	if (m->steps.len == 0)
		text_view_add(v, PAINT_DIM, 0, 0, "Nothing was marked yet.");
	array_each (&m->steps, i) {
		const struct mark_step *step = &m->steps.data[i];

		text_view_printf(v, i < m->done ? PAINT_TEXT : PAINT_DIM, 0, 0,
				 "%3zu  %s (%zu package%s)%s", i + 1, step->text,
				 step->changes.len, step->changes.len == 1 ? "" : "s",
				 i < m->done ? "" : " - undone");
	}
	return v;
}
