#include "graph/store_read.h"

#include "base/macros.h"

#include <errno.h>

/* An enumeration's value from its name; *bad where there is no such name. */
static int known(int value, int *bad)
{
	*bad |= value < 0;
	return value < 0 ? 0 : value;
}

static int damaged(struct error *err, const char *table)
{
	return error_set(err, -EINVAL,
			 "the graph is damaged (table %s): analyse the root again",
			 table);
}

/* NULL where the column is NULL. */
static const char *text_or_null(struct sql_stmt *q, int column)
{
	return sql_is_null(q, column) ? NULL : sql_text(q, column);
}

static const char SQL_FINDINGS[] =
	"SELECT rule, severity, file_id, package_id, subject, text, remedy"
	"  FROM finding ORDER BY id";

int store_each_finding(struct store *st, finding_fn *fn, void *arg, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), SQL_FINDINGS, err);
	int r, bad = 0;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct finding_row row = {
			.rule = sql_text(q, 0),
			.severity = (enum severity)known(severity_parse(sql_text(q, 1)),
							 &bad),
			.file = sql_id(q, 2),
			.package = sql_id(q, 3),
			.subject = sql_text(q, 4),
			.text = sql_text(q, 5),
			.remedy = sql_text(q, 6),
		};

		r = bad ? damaged(err, "finding") : fn(&row, arg);
		if (r != 0)
			return r;
	}
	return r;
}

static const char SQL_ELF[] =
	"SELECT file_id, class, byte_order = 'big', machine, type, soname, interpreter,"
	"       runpath, rpath, build_id, is_static, is_stripped, has_dlopen, go_module,"
	"       go_version, hardening, text_bytes, rodata_bytes, relro_bytes, data_bytes,"
	"       bss_bytes, debug_bytes, relocation_count"
	"  FROM elf ORDER BY file_id";

static struct elf_row read_elf(struct sql_stmt *q, int *bad)
{
	return (struct elf_row){
		.file = sql_id(q, 0),
		.class = (int)sql_int(q, 1),
		.big_endian = sql_int(q, 2) != 0,
		.machine = sql_text(q, 3),
		.type = (enum elf_type)known(elf_type_parse(sql_text(q, 4)), bad),
		.soname = text_or_null(q, 5),
		.interpreter = text_or_null(q, 6),
		.runpath = text_or_null(q, 7),
		.rpath = text_or_null(q, 8),
		.build_id = text_or_null(q, 9),
		.is_static = sql_int(q, 10) != 0,
		.is_stripped = sql_int(q, 11) != 0,
		.has_dlopen = sql_int(q, 12) != 0,
		.go_module = text_or_null(q, 13),
		.go_version = text_or_null(q, 14),
		.hardening = (uint32_t)sql_int(q, 15),
		.text_bytes = (uint64_t)sql_int(q, 16),
		.rodata_bytes = (uint64_t)sql_int(q, 17),
		.relro_bytes = (uint64_t)sql_int(q, 18),
		.data_bytes = (uint64_t)sql_int(q, 19),
		.bss_bytes = (uint64_t)sql_int(q, 20),
		.debug_bytes = (uint64_t)sql_int(q, 21),
		.relocation_count = (uint64_t)sql_int(q, 22),
	};
}

int store_each_elf(struct store *st, elf_fn *fn, void *arg, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_ELF, err);
	int r, bad = 0;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		struct elf_row row = read_elf(q, &bad);

		r = bad ? damaged(err, "elf") : fn(&row, arg);
		if (r != 0)
			return r;
	}
	return r;
}

static const char SQL_OPTIONS[] = "SELECT name, value FROM option ORDER BY name, value";

int store_each_option(struct store *st, option_fn *fn, void *arg, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SQL_OPTIONS, err);
	int r;

	if (!q)
		return -EIO;
	while ((r = sql_step(q, err)) > 0) {
		r = fn(sql_text(q, 0), sql_text(q, 1), arg);
		if (r != 0)
			return r;
	}
	return r;
}
