#include "base/text.h"
#include "report/apply_check.h"

#define SHOWN_MAX 20

static void head(struct strbuf *out, const char *name)
{
	strbuf_printf(out, "%-13s", name);
}

static void line(struct strbuf *out, const char *indent, const char *a, const char *b)
{
	strbuf_puts(out, indent);
	text_printable(out, a);
	strbuf_putc(out, ' ');
	text_printable(out, b);
	strbuf_putc(out, '\n');
}

static void print_removed(const struct apply_result *r, struct strbuf *out)
{
	head(out, "Removed");
	style_counted(out, r->packages, "package");
	strbuf_puts(out, ", ");
	style_counted(out, r->files, "single file");
	strbuf_puts(out, "; switched off ");
	style_counted(out, r->services, "service");
	strbuf_putc(out, '\n');
}

/* How far the plan was off, in thousandths of a per cent of what was freed. */
static uint64_t off_by(const struct apply_result *r, uint64_t freed)
{
	uint64_t gap = r->predicted_bytes > freed ? r->predicted_bytes - freed
						  : freed - r->predicted_bytes;

	return freed ? (uint64_t)((__uint128_t)gap * 100000 / freed) : 0;
}

static void print_bytes(const struct apply_result *r, const struct style *style,
			struct strbuf *out)
{
	uint64_t freed = apply_freed_bytes(r), off = off_by(r, freed);

	head(out, "Freed");
	style_size(out, style, freed);
	strbuf_puts(out, " by packages and files; the plan says ");
	style_size(out, style, r->predicted_bytes);
	strbuf_printf(out, " (off by %llu.%03llu %%)\n", (unsigned long long)off / 1000,
		      (unsigned long long)off % 1000);
	head(out, "Database");
	style_size(out, style, r->database_before);
	strbuf_puts(out, " before, ");
	style_size(out, style, r->database_after);
	strbuf_puts(out, " after: ");
	style_size(out, style,
		   r->database_before - MIN2(r->database_after, r->database_before));
	strbuf_puts(out, " less, the plan's estimate is ");
	style_size(out, style, r->predicted_database_bytes);
	strbuf_puts(out, "\n");
	head(out, "On disk");
	style_size(out, style, r->before_bytes);
	strbuf_puts(out, " before, ");
	style_size(out, style, r->after_bytes);
	strbuf_puts(out, " after: ");
	style_percent(out, r->before_bytes - MIN2(r->after_bytes, r->before_bytes),
		      r->before_bytes);
	strbuf_puts(out, " less\n");
}

static void print_findings(const struct apply_check *check, const struct style *style,
			   struct strbuf *out)
{
	size_t shown = 0;

	head(out, "Loader");
	if (check->breaking == 0)
		style_puts(out, style, MARK_GOOD, "every library is found as before");
	else
		style_puts(out, style, MARK_BAD, "libraries or interpreters are missing");
	strbuf_putc(out, '\n');
	head(out, "References");
	style_counted(out, check->findings.len - check->breaking, "new finding");
	strbuf_putc(out, '\n');
	for (int breaks = 1; breaks >= 0; breaks--)
		array_each (&check->findings, i) {
			const struct apply_finding *f = &check->findings.data[i];

			if (f->breaks == (breaks == 1) && shown++ < SHOWN_MAX)
				line(out, "  ", f->subject, f->text);
		}
	if (shown > SHOWN_MAX)
		strbuf_printf(out, "  and %zu more (-f json has all)\n",
			      shown - SHOWN_MAX);
}

static void print_differences(const struct apply_result *r, struct strbuf *out)
{
	head(out, "Changes");
	if (r->differences.len == 0)
		strbuf_puts(out, "none that the plan does not explain\n");
	else
		strbuf_printf(out, "%zu that the plan does not explain\n",
			      r->differences.len);
	array_each (&r->differences, i)
		if (i < SHOWN_MAX)
			line(out, "  ", r->differences.data[i].path,
			     r->differences.data[i].what);
	if (r->differences.len > SHOWN_MAX)
		strbuf_printf(out, "  and %zu more (-f json has all)\n",
			      r->differences.len - SHOWN_MAX);
}

void apply_print(const struct apply_result *result, const struct apply_check *check,
		 const char *target, const struct style *style, struct strbuf *out)
{
	if (result->was_complete) {
		text_printable(out, target);
		strbuf_puts(out, " was complete already\n");
		return;
	}
	print_removed(result, out);
	print_bytes(result, style, out);
	print_findings(check, style, out);
	print_differences(result, out);
	array_each (&result->notes, i) {
		head(out, "Note");
		text_printable(out, result->notes.data[i]);
		strbuf_putc(out, '\n');
	}
	apply_print_prove(&check->prove, style, out);
	if (!check->complete)
		strbuf_puts(out, "The analysis of the result is incomplete: nothing is "
				 "proven.\n");
	style_puts(out, style, check->passed ? MARK_GOOD : MARK_BAD,
		   check->passed ? "PASS" : "FAIL");
	strbuf_putc(out, ' ');
	text_printable(out, target);
	strbuf_puts(out, check->passed ? "\n" : ": everything was taken back\n");
}

static json_t *findings_json(const struct apply_check *check)
{
	json_t *list = json_array();

	array_each (&check->findings, i) {
		const struct apply_finding *f = &check->findings.data[i];
		json_t *json = json_object();

		json_put(json, "rule", json_bytes(f->rule));
		json_put(json, "subject", json_bytes(f->subject));
		json_put(json, "text", json_bytes(f->text));
		json_put(json, "breaks", json_boolean(f->breaks));
		json_push(list, json);
	}
	return list;
}

static json_t *bytes_json(const struct apply_result *r)
{
	json_t *json = json_object();

	json_put(json, "before", json_uint(r->before_bytes));
	json_put(json, "after", json_uint(r->after_bytes));
	json_put(json, "predicted", json_uint(r->predicted_bytes));
	json_put(json, "freed", json_uint(apply_freed_bytes(r)));
	json_put(json, "database_before", json_uint(r->database_before));
	json_put(json, "database_after", json_uint(r->database_after));
	json_put(json, "predicted_database", json_uint(r->predicted_database_bytes));
	json_put(json, "caches_before", json_uint(r->caches_before));
	json_put(json, "caches_after", json_uint(r->caches_after));
	return json;
}

json_t *apply_json(const struct apply_result *result, const struct apply_check *check,
		   const char *target)
{
	json_t *json = json_object(), *differences = json_array(), *notes = json_array();

	array_each (&result->differences, i) {
		json_t *row = json_object();

		json_put(row, "path", json_bytes(result->differences.data[i].path));
		json_put(row, "what", json_string(result->differences.data[i].what));
		json_push(differences, row);
	}
	array_each (&result->notes, i)
		json_push(notes, json_bytes(result->notes.data[i]));
	json_put(json, "schema", json_string("tare-apply/1"));
	json_put(json, "target", json_bytes(target));
	json_put(json, "was_complete", json_boolean(result->was_complete));
	json_put(json, "passed", json_boolean(check->passed || result->was_complete));
	json_put(json, "complete", json_boolean(check->complete));
	json_put(json, "packages", json_uint(result->packages));
	json_put(json, "files", json_uint(result->files));
	json_put(json, "services", json_uint(result->services));
	json_put(json, "bytes", bytes_json(result));
	json_put(json, "findings", findings_json(check));
	json_put(json, "differences", differences);
	json_put(json, "test", apply_prove_json(&check->prove));
	json_put(json, "notes", notes);
	return json;
}
