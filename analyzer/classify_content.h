/*
 * classify_content – what the first bytes of a file say: ELF, "#!", compressed, PE, text.
 * libmagic is for what this does not know.
 */
#pragma once

#include "graph/model.h"

#include <stdbool.h>
#include <stddef.h>

struct content_class {
	bool known;
	uint8_t category; /* enum file_category; DATA where only the media type is known */
	const char *media; /* NULL: not known */
};

/**
 * @param path  for what a name must say in addition (".so", ".a")
 * @param mode  permission bits: an execute bit tells a program from a library
 */
struct content_class classify_head(const char *path, uint32_t mode, const char *head,
				   size_t len);
/** Call fn for each media type that may come. */
void classify_content_each_media(void (*fn)(void *arg, const char *media), void *arg);
