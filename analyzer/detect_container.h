/*
 * detect_container – which keys of container runtimes' configuration name what; the tables of
 * detect_container.c, one for each program.
 */
#pragma once

#include "analyzer/detect.h"

enum container_action {
	NAMES_COMMAND, /* on PATH, or an absolute path */
	NAMES_PATH,    /* a file */
	NAMES_GLOB,    /* all files that match */
	NAMES_FOLDER,  /* all files in it */
	NAMES_FOLDERS, /* folders with ':' between them: all files in folders of those */
	NAMES_SHIM,    /* "io.containerd.NAME.vN" -> containerd-shim-NAME-vN, or a path */
	NAMES_BEHIND,  /* "key=PATH": the command behind the '=' */
	NAMES_KEY,     /* a table whose own name is a command */
};

struct container_key {
	/* the last parts of the key, '.' between them, "*" for any; parts have no dots */
	const char *keys;
	enum container_action action;
	enum edge_strength strength;
	const char *template; /* "{}" for the value; NULL: the value as it is */
};

struct container_config {
	const char *files; /* glob, as of fnmatch(3) with FNM_PATHNAME */
	const struct container_key *keys;
	size_t count;
};

extern const struct container_config CONTAINER_CONFIGS[];
extern const size_t CONTAINER_CONFIG_COUNT;
