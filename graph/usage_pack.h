/*
 * usage_pack – what one piece of evidence says, in ids of one graph, and its packed form in
 * the columns evidence.uses and evidence.memory.
 *
 * The packed form is one byte with the version (1), then the rows in their order. Numbers
 * are varints, low seven bits first. A use is: the file's distance from the file before; a
 * byte with the use (bits 0 and 1), the scope (bits 2 and 3), 16 where the executable
 * follows, 32 where a count other than 1 follows; then these two. A row of memory is its
 * six numbers.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "graph/model.h"

/* How a file was used, by whom. Rows are in the order of file, use, scope, by. */
struct use_row {
	file_id file;
	uint8_t use;   /* enum file_use_kind */
	uint8_t scope; /* enum use_scope */
	file_id by;    /* the executable that did it; 0: not known, or not of this root */
	uint64_t count;
};

/* What all processes of an executable hold of one mapped file. Rows are in the order of
 * executable, scope, file. */
struct memory_row {
	file_id executable; /* 0: no file of this root */
	uint8_t scope;	    /* enum use_scope */
	file_id file;	    /* 0: anonymous memory, heap, stack */
	uint64_t processes, pss_bytes, private_dirty_bytes;
};

typedef ARRAY_OF(struct use_row) use_rows;
typedef ARRAY_OF(struct memory_row) memory_rows;

/* No count or size in a graph is larger: sums stop there. */
#define USAGE_MAX ((uint64_t)INT64_MAX)

/** Sort, and add up rows that are about the same. */
void use_rows_normalize(use_rows *rows);
void memory_rows_normalize(memory_rows *rows);

/** Append the packed form of normalized rows. */
void use_rows_pack(const use_rows *rows, struct strbuf *out);
void memory_rows_pack(const memory_rows *rows, struct strbuf *out);
/**
 * Append the rows of a packed form.
 * @param file_count  no id may be above it
 * @return 0; -EINVAL when the bytes are damaged
 */
int use_rows_unpack(const void *bytes, size_t len, uint32_t file_count, use_rows *rows);
int memory_rows_unpack(const void *bytes, size_t len, uint32_t file_count,
		       memory_rows *rows);
/** a + b, at most USAGE_MAX. */
uint64_t usage_add(uint64_t a, uint64_t b);
