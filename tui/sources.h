/*
 * sources – the rows of each base view. All borrow the session and are freed by the list
 * view that owns them.
 */
#pragma once

#include "report/source.h"
#include "tui/session.h"

struct budget;
struct store;

struct source *packages_source_new(struct session *s);
struct source *files_source_new(struct session *s);
struct source *libraries_source_new(struct session *s);
struct source *services_source_new(struct session *s);
/** The plan that the marks make. */
struct source *plan_source_new(struct session *s);
/** Read from the store; NULL: none. */
struct source *findings_source_new(struct session *s, struct store *store);
/** Files that usage evidence saw in use. */
struct source *usage_source_new(struct session *s);
/** "xom": the file was executed, opened, mapped; "" when nobody saw it in use. */
void usage_letters(const struct usage *usage, file_id f, char ret[4]);
/** Limits of a budget file; NULL: none. */
struct source *budgets_source_new(struct session *s, const struct budget *budget);
/** Packages of this graph and of another one, NULL: none. */
struct source *compare_source_new(struct session *s, const struct graph *other);

/** The title of a size column: says so when sizes are not those on disk. */
const char *size_title(const struct session *s, const char *of_declared);
/** The letter of what becomes of a package ("d", "g", "f", "k", "D", with "!" behind it
 * for a conflict) and how its row is painted. */
const char *fate_sign(const struct session *s, pkg_id package);
unsigned int fate_paint(const struct session *s, pkg_id package);
const char *fate_words(const struct session *s, pkg_id package);
