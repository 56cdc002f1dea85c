/*
 * tiny_graph – a graph for a test, written line by line and read back through the store.
 *
 *	struct graph *g = tiny_graph(
 *		"pkg mount\n"
 *		"file /usr/bin/mount executable mount\n"
 *		"link /bin usr/bin\n");
 *
 *	pkg NAME [VERSION]		version 1 unless said, release 1, x86_64
 *	provide PACKAGE CAPABILITY
 *	file PATH CATEGORY [PACKAGE]	mode 0755 for programs and scripts, else 0644
 *	dir PATH [PACKAGE]
 *	link PATH TARGET [PACKAGE]
 *	gone PATH CATEGORY PACKAGE	the rpmdb has it, the disk has not
 *	made PATH CATEGORY GUESS	an unowned file with an owner guess
 *	soname PATH SONAME		of a file that stands before
 *	go PATH MODULE VERSION
 *	elf PATH TEXT DATA		bytes of code and of data
 *	symbols PATH BYTES		a program that nobody stripped
 *	mark PATH MARK VALUE
 *	service UNIT TYPE [PROGRAM]	what the unit starts; "-" for no type
 *	condition UNIT LINE		of a unit with a service line
 *	size PATH BYTES			length and disk bytes of a file (else 4096)
 *	compressed PATH BYTES		what it weighs in an image layer; with one such line
 *					the graph has compressed sizes
 *	mode PATH OCTAL			permission bits of a file
 *	same PATH OTHER			PATH is a hard link to OTHER
 *	require PACKAGE CAPABILITY	provided by those who say "provide"; with the path of
 *					a "file" line it is that file
 *	edge FROM KIND TO		hard; files by path, packages by name
 *	scriptlet PACKAGE KIND [CONDITION]
 *	finding SEVERITY RULE SUBJECT
 *	compressed-thirds		sizes were measured compressed, too: a third of each
 *	incomplete			something could not be read
 *	os ID
 *
 * Lines may stand in any order except where said; files are sorted by path.
 */
#pragma once

#include "graph/snapshot.h"

/** Write the graph database @p path. Fails the test on a wrong line. */
void tiny_store(const char *lines, const char *path);
/** Fails the test on a wrong line; free with graph_free(). */
struct graph *tiny_graph(const char *lines);
/** Node of a path; fails the test when there is none. */
uint32_t tiny_file(const struct graph *g, const char *path);
/** Node of a package by name; fails the test when there is none. */
uint32_t tiny_package(const struct graph *g, const char *name);
