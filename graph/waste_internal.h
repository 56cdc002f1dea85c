/* waste_internal – between the files of waste only. */
#pragma once

#include "graph/waste.h"

struct waste_search {
	const struct graph *g;
	const struct idset *gone; /* may be NULL */
	waste_list *list;
};

/** Is the file on the disk, and does it stay? */
bool waste_has(const struct waste_search *s, file_id file);
/** Add @p waste with the text that follows; dropped below WASTE_BYTES_MIN. */
void waste_add(const struct waste_search *s, struct waste waste, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/** "3.2 MiB", valid until the buffer is used again. */
const char *waste_size(char buf[24], uint64_t bytes);

void waste_find_duplicates(const struct waste_search *s);
void waste_find_unstripped(const struct waste_search *s);
void waste_find_modules(const struct waste_search *s);
void waste_find_blocked(const struct waste_search *s);
void waste_find_firmware(const struct waste_search *s);
void waste_find_kernels(const struct waste_search *s);
void waste_find_variants(const struct waste_search *s);
