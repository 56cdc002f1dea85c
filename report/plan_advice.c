#include "report/plan_advice.h"

#include "report/table.h"
#include "trimmer/swap.h"

#include <inttypes.h>

struct advice {
	const struct plan *plan;
	const struct graph *g;
	const struct style *style;
	uint64_t top;
	struct strbuf *out;
};

static void print_table(const struct advice *a, struct table *table, const char *title)
{
	if (table_rows(table) == 0)
		return;
	strbuf_putc(a->out, '\n');
	style_puts(a->out, a->style, MARK_HEAD, title);
	strbuf_printf(a->out, " (%zu)\n", (size_t)table_rows(table));
	if (a->top)
		table_truncate(table, a->top);
	table_print(table, a->style, a->out);
}

static const char *nevra(const struct advice *a, pkg_id p)
{
	return graph_text(a->g, a->g->packages[p].nevra);
}

static const struct table_column SPLIT_COLUMNS[] = {
	{ "package", "Package", TABLE_TEXT, 0 },
	{ "files", "Code files", TABLE_COUNT, 0 },
	{ "files_reached", "Used", TABLE_COUNT, 0 },
	{ "disk_bytes", "Size", TABLE_BYTES, 0 },
	{ "saved", "Not used", TABLE_BYTES, 0 },
};

static void put_splits(const struct advice *a)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, SPLIT_COLUMNS, ARRAY_LEN(SPLIT_COLUMNS));
	array_each (&a->plan->splits, i) {
		const struct split *split = &a->plan->splits.data[i];

		table_text(&table, nevra(a, split->package));
		table_number(&table, split->files);
		table_number(&table, split->files_reached);
		table_number(&table, split->disk_bytes);
		table_number(&table, split->disk_bytes - split->reached_bytes);
	}
	print_table(a, &table,
		    "Worth a subpackage: stays, but most of its code is not used");
}

static const struct table_column SWAP_COLUMNS[] = {
	{ "package", "Instead of", TABLE_TEXT, 0 },
	{ "install", "Install", TABLE_TEXT, 0 },
	{ "erase", "Erased with it", TABLE_COUNT, 0 },
	{ "freed", "Frees (declared)", TABLE_BYTES, 0 },
};

static void put_swaps(const struct advice *a)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, SWAP_COLUMNS, ARRAY_LEN(SWAP_COLUMNS));
	array_each (&a->plan->swaps, i) {
		const struct plan_swap *swap = &a->plan->swaps.data[i];
		_cleanup_(strbuf_release) struct strbuf names = { 0 };

		array_each (&swap->installed, j) {
			strbuf_puts(&names, j > 0 ? " " : "");
			strbuf_puts(&names, swap->installed.data[j]);
		}
		table_text(&table, nevra(a, swap->replaced));
		table_text(&table, strbuf_text(&names));
		table_number(&table, swap->erased.len - 1);
		table_number(&table, swap_gain(swap));
	}
	print_table(
		a, &table,
		"Smaller substitutes in the repository; their own files were not seen");
}

static const struct table_column WASTE_COLUMNS[] = {
	{ "rule", "Finding", TABLE_TEXT, 0 },
	{ "disk_bytes", "Saves", TABLE_BYTES, 0 },
	{ "estimated", "Estimated", TABLE_BOOL, 0 },
	{ "subject", "Subject", TABLE_TEXT, 0 },
	{ "text", "What", TABLE_TEXT, 0 },
};

static void put_waste(const struct advice *a)
{
	_cleanup_(table_release) struct table table;

	table_init(&table, WASTE_COLUMNS, ARRAY_LEN(WASTE_COLUMNS));
	array_each (&a->plan->waste, i) {
		const struct waste *waste = &a->plan->waste.data[i];

		table_text(&table, waste->rule);
		table_number(&table, waste->bytes);
		table_number(&table, waste->estimated);
		table_text(&table, waste_subject(a->g, waste));
		table_text(&table, waste->text);
	}
	table_sort(&table, 1, false);
	print_table(a, &table,
		    "Worth a packager's time in what stays; 'tare list findings' has "
		    "remedies");
}

void plan_advice_text(const struct plan *plan, uint64_t top, const struct style *style,
		      struct strbuf *out)
{
	struct advice advice = { plan, plan->graph, style, top, out };

	put_swaps(&advice);
	put_splits(&advice);
	put_waste(&advice);
}
