/*
 * rule_entry – maps of rule files with one selector and keys of their own:
 *
 *	- command: mount
 *	  why: kubelet runs it
 *
 *	r = rule_entry_read(map, FIELDS, ARRAY_LEN(FIELDS), value, &selector, err);
 */
#pragma once

#include "rules/rule_parse.h"
#include "rules/selector.h"

#define RULE_ENTRY_FIELDS_MAX 8

/**
 * Check the map and sort its values.
 * @param fields  the keys beside the selector's, at most RULE_ENTRY_FIELDS_MAX
 * @param value   [count], by field; NULL where the key is absent
 * @param ret     the value of the one selector that must be there
 * @return 0, or -EINVAL with the place
 */
int rule_entry_read(const struct rule_node *map, const struct rule_field *fields,
		    size_t count, const struct rule_node **value,
		    const struct rule_node **ret, struct error *err);
/** A text of several lines as one line, in @p texts. */
const char *rule_one_line(struct strpool *texts, const char *text);
/** True for names that rules may have: small letters, digits, '-' and '.'. */
bool rule_name_is_valid(const char *name);
/** Is the file at @p path called NAME.yaml or NAME.yml? */
bool rule_file_is_called(const char *path, const char *name);
