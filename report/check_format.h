/*
 * check_format – a budget's verdict in the formats of continuous integration. All of them
 * say the same words (budget_say(), budget_each_detail()); names of the root are made
 * printable first and escaped by each format's own rules then, so that no name can end an
 * element, a line or a command.
 *
 *	int format = check_format_find("junit");
 *	check_format_write((enum check_format)format, &report, &out);
 */
#pragma once

#include "report/budget.h"

enum check_format {
	CHECK_TEXT,
	CHECK_JSON,	/* report/check.schema.json */
	CHECK_JUNIT,	/* XML as Jenkins and most others read it */
	CHECK_SARIF,	/* 2.1.0 */
	CHECK_MARKDOWN, /* GitHub's; for step summaries and comments */
	CHECK_GITLAB,	/* Code Quality report: JSON */
	CHECK_GITHUB,	/* workflow commands: ::error file=...::... */
	CHECK_AZURE,	/* logging commands: ##vso[task.logissue ...]... */
	CHECK_FORMATS
};

/** The format called so, or -1. */
int check_format_find(const char *name);
/** "text, json, junit ...", for messages. */
void check_format_names(struct strbuf *out);

struct check_report {
	const struct budget_verdict *verdict;
	const struct style *style; /* its colour is for CHECK_TEXT alone */
	struct budget_text_options text;
	bool strict; /* warnings are told as failures */
};

void check_format_write(enum check_format format, const struct check_report *report,
			struct strbuf *out);

/* GitHub takes no larger step summary; it is cut here, at the end of a line and with a
 * note. */
#define CHECK_SUMMARY_MAX ((size_t)1 << 20)

/** Cut a Markdown text that is to be appended to a file of @p before bytes. */
void check_summary_cut(struct strbuf *markdown, size_t before);

/* One function for each format, in report/check_*.c. */
void check_json(const struct check_report *report, struct strbuf *out);
void check_junit(const struct check_report *report, struct strbuf *out);
void check_sarif(const struct check_report *report, struct strbuf *out);
void check_markdown(const struct check_report *report, struct strbuf *out);
void check_gitlab(const struct check_report *report, struct strbuf *out);
void check_github(const struct check_report *report, struct strbuf *out);
void check_azure(const struct check_report *report, struct strbuf *out);

/* What they share. */

/** Is the result told as a failure? */
bool check_is_failure(const struct check_report *report,
		      const struct budget_result *result);
/** "name: what was measured", one printable line. */
void check_headline(const struct check_report *report, const struct budget_result *result,
		    struct strbuf *out);
/** Its details, each line ended with @p end. */
void check_details(const struct check_report *report, const struct budget_result *result,
		   const char *end, struct strbuf *out);
#define CHECK_INCOMPLETE                                                                 \
	"the analysis is incomplete, so nothing is proven ('tare list findings' says "   \
	"what could not be read)"
/** Could something not be read? */
bool check_is_incomplete(const struct check_report *report);
