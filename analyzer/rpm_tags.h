/*
 * rpm_tags – the values of a header's tags with their types and counts checked: nothing a
 * header claims can lead beyond what it holds.
 *
 *	struct tag_numbers modes;
 *
 *	tag_numbers_get(h, RPMTAG_FILEMODES, &modes);
 *	mode = tag_number(&modes, i, 0);
 *	tag_numbers_release(&modes);
 *
 * Texts are the header's own memory: valid as long as the header and until the release.
 */
#pragma once

#include <rpm/header.h>
#include <rpm/rpmtd.h>
#include <stdbool.h>
#include <stdint.h>

/** All strings of a tag, of any of the three string types; untranslated. */
struct tag_strings {
	struct rpmtd_s td;
	const char *const *texts;
	const char *single; /* what texts points to for a tag with one string */
	size_t len;	    /* 0: the tag is missing or of another type */
};

/** All numbers of a tag, of any integer type. */
struct tag_numbers {
	struct rpmtd_s td;
	size_t len; /* 0: the tag is missing or of another type */
};

/** @p ret must stay where it is until the release. */
void tag_strings_get(Header h, rpmTagVal tag, struct tag_strings *ret);
void tag_strings_release(struct tag_strings *strings);
/** String @p i, or @p otherwise where there is none. */
static inline const char *tag_string(const struct tag_strings *strings, size_t i,
				     const char *otherwise)
{
	return i < strings->len ? strings->texts[i] : otherwise;
}

void tag_numbers_get(Header h, rpmTagVal tag, struct tag_numbers *ret);
void tag_numbers_release(struct tag_numbers *numbers);
/** Number @p i (unsigned), or @p otherwise where there is none. */
uint64_t tag_number(const struct tag_numbers *numbers, size_t i, uint64_t otherwise);

/** The first number of a tag, or @p otherwise. */
uint64_t tag_first_number(Header h, rpmTagVal tag, uint64_t otherwise);
/** True when the header has the tag, whatever its type. */
bool tag_present(Header h, rpmTagVal tag);
