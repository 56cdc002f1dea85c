#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "report/findings.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>

struct finding {
	enum severity severity;
	uint32_t node;
	uint64_t bytes;
	char *rule, *subject, *text, *remedy;
};

struct findings {
	struct source base;
	struct session *s;
	ARRAY_OF(struct finding) rows;
	size_t errors, warnings;
};

enum { FIND_SEVERITY, FIND_RULE, FIND_BYTES, FIND_SUBJECT, FIND_TEXT, FIND_REMEDY };

static const struct column COLUMNS[] = {
	[FIND_SEVERITY] = { "severity", "Severity", "error, warning or note", VALUE_TEXT,
			    9, 0, COLUMN_FIXED },
	[FIND_RULE] = { "rule", "Finding", "what was found", VALUE_TEXT, 20, 0,
			COLUMN_BY_TEXT },
	[FIND_BYTES] = { "saves_bytes", "Saves", "what the remedy gives back",
			 VALUE_BYTES, 9, 100, COLUMN_FALLING },
	[FIND_SUBJECT] = { "name", "Subject", "where it was found", VALUE_PATH, 0, 0,
			   COLUMN_FIXED | COLUMN_BY_TEXT },
	[FIND_TEXT] = { "text", "What", "in words", VALUE_TEXT, 0, 72, COLUMN_BY_TEXT },
	[FIND_REMEDY] = { "remedy", "Remedy", "what to do", VALUE_TEXT, 0, 160,
			  COLUMN_BY_TEXT },
};

static const struct findings *of(const struct source *source)
{
	return container_of(source, const struct findings, base);
}

static uint32_t findings_count(const struct source *source)
{
	return (uint32_t)of(source)->rows.len;
}

static void findings_value(const struct source *source, uint32_t row, size_t column,
			   struct value *ret)
{
	const struct finding *finding = &of(source)->rows.data[row];

	switch (column) {
	case FIND_SEVERITY:
		ret->text = severity_name(finding->severity);
		ret->number = finding->severity;
		break;
	case FIND_RULE:
		ret->text = finding->rule;
		break;
	case FIND_BYTES:
		ret->number = finding->bytes;
		ret->missing = finding->bytes == 0;
		break;
	case FIND_SUBJECT:
		ret->text = finding->subject;
		break;
	case FIND_TEXT:
		ret->text = finding->text;
		break;
	default:
		ret->text = finding->remedy;
		ret->missing = finding->remedy[0] == '\0';
	}
}

static uint32_t findings_node(const struct source *source, uint32_t row)
{
	return of(source)->rows.data[row].node;
}

static unsigned int findings_style(const struct source *source, uint32_t row)
{
	static const enum paint PAINTS[] = {
		[SEVERITY_ERROR] = PAINT_REMOVE,
		[SEVERITY_WARNING] = PAINT_WARNING,
		[SEVERITY_NOTE] = PAINT_TEXT,
	};

	return PAINTS[of(source)->rows.data[row].severity];
}

/* Texts of findings are printable already: drawing them must not escape them again. */
static char *plain_copy(const char *text)
{
	_cleanup_(freep) char *copy = mem_strdup(text);
	char *out = copy;

	for (const char *in = text; *in; in++) {
		if (in[0] == '\\' && in[1] == '\\')
			in++;
		*out++ = *in;
	}
	*out = '\0';
	return steal_ptr(&copy);
}

static int add_finding(const struct finding_row *row, void *arg)
{
	struct findings *view = arg;
	const struct graph *g = view->s->g;
	uint32_t node = 0;

	if (row->file && row->file <= g->file_count)
		node = graph_file_node(g, row->file);
	else if (row->package && row->package <= g->package_count)
		node = graph_package_node(g, row->package);
	array_push(&view->rows, (struct finding){
					.severity = row->severity,
					.node = node,
					.bytes = row->bytes,
					.rule = mem_strdup(row->rule),
					.subject = plain_copy(row->subject),
					.text = plain_copy(row->text),
					.remedy = plain_copy(row->remedy),
				});
	view->errors += row->severity == SEVERITY_ERROR;
	view->warnings += row->severity == SEVERITY_WARNING;
	return 0;
}

static void findings_summary(const struct source *source, char *buf, size_t len)
{
	snprintf(buf, len, "%zu errors, %zu warnings", of(source)->errors,
		 of(source)->warnings);
}

static void findings_free(struct source *source)
{
	struct findings *view = container_of(source, struct findings, base);

	array_each (&view->rows, i) {
		free(view->rows.data[i].rule);
		free(view->rows.data[i].subject);
		free(view->rows.data[i].text);
		free(view->rows.data[i].remedy);
	}
	array_release(&view->rows);
	free(view);
}

/* Rarely is the column as wide as the text. */
static const char *findings_about(const struct source *source, uint32_t row)
{
	return of(source)->rows.data[row].text;
}

static const struct source_ops FINDINGS_OPS = {
	.name = "findings",
	.title = "Findings",
	.empty = "the analysis found nothing damaged or doubtful",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.name_column = FIND_SUBJECT,
	.sort_column = FIND_SEVERITY,
	.count = findings_count,
	.value = findings_value,
	.node = findings_node,
	.style = findings_style,
	.summary = findings_summary,
	.about = findings_about,
	.free = findings_free,
};

struct source *findings_source_new(struct session *s, struct store *store)
{
	struct findings *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &FINDINGS_OPS;
	view->s = s;
	if (store)
		findings_each(store, s->g, add_finding, view, NULL);
	return &view->base;
}
