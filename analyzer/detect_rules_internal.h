/*
 * detect_rules_internal – a loaded detector rule file, shared by its reader
 * (detect_rules_load.c) and the code that runs it (detect_rules.c).
 */
#pragma once

#include "analyzer/detect.h"

#include <regex.h>

#define RULE_MAX_GROUPS 9

struct path_glob {
	char *text;
	size_t literal_len; /* up to the first wildcard: compared first, as it is cheap */
};

struct rule_reader {
	enum detect_target target;
	char *name;
};

struct reader_list {
	struct rule_reader *data;
	size_t len, cap;
};

struct rule_line {
	regex_t regex;
	unsigned int group;
	enum detect_target target;
	enum edge_strength strength;
	bool words;
	ARRAY_OF(char *) templates; /* each has one "{}" */
	char *missing;		    /* rule id of the finding; NULL: none */
};

struct rule_detector {
	char *name;
	enum edge_kind kind;
	char *comment; /* characters that begin a comment line; NULL: none */
	ARRAY_OF(struct path_glob) globs;
	int category; /* enum file_category the files must have; -1: any */
	enum edge_strength read_strength; /* of the edges that read_by makes */
	struct reader_list readers;	  /* read_by */
	struct reader_list loaders;	  /* loaded_by */
	ARRAY_OF(struct rule_line) lines;
};

struct detect_rules {
	ARRAY_OF(struct rule_detector) detectors; /* in the order they were loaded */
	uint64_t hash;				  /* of the files' texts, in that order */
};

/** Is the entry, a file on disk, one of the rule's? */
bool rule_files_match(const struct rule_detector *rule, const struct tree_entry *entry,
		      const char *path);
