/*
 * scope – which objects can run on the nodes that somebody asks about.
 *
 * An object is left out only when it certainly cannot run there: its labels, required
 * affinity or missing tolerations rule out every such node, or it is bound to another one
 * and nothing would make it anew. Where a node's labels are not known, or the nodes are
 * not among the objects, the object counts.
 */
#pragma once

#include "workload/object.h"

struct scope;

/**
 * @param selector  a node's name, or labels: "a=b,c!=d,e in (f,g),!h"
 * @return 0; -EINVAL with what is wrong with it
 */
int scope_new(const char *selector, struct scope **ret, struct error *err);
void scope_free(struct scope *scope);
/** A Node object; may be called for nodes that the selector does not mean. */
void scope_add_node(struct scope *scope, const struct spot *node);
/** How many of the nodes are meant. */
size_t scope_nodes(const struct scope *scope);
/** May a pod with this metadata and spec run on one of them? */
bool scope_has_pod(const struct scope *scope, const struct spot *metadata,
		   const struct spot *spec);
/** May a PersistentVolume with this spec be used there? */
bool scope_has_volume(const struct scope *scope, const struct spot *spec);
/** Is the Node @p node meant? */
bool scope_has_node(const struct scope *scope, const struct spot *node);
