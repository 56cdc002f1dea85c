#include "report/findings.h"

#include "base/text.h"
#include "graph/waste.h"

int findings_each(struct store *st, const struct graph *g, finding_fn *fn, void *arg,
		  struct error *err)
{
	waste_list list = { 0 };
	int r = store_each_finding(st, fn, arg, err);

	if (r == 0)
		waste_find(g, NULL, &list);
	for (size_t i = 0; r == 0 && i < list.len; i++) {
		const struct waste *waste = &list.data[i];
		_cleanup_(freep) char *subject =
			text_printable_dup(waste_subject(g, waste));
		struct finding_row row = {
			.rule = waste->rule,
			.severity = SEVERITY_NOTE,
			.file = waste->file,
			.package = waste->package,
			.subject = subject,
			.text = waste->text,
			.remedy = waste->remedy,
			.bytes = waste->bytes,
		};

		r = fn(&row, arg);
	}
	waste_release(&list);
	return r;
}
