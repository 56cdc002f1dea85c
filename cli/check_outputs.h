/*
 * check_outputs – where a verdict goes: the formats of the command line, each to its file,
 * and what the build server around wants to read.
 *
 *	r = check_outputs_parse(&options->formats, common->output, &outputs, err);
 *	r = check_outputs_write(&outputs, &report, err);
 *	r = check_ci_write(check_ci_find(options->ci), &outputs, &report, err);
 */
#pragma once

#include "cli/options.h"
#include "report/check_format.h"

struct check_output {
	enum check_format format;
	const char *path; /* NULL: standard output */
};

struct check_outputs {
	ARRAY_OF(struct check_output) list;
	bool has_stdout; /* one of them goes to standard output ... */
	bool is_machine; /* ... and a program reads it */
};

/**
 * "FORMAT" or "FORMAT=FILE" each; @p output is the file of the one without a name, NULL
 * is standard output. Nothing given: text.
 * @return 0 or -EINVAL
 */
int check_outputs_parse(const text_array *formats, const char *output,
			struct check_outputs *ret, struct error *err);
void check_outputs_release(struct check_outputs *outputs);
/** All of them; 0 or -errno with a text that names the file. */
int check_outputs_write(const struct check_outputs *outputs,
			const struct check_report *report, struct error *err);

enum check_ci { CI_NONE, CI_GITHUB, CI_AZURE };

/* The choices of --ci, in this order. */
enum check_ci_choice {
	CI_CHOICE_AUTO,
	CI_CHOICE_NONE,
	CI_CHOICE_GITHUB,
	CI_CHOICE_AZURE
};

/** From the option and, for auto, GITHUB_ACTIONS and TF_BUILD. GitLab reads files alone. */
enum check_ci check_ci_find(enum check_ci_choice choice);
/**
 * Annotations to the log (standard output, or standard error where that is read by a
 * program) and the step summary to the end of $GITHUB_STEP_SUMMARY.
 */
int check_ci_write(enum check_ci ci, const struct check_outputs *outputs,
		   const struct check_report *report, struct error *err);
