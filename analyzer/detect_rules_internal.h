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

/* A glob of a rule, by indexes. */
struct glob_place {
	uint16_t rule, glob;
};

/* The globs whose text before the first wildcard is in this folder. */
struct glob_folder {
	ARRAY_OF(struct glob_place) globs;
};

/* The rules that a file is one of, in their order, each once. */
#define RULE_MAX_HITS 32
struct rule_hits {
	const struct rule_detector *rule[RULE_MAX_HITS];
	size_t len;
};

struct detect_rules {
	ARRAY_OF(struct rule_detector) detectors; /* in the order they were loaded */
	struct strpool folder_names;		  /* "/etc/pam.d/" */
	ARRAY_OF(struct glob_folder) folders;	  /* by str_id of folder_names */
	uint64_t hash;				  /* of the files' texts, in that order */
};

/** Put the globs of the rule that was loaded last into the index by folders. */
void rules_index(struct detect_rules *rules);
/** Which rules does the entry, a file on disk, belong to? */
void rules_find(const struct detect_rules *rules, const struct tree_entry *entry,
		const char *path, struct rule_hits *ret);
