#include "report/check_format.h"

#include "base/text.h"

#include <string.h>

static void check_text(const struct check_report *report, struct strbuf *out)
{
	budget_text(report->verdict, report->style, &report->text, out);
}

static const struct {
	const char *name;
	void (*write)(const struct check_report *report, struct strbuf *out);
} FORMATS[CHECK_FORMATS] = {
	[CHECK_TEXT] = { "text", check_text },
	[CHECK_JSON] = { "json", check_json },
	[CHECK_JUNIT] = { "junit", check_junit },
	[CHECK_SARIF] = { "sarif", check_sarif },
	[CHECK_MARKDOWN] = { "markdown", check_markdown },
	[CHECK_GITLAB] = { "gitlab", check_gitlab },
	[CHECK_GITHUB] = { "github", check_github },
	[CHECK_AZURE] = { "azure", check_azure },
};

int check_format_find(const char *name)
{
	for (int i = 0; i < CHECK_FORMATS; i++)
		if (strcmp(FORMATS[i].name, name) == 0)
			return i;
	return -1;
}

void check_format_names(struct strbuf *out)
{
	for (int i = 0; i < CHECK_FORMATS; i++)
		strbuf_printf(out, "%s%s", i ? ", " : "", FORMATS[i].name);
}

void check_format_write(enum check_format format, const struct check_report *report,
			struct strbuf *out)
{
	struct style plain = *report->style;
	struct check_report other = *report;

	plain.color = false;
	other.style = &plain;
	FORMATS[format].write(format == CHECK_TEXT ? report : &other, out);
}

bool check_is_failure(const struct check_report *report,
		      const struct budget_result *result)
{
	return result->status == BUDGET_FAIL ||
	       (report->strict && result->status == BUDGET_WARN);
}

bool check_is_incomplete(const struct check_report *report)
{
	return !measure_graph(report->verdict->measure)->image.complete;
}

void check_headline(const struct check_report *report, const struct budget_result *result,
		    struct strbuf *out)
{
	text_printable(out, result->limit->name);
	strbuf_puts(out, ": ");
	budget_say(result, report->style, out);
}

struct joined {
	struct strbuf *out;
	const char *end;
};

static void join_line(const char *line, void *arg)
{
	const struct joined *joined = arg;

	strbuf_puts(joined->out, line);
	strbuf_puts(joined->out, joined->end);
}

void check_details(const struct check_report *report, const struct budget_result *result,
		   const char *end, struct strbuf *out)
{
	struct joined joined = { out, end };

	budget_each_detail(report->verdict, result, report->style, join_line, &joined);
}

void check_json(const struct check_report *report, struct strbuf *out)
{
	json_t *json = budget_json(report->verdict);
	_cleanup_(freep) char *text = json_text(json);

	strbuf_puts(out, text);
	json_decref(json);
}
