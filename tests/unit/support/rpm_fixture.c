#include "tests/unit/support/rpm_fixture.h"

#include "base/io.h"
#include "base/strbuf.h"
#include "graph/sql.h"
#include "tests/unit/support/test.h"

#include <rpm/rpmtag.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char *cut(char *text, char c)
{
	char *at = strrchr(text, c);

	assert_non_null(at);
	*at = '\0';
	return at + 1;
}

static void add_numbers(Header h, rpmTagVal tag, uint32_t value)
{
	headerPutUint32(h, tag, &value, 1);
}

Header rpm_fixture_package(struct rpm_fixture *db, const char *nevra)
{
	_cleanup_(freep) char *copy = mem_strdup(nevra);
	_cleanup_(freep) char *own = NULL;
	char *arch = cut(copy, '.');
	char *release = cut(copy, '-'), *version = cut(copy, '-');
	char *colon = strchr(version, ':');
	Header h = headerNew();

	own = mem_printf("%s = %s-%s", copy, version, release);
	headerPutString(h, RPMTAG_NAME, copy);
	headerPutString(h, RPMTAG_VERSION, colon ? colon + 1 : version);
	headerPutString(h, RPMTAG_RELEASE, release);
	if (colon)
		add_numbers(h, RPMTAG_EPOCH, (uint32_t)strtoul(version, NULL, 10));
	if (strcmp(arch, "none") != 0)
		headerPutString(h, RPMTAG_ARCH, arch);
	headerPutString(h, RPMTAG_SUMMARY, "A package");
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, own, 0);
	array_push(&db->headers, h);
	return h;
}

/* The tags of names, versions and flags go together, but not in the same order. */
static const rpmTagVal TRIPLES[][3] = {
	{ RPMTAG_REQUIRENAME, RPMTAG_REQUIREVERSION, RPMTAG_REQUIREFLAGS },
	{ RPMTAG_PROVIDENAME, RPMTAG_PROVIDEVERSION, RPMTAG_PROVIDEFLAGS },
	{ RPMTAG_CONFLICTNAME, RPMTAG_CONFLICTVERSION, RPMTAG_CONFLICTFLAGS },
	{ RPMTAG_OBSOLETENAME, RPMTAG_OBSOLETEVERSION, RPMTAG_OBSOLETEFLAGS },
	{ RPMTAG_RECOMMENDNAME, RPMTAG_RECOMMENDVERSION, RPMTAG_RECOMMENDFLAGS },
	{ RPMTAG_SUGGESTNAME, RPMTAG_SUGGESTVERSION, RPMTAG_SUGGESTFLAGS },
	{ RPMTAG_SUPPLEMENTNAME, RPMTAG_SUPPLEMENTVERSION, RPMTAG_SUPPLEMENTFLAGS },
	{ RPMTAG_ENHANCENAME, RPMTAG_ENHANCEVERSION, RPMTAG_ENHANCEFLAGS },
	{ RPMTAG_OLDSUGGESTSNAME, RPMTAG_OLDSUGGESTSVERSION, RPMTAG_OLDSUGGESTSFLAGS },
	{ RPMTAG_TRIGGERNAME, RPMTAG_TRIGGERVERSION, RPMTAG_TRIGGERFLAGS },
};

void rpm_fixture_depend(Header h, rpmTagVal tag, const char *text, rpmsenseFlags flags)
{
	_cleanup_(freep) char *name = mem_strdup(text);
	const char *evr = "";
	char *op = text[0] == '(' ? NULL : strchr(name, ' ');
	size_t i = 0;

	while (TRIPLES[i][0] != tag)
		i++;
	if (op) {
		*op++ = '\0';
		evr = strchr(op, ' ') + 1;
		flags |= rpmParseDSFlags(op, strcspn(op, " "));
	}
	headerPutString(h, tag, name);
	headerPutString(h, TRIPLES[i][1], evr);
	add_numbers(h, TRIPLES[i][2], flags);
}

static uint32_t folder_index(Header h, const char *folder)
{
	struct rpmtd_s td;
	uint32_t i = 0;

	if (headerGet(h, RPMTAG_DIRNAMES, &td, HEADERGET_MINMEM)) {
		const char *text;

		for (; (text = rpmtdNextString(&td)); i++)
			if (strcmp(text, folder) == 0)
				break;
		if (i < rpmtdCount(&td)) {
			rpmtdFreeData(&td);
			return i;
		}
		rpmtdFreeData(&td);
	}
	headerPutString(h, RPMTAG_DIRNAMES, folder);
	return i;
}

static void put_file(Header h, const char *path, const char *target, uint16_t mode,
		     uint8_t state)
{
	const char *base = strrchr(path, '/') + 1;
	_cleanup_(freep) char *folder = mem_strndup(path, (size_t)(base - path));

	add_numbers(h, RPMTAG_DIRINDEXES, folder_index(h, folder));
	headerPutString(h, RPMTAG_BASENAMES, base);
	add_numbers(h, RPMTAG_FILESIZES, 100);
	headerPutUint16(h, RPMTAG_FILEMODES, &mode, 1);
	headerPutChar(h, RPMTAG_FILESTATES, (const char *)&state, 1);
	headerPutString(h, RPMTAG_FILELINKTOS, target);
}

void rpm_fixture_file(Header h, const char *path, uint16_t mode, uint8_t state)
{
	put_file(h, path, "", mode, state);
}

void rpm_fixture_link(Header h, const char *path, const char *target)
{
	put_file(h, path, target, 0120777, 0);
}

void rpm_fixture_record(struct rpm_fixture *db, uint32_t number, const void *bytes,
			uint32_t len)
{
	void *copy = mem_alloc(len);

	memcpy(copy, bytes, len);
	array_push(&db->records, (struct rpm_fixture_record){ number, copy, len });
}

static void export_headers(struct rpm_fixture *db)
{
	array_each (&db->headers, i) {
		struct rpm_fixture_record record = { .number = (uint32_t)i + 1 };

		record.bytes = headerExport(db->headers.data[i], &record.len);
		assert_non_null(record.bytes);
		array_push(&db->records, record);
		headerFree(db->headers.data[i]);
	}
	array_release(&db->headers);
}

static void write_sqlite(const struct rpm_fixture *db, const char *path)
{
	struct error err = { 0 };
	struct sql *sql = NULL;

	assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
	assert_int_equal(sql_exec(sql,
				  "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY "
				  "AUTOINCREMENT, blob BLOB NOT NULL)",
				  &err),
			 0);
	array_each (&db->records, i) {
		const struct rpm_fixture_record *record = &db->records.data[i];
		_cleanup_(strbuf_release) struct strbuf text = { 0 };

		strbuf_printf(&text, "INSERT INTO Packages VALUES (%u, x'",
			      record->number);
		for (uint32_t k = 0; k < record->len; k++)
			strbuf_printf(&text, "%02x", ((const uint8_t *)record->bytes)[k]);
		strbuf_puts(&text, "')");
		assert_int_equal(sql_exec(sql, text.data, &err), 0);
	}
	sql_close(sql);
}

static void put32(struct strbuf *out, uint32_t value)
{
	strbuf_add(out, &value, sizeof(value));
}

static void pad(struct strbuf *out, size_t to)
{
	while (out->len % to)
		strbuf_putc(out, '\0');
}

static void write_ndb(const struct rpm_fixture *db, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf blobs = { 0 };

	strbuf_puts(out, "RpmP");
	for (int i = 0; i < 7; i++)
		put32(out, i == 2 ? 1 : 0);
	array_each (&db->records, i) {
		const struct rpm_fixture_record *record = &db->records.data[i];
		size_t begin = blobs.len;

		strbuf_puts(&blobs, "BlbS");
		put32(&blobs, record->number);
		put32(&blobs, 1);
		put32(&blobs, record->len);
		strbuf_add(&blobs, record->bytes, record->len);
		while ((blobs.len + 12) % 16)
			strbuf_putc(&blobs, '\0');
		put32(&blobs, (uint32_t)adler32(1, (const Bytef *)blobs.data + begin,
						(uInt)(blobs.len - begin)));
		put32(&blobs, record->len);
		strbuf_puts(&blobs, "BlbE");
		strbuf_puts(out, "Slot");
		put32(out, record->number);
		put32(out, (uint32_t)(4096 + begin) / 16);
		put32(out, (uint32_t)(blobs.len - begin) / 16);
	}
	while (out->len < 4096)
		strbuf_add(out, "Slot\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	strbuf_add(out, blobs.data, blobs.len);
}

#define BDB_PAGE 4096u

static void bdb_head(struct strbuf *out, uint32_t next, uint16_t count, uint16_t end,
		     uint8_t type)
{
	const uint8_t tail[2] = { 0, type };
	uint32_t number = (uint32_t)(out->len / BDB_PAGE);

	pad(out, BDB_PAGE);
	for (int i = 0; i < 2; i++)
		put32(out, 0);
	put32(out, number);
	put32(out, 0);
	put32(out, next);
	strbuf_add(out, &count, 2);
	strbuf_add(out, &end, 2);
	strbuf_add(out, tail, 2);
}

/* One hash page for each record: key on the page, value on overflow pages. */
static void bdb_record(struct strbuf *out, const struct rpm_fixture_record *record)
{
	uint16_t offsets[2] = { BDB_PAGE - 5, BDB_PAGE - 5 - 12 };
	uint32_t at = 0, page = (uint32_t)(out->len / BDB_PAGE);

	bdb_head(out, 0, 2, 0, 13);
	strbuf_add(out, offsets, sizeof(offsets));
	while (out->len % BDB_PAGE != offsets[1])
		strbuf_putc(out, '\0');
	strbuf_add(out, "\3\0\0", 4);
	put32(out, page + 1);
	put32(out, record->len);
	strbuf_putc(out, '\1');
	put32(out, record->number);
	while (at < record->len) {
		uint32_t part = MIN2(record->len - at, BDB_PAGE - 26);
		bool last = at + part == record->len;

		bdb_head(out, last ? 0 : (uint32_t)(out->len / BDB_PAGE) + 1, 1,
			 (uint16_t)part, 7);
		strbuf_add(out, (const char *)record->bytes + at, part);
		pad(out, BDB_PAGE);
		at += part;
	}
}

static void write_bdb(const struct rpm_fixture *db, struct strbuf *out)
{
	uint32_t meta[128] = { [3] = 0x00061561, [4] = 9, [5] = BDB_PAGE };

	strbuf_add(out, meta, sizeof(meta));
	pad(out, BDB_PAGE);
	array_each (&db->records, i)
		bdb_record(out, &db->records.data[i]);
	meta[8] = (uint32_t)(out->len / BDB_PAGE) - 1;
	memcpy(out->data, meta, sizeof(meta));
}

void rpm_fixture_write(struct rpm_fixture *db, enum rpm_backend backend, const char *path)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	export_headers(db);
	if (backend == RPM_BACKEND_SQLITE) {
		write_sqlite(db, path);
		return;
	}
	if (backend == RPM_BACKEND_NDB)
		write_ndb(db, &out);
	else
		write_bdb(db, &out);
	assert_int_equal(io_write_file(path, out.data, out.len, NULL), 0);
}

void rpm_fixture_release(struct rpm_fixture *db)
{
	array_each (&db->headers, i)
		headerFree(db->headers.data[i]);
	array_each (&db->records, i)
		free(db->records.data[i].bytes);
	array_release(&db->headers);
	array_release(&db->records);
}
