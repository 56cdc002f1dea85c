#include "cli/check_outputs.h"

#include "base/io.h"
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int parse_one(const char *text, const char *output, struct check_output *ret,
		     struct error *err)
{
	const char *equals = strchr(text, '=');
	_cleanup_(freep) char *name =
		mem_strndup(text, equals ? (size_t)(equals - text) : strlen(text));
	_cleanup_(strbuf_release) struct strbuf known = { 0 };
	int format = check_format_find(name);

	if (format < 0) {
		check_format_names(&known);
		return error_set(err, -EINVAL, "'%s' is no format of check: %s", name,
				 strbuf_text(&known));
	}
	if (equals && !equals[1])
		return error_set(err, -EINVAL, "--format=%s: the file has no name", text);
	*ret = (struct check_output){ (enum check_format)format,
				      equals ? equals + 1 : output };
	if (ret->path && strcmp(ret->path, "-") == 0)
		ret->path = NULL;
	return 0;
}

/* Two results in one file would be none. */
static int check_paths(const struct check_outputs *outputs, struct error *err)
{
	for (size_t i = 0; i < outputs->list.len; i++)
		for (size_t k = 0; k < i; k++) {
			const char *a = outputs->list.data[k].path;
			const char *b = outputs->list.data[i].path;

			if (!a && !b)
				return error_set(err, -EINVAL,
						 "only one format goes to standard "
						 "output: name a file for the others "
						 "(-f junit=FILE)");
			if (a && b && strcmp(a, b) == 0)
				return error_set(err, -EINVAL, "two formats go to '%s'",
						 a);
		}
	return 0;
}

int check_outputs_parse(const text_array *formats, const char *output,
			struct check_outputs *ret, struct error *err)
{
	*ret = (struct check_outputs){ 0 };
	array_each (formats, i) {
		struct check_output one;
		int r = parse_one(formats->data[i], output, &one, err);

		if (r < 0)
			return r;
		array_push(&ret->list, one);
	}
	if (formats->len == 0)
		array_push(&ret->list,
			   (struct check_output){
				   CHECK_TEXT,
				   output && strcmp(output, "-") != 0 ? output : NULL });
	array_each (&ret->list, i) {
		if (ret->list.data[i].path)
			continue;
		ret->has_stdout = true;
		ret->is_machine = ret->list.data[i].format != CHECK_TEXT;
	}
	return check_paths(ret, err);
}

void check_outputs_release(struct check_outputs *outputs)
{
	array_release(&outputs->list);
}

int check_outputs_write(const struct check_outputs *outputs,
			const struct check_report *report, struct error *err)
{
	struct style plain = *report->style;
	struct check_report to_file = *report;

	plain.color = false;
	to_file.style = &plain;
	array_each (&outputs->list, i) {
		const struct check_output *one = &outputs->list.data[i];
		_cleanup_(strbuf_release) struct strbuf text = { 0 };
		int r;

		check_format_write(one->format, one->path ? &to_file : report, &text);
		r = output_text(one->path, &text, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_set(const char *variable, const char *wanted)
{
	const char *value = getenv(variable);

	return value && strcasecmp(value, wanted) == 0;
}

enum check_ci check_ci_find(enum check_ci_choice choice)
{
	switch (choice) {
	case CI_CHOICE_NONE:
		return CI_NONE;
	case CI_CHOICE_GITHUB:
		return CI_GITHUB;
	case CI_CHOICE_AZURE:
		return CI_AZURE;
	default:
		break;
	}
	if (is_set("GITHUB_ACTIONS", "true"))
		return CI_GITHUB;
	return is_set("TF_BUILD", "true") ? CI_AZURE : CI_NONE;
}

/* The runner gives each step an empty file; other steps' commands may have written. */
static int append_summary(const char *path, const struct check_report *report,
			  struct error *err)
{
	_cleanup_(closep) int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_set(err, -errno, "cannot open the step summary '%s': %s",
				 path, strerror(errno));
	check_format_write(CHECK_MARKDOWN, report, &text);
	check_summary_cut(&text, (size_t)st.st_size);
	r = io_write_all(fd, strbuf_text(&text), text.len);
	if (r < 0)
		return error_set(err, r, "cannot write the step summary '%s': %s", path,
				 strerror(-r));
	return 0;
}

static void to_log(const struct check_outputs *outputs, const struct strbuf *text)
{
	int fd = outputs->has_stdout && outputs->is_machine ? STDERR_FILENO
							    : STDOUT_FILENO;

	(void)io_write_all(fd, strbuf_text(text), text->len);
}

int check_ci_write(enum check_ci ci, const struct check_outputs *outputs,
		   const struct check_report *report, struct error *err)
{
	const char *summary = getenv("GITHUB_STEP_SUMMARY");
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (ci == CI_NONE)
		return 0;
	check_format_write(ci == CI_GITHUB ? CHECK_GITHUB : CHECK_AZURE, report, &text);
	to_log(outputs, &text);
	if (ci == CI_GITHUB && summary && summary[0])
		return append_summary(summary, report, err);
	return 0;
}
