/*
 * selector – which files and packages of a graph a rule speaks of, in words that do not
 * depend on the distribution (tare-rules(5) has the language).
 *
 *	command: mount			a program in a PATH folder of the root
 *	path: "/etc/udev/rules.d/ *"	a whole path (without that space): ? and * stop at
 *					a slash, two stars do not; such a pattern
 *					finds no folders, a plain path may
 *	unit: containerd.service	in systemd's unit folders; getty@tty1 finds getty@
 *	soname: libseccomp.so.2		a library by the name that programs ask for
 *	module: br_netfilter		a kernel module; - and _ are equal
 *	capability: sh			packages that provide it
 *	package: kernel*		packages by name
 *	category: kernel		files by category (graph/model.h)
 *	any: [...]			what at least one of these selects
 *	first: [...]			what the first of these that selects anything selects
 *	all: [...]			what each of these selects
 *	not: {...}			within all: without what this selects
 *
 * command, path, unit, soname, module and category select files on the disk; capability
 * and package select packages, except within an `all:` that also names files: there they
 * mean the files of those packages. A list of values (command: [mount, umount]) stands for
 * that many selectors, each of which must find something.
 */
#pragma once

#include "rules/matcher.h"
#include "rules/rule_parse.h"

struct selector;

/** Names of the keys that begin a selector, for tables of fields. */
extern const char *const SELECTOR_KEYS[];
extern const size_t SELECTOR_KEY_COUNT;

/**
 * Make a selector of one key and its value (`command: mount`).
 * @param value  a map's value with its key; must live as long as the selector
 * @return 0 and a selector to free; -EINVAL with file:line:column
 */
int selector_new(const struct rule_node *value, struct selector **ret, struct error *err);
/** One that a keep file's line stands for: "package" or "path" and its text. */
struct selector *selector_plain(const char *key, const char *text);
void selector_free(struct selector *sel);
void selector_freep(struct selector **sel);
/** As a person would write it in one line: "command: mount"; new memory. */
char *selector_text(const struct selector *sel);
/** How many selectors a list of values stands for (1 without a list). */
size_t selector_count(const struct selector *sel);
/** The @p index-th of them: borrowed. */
const struct selector *selector_at(const struct selector *sel, size_t index);

/** True when it can select nothing but packages. */
bool selector_is_packages(const struct selector *sel);
/** Where it is written; NULL for selector_plain(). */
const struct rule_node *selector_place(const struct selector *sel);

/**
 * Add the nodes (files: id, packages: graph_package_node()) that @p sel selects.
 * @param nodes  of size node_count + 1
 * @return how many nodes it selects, those that were in the set before included
 */
size_t selector_match(const struct selector *sel, struct matcher *m, struct idset *nodes);
